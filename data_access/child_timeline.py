"""What happened to one child, gathered from every ledger: a dated line each, words masked as the role demands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, Table, select

from data_access.adult_names import AdultNames
from data_access.keys import cipher_of
from data_access.schema import (
    absence_day,
    aid,
    case_event,
    case_file,
    document,
    employment,
    enrolment_spell,
    follow_up,
    group_spell,
    home_visit,
    movement_event,
    notice,
    pairing,
    paper,
    person,
    persuasion,
    placement,
    school,
)
from domain.absences import UNEXCUSED, Reporter
from domain.calendar import SchoolCalendar
from domain.errors import ProblemError
from domain.groups import RESTRICTED, Group
from domain.masking import HIDDEN, PiiKind, mask
from domain.scope import Scope
from domain.visits import LadderSettings, is_contact_late

ONE_DAY = timedelta(days=1)


class EntryKind(StrEnum):
    """From which part of the child's papers a line comes."""

    ENROLMENT = "enrolment"
    MOVEMENT = "movement"
    GROUP = "group"
    PLACEMENT = "placement"
    AID = "aid"
    HELPER = "helper"
    ABSENCE = "absence"
    CASE = "case"
    STEP = "step"
    VISIT = "visit"
    PERSUASION = "persuasion"
    EMPLOYER = "employer"
    NOTICE = "notice"
    DOCUMENT = "document"
    PAPER = "paper"
    FOLLOW_UP = "follow_up"


class Word(str):
    """A key of domain.terms that stands where other facts hold plain text."""

    __slots__ = ()


Fact = tuple[str, Word | str | int | date]


@dataclass(frozen=True)
class Entry:
    """One line: what it was, from when to when, and the facts recorded with it.

    `until`: the last day, `on` itself for what took one day, None for what still holds on the as-of day. `what`: a key of
    domain.terms. `facts`: name (its words are `fact.<name>`) and value, in the order in which people read them.
    """

    kind: EntryKind
    on: date
    until: date | None
    what: Word
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Looked:
    """Whose timeline is read, for whom, as of which day."""

    engine: Engine
    conn: Connection
    scope: Scope
    child_id: int
    day: date
    calendar: SchoolCalendar
    ladder: LadderSettings
    schools: Mapping[str, str]

    def hide(self, text: str | None, kind: PiiKind = PiiKind.FREE_TEXT) -> str | None:
        """Text that may name people, as this role may read it."""
        return text if self.scope.sees_names else mask(text, kind)

    def place(self, sealed: bytes | None) -> str | None:
        """Where somebody was met, as this role may read it; hidden where the keys are not at hand: the rest can be read."""
        try:
            return self.hide(cipher_of(self.engine).unseal(sealed), PiiKind.ADDRESS) if sealed else None
        except ProblemError:
            return HIDDEN

    @cached_property
    def adults(self) -> AdultNames:
        """Which names in texts about who came may be read."""
        return AdultNames(self.conn, self.scope)

    def rows(self, table: Table, since: str) -> Iterator[Row[Any]]:
        """The child's rows of a table that are about days up to the as-of day, in order."""
        chosen = self._of_child(table).where(table.c[since] <= self.day)
        return iter(self.conn.execute(chosen.order_by(table.c[since], table.c.id)))

    def _of_child(self, table: Table) -> Select[Any]:
        if "child_id" in table.c:
            return select(table).where(table.c.child_id == self.child_id)
        cases = select(case_file.c.id).where(case_file.c.child_id == self.child_id)
        return select(table).where(table.c.case_id.in_(cases))

    def still(self, on: date | None) -> date | None:
        """A day that had come by the as-of day."""
        return on if on and on <= self.day else None


def read_timeline(looked: Looked) -> tuple[Entry, ...]:
    """Every line up to the as-of day, the latest first. Restricted groups (R083) only for those who see names."""
    entries = [entry for read in _READS for entry in read(looked)]
    return tuple(sorted(entries, key=lambda entry: entry.on)[::-1])


