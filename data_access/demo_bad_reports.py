"""Reports that contradict themselves or the rows behind them, on purpose (数据打架)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from data_access.demo_reports import DAILY, MONTHLY
from data_access.demo_world import World
from data_access.schema import class_baseline, unit_report

COUNTS = ("expected", "suspected", "dropped")


def record_bad_reports(world: World) -> None:
    """One report, or one baseline, of each kind."""
    reports = world.book.rows(unit_report)
    daily = iter([row for row in reports if row["duty"] == DAILY and row.get("present")])
    monthly = iter([row for row in reports if row["duty"] == MONTHLY])
    _not_adding_up(world, daily)
    _signed_too_early(world, daily)
    _odd_percentages(world, monthly)
    _more_poor_than_all(world, monthly)
    _copied(world, monthly)
    baseline = world.book.rows(class_baseline)[0]
    baseline["pupils"] += 4
    world.contradict("classes_not_the_school", "class_baseline", baseline["id"])


def _not_adding_up(world: World, daily: Iterator[dict[str, Any]]) -> None:
    row = next(daily)
    row["present"] -= 3
    world.contradict("absentees_not_listed", "unit_report", row["id"])


def _signed_too_early(world: World, daily: Iterator[dict[str, Any]]) -> None:
    row = next(daily)
    row["submitted_at"] -= timedelta(days=2)
    world.contradict("signed_before_period", "unit_report", row["id"])


def _odd_percentages(world: World, monthly: Iterator[dict[str, Any]]) -> None:
    """A letter for a digit, a percentage of nothing, and one that the counts do not give."""
    for rule, written in (("letter_in_number", "O.8%"), ("rate_without_base", "0.4%"), ("rate_not_recomputed", "7.5%")):
        row = next(monthly)
        row["rate_as_written"] = written
        if rule == "rate_without_base":
            row |= dict.fromkeys(COUNTS)
        world.contradict(rule, "unit_report", row["id"])


def _more_poor_than_all(world: World, monthly: Iterator[dict[str, Any]]) -> None:
    row = next(monthly)
    row["dropped_poor"] = row["dropped"] + 2
    world.contradict("poor_more_than_all", "unit_report", row["id"])


def _copied(world: World, monthly: Iterator[dict[str, Any]]) -> None:
    """The figures of one month again in the next (R197)."""
    row = next(monthly)
    row |= {"truant": 3, "sick": 5, "on_leave": 4}
    month = timedelta(days=row["period_from"].day)
    ends = row["period_from"] - month
    copy = {name: value for name, value in row.items() if name != "id"} | {"period_from": ends.replace(day=1), "period_to": ends}
    world.contradict("identical_figures", "unit_report", row["id"], world.book.add(unit_report, **copy))
