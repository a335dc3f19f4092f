"""school_count: for each school, stage and school year the starting roll and the losses, as step functions of the as-of date."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select

from data_access.derive_losses import LOST
from data_access.engine import business_date
from data_access.schema import LOSSES, OPEN_END, child_place, group_spell, loss_spell, school_count
from domain.groups import Group
from domain.school_year import school_year_of

POOR_LOST = LOST | {"transition_loss"}  # R003: not one, on the way to junior school neither
KEPT_YEARS = 6  # school years before the current one
Key = tuple[str, str, int]  # school code, stage, school year
Steps = dict[date, dict[str, int]]  # what changes on a day


def rebuild_school_counts(conn: Connection, schools: Collection[str] | None = None) -> None:
    """Write school_count anew, for all schools or for some, from KEPT_YEARS ago to the one after today's.

    `start_count`: pupils placed in school and stage on 1 September and not lost then. The components are those of
    domain.rate_families.LossCounts; `poor_lost`: the lost from poor households, those lost
    between primary and junior school included (R003).
    """
    conn.execute(delete(school_count) if schools is None else delete(school_count).where(school_count.c.school_code.in_(schools)))
    starts = _start_counts(conn, schools)
    changes = _changes(conn, schools)
    rows = [row for key in sorted({*starts, *changes}) for row in _rows(key, starts.get(key, 0), changes.get(key, {}))]
    if rows:
        conn.execute(insert(school_count), rows)


def _years(conn: Connection) -> range:
    this_year = school_year_of(business_date(conn))
    return range(this_year - KEPT_YEARS, this_year + 2)


def _start_counts(conn: Connection, schools: Collection[str] | None) -> dict[Key, int]:
    """Places that hold on 1 September, less those of children lost then; both are read once for all years."""
    place, loss = child_place.c, loss_spell.c
    at_school = place.school_code.is_not(None) if schools is None else place.school_code.in_(schools)
    spans = (place.school_code, place.stage, place.valid_from, place.valid_to)
    starts = {year: date(year, 9, 1) for year in _years(conn)}
    counts: defaultdict[Key, int] = defaultdict(int)
    for school_code, stage, begins, ends, children in conn.execute(
        select(*spans, func.count()).where(at_school).group_by(*spans)
    ):
        for year, day in starts.items():
            if begins <= day < ends:
                counts[school_code, stage, year] += children
    lost = select(place.child_id, *spans, loss.valid_from, loss.valid_to).join(loss_spell, loss.child_id == place.child_id)
    gone = {
        (child_id, (school_code, stage, year))
        for child_id, school_code, stage, begins, ends, lost_from, back_on in conn.execute(
            lost.where(at_school, loss.kind.in_(LOST))
        )
        for year, day in starts.items()
        if begins <= day < ends and lost_from < day < back_on
    }
    for _, key in gone:
        counts[key] -= 1
    return {key: count for key, count in counts.items() if count}


def _changes(conn: Connection, schools: Collection[str] | None) -> dict[Key, Steps]:
    found: defaultdict[Key, Steps] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    poor = exists().where(
        group_spell.c.child_id == loss_spell.c.child_id,
        group_spell.c.group_name == Group.POOR.value,
        group_spell.c.valid_from <= loss_spell.c.valid_from,
        group_spell.c.valid_to > loss_spell.c.valid_from,
    )
    chosen = select(loss_spell, poor.label("is_poor"))
    if schools is not None:
        chosen = chosen.where(loss_spell.c.school_code.in_(schools))
    for loss in conn.execute(chosen):
        steps = found[loss.school_code, loss.stage, loss.school_year]
        for name, begins, ends in _counted(loss):
            steps[begins][name] += 1
            steps[ends][name] -= 1
    return dict(found)


def _counted(loss: Any) -> Iterator[tuple[str, date, date]]:
    yield loss.kind, loss.valid_from, loss.valid_to
    if loss.is_poor and loss.kind in POOR_LOST:
        yield "poor_lost", loss.valid_from, loss.valid_to
    if loss.back_until:
        yield "returned", loss.valid_to, loss.back_until


def _rows(key: Key, start_count: int, steps: Steps) -> Iterator[dict[str, Any]]:
    school_code, stage, year = key
    running = dict.fromkeys((*LOSSES, "poor_lost"), 0)
    days = sorted({date(year, 9, 1), *steps} - {OPEN_END})
    for day, until in zip(days, [*days[1:], OPEN_END], strict=True):
        for name, change in steps.get(day, {}).items():
            running[name] += change
        yield {
            "school_code": school_code, "stage": stage, "school_year": year, "valid_from": day, "valid_to": until,
            "start_count": start_count, **running,
        }  # fmt: skip
