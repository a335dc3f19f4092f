"""Contradictions inside a report, between a report and the rows behind it, and between one report and the next."""

from collections.abc import Mapping
from datetime import date

from domain.check_facts import ReportFacts
from domain.checks import Ground, Owner, Severity, Side, Sides, count_text, day_text, rule
from domain.faults import Fault
from domain.published_figures import check_not_copied, check_rate, check_signed
from domain.rates import Rate
from domain.written_numbers import parse_number

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "daily_report": ("expected", "present", "truant", "suspected", "dropped"),
    "weekly_report": ("expected", "present", "truant", "suspected", "dropped"),
    "monthly_ledger": ("expected", "suspected", "dropped"),
    "key_unit_report": ("expected", "suspected", "dropped"),
    "term_report": ("expected",),
}
ABSENT = ("sick", "on_leave", "truant")
PARTS = ("present", *ABSENT, "suspended", "suspected", "dropped")  # none of them is more than the pupils expected
OF_DROPPED = ("dropped_poor", "dropped_disabled", "dropped_left_behind")
DAILY = "daily_report"
COPIED_FIGURES = 3  # that are not zero: two quiet months are alike without anybody copying
ONE_DAY, OVER_WEEKEND, MONDAY = 1, 3, 0


def _report(facts: ReportFacts, what: str, value: str = "") -> Side:
    return Side(what, value, f"unit_report:{facts.report_id}")


def _differ(facts: ReportFacts, figure: str, told: int | None, rows: str, counted: int | None) -> Sides | None:
    if told is None or counted is None or told == counted:
        return None
    return _report(facts, f"told_{figure}", count_text(told)), Side(rows, count_text(counted), f"unit:{facts.unit}")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.REPORTS, "R029, R035", ReportFacts)
def absentees_not_listed(facts: ReportFacts, _day: date) -> Sides | None:
    """Expected less present is not the number of pupils listed absent by name, or not the sum of the report's own reasons."""
    expected, present = facts.figures.get("expected"), facts.figures.get("present")
    if facts.duty != DAILY or expected is None or present is None:
        return None
    reasons = [facts.figures.get(name) for name in ABSENT]
    told = None if None in reasons else sum(number for number in reasons if number is not None)
    by_name = _differ(facts, "absent", expected - present, "listed_absent", facts.listed)
    return by_name or _differ(facts, "absent", expected - present, "told_reasons", told)


@rule(Severity.WARNING, Owner.SCHOOL, Ground.REPORTS, "R029, R184", ReportFacts)
def roll_not_register(facts: ReportFacts, _day: date) -> Sides | None:
    """The roll of the latest daily report is not the register, less those who study elsewhere or are suspended."""
    expected = facts.figures.get("expected")
    if facts.duty != DAILY or not facts.is_latest or expected is None or facts.register is None:
        return None
    fewest = facts.register - (facts.away or 0)
    if fewest <= expected <= facts.register:
        return None
    return _differ(facts, "expected", expected, "register", fewest if expected < fewest else facts.register)


@rule(Severity.WARNING, Owner.SCHOOL, Ground.REPORTS, "R035", ReportFacts)
def dropouts_not_rows(facts: ReportFacts, _day: date) -> Sides | None:
    """The dropouts or suspected dropouts of a report are not those of the cases on its last day."""
    dropped = _differ(facts, "dropped", facts.figures.get("dropped"), "case_dropped", facts.dropped)
    return dropped or _differ(facts, "suspected", facts.figures.get("suspected"), "case_suspected", facts.suspected)


@rule(Severity.WARNING, Owner.SCHOOL, Ground.REPORTS, "R170", ReportFacts)
def headcount_not_continued(facts: ReportFacts, _day: date) -> Sides | None:
    """Pupils of the report before, and those moved in less those moved out, are not the pupils of this one."""
    now, moved_in, moved_out = (facts.figures.get(name) for name in ("expected", "moved_in", "moved_out"))
    before = facts.before.get("expected") if facts.before else None
    if None in (now, moved_in, moved_out, before):
        return None
    due = (before or 0) + (moved_in or 0) - (moved_out or 0)
    with_suspended = due + (facts.figures.get("resumed") or 0) - (facts.figures.get("suspended") or 0)
    return None if now == with_suspended else _differ(facts, "expected", now, "told_before_and_moves", due)


@rule(Severity.WARNING, Owner.SCHOOL, Ground.REPORTS, "R197", ReportFacts)
def identical_figures(facts: ReportFacts, _day: date) -> Sides | None:
    """The figures of one period again in the next; of daily reports, which are alike by nature, none is asked about."""
    if facts.duty == DAILY or facts.before is None or sum(bool(number) for number in facts.figures.values()) < COPIED_FIGURES:
        return None
    if check_not_copied(list(facts.figures.values()), [facts.before.get(name) for name in facts.figures]).holds is not False:
        return None
    return _report(facts, "period", day_text(facts.period_from)), Side("same_as_before", "", f"unit_report:{facts.before_id}")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.REPORTS, "R197", ReportFacts)
def signed_before_period(facts: ReportFacts, _day: date) -> Sides | None:
    """A report signed before its period began."""
    if check_signed(facts.signed_on, facts.period_from).holds is not False:
        return None
    return _report(facts, "signed_on", day_text(facts.signed_on)), _report(facts, "period", day_text(facts.period_from))


