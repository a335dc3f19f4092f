"""Who stands in the system but no longer in the file: told before anything is written, never removed."""

from sqlalchemy import Table, select

from data_access.chunks import among, chunks
from data_access.import_context import ImportContext
from data_access.schema import child_place, group_spell, placement
from data_access.scoped import in_scope, on
from domain.groups import Group
from domain.movements import Movement

ROSTERS: dict[str, tuple[Table, str, str]] = {  # ledgers that list everyone of a kind: table, column, value
    "L3": (placement, "kind", Movement.HOME_TEACHING.value),
    "L4": (group_spell, "group_name", Group.RELOCATED.value),
    "L6": (group_spell, "group_name", Group.LEFT_BEHIND_CIVIL.value),
    "L7": (group_spell, "group_name", Group.LEFT_BEHIND_EDUCATION.value),
}


def count_gone(context: ImportContext, ledger: str) -> int | None:
    """How many children of the schools in the file the file does not name; None for ledgers that list no whole.

    Counted as of the import's day, before its own changes are counted. A child that is gone from a roster is not removed: a
    movement (L8), or a row that says so, does that.
    """
    if ledger != "L0" and ledger not in ROSTERS:
        return None
    place, day = child_place.c, on(child_place, context.as_of)
    codes = {
        code
        for part in chunks(context.named)
        for code in context.conn.execute(select(place.school_code).where(among(place.child_id, part), day).distinct()).scalars()
        if code
    }
    codes |= context.named_schools
    listed = select(place.child_id).where(place.school_code.in_(codes), day, in_scope(context.scope, child_place))
    if ledger in ROSTERS:
        table, column, value = ROSTERS[ledger]
        members = select(table.c.child_id).where(table.c[column] == value, on(table, context.as_of))
        listed = listed.where(place.child_id.in_(members))
    return len(set(context.conn.execute(listed).scalars()) - context.named)
