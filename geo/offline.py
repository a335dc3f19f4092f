"""A folium map that needs nothing but our own server: no tile, script, style or icon from elsewhere."""

from typing import ClassVar

import folium

# Relative to the address of the map component, so that a base path in front of the app does not matter. `?v=` lets the
# browser keep a file for ever; a test holds the second one to the hash of the file.
VENDOR = "../../vendor/"
LEAFLET_VERSION = "1.9.4"
LAYER_VERSION = "4b6f4c8a"

Links = list[tuple[str, str]]


class OfflineMap(folium.Map):  # type: ignore[misc]
    """folium.Map with Leaflet from our own server, without a basemap and without Leaflet's own attribution (it shows a flag)."""

    default_js: ClassVar[Links] = [("leaflet", f"{VENDOR}leaflet/leaflet.js?v={LEAFLET_VERSION}")]
    default_css: ClassVar[Links] = [("leaflet_css", f"{VENDOR}leaflet/leaflet.css?v={LEAFLET_VERSION}")]

    def __init__(self, centre: tuple[float, float], whole_zooms: bool) -> None:
        """`whole_zooms`: only zooms that tiles exist in; without tiles the map can fill its frame exactly."""
        where = {"location": list(centre), "zoom_start": 9, "max_zoom": 18, "zoom_snap": 1 if whole_zooms else 0.1}
        super().__init__(**where, tiles=None, prefer_canvas=True, attribution_control=False, font_size="13px")
