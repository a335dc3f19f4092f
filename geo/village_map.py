"""The village map on screen: a map that stays, shapes fetched once by address, and only numbers that travel.

draw_map gives the part that stays the same while people filter: its script identifies the map, so zoom and centre are
kept. draw_values gives the part that changes. The drawing itself is in access/vendor/village_layer.js.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

import folium
from folium.elements import JSCSSMixin
from folium.template import Template

from geo.basemaps import Basemap
from geo.layers import ShapeIndex
from geo.map_values import MapValues, write_json, write_values
from geo.offline import LAYER_VERSION, VENDOR, Links, OfflineMap

SHAPES = "../../shapes/"  # like VENDOR, relative to the address of the map component


@dataclass(frozen=True)
class MapView:
    """What stays the same while people filter.

    `bounds`: west, south, east, north in degrees WGS-84. `fills`: the map is the page and takes what is free of the screen.
    """

    shapes: tuple[ShapeIndex, ...]
    bounds: tuple[float, float, float, float]
    synthetic: bool
    basemap: Basemap | None = None
    fills: bool = False


class VillageLayer(JSCSSMixin):  # type: ignore[misc]
    """Our own layer on the map: where the shapes are, what lies below them, where to begin."""

    _template = Template("{% macro script(this, kwargs) %}{{ this.script() }}{% endmacro %}")
    default_js: ClassVar[Links] = [("village_layer", f"{VENDOR}village_layer.js?v={LAYER_VERSION}")]
    default_css: ClassVar[Links] = [("village_layer_css", f"{VENDOR}village_layer.css?v={LAYER_VERSION}")]

    def __init__(self, config: Mapping[str, object]) -> None:
        super().__init__()
        self._name = "VillageLayer"
        self.config = write_json(config)

    def script(self) -> str:
        """The one call. st_folium tells maps apart by their script less every `_abc`; the hash keeps views apart."""
        digest = sha256(self.config.encode()).hexdigest()
        return f"/* {digest} */ window.VillageMap.draw({self._parent.get_name()}, {self.config});"


class Values(folium.FeatureGroup):  # type: ignore[misc]
    """The numbers of one filter; all that is sent again when it changes."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = L.featureGroup();"
        " window.VillageMap.show({{ this.payload }});{% endmacro %}"
    )

    def __init__(self, payload: str) -> None:
        super().__init__()
        self.payload = payload


def draw_map(view: MapView) -> folium.Map:
    """The map without numbers; equal views give equal maps, which the browser keeps."""
    west, south, east, north = view.bounds
    drawn = OfflineMap(centre=((south + north) / 2, (west + east) / 2), whole_zooms=view.basemap is not None)
    drawn.add_child(
        VillageLayer(
            {
                "shapes": {index.level: f"{SHAPES}{index.etag}.json" for index in view.shapes},
                "sizes": {index.level: len(index.codes) for index in view.shapes},
                "bounds": [[south, west], [north, east]],
                "synthetic": view.synthetic,
                "fills": view.fills,
                "basemap": view.basemap.to_script() if view.basemap else None,
            }
        )
    )
    return drawn


def draw_values(values: MapValues) -> Values:
    """The numbers, legend and words of one filter, to hand to st_folium as `feature_group_to_add`."""
    return Values(write_values(values))
