from datetime import date, timedelta
from itertools import combinations

import pytest

from domain.movements import (
    COMPONENTS,
    INVALID,
    PAPERS_NEEDED,
    Movement,
    Paper,
    deciding_paper_missing,
    is_unmatched,
    loss_component,
    missing_papers,
    movement_effect,
    parse_movement,
)
from domain.rate_families import LossCounts, RateFamily

HOSTED_PAPERS = (Paper.APPLICATION, Paper.VILLAGE_CERTIFICATE, Paper.HOST_ACCEPTANCE)


@pytest.mark.parametrize("held", [held for n in range(4) for held in combinations(HOSTED_PAPERS, n)])
def test_hosted_study_needs_all_three_papers(held: tuple[Paper, ...]) -> None:
    """R190: any one missing and the child counts as lost."""
    complete = len(held) == 3
    assert (deciding_paper_missing(Movement.HOSTED, held) is None) is complete
    assert loss_component(Movement.HOSTED, held) == (None if complete else "hosted_missing_papers")
    assert set(missing_papers(Movement.HOSTED, held)) == set(HOSTED_PAPERS) - set(held)


@pytest.mark.parametrize(
    ("movement", "held", "component"),
    [
        (Movement.TRANSFER_OUT, [Paper.TRANSFER_CERTIFICATE], "transfer_out_proven"),
        (Movement.TRANSFER_OUT, [], "unproven_transfer"),  # R189
        (Movement.TRANSFER_OUT, [Paper.APPLICATION], "unproven_transfer"),
        (Movement.SUSPENSION, [Paper.SUSPENSION_APPROVAL], "suspended_approved"),
        (Movement.SUSPENSION, [Paper.MEDICAL, Paper.APPLICATION], "suspended_unapproved"),  # R192
        (Movement.ABROAD, [Paper.PASSPORT], "abroad"),
        (Movement.ABROAD, [], "unproven_transfer"),
        (Movement.DEATH, [], "death"),
        (Movement.TRANSFER_IN, [], "transfer_in"),
        (Movement.DROPOUT, [], "dropped_out"),
        (Movement.WITHDRAWAL, [], "other_loss"),
        (Movement.EXPULSION, [], "expelled"),
        (Movement.HOME_TEACHING, [], None),
        (Movement.GRADUATION, [], None),
        (Movement.RESUMPTION, [], None),
        (Movement.CLASS_CHANGE, [], None),
    ],
)
def test_one_paper_decides_where_a_child_counts(movement: Movement, held: list[Paper], component: str | None) -> None:
    assert loss_component(movement, held) == component


def test_papers_are_known_by_their_codes_too() -> None:
    assert loss_component(Movement.TRANSFER_OUT, ["transfer_certificate"]) == "transfer_out_proven"


def test_a_suspension_lists_what_its_file_lacks_beyond_the_deciding_paper() -> None:
    assert missing_papers(Movement.SUSPENSION, [Paper.SUSPENSION_APPROVAL]) == (Paper.MEDICAL, Paper.APPLICATION)
    assert deciding_paper_missing(Movement.SUSPENSION, [Paper.SUSPENSION_APPROVAL]) is None
    assert missing_papers(Movement.OTHER, []) == ()


def test_components_are_fields_of_the_counts() -> None:
    names = {component for pair in COMPONENTS.values() for component in pair if component}
    assert all(hasattr(LossCounts(), name) for name in names)


