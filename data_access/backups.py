"""Backups: everything a database holds in one sealed file, and back again on an empty place."""

import os
import shutil
import sqlite3
import struct
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlalchemy import Engine
from sqlalchemy.engine import URL

from data_access import audit
from data_access.audit import anchor_file, open_audit
from data_access.login_roles import BACKUP, make_roles, require_owner
from domain.errors import ProblemError

MAGIC = b"KONGCHUO-BACKUP-1\n"
SALT, PORTION, SHORTEST = 16, 1 << 20, 12
LAST = 1
DUMP, ANCHORS = "database.pgdump", "audit-anchors.txt"
EVERYTHING = "-c kongchuo.scope=everything"


def write_backup(engine: Engine, path: Path, passphrase: str, *, by: str) -> int:
    """Write database, audit and its seals to `path`, sealed with the passphrase; returns the size in bytes.

    The app may go on running. The key file of the identifiers is not in it: it is kept elsewhere. Raises ProblemError
    backup.exists, backup.short for a passphrase of fewer than twelve characters, backup.no_program without pg_dump.
    """
    if path.exists():
        raise ProblemError("backup.exists", file=path.name)
    if len(passphrase) < SHORTEST:
        raise ProblemError("backup.short", fewest=SHORTEST)
    audit.append(engine, user=by, role="", act="backup", filter=path.name)
    with tempfile.TemporaryDirectory(prefix="kongchuo-", dir=path.resolve().parent) as folder:
        packed = Path(folder) / "packed.tar"
        with tarfile.open(packed, "w:gz", compresslevel=1) as tar:  # an embedded database shrinks to a third in a second or two
            for part in _collect(engine, Path(folder)):
                tar.add(part, part.name)
        sealed = Path(folder) / "sealed"
        with packed.open("rb") as plain, _private(sealed) as out:
            seal_stream(plain, out, passphrase)
        sealed.rename(path)
    return path.stat().st_size


def read_backup(engine: Engine, path: Path, passphrase: str) -> None:
    """Bring a backup back into an empty database of the same kind; verify the audit afterwards.

    Raises ProblemError backup.not_empty when there is something already, backup.wrong for a wrong passphrase or a file that
    was changed or cut, backup.other_kind for the other engine's.
    """
    with tempfile.TemporaryDirectory(prefix="kongchuo-") as folder:
        packed = Path(folder) / "packed.tar"
        with path.open("rb") as sealed, _private(packed) as out:
            unseal_stream(sealed, out, passphrase)
        with tarfile.open(packed) as tar:
            tar.extractall(folder, filter="data")
        packed.unlink()
        _bring_back(engine, Path(folder))


def _collect(engine: Engine, folder: Path) -> Iterator[Path]:
    """The files of a backup, each made from one consistent state."""
    if engine.dialect.name == "sqlite":
        for one in (engine, open_audit(engine)):
            copy = folder / Path(str(one.url.database)).name
            with sqlite3.connect(str(one.url.database)) as source, sqlite3.connect(copy) as target:
                source.backup(target)
            source.close()
            target.close()
            yield copy
    else:
        # pg_dump reads no table whose policy for it looks into a view: a role of its own is asked by none of a page's
        options = ["--format=custom", "--enable-row-security", "--no-owner", "--role", BACKUP, "--file", str(folder / DUMP)]
        _run(["pg_dump", *options], engine.url)
        yield folder / DUMP
    anchors = anchor_file(engine)
    if anchors.exists():
        yield Path(shutil.copy(anchors, folder / ANCHORS))


def _bring_back(engine: Engine, folder: Path) -> None:
    anchors = anchor_file(engine)
    is_dump = (folder / DUMP).exists()
    if is_dump is (engine.dialect.name == "sqlite"):
        raise ProblemError("backup.other_kind")
    if is_dump:
        with engine.begin() as conn:
            if conn.dialect.has_table(conn, "alembic_version"):
                raise ProblemError("backup.not_empty")
            require_owner(conn)
            make_roles(conn)
        _run(["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(folder / DUMP)], engine.url)
    else:
        _lay_down(folder, Path(str(engine.url.database)))
    if (folder / ANCHORS).exists() and not anchors.exists():
        anchors.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / ANCHORS, anchors)


def _lay_down(folder: Path, target: Path) -> None:
    """The files of an embedded database, each moved to its place when whole. What a killed program left of another database
    (its log, its audit) would be read as part of this one: nothing of the kind may be there.
    """
    trail = target.with_name(f"{target.stem}.audit.db")
    if any(Path(f"{one}{end}").exists() for one in (target, trail) for end in ("", "-wal", "-shm", "-journal")):
        raise ProblemError("backup.not_empty")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kongchuo-", dir=target.parent) as aside:
        whole = {trail if part.name.endswith(".audit.db") else target: part for part in folder.glob("*.db")}
        for place, part in whole.items():
            with part.open("rb") as content, _private(Path(aside) / place.name) as out:
                shutil.copyfileobj(content, out)
        for place in whole:
            (Path(aside) / place.name).rename(place)


def _run(command: list[str], url: URL) -> None:
    """One of PostgreSQL's programs on the database, its password out of the argument list."""
    program = shutil.which(command[0], path=os.environ.get("KONGCHUO_PG_BIN") or None) or shutil.which(command[0])
    if program is None:
        raise ProblemError("backup.no_program", program=command[0])
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = os.environ | {"PGOPTIONS": EVERYTHING} | ({"PGPASSWORD": str(url.password)} if url.password else {})
    done = subprocess.run([program, *command[1:], "--dbname", plain], env=environment, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise ProblemError("backup.program_failed", program=command[0], code=done.returncode)


@contextmanager
def _private(path: Path) -> Iterator[BinaryIO]:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        yield out


def _box(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=1 << 15, r=8, p=1).derive(passphrase.encode()))


def seal_stream(plain: BinaryIO, out: BinaryIO, passphrase: str) -> None:
    """Seal a stream in portions (AES-256-GCM, the key from scrypt): each knows its place and whether it is the last.

    Portions cannot be swapped, dropped or cut off the end without the opening noticing.
    """
    salt = os.urandom(SALT)
    out.write(MAGIC + salt)
    box, number, portion = _box(passphrase, salt), 0, plain.read(PORTION)
    while True:
        following = plain.read(PORTION)
        out.write(box.encrypt(_nonce(number, is_last=not following), portion, MAGIC))
        if not following:
            return
        number, portion = number + 1, following


def unseal_stream(sealed: BinaryIO, out: BinaryIO, passphrase: str) -> None:
    """The stream again. Raises ProblemError backup.wrong, after which what was written must be thrown away."""
    if sealed.read(len(MAGIC)) != MAGIC:
        raise ProblemError("backup.wrong")
    box, number = _box(passphrase, sealed.read(SALT)), 0
    portion = sealed.read(PORTION + 16)
    while True:
        following = sealed.read(PORTION + 16)
        try:
            out.write(box.decrypt(_nonce(number, is_last=not following), portion, MAGIC))
        except InvalidTag:
            raise ProblemError("backup.wrong") from None
        if not following:
            return
        number, portion = number + 1, following


def _nonce(number: int, *, is_last: bool) -> bytes:
    return struct.pack(">7xIB", number, LAST if is_last else 0)
