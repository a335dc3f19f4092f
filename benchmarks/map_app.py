"""The app around map_page.py: Leaflet and the shapes from its own routes, as the product serves them, without its door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from access.assets import read_vendor
from benchmarks import map_county as county
from data_access.collector import settle_collector

VENDOR = read_vendor()
SIZES = (100, 2_947, 17_000)
FOREVER = {"Cache-Control": "private, max-age=31536000, immutable", "Content-Encoding": "gzip"}


def send_vendor(request: Request) -> Response:
    """Leaflet and our layer, packed."""
    asset = VENDOR[request.path_params["path"]]
    return Response(asset.content, 200, FOREVER if asset.packed else None, asset.media_type)


def send_shapes(request: Request) -> Response:
    """A bundle, packed."""
    known = {one.index.etag: one.content for size in SIZES for one in county.bundles(size).values()}
    return Response(known[request.path_params["etag"]], 200, FOREVER, "application/json")


@asynccontextmanager
async def warm_up(_app: st.App) -> AsyncIterator[None]:
    """Draw the counties up before anything is measured."""
    for size in SIZES:
        county.bundles(size)
        for filtered in range(6):
            county.counts(size, filtered)
    settle_collector()
    yield


app = st.App(
    "map_page.py",
    lifespan=warm_up,
    routes=[Route("/vendor/{path:path}", send_vendor), Route("/shapes/{etag}.json", send_shapes)],
)
