"""The bundles of shapes that browsers fetch, made from the areas as they stand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection

from data_access.areas import Bundle, read_merged, read_school_points, read_shapes, read_successors, write_bundle
from data_access.catchments import CATCHMENT_LEVELS, read_catchments


class Packing(Protocol):
    """geo.bundles, handed in by whoever may import both rooms."""

    def pack_level(self, level: str, rows: Sequence[Mapping[str, Any]], /) -> tuple[str, tuple[str, ...], bytes]:
        """Etag, codes and content of one level."""

    def join_merged(
        self, villages: Iterable[Mapping[str, Any]], merged: Mapping[str, bytes], heirs: Mapping[str, str], /
    ) -> list[Mapping[str, Any]]:
        """The villages with the shapes of those that became part of them."""

    def join_catchments(
        self, villages: Iterable[Mapping[str, Any]], schools: Iterable[Mapping[str, Any]], served: Mapping[str, str], /
    ) -> list[Mapping[str, Any]]:
        """The areas that schools serve, as rows of shapes."""


def store_bundles(conn: Connection, root: str, packing: Packing) -> None:
    """Pack the shapes of every level under `root` anew and store them; the catchments must be current."""
    merged, heirs = read_merged(conn, root), read_successors(conn)
    villages = packing.join_merged(read_shapes(conn, "village", root), merged, heirs)
    schools = read_school_points(conn, root)
    rows = {level: read_shapes(conn, level, root) for level in ("county", "town")} | {"village": villages, "school": schools}
    for stage, level in CATCHMENT_LEVELS.items():
        served = read_catchments(conn, stage)
        rows[level] = packing.join_catchments(villages, schools, served)
    synthetic = any("synthetic" in (row["shape_source"] or "") for row in villages)
    for level, found in rows.items():
        etag, codes, content = packing.pack_level(level, found)
        write_bundle(conn, Bundle(root, level, etag, codes, synthetic), content)
