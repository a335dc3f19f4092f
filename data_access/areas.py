"""Areas: names, tree, positions, shapes, and the bundles that a browser fetches once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from data_access.engine import business_date
from data_access.schema import OPEN_END, area, area_alias, area_lineage, now, school, shape_bundle
from data_access.scoped import begins_with
from domain.scope import Scope


@dataclass(frozen=True)
class AreaRow:
    """One area as loaded: its code (4, 6, 9 or 12 digits), parent, name, position (WGS-84) and shape (WKB), where known."""

    code: str
    level: str
    parent_code: str | None
    name: str
    kind: str | None = None
    is_virtual: bool = False
    lon: float | None = None
    lat: float | None = None
    position_source: str | None = None
    shape: bytes | None = None
    shape_source: str | None = None
    edition: int | None = None

    @property
    def county_code(self) -> str | None:
        """The county's six digits; None for a prefecture."""
        return self.code[:6] if len(self.code) >= 6 else None


@dataclass(frozen=True)
class Bundle:
    """The shapes of one level under one area, packed for the browser: `codes` in the order of its features."""

    area_code: str
    level: str
    etag: str
    codes: tuple[str, ...]
    synthetic: bool


def write_areas(conn: Connection, rows: Sequence[AreaRow]) -> tuple[int, int]:
    """Insert new areas and update known ones; returns (new, changed). What a row leaves out stays."""
    known = {row.code: row for row in conn.execute(select(area))}
    fresh = [_values(row) for row in rows if row.code not in known]
    if fresh:
        conn.execute(insert(area), fresh)
    changed = 0
    for row in rows:
        old = known.get(row.code)
        given = {name: value for name, value in _values(row).items() if value is not None and (name, value) != ("name", row.code)}
        if old is not None and any(getattr(old, name) != value for name, value in given.items()):
            conn.execute(update(area).where(area.c.code == row.code).values(**given, recorded_at=now()))
            changed += 1
    return len(fresh), changed


def _values(row: AreaRow) -> dict[str, Any]:
    start = OPEN_END.replace(year=1949, month=10, day=1)
    return {**row.__dict__, "county_code": row.county_code, "valid_from": start, "valid_to": OPEN_END}


def _visible(scope: Scope) -> Any:
    """Areas inside the scope and those above it; a school sees its whole county's areas, which hold no child."""
    prefixes = [*scope.areas]
    inside = [begins_with(area.c.code, prefix) for prefix in prefixes]
    above = [prefix[:length] for prefix in prefixes for length in (4, 6, 9) if len(prefix) > length]
    return or_(*inside, area.c.code.in_(above)) if prefixes else area.c.code.is_not(None)


def _stands(conn: Connection) -> Any:
    """Areas that have not become part of another: those that have are counted and drawn there."""
    return area.c.valid_to > business_date(conn)


def read_areas(conn: Connection, scope: Scope) -> list[AreaRow]:
    """The areas of the scope and those above it, ordered by code, without their shapes."""
    names = [name for name in AreaRow.__dataclass_fields__ if name != "shape"]
    chosen = select(*(area.c[name] for name in names)).where(_visible(scope), _stands(conn)).order_by(area.c.code)
    return [AreaRow(**dict(zip(names, row, strict=True))) for row in conn.execute(chosen)]


def read_unit_names(conn: Connection) -> dict[str, str]:
    """The names of all areas and schools: no secret, and a child may attend, and its owner sit, outside the scope."""
    units = select(area.c.code, area.c.name).union_all(select(school.c.code, school.c.name))
    return {row.code: row.name for row in conn.execute(units)}


def read_positions(conn: Connection) -> dict[str, tuple[float, float]]:
    """Where every area loaded stands, code -> longitude and latitude (WGS-84): what a file of positions is held against."""
    chosen = select(area.c.code, area.c.lon, area.c.lat).where(area.c.lon.is_not(None), area.c.lat.is_not(None))
    return {code: (lon, lat) for code, lon, lat in conn.execute(chosen)}


def read_shapes(conn: Connection, level: str, prefix: str) -> list[Mapping[str, Any]]:
    """The areas of a level under `prefix` as code, name, parent, lon, lat and shape (WKB, WGS-84): what maps are made from."""
    columns = (area.c.code, area.c.name, area.c.parent_code.label("parent"), area.c.lon, area.c.lat, area.c.shape)
    inside = (area.c.level == level, begins_with(area.c.code, prefix), _stands(conn))
    chosen = select(*columns, area.c.shape_source).where(*inside)
    return [dict(row._mapping) for row in conn.execute(chosen.order_by(area.c.code))]


