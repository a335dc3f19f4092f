"""The reads of all pages, remembered by scope, filter and data version: the only place that touches Streamlit's caches.

What is remembered never changes (tuples of frozen records, read-only mappings), so all sessions share it and nothing is
copied. A key is a hash over codes, enums and dates: a search for a name goes past the cache. Of a scope only role, areas
and schools decide what a read gives, so two people of one office share.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from types import MappingProxyType
from typing import Any, TypeVar, cast

import streamlit as st

from data_access import (
    absences,
    aids,
    areas,
    campaigns,
    case_groups,
    cases,
    catchments,
    children,
    classes,
    cohorts,
    completeness,
    contradictions,
    coverage,
    employers,
    file_parts,
    geography,
    headcounts,
    key_list,
    left_behind_parts,
    letters,
    map_counts,
    notices,
    pairings,
    people,
    queues,
    reports,
    reports_due,
    responsible,
    returns,
    roster,
    rounds,
    school_surveys,
    schooling,
    schools,
    settings,
    severe_lines,
    targets,
    unit_duties,
    unit_records,
    village_counts,
    visits,
    warning_list,
    worklist,
)
from data_access.absences import AbsencePart, AbsenceRow
from data_access.areas import AreaRow, Bundle
from data_access.campaigns import Campaign
from data_access.case_groups import CaseGrouping
from data_access.cases import CaseOrder, CaseRow
from data_access.checking import CHECKED_ON
from data_access.children import ChildRow, LeftBehindRow
from data_access.classes import ClassRow
from data_access.cohorts import YearGroup
from data_access.contradictions import ContradictionRow, RuleCount, Which
from data_access.coverage import CoverageBy, CoverageKey, CoverageRow
from data_access.employers import WorkingChild
from data_access.engine import business_date, is_demo, open_engine, read_state
from data_access.file_parts import PupilFile
from data_access.geography import Unplaced
from data_access.headcounts import HeadCount
from data_access.key_list import KeyUnit
from data_access.left_behind_parts import Freshness, LeftBehindPart
from data_access.measures import Measure
from data_access.migrate import require_schema
from data_access.notices import NoticeEvent, NoticePart, NoticeRow
from data_access.pairings import BusyPerson, PersonLoad
from data_access.people import PersonRow
from data_access.queues import QueueRow
from data_access.reports_due import DueState, MissingReport
from data_access.responsible import Responsible
from data_access.returns import Returns
from data_access.rounds import SchoolNeed
from data_access.schooling import Enrolment
from data_access.schools import SchoolName, SchoolRow
from data_access.settings import SettingLine
from data_access.targets import TargetLine
from data_access.unit_duties import MonitoringPoint
from data_access.unit_records import UnitRecord
from data_access.village_counts import VillageCounts
from data_access.visits import VisitRow
from data_access.walls import open_scoped
from data_access.warning_list import WarnedChild
from data_access.worklist import Task
from data_access.writing import read_data_version
from domain.area_counts import AreaCounts, attach_counts
from domain.bureau_settings import Values, pairing_of
from domain.calendar import SchoolCalendar
from domain.case_filter import CaseFilter, Round, resolve
from domain.catchments import sum_catchments
from domain.coverage import Coverage, CoveragePart, SpanKind, TargetGroup, VisitSpan
from domain.grades import Stage
from domain.groups import Aid, Group, Schooling, WarningSign
from domain.key_units import Completeness
from domain.left_behind import PairingSettings
from domain.map_counts import MapCount
from domain.notices import NoticeState
from domain.queues import Queue
from domain.rate_families import RateFamily
from domain.rates import Rate
from domain.reporting_rhythms import ReportingSettings
from domain.retention import CohortCounts
from domain.roster import Roster
from domain.scope import Scope
from domain.suppress import SuppressRule, suppress_counts
from domain.targets import Target
from domain.view_state import PAGE_ROWS
from domain.visits import DutyRole, LadderSettings
from geo.classes import ClassBreaks, ClassMethod, find_breaks

Share = tuple[MapCount, MapCount]  # numerator, denominator
MOMENT = "moment"
ENTRIES = 2000  # answers kept in this process; the longest unused go first
Row = TypeVar("Row")
Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Moment:
    """What holds for one run of a page: who looks, the state of the data, the day it is, whether the data are the demo's."""

    scope: Scope
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


