"""Which table stands behind which wall: the one list from which both engines are walled.

A row about a child is visible to whoever sees the child, a row about a case to whoever sees the case. From where a child
is seen, by all places where it stands or stood, is gathered in `child_scope`: the other walls lean on it. A table that
is in none of the sets is readable to no page: whoever adds one decides here (a test names it).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Table

from data_access.schema import AUDIT_TABLES, metadata


class Wall(StrEnum):
    """By what a row is inside a scope."""

    PLACE = "place"  # the home, registered area, school or county of the row itself
    LEANING = "leaning"  # the same, or its child
    CHILD = "child"  # the row's county, or the child stands or stood inside
    CASE = "case"  # its child, who has a case
    OWNER = "owner"  # its child, its case; of a row that names neither, its unit
    VISIT = "visit"
    LOSS = "loss"  # the child, or the school that lost it
    SCHOOL = "school"


NAMED = {
    "child": Wall.CHILD,
    "child_place": Wall.PLACE,
    "care_interval": Wall.PLACE,
    "case_file": Wall.CASE,
    "case_interval": Wall.CASE,
    "contradiction": Wall.LEANING,
    "village_count": Wall.PLACE,
    "loss_spell": Wall.LOSS,
    "school_count": Wall.SCHOOL,
    "cohort_count": Wall.SCHOOL,
    "register_change": Wall.SCHOOL,
    "visit_person": Wall.VISIT,
}
HIDDEN = frozenset({"child_scope"})  # which only the walls themselves look into
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
            "unit_record",
        ),
        *("inspection_item", "village_return", "retention_return", "column_choice", "child_merge", "import_change"),
        *("import_batch", "import_row", "import_problem", "data_version", "app_state", "submission", "saved_view"),
    }
)


def wall_of(table: Table) -> Wall | None:
    """The wall of a table; None for those of OPEN, DOOR and HIDDEN, and for one that nobody has decided about."""
    if table.name in OPEN | DOOR | HIDDEN:
        return None
    return NAMED.get(table.name) or (Wall.OWNER if {"child_id", "case_id"} & set(table.c.keys()) else None)


def walled() -> dict[str, Wall]:
    """Every table behind a wall, with it."""
    found = {table.name: wall_of(table) for table in metadata.sorted_tables}
    return {name: wall for name, wall in found.items() if wall}


def undecided() -> set[str]:
    """Tables of the schema that are in no set: no page may read them."""
    return set(metadata.tables) - walled().keys() - OPEN - DOOR - HIDDEN


@dataclass(frozen=True)
class Conditions:
    """How one engine says that a row of a table lies in the scope, and what it calls the walled form of a table.

    `child`: whether a child, named by a column, stands or stood inside; of those with a case where only these are asked for.
    `place_first`: whether the place of a row, inside which its child is seen in any case, is looked at before the child is.
    """

    place: Callable[[Table], str]
    county: Callable[[Table], str]
    school: Callable[[Table], str]
    unit: Callable[[Table], str]
    child: Callable[[str, bool], str]
    place_first: bool = False
    walled_name: Callable[[str], str] = str

    def of(self, name: str, wall: Wall) -> str:
        """The condition on the rows of one table."""
        table = metadata.tables[name]
        said: dict[Wall, Callable[[], str]] = {
            Wall.PLACE: lambda: self.place(table),
            Wall.LEANING: lambda: f"{self.place(table)} OR {self._child(name)}",
            Wall.CHILD: lambda: f"{self.county(table)} OR {self._child(name, 'id')}",
            Wall.CASE: lambda: self._case(table),
            Wall.OWNER: lambda: self._owner(table),
            Wall.VISIT: lambda: self._seen("home_visit", "id", f"{name}.visit_id"),
            Wall.LOSS: lambda: f"{self.school(table)} OR {self._child(name)}",
            Wall.SCHOOL: lambda: self.school(table),
        }
        return said[wall]()

    def _case(self, table: Table) -> str:
        child = self.child(f"{table.name}.child_id", True)
        return f"{self.place(table)} OR {child}" if self.place_first and "home_code" in table.c else child

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
        return self.child(f"{name}.{column}", False)

    def _seen(self, table: str, key: str, value: str) -> str:
        return f"EXISTS (SELECT 1 FROM {self.walled_name(table)} AS seen WHERE seen.{key} = {value})"  # noqa: S608
