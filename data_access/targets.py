"""The dated target table."""

from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from data_access.schema import OPEN_END, target
from domain.targets import Comparison, Indicator, Level, Target


def read_targets(conn: Connection, school_year: int, as_of: date) -> list[Target]:
    """Every target for a school year that stood in the table on `as_of`."""
    chosen = select(target).where(target.c.school_year == school_year, target.c.valid_from <= as_of, target.c.valid_to > as_of)
    return [_target(row) for row in conn.execute(chosen.order_by(target.c.id))]


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
