"""Which passwords are good enough, and how they are kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.door_policy import DoorPolicy
from data_access.passwords import HASHER, fits_password, hash_password, require_strong
from domain.errors import ProblemError

POLICY = DoorPolicy()


@pytest.mark.parametrize(
    "password", ["Abcdef12", "abcdef1!", "ABCDEF1!", "Kou chuo bao xue 1", "控辍保学ab12CD", "Aa1" * 42, "１２３４ａｂｃＤ"]
)
def test_good_enough(password: str) -> None:
    require_strong(POLICY, "zhang", password)


@pytest.mark.parametrize(
    "password",
    ["", "Abcde12", "abcdefgh", "abcdef12", "ABCDEF12", "12345678!", "控辍保学控辍保学", "Aa1" * 43, "zhangA1!x", "1!xZhAnG7"],
)
def test_too_weak(password: str) -> None:
    with pytest.raises(ProblemError, match="8 characters; 3 of"):
        require_strong(POLICY, "zhang", password)


@pytest.mark.parametrize(
    ("policy", "fits"), [(DoorPolicy(min_length=12), False), (DoorPolicy(min_kinds=4), False), (POLICY, True)]
)
def test_the_rules_are_settings(policy: DoorPolicy, fits: bool) -> None:
    if fits:
        require_strong(policy, "zhang", "Abcdef123")
        return
    with pytest.raises(ProblemError):
        require_strong(policy, "zhang", "Abcdef123")


def test_kept_as_argon2id_with_the_cost_that_is_asked_for() -> None:
    assert hash_password("Abcdef12").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hash_password("Abcdef12") != hash_password("Abcdef12")


@settings(max_examples=5)
@given(st.text(min_size=1, max_size=128))
def test_a_password_fits_itself_and_nothing_else(password: str) -> None:
    kept = hash_password(password)
    assert fits_password(kept, password)
    assert not fits_password(kept, password + "x")


def test_what_another_keyboard_sends_for_the_same_characters_fits() -> None:
    assert fits_password(hash_password("Ａｂｃ１２３"), "Abc123")
    assert fits_password(hash_password("e\u0301te1"), "\u00e9te1")


@pytest.mark.parametrize("kept", [None, "", "plain", "$argon2id$broken"])
def test_without_a_kept_password_nothing_fits(kept: str | None) -> None:
    assert not fits_password(kept, "nobody")
    assert not fits_password(kept, "plain")


def test_an_unknown_name_costs_as_much_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = hash_password("Abcdef12")
    judged: list[str] = []
    verify = type(HASHER).verify
    monkeypatch.setattr(
        type(HASHER), "verify", lambda self, kept, password: judged.append(kept[:30]) or verify(self, kept, password)
    )
    fits_password(kept, "wrong")
    fits_password(None, "wrong")
    assert judged[0] == judged[1]  # the same algorithm at the same cost
