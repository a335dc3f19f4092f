"""Contradictions between headcounts: classes against the register and the movements, files against children, key units."""

from datetime import date

from domain.check_facts import ClassFacts, SchoolFacts
from domain.checks import Ground, Owner, Severity, Side, Sides, count_text, day_text, rule


@rule(Severity.ERROR, Owner.SCHOOL, Ground.REPORTS, "R184, R162", ClassFacts)
def classes_not_the_school(facts: ClassFacts, _day: date) -> Sides | None:
    """The headcount fixed for a class is not that of the register on its day."""
    if facts.pupils == facts.register_then:
        return None
    fixed = Side("class_baseline", count_text(facts.pupils), f"class_baseline:{facts.baseline_id}")
    return fixed, Side("register", count_text(facts.register_then), f"unit:{facts.unit}")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.REPORTS, "R170, R035", ClassFacts)
def class_headcount(facts: ClassFacts, _day: date) -> Sides | None:
    """The pupils of a class at the start of term, those moved in less those moved out, are not the pupils it has now."""
    due = facts.register_then + facts.moved_in - facts.moved_out
    if due == facts.register_now:
        return None
    now = Side("register_now", count_text(facts.register_now), f"class_baseline:{facts.baseline_id}")
    return now, Side("start_and_moves", count_text(due), f"unit:{facts.unit}")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.REPORTS, "R064, R177", SchoolFacts)
def files_over_children(facts: SchoolFacts, _day: date) -> Sides | None:
    """A school keeps more left-behind files than it has left-behind children."""
    if facts.files <= facts.left_behind:
        return None
    files = Side("left_behind_files", count_text(facts.files), f"unit:{facts.unit}")
    return files, Side("left_behind_children", count_text(facts.left_behind), f"unit:{facts.unit}")


@rule(Severity.ERROR, Owner.COUNTY, Ground.REPORTS, "R112", SchoolFacts)
def key_unit_without_report(facts: SchoolFacts, _day: date) -> Sides | None:
    """A listed key unit without its monthly report."""
    if not facts.month_missing:
        return None
    listed = Side("key_unit_since", day_text(facts.key_since), f"unit:{facts.unit}")
    return listed, Side("report_missing", facts.month_missing, f"unit:{facts.unit}")
