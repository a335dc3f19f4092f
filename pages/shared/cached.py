"""The reads of all pages, remembered by scope, filter and data version: the only place that touches Streamlit's caches.

What is remembered never changes (tuples of frozen records, read-only mappings), so all sessions share it and nothing is
copied. A key holds codes, enums and dates only: a search for a name goes past the cache. Of a scope only role, areas and
schools decide what a read gives, so two people of one office share.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import streamlit as st

from data_access import areas, cases, children, reports, rounds, schools, settings, targets, village_counts, visits
from data_access.areas import AreaRow, Bundle
from data_access.cases import CaseGrouping, CaseOrder, CaseRow
from data_access.children import ChildRow, LeftBehindRow
from data_access.engine import business_date, is_demo, open_engine
from data_access.measures import Measure
from data_access.migrate import require_schema
from data_access.rounds import SchoolNeed
from data_access.schools import SchoolRow
from data_access.village_counts import VillageCounts
from data_access.visits import VisitRow
from data_access.writing import read_data_version
from domain.calendar import SchoolCalendar
from domain.case_filter import CaseFilter, Round, resolve
from domain.rate_families import RateFamily
from domain.scope import Scope
from domain.targets import Target
from domain.view_state import PAGE_ROWS
from domain.visits import LadderSettings

MOMENT = "moment"
ENTRIES = 200  # answers kept of each read; the oldest go first


@dataclass(frozen=True)
class Moment:
    """What holds for one run of a page: the state of the data, the day it is, whether the data are the demo's."""

    version: int
    today: date
    demo: bool


@st.cache_resource(show_spinner=False)
def engine() -> Any:
    """The database of this process. Raises ProblemError db.not_migrated when it does not fit the program."""
    opened = open_engine()
    with opened.connect() as conn:
        require_schema(conn)
    return opened


def begin_moment() -> None:
    """Settle version and day for this run, so that all its reads agree; require_scope calls it."""
    with engine().connect() as conn:
        st.session_state[MOMENT] = Moment(read_data_version(conn), business_date(conn), is_demo(conn))


def moment() -> Moment:
    """What begin_moment settled."""
    found: Moment = st.session_state[MOMENT]
    return found


def _scope_key(scope: Scope) -> str:
    return _digest((scope.role, scope.areas, scope.schools))


def _digest(value: object) -> str:
    """A key of fixed length: Streamlit joins the parts of a key without a mark between them."""
    return sha256(repr(value).encode()).hexdigest()


remember: Any = partial(
    st.cache_resource, show_spinner=False, max_entries=ENTRIES, hash_funcs={Scope: _scope_key, CaseFilter: _digest, date: _digest}
)


def _ask(read: Callable[..., Any], *given: Any, **named: Any) -> Any:
    with engine().connect() as conn:
        return read(conn, *given, **named)


# --- places and days ------------------------------------------------------------------------------------------------------------


def read_areas(scope: Scope) -> tuple[AreaRow, ...]:
    """The areas of the scope and those above it, by code, without shapes."""
    return _areas(scope, moment().version)


@remember
def _areas(scope: Scope, version: int) -> tuple[AreaRow, ...]:
    return tuple(_ask(areas.read_areas, scope))


def read_bundles(area_code: str) -> Mapping[str, Bundle]:
    """The packed shapes under a prefecture or county, by level."""
    return _bundles(area_code, moment().version)


@remember
def _bundles(area_code: str, version: int) -> Mapping[str, Bundle]:
    return MappingProxyType(_ask(areas.read_bundles, area_code))


def read_names(scope: Scope) -> Mapping[str, str]:
    """Code -> name of every area, school and round that the scope sees."""
    return _names(scope, moment())


@remember(hash_funcs={Scope: _scope_key, Moment: _digest})
def _names(scope: Scope, at: Moment) -> Mapping[str, str]:
    named = {row.code: row.name for row in read_areas(scope)}
    named |= {row.school_code: row.school_name for row in read_schools(scope, resolve(CaseFilter(), at.today, {}))}
    return MappingProxyType(named | {one.code: one.name for one in read_rounds().values()})


def read_rounds() -> Mapping[str, Round]:
    """The supervision rounds by code, the latest first."""
    return _rounds(moment().version)


