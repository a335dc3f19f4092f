"""Reports that contradict themselves or the rows behind them, on purpose (数据打架): true ones, spoiled one by one."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from data_access.demo_reports import DAILY, MONTHLY, TERM, WRITTEN
from data_access.demo_world import World
from data_access.schema import (
    case_interval,
    child_place,
    class_baseline,
    document,
    exam_entry,
    group_spell,
    school,
    school_class,
    unit_report,
)
from domain.groups import Group

COUNTS = ("expected", "suspected", "dropped")
NOT_ENTERED = 3


class Spoiler:
    """The reports in the order of their numbers, each handed out once."""

    def __init__(self, conn: Connection, world: World) -> None:
        self.conn, self.world, self.used = conn, world, set[int]()
        self._rows = conn.execute(select(unit_report).order_by(unit_report.c.id)).all()
        self._daily = {(row.unit_code, row.period_from) for row in self._rows if row.duty == DAILY}
        self._poor = self._count_poor()

    def _count_poor(self) -> dict[str, int]:
        place, group, day = child_place.c, group_spell.c, self.world.as_of.replace(day=1) - timedelta(days=1)
        query = select(place.school_code, func.count()).join(group_spell, group.child_id == place.child_id)
        query = query.where(place.valid_from <= day, place.valid_to > day, group.valid_from <= day, group.valid_to > day)
        query = query.where(group.group_name == Group.POOR.value, place.school_code.is_not(None)).group_by(place.school_code)
        return {row[0]: row[1] for row in self.conn.execute(query)}

    def take(self, duty: str, fits: Callable[[Row[Any]], bool] = lambda _row: True) -> Row[Any]:
        """The next report of a duty that nothing was done to and that fits."""
        row = next(row for row in self._rows if row.duty == duty and row.id not in self.used and fits(row))
        self.used.add(row.id)
        return row

    def poor(self, row: Row[Any]) -> int:
        """Pupils of poor households of the school that made a report, at the end of last month."""
        return self._poor.get(row.unit_code, 0)

    def reported_on(self, row: Row[Any], day: date) -> bool:
        """Whether the same unit handed in a daily report on that day."""
        return (row.unit_code, day) in self._daily

    def lost(self, unit: str, day: date) -> tuple[int, int]:
        """Suspected and dropped out by the cases of a school on a day."""
        span = case_interval.c
        query = select(span.status, func.count()).where(span.school_code == unit, span.valid_from <= day, span.valid_to > day)
        counts = {row[0]: row[1] for row in self.conn.execute(query.group_by(span.status))}
        return counts.get("suspected", 0), counts.get("dropout", 0) + counts.get("persuasion", 0)

    def change(self, rule: str, row: Row[Any], **values: Any) -> None:
        """Change a report and note what it now contradicts."""
        self.conn.execute(update(unit_report).where(unit_report.c.id == row.id).values(values))
        self.world.contradict(rule, "unit_report", row.id)


def spoil_reports(conn: Connection, world: World) -> None:
    """One report, one baseline and one list of each kind."""
    it = Spoiler(conn, world)
    for kind in (_daily, _monthly, _poor, _copied, _of_term, _of_town, _baseline, _files, _exam_list):
        kind(it)


def _daily(it: Spoiler) -> None:
    row = it.take(DAILY)
    it.change("absentees_not_listed", row, present=row.present - 3)
    row = it.take(DAILY)
    it.change("signed_before_period", row, submitted_at=row.submitted_at - timedelta(days=2))
    *_, before, day, _today = it.world.school_days
    row = it.take(DAILY, lambda row: row.period_to == day and it.reported_on(row, before))
    it.change("headcount_not_continued", row, moved_in=row.moved_in + 2)
    it.change("figure_out_of_range", it.take(DAILY), returned=-1)
    row = it.take(DAILY, lambda row: row.period_to == it.world.as_of)
    more = 40
    it.change("roll_not_register", row, expected=row.expected + more, present=row.present + more, moved_in=row.moved_in + more)


def _monthly(it: Spoiler) -> None:
    """A letter for a digit, a percentage of nothing, one that the counts do not give, and a dropout that is no case."""
    it.change("letter_in_number", it.take(MONTHLY), rate_as_written="O.8%")
    row = it.take(MONTHLY)
    it.change("rate_without_base", row, rate_as_written="0.4%", **dict.fromkeys(COUNTS))
    it.world.contradict("blank_figure", "unit_report", row.id)
    it.change("rate_not_recomputed", it.take(MONTHLY), rate_as_written="7.5%")
    row = it.take(MONTHLY)
    it.change("dropouts_not_rows", row, dropped=row.dropped + 1)


def _poor(it: Spoiler) -> None:
    """More poor dropouts than dropouts; and more than poor pupils, which takes more dropouts than there are cases too."""
    row = it.take(MONTHLY, lambda row: it.poor(row) > row.dropped)
    it.change("poor_more_than_all", row, dropped_poor=row.dropped + 1)
    row = it.take(MONTHLY)
    more = it.poor(row) + 1
    it.change("poor_dropouts_over_poor", row, dropped_poor=more, dropped=more)
    it.world.contradict("dropouts_not_rows", "unit_report", row.id)


def _copied(it: Spoiler) -> None:
    """The figures of one month again in the next (R197)."""
    row = it.take(MONTHLY)
    told = {"truant": 3, "sick": 5, "on_leave": 4}
    it.change("identical_figures", row, **told)
    ends = row.period_from - timedelta(days=1)
    before = {name: value for name, value in row._mapping.items() if name != "id"} | told
    before |= {"period_from": ends.replace(day=1), "period_to": ends}
    copy = it.conn.execute(insert(unit_report).values(before)).inserted_primary_key
    if copy and it.lost(row.unit_code, ends) != (row.suspected, row.dropped):
        it.world.contradict("dropouts_not_rows", "unit_report", copy[0])


def _of_term(it: Spoiler) -> None:
    row = it.take(TERM)
    it.change("school_not_classes", row, expected=row.expected + 3)
    row = it.take(TERM)
    it.change("period_impossible", row, period_to=row.period_from - timedelta(days=1))


def _of_town(it: Spoiler) -> None:
    blanks = {row.unit_code for row in it.conn.execute(select(unit_report).where(unit_report.c.expected.is_(None)))}
    towns = {town for code, town in it.conn.execute(select(school.c.code, school.c.town_code)) if code in blanks}
    row = it.take(WRITTEN, lambda row: row.expected is not None and row.unit_code not in towns)
    it.change("town_not_schools", row, expected=(row.expected or 0) + 100)


def _baseline(it: Spoiler) -> None:
    """A class with four pupils more than its register; the sum of its school's classes is wrong with it."""
    kept, its = class_baseline.c, school_class.c
    query = select(kept.id, kept.pupils, its.school_code).join(school_class, its.id == kept.class_id).order_by(kept.id)
    terms = {row.unit_code: row.id for row in it._rows if row.duty == TERM and row.id not in it.used}
    row = next(row for row in it.conn.execute(query) if row.school_code in terms)
    it.conn.execute(update(class_baseline).where(kept.id == row.id).values(pupils=row.pupils + 4))
    it.world.contradict("classes_not_the_school", "class_baseline", row.id)
    it.world.contradict("school_not_classes", "unit_report", terms[row.school_code])