# (proven, headcount, seed, dictionary, two basics, lost by the uncorrected retention, expected graduates)
EFFECTS = [
    (Movement.TRANSFER_IN, True, 1, 0, 0, -1, False, 1),
    (Movement.TRANSFER_OUT, True, -1, 0, 0, 1, True, -1),
    (Movement.TRANSFER_OUT, False, -1, 1, 1, 1, True, 0),
    (Movement.HOSTED, True, 0, 0, 0, 0, True, 0),
    (Movement.HOSTED, False, 0, 1, 0, 0, True, 0),
    (Movement.SUSPENSION, True, -1, 0, 1, 1, True, 0),
    (Movement.SUSPENSION, False, 0, 1, 1, 1, True, 0),
    (Movement.RESUMPTION, True, 1, 0, 0, -1, False, 0),  # 其他增加 of the two basics
    (Movement.DEATH, True, -1, 0, 0, 1, True, 0),
    (Movement.ABROAD, True, -1, 0, 0, 1, True, -1),
    (Movement.HOME_TEACHING, True, 0, 0, 0, 0, True, 0),
    (Movement.DEFERRAL, True, 0, 0, 0, 0, False, 0),
    (Movement.GRADUATION, True, -1, 0, 0, 0, False, 0),
]


@pytest.mark.parametrize(("movement", "proven", "headcount", "seed", "dictionary", "basics", "lost", "expected"), EFFECTS)
def test_the_effect_table(
    movement: Movement, proven: bool, headcount: int, seed: int, dictionary: int, basics: int, lost: bool, expected: int
) -> None:
    effect = movement_effect(movement, proven)
    assert (effect.headcount, effect.cohort_loss, effect.expected) == (headcount, lost, expected)
    assert [effect.dropout[family] for family in RateFamily] == [seed, dictionary, basics]
    assert effect.valid


@pytest.mark.parametrize("movement", [Movement.DEATH, Movement.TRANSFER_IN, Movement.DROPOUT])
def test_where_no_paper_decides_proof_changes_no_rate(movement: Movement) -> None:
    assert movement_effect(movement, True).dropout == movement_effect(movement, False).dropout


@pytest.mark.parametrize("movement", [Movement.EXPULSION, Movement.WITHDRAWAL, Movement.REPETITION])
def test_movements_that_the_law_does_not_know(movement: Movement) -> None:
    """R109-R110; they take nobody off the register."""
    assert movement in INVALID
    assert not movement_effect(movement, True).valid
    assert movement_effect(movement, True).headcount == 0


def test_an_expelled_child_is_lost_by_every_family() -> None:
    assert list(movement_effect(Movement.EXPULSION, True).dropout.values()) == [1, 1, 1]


def test_nothing_refuses_a_child_who_moves_in() -> None:
    """R244."""
    assert not any("refus" in movement or "reject" in movement for movement in Movement)
    assert Movement.TRANSFER_IN not in INVALID
    assert set(PAPERS_NEEDED) <= set(Movement)


@pytest.mark.parametrize(
    ("arrived", "days", "unmatched"),
    [(None, 30, False), (None, 31, True), (date(2026, 9, 20), 31, False)],
)
def test_a_transfer_out_must_be_matched_in_time(arrived: date | None, days: int, unmatched: bool) -> None:
    """R198."""
    left = date(2026, 9, 1)
    assert is_unmatched(left, arrived, left + timedelta(days=days), allowed_days=30) is unmatched


@pytest.mark.parametrize(
    ("text", "movement"),
    [
        ("转入", Movement.TRANSFER_IN),
        (" 转 出 ", Movement.TRANSFER_OUT),
        ("增加-转进", Movement.TRANSFER_IN),
        ("借读(外省)", Movement.HOSTED),
        ("休学", Movement.SUSPENSION),
        ("复学", Movement.RESUMPTION),
        ("延缓入学", Movement.DEFERRAL),
        ("出国(境)", Movement.ABROAD),
        ("开除学籍", Movement.EXPULSION),
        ("疑似辍学", Movement.DROPOUT),
        ("其它", Movement.OTHER),
        ("21", Movement.TRANSFER_OUT),
        ("2", Movement.REPETITION),
        ("42", Movement.EXPULSION),
        ("77", None),
        ("搬家", None),
        ("", None),
    ],
)
def test_movements_as_ledgers_write_them(text: str, movement: Movement | None) -> None:
    assert parse_movement(text) is movement
