"""What a row of the list of left-behind children says of their groups: read for many children at once.

In the statement of the rows it took four looks into the table, for each of which PostgreSQL planned its wall anew.
"""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Date, Text, bindparam, func, select

from data_access.chunks import among, listed
from data_access.left_behind_parts import LEFT_BEHIND
from data_access.schema import group_spell
from data_access.scoped import on
from domain.groups import Group

CHILDREN, AS_OF = bindparam("children", type_=Text()), bindparam("as_of", type_=Date)
spell = group_spell.c
SPELLS = (
    select(spell.child_id, spell.group_name, func.min(func.coalesce(spell.detail, "")), func.max(spell.checked_on))
    .where(among(spell.child_id, CHILDREN), spell.group_name.in_([group.value for group in LEFT_BEHIND]), on(group_spell, AS_OF))
    .group_by(spell.child_id, spell.group_name)
)


class LeftBehindSpells(NamedTuple):
    """The detail of each definition that holds on a day, None of one that does not; the last check under either."""

    education: str | None = None
    civil: str | None = None
    checked_on: date | None = None


def read_spells(conn: Connection, children: Collection[int], day: date) -> dict[int, LeftBehindSpells]:
    """Child -> its spells on a day, for those that have any."""
    found: dict[int, LeftBehindSpells] = {}
    for child_id, group, detail, checked in conn.execute(SPELLS, {CHILDREN.key: listed(children), AS_OF.key: day}):
        told = found.get(child_id, LeftBehindSpells())
        education, civil = (detail, told.civil) if group == Group.LEFT_BEHIND_EDUCATION.value else (told.education, detail)
        last = max((one for one in (told.checked_on, checked) if one), default=None)
        found[child_id] = LeftBehindSpells(education, civil, last)
    return found
