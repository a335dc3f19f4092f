"""The floor: an app whose page does nothing, started like ours (heavy imports, then gc.freeze), without a door."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import streamlit as st


@asynccontextmanager
async def warm_up(_app: st.App) -> AsyncIterator[None]:
    for name in ("altair", "folium", "geopandas", "pandas"):
        import_module(name)
    gc.collect()
    gc.freeze()
    yield


app = st.App("empty_page.py", lifespan=warm_up)
