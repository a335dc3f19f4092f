"""The map on paper: A4 or A3, as PDF or PNG, with everything a sheet on a wall must say by itself.

Drawn with matplotlib's own figures (never pyplot: nothing global, nothing to close) in degrees, stretched by 1/cos of the
middle latitude; over a prefecture the scale bar is good to one per cent. Equal input gives equal bytes.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import cos, radians
from pathlib import Path as FilePath

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from domain.errors import ProblemError
from domain.terms import Lang, say
from geo.layers import Circles, Layer, ShapeIndex, ShapeLevel
from geo.legend import list_legend
from geo.print_marks import INK, MUTED, Sheet, draw_legend, draw_shapes
from geo.shapes import unpack_shapes

FONT_FILE = FilePath(__file__).parent / "fonts" / "NotoSansSC-Regular.otf"
COUNTY, SCHOOL = 6, 10  # digits of their codes
_MM = 1 / 25.4  # inches
_DEGREE_KM = 111.195
_DPI = 200
_MARGIN, _HEAD, _FOOT, _LEGEND = 12.0, 22.0, 12.0, 58.0  # millimetres


class Paper(StrEnum):
    """The sheet; it is turned to fit the county, both sizes the same way."""

    A4 = "A4"
    A3 = "A3"


class PrintFormat(StrEnum):
    """The kind of file. PNG has 200 dots to the inch."""

    PDF = "pdf"
    PNG = "png"


_SIDES = {Paper.A4: (210.0, 297.0), Paper.A3: (297.0, 420.0)}  # millimetres


@dataclass(frozen=True)
class PrintSpec:
    """What stands on the sheet besides the map. `filter_words`: the sentence that also stands on the page and the export.

    The layers must already be suppressed (geo.layers.hide_small) when the sheet leaves the view of the one who prints it.
    """

    title: str
    filter_words: str
    source: str
    printed_on: date
    layers: tuple[Layer, ...]
    synthetic: bool
    level: ShapeLevel = ShapeLevel.VILLAGE
    lang: Lang = "zh"
    paper: Paper = Paper.A4
    format: PrintFormat = PrintFormat.PDF
    within: str = ""  # code of a town or village that fills the sheet; empty: everything


def print_map(bundles: Iterable[bytes], spec: PrintSpec) -> bytes:
    """The sheet as a file; see print_maps."""
    return print_maps(bundles, [spec])


def print_maps(bundles: Iterable[bytes], specs: Sequence[PrintSpec]) -> bytes:
    """The sheets as one file: a page each as PDF; as PNG there is one only.

    `bundles`: the packed shapes (geo.shapes) of the county, its towns, villages and, if drawn, catchments and schools.
    Raises ProblemError when there is nothing to draw, the font is missing, or two maps are asked for as PNG.
    """
    if len(specs) > 1 and specs[0].format is PrintFormat.PNG:
        raise ProblemError("map.print.one_png")
    frames = {ShapeLevel(frame["level"].iat[0]): frame for frame in map(unpack_shapes, bundles) if len(frame)}
    return _save([_draw_sheet({level: _cut(frame, spec) for level, frame in frames.items()}, spec) for spec in specs], specs[0])


def _cut(frame: gpd.GeoDataFrame, spec: PrintSpec) -> gpd.GeoDataFrame:
    """What lies in the area of the sheet and what it lies in; schools and catchments stay, whose codes are not of places."""
    codes = frame["code"]
    if len(spec.within) <= COUNTY or codes.str.len().iat[0] == SCHOOL:
        return frame
    return frame[codes.str.startswith(spec.within) | pd.Series([spec.within.startswith(code) for code in codes], codes.index)]


def _draw_sheet(frames: Mapping[ShapeLevel, gpd.GeoDataFrame], spec: PrintSpec) -> Figure:
    if spec.level not in frames or frames[spec.level].empty:
        raise ProblemError("map.print.no_shapes")
    sheet = _lay_out(frames, spec)
    draw_shapes(sheet, frames, spec.layers, spec.level)
    _write_words(sheet, spec)
    index = ShapeIndex(spec.level, "", tuple(frames[spec.level]["code"]))
    left, top = sheet.size[0] - _MARGIN - _LEGEND + 4, sheet.size[1] - _MARGIN - _HEAD
    draw_legend(sheet, list_legend(spec.layers, index, spec.lang), say("map.legend", spec.lang), left, top, _LEGEND - 4)
    _draw_scale(sheet)
    _draw_north(sheet, spec.lang)
    return sheet.figure


def _lay_out(frames: Mapping[ShapeLevel, gpd.GeoDataFrame], spec: PrintSpec) -> Sheet:
    """An empty sheet whose map fills its frame: the degrees shown are widened to the frame's proportions."""
    if not FONT_FILE.is_file():
        raise ProblemError("map.print.no_font", name=FONT_FILE.name)
    shown = [frames[spec.level]] if len(spec.within) > COUNTY else list(frames.values())
    bounds = np.array([frame.total_bounds for frame in shown])
    (west, south), (east, north) = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    stretch = cos(radians((south + north) / 2))
    across, up = (east - west) * stretch, north - south
    wide, high = _turn(across, up, spec.paper)
    degree = _degrees_a_mm(across, up, wide, high)
    map_wide, map_high = _map_size(wide, high)
    figure = Figure(figsize=(wide * _MM, high * _MM), dpi=_DPI, facecolor="white")
    axes = figure.add_axes((_MARGIN / wide, (_MARGIN + _FOOT) / high, map_wide / wide, map_high / high))
    lon, lat, degrees = (west + east) / 2, (south + north) / 2, (degree / stretch, degree)
    half_wide, half_high = degrees[0] * map_wide / 2, degrees[1] * map_high / 2
    axes.set(xlim=(lon - half_wide, lon + half_wide), ylim=(lat - half_high, lat + half_high))
    axes.set(xticks=(), yticks=())
    for edge in axes.spines.values():
        edge.set(color=MUTED, linewidth=0.6)
    paper = figure.add_axes((0, 0, 1, 1), facecolor="none", xlim=(0, wide), ylim=(0, high))
    paper.set_axis_off()
    full = _full_circle(frames[spec.level], spec.layers, degrees)
    return Sheet(figure, paper, axes, FontProperties(fname=FONT_FILE), (wide, high), degrees, full)


