"""What a row of the case list says, as one statement over case_interval, put together once: that takes longer than fifty rows."""

from collections import namedtuple
from typing import Any

from sqlalchemy import ColumnElement, Date, ScalarSelect, Select, Table, and_, bindparam, select

from data_access.line_owners import with_owner_names
from data_access.schema import area, case_file, case_interval, child, child_place, school
from data_access.scoped import counted_at, on
from domain.case_filter import Basis

AS_OF = bindparam("as_of", type_=Date)
spans = case_interval.c


def _name_of(table: Table, code: ColumnElement[Any]) -> ScalarSelect[Any]:
    """Looked up, not joined: in how many orders tables may be joined is what PostgreSQL thinks longest about."""
    return select(table.c.name).where(table.c.code == code).scalar_subquery()


def _rows(basis: Basis) -> Select[Any]:
    """Cases with all that a row says of them, on the day given as AS_OF; the villages as `basis` counts them."""
    at = counted_at(case_interval, basis)
    query = (
        select(
            case_interval,
            at.label("at"),
            child.c.name.label("child_name"),
            _name_of(area, at).label("village_name"),
            _name_of(school, spans.school_code).label("school_name"),
            *(case_file.c[name] for name in ("opened_on", "first_absent_on", "relapse_count", "outcome")),
            child_place.c.class_no,
        )
        .join_from(case_interval, child, child.c.id == spans.child_id)
        .join(case_file, case_file.c.id == spans.case_id)
        .outerjoin(child_place, and_(child_place.c.child_id == spans.child_id, on(child_place, AS_OF)))
    )
    return with_owner_names(query, case_interval)


ROWS = {basis: _rows(basis) for basis in Basis}


def _named(query: Select[Any]) -> Any:
    """A tuple with the names of the query's columns: read by name in a tenth of the time of the rows that it gives."""
    return namedtuple("Told", query.selected_columns.keys())


Told = _named(ROWS[Basis.RESIDENCE])