@rule(Severity.ERROR, Owner.SCHOOL, Ground.REPORTS, "R183", ReportFacts)
def period_impossible(facts: ReportFacts, _day: date) -> Sides | None:
    """A report whose period ends before it begins."""
    if facts.period_to >= facts.period_from:
        return None
    begins, ends = day_text(facts.period_from), day_text(facts.period_to)
    return _report(facts, "period", begins), _report(facts, "period_ends", ends)


@rule(Severity.ERROR, Owner.SCHOOL, Ground.REPORTS, "R008", ReportFacts)
def letter_in_number(facts: ReportFacts, _day: date) -> Sides | None:
    """A letter O where a zero belongs, or a rate that is no number at all."""
    read = parse_number(facts.rate_as_written)
    if read is None or not (isinstance(read, Fault) or read.mended):
        return None
    return _report(facts, "told_rate", facts.rate_as_written or ""), Side("number_needed")


@rule(Severity.WARNING, Owner.SCHOOL, Ground.REPORTS, "R179", ReportFacts)
def rate_without_base(facts: ReportFacts, _day: date) -> Sides | None:
    """A percentage without its numerator or denominator."""
    read = parse_number(facts.rate_as_written)
    if read is None or None not in (facts.figures.get("dropped"), facts.figures.get("expected")):
        return None
    return _report(facts, "told_rate", facts.rate_as_written or ""), _report(facts, "both_counts")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.REPORTS, "R171", ReportFacts)
def rate_not_recomputed(facts: ReportFacts, _day: date) -> Sides | None:
    """A published rate that its own counts do not give, at the decimals it was written with."""
    read, dropped, expected = parse_number(facts.rate_as_written), facts.figures.get("dropped"), facts.figures.get("expected")
    if read is None or isinstance(read, Fault) or read.mended or dropped is None or not expected:
        return None
    found = check_rate(read.value, Rate(dropped, expected), _decimals(facts.rate_as_written or ""))
    if found.holds is not False:
        return None
    return _report(facts, "told_rate", facts.rate_as_written or ""), _report(facts, "recomputed", found.recomputed)


def _decimals(written: str) -> int:
    return sum(char.isdigit() for char in written.partition(".")[2])


@rule(Severity.ERROR, Owner.SCHOOL, Ground.REPORTS, "R173", ReportFacts)
def poor_more_than_all(facts: ReportFacts, _day: date) -> Sides | None:
    """More dropouts of one group, the poor, the disabled or the left-behind, than dropouts."""
    dropped = facts.figures.get("dropped")
    for name in OF_DROPPED:
        part = facts.figures.get(name)
        if part is not None and dropped is not None and part > dropped:
            return _report(facts, f"told_{name}", count_text(part)), _report(facts, "told_dropped", count_text(dropped))
    return None


@rule(Severity.ERROR, Owner.SCHOOL, Ground.REPORTS, "R172, R183", ReportFacts)
def poor_dropouts_over_poor(facts: ReportFacts, _day: date) -> Sides | None:
    """More dropouts from poor households than pupils from poor households."""
    told = facts.figures.get("dropped_poor")
    if told is None or facts.poor is None or told <= facts.poor:
        return None
    poor = Side("poor_pupils", count_text(facts.poor), f"unit:{facts.unit}")
    return _report(facts, "told_dropped_poor", count_text(told)), poor


@rule(Severity.WARNING, Owner.SCHOOL, Ground.REPORTS, "R196, R031", ReportFacts)
def blank_figure(facts: ReportFacts, _day: date) -> Sides | None:
    """A report that was handed in with a figure left blank: nothing to report is a written 0."""
    if facts.signed_on is None:
        return None
    blank = next((name for name in REQUIRED.get(facts.duty, ()) if facts.figures.get(name) is None), None)
    return None if blank is None else (_report(facts, f"told_{blank}"), Side("zero_or_figure"))


@rule(Severity.ERROR, Owner.SCHOOL, Ground.REPORTS, "R183", ReportFacts)
def figure_out_of_range(facts: ReportFacts, _day: date) -> Sides | None:
    """A figure below zero, or a part of the pupils larger than all of them."""
    expected = facts.figures.get("expected")
    for name, number in facts.figures.items():
        if number is not None and number < 0:
            return _report(facts, f"told_{name}", count_text(number)), Side("at_least", "0")
        if number is not None and expected is not None and name in PARTS and number > expected >= 0:
            return _report(facts, f"told_{name}", count_text(number)), _report(facts, "told_expected", count_text(expected))
    return None


@rule(Severity.ERROR, Owner.SCHOOL, Ground.REPORTS, "R170, R183", ReportFacts)
def school_not_classes(facts: ReportFacts, _day: date) -> Sides | None:
    """The pupils of a school's term report are not the sum of its classes."""
    return _differ(facts, "expected", facts.figures.get("expected"), "sum_of_classes", facts.parts) if _of_term(facts) else None


@rule(Severity.ERROR, Owner.TOWN, Ground.REPORTS, "R170, R183", ReportFacts)
def town_not_schools(facts: ReportFacts, _day: date) -> Sides | None:
    """The pupils of a town's written report are not the sum of what its schools reported for that month."""
    written = facts.duty == "written_report"
    return _differ(facts, "expected", facts.figures.get("expected"), "sum_of_schools", facts.parts) if written else None


def _of_term(facts: ReportFacts) -> bool:
    return facts.duty == "term_report"


def follows(before_ends: date, begins: date) -> bool:
    """Whether a period follows another at once: the next day, or the Monday after a Friday."""
    gap = (begins - before_ends).days
    return gap == ONE_DAY or (gap == OVER_WEEKEND and begins.weekday() == MONDAY)
