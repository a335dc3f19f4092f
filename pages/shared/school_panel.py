"""The list of schools: rate against target, what is left of it, retention, the marks."""

from collections.abc import Mapping, Sequence
from math import ceil

from data_access.schools import SchoolRow
from domain.key_units import Badge, KeyMark
from domain.rates import show_decimal, show_percent
from domain.targets import Verdict, judge
from pages.shared.table import HIGHEST_BAR, Column, columns_of
from pages.shared.view import read_lang, tell

VERDICT_WIDTH = 200  # pixels of the longest verdict in either language
NUMBERS = (
    *("children", "pupils", "baseline", "unassessed", "open_cases", "lost", "deduction", "reward", "visited"),
    *("before", "came", "went", "expected", "now"),
)


def list_schools(
    rows: Sequence[SchoolRow], marks: Mapping[str, KeyMark], badges: Mapping[str, Badge]
) -> tuple[list[dict[str, object]], list[Column]]:
    """The rows of the table and its columns: the rate with its fraction, the target with its level, what is left of it."""
    fraction, used, *own = school_columns("fraction", "used", "margin", "kept", "mark", "badge", "one_child")
    target = Column("target", tell("column.target"), help=tell("column.target.what"))
    first = columns_of("school_name", "stage", pinned="school_name")
    judged = [*columns_of("verdict", width=VERDICT_WIDTH), *columns_of("dropout_rate")]
    columns = [*first, *judged, fraction, target, used, *own, *columns_of("poor_lost", "town_name")]
    return [{**_rate_values(row), **_say_marks(row, marks, badges)} for row in rows], columns


def _say_marks(row: SchoolRow, marks: Mapping[str, KeyMark], badges: Mapping[str, Badge]) -> dict[str, object]:
    mark = marks.get(row.school_code, KeyMark.NONE)
    return {
        "mark": None if mark is KeyMark.NONE else tell(f"keymark.{mark}"),
        "badge": tell(f"badge.{badges[row.school_code]}") if row.school_code in badges else None,
    }


def _rate_values(row: SchoolRow) -> dict[str, object]:
    rate, target = row.rate, row.target
    return {
        "school_name": row.school_name,
        "stage": tell(f"stage.{row.stage}"),
        "verdict": say_verdict(row),
        "dropout_rate": None if rate.fraction is None else float(rate.fraction),
        "fraction": tell("rate.no_data") if rate.fraction is None else f"{rate.numerator:,}/{rate.denominator:,}",
        "target": f"{show_percent(target.value)} · {tell(f'level.{target.level}')}" if target else tell("target.unset"),
        "used": used_up(row),
        "kept": say_kept(row),
        "margin": None if row.margin is None else say_margin(row.margin),
        "one_child": None if row.one_child is None else tell("schools.points", points=show_decimal(row.one_child)),
        "poor_lost": row.poor_lost or None,
        "town_name": row.town_name,
    }


def used_up(row: SchoolRow) -> int | None:
    """How much of what may be lost is lost, in per cent for a bar: full at the target and over it; None without a target."""
    rate, target = row.rate, row.target
    if target is None or rate.fraction is None:
        return None
    if rate.numerator <= 0:
        return 0
    return min(HIGHEST_BAR, ceil(100 * rate.fraction / target.value)) if target.value else HIGHEST_BAR


def say_kept(row: SchoolRow) -> str | None:
    """Retention of the last grade with its fraction, and the verdict where a target is set for it."""
    if row.cohort is None or row.kept_rate.fraction is None:
        return None
    told = row.kept_rate.show_with_counts(read_lang())
    return f"{told} · {tell(f'verdict.{row.kept_verdict}')}" if row.kept_target else told


def is_missed_by_poor(row: SchoolRow) -> bool:
    """Whether it is not the rate that misses the target but a lost child from a poor household (R003)."""
    return row.verdict is Verdict.MISSED and judge(row.rate, row.target, row.year_over) is not Verdict.MISSED


def say_verdict(row: SchoolRow) -> str:
    """The verdict in words, with the reason where the rate alone does not show it."""
    words = tell(f"verdict.{row.verdict}")
    return f"{words} · {tell('schools.missed_poor')}" if is_missed_by_poor(row) else words


def school_columns(*names: str) -> list[Column]:
    kinds = {**dict.fromkeys(NUMBERS, "number"), "counted": "flag", "used": "bar"}
    return [
        Column(name, tell(f"schools.{name}"), kinds.get(name, "text"), tell(f"schools.{name}.what"))  # type: ignore[arg-type]
        for name in names
    ]


def say_margin(margin: int) -> str:
    """How many more children may be lost, in words: 0 means that the next one misses the target."""
    if margin < 0:
        return tell("schools.over", count=-margin)
    return tell("schools.left", count=margin) if margin else tell("schools.edge")
