"""Which table stands behind which wall: the one list from which both engines are walled.

A row about a child is visible to whoever sees the child, a row about a case to whoever sees the case. Where a child
stands or stood is written in `child_place`, so that its wall is the definition and the others lean on it. A table that
is in none of the sets is readable to no page: whoever adds one decides here (a test names it).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Table

from data_access.schema import AUDIT_TABLES, metadata


class Wall(StrEnum):
    """By what a row is inside a scope."""

    PLACE = "place"  # the home, registered area, school or county of the row itself; a child's own rows lean on the child too
    CHILD = "child"  # the row's county, or the child stands or stood inside
    OWNER = "owner"  # its child, its case; of a row that names neither, its unit
    VISIT = "visit"
    LOSS = "loss"  # the child, or the school that lost it
    SCHOOL = "school"


NAMED = {
    "child": Wall.CHILD,
    "child_place": Wall.PLACE,
    "case_interval": Wall.PLACE,
    "contradiction": Wall.PLACE,
    "village_count": Wall.PLACE,
    "loss_spell": Wall.LOSS,
    "school_count": Wall.SCHOOL,
    "cohort_count": Wall.SCHOOL,
    "visit_person": Wall.VISIT,
}
DOOR = frozenset({"user_account", "user_session", "sign_in_attempt", *(table.name for table in AUDIT_TABLES)})
OPEN = frozenset(  # nothing about single children, or sealed: places, rules, duty holders, returns of units, the machinery
    {
        *("area", "area_lineage", "area_alias", "shape_bundle"),
        *("school", "school_stage", "school_alias", "school_lineage", "school_catchment", "school_class", "class_baseline"),
        *(
            "person",
            "responsibility",
            "unit_report",
            "target",
            "setting",
            "term",
            "calendar_day",
            "supervision_round",
            "visit_campaign",
        ),
        *("inspection_item", "village_return", "retention_return", "column_choice", "child_merge", "import_change"),
        *("import_batch", "import_row", "import_problem", "data_version", "app_state", "submission", "saved_view"),
    }
)


def wall_of(table: Table) -> Wall | None:
    """The wall of a table; None for those of OPEN and DOOR, and for one that nobody has decided about."""
    if table.name in OPEN | DOOR:
        return None
    return NAMED.get(table.name) or (Wall.OWNER if {"child_id", "case_id"} & set(table.c.keys()) else None)


def walled() -> dict[str, Wall]:
    """Every table behind a wall, with it."""
    found = {table.name: wall_of(table) for table in metadata.sorted_tables}
    return {name: wall for name, wall in found.items() if wall}


def undecided() -> set[str]:
    """Tables of the schema that are in no set: no page may read them."""
    return set(metadata.tables) - walled().keys() - OPEN - DOOR


@dataclass(frozen=True)
class Conditions:
    """How one engine says that a row of a table lies in the scope, and what it calls the walled form of a table."""

    place: Callable[[Table], str]
    county: Callable[[Table], str]
    school: Callable[[Table], str]
    unit: Callable[[Table], str]
    walled_name: Callable[[str], str] = str

    def of(self, name: str, wall: Wall) -> str:
        """The condition on the rows of one table."""
        table = metadata.tables[name]
        if wall is Wall.PLACE:
            leans = "child_id" in table.c and name != "child_place"
            return self.place(table) + (f" OR {self._child(name)}" if leans else "")
        if wall is Wall.CHILD:
            return f"{self.county(table)} OR {self._child(name, 'id')}"
        if wall is Wall.SCHOOL:
            return self.school(table)
        if wall is Wall.LOSS:
            return f"{self.school(table)} OR {self._child(name)}"
        if wall is Wall.VISIT:
            return self._seen("home_visit", "id", f"{name}.visit_id")
        return self._owner(table)

    def _owner(self, table: Table) -> str:
        parts, orphan = [], []
        if "child_id" in table.c:
            parts.append(self._child(table.name))
            orphan.append(f"{table.name}.child_id IS NULL")
        if "case_id" in table.c and (table.c.get("child_id") is None or table.c.child_id.nullable):
            parts.append(self._seen("case_file", "id", f"{table.name}.case_id"))
            orphan.append(f"{table.name}.case_id IS NULL")
        if "unit_code" in table.c:
            parts.append(f"({' AND '.join(orphan)} AND ({self.unit(table)}))")
        return " OR ".join(parts)

    def _child(self, name: str, column: str = "child_id") -> str:
        return self._seen("child_place", "child_id", f"{name}.{column}")

    def _seen(self, table: str, key: str, value: str) -> str:
        return f"EXISTS (SELECT 1 FROM {self.walled_name(table)} AS seen WHERE seen.{key} = {value})"  # noqa: S608
