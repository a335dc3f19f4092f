"""Which school serves which village: declared by the bureau, else the one that most of its pupils attend."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, delete, func, insert, select

from data_access.engine import business_date
from data_access.schema import child_place, school_catchment
from data_access.scoped import begins_with, on
from domain.catchments import serving_schools
from domain.grades import Stage

DERIVED, DECLARED = "derived", "declared"
CATCHMENT_LEVELS = {Stage.PRIMARY: "zone_primary", Stage.JUNIOR: "zone_junior"}


def derive_catchments(conn: Connection, root: str) -> None:
    """Find anew who serves the villages under `root`; what was declared stays."""
    table = school_catchment.c
    inside = begins_with(table.village_code, root)
    conn.execute(delete(school_catchment).where(inside, table.source == DERIVED))
    declared = {(row.village_code, row.stage) for row in conn.execute(select(table.village_code, table.stage).where(inside))}
    rows = [
        {"village_code": village, "stage": stage, "school_code": school, "source": DERIVED}
        for stage, pupils in _count_pupils(conn, root).items()
        for village, school in serving_schools(pupils).items()
        if (village, stage) not in declared
    ]
    if rows:
        conn.execute(insert(school_catchment), rows)


def _count_pupils(conn: Connection, root: str) -> dict[str, dict[tuple[str, str], int]]:
    """Stage -> how many of each village go to each school today."""
    place = child_place.c
    columns = (place.stage, place.home_code, place.school_code)
    query = select(*columns, func.count()).where(on(child_place, business_date(conn)), begins_with(place.home_code, root))
    found: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for stage, village, school, count in conn.execute(query.where(place.school_code.is_not(None)).group_by(*columns)):
        found[stage][village, school] = count
    return found


def read_catchments(conn: Connection, stage: Stage) -> dict[str, str]:
    """Village -> the school that serves it."""
    table = school_catchment.c
    query = select(table.village_code, table.school_code).where(table.stage == stage.value)
    return {row.village_code: row.school_code for row in conn.execute(query)}


def declare_catchments(conn: Connection, stage: Stage, served: Mapping[str, str]) -> None:
    """Write what the bureau has drawn, in place of what was there for these villages."""
    table = school_catchment.c
    for village, school in served.items():
        conn.execute(delete(school_catchment).where(table.village_code == village, table.stage == stage.value))
        conn.execute(
            insert(school_catchment).values(village_code=village, stage=stage.value, school_code=school, source=DECLARED)
        )
