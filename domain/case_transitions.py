"""Which status may follow which, and what a case needs before it may be closed (销号)."""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.cases import CaseStatus, Outcome
from domain.errors import ProblemError
from domain.movements import Paper
from domain.visits import LadderSettings

S = CaseStatus
OPENING = frozenset({S.AT_RISK, S.SUSPECTED, S.DROPOUT, S.PERSUASION})
LEGAL: dict[CaseStatus, frozenset[CaseStatus]] = {
    S.AT_RISK: frozenset({S.SUSPECTED, S.RETURNED, S.CLOSED}),
    S.SUSPECTED: frozenset({S.DROPOUT, S.RETURNED, S.CLOSED}),
    S.DROPOUT: frozenset({S.PERSUASION, S.RETURNED, S.CLOSED}),
    S.PERSUASION: frozenset({S.RETURNED, S.CLOSED}),
    S.RETURNED: frozenset({S.CLOSED}),
    S.CLOSED: frozenset(),
}
ONLY_AFTER_RETURN = frozenset({Outcome.FOLLOW_UP_PASSED, Outcome.RELAPSED})
ONLY_BEFORE_DROPOUT = frozenset({Outcome.EXPLAINED})  # the absence had a good reason: a sick note, a leave slip
EVIDENCE: dict[Outcome, frozenset[Paper]] = {
    Outcome.FOLLOW_UP_PASSED: frozenset({Paper.FOLLOW_UP_FILE}),
    Outcome.TRANSFERRED: frozenset({Paper.TRANSFER_CERTIFICATE}),
    Outcome.HOSTED: frozenset({Paper.APPLICATION, Paper.VILLAGE_CERTIFICATE, Paper.HOST_ACCEPTANCE}),
    Outcome.SUSPENDED: frozenset({Paper.SUSPENSION_APPROVAL}),
    Outcome.HOME_TEACHING: frozenset({Paper.HOME_TEACHING_APPROVAL}),
    Outcome.DEFERRED: frozenset({Paper.DEFERRAL_APPROVAL}),
    Outcome.AGED_OUT: frozenset({Paper.BIRTH_PROOF}),
    Outcome.EXPLAINED: frozenset({Paper.LEAVE_RECORD}),
    Outcome.DIED: frozenset({Paper.DEATH_CERTIFICATE}),
    Outcome.ABROAD: frozenset({Paper.PASSPORT}),
}


@dataclass(frozen=True)
class Signatory:
    """Who signs a closing: the account, its role and the unit (school or area code) it acts for."""

    user: str
    role: str
    unit: str


@dataclass(frozen=True)
class Closing:
    """A closing as proposed: outcome, day, the kinds of evidence held, and two people (R055).

    `returned_on`: the child's return; None when it never came back. `schooling_ends`: the first day on which the child is past
    compulsory schooling, its sixteenth birthday or the end of grade 9, whichever came first; None when neither is known.
    """

    outcome: Outcome
    on: date
    evidence: frozenset[str]
    proposed_by: Signatory
    confirmed_by: Signatory | None
    returned_on: date | None = None
    schooling_ends: date | None = None


def check_transition(
    before: CaseStatus | None, after: CaseStatus, closing: Closing | None = None, settings: LadderSettings | None = None
) -> None:
    """Raise ProblemError unless `before` (None: a new case) may become `after`, and a closing has all that it needs.

    `before` must be the status of that day, automatic steps included (`case_intervals`).
    """
    if after not in (OPENING if before is None else LEGAL[before]):
        raise ProblemError("case.illegal_transition", before=_said(before), after=_said(after))
    if before is not None and after is S.CLOSED:
        if closing is None:
            raise ProblemError("case.closing_without_outcome")
        _check_closing(before, closing, settings or LadderSettings())


def _said(status: CaseStatus | None) -> ProblemError:
    return ProblemError(f"casestatus.{status}" if status else "case.new")


def _check_closing(before: CaseStatus, closing: Closing, settings: LadderSettings) -> None:
    """R055: an outcome that fits the status, its evidence, and a second person of another role or unit.

    A relapse needs neither evidence nor a second person: the linked new case carries the child on.
    """
    _check_outcome(before, closing, settings)
    if closing.outcome is Outcome.RELAPSED:
        return
    for paper in sorted(EVIDENCE[closing.outcome] - closing.evidence):
        raise ProblemError("case.evidence_missing", paper=ProblemError(f"paper.{paper}"))
    if not is_second_person(closing.proposed_by, closing.confirmed_by):
        raise ProblemError("case.second_person_missing")


def _check_outcome(before: CaseStatus, closing: Closing, settings: LadderSettings) -> None:
    too_early = closing.outcome in ONLY_AFTER_RETURN and before is not S.RETURNED
    too_late = closing.outcome in ONLY_BEFORE_DROPOUT and before not in (S.AT_RISK, S.SUSPECTED)
    if too_early or too_late:
        raise ProblemError("case.outcome_does_not_fit", outcome=ProblemError(f"outcome.{closing.outcome}"), status=_said(before))
    if closing.outcome is Outcome.FOLLOW_UP_PASSED and (
        closing.returned_on is None or closing.on < follow_up_ends(closing.returned_on, settings)
    ):
        raise ProblemError("case.follow_up_not_over")
    if closing.outcome is Outcome.AGED_OUT and closing.schooling_ends is not None and closing.on < closing.schooling_ends:
        raise ProblemError("case.schooling_not_over", day=closing.schooling_ends)


def follow_up_ends(returned_on: date, settings: LadderSettings) -> date:
    """The first day on which the follow-up of a returned child may be passed."""
    return returned_on + timedelta(days=settings.follow_up_ends_after)


def is_second_person(proposed_by: Signatory, confirmed_by: Signatory | None) -> bool:
    """Whether the one who confirms is somebody else, of another role or another unit."""
    if confirmed_by is None or confirmed_by.user == proposed_by.user:
        return False
    return (confirmed_by.role, confirmed_by.unit) != (proposed_by.role, proposed_by.unit)
