"""The facts that the contradiction rules look at: one record each, with whatever stands against it."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from domain.checks import Verified


class NumberFacts(NamedTuple):
    """A child and what its numbers say. `tail_fits`: the registry number holds the citizen number; None: one is missing."""

    child_id: int
    birth: date | None
    sex: str | None
    id_birth: date | None
    id_sex: str | None
    tail_fits: bool | None
    registry_kind: str = "G"
    id_readable: bool = True
    other_id: int | None = None
    unit: str | None = None


class TwinFacts(NamedTuple):
    """Two children with the same number, `unit` and `other_unit` the schools where they are registered."""

    child_id: int
    other_id: int
    same_id: bool
    unit: str | None = None
    other_unit: str | None = None


class GradeFacts(NamedTuple):
    """A pupil's age on 31 August before the school year, and its grade."""

    child_id: int
    age: int
    grade: int
    unit: str | None = None
    other_id: int | None = None


class SpellFacts(NamedTuple):
    """A span in a school."""

    spell_id: int
    child_id: int
    begins: date
    ends: date
    birth: date | None
    unit: str | None = None
    other_id: int | None = None


class PlacementFacts(NamedTuple):
    """How a disabled child is placed; `card_kind`, `card_level`: as the card has them; `card_fits`: its number is the child's."""

    record: str
    child_id: int
    placement: str
    has_registry: bool
    disability: str | None = None
    level: int | None = None
    card_kind: str | None = None
    card_level: int | None = None
    card_fits: bool | None = None
    unit: str | None = None
    other_id: int | None = None


class AbsenceFacts(NamedTuple):
    """A day on which a child was listed as absent without leave although it is taught at home."""

    absence_id: int
    child_id: int
    on: date
    state: str
    unit: str | None = None
    other_id: int | None = None


class CaseFacts(NamedTuple):
    """A case and what other ledgers say of its child. `status` as of the day; `elsewhere`: another school that has it."""

    case_id: int
    child_id: int
    status: str | None
    opened_on: date
    first_absent_on: date | None
    closed_on: date | None
    outcome: str | None
    reason: str | None
    returned_on: date | None
    has_evidence: bool
    has_second_person: bool
    health: str | None
    sixteen_on: date | None
    has_registry: bool
    is_taught_at_home: bool
    is_poor: bool
    elsewhere: str | None
    unit: str | None = None
    other_id: int | None = None


class MoveFacts(NamedTuple):
    """A movement, the papers held for it, and what came after: `back_on`, the first day at a school again."""

    movement_id: int
    child_id: int
    kind: str
    on: date
    ends_on: date | None
    approved_on: date | None
    matched_on: date | None
    back_on: date | None
    papers: frozenset[str]
    unit: str | None = None
    other_id: int | None = None


class VisitFacts(NamedTuple):
    """A visit; `left_on`: the pupil had left with a transfer and stood on no register that day."""

    visit_id: int
    child_id: int
    on: date
    left_on: date | None
    unit: str | None = None
    other_id: int | None = None


class ReportFacts(NamedTuple):
    """A report of a unit and the rows behind it; None where the rows cannot tell.

    `figures` by column, None for a blank; `before` those of the same unit and duty for the period before. `register`: pupils
    on the register on its last day, `away` of them studying elsewhere or suspended, `listed` absent by name; `dropped` and
    `suspected` by the cases; `poor` pupils; `parts`: the sum of what its classes or schools said.
    """

    report_id: int
    unit: str
    duty: str
    period_from: date
    period_to: date
    signed_on: date | None
    rate_as_written: str | None
    figures: Mapping[str, int | None]
    before_id: int | None = None
    before: Mapping[str, int | None] | None = None
    register: int | None = None
    away: int | None = None
    listed: int | None = None
    dropped: int | None = None
    suspected: int | None = None
    poor: int | None = None
    parts: int | None = None
    is_latest: bool = False
    child_id: int | None = None
    other_id: int | None = None


class ClassFacts(NamedTuple):
    """A class: its baseline of the term, the register on that day and now, and the movements in between."""

    baseline_id: int
    unit: str
    name: str
    pupils: int
    register_then: int
    moved_in: int
    moved_out: int
    register_now: int
    child_id: int | None = None
    other_id: int | None = None


class SchoolFacts(NamedTuple):
    """A school: left-behind files and children; as a key unit the months for which it owes a report, and those it gave."""

    unit: str
    files: int
    left_behind: int
    key_since: date | None = None
    month_missing: str = ""
    child_id: int | None = None
    other_id: int | None = None


class AidFacts(NamedTuple):
    """A child on the registry, the poverty list and the list of aid; `aid`: the living aid it receives, blank for none."""

    child_id: int
    is_poor: bool
    is_registered: bool
    aid: str
    record: str = ""
    unit: str | None = None
    other_id: int | None = None


class Answer(NamedTuple):
    """What a ledger (by code) already says became of a child on a list of differences, and since when."""

    outcome: Verified
    ledger: str
    since: date


class ListFacts(NamedTuple):
    """A child that stands on one list and not on another, by the comparison (a rule's code)."""

    comparison: str
    child_id: int
    detail: str = ""
    record: str = ""
    unit: str | None = None
    other_id: int | None = None
    answer: Answer | None = None
