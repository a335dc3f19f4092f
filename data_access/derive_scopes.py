"""child_scope: from where each child is seen, once for each place, whenever it stood there."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, func, insert, literal, select, union
from sqlalchemy.sql.selectable import CompoundSelect

from data_access.chunks import chunks, only
from data_access.schema import SCHOOL_SIGN, case_file, child, child_place, child_scope

COUNTY = 6


def rebuild_scopes(conn: Connection, children: Collection[int] | None = None) -> None:
    """Write child_scope anew, for all children or for some; child_place must be current.

    The codes of a child: every home and registered area and, behind SCHOOL_SIGN, every school that it stands or stood at; its
    county where none of the homes lies there. An area sees whatever begins with its own code.
    """
    parts: Iterable[list[int] | None] = [None] if children is None else chunks(children)
    for part in parts:
        conn.execute(only(delete(child_scope), child_scope.c.child_id, part))
        codes = _codes(part).subquery("codes")
        has_case = exists().where(case_file.c.child_id == codes.c.child_id)
        conn.execute(insert(child_scope).from_select(["child_id", "code", "has_case"], select(codes, has_case)))


def _codes(part: list[int] | None) -> CompoundSelect[Any]:
    place = child_place.c
    at_home = exists().where(place.child_id == child.c.id, func.substr(place.home_code, 1, COUNTY) == child.c.county_code)
    queries: list[tuple[Select[Any], Any]] = [
        (select(child.c.id.label("child_id"), child.c.county_code.label("code")).where(~at_home), child.c.id),
        *((select(place.child_id, code), place.child_id) for code in (place.home_code, place.registered_code)),
        (select(place.child_id, literal(SCHOOL_SIGN).concat(place.school_code)), place.child_id),
    ]
    chosen = [only(query, key, part) for query, key in queries]
    return union(*(query.where(query.selected_columns[1].is_not(None)) for query in chosen))
