"""Areas, circles, marks, names and legend on a printed sheet; lengths are millimetres from its lower left corner."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import geopandas as gpd
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from shapely.geometry.base import BaseGeometry

from domain.area_counts import HIDDEN
from geo.classes import NO_DATA, OUTSIDE, SUPPRESSED, ZERO
from geo.layers import (
    CIRCLE_COLOUR,
    FLAG_COLOUR,
    NOT_SEEN,
    OUTSIDE_COLOUR,
    VERDICT_SHAPES,
    ZERO_COLOUR,
    Choropleth,
    Circles,
    CircleStyle,
    Flags,
    Layer,
    SchoolMarks,
    ShapeIndex,
    ShapeLevel,
    cells_of,
)
from geo.legend import LegendBlock, LegendRow, Swatch

INK, MUTED, LINE = "#1c2430", "#4a5361", "#9aa2ae"
_POINTS = 72 / 25.4  # to a millimetre
_HATCHES = {SUPPRESSED: "//////", NO_DATA: "....."}
_MARKERS = {"circle": "o", "diamond": "D", "triangle": "^", "square": "s", "cross": "X", "flag": "^"}
_PLAIN = {"parse_math": False}  # a name with two dollar signs is no formula
_OUTLINES = {ShapeLevel.VILLAGE: (LINE, 0.3), ShapeLevel.TOWN: ("#5f6773", 0.6), ShapeLevel.COUNTY: (INK, 1.1)}
_SWATCH, _MARK = (7.0, 3.4), 2.4  # millimetres


@dataclass(frozen=True)
class Sheet:
    """A sheet of paper: `paper` are axes over all of it in millimetres, `axes` those of the map in degrees.

    `degrees`: longitude and latitude to a millimetre of the map. `full_circle`: radius of the full-size circle.
    """

    figure: Figure
    paper: Axes
    axes: Axes
    font: FontProperties
    size: tuple[float, float]
    degrees: tuple[float, float]
    full_circle: float

    def write(self, text: str, x: float, y: float, points: float, colour: str = INK, align: str = "left") -> None:
        """A line of text whose foot stands at x, y."""
        look: dict[str, Any] = {"fontproperties": self.font, "color": colour, "ha": align, "va": "baseline", **_PLAIN}
        self.paper.text(x, y, text, fontsize=points, **look)

    def letter(self, text: str, lon: float, lat: float, points: float, foot: str = "center") -> None:
        """A name on the map, readable over anything."""
        halo = [withStroke(linewidth=1.8, foreground="white")]
        look: dict[str, Any] = {"ha": "center", "va": foot, "color": INK, "zorder": 9, "path_effects": halo, **_PLAIN}
        self.axes.text(lon, lat, text, fontproperties=self.font, fontsize=points, **look)


def draw_shapes(sheet: Sheet, frames: Mapping[ShapeLevel, gpd.GeoDataFrame], layers: Sequence[Layer], level: ShapeLevel) -> None:
    """The areas of `level` with all layers, the outlines of all areas, and the names of counties and towns."""
    frame = frames[level]
    index = ShapeIndex(level, "", tuple(frame["code"]))
    _fill_areas(sheet, frame, layers, index)
    for each, (colour, width) in _OUTLINES.items():
        if each in frames and not (each is ShapeLevel.VILLAGE and level is not each):
            paths = [_to_path(shape) for shape in frames[each].geometry]
            sheet.axes.add_collection(PathCollection(paths, facecolors="none", edgecolors=colour, linewidths=width, zorder=2))
    circles = [layer for layer in layers if isinstance(layer, Circles)]
    for side, circle in zip((-1, 1) if len(circles) > 1 else (0,), circles, strict=False):
        _draw_circles(sheet, frame, circle, index, side)
    for layer in layers:
        _draw_points(sheet, frames, layer, index)
    _write_names(sheet, frames)


def _draw_points(sheet: Sheet, frames: Mapping[ShapeLevel, gpd.GeoDataFrame], layer: Layer, index: ShapeIndex) -> None:
    match layer:
        case Flags():
            flagged = [isinstance(cell, int) and cell > 0 for cell in cells_of(layer.counts, index)]
            _draw_marks(sheet, frames[index.level][flagged], "flag", FLAG_COLOUR)
        case SchoolMarks() if ShapeLevel.SCHOOL in frames:
            schools = frames[ShapeLevel.SCHOOL]
            for verdict, (shape, colour) in VERDICT_SHAPES.items():
                _draw_marks(sheet, schools[schools["code"].map(layer.verdicts.get) == verdict], shape, colour)


def _fill_areas(sheet: Sheet, frame: gpd.GeoDataFrame, layers: Sequence[Layer], index: ShapeIndex) -> None:
    """The ground: the class of each area, or whether its numbers are missing or withheld."""
    rates = next((layer for layer in layers if isinstance(layer, Choropleth)), None)
    marks = rates.marks(index) if rates else _state_marks(layers, index)
    breaks = rates.breaks.get(index.level) if rates else None
    colours = dict(enumerate(breaks.colours(rates.ramp))) if rates and breaks else {}
    groups: defaultdict[str, list[Path]] = defaultdict(list)
    for code, shape in zip(frame["code"], frame.geometry, strict=True):
        groups[marks[code]].append(_to_path(shape))
    for mark, paths in sorted(groups.items()):
        colour = colours[int(mark)] if mark.isdecimal() else OUTSIDE_COLOUR if mark == OUTSIDE else ZERO_COLOUR
        look: dict[str, Any] = {"hatch": _HATCHES.get(mark), "edgecolors": "#8b93a1", "linewidths": 0.0}
        sheet.axes.add_collection(PathCollection(paths, facecolors=colour, zorder=1, **look))


def _state_marks(layers: Sequence[Layer], index: ShapeIndex) -> dict[str, str]:
    counted = [cells_of(layer.counts, index) for layer in layers if isinstance(layer, Circles | Flags)]
    if not counted:
        return dict.fromkeys(index.codes, ZERO)
    together = zip(*counted, strict=True)
    return {code: _state_mark(cells) for code, cells in zip(index.codes, together, strict=True)}


def _state_mark(cells: Sequence[object]) -> str:
    if HIDDEN in cells:
        return SUPPRESSED
    different = set(cells)
    return OUTSIDE if different == {NOT_SEEN} else NO_DATA if different == {None} else ZERO


def _draw_circles(sheet: Sheet, frame: gpd.GeoDataFrame, layer: Circles, index: ShapeIndex, side: int) -> None:
    """Circles by area, the greatest first; `side` -1, 1: two layers touch at the place, 0: the circle stands on it."""
    counts = np.array([cell if isinstance(cell, int) else 0 for cell in cells_of(layer.counts, index)])
    radius = np.maximum(sheet.full_circle * np.sqrt(counts / layer.full_size(index)), 0.35)
    order = [place for place in np.argsort(-counts, kind="stable") if counts[place] > 0]
    lon = frame["lon"].to_numpy() + side * radius * sheet.degrees[0]
    sheet.axes.scatter(
        lon[order], frame["lat"].to_numpy()[order], s=(2 * radius[order] * _POINTS) ** 2, zorder=4, **_look(layer.style)
    )


def _look(style: CircleStyle | Swatch) -> dict[str, Any]:
    if style == CircleStyle.SOLID:
        return {"facecolors": CIRCLE_COLOUR, "edgecolors": "white", "linewidths": 0.4}
    return {"facecolors": (1, 1, 1, 0.85), "edgecolors": CIRCLE_COLOUR, "linewidths": 0.8}


def _draw_marks(sheet: Sheet, frame: gpd.GeoDataFrame, shape: str, colour: str) -> None:
    look: dict[str, Any] = {"marker": _MARKERS[shape], "color": colour, "edgecolors": "white", "linewidths": 0.5}
    sheet.axes.scatter(frame["lon"], frame["lat"], s=(_MARK * _POINTS) ** 2, zorder=5, **look)


def _write_names(sheet: Sheet, frames: Mapping[ShapeLevel, gpd.GeoDataFrame]) -> None:
    """Names of counties (if several) and towns, none over another."""
    taken: list[tuple[float, float, float, float]] = []
    counties = frames.get(ShapeLevel.COUNTY, ())
    for level, points in ((ShapeLevel.COUNTY, 10.0), (ShapeLevel.TOWN, 8.0)):
        if level not in frames or (level is ShapeLevel.COUNTY and len(counties) < 2):
            continue
        frame = frames[level]
        for name, x, y in zip(frame["name"], frame["lon"], frame["lat"], strict=True):
            half = points / _POINTS * len(name) / 2 * sheet.degrees[0]
            high = points / _POINTS * sheet.degrees[1]
            box = (x - half, y - high, x + half, y + high)
            if any(box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1] for other in taken):
                continue
            taken.append(box)
            sheet.letter(name, x, y, points)


def draw_legend(sheet: Sheet, blocks: Iterable[LegendBlock], title: str, left: float, top: float, width: float) -> None:
    """The legend from `left`, `top` down; numbers end at its right edge."""
    sheet.write(title, left, top - 4, 11)
    indent = max(_SWATCH[0], 2 * sheet.full_circle)
    y = top - 6
    for block in blocks:
        y -= 7
        sheet.write(block.title, left, y, 9.5)
        above = _SWATCH[1]
        for row in block.rows:
            size = _swatch_size(sheet, row)
            y -= max(5.2, (above + size) / 2 + 1)
            above = size
            _draw_swatch(sheet, row, left + indent / 2, y + 1.1, size)
            sheet.write(row.label, left + indent + 2.5, y, 8.5)
            sheet.write(row.number, left + width, y, 8.5, MUTED, "right")


def _swatch_size(sheet: Sheet, row: LegendRow) -> float:
    """How high a sample is: circles as on the map."""
    if row.swatch in (Swatch.SOLID, Swatch.RING):
        return max(0.7, 2 * sheet.full_circle * sqrt(row.count / int(row.detail)))
    return _SWATCH[1]


def _draw_swatch(sheet: Sheet, row: LegendRow, x: float, y: float, size: float) -> None:
    """A sample of `size` millimetres around x, y."""
    match row.swatch:
        case Swatch.SOLID | Swatch.RING:
            sheet.paper.scatter([x], [y], s=(size * _POINTS) ** 2, **_look(row.swatch))
        case Swatch.SHAPE:
            look: dict[str, Any] = {"color": row.colour, "edgecolors": "white", "linewidths": 0.5}
            sheet.paper.scatter([x], [y], s=(_MARK * _POINTS) ** 2, marker=_MARKERS[row.detail], **look)
        case Swatch.FILL | Swatch.HATCH | Swatch.DOTS:
            hatch = {Swatch.HATCH: _HATCHES[SUPPRESSED], Swatch.DOTS: _HATCHES[NO_DATA]}.get(row.swatch)
            corner = (x - _SWATCH[0] / 2, y - size / 2)
            look = {"facecolor": row.colour or ZERO_COLOUR, "hatch": hatch, "edgecolor": LINE, "linewidth": 0.4}
            sheet.paper.add_patch(Rectangle(corner, _SWATCH[0], size, **look))


def _to_path(shape: BaseGeometry) -> Path:
    """The outline with its holes; nothing for a point."""
    polygons = [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon"]
    rings = [Path(np.asarray(ring.coords)[:, :2], closed=True) for part in polygons for ring in (part.exterior, *part.interiors)]
    return Path.make_compound_path(*rings) if rings else Path(np.empty((0, 2)))
