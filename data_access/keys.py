"""The key ring that belongs to a database."""

from functools import lru_cache

from sqlalchemy import Engine

from data_access.secrets import Cipher, key_file, read_cipher


def cipher_of(engine: Engine) -> Cipher:
    """The keys that belong to the database, read once a process. Raises ProblemError db.key_missing."""
    return _read(key_file(engine.url.database if engine.dialect.name == "sqlite" else None))


_read = lru_cache(maxsize=8)(read_cipher)
