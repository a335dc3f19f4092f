"""The bundles of one prefecture or county, packed from its stored areas: what `areas` and the geography page leave behind."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely

from domain.area_counts import follow
from geo.layers import ShapeLevel
from geo.shapes import frame_areas, pack_shapes

Row = Mapping[str, Any]


def pack_level(level: str, rows: Sequence[Row]) -> tuple[str, tuple[str, ...], bytes]:
    """Etag, codes in the order of the features, and content of one level; `rows` as geo.shapes.frame_areas takes them."""
    packed = pack_shapes(frame_areas(rows), ShapeLevel(level))
    return packed.index.etag, packed.index.codes, packed.content


def join_merged(villages: Iterable[Row], merged: Mapping[str, bytes], heirs: Mapping[str, str]) -> list[Row]:
    """The villages with the shapes of those that became part of them (`heirs`: old code -> new), whatever they are called."""
    shapes: defaultdict[str, list[bytes]] = defaultdict(list)
    for code, shape in merged.items():
        shapes[follow(code, heirs)].append(shape)
    return [
        {**row, "shape": _unite([row["shape"], *shapes[row["code"]]])} if row["shape"] and shapes[row["code"]] else row
        for row in villages
    ]


def join_catchments(villages: Iterable[Row], schools: Iterable[Row], served: Mapping[str, str]) -> list[Row]:
    """The areas that schools serve, as rows: the united shapes of their villages, under code, name and place of the school."""
    shapes: defaultdict[str, list[bytes]] = defaultdict(list)
    for village in villages:
        if village["shape"] and village["code"] in served:
            shapes[served[village["code"]]].append(village["shape"])
    return [{**school, "shape": _unite(shapes[school["code"]])} for school in schools if shapes[school["code"]]]


def _unite(shapes: Sequence[bytes]) -> bytes:
    united: bytes = shapely.to_wkb(shapely.union_all(shapely.from_wkb(list(shapes))))
    return united