def read_school_names(conn: Connection) -> dict[str, str]:
    """The names of all schools: no secret, and a child may have come from outside the scope."""
    return {row.code: row.name for row in conn.execute(select(school.c.code, school.c.name))}


def _facts(**values: Any) -> tuple[Fact, ...]:
    return tuple((name, value) for name, value in values.items() if value not in (None, ""))


def _last_day(looked: Looked, row: Row[Any]) -> date | None:
    """The last day of a spell that is over on the as-of day."""
    ended = looked.still(row.valid_to)
    return ended - ONE_DAY if ended else None


def _enrolments(looked: Looked) -> Iterator[Entry]:
    for row in looked.rows(enrolment_spell, "valid_from"):
        ended = looked.still(min(row.valid_to, row.graduates_on))
        facts = _facts(
            school=looked.schools.get(row.school_code, row.school_code),
            class_no=row.class_no,
            mode=Word(f"schooling.{row.mode}") if row.mode not in (None, "ordinary") else None,
        )
        last = ended - ONE_DAY if ended else None
        yield Entry(EntryKind.ENROLMENT, row.valid_from, last, Word(f"stage.{row.stage}"), facts)


def _movements(looked: Looked) -> Iterator[Entry]:
    for row in looked.rows(movement_event, "on_date"):
        facts = _facts(
            from_school=looked.schools.get(row.from_school),
            to_school=looked.schools.get(row.to_school) or looked.hide(row.to_text, PiiKind.ADDRESS),
            ends_on=row.ends_on,
            approved_on=looked.still(row.approved_on),
            approval_no=row.approval_no,
            matched_on=looked.still(row.matched_on),
            reason=looked.hide(row.reason),
        )
        yield Entry(EntryKind.MOVEMENT, row.on_date, row.on_date, Word(f"movement.{row.kind}"), facts)


def may_see(scope: Scope, group: str) -> bool:
    """Whether a flag may be shown to this role: restricted ones only to those who see names (R083)."""
    return scope.sees_names or group not in {restricted.value for restricted in RESTRICTED}


def detail_of(group: str, detail: str | None) -> Word | str | None:
    """The detail of a flag: in words where it is a code (left-behind children), else as recorded."""
    coded = group in (Group.LEFT_BEHIND_EDUCATION, Group.LEFT_BEHIND_CIVIL)
    return Word(f"detail.{detail}") if detail and coded else detail


def _groups(looked: Looked) -> Iterator[Entry]:
    for row in looked.rows(group_spell, "valid_from"):
        if may_see(looked.scope, row.group_name):
            facts = _facts(detail=detail_of(row.group_name, row.detail), cause=row.cause, checked_on=looked.still(row.checked_on))
            yield Entry(EntryKind.GROUP, row.valid_from, _last_day(looked, row), Word(f"group.{row.group_name}"), facts)


def _placements(looked: Looked) -> Iterator[Entry]:
    for row in looked.rows(placement, "valid_from"):
        facts = _facts(school=looked.schools.get(row.school_code), per_month=row.per_month, approval_no=row.approval_no)
        yield Entry(EntryKind.PLACEMENT, row.valid_from, _last_day(looked, row), Word(f"schooling.{row.kind}"), facts)


def _aids(looked: Looked) -> Iterator[Entry]:
    for row in looked.rows(aid, "valid_from"):
        facts = _facts(granted_on=looked.still(row.granted_on))
        yield Entry(EntryKind.AID, row.valid_from, _last_day(looked, row), Word(f"aid.{row.kind}"), facts)


def _helpers(looked: Looked) -> Iterator[Entry]:
    names = select(person.c.id, person.c.name).where(
        person.c.id.in_(select(pairing.c.person_id).where(pairing.c.child_id == looked.child_id))
    )
    named = {row.id: row.name for row in looked.conn.execute(names)}
    for row in looked.rows(pairing, "valid_from"):
        facts = _facts(people=named[row.person_id], content=looked.hide(row.content))
        yield Entry(EntryKind.HELPER, row.valid_from, _last_day(looked, row), Word(f"pairing.{row.kind}"), facts)


