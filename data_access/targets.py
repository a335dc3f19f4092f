"""The dated target table: read, and changed by the bureau."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from data_access import audit
from data_access.schema import OPEN_END, school, target
from data_access.settings_write import allowed
from data_access.writing import write
from domain.errors import ProblemError
from domain.scope import Scope
from domain.targets import Comparison, Indicator, Level, Target, check_target


def read_targets(conn: Connection, school_year: int, as_of: date) -> list[Target]:
    """Every target for a school year that stood in the table on `as_of`."""
    chosen = select(target).where(target.c.school_year == school_year, target.c.valid_from <= as_of, target.c.valid_to > as_of)
    return [_target(row) for row in conn.execute(chosen.order_by(target.c.id))]


@dataclass(frozen=True)
class TargetLine:
    """A line of the table with its number, who set it and when it was written down."""

    target_id: int
    target: Target
    set_by: str
    recorded_at: datetime


def read_target_lines(conn: Connection, county: str) -> list[TargetLine]:
    """Every line for the county, its towns and schools and the areas above, ended ones too, the latest first."""
    schools = select(school.c.code).where(school.c.county_code == county)
    units = target.c.unit_code
    of_county = units.in_([county[:2], county[:4], county]) | units.startswith(county) | units.in_(schools)
    rows = conn.execute(select(target).where(of_county).order_by(target.c.recorded_at.desc(), target.c.id.desc()))
    return [TargetLine(row.id, _target(row), row.set_by or "", row.recorded_at) for row in rows]


def set_targets(engine: Engine, scope: Scope, county: str, lines: Sequence[Target]) -> None:
    """Put lines into the table, all or none; each ends the one it replaces on its first day.

    Raises ProblemError for a line that cannot stand, ScopeError for a role or county that may not.
    """
    for new in lines:
        allowed(scope, county, new.valid_from, new.document)
        check_target(new, county)
    with write(engine, county) as conn:
        for new in lines:
            _set(conn, engine, scope, county, new)


def _set(conn: Connection, engine: Engine, scope: Scope, county: str, new: Target) -> None:
    told = " ".join(new.document.split())
    _require_unit(conn, county, new)
    until = _end_same(conn, new)
    row = {"level": new.level.value, "unit_code": new.unit_code, "stage": new.stage, "school_year": new.school_year}
    share = {"value_num": new.value.numerator, "value_den": new.value.denominator}
    rule = {"indicator": new.indicator.value, "comparison": new.comparison.value}
    conn.execute(
        insert(target).values(**row, **rule, **share, document=told, set_by=scope.user, valid_from=new.valid_from, valid_to=until)
    )
    said = f"{new.unit_code} {new.stage or '*'} {new.school_year} {new.indicator} {new.comparison} {new.value}"
    audit.record(engine, scope, "target.set", county=county, filter_text=f"{said} ({new.valid_from})", reason=told)


def end_target(engine: Engine, scope: Scope, county: str, target_id: int, *, ends: date, document: str) -> None:
    """Take a line out of the table from a day on: what stood before that day is still shown for it.

    Raises ProblemError target.no_such_line, ScopeError.
    """
    told = allowed(scope, county, ends, document)
    with write(engine, county) as conn:
        line = next((one for one in read_target_lines(conn, county) if one.target_id == target_id), None)
        if line is None or not line.target.in_force(ends) or not _is_own(line.target, county):
            raise ProblemError("target.no_such_line")
        conn.execute(update(target).where(target.c.id == target_id).values(valid_to=ends))
        audit.record(engine, scope, "target.end", county=county, row_ids=[target_id], filter_text=ends.isoformat(), reason=told)


def _is_own(line: Target, county: str) -> bool:
    """Whether the bureau set it: targets from above are entered by it too, so that every verdict can name them."""
    return line.unit_code.startswith(county) or county.startswith(line.unit_code) or len(line.unit_code) == 10


def _require_unit(conn: Connection, county: str, new: Target) -> None:
    if new.level is not Level.SCHOOL:
        return
    found = select(school.c.code).where(school.c.code == new.unit_code, school.c.county_code == county)
    if conn.execute(found).first() is None:
        raise ProblemError("target.unit_unknown")


def _end_same(conn: Connection, new: Target) -> date:
    """End the line that the new one replaces; the day on which a line that is already dated later replaces the new one."""
    line = target.c
    same = (
        line.unit_code == new.unit_code,
        line.level == new.level.value,
        line.stage == new.stage if new.stage else line.stage.is_(None),
        line.school_year == new.school_year,
        line.indicator == new.indicator.value,
        line.comparison.in_([one.value for one in Comparison if one.is_ceiling == new.comparison.is_ceiling]),
    )
    later = select(func.min(line.valid_from)).where(*same, line.valid_from > new.valid_from, line.valid_to > line.valid_from)
    in_force = (line.valid_from <= new.valid_from, line.valid_to > new.valid_from)
    conn.execute(update(target).where(*same, *in_force).values(valid_to=new.valid_from))
    return conn.execute(later).scalar() or OPEN_END


def _target(row: Any) -> Target:
    return Target(
        level=Level(row.level),
        unit_code=row.unit_code,
        stage=row.stage,
        school_year=row.school_year,
        indicator=Indicator(row.indicator),
        comparison=Comparison(row.comparison),
        value=Fraction(row.value_num, row.value_den),
        document=row.document,
        valid_from=row.valid_from,
        valid_to=None if row.valid_to == OPEN_END else row.valid_to,
    )
