"""Printed maps: complete, readable in grey, the same bytes for the same input, with a font for every name."""

import io
from dataclasses import replace
from datetime import date
from math import cos, radians
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib import image, pyplot
from shapely import box

from domain.area_counts import HIDDEN, AreaCounts
from domain.errors import ProblemError
from domain.targets import Verdict
from geo import print_map as module
from geo.classes import ClassBreaks, ClassMethod
from geo.layers import Choropleth, Circles, CircleStyle, Flags, SchoolMarks, ShapeLevel
from geo.print_map import FONT_FILE, Paper, PrintFormat, PrintSpec, print_map
from geo.shapes import pack_shapes
from tests.geo.small_county import COUNTY, SCHOOLS, SIDE, SOUTH, VILLAGES, WEST, bundles, counted, frame
from tests.live_parts import live_parts

CONTENTS = [bundle.content for bundle in bundles().values()]
COUNTS = counted({VILLAGES[0]: 30, VILLAGES[1]: 4, "": 2})
SPEC = PrintSpec(
    title="试验县在册对象分布图",
    filter_words="试验县 · 初中 · 截至 2026-11-21",
    source="控辍保学台账",
    printed_on=date(2026, 11, 21),
    layers=(Circles("在册", COUNTS), Circles("留守", COUNTS, CircleStyle.RING), Flags("逾期", COUNTS)),
    synthetic=True,
    format=PrintFormat.PNG,
)
RATES = Choropleth(
    "率", COUNTS, counted(dict.fromkeys(VILLAGES, 100)), {ShapeLevel.VILLAGE: ClassBreaks(ClassMethod.EQUAL, (400, 3000))}
)


def pixels(spec: PrintSpec) -> np.ndarray:
    picture: np.ndarray = image.imread(io.BytesIO(print_map(CONTENTS, spec)))
    return picture


@pytest.mark.parametrize(("broad", "lying"), [(0.5, False), (0.85, True), (1.5, True)])
@pytest.mark.parametrize("paper", Paper)
def test_both_sizes_of_paper_are_turned_the_same_way(paper: Paper, broad: float, lying: bool) -> None:
    """At 0.85 the wider margins of A4 turn the sheet, which A3 by itself would not be."""
    middle = SOUTH + SIDE / 2
    shape = box(WEST, SOUTH, WEST + broad * SIDE / cos(radians(middle)), SOUTH + SIDE)
    county = pack_shapes(frame([(COUNTY, "试验县", "9999", shape, None, None)]), ShapeLevel.COUNTY)
    printed = print_map([county.content], replace(SPEC, paper=paper, level=ShapeLevel.COUNTY))
    high, wide = image.imread(io.BytesIO(printed)).shape[:2]
    assert (wide > high) == lying


@pytest.mark.parametrize(("paper", "longer"), [(Paper.A4, 297), (Paper.A3, 420)])
def test_the_sheet_has_its_size(paper: Paper, longer: int) -> None:
    assert max(pixels(replace(SPEC, paper=paper)).shape[:2]) == pytest.approx(longer / 25.4 * 200, abs=1)


@pytest.mark.parametrize("kind", list(PrintFormat))
def test_same_input_same_bytes(kind: PrintFormat) -> None:
    spec = replace(SPEC, format=kind)
    content = print_map(CONTENTS, spec)
    assert content == print_map(CONTENTS, spec)
    assert not any(word in content for word in (b"CreationDate", b"Matplotlib", b"Software"))


def test_a_pdf_holds_its_font() -> None:
    content = print_map(CONTENTS, replace(SPEC, format=PrintFormat.PDF))
    assert content.startswith(b"%PDF")
    assert b"NotoSansCJKsc" in content


def test_no_figure_stays_open() -> None:
    print_map(CONTENTS, SPEC)
    assert pyplot.get_fignums() == []


def differ(first: PrintSpec, second: PrintSpec) -> bool:
    return print_map(CONTENTS, first) != print_map(CONTENTS, second)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "别的"},
        {"filter_words": "别的"},
        {"source": "别的"},
        {"printed_on": date(2026, 3, 1)},
        {"synthetic": False},
        {"lang": "en"},
        {"level": ShapeLevel.TOWN},
        {"layers": (RATES,)},
        {"layers": (SchoolMarks("学校", {SCHOOLS[0]: Verdict.MISSED}),)},
    ],
)
def test_everything_asked_for_shows(change: dict[str, object]) -> None:
    assert differ(SPEC, replace(SPEC, **change))  # type: ignore[arg-type]


def test_missing_and_hidden_areas_look_unlike_zero() -> None:
    def ground(first: object) -> PrintSpec:
        return replace(SPEC, layers=(Circles("在册", AreaCounts({**dict.fromkeys(VILLAGES, 0), VILLAGES[0]: first}, {})),))  # type: ignore[dict-item]

    sheets = [print_map(CONTENTS, ground(first)) for first in (0, None, HIDDEN)]
    assert len(set(sheets)) == 3


def test_a_long_title_stays_on_the_sheet() -> None:
    picture = pixels(replace(SPEC, title="很" * 80, filter_words="长" * 300))
    edge = round(10 / 25.4 * 200)
    assert picture[:, -edge:, :3].min() == 1.0


def test_without_shapes_there_is_nothing_to_print() -> None:
    with pytest.raises(ProblemError, match="no shapes"):
        print_map([], SPEC)


def test_a_missing_font_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "FONT_FILE", tmp_path / "gone.otf")
    with pytest.raises(ProblemError) as refused:
        print_map(CONTENTS, SPEC)
    assert "gone.otf" in refused.value.say("zh")


def test_the_font_has_every_common_and_many_rare_characters() -> None:
    with TTFont(FONT_FILE, lazy=True) as font:
        known = set(font.getBestCmap())
    gb2312 = {bytes([row, cell]).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)} - {""}
    for needed in (gb2312, "㙍𠅤塝埫圢磜䓖鿍", "▲●■·—（）％≤≥→←°′", "abcXYZ0189"):
        assert {ord(letter) for letter in needed} <= known


@pytest.mark.parametrize("text", ["$\\frac$ 镇", "$x^$", "a$b$", "<script>x()</script>", "=1+1"])
def test_what_stands_in_a_name_is_no_formula(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two dollar signs begin mathematics in matplotlib: half a formula would end the map, a whole one would change the name."""
    shown: list[str] = []
    letter = module.Sheet.letter
    monkeypatch.setattr(module.Sheet, "letter", lambda sheet, said, *rest: (shown.append(said), letter(sheet, said, *rest))[1])
    contents = [bundle.content for bundle in bundles(town_name=text).values()]
    content = print_map(contents, replace(SPEC, title=text, filter_words=text, source=text, format=PrintFormat.PDF))
    assert text in shown
    assert not live_parts(content)


def test_what_is_outside_the_view_looks_unlike_no_data() -> None:
    def with_first(counts: dict[str, int | None]) -> PrintSpec:
        return replace(SPEC, layers=(Circles("在册", AreaCounts(counts, {})),))

    rest = dict.fromkeys(VILLAGES[1:], 0)
    assert differ(with_first({**rest, VILLAGES[0]: None}), with_first({**rest}))