@remember
def _rounds(version: int) -> Mapping[str, Round]:
    return MappingProxyType(_ask(rounds.read_rounds))


def read_calendar(county: str) -> SchoolCalendar:
    """The school calendar of a county."""
    return _calendar(county, moment().version)


@remember
def _calendar(county: str, version: int) -> SchoolCalendar:
    found: SchoolCalendar = _ask(settings.read_calendar, county)
    return found


def read_ladder(county: str, as_of: date) -> LadderSettings:
    """The numbers of the home-visit ladder in force."""
    found: LadderSettings = _ask(settings.read_ladder, county, as_of)
    return found


def read_family(county: str, as_of: date) -> RateFamily:
    """The formula family in force."""
    found: RateFamily = _ask(settings.read_family, county, as_of)
    return found


def read_targets(school_year: int, as_of: date) -> tuple[Target, ...]:
    """Every target set for a school year."""
    return tuple(_ask(targets.read_targets, school_year, as_of))


# --- counts ---------------------------------------------------------------------------------------------------------------------


def read_village_counts(scope: Scope, chosen: CaseFilter) -> tuple[VillageCounts, ...]:
    """The counts by village, the unlocated last."""
    return _village_counts(scope, chosen, moment().version)


@remember
def _village_counts(scope: Scope, chosen: CaseFilter, version: int) -> tuple[VillageCounts, ...]:
    return tuple(_ask(village_counts.read_village_counts, scope, chosen))


def read_schools(scope: Scope, chosen: CaseFilter) -> tuple[SchoolRow, ...]:
    """Every school x stage, what needs doing first."""
    return _schools(scope, chosen, moment().version)


@remember
def _schools(scope: Scope, chosen: CaseFilter, version: int) -> tuple[SchoolRow, ...]:
    return tuple(_ask(schools.read_schools, scope, chosen))


def read_silent_schools(scope: Scope, chosen: CaseFilter) -> Mapping[str, int]:
    """School -> on how many of the last five school days its daily report is missing; only those that lack one."""
    return _silent(scope, chosen, moment().version)


@remember
def _silent(scope: Scope, chosen: CaseFilter, version: int) -> Mapping[str, int]:
    wanted = {row.school_code for row in _schools(scope, chosen, version)}
    return MappingProxyType(_ask(reports.read_silent_schools, wanted, chosen.as_of))


def read_needs(scope: Scope, chosen: CaseFilter) -> tuple[SchoolNeed, ...]:
    """The schools by need, for a supervision round."""
    return _needs(scope, chosen, moment().version)


@remember
def _needs(scope: Scope, chosen: CaseFilter, version: int) -> tuple[SchoolNeed, ...]:
    return tuple(_ask(rounds.read_needs, scope, chosen))


# --- cases ----------------------------------------------------------------------------------------------------------------------


def read_cases(
    scope: Scope, chosen: CaseFilter, *, order: CaseOrder = CaseOrder.DUE, limit: int = PAGE_ROWS, offset: int = 0, name: str = ""
) -> tuple[CaseRow, ...]:
    """One page of the cases."""
    if name:
        return tuple(_ask(cases.read_cases, scope, chosen, order=order, limit=limit, offset=offset, name=name))
    return _cases(scope, chosen, order, limit, offset, moment().version)


@remember
def _cases(scope: Scope, chosen: CaseFilter, order: CaseOrder, limit: int, offset: int, version: int) -> tuple[CaseRow, ...]:
    return tuple(_ask(cases.read_cases, scope, chosen, order=order, limit=limit, offset=offset))


def count_cases(scope: Scope, chosen: CaseFilter, name: str = "") -> int:
    """How many cases the filter chooses."""
    found: int = _ask(cases.count_cases, scope, chosen, name) if name else _case_count(scope, chosen, moment().version)
    return found


@remember
def _case_count(scope: Scope, chosen: CaseFilter, version: int) -> int:
    found: int = _ask(cases.count_cases, scope, chosen)
    return found


def count_cases_by(scope: Scope, chosen: CaseFilter, grouping: CaseGrouping) -> Mapping[str | int | None, tuple[int, int]]:
    """Value -> (cases, overdue cases)."""
    return _case_counts(scope, chosen, grouping, moment().version)


