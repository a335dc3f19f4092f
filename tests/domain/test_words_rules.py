from enum import StrEnum
from string import Formatter

import pytest

from domain.cases import Branch, CaseStatus, Outcome
from domain.class_arithmetic import BaselineKind
from domain.groups import Aid, Group, Schooling, Sensitivity, WarningSign
from domain.key_units import Badge, KeyMark, Recognition
from domain.left_behind import LeftBehindType, PairingLoad
from domain.movements import Movement, Paper
from domain.published_figures import Figure
from domain.rate_families import LossCounts, RateFamily
from domain.reasons import Measure, Reason
from domain.targets import Comparison, Indicator, Level, Profile, Verdict
from domain.visits import DutyLine, DutyRole, NextStep, VisitMode
from domain.words.rules import WORDS

SHOWN: list[type[StrEnum]] = [
    *(CaseStatus, Outcome, Branch, VisitMode, DutyLine, DutyRole, NextStep, Movement, Paper),
    *(RateFamily, Level, Indicator, Comparison, Verdict, Profile, Reason, Measure, Group, Sensitivity, Schooling),
    *(WarningSign, Aid, KeyMark, Badge, Recognition, BaselineKind, LeftBehindType, PairingLoad, Figure),
]


@pytest.mark.parametrize("kind", SHOWN)
def test_every_value_has_words_of_its_own(kind: type[StrEnum]) -> None:
    pairs = [WORDS[f"{kind.__name__.lower()}.{item.value}"] for item in kind]
    for words in zip(*pairs, strict=True):
        assert all(words)
        assert len(set(words)) == len(kind)


def test_every_component_of_a_rate_has_words() -> None:
    assert all(f"losscounts.{name}" in WORDS for name in LossCounts._fields)


@pytest.mark.parametrize(("zh", "en"), WORDS.values(), ids=WORDS.keys())
def test_both_languages_take_the_same_parameters(zh: str, en: str) -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert names(zh) == names(en)
