"""The ASGI entry: the door in front, the pages behind it. `streamlit run app.py` starts it."""

import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

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
from data_access.engine import open_engine
from data_access.exports import sweep
from domain.errors import ProblemError

HEAVY = ("altair", "folium", "geopandas", "pandas")  # never streamlit_folium: imported here its component is not registered


@asynccontextmanager
async def warm_up(_app: st.App) -> AsyncIterator[None]:
    """Import what every page needs, then leave it out of the collection that Streamlit runs after every rerun."""
    for name in HEAVY:
        import_module(name)
    sweep()
    gc.collect()
    gc.freeze()
    yield


def open_visits() -> Visits:
    """The door's view of the database. Ends the program, saying why, when it would listen where it must not."""
    try:
        found = Visits(open_engine(), read_settings(os.environ, st.get_option("server.baseUrlPath")))
        require_safe_bind(found.engine, st.get_option("server.address") or "::", tls=bool(st.get_option("server.sslCertFile")))
    except ProblemError as problem:
        print(problem.say("zh"), problem.say("en"), sep="\n", file=sys.stderr)
        sys.exit(2)
    return found


keep_values_out()
visits = open_visits()
settings = visits.settings
app = st.App(
    "pages/_shell.py",
    lifespan=warm_up,
    routes=build_routes(visits),
    exception_handlers={SQLAlchemyError: show_unavailable},
    middleware=[
        Middleware(SecurityHeaders, settings=settings),
        Middleware(Door, visits=visits),
        Middleware(PointedFrontend, base=settings.base),
    ],
)
