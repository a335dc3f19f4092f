"""The ASGI entry: the door in front, the pages behind it. `streamlit run app.py` starts it."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware

from access.bind import require_safe_bind
from access.door import Door
from access.frontend import PointedFrontend
from access.headers import SecurityHeaders
from access.logs import keep_values_out
from access.routes import build_routes, show_unavailable
from access.settings import read_settings
from access.visits import Visits
from data_access.collector import settle_collector
from data_access.engine import open_engine
from data_access.exports import sweep
from domain.errors import ProblemError
from geo.basemaps import Basemap, read_basemap
from geo.tile_source import open_tiles

HEAVY = (
    "altair",
    "folium",
    "geopandas",
    "geo.print_map",
)  # never streamlit_folium: imported here its component is not registered


@asynccontextmanager
async def warm_up(_app: st.App) -> AsyncIterator[None]:
    """Import what every page needs, then leave it out of the collection that Streamlit runs after every rerun."""
    for name in HEAVY:
        import_module(name)
    sweep()
    settle_collector()
    yield


def open_visits(basemap: Basemap | None) -> Visits:
    """The door's view of the database. Raises ProblemError when it would listen where it must not."""
    settings = read_settings(os.environ, st.get_option("server.baseUrlPath"))
    hosts = (*settings.tile_hosts, *(basemap.hosts if basemap else ()))
    found = Visits(open_engine(), replace(settings, tile_hosts=hosts))
    require_safe_bind(found.engine, st.get_option("server.address") or "::", tls=bool(st.get_option("server.sslCertFile")))
    return found


def name_pages() -> set[str]:
    """The addresses of the pages: the names of their files; the overview answers at the root."""
    return {"", *(file.stem for file in (Path(__file__).parent / "pages").glob("[!_]*.py"))} - {"overview"}


keep_values_out()
try:
    basemap = read_basemap(os.environ)
    visits = open_visits(basemap)
except ProblemError as problem:
    print(problem.say("zh"), problem.say("en"), sep="\n", file=sys.stderr)
    sys.exit(2)
settings = visits.settings
app = st.App(
    "pages/_shell.py",
    lifespan=warm_up,
    routes=build_routes(visits, open_tiles(basemap)),
    exception_handlers={SQLAlchemyError: partial(show_unavailable, visits)},
    middleware=[
        Middleware(SecurityHeaders, settings=settings),
        Middleware(Door, visits=visits),
        Middleware(PointedFrontend, base=settings.base, names=name_pages()),
    ],
)
