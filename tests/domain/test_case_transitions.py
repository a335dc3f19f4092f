from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.case_transitions import EVIDENCE, LEGAL, Closing, Signatory, check_transition, follow_up_ends, is_second_person
from domain.cases import OUT_OF_SCHOOL, CaseStatus, Outcome
from domain.errors import ProblemError
from domain.movements import Paper
from domain.visits import SEED_LADDER

AT_RISK, SUSPECTED, DROPOUT, PERSUASION, RETURNED, CLOSED = CaseStatus
TEACHER = Signatory("teacher", "school", "2199000001")
OFFICIAL = Signatory("official", "county", "350430")
RETURN_DAY = date(2026, 3, 2)
END = follow_up_ends(RETURN_DAY, SEED_LADDER)


def closing(outcome: Outcome, **more: object) -> Closing:
    evidence = frozenset(paper.value for paper in EVIDENCE.get(outcome, frozenset()))
    plain = Closing(outcome, END, evidence, TEACHER, OFFICIAL, RETURN_DAY)
    return replace(plain, **more)


def refusal(before: CaseStatus | None, after: CaseStatus, proposed: Closing | None = None) -> str | None:
    try:
        check_transition(before, after, proposed)
    except ProblemError as problem:
        return problem.key
    return None


LEGAL_STEPS = {
    (AT_RISK, SUSPECTED),
    (AT_RISK, RETURNED),
    (SUSPECTED, DROPOUT),
    (SUSPECTED, RETURNED),
    (DROPOUT, PERSUASION),
    (DROPOUT, RETURNED),
    (PERSUASION, RETURNED),
}


@pytest.mark.parametrize("before", CaseStatus)
@pytest.mark.parametrize("after", [status for status in CaseStatus if status is not CLOSED])
def test_only_legal_transitions(before: CaseStatus, after: CaseStatus) -> None:
    expected = None if (before, after) in LEGAL_STEPS else "case.illegal_transition"
    assert refusal(before, after) == expected


@pytest.mark.parametrize("after", CaseStatus)
def test_a_case_opens_out_of_school(after: CaseStatus) -> None:
    assert (refusal(None, after) is None) == (after in OUT_OF_SCHOOL)


def test_nothing_follows_a_closing() -> None:
    assert LEGAL[CLOSED] == frozenset()
    assert refusal(CLOSED, CLOSED, closing(Outcome.TRANSFERRED)) == "case.illegal_transition"


def test_a_refusal_names_both_statuses_in_words() -> None:
    with pytest.raises(ProblemError) as problem:
        check_transition(RETURNED, DROPOUT)
    assert problem.value.say("zh") == "个案状态不能由“已复学（跟踪期）”变为“辍学”"


def test_a_closing_needs_an_outcome() -> None:
    assert refusal(PERSUASION, CLOSED) == "case.closing_without_outcome"


@pytest.mark.parametrize("outcome", [outcome for outcome in EVIDENCE if outcome is not Outcome.FOLLOW_UP_PASSED])
def test_each_outcome_closes_with_its_evidence_and_not_without(outcome: Outcome) -> None:
    assert refusal(SUSPECTED, CLOSED, closing(outcome)) is None
    for paper in EVIDENCE[outcome]:
        lacking = closing(outcome, evidence=EVIDENCE[outcome] - {paper})
        assert refusal(SUSPECTED, CLOSED, lacking) == "case.evidence_missing"


def test_every_outcome_but_a_relapse_names_its_evidence() -> None:
    assert set(Outcome) - set(EVIDENCE) == {Outcome.RELAPSED}


def test_no_outcome_refuses_a_child() -> None:
    """R244, R109."""
    assert not any("refus" in outcome or "expel" in outcome for outcome in Outcome)


@pytest.mark.parametrize(
    ("confirmed_by", "enough"),
    [
        (OFFICIAL, True),
        (None, False),
        (TEACHER, False),
        (Signatory("teacher", "county", "350430"), False),  # the same person in another coat
        (Signatory("colleague", "school", "2199000001"), False),  # same role, same unit
        (Signatory("colleague", "school", "2199000002"), True),
        (Signatory("colleague", "township", "2199000001"), True),
    ],
)
def test_a_second_person_of_another_role_or_unit(confirmed_by: Signatory | None, enough: bool) -> None:
    """R055."""
    assert is_second_person(TEACHER, confirmed_by) is enough
    expected = None if enough else "case.second_person_missing"
    assert refusal(SUSPECTED, CLOSED, closing(Outcome.TRANSFERRED, confirmed_by=confirmed_by)) == expected


@pytest.mark.parametrize(
    ("on", "returned_on", "key"),
    [
        (END, RETURN_DAY, None),
        (END - timedelta(days=1), RETURN_DAY, "case.follow_up_not_over"),
        (END, None, "case.follow_up_not_over"),
    ],
)
def test_a_return_is_closed_after_its_follow_up(on: date, returned_on: date | None, key: str | None) -> None:
    passed = closing(Outcome.FOLLOW_UP_PASSED, on=on, returned_on=returned_on)
    assert refusal(RETURNED, CLOSED, passed) == key


def test_a_follow_up_needs_its_file() -> None:
    assert refusal(RETURNED, CLOSED, closing(Outcome.FOLLOW_UP_PASSED, evidence=frozenset())) == "case.evidence_missing"


@pytest.mark.parametrize("before", OUT_OF_SCHOOL)
@pytest.mark.parametrize("outcome", [Outcome.FOLLOW_UP_PASSED, Outcome.RELAPSED])
def test_only_a_returned_child_passes_or_relapses(before: CaseStatus, outcome: Outcome) -> None:
    assert refusal(before, CLOSED, closing(outcome)) == "case.outcome_does_not_fit"


@pytest.mark.parametrize("before", [DROPOUT, PERSUASION, RETURNED])
def test_a_dropout_cannot_be_explained_away(before: CaseStatus) -> None:
    assert refusal(before, CLOSED, closing(Outcome.EXPLAINED)) == "case.outcome_does_not_fit"


def test_a_relapse_closes_by_itself_for_the_new_case_carries_on() -> None:
    alone = closing(Outcome.RELAPSED, evidence=frozenset(), confirmed_by=None)
    assert refusal(RETURNED, CLOSED, alone) is None


def test_more_evidence_than_needed_does_no_harm() -> None:
    rich = closing(Outcome.SUSPENDED, evidence=frozenset(Paper))
    assert refusal(DROPOUT, CLOSED, rich) is None


@pytest.mark.parametrize(("day", "refused"), [(END - timedelta(days=1), True), (END, False), (None, False)])
def test_nobody_ages_out_before_compulsory_schooling_is_over(day: date | None, refused: bool) -> None:
    """At the sixteenth birthday or the end of grade 9 on: the day itself is over; where neither is known the paper decides."""
    ends = None if day is None else END + (END - day)
    proposed = closing(Outcome.AGED_OUT, schooling_ends=ends)
    assert refusal(PERSUASION, CLOSED, proposed) == ("case.schooling_not_over" if refused else None)