@remember
def _case_counts(scope: Scope, chosen: CaseFilter, grouping: CaseGrouping, version: int) -> Mapping[str | int | None, tuple[int, int]]:
    return MappingProxyType(_ask(cases.count_cases_by, scope, chosen, grouping))


# --- children and visits --------------------------------------------------------------------------------------------------------


def read_children(
    scope: Scope, chosen: CaseFilter, measure: Measure, *, limit: int = PAGE_ROWS, offset: int = 0, name: str = ""
) -> tuple[ChildRow, ...]:
    """One page of the children behind a count."""
    if name:
        return tuple(_ask(children.read_children, scope, chosen, measure, limit=limit, offset=offset, name=name))
    return _children(scope, chosen, measure, limit, offset, moment().version)


@remember
def _children(scope: Scope, chosen: CaseFilter, measure: Measure, limit: int, offset: int, version: int) -> tuple[ChildRow, ...]:
    return tuple(_ask(children.read_children, scope, chosen, measure, limit=limit, offset=offset))


def count_children(scope: Scope, chosen: CaseFilter, measure: Measure, name: str = "") -> int:
    """How many children stand behind a count."""
    found: int = _ask(children.count_children, scope, chosen, measure, name) if name else _child_count(scope, chosen, measure, moment().version)
    return found


@remember
def _child_count(scope: Scope, chosen: CaseFilter, measure: Measure, version: int) -> int:
    found: int = _ask(children.count_children, scope, chosen, measure)
    return found


def read_left_behind(
    scope: Scope, chosen: CaseFilter, *, limit: int = PAGE_ROWS, offset: int = 0, name: str = ""
) -> tuple[LeftBehindRow, ...]:
    """One page of the children left behind by either definition."""
    if name:
        return _left_behind_rows(scope, chosen, limit, offset, name)
    return _left_behind(scope, chosen, limit, offset, moment().version)


@remember
def _left_behind(scope: Scope, chosen: CaseFilter, limit: int, offset: int, version: int) -> tuple[LeftBehindRow, ...]:
    return _left_behind_rows(scope, chosen, limit, offset, "")


def _left_behind_rows(scope: Scope, chosen: CaseFilter, limit: int, offset: int, name: str) -> tuple[LeftBehindRow, ...]:
    with engine().connect() as conn:
        return tuple(children.iterate_left_behind(conn, scope, chosen, limit=limit, offset=offset, name=name))


def count_left_behind(scope: Scope, chosen: CaseFilter, name: str = "") -> int:
    """How many children are left behind by either definition."""
    found: int = _ask(children.count_left_behind, scope, chosen, name) if name else _left_behind_count(scope, chosen, moment().version)
    return found


@remember
def _left_behind_count(scope: Scope, chosen: CaseFilter, version: int) -> int:
    found: int = _ask(children.count_left_behind, scope, chosen)
    return found


@remember
def _stale_count(scope: Scope, chosen: CaseFilter, version: int) -> int:
    found: int = _ask(children.count_stale, scope, chosen)
    return found


def count_stale(scope: Scope, chosen: CaseFilter) -> int:
    """How many of them have no check within the last quarter."""
    found: int = _stale_count(scope, chosen, moment().version)
    return found


def read_visits(scope: Scope, chosen: CaseFilter, *, limit: int = PAGE_ROWS, offset: int = 0) -> tuple[VisitRow, ...]:
    """One page of the visits in the period, the latest first."""
    return _visits(scope, chosen, limit, offset, moment().version)


@remember
def _visits(scope: Scope, chosen: CaseFilter, limit: int, offset: int, version: int) -> tuple[VisitRow, ...]:
    return tuple(_ask(visits.read_visits, scope, chosen, limit=limit, offset=offset))


def count_visits(scope: Scope, chosen: CaseFilter) -> int:
    """How many visits the filter chooses."""
    found: int = _visit_count(scope, chosen, moment().version)
    return found


@remember
def _visit_count(scope: Scope, chosen: CaseFilter, version: int) -> int:
    found: int = _ask(visits.count_visits, scope, chosen)
    return found


def read_case_visits(scope: Scope, chosen: CaseFilter, case_id: int) -> tuple[VisitRow, ...]:
    """Every visit of one case; not remembered: a child's file is looked at rarely and audited each time."""
    return tuple(_ask(visits.read_visits, scope, chosen, limit=None, case_id=case_id))