def _files(it: Spoiler) -> None:
    """A school with a file more than it has left-behind children: one for a pupil who is none."""
    place, day = child_place.c, it.world.as_of
    left = select(group_spell.c.child_id).where(
        group_spell.c.group_name.in_((Group.LEFT_BEHIND_EDUCATION.value, Group.LEFT_BEHIND_CIVIL.value)),
        group_spell.c.valid_from <= day,
        group_spell.c.valid_to > day,
    )
    pupils = select(place.child_id, place.school_code, place.child_id.in_(left).label("is_left"))
    pupils = pupils.where(place.valid_from <= day, place.valid_to > day, place.school_code.is_not(None))
    pupils = pupils.where(place.school_code == next(iter(sorted(it._poor)))).order_by(place.child_id)
    rows = it.conn.execute(pupils).all()
    filed = [row.child_id for row in rows if row.is_left] + [next(row.child_id for row in rows if not row.is_left)]
    school_code = rows[0].school_code
    told = {"kind": "left_behind_file", "unit_code": school_code, "issued_on": day.replace(day=1)}
    it.conn.execute(insert(document), [{"child_id": number, **told} for number in filed])
    it.world.contradict("files_over_children", "school", int(school_code))


def _exam_list(it: Spoiler) -> None:
    """Three pupils of grade 9 who were not entered."""
    entry = exam_entry.c
    children = it.conn.execute(select(entry.child_id).order_by(entry.child_id).limit(NOT_ENTERED)).scalars().all()
    it.conn.execute(delete(exam_entry).where(entry.child_id.in_(children)))
    it.world.contradict("not_on_exam_list", "child", *children)
