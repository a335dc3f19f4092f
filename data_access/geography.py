"""A bureau's own geography: what is missing in it, and every way to mend it; each change audited, what it moves derived anew."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, delete, false, func, insert, or_, select, update

from data_access import audit
from data_access.areas import AreaRow, read_place_names, write_areas
from data_access.case_work import children_in_scope
from data_access.catchments import declare_catchments, derive_catchments
from data_access.children import ChildRow, read_children
from data_access.derive import Touched
from data_access.engine import business_date
from data_access.measures import Measure
from data_access.schema import OPEN_END, area, area_alias, area_lineage, child, residence_spell
from data_access.scoped import begins_with, on
from data_access.settings_write import require_settings
from data_access.shape_bundles import Packing, store_bundles
from data_access.writing import write
from domain.case_filter import CaseFilter
from domain.errors import ProblemError, ScopeError
from domain.grades import Stage
from domain.scope import Scope, Write

VILLAGE, COUNTY = 12, 6  # digits of their codes
LONGEST_ALIAS = 80


@dataclass(frozen=True)
class Merge:
    """One village that became part of another: by which paper, from which day on."""

    old_code: str
    new_code: str
    on_date: date
    document: str


@dataclass(frozen=True)
class Unplaced:
    """A place as ledgers wrote it that fits no village, and how many children stand behind it."""

    text: str
    children: int


def read_without_position(conn: Connection, scope: Scope) -> list[AreaRow]:
    """The villages of the scope that no map can show: neither a position nor a shape is loaded."""
    inside = or_(false(), *(begins_with(area.c.code, prefix) for prefix in scope.areas))
    query = select(area.c.code, area.c.level, area.c.parent_code, area.c.name).where(
        inside, area.c.level == "village", area.c.lon.is_(None), area.c.shape.is_(None), area.c.valid_to == OPEN_END
    )
    return [AreaRow(*row) for row in conn.execute(query.order_by(area.c.code))]


def read_unplaced(conn: Connection, scope: Scope, chosen: CaseFilter) -> tuple[list[ChildRow], list[Unplaced]]:
    """The children without a village (as the role may see them), and the places written for them, the most children first."""
    rows = read_children(conn, scope, chosen, Measure.CHILDREN, limit=None)
    texts = Counter(row.place_text or "" for row in rows)
    return rows, [Unplaced(text, count) for text, count in texts.most_common()]


def assign_village(engine: Engine, scope: Scope, child_id: int, village: str) -> None:
    """Say in which village a child lives whose ledger named none that is known; its unplaced residences move there.

    Raises ScopeError when the role may not or child or village are not its own, ProblemError for an unknown village.
    """
    scope.require(Write.IMPORT)
    county = village[:COUNTY]
    with write(engine, county) as conn:
        _require_village(conn, scope, village)
        if child_id not in _unplaced_children(conn, county, scope):
            raise ScopeError("scope.no_write")
        _place(conn, {child_id: village})
        audit.record(engine, scope, "assign_village", county=county, row_ids=[child_id, village], row_count=1)


def add_alias(engine: Engine, scope: Scope, village: str, alias: str) -> int:
    """Let a village be found under another name too; how many children this places: those of the own scope, for a place makes a
    child visible there, and others' children are not to be fetched by a name. Blank or taken names are refused.
    """
    scope.require(Write.IMPORT)
    told, county = alias.strip(), village[:COUNTY]
    if not 0 < len(told) <= LONGEST_ALIAS:
        raise ProblemError("geography.bad_alias")
    with write(engine, county) as conn:
        _require_village(conn, scope, village)
        taken = read_place_names(conn, county).get("", {}).get(told, village)
        if taken != village:
            raise ProblemError("geography.alias_taken", alias=told, code=taken)
        conn.execute(insert(area_alias).values(area_code=village, alias=told))
        placed = place_by_name(conn, county, {told}, scope)
        audit.record(engine, scope, "add_alias", county=county, row_ids=[village], filter_text=told, row_count=placed)
    return placed


def merge_villages(engine: Engine, scope: Scope, merges: Sequence[Merge], packing: Packing) -> None:
    """Villages that became part of others: from the day on they are counted and drawn there, under their old names too."""
    county = merges[0].new_code[:COUNTY] if merges else ""
    require_settings(scope, county)
    with write(engine, county) as conn:
        for one in merges:
            _merge(conn, scope, one)
            audit.record(
                engine, scope, "merge_villages", county=county, row_ids=[one.old_code, one.new_code], reason=one.document
            )
        _pack(conn, county, packing)


def _merge(conn: Connection, scope: Scope, one: Merge) -> None:
    names = {code: _require_village(conn, scope, code) for code in (one.old_code, one.new_code)}
    if one.old_code == one.new_code or not one.document.strip():
        raise ProblemError("geography.bad_merge", old=one.old_code, new=one.new_code)
    conn.execute(delete(area_lineage).where(area_lineage.c.old_code == one.old_code))
    values = {"old_code": one.old_code, "new_code": one.new_code, "on_date": one.on_date, "document": one.document.strip()[:120]}
    conn.execute(insert(area_lineage).values(values))
    conn.execute(update(area).where(area.c.code == one.old_code).values(valid_to=one.on_date))
    conn.execute(insert(area_alias).values(area_code=one.new_code, alias=names[one.old_code]))


def load_areas(engine: Engine, scope: Scope, rows: Sequence[AreaRow], packing: Packing) -> tuple[int, int, int]:
    """Take areas in: (new, changed, children placed by the names that came). Shapes are packed anew."""
    county = next((row.code[:COUNTY] for row in rows if len(row.code) >= COUNTY), "")
    require_settings(scope, county)
    if foreign := [row.code for row in rows if not row.code.startswith(county[: len(row.code)])]:
        raise ProblemError("geography.other_county", county=county, codes=", ".join(foreign[:5]))
    with write(engine, county) as conn:
        new, changed = write_areas(conn, rows)
        placed = place_by_name(conn, county, {row.name for row in rows})
        _pack(conn, county, packing)
        audit.record(engine, scope, "load_areas", county=county, row_count=len(rows))
    return new, changed, placed


def load_catchments(
    engine: Engine, scope: Scope, county: str, served: Mapping[Stage, Mapping[str, str]], packing: Packing
) -> int:
    """Take the catchments that the bureau has drawn: village -> school for each stage."""
    require_settings(scope, county)
    with write(engine, county) as conn:
        for stage, villages in served.items():
            for village in villages:
                _require_village(conn, scope, village)
            declare_catchments(conn, stage, villages)
        _pack(conn, county, packing)
        count = sum(map(len, served.values()))
        audit.record(engine, scope, "load_catchments", county=county, row_count=count)
    return count


def place_by_name(conn: Connection, county: str, among: Collection[str], scope: Scope | None = None) -> int:
    """Place the children of the county (or of a scope) whose written place is one of these names, and that of one village; how
    many."""
    names = read_place_names(conn, county).get("", {})
    texts = _unplaced_children(conn, county, scope)
    found = {child_id: names[text] for child_id, text in texts.items() if text in names and text in among}
    if found:
        _place(conn, found)
    return len(found)


def _unplaced_children(conn: Connection, county: str, scope: Scope | None) -> dict[int, str | None]:
    """Child -> the place written for it, of those (in the scope) whose residence today is in no known village."""
    home = residence_spell.c
    query = (
        select(home.child_id, home.home_text)
        .join_from(residence_spell, child, child.c.id == home.child_id)
        .where(child.c.county_code == county, home.home_code.is_(None), home.outside.is_(False))
        .where(on(residence_spell, business_date(conn)))
    )
    query = query.where(home.child_id.in_(children_in_scope(conn, scope))) if scope else query
    return {row.child_id: (row.home_text or "").strip() or None for row in conn.execute(query)}


def _place(conn: Connection, found: Mapping[int, str]) -> None:
    touched = Touched(conn, found.keys())
    home = residence_spell.c
    for child_id, village in found.items():
        unplaced = (home.child_id == child_id, home.home_code.is_(None), home.outside.is_(False))
        conn.execute(update(residence_spell).where(*unplaced).values(home_code=village))
    touched.rebuild()


def _require_village(conn: Connection, scope: Scope, code: str) -> str:
    """The name of a village of one's own. Raises ProblemError where there is none, ScopeError where it is another's."""
    name = conn.execute(select(area.c.name).where(area.c.code == code, area.c.level == "village")).scalar()
    if name is None or len(code) != VILLAGE:
        raise ProblemError("geography.no_village", code=code)
    if not any(code.startswith(prefix) for prefix in scope.areas):
        raise ScopeError("scope.no_write")
    return str(name)


def _pack(conn: Connection, county: str, packing: Packing) -> None:
    for root in conn.execute(select(area.c.code).where(area.c.code.in_([county, county[:4]]))).scalars().all():
        derive_catchments(conn, root)
        store_bundles(conn, root, packing)


def count_areas(conn: Connection, county: str) -> dict[str, tuple[int, int]]:
    """Level -> (areas, those of them with a position or a shape) of a county, for the head of the page."""
    placed = func.count().filter((area.c.lon.is_not(None)) | (area.c.shape.is_not(None)))
    inside = (begins_with(area.c.code, county), area.c.valid_to == OPEN_END)
    rows = conn.execute(select(area.c.level, func.count(), placed).where(*inside).group_by(area.c.level))
    return {level: (count, known) for level, count, known in rows}
