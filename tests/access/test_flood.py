"""How often one address may try."""

import pytest

from access import flood
from access.flood import PER_MINUTE, Flood


def test_so_many_a_minute() -> None:
    moment = [0.0]
    limit = Flood(lambda: moment[0])
    assert [limit.allows("a") for _ in range(PER_MINUTE + 1)] == [True] * PER_MINUTE + [False]
    assert limit.allows("b")
    moment[0] = 59.9
    assert not limit.allows("a")
    moment[0] = 60.1
    assert [limit.allows("a") for _ in range(PER_MINUTE + 1)] == [True] * PER_MINUTE + [False]


def test_who_comes_in_did_not_try_in_vain() -> None:
    limit = Flood(lambda: 0.0)
    for _ in range(5 * PER_MINUTE):
        assert limit.allows("a school")
        limit.forgive("a school")
    limit.forgive("nobody")


def test_many_addresses_cost_no_memory_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "ADDRESSES", 3)
    limit = Flood(lambda: 0.0)
    for number in range(100):
        limit.allows(str(number))
    assert len(limit._tries) == 3
