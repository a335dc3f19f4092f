"""The key ring that belongs to a database."""

from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from data_access.engine import IMMEDIATE, WALL, read_state
from data_access.schema import child
from data_access.secrets import Cipher, key_file, read_cipher
from data_access.walls_postgres import settings_for
from data_access.writing import write_state
from domain.errors import ProblemError

FINGERPRINT = "key_fingerprint"  # app_state: of the ring whose matching key the database was written with


def ring_file(engine: Engine) -> Path:
    """Where the key ring of the database lies."""
    return key_file(engine.url.database if engine.dialect.name == "sqlite" else None)


def cipher_of(engine: Engine) -> Cipher:
    """The keys that belong to the database, as their file is now. Raises ProblemError db.key_missing, db.key_wrong.

    A program that went on sealing with a key rotated away would write what nobody opens once that key is taken out.
    """
    path = ring_file(engine)
    cipher = _read(path, _stamp(path))
    with engine.connect() as conn:
        require_own(conn, cipher)
    return cipher


@lru_cache(maxsize=8)
def _read(path: Path, _stamp: tuple[int, ...]) -> Cipher:
    return read_cipher(path)


def _stamp(path: Path) -> tuple[int, ...]:
    """What differs between two states of a file."""
    if not path.exists():
        return ()
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def require_own(conn: Connection, cipher: Cipher) -> None:
    """Raises ProblemError db.key_wrong for the keys of another database: with them every child would look new.

    A database that no `migrate` of this version has seen yet tells nothing.
    """
    stored = read_state(conn, FINGERPRINT)
    if stored is not None and stored != cipher.fingerprint:
        raise ProblemError("db.key_wrong", file="KONGCHUO_KEY_FILE")


def settle_key(engine: Engine) -> Cipher:
    """The keys of a migrated database, made where it holds nothing sealed yet; from then on it knows them again.

    Raises ProblemError db.key_missing when the database was written with keys that are not there, db.key_wrong with others.
    """
    with engine.connect().execution_options(**{IMMEDIATE: True, WALL: settings_for(None)}) as conn, conn.begin():
        sealed = conn.execute(select(child.c.id_no, child.c.id_mac).where(child.c.id_no.is_not(None)).limit(1)).first()
        stored = read_state(conn, FINGERPRINT)
        cipher = read_cipher(ring_file(engine), create=stored is None and sealed is None)
        require_own(conn, cipher)
        if stored is None:
            if sealed is not None and cipher.mac(cipher.unseal(sealed.id_no)) != sealed.id_mac:
                raise ProblemError("db.key_wrong", file="KONGCHUO_KEY_FILE")
            write_state(conn, FINGERPRINT, cipher.fingerprint)
    return cipher
