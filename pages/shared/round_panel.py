"""The supervision rounds: which one is looked at, when it is held, and its numbers beside those of the one before."""

from dataclasses import replace

import streamlit as st

from domain.case_filter import CaseFilter, Round, resolve
from domain.scope import Scope
from pages.shared import cached
from pages.shared.panels import Tile
from pages.shared.rate_bullets import count_missed
from pages.shared.view import change_filter, read_asked, tell

ROUNDS_SHOWN = 5


def choose_round() -> Round | None:
    """The rounds as buttons, the latest first, and the dates of the one chosen, which holds on every page."""
    rounds, chosen = cached.read_rounds(), read_asked().round_code
    with st.container(horizontal=True, gap="xsmall"):
        for one in list(rounds.values())[:ROUNDS_SHOWN]:
            kind = "primary" if one.code == chosen else "secondary"
            change = {"round_code": None if one.code == chosen else one.code, "period": None, "as_of": None}
            st.button(
                tell("supervision.chip", year=one.starts.year, month=one.starts.month),
                key=f"round.{one.code}",
                type=kind,
                on_click=change_filter,
                kwargs=change,
            )
    found = rounds.get(chosen or "")
    st.caption(say_dates(found) if found else tell("supervision.choose"))
    return found


def say_dates(one: Round) -> str:
    """When a round is held, whether it is over, and of what day its figures are: of none that is still to come."""
    today = cached.moment().today
    state = "ahead" if today < one.starts else "running" if today <= one.ends else "over"
    told = {"starts": one.starts, "ends": one.ends, "as_of": min(one.as_of, today)}
    return tell("supervision.dates", state=tell(f"supervision.{state}"), **told)


def last_round(chosen: CaseFilter, current: Round | None) -> Round | None:
    """The round before the one chosen, or before the as-of day."""
    day = current.starts if current else chosen.as_of or cached.moment().today
    return next((one for one in cached.read_rounds().values() if one.ends < day), None)


def read_round(chosen: CaseFilter, one: Round) -> CaseFilter:
    """The filter in another round."""
    return cached.with_severe_lines(resolve(replace(chosen, round_code=one.code), cached.moment().today, cached.read_rounds()))


def list_tiles(scope: Scope, chosen: CaseFilter, last: Round | None) -> list[Tile]:
    """What the round finds, beside what the one before it found."""
    before = read_round(chosen, last) if last else None
    since = tell("supervision.since", year=last.starts.year, month=last.starts.month) if last else ""

    def tile(name: str, page: str, measure: str = "", **changes: bool) -> Tile:
        now, then = (None if one is None else count(name, scope, replace(one, **changes)) for one in (chosen, before))
        return Tile(name, now, page, tuple(changes.items()), measure, then, since, bad_up=name != "open_cases")

    return [
        tile("open_cases", "cases"),
        tile("overdue", "cases", overdue=True),
        tile("missed", "schools", "missed"),
        tile("stale", "left_behind", "stale"),
    ]


def count(name: str, scope: Scope, chosen: CaseFilter) -> int | None:
    """The number of a tile; None: not known."""
    if name == "missed":
        return count_missed(scope, chosen)
    return cached.count_stale(scope, chosen) if name == "stale" else cached.count_cases(scope, chosen)
