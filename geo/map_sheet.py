"""One file of the map from an order in plain words: what the page's button and the command line hand over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.suppress import SuppressRule
from domain.terms import Lang, say
from geo.classes import ClassMethod
from geo.drawing import SHARES, Drawing, MapLayer, Source, list_layers
from geo.gis_files import EXACT, SHARED, GisFormat, write_gis
from geo.layers import Layer, ShapeIndex, ShapeLevel, hide_small
from geo.map_values import DrawnLevel
from geo.print_map import Paper, PrintFormat, PrintSpec, print_maps
from geo.shared_source import SharedSource

SMALL = SuppressRule()
KINDS = (*PrintFormat, *GisFormat)
Stored = tuple[str, str, tuple[str, ...], bytes]  # level, etag, codes, content of a bundle


@dataclass(frozen=True)
class SheetOrder:
    """What is wanted. `kind`: pdf, png, geojson, gpkg. `words`: the filter in words. `shared`: small numbers are hidden.

    `demo`: the data are synthetic, and the sheet says so below its title.
    """

    kind: str
    chosen: CaseFilter
    words: str
    printed_on: date
    shared: bool
    synthetic: bool
    layer: str = MapLayer.BOTH.value
    level: str = DrawnLevel.VILLAGE.value
    classes: str | None = None
    paper: str = Paper.A4.value
    lang: Lang = "zh"
    demo: bool = False


def draw_sheet(source: Source, stored: Sequence[Stored], order: SheetOrder) -> bytes:
    """The file. Raises ProblemError for a kind, layer, level or method that does not exist, and where no shapes are stored."""
    kind = _known(order.kind, KINDS, "cli.map_kind")
    shapes = tuple(ShapeIndex(ShapeLevel(level), etag, codes) for level, etag, codes, _ in stored if codes)
    contents = {level: content for level, _, codes, content in stored if codes}
    source = source_of(order, source)
    if kind in set(GisFormat):
        return write_counts(source, contents.get("village", b""), order)
    layer = MapLayer(_known(order.layer, tuple(MapLayer), "cli.map_layer"))
    level = DrawnLevel(_known(order.level, tuple(DrawnLevel)[1:], "cli.map_level"))
    methods = SHARES[layer].methods if layer in SHARES else (ClassMethod.QUANTILES,)
    method = ClassMethod(_known(order.classes or methods[0], methods, "cli.map_classes"))
    drawing = Drawing(source, order.chosen, order.chosen, method, level, shapes, order.lang)
    together = MapLayer.BOTH if layer is MapLayer.SIDE_BY_SIDE else layer
    return print_maps(contents.values(), [spec_of(order, one, layer) for one in list_layers(together, drawing)])


def source_of(order: SheetOrder, exact: Source) -> Source:
    """Where the numbers of an order come from: as they are, or made safe to share."""
    return SharedSource(exact, SMALL) if order.shared else exact


def spec_of(order: SheetOrder, layers: Sequence[Layer], layer: MapLayer) -> PrintSpec:
    """One sheet with these layers."""
    hidden = " · " + say("map_files.hidden", order.lang) if order.shared else ""
    return PrintSpec(
        title=say("map_files.title", order.lang, layer=say(f"layer.{layer}", order.lang)),
        filter_words=f"{say('demo.banner', order.lang)} · {order.words}" if order.demo else order.words,
        source=say("map_files.source", order.lang) + hidden,
        printed_on=order.printed_on,
        layers=tuple(hide_small(one, SMALL) for one in layers) if order.shared else tuple(layers),
        synthetic=order.synthetic,
        level=ShapeLevel.VILLAGE if order.level == DrawnLevel.AUTO else ShapeLevel(order.level),
        lang=order.lang,
        paper=Paper(order.paper),
        format=PrintFormat(order.kind),
        within=order.chosen.area or "",
    )


def write_counts(source: Source, bundle: bytes, order: SheetOrder) -> bytes:
    """The counts of the villages for other programs from the `source_of` the order; shared ones in fewer columns."""
    if not bundle:
        raise ProblemError("map.print.no_shapes")
    counts = {one: source.count(order.chosen, one) for one in (SHARED if order.shared else EXACT)}
    return write_gis(bundle, counts, GisFormat(order.kind), within=order.chosen.area or "")


def _known(word: str, words: Sequence[str], key: str) -> str:
    if word not in set(words):
        raise ProblemError(key, value=word, known=", ".join(words))
    return word