def read_outline(conn: Connection, code: str) -> bytes | None:
    """The shape of one area (WKB, WGS-84), if it is loaded."""
    return conn.execute(select(area.c.shape).where(area.c.code == code)).scalar()


def read_school_points(conn: Connection, prefix: str) -> list[Mapping[str, Any]]:
    """The schools under `prefix` in the same form; a school without a position of its own stands at its village's."""
    columns = (
        school.c.code,
        school.c.name,
        school.c.town_code.label("parent"),
        func.coalesce(school.c.lon, area.c.lon).label("lon"),
        func.coalesce(school.c.lat, area.c.lat).label("lat"),
    )
    chosen = select(*columns).outerjoin(area, area.c.code == school.c.village_code).where(begins_with(school.c.town_code, prefix))
    return [{**row._mapping, "shape": None, "shape_source": None} for row in conn.execute(chosen.order_by(school.c.code))]


def read_roots(conn: Connection) -> list[str]:
    """The areas that people look at as a whole: every prefecture and county loaded."""
    chosen = select(area.c.code).where(area.c.level.in_(["prefecture", "county"]))
    return list(conn.execute(chosen.order_by(area.c.code)).scalars())


def write_bundle(conn: Connection, bundle: Bundle, content: bytes) -> None:
    """Store the packed shapes of one level under one area, in place of what was there."""
    conn.execute(delete(shape_bundle).where(shape_bundle.c.area_code == bundle.area_code, shape_bundle.c.level == bundle.level))
    values = {**bundle.__dict__, "codes": ",".join(bundle.codes), "content": content}
    conn.execute(insert(shape_bundle).values(values))


def read_bundles(conn: Connection, area_code: str) -> dict[str, Bundle]:
    """The bundles under an area by level, without their content (access serves it by etag)."""
    table = shape_bundle.c
    chosen = select(table.area_code, table.level, table.etag, table.codes, table.synthetic).where(table.area_code == area_code)
    return {
        row.level: Bundle(row.area_code, row.level, row.etag, tuple(filter(None, row.codes.split(","))), row.synthetic)
        for row in conn.execute(chosen)
    }


def read_bundle_content(conn: Connection, etag: str) -> bytes | None:
    """The gzipped shapes with that etag; None when there are none."""
    return conn.execute(select(shape_bundle.c.content).where(shape_bundle.c.etag == etag)).scalar()


def read_merged(conn: Connection, prefix: str) -> dict[str, bytes]:
    """Code of a village under `prefix` that became part of another -> its shape (WKB)."""
    merged = (area.c.level == "village", begins_with(area.c.code, prefix), ~_stands(conn), area.c.shape.is_not(None))
    return {row.code: row.shape for row in conn.execute(select(area.c.code, area.c.shape).where(*merged))}


def read_successors(conn: Connection) -> dict[str, str]:
    """Old code -> the code that took its place (merged villages)."""
    return {row.old_code: row.new_code for row in conn.execute(select(area_lineage).order_by(area_lineage.c.on_date))}


def read_place_names(conn: Connection, county: str) -> dict[str, dict[str, str]]:
    """Town code ("" for the whole county) -> {village name or alias: village code}; a name that two share is left out."""
    rows: list[tuple[str, str]] = [
        (row.code, row.name)
        for row in conn.execute(select(area.c.code, area.c.name).where(area.c.county_code == county, area.c.level == "village"))
    ]
    rows += [
        (row.area_code, row.alias) for row in conn.execute(select(area_alias).where(begins_with(area_alias.c.area_code, county)))
    ]
    found: dict[str, dict[str, str]] = {}
    doubles: set[tuple[str, str]] = set()
    for code, name in _short_forms(rows):
        for unit in (code[:9], ""):
            known = found.setdefault(unit, {})
            if known.setdefault(name, code) != code:
                doubles.add((unit, name))
    for unit, name in doubles:
        del found[unit][name]
    return found


def _short_forms(rows: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Each name, and what people shorten it to: 河东社区居民委员会 -> 河东社区 -> 河东."""
    for code, name in rows:
        yield code, name
        for ending in ("社区居民委员会", "村民委员会", "居民委员会", "村委会", "居委会", "社区", "村"):
            if name.endswith(ending) and len(name) > len(ending):
                yield code, name.removesuffix(ending)
                if ending.startswith("社区"):
                    yield code, name.removesuffix("居民委员会")
                if ending.startswith("村"):
                    yield code, name.removesuffix("民委员会") if ending == "村民委员会" else name.removesuffix(ending) + "村"
                break
