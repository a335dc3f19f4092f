"""The floor: an app whose page does nothing, started like ours (heavy imports, then the collector settled), without a door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import streamlit as st

from data_access.collector import settle_collector


@asynccontextmanager
async def warm_up(_app: st.App) -> AsyncIterator[None]:
    for name in ("altair", "folium", "geopandas", "pandas"):
        import_module(name)
    settle_collector()
    yield


app = st.App("empty_page.py", lifespan=warm_up)
