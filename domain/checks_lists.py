"""四查三比对: one list of children set against another; each child on one and not on the other gets an outcome (R185-R188)."""

from datetime import date

from domain.check_facts import ListFacts
from domain.checks import Ground, Owner, Severity, Side, Sides, rule


def _differ(facts: ListFacts, comparison: str, here: Side, there: Side) -> Sides | None:
    return (here._replace(record=facts.record or f"child:{facts.child_id}"), there) if facts.comparison == comparison else None


@rule(Severity.WARNING, Owner.TOWN, Ground.LISTS, "R041, R073, R125", ListFacts)
def never_enrolled(facts: ListFacts, _day: date) -> Sides | None:
    """Households against the registry: a child of school age that never was on a register."""
    return _differ(facts, "never_enrolled", Side("household_list", "listed"), Side("registry_list"))


@rule(Severity.ERROR, Owner.SCHOOL, Ground.LISTS, "R028, R039", ListFacts)
def absent_without_case(facts: ListFacts, _day: date) -> Sides | None:
    """Registry against school: on the register, without leave on three of the last five school days, and no case opened."""
    return _differ(facts, "absent_without_case", Side("days_away", facts.detail), Side("open_case"))


@rule(Severity.ERROR, Owner.TOWN, Ground.LISTS, "R003, R186", ListFacts)
def poor_dropout(facts: ListFacts, _day: date) -> Sides | None:
    """Dropouts against the poverty list: a child of a poor household that is out of school; none may be."""
    return _differ(facts, "poor_dropout", Side("case_status", facts.detail), Side("poverty_list", "listed"))


@rule(Severity.ERROR, Owner.COUNTY, Ground.LISTS, "R079-R080", ListFacts)
def disabled_without_place(facts: ListFacts, _day: date) -> Sides | None:
    """The disabled against the placements: a disabled child of school age for whom no place is recorded."""
    return _differ(facts, "disabled_without_place", Side("disability", facts.detail), Side("placement"))


@rule(Severity.ERROR, Owner.TOWN, Ground.LISTS, "R071, R193", ListFacts)
def graduate_in_no_grade_seven(facts: ListFacts, _day: date) -> Sides | None:
    """Grade-6 leavers against the intake of grade 7: a graduate that no junior school took in."""
    return _differ(facts, "graduate_in_no_grade_seven", Side("left_grade_six", facts.detail), Side("grade_seven"))


@rule(Severity.WARNING, Owner.SCHOOL, Ground.LISTS, "R201", ListFacts)
def not_on_exam_list(facts: ListFacts, _day: date) -> Sides | None:
    """The register of grade 9 against the exam list: a pupil who was not entered; no school may refuse one."""
    return _differ(facts, "not_on_exam_list", Side("grade_nine", facts.detail), Side("exam_list"))
