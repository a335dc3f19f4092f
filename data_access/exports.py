"""Files on their way out: built on click, audited, fetched once by the one who asked, then gone."""

import json
import os
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest, sha256
from hmac import compare_digest
from pathlib import Path
from time import time
from typing import BinaryIO

from sqlalchemy import Engine

from data_access import audit
from domain.scope import Scope

LIFETIME = 600  # seconds a file waits for its download
ABANDONED = 6 * 3600  # a file still without its slip after this was left by a process that died


@dataclass(frozen=True)
class SpooledFile:
    """A file that has left the spool: nobody else can reach it, and it is gone when `content` is closed."""

    file_name: str
    media_type: str
    size: int
    content: BinaryIO


def spool_folder() -> Path:
    """KONGCHUO_SPOOL, else var/spool; readable by its owner only."""
    folder = Path(os.environ.get("KONGCHUO_SPOOL") or "var/spool")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder


def spool(
    engine: Engine,
    scope: Scope,
    session_id: str,
    file_name: str,
    media_type: str,
    writer: Callable[[BinaryIO], int],
    *,
    act: str = "export",
    county: str | None = None,
    filter_text: str | None = None,
    row_ids: Sequence[int | str] = (),
    reason: str | None = None,
) -> str:
    """Build a file and return the token under which `session_id` may fetch it once, within ten minutes.

    `writer` writes the file and returns its number of rows. The audit row (row count, SHA-256 of the file, filter,
    reason) is written before the token exists: when the audit fails the file is removed and the error goes on.
    """
    sweep()
    token = secrets.token_urlsafe(32)
    path = _path(token)
    try:
        rows, digest = _build(path, writer)
        audit.record(
            engine,
            scope,
            act,
            county=county,
            filter_text=filter_text,
            row_count=rows,
            row_ids=row_ids,
            reason=reason,
            file_hash=digest,
        )
        _write_slip(path, session_id, file_name, media_type)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return token


def take(token: str, session_id: str) -> SpooledFile | None:
    """The file, once, for the session that made it; None when it was fetched, is too old, or belongs to someone else."""
    path = _path(token)
    try:
        slip = json.loads(_slip(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if not compare_digest(slip["session"], _digest(session_id)) or slip["until"] < time():
        return None
    try:
        _slip(path).unlink()  # of several who come at once, exactly one removes the slip
        content = path.open("rb")
    except FileNotFoundError:
        return None
    path.unlink()
    return SpooledFile(slip["file_name"], slip["media_type"], os.fstat(content.fileno()).st_size, content)


def sweep() -> int:
    """Remove what nobody fetched in time, and what a dead process left; the number of files removed."""
    removed = 0
    for path in sorted(spool_folder().iterdir()):  # a file before its slip
        with suppress(FileNotFoundError):
            if time() - path.stat().st_mtime > (LIFETIME if _slip(path).exists() else ABANDONED):
                path.unlink()
                removed += 1
    return removed


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _path(token: str) -> Path:
    return spool_folder() / f"{_digest(token)}.bin"


def _slip(path: Path) -> Path:
    return path.with_suffix(".json")


def _build(path: Path, writer: Callable[[BinaryIO], int]) -> tuple[int, str]:
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
        rows = writer(out)
    with path.open("rb") as built:
        return rows, file_digest(built, "sha256").hexdigest()


def _write_slip(path: Path, session_id: str, file_name: str, media_type: str) -> None:
    slip = {"session": _digest(session_id), "file_name": file_name, "media_type": media_type, "until": time() + LIFETIME}
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(slip, out)
    os.utime(path)  # the ten minutes begin now, however long the building took
    part.rename(_slip(path))
