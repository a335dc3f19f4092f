"""One page with one map, drawn by a pattern that the address names; says how long the drawing took on the server."""

import sys
from pathlib import Path
from time import perf_counter

import folium
import streamlit as st
from streamlit_folium import st_folium

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import map_county as county
from geo.layers import Circles, CircleStyle, Flags
from geo.map_values import MapValues
from geo.offline import OfflineMap
from geo.village_map import MapView, draw_map, draw_values

pattern, villages = st.query_params["pattern"], int(st.query_params["villages"])
filtered = int(st.number_input("filter", 0, 9, key="filter"))  # always another one: Streamlit remembers what it has sent
colour = f"#00000{filtered + 1}"  # by which the measurement tells the new map from the old
found = county.counts(villages, filtered)  # what a query would give: not part of the drawing
frame = county.frames(villages)[county.ShapeLevel.VILLAGE]
west, south, east, north = frame.total_bounds
begun = perf_counter()
if pattern == "ours":
    view = MapView(county.shapes(villages), (west, south, east, north), synthetic=True)
    layers = (
        Circles(f"留守{filtered}", found["left_behind"], CircleStyle.RING, found["children"]),
        Circles("在册", found["at_risk"], whole=found["children"]),
        Flags("逾期", found["overdue"]),
    )
    drawn, numbers = draw_map(view), draw_values(MapValues(view.shapes, layers))
else:
    drawn = OfflineMap(((south + north) / 2, (west + east) / 2), whole_zooms=True)  # folium's own scripts need the internet
    if pattern == "geojson":
        told = frame.assign(**{name: [one.totals[code] for code in frame["code"]] for name, one in found.items()})
        tips = folium.GeoJsonTooltip(["name", *found], aliases=["村", "学龄", "在册", "留守", "逾期"])
        folium.GeoJson(told.to_json(), tooltip=tips, style_function=lambda _one, line=colour: {"color": line}).add_to(drawn)
    else:
        for row in frame.itertuples():
            words = f"{row.name}: {found['at_risk'].totals[row.code]} / {found['children'].totals[row.code]}"
            folium.CircleMarker([row.lat, row.lon], radius=4, tooltip=words, color=colour).add_to(drawn)
    numbers = None
    drawn.get_root().render()
st.text(f"drawn in {(perf_counter() - begun) * 1000:.1f} ms")
st_folium(drawn, key="map", feature_group_to_add=numbers, returned_objects=[], height=560, use_container_width=True)
