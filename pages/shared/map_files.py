"""Taking the map away: a sheet to print, or counts for other programs; built on click, audited, fetched once."""

from collections.abc import Callable
from enum import StrEnum
from typing import BinaryIO

import streamlit as st

from data_access.exports import spool
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.scope import Scope
from geo.gis_files import GisFormat
from geo.layers import ShapeLevel
from geo.map_sheet import SheetOrder, source_of, spec_of, write_counts
from geo.print_map import Paper, print_maps
from geo.village_map import MapView
from pages.shared import cached
from pages.shared.export import DOWNLOAD, NEED_REASON, ask_reason, name_file
from pages.shared.failures import say_what_failed
from pages.shared.map_controls import MapChoice
from pages.shared.map_maps import list_drawn
from pages.shared.map_source import CachedSource
from pages.shared.panels import describe
from pages.shared.plain import plain
from pages.shared.scope import session_id
from pages.shared.view import read_lang, tell, tell_problem

Make = Callable[[], bytes]


class MapFile(StrEnum):
    """What the map can be taken away as."""

    PDF = "pdf"
    PNG = "png"
    GEOJSON = "geojson"
    GEOPACKAGE = "gpkg"


MEDIA_TYPES = {
    MapFile.PDF: "application/pdf",
    MapFile.PNG: "image/png",
    MapFile.GEOJSON: "application/geo+json",
    MapFile.GEOPACKAGE: "application/geopackage+sqlite3",
}


@st.fragment
@say_what_failed()
def show_map_files(scope: Scope, chosen: CaseFilter, asked: MapChoice, view: MapView) -> None:
    """Kind, paper, for whom, and a button that offers the file. Nothing for a role that may take nothing away."""
    if not scope.sees_children:
        return
    with st.popover(tell("map_files.button"), icon=":material/print:"):
        kinds = {one: tell(f"map_files.{one}") for one in MapFile}
        kind = MapFile(
            st.radio(tell("map_files.kind"), list(MapFile), format_func=lambda one: kinds.get(one, one), key="map.kind")
        )
        paper = Paper.A4
        if kind in (MapFile.PDF, MapFile.PNG):
            paper = Paper(
                st.segmented_control(tell("map_files.paper"), list(Paper), default=Paper.A4, required=True, key="map.paper")
            )
        shared = _ask_shared(scope)
        reason = "" if shared or scope.role not in NEED_REASON else ask_reason("map")
        if st.button(tell("export.build"), key="map.build", type="primary", disabled=reason is None):
            today, demo = cached.moment().today, cached.moment().demo
            given = {"layer": asked.layer.value, "level": asked.level.value, "paper": paper.value, "lang": read_lang()}
            order = SheetOrder(kind.value, chosen, describe(chosen), today, shared, view.synthetic, demo=demo, **given)
            _build(scope, chosen, kind, _write(scope, chosen, asked, view, order), reason)


def _ask_shared(scope: Scope) -> bool:
    """Whether the file is to be shared; only whole counties can be, elsewhere a line says so."""
    if not scope.holds_counties:
        st.caption(tell("map_files.internal"))
        return False
    return st.toggle(tell("map_files.shared"), value=True, key="map.shared", help=tell("map_files.shared_help"))


def _write(scope: Scope, chosen: CaseFilter, asked: MapChoice, view: MapView, order: SheetOrder) -> Make:
    source = source_of(order, CachedSource(scope))

    def make() -> bytes:
        if order.kind in set(GisFormat):
            village = next(index for index in view.shapes if index.level is ShapeLevel.VILLAGE)
            bundle = cached.read_bundle_content(village.etag)
            return write_counts(source, bundle, order)
        maps = list_drawn(source, chosen, asked, view.shapes)
        bundles = [cached.read_bundle_content(index.etag) for index in view.shapes]
        return print_maps(bundles, [spec_of(order, layers, asked.layer) for layers in maps])

    return make


def _build(scope: Scope, chosen: CaseFilter, kind: MapFile, make: Make, reason: str | None) -> None:
    def write(out: BinaryIO) -> int:
        out.write(make())
        return 1

    name = name_file("page.village_map", chosen, kind)
    try:
        token = spool(
            cached.engine(),
            scope,
            session_id(),
            name,
            MEDIA_TYPES[kind],
            write,
            act="export_map",
            county=(chosen.area or "".join(scope.areas[:1]))[:6] or None,
            filter_text=describe(chosen),
            reason=reason or None,
        )
    except ProblemError as problem:
        st.error(tell_problem(problem))
    else:
        st.link_button(plain(name), f"{DOWNLOAD}{token}", icon=":material/download:", help=tell("export.once"))