def _turn(across: float, up: float, paper: Paper) -> tuple[float, float]:
    """Width and height of the sheet, upright or turned as fills A4 better: its margins weigh more than those of A3."""
    narrow, long = _SIDES[Paper.A4]
    turned = _degrees_a_mm(across, up, long, narrow) <= _degrees_a_mm(across, up, narrow, long)
    return _SIDES[paper][::-1] if turned else _SIDES[paper]


def _map_size(wide: float, high: float) -> tuple[float, float]:
    return wide - 2 * _MARGIN - _LEGEND, high - 2 * _MARGIN - _HEAD - _FOOT


def _degrees_a_mm(across: float, up: float, wide: float, high: float) -> float:
    """How many degrees of latitude a millimetre must take for the county to fit a sheet turned this way."""
    map_wide, map_high = _map_size(wide, high)
    return 1.04 * max(across / map_wide, up / map_high)


def _full_circle(frame: gpd.GeoDataFrame, layers: Iterable[Layer], degrees: tuple[float, float]) -> float:
    """Radius of the full-size circle in millimetres: at most 6, and what the room between the areas allows."""
    west, south, east, north = frame.total_bounds
    room = np.sqrt(0.6 * (east - west) / degrees[0] * (north - south) / degrees[1] / len(frame))
    return min(6.0, float(room) * (0.45 if sum(isinstance(layer, Circles) for layer in layers) > 1 else 0.6))


def _write_words(sheet: Sheet, spec: PrintSpec) -> None:
    top, bottom, right = sheet.size[1] - _MARGIN, _MARGIN, sheet.size[0] - _MARGIN
    wide = right - _MARGIN
    sheet.write(spec.title, _MARGIN, top - 7, _fit(spec.title, 17, wide))
    sheet.write(spec.filter_words, _MARGIN, top - 15, _fit(spec.filter_words, 9.5, wide), MUTED)
    note = say("map.synthetic", spec.lang) if spec.synthetic else ""
    sheet.write(note, right, bottom + 5.5, 9.5, align="right")
    sheet.write(say("map.print.source", spec.lang, source=spec.source), _MARGIN, bottom + 5.5, 8, MUTED)
    sheet.write(say("map.print.printed_on", spec.lang, day=spec.printed_on.isoformat()), _MARGIN, bottom + 1, 8, MUTED)


def _fit(text: str, points: float, wide: float) -> float:
    """The size of type at which a line fits: a Chinese character is as wide as it is high, others about 0.6 of that."""
    ems = sum(1.0 if ord(letter) > 0x2E7F else 0.6 for letter in text)
    return min(points, wide * _MM * 72 / max(ems, 1))


def _draw_scale(sheet: Sheet) -> None:
    """A bar of 1, 2 or 5 times a power of ten kilometres, about a sixth of the map wide."""
    axes: Axes = sheet.axes
    kilometres_a_mm = sheet.degrees[1] * _DEGREE_KM
    sixth = _map_size(*sheet.size)[0] / 6 * kilometres_a_mm
    power = 10.0 ** np.floor(np.log10(sixth))
    length = max(step * power for step in (1, 2, 5) if step * power <= sixth)
    left, low = axes.get_xlim()[0] + 5 * sheet.degrees[0], axes.get_ylim()[0] + 5 * sheet.degrees[1]
    right, tick = left + length / kilometres_a_mm * sheet.degrees[0], 1.2 * sheet.degrees[1]
    axes.plot(
        [left, left, right, right], [low + tick, low, low, low + tick], color=INK, linewidth=1.1, solid_capstyle="butt", zorder=9
    )
    sheet.letter(f"{length:g} km", (left + right) / 2, low + tick, 8, "bottom")


def _draw_north(sheet: Sheet, lang: Lang) -> None:
    axes: Axes = sheet.axes
    x, y = axes.get_xlim()[1] - 8 * sheet.degrees[0], axes.get_ylim()[1] - 16 * sheet.degrees[1]
    wide, high = 2.4 * sheet.degrees[0], 8 * sheet.degrees[1]
    axes.fill([x - wide, x, x], [y, y + high, y + high / 4], facecolor=INK, edgecolor=INK, linewidth=0.6, zorder=9)
    axes.fill([x + wide, x, x], [y, y + high, y + high / 4], facecolor="white", edgecolor=INK, linewidth=0.6, zorder=9)
    sheet.letter(say("map.print.north", lang), x, y + high * 1.08, 9, "bottom")


def _save(figures: Sequence[Figure], spec: PrintSpec) -> bytes:
    """The file without the hour and program version that would make every copy another one."""
    blank = {"CreationDate": None, "Producer": None, "Creator": None, "Title": spec.title}
    metadata = blank if spec.format is PrintFormat.PDF else {"Software": None, "Title": spec.title}
    with io.BytesIO() as file:
        if spec.format is PrintFormat.PNG:
            figures[0].savefig(file, format="png", dpi=_DPI, metadata=metadata)
        else:
            with PdfPages(file, metadata=metadata) as pages:
                for figure in figures:
                    pages.savefig(figure, dpi=_DPI)
        return file.getvalue()