def _absences(looked: Looked) -> Iterator[Entry]:
    """Runs of school days missed in the same state: one line each, with what was noted of the first day."""
    run: list[Row[Any]] = []
    for row in looked.rows(absence_day, "on_date"):
        if run and (row.state != run[-1].state or looked.calendar.absence_days(run[-1].on_date, row.on_date) > 2):
            yield _absence(looked, run)
            run = []
        run.append(row)
    if run:
        yield _absence(looked, run)


def _absence(looked: Looked, run: list[Row[Any]]) -> Entry:
    reason = next((row.verified_reason for row in run if row.verified_reason), None)
    contact = _contact(looked, run[0])
    called = next((f"{row.called_at:%Y-%m-%d %H:%M}" for row in run if row.called_at), None)
    told_by = Word("reporter.parent") if run[0].reported_by == Reporter.PARENT else None
    more = _facts(called=called, told_by=told_by, verified=looked.hide(reason))
    facts = (*_facts(days=len(run)), *([contact] if contact else []), *more)
    return Entry(EntryKind.ABSENCE, run[0].on_date, run[-1].on_date, Word(f"absence.{run[0].state}"), facts)


def _contact(looked: Looked, row: Row[Any]) -> Fact | None:
    """In how many minutes the family was reached on the first day, late or in time (R020); None where no time was noted."""
    if row.noticed_at is None:
        return None
    if row.contacted_at is None:
        return ("contact", Word("contact.none")) if row.state in UNEXCUSED else None
    minutes = int((row.contacted_at - row.noticed_at).total_seconds() // 60)
    late = row.state in UNEXCUSED and is_contact_late(row.noticed_at, row.contacted_at, row.contacted_at, looked.ladder)
    return ("contact_late" if late else "contact", minutes)


def _cases(looked: Looked) -> Iterator[Entry]:
    numbers: dict[int, str | None] = {}
    for row in looked.rows(case_file, "opened_on"):
        numbers[row.id] = row.case_no
        closed = looked.still(row.closed_on)
        facts = _facts(
            number=row.case_no,
            why=Word(f"reason.{row.reason}") if row.reason else None,
            branch=Word(f"branch.{row.branch}") if row.branch else None,
            missing_paper=Word(f"paper.{row.missing_paper}") if row.missing_paper else None,
            relapses=row.relapse_count or None,
            continues=numbers.get(row.relapse_of),
            outcome=Word(f"outcome.{row.outcome}") if closed and row.outcome else None,
            whereabouts=looked.hide(row.whereabouts, PiiKind.ADDRESS),
            family=looked.hide(row.family),
            measures=looked.hide(row.measures),
        )
        yield Entry(EntryKind.CASE, row.opened_on, closed, Word("entry.case"), facts)


def _steps(looked: Looked) -> Iterator[Entry]:
    for row, correction in _marked(looked.rows(case_event, "on_date")):
        report = row.kind.startswith("reported_")
        facts = _facts(
            correction=correction,
            outcome=Word(f"outcome.{row.outcome}") if row.outcome else None,
            people=row.actor,
            confirmed_by=row.confirmed_by,
            evidence=looked.hide(row.evidence),
            note=looked.hide(row.note),
        )
        yield Entry(EntryKind.STEP, row.on_date, row.on_date, Word(f"{'entry' if report else 'casestatus'}.{row.kind}"), facts)


def _valid(rows: Iterator[Row[Any]]) -> list[Row[Any]]:
    """The rows that no later one corrects."""
    known = list(rows)
    corrected = {row.corrects for row in known}
    return [row for row in known if row.id not in corrected]


def _marked(rows: Iterator[Row[Any]]) -> Iterator[tuple[Row[Any], Word | None]]:
    """Wrong rows too: they stay on the file, and say that another stands in their place."""
    known = list(rows)
    wrong = {row.corrects for row in known}
    for row in known:
        mended = "corrected.wrong" if row.id in wrong else "corrected.right" if row.corrects else None
        yield row, Word(mended) if mended else None


def _visits(looked: Looked) -> Iterator[Entry]:
    for row, correction in _marked(looked.rows(home_visit, "visited_on")):
        facts = _facts(
            correction=correction,
            people=looked.adults.show(row.visitors),
            peers=row.peers,
            rung=row.rung,
            place=looked.place(row.place),
            result=row.result,
            met=looked.hide(row.met),
            content=looked.hide(row.content),
            parent_view=looked.hide(row.parent_view),
            next_step=looked.hide(row.next_step),
        )
        yield Entry(EntryKind.VISIT, row.visited_on, row.visited_on, Word(f"visitmode.{row.mode}"), facts)


def _persuasions(looked: Looked) -> Iterator[Entry]:
    for row, correction in _marked(looked.rows(persuasion, "on_date")):
        facts = _facts(
            correction=correction,
            nth=row.nth,
            people=looked.adults.show(row.people),
            peers=row.peers,
            place=looked.place(row.place),
            result=row.result,
            content=looked.hide(row.content),
            next_step=looked.hide(row.next_step),
        )
        yield Entry(EntryKind.PERSUASION, row.on_date, row.on_date, Word("entry.persuasion"), facts)


def _employers(looked: Looked) -> Iterator[Entry]:
    """The employer is a firm and is named; where the child works is an address."""
    for row in _valid(looked.rows(employment, "found_on")):
        place, referred = looked.hide(row.place, PiiKind.ADDRESS), looked.still(row.referred_on)
        facts = _facts(employer=row.name, work_place=place, referred_on=referred, reference=row.reference if referred else None)
        yield Entry(EntryKind.EMPLOYER, row.found_on, row.found_on, Word("entry.employer"), facts)


def _notices(looked: Looked) -> Iterator[Entry]:
    for row in looked.rows(notice, "issued_on"):
        replied, closed = looked.still(row.replied_on), looked.still(row.closed_on)
        facts = _facts(
            number=row.number,
            people=row.owner,
            due_on=row.due_on,
            replied_on=replied,
            closed_on=closed,
            matter=looked.hide(row.matter),
            requirement=looked.hide(row.requirement),
            reply=looked.hide(row.reply) if replied else None,
        )
        yield Entry(EntryKind.NOTICE, row.issued_on, row.issued_on, Word(f"notice.{row.kind}"), facts)


def _documents(looked: Looked) -> Iterator[Entry]:
    for row in looked.rows(document, "issued_on"):
        facts = _facts(number=row.number, delivered_on=looked.still(row.delivered_on), signed_on=looked.still(row.signed_on))
        yield Entry(EntryKind.DOCUMENT, row.issued_on, row.issued_on, Word(f"document.{row.kind}"), facts)


def _papers(looked: Looked) -> Iterator[Entry]:
    for row in looked.rows(paper, "dated_on"):
        facts = _facts(holder=row.holder, valid_to=row.valid_to, note=looked.hide(row.note))
        yield Entry(EntryKind.PAPER, row.dated_on, row.dated_on, Word(f"paper.{row.kind}"), facts)


def _follow_ups(looked: Looked) -> Iterator[Entry]:
    """One line for each day, with what was found in every dimension (study, life, mind)."""
    days: dict[tuple[int, date], list[Row[Any]]] = {}
    for row in looked.rows(follow_up, "on_date"):
        days.setdefault((row.case_id, row.on_date), []).append(row)
    for (_, on), rows in days.items():
        found = {row.dimension: row.assessment for row in rows}
        plan = next((row.plan for row in rows if row.plan), None)
        helper = looked.adults.show_maybe(rows[0].helper)
        facts = _facts(**found, plan=looked.hide(plan), people=helper, next_due_on=rows[0].next_due_on)
        yield Entry(EntryKind.FOLLOW_UP, on, on, Word("entry.follow_up"), facts)


_READS = (
    _enrolments, _movements, _groups, _placements, _aids, _helpers, _absences, _cases, _steps, _visits, _persuasions,
    _employers,    _notices, _documents, _papers, _follow_ups,
)  # fmt: skip
