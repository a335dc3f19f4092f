"""Identifiers at rest: AES-256-GCM for reading back, HMAC-SHA256 for matching."""

import hmac
import os
import secrets
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import ProblemError

NONCE = 12


class Cipher:
    """Seals and opens identifiers with a ring of keys; the newest seals, each opens what it sealed.

    A sealed value is: 1 byte key number, 12 bytes nonce, ciphertext with tag. `mac` gives 16 bytes for equality search
    and comes from a key of its own, so that rotating the sealing key leaves matching alone.
    """

    def __init__(self, mac_key: bytes, keys: dict[int, bytes]) -> None:
        self.mac_key, self.keys = mac_key, keys
        self._mac = hmac.new(mac_key, digestmod="sha256")  # a copy with the key already in it costs half as much
        self._boxes = {number: AESGCM(value) for number, value in keys.items()}
        self._newest = max(keys)

    def seal(self, text: str | None) -> bytes | None:
        """The sealed value; None stays None."""
        if text is None:
            return None
        nonce = os.urandom(NONCE)
        return bytes([self._newest]) + nonce + self._boxes[self._newest].encrypt(nonce, text.encode(), None)

    def unseal(self, value: bytes | None) -> str | None:
        """The text again; None stays None. Raises ProblemError db.key_wrong when no key of the ring opens it."""
        if value is None:
            return None
        try:
            return self._boxes[value[0]].decrypt(value[1 : 1 + NONCE], value[1 + NONCE :], None).decode()
        except (KeyError, InvalidTag):
            raise ProblemError("db.key_wrong", file="KONGCHUO_KEY_FILE") from None

    def mac(self, text: str | None) -> bytes | None:
        """Sixteen bytes that are equal for equal texts, for the index columns."""
        if text is None:
            return None
        keyed = self._mac.copy()
        keyed.update(text.encode())
        return keyed.digest()[:16]

    @cached_property
    def fingerprint(self) -> str:
        """What a database stores to notice a wrong key: says nothing about the key."""
        return sha256(b"kongchuo" + self.mac_key).hexdigest()[:16]


def key_file(database: str | None) -> Path:
    """KONGCHUO_KEY_FILE, else `kongchuo.key` beside the embedded database, else in var/."""
    named = os.environ.get("KONGCHUO_KEY_FILE")
    if named:
        return Path(named)
    return (Path(database).parent if database and database != ":memory:" else Path("var")) / "kongchuo.key"


def read_cipher(path: Path, *, create: bool = False) -> Cipher:
    """The ring in `path`: a line `mac HEX`, then lines `NUMBER HEX`.

    With `create` a missing file is made (readable by its owner only); without, ProblemError db.key_missing. A file that is no
    key ring, or that may not be read, is db.key_unreadable: nothing of it is shown.
    """
    if not path.exists():
        if not create:
            raise ProblemError("db.key_missing", file=path.name)
        _write_new(path)
    try:
        lines = dict(line.split() for line in path.read_text().splitlines() if line.strip())
        mac_key = bytes.fromhex(lines.pop("mac"))
        return Cipher(mac_key, {int(number): bytes.fromhex(value) for number, value in lines.items()})
    except (OSError, ValueError, KeyError):
        raise ProblemError("db.key_unreadable", file=path.name) from None


def _write_new(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        raise ProblemError("cli.cannot_write", name=path.name) from None
    with os.fdopen(descriptor, "w") as out:
        out.write(f"mac {secrets.token_hex(32)}\n1 {secrets.token_hex(32)}\n")


def rotate(path: Path) -> Cipher:
    """Add a new sealing key to the ring; values sealed before keep opening until they are sealed anew.

    On return it is on the disk, before anything is sealed with it. Raises what `read_cipher` raises.
    """
    read_cipher(path)
    ring = path.read_text()
    numbers = [int(line.split()[0]) for line in ring.splitlines() if line[:1].isdigit()]
    ends_a_line = "" if ring.endswith("\n") else "\n"  # keys are taken out by hand, and not every editor ends the last line
    with path.open("a") as out:
        out.write(f"{ends_a_line}{max(numbers) + 1} {secrets.token_hex(32)}\n")
        out.flush()
        os.fsync(out.fileno())
    return read_cipher(path)