def begin_moment(scope: Scope) -> None:
    """Settle version and day for this run, so that all its reads agree: require_scope, and a form that has written."""
    with engine().connect() as conn:
        st.session_state[MOMENT] = Moment(scope, read_data_version(conn), business_date(conn), is_demo(conn))


def moment() -> Moment:
    """What begin_moment settled."""
    found: Moment = st.session_state[MOMENT]
    return found


def _one(read: Callable[..., Value], *given: Any, name: str = "", **named: Any) -> Value:
    """What `read` answers to these arguments; with a `name` to search for, asked anew."""
    if name:
        found: Value = _ask(read, *given, name=name, **named)
        return found
    told = [(one.role, one.areas, one.schools) if isinstance(one, Scope) else one for one in given]
    key = repr((read.__module__, read.__name__, told, sorted(named.items()), moment().version))
    answer: Value = _remember(sha256(key.encode()).hexdigest(), lambda: _ask(read, *given, **named))
    return answer


@st.cache_resource(show_spinner=False, max_entries=ENTRIES)
def _remember(key: str, _read: Callable[[], Any]) -> Any:
    return _read()


def _ask(read: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """The answer in a form that nobody can change, so that it may be shared; read inside the wall of the one who looks."""
    with open_scoped(engine(), moment().scope) as conn:
        answer = read(conn, *given, **named)
        if isinstance(answer, dict):
            return MappingProxyType(answer)
        return tuple(answer) if isinstance(answer, list | Iterator) else answer


def _rows(read: Callable[..., Iterable[Row]], *given: Any, **named: Any) -> tuple[Row, ...]:
    return _one(cast(Callable[..., tuple[Row, ...]], read), *given, **named)  # _ask makes a tuple of it


def _mapping(read: Callable[..., Mapping[Key, Value]], *given: Any) -> Mapping[Key, Value]:
    return _one(read, *given)


def read_areas(scope: Scope) -> tuple[AreaRow, ...]:
    """The areas of the scope and those above it, by code, without shapes."""
    return _rows(areas.read_areas, scope)


def first_county(scope: Scope) -> str:
    """The county whose calendar and settings stand for the scope; empty when no area is loaded."""
    return min((row.code[:6] for row in read_areas(scope) if len(row.code) >= 6), default="")


def spans_counties(scope: Scope, chosen: CaseFilter) -> bool:
    """Whether the filter looks at several counties at once."""
    return chosen.area is None and len({row.code for row in read_areas(scope) if len(row.code) == 6}) > 1


def read_bundles(area_code: str) -> Mapping[str, Bundle]:
    """The packed shapes under a prefecture or county, by level."""
    return _mapping(areas.read_bundles, area_code)


def read_outline(code: str) -> bytes | None:
    """The shape of one area (WKB)."""
    return _one(areas.read_outline, code)


def read_without_position(scope: Scope) -> tuple[AreaRow, ...]:
    """The villages that no map can show."""
    return _rows(geography.read_without_position, scope)


def read_unplaced(scope: Scope, chosen: CaseFilter) -> tuple[tuple[ChildRow, ...], tuple[Unplaced, ...]]:
    """The children without a village, and the places written for them."""
    rows, texts = _one(geography.read_unplaced, scope, chosen)
    return tuple(rows), tuple(texts)


def read_bundle_content(etag: str) -> bytes:
    """The packed shapes with that etag; empty when they are gone."""
    return _one(areas.read_bundle_content, etag) or b""


def read_names(scope: Scope) -> Mapping[str, str]:
    """Code -> name of every area, school and round that the scope sees."""
    return _mapping(_read_names, scope, moment().today)


def _read_names(conn: Any, scope: Scope, today: date) -> dict[str, str]:
    named = {row.code: row.name for row in areas.read_areas(conn, scope)}
    named |= {row.school_code: row.school_name for row in schools.read_schools(conn, scope, resolve(CaseFilter(), today, {}))}
    return named | {one.code: one.name for one in rounds.read_rounds(conn, today).values()}


def read_unit_names() -> Mapping[str, str]:
    """Code -> name of every area and school, those outside the scope too."""
    return _mapping(areas.read_unit_names)


def name_codes(scope: Scope, chosen: CaseFilter) -> Mapping[str, str]:
    """The names of all that a filter may ask for: areas, schools, rounds, and its owner, a teacher or cadre on duty."""
    names = {**read_unit_names(), **read_names(scope)}
    return names if chosen.owner is None else {**names, **_mapping(people.read_owner_name, scope, chosen.owner)}


def read_rounds() -> Mapping[str, Round]:
    """The supervision rounds by code, the latest first."""
    return _mapping(rounds.read_rounds, moment().today)


def with_severe_lines(chosen: CaseFilter) -> CaseFilter:
    """The filter with what severe means on its day, where it asks for severe cases."""
    return _one(severe_lines.with_severe_lines, chosen) if chosen.severe else chosen


def read_calendar(county: str) -> SchoolCalendar:
    """The school calendar of a county."""
    return _one(settings.read_calendar, county)


def read_ladder(county: str, as_of: date) -> LadderSettings:
    """The numbers of the home-visit ladder in force."""
    return _one(settings.read_ladder, county, as_of)


def read_family(county: str, as_of: date) -> RateFamily:
    """The formula family in force."""
    return _one(settings.read_family, county, as_of)


def read_reporting(county: str, as_of: date) -> ReportingSettings:
    """The due days of reports in force."""
    return _one(settings.read_reporting, county, as_of)


def read_pairing(scope: Scope, chosen: CaseFilter) -> PairingSettings:
    """The planned load of a teacher in force in the first county in view."""
    return pairing_of(read_settings(first_county(scope), chosen.as_of or moment().today))


def read_settings(county: str, as_of: date) -> Values:
    """Every setting of the county in force, by name."""
    return _one(settings.read_values, county, as_of)


def read_setting_history(county: str) -> tuple[SettingLine, ...]:
    """Every change of the county's settings, the latest first."""
    return _rows(settings.read_history, county)


def read_target_lines(county: str) -> tuple[TargetLine, ...]:
    """Every line of the target table that concerns the county, ended ones too."""
    return _rows(targets.read_target_lines, county)


def list_schools(scope: Scope, county: str) -> tuple[SchoolName, ...]:
    """The schools of a county in the scope, by name."""
    return _rows(schools.list_schools, scope, county, moment().today)


def read_targets(school_year: int, as_of: date) -> tuple[Target, ...]:
    """Every target set for a school year."""
    return _rows(targets.read_targets, school_year, as_of)


def read_village_counts(scope: Scope, chosen: CaseFilter) -> tuple[VillageCounts, ...]:
    """The counts by village, the unlocated last."""
    if chosen.from_summary:
        return _rows(_list_counts, scope, chosen)
    return _rows(village_counts.read_village_counts, scope, chosen)


def _list_counts(_conn: Any, scope: Scope, chosen: CaseFilter) -> list[VillageCounts]:
    return village_counts.list_counts(read_summary(scope, chosen))


def read_summary(scope: Scope, chosen: CaseFilter) -> Mapping[str | None, Mapping[str, int]]:
    """Every count of the summary by village, for filters of area, school and stage: read once for all that show them."""
    return _mapping(village_counts.read_summary, scope, chosen)


def read_area_counts(scope: Scope, chosen: CaseFilter, counted: MapCount | Measure) -> AreaCounts:
    """One count over villages, towns and counties, the unlocated included; for roles without children suppressed."""
    return _one(_read_area_counts, scope, chosen, MapCount(counted.value))


def _read_area_counts(conn: Any, scope: Scope, chosen: CaseFilter, counted: MapCount) -> AreaCounts:
    return map_counts.shown_to(scope, lambda which: _place(scope, _count_by_village(conn, scope, chosen, which)), counted)


def _count_by_village(conn: Any, scope: Scope, chosen: CaseFilter, counted: MapCount) -> map_counts.ByVillage:
    if chosen.from_summary and counted not in (MapCount.STARTED, MapCount.LOST):
        return map_counts.pick_count(read_summary(scope, chosen), counted)
    if counted.value not in set(Measure):
        return map_counts.count_by_village(conn, scope, chosen, counted)
    return {row.village_code or "": getattr(row, counted.value) for row in read_village_counts(scope, chosen)}


def _place(scope: Scope, found: map_counts.ByVillage) -> AreaCounts:
    """Counts by village over all areas, which are read once."""
    return attach_counts(found, (row.code for row in read_areas(scope)), _mapping(areas.read_successors))


def read_catchments(stage: Stage) -> Mapping[str, str]:
    """Village -> the school that serves it."""
    return _mapping(catchments.read_catchments, stage)


def read_breaks(
    scope: Scope, chosen: CaseFilter, share: Share, method: ClassMethod, codes: tuple[str, ...], stage: Stage | None = None
) -> ClassBreaks:
    """The classes of a share over the areas `codes`; with a `stage`, over its catchments."""
    return _one(_read_breaks, scope, chosen, share, method, codes, stage)


def _read_breaks(
    _conn: Any, scope: Scope, chosen: CaseFilter, share: Share, method: ClassMethod, codes: tuple[str, ...], stage: Stage | None
) -> ClassBreaks:
    counts = [read_area_counts(scope, chosen, which) for which in share]
    if stage:
        counts = [sum_catchments(one, read_catchments(stage)) for one in counts]
    above, below = ({code: one.totals.get(code) for code in codes} for one in counts)
    return find_breaks(above, below, method)


def read_responsible(scope: Scope, unit_code: str, day: date) -> tuple[Responsible, ...]:
    """Who answers for an area or a school."""
    return _rows(responsible.read_responsible, scope, unit_code, day)


def read_schools(scope: Scope, chosen: CaseFilter) -> tuple[SchoolRow, ...]:
    """Every school x stage, what needs doing first."""
    return _rows(schools.read_schools, scope, chosen)


def read_silent_schools(scope: Scope, chosen: CaseFilter) -> Mapping[str, int]:
    """School -> on how many of the last five school days its daily report is missing; only those that lack one."""
    return _mapping(_read_silent, scope, chosen)


def _read_silent(conn: Any, scope: Scope, chosen: CaseFilter) -> dict[str, int]:
    wanted = schools.list_codes(conn, scope, chosen)
    return reports.read_silent_schools(conn, wanted, chosen.as_of or moment().today)


def has_schools(scope: Scope, chosen: CaseFilter) -> bool:
    """Whether there is any school whose reports could be missing."""
    return bool(_rows(schools.list_codes, scope, chosen))


def read_needs(scope: Scope, chosen: CaseFilter) -> tuple[SchoolNeed, ...]:
    """The schools by need, for a supervision round."""
    return _rows(rounds.read_needs, scope, chosen)


def read_cases(
    scope: Scope, chosen: CaseFilter, *, order: CaseOrder = CaseOrder.DUE, limit: int = PAGE_ROWS, offset: int = 0, name: str = ""
) -> tuple[CaseRow, ...]:
    """One page of the cases."""
    return _rows(cases.read_cases, scope, chosen, order=order, limit=limit, offset=offset, name=name)


def count_cases(scope: Scope, chosen: CaseFilter, name: str = "") -> int:
    """How many cases the filter chooses."""
    return _one(cases.count_cases, scope, chosen, name=name)


def count_cases_by(scope: Scope, chosen: CaseFilter, grouping: CaseGrouping) -> Mapping[str | int | None, tuple[int, int]]:
    """Value -> (cases, overdue cases); the parts add up to count_cases."""
    return _mapping(case_groups.count_cases_by, scope, chosen, grouping)


@dataclass(frozen=True)
class OwnerLoad:
    """What is on one person: cases of the filter answered for on each line, and how many of all those are overdue."""

    person: PersonRow
    school: int
    government: int
    overdue: int


def read_owners(scope: Scope, chosen: CaseFilter) -> tuple[OwnerLoad, ...]:
    """Whoever answers for a case of the filter on either line, those with the most overdue cases first."""
    return _rows(_read_owners, scope, chosen)


def _read_owners(conn: Any, scope: Scope, chosen: CaseFilter) -> list[OwnerLoad]:
    by_school, by_government = (
        case_groups.count_cases_by(conn, scope, chosen, grouping)
        for grouping in (CaseGrouping.SCHOOL_OWNER, CaseGrouping.GOVERNMENT_OWNER)
    )
    found = people.read_people(conn, scope, {who for who in (*by_school, *by_government) if isinstance(who, int)})
    loads = []
    for who, person in found.items():
        (school, school_late), (government, government_late) = by_school.get(who, (0, 0)), by_government.get(who, (0, 0))
        loads.append(OwnerLoad(person, school, government, school_late + government_late))
    return sorted(loads, key=lambda load: (-load.overdue, -load.school - load.government, load.person.person_id))


def count_absences(scope: Scope, chosen: CaseFilter) -> Mapping[AbsencePart, int]:
    """Part of the list of absences -> how many stand in it."""
    return _mapping(absences.count_absences, scope, chosen)


def read_absences(
    scope: Scope, chosen: CaseFilter, part: AbsencePart, *, limit: int = PAGE_ROWS, offset: int = 0
) -> tuple[AbsenceRow, ...]:
    """One page of a part; read anew each time, for a contact becomes overdue by the minute."""
    return tuple(_ask(absences.read_absences, scope, chosen, part, limit=limit, offset=offset))


def last_school_day(scope: Scope, chosen: CaseFilter) -> date | None:
    """The day that the absences of the day are of."""
    return _one(absences.last_school_day, scope, chosen)


def read_roster(scope: Scope, chosen: CaseFilter) -> Roster:
    """The dropouts of three years against the registry."""
    return _one(roster.read_roster, scope, chosen)


def read_roster_without_case(
    scope: Scope, chosen: CaseFilter, *, limit: int = PAGE_ROWS, offset: int = 0
) -> tuple[ChildRow, ...]:
    """One page of those still to be brought back for whom no case is open."""
    return _rows(roster.read_without_case, scope, chosen, limit=limit, offset=offset)


def read_last_survey(scope: Scope, chosen: CaseFilter) -> date | None:
    """The last anonymous survey of the filter's school this term."""
    return _one(school_surveys.read_last_survey, scope, chosen)


def count_queues(scope: Scope, chosen: CaseFilter) -> Mapping[Queue, tuple[int, int]]:
    """Queue -> (entries, of them not settled)."""
    return _mapping(queues.count_queues, scope, chosen)


def read_queue(
    scope: Scope, chosen: CaseFilter, queue: Queue, *, limit: int = PAGE_ROWS, offset: int = 0
) -> tuple[QueueRow, ...]:
    """One page of a work queue."""
    return _rows(queues.read_queue, scope, chosen, queue, limit=limit, offset=offset)


def read_worklist(scope: Scope, chosen: CaseFilter) -> tuple[Task, ...]:
    """What is on the filter's owner this week."""
    return _rows(worklist.read_worklist, scope, chosen)


def read_children(
    scope: Scope,
    chosen: CaseFilter,
    measure: Measure,
    *,
    limit: int = PAGE_ROWS,
    offset: int = 0,
    name: str = "",
    without: CaseFilter | None = None,
) -> tuple[ChildRow, ...]:
    """One page of the children behind a count, but for those behind it by `without`."""
    return _rows(children.read_children, scope, chosen, measure, limit=limit, offset=offset, name=name, without=without)


def count_children(scope: Scope, chosen: CaseFilter, measure: Measure, name: str = "", without: CaseFilter | None = None) -> int:
    """How many children stand behind a count, but for those behind it by `without`."""
    return _one(children.count_children, scope, chosen, measure, name=name, without=without)


def read_changed_counts(scope: Scope, chosen: CaseFilter, measure: Measure, without: CaseFilter) -> AreaCounts:
    """The children behind a count by `chosen` and not by `without`, over all areas; for roles without children suppressed."""
    return _one(_read_changed, scope, chosen, measure, without)


def _read_changed(conn: Any, scope: Scope, chosen: CaseFilter, measure: Measure, without: CaseFilter) -> AreaCounts:
    counts = _place(scope, children.count_changed(conn, scope, chosen, measure, without))
    return counts if scope.sees_children else suppress_counts(counts, SuppressRule())


def read_left_behind(
    scope: Scope,
    chosen: CaseFilter,
    *,
    part: LeftBehindPart = LeftBehindPart.ALL,
    limit: int = PAGE_ROWS,
    offset: int = 0,
    name: str = "",
) -> tuple[LeftBehindRow, ...]:
    """One page of a part of the children left behind by either definition."""
    return _rows(children.iterate_left_behind, scope, chosen, part=part, limit=limit, offset=offset, name=name)


def count_left_behind_parts(scope: Scope, chosen: CaseFilter) -> Mapping[LeftBehindPart, int]:
    """How many children belong to each part."""
    if chosen.from_summary:
        return left_behind_parts.sum_parts(read_summary(scope, chosen))
    return _mapping(left_behind_parts.count_left_behind_parts, scope, chosen)


def count_left_behind(scope: Scope, chosen: CaseFilter, part: LeftBehindPart = LeftBehindPart.ALL, name: str = "") -> int:
    """The total of the filter."""
    if name:
        return _one(children.count_left_behind, scope, chosen, part, name=name)
    return count_left_behind_parts(scope, chosen)[part]


def count_stale(scope: Scope, chosen: CaseFilter) -> int:
    """How many of them have no check within the last quarter (R065)."""
    return count_left_behind_parts(scope, chosen)[LeftBehindPart.STALE]


def read_freshness(scope: Scope, chosen: CaseFilter) -> Mapping[str, Freshness]:
    """Town ("" for the unlocated) -> how fresh the records of its left-behind children are."""
    if chosen.from_summary:
        return left_behind_parts.sum_freshness(read_summary(scope, chosen))
    return _mapping(left_behind_parts.read_freshness, scope, chosen)


def count_loads(scope: Scope, chosen: CaseFilter) -> Mapping[pairings.Load, int]:
    """(town, left-behind children per person) -> persons paired with so many."""
    return pairings.group_loads(_read_loads(scope, chosen))


def _read_loads(scope: Scope, chosen: CaseFilter) -> tuple[PersonLoad, ...]:
    return _rows(pairings.read_loads, scope, chosen)


def read_busiest(scope: Scope, chosen: CaseFilter, most: int, limit: int) -> tuple[BusyPerson, ...]:
    """Who is paired with more than `most` children, those with the most first."""
    return tuple(pairings.list_busiest(_read_loads(scope, chosen), most, limit))


def count_unpaired(scope: Scope, chosen: CaseFilter) -> int:
    """How many left-behind children have nobody at their side."""
    if chosen.from_summary:
        return pairings.sum_unpaired(read_summary(scope, chosen))
    return _one(pairings.count_unpaired, scope, chosen)


def read_classes(scope: Scope, chosen: CaseFilter) -> tuple[ClassRow, ...]:
    """The classes of the filter's school."""
    return _rows(classes.read_classes, scope, chosen)


def read_key_units(scope: Scope, chosen: CaseFilter) -> tuple[KeyUnit, ...]:
    """Every town and school with its listing test, the marked ones first."""
    return _rows(key_list.read_key_units, scope, chosen)


def count_letters(scope: Scope, chosen: CaseFilter) -> Mapping[DutyRole, Rate]:
    """Role -> responsibility letters signed of those owed."""
    return _mapping(letters.count_letters, scope, chosen)


def read_completeness(scope: Scope, chosen: CaseFilter) -> Mapping[str, Completeness]:
    """School -> how complete its data are."""
    return _mapping(completeness.read_completeness, scope, chosen)


def read_nine_years(scope: Scope, chosen: CaseFilter) -> tuple[Rate, CohortCounts]:
    """Nine-year retention of the area in view, and the transfers to show with it."""
    return _one(cohorts.read_nine_years, scope, chosen)


def read_transition(scope: Scope, chosen: CaseFilter) -> Rate:
    """Primary graduates found in a grade 7 or explained."""
    return _one(cohorts.read_transition, scope, chosen)


def read_enrolment(scope: Scope, chosen: CaseFilter) -> Mapping[Stage, Enrolment]:
    """Net and gross enrolment by stage."""
    return _mapping(schooling.read_enrolment, scope, chosen)


def count_matrix(scope: Scope, chosen: CaseFilter) -> Mapping[schooling.Cell, int]:
    """(group, schooling) -> children of school age."""
    return _mapping(schooling.count_matrix, scope, chosen)


def count_signs(scope: Scope, chosen: CaseFilter) -> Mapping[WarningSign, int]:
    """Warning sign -> pupils it holds for."""
    return _mapping(warning_list.count_signs, scope, chosen)


def read_warned(scope: Scope, chosen: CaseFilter, sign: WarningSign, *, offset: int = 0) -> tuple[WarnedChild, ...]:
    """One page of the pupils a sign holds for, each with all its signs."""
    return _rows(warning_list.read_warned, scope, chosen, sign, offset=offset)


def count_aids(scope: Scope, chosen: CaseFilter) -> Mapping[Aid, Rate]:
    """Aid -> received / due among pupils of poor households."""
    return _mapping(aids.count_aids, scope, chosen)


def read_at_work(scope: Scope, chosen: CaseFilter) -> tuple[WorkingChild, ...]:
    """The open cases of children at work, with their employers."""
    return _rows(employers.read_at_work, scope, chosen)


def count_officers(scope: Scope, chosen: CaseFilter) -> Rate:
    """Schools with a data officer / schools."""
    return _one(unit_duties.count_officers, scope, chosen)


def read_grade_heads(scope: Scope, chosen: CaseFilter) -> Mapping[tuple[str, int], str]:
    """(stage, grade) of the filter's school -> who heads it."""
    return _mapping(unit_duties.read_grade_heads, scope, chosen)


def read_monitoring(scope: Scope, chosen: CaseFilter) -> tuple[MonitoringPoint, ...]:
    """The monitoring points with their leaders."""
    return _rows(unit_duties.read_monitoring, scope, chosen)


def read_unit_records(scope: Scope, chosen: CaseFilter) -> tuple[UnitRecord, ...]:
    """The register of what was done about units."""
    return _rows(unit_records.read_unit_records, scope, chosen)


def read_in_cell(
    scope: Scope, chosen: CaseFilter, group: Group, where: Schooling | None, *, offset: int = 0
) -> tuple[ChildRow, ...]:
    """One page of the children behind a cell of the matrix."""
    return _rows(schooling.read_in_cell, scope, chosen, group, where, offset=offset)


def read_not_enrolled(scope: Scope, chosen: CaseFilter, *, offset: int = 0) -> tuple[ChildRow, ...]:
    """One page of the children of school age who are in no school."""
    return _rows(schooling.read_not_enrolled, scope, chosen, offset=offset)


def read_returns(scope: Scope, chosen: CaseFilter) -> Returns:
    """Children to be brought back, and those who came."""
    return _one(returns.read_returns, scope, chosen)


def read_visit_coverage(scope: Scope, chosen: CaseFilter) -> Rate:
    """Pupils visited at the door this term / pupils."""
    return _one(returns.read_visit_coverage, scope, chosen)


def read_year_groups(scope: Scope, chosen: CaseFilter, stage: Stage) -> tuple[YearGroup, ...]:
    """The year groups in the filter's school, the highest grade first."""
    return _rows(cohorts.read_year_groups, scope, chosen, stage)


def read_headcounts(chosen: CaseFilter, stage: Stage) -> tuple[HeadCount, ...]:
    """The headcount identity of the filter's school in its last terms."""
    return _rows(headcounts.read_headcounts, moment().scope, chosen, stage)


def read_visits(scope: Scope, chosen: CaseFilter, *, limit: int = PAGE_ROWS, offset: int = 0) -> tuple[VisitRow, ...]:
    """One page of the visits in the period, the latest first."""
    return _rows(visits.read_visits, scope, chosen, limit=limit, offset=offset)


def count_visits(scope: Scope, chosen: CaseFilter) -> int:
    """How many visits the filter chooses."""
    return _one(visits.count_visits, scope, chosen)


def read_case_visits(scope: Scope, chosen: CaseFilter, case_id: int) -> tuple[VisitRow, ...]:
    """Every visit of one case up to the as-of day."""
    return _rows(visits.read_visits, scope, chosen, limit=None, case_id=case_id)


def count_notices(scope: Scope, chosen: CaseFilter, name: str = "") -> Mapping[NoticeState, int]:
    """How many supervision notices stand in each state."""
    return _one(notices.count_notices, scope, chosen, name=name)


def count_notices_by_town(scope: Scope, chosen: CaseFilter) -> Mapping[tuple[str, NoticeState], int]:
    """(town, state) -> notices; town "" for children in no known village."""
    return _mapping(notices.count_by_town, scope, chosen)


def read_notices(
    scope: Scope, chosen: CaseFilter, part: NoticePart, *, limit: int = PAGE_ROWS, offset: int = 0, name: str = ""
) -> tuple[NoticeRow, ...]:
    """One page of a part of the notices."""
    return _rows(notices.iterate_notices, scope, chosen, part=part, limit=limit, offset=offset, name=name)


def read_notice_steps(scope: Scope, chosen: CaseFilter, notice_id: int) -> tuple[NoticeEvent, ...]:
    """What became of a notice, in order."""
    return _rows(notices.read_steps, scope, chosen, notice_id)


def read_visit_spans(scope: Scope, chosen: CaseFilter) -> Mapping[SpanKind, VisitSpan]:
    """The term and the holiday windows in which visits are counted."""
    return _mapping(campaigns.read_spans, scope, chosen.area, chosen.as_of or moment().today)


def read_campaigns(scope: Scope, chosen: CaseFilter) -> tuple[Campaign, ...]:
    """The visit campaigns that have begun, the latest first."""
    return _rows(campaigns.read_campaigns, scope, chosen.area, chosen.as_of or moment().today)


def count_coverage(scope: Scope, chosen: CaseFilter, span: VisitSpan, group: TargetGroup) -> Coverage:
    """Who is owed a visit in the span, and who had one: the sum of the towns, which the page shows too."""
    towns = count_coverage_by(scope, chosen, span, group, CoverageBy.TOWN).values()
    return Coverage(sum(one.owed for one in towns), sum(one.visited for one in towns))


def count_coverage_by(
    scope: Scope, chosen: CaseFilter, span: VisitSpan, group: TargetGroup, by: CoverageBy
) -> Mapping[CoverageKey, Coverage]:
    """The same by town, school, class, teacher or village."""
    return _mapping(coverage.count_coverage_by, scope, chosen, span, group, by)


def read_coverage(
    scope: Scope, chosen: CaseFilter, span: VisitSpan, group: TargetGroup, part: CoveragePart, *, offset: int = 0
) -> tuple[CoverageRow, ...]:
    """One page of those who were not visited, who were, or of both."""
    return _rows(coverage.iterate_coverage, scope, chosen, span, group, part, offset=offset)


def read_class_files(scope: Scope, chosen: CaseFilter, class_no: int | None) -> tuple[PupilFile, ...]:
    """How complete the files of a class are, the least complete first."""
    return _rows(file_parts.read_class_files, scope, chosen, class_no)


def read_contradictions(
    scope: Scope, chosen: CaseFilter, which: Which, *, limit: int = PAGE_ROWS, offset: int = 0
) -> tuple[ContradictionRow, ...]:
    """One page of the contradictions."""
    return _rows(contradictions.read_contradictions, scope, chosen, which, limit=limit, offset=offset)


def count_contradictions(scope: Scope, chosen: CaseFilter, which: Which) -> int:
    """How many contradictions a list holds."""
    return _one(contradictions.count_contradictions, scope, chosen, which)


def count_contradictions_by_rule(scope: Scope, chosen: CaseFilter, *, lists: bool) -> tuple[RuleCount, ...]:
    """Every rule with how often it is broken."""
    return _rows(contradictions.count_by_rule, scope, chosen, lists=lists)


def read_contradiction_trend(scope: Scope, chosen: CaseFilter) -> tuple[tuple[date, int, int], ...]:
    """(day, errors, warnings) open in each of the last twelve weeks."""
    return _rows(contradictions.read_trend, scope, chosen)


def read_checked_on() -> str | None:
    """The day of the last run of all rules; None: never."""
    return _one(_read_checked_on)


def _read_checked_on(conn: Any) -> str | None:
    return read_state(conn, CHECKED_ON)


def read_dues(scope: Scope, chosen: CaseFilter) -> tuple[DueState, ...]:
    """How each of the last reports due stands."""
    return _rows(reports_due.read_dues, scope, chosen)


def read_missing_reports(scope: Scope, chosen: CaseFilter) -> tuple[MissingReport, ...]:
    """The units that have not reported by the due date."""
    return _rows(reports_due.read_missing, scope, chosen)
