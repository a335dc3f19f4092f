"""Supervision notices (督办通知单): one for each open case and month, and the one definition of due, overdue and closed.

Sources: R055-R057 (一月一核, 一账一单, 限期办结销号), R240, ledger L11.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.calendar import SchoolCalendar
from domain.cases import is_overdue
from domain.errors import ProblemError

SUPERVISION = "supervision"
SOON = timedelta(days=3)  # composed: a notice is 将到期 from three days before its due day


class NoticeState(StrEnum):
    """Where a notice stands on a day: each notice is in exactly one (R057)."""

    OPEN = "open"
    DUE = "due"
    OVERDUE = "overdue"
    CLOSED = "closed"


def notice_state(due_on: date | None, closed_on: date | None, day: date) -> NoticeState:
    """Closed from its closing day on; else overdue after its due day, due on it and in the three days before, else open.

    A notice without a due day (the limit is not set) is open until it is closed: never overdue by a guess.
    """
    if closed_on is not None and closed_on <= day:
        return NoticeState.CLOSED
    if is_overdue(due_on, day):
        return NoticeState.OVERDUE
    return NoticeState.DUE if due_on is not None and due_on - SOON <= day else NoticeState.OPEN


def closing_day(notice_closed: date | None, case_closed: date | None) -> date | None:
    """The day from which a notice is closed: its own closing, or that of its case, whichever came first."""
    return min((day for day in (notice_closed, case_closed) if day is not None), default=None)


def notice_due(calendar: SchoolCalendar, issued_on: date, working_days: int | None) -> date | None:
    """The last day to reply: `working_days` after the issue; None while the bureau has not set them (shown as 未配置)."""
    return None if working_days is None else calendar.add_working_days(issued_on, working_days)


class Check(StrEnum):
    """The result of the re-check, in the ledger's own words (L11)."""

    PASSED = "通过"
    RETURNED = "退回"


class NoticeStep(StrEnum):
    """What can be done with a notice, in legal order: reply, check (passed or returned), close."""

    REPLIED = "replied"
    PASSED = "passed"
    RETURNED = "returned"
    CLOSED = "closed"


@dataclass(frozen=True)
class NoticeFacts:
    """What decides which step may come next: the days and result so far, and who replied last."""

    issued_on: date
    replied_on: date | None = None
    checked: str | None = None
    closed_on: date | None = None
    replied_by: str | None = None


def next_steps(facts: NoticeFacts) -> tuple[NoticeStep, ...]:
    """The steps that may come next; none for a closed notice. What was returned is replied to anew."""
    if facts.closed_on is not None:
        return ()
    if facts.checked == Check.PASSED:
        return (NoticeStep.CLOSED,)
    if facts.replied_on is None or facts.checked == Check.RETURNED:
        return (NoticeStep.REPLIED,)
    return (NoticeStep.PASSED, NoticeStep.RETURNED)


def check_step(facts: NoticeFacts, step: NoticeStep, on: date, user: str) -> None:
    """Raise ProblemError unless the step may come next, on that day and by that person.

    A reply is checked, and a notice closed, by somebody else than the one who replied (R055: a second person).
    """
    if step not in next_steps(facts):
        raise ProblemError("notice.illegal_step", step=ProblemError(f"noticestep.{step}"))
    if on < max(facts.issued_on, facts.replied_on or facts.issued_on):
        raise ProblemError("notice.before_last_step")
    if step is not NoticeStep.REPLIED and user == facts.replied_by:
        raise ProblemError("notice.second_person")
