"""Precision and recall of every rule on a county that a second generator puts out of order, on both engines."""

from typing import NamedTuple

import pytest
from sqlalchemy import Engine

from data_access.secrets import Cipher
from domain.check_list import RULES
from tests.data_access.bad_county import check_bad_county


class Score(NamedTuple):
    """What one rule found of what is wrong: (rule, record) pairs."""

    found: set[tuple[str, str]]
    wrong: set[tuple[str, str]]

    def of(self, rule: str) -> tuple[float, float]:
        """Precision and recall of one rule."""
        found, wrong = ({pair for pair in pairs if pair[0] == rule} for pairs in self)
        right = len(found & wrong)
        return right / len(found) if found else 1.0, right / len(wrong) if wrong else 0.0


@pytest.fixture
def score(engine: Engine, cipher: Cipher) -> Score:
    """The county written and checked."""
    wrong, found = check_bad_county(engine, cipher)
    return Score(found, wrong)


def test_every_rule_finds_what_is_wrong_and_nothing_else(score: Score) -> None:
    assert score.found - score.wrong == set()
    assert score.wrong - score.found == set()
    assert {rule: score.of(rule) for rule in RULES} == dict.fromkeys(RULES, (1.0, 1.0))
