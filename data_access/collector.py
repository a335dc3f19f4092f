"""Python's cyclic collector: settled once the app has started, off while many rows are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 50_000  # new objects between two collections, in place of 700: a table of a thousand rows makes ten thousand


def settle_collector() -> None:
    """Leave what is there now out of every later collection, and collect less often.

    For a process that has imported and warmed everything. Streamlit collects after every rerun in any case; in the midst of
    one a collection walks over rows that are all in use, which costs a fifth of a page's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector: while many rows are made and kept it walks over all of them, again and again, and finds nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
