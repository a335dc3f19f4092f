"""Identifiers at rest: sealed differently each time, matched equal, opened by the key that sealed them and no other."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.secrets import Cipher, key_file, read_cipher, rotate
from domain.errors import ProblemError

RING = Cipher(b"m" * 32, {1: b"a" * 32})


@given(st.text(max_size=40))
def test_what_was_sealed_opens_again_and_matches_itself(text: str) -> None:
    first, second = RING.seal(text), RING.seal(text)
    assert first != second
    assert RING.unseal(first) == RING.unseal(second) == text
    assert RING.mac(text) == RING.mac(text)
    assert len(RING.mac(text) or b"") == 16
    assert first is not None
    assert not text.encode() or len(text) < 4 or text.encode() not in first


def test_nothing_stays_nothing() -> None:
    assert (RING.seal(None), RING.unseal(None), RING.mac(None)) == (None, None, None)


@pytest.mark.parametrize("other", [Cipher(b"m" * 32, {1: b"b" * 32}), Cipher(b"m" * 32, {2: b"a" * 32})])
def test_another_key_opens_nothing(other: Cipher) -> None:
    with pytest.raises(ProblemError, match="key"):
        other.unseal(RING.seal("999999201503120012"))


def test_a_changed_byte_is_noticed() -> None:
    sealed = bytearray(RING.seal("10012345678") or b"")
    sealed[-1] ^= 1
    with pytest.raises(ProblemError):
        RING.unseal(bytes(sealed))


def test_a_new_key_seals_and_the_old_still_opens(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "kongchuo.key"
    ring = read_cipher(path, create=True)
    assert path.stat().st_mode & 0o077 == 0
    old = ring.seal("甲")
    turned = rotate(path)
    assert turned.unseal(old) == "甲"
    assert (turned.seal("甲") or b"")[0] == 2
    assert turned.mac("甲") == ring.mac("甲")
    assert turned.fingerprint == ring.fingerprint


def test_a_missing_key_is_named_not_made(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"kongchuo\.key"):
        read_cipher(tmp_path / "kongchuo.key")


def test_the_key_lies_beside_the_embedded_database_or_where_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KONGCHUO_KEY_FILE", raising=False)
    assert key_file("var/kongchuo.db") == Path("var/kongchuo.key")
    assert key_file(None) == Path("var/kongchuo.key")
    monkeypatch.setenv("KONGCHUO_KEY_FILE", "/safe/ring")
    assert key_file("var/kongchuo.db") == Path("/safe/ring")
