"""The tables that can be taken away: the same rows, order and masking as on screen, with every column explained."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data_access.absences import AbsencePart, AbsenceRow, iterate_absences
from data_access.areas import read_areas
from data_access.campaigns import read_spans
from data_access.cases import CaseOrder, CaseRow, count_cases, iterate_cases
from data_access.children import ChildRow, LeftBehindRow, iterate_children, iterate_left_behind
from data_access.coverage import CoverageRow, iterate_coverage
from data_access.engine import business_date
from data_access.key_list import KeyUnit, read_key_units
from data_access.map_counts import count_by_village
from data_access.measures import Measure
from data_access.notices import NoticeRow, iterate_notices
from data_access.queues import QueueRow, iterate_queue
from data_access.rounds import Need, read_needs, read_rounds
from data_access.schools import SchoolRow, read_schools
from data_access.severe_lines import with_severe_lines
from data_access.unit_records import UnitRecord, read_unit_records
from data_access.village_counts import read_village_counts
from data_access.visits import VisitRow, iterate_visits
from data_access.workbook_columns import Kind, OutColumn
from data_access.worklist import iterate_worklist
from domain.area_counts import neediest_first
from domain.case_filter import CaseFilter, resolve
from domain.coverage import SpanKind, TargetGroup
from domain.grades import Stage
from domain.key_units import KeyMark
from domain.map_counts import MapCount
from domain.queues import Queue
from domain.school_year import school_year_label
from domain.scope import Scope
from domain.targets import Verdict
from domain.terms import say

Row = tuple[object, ...]
Rows = Callable[[Connection, Scope, CaseFilter, str], Iterator[Row]]
_OWNER_WORDS = {"role": "dutyrole", "state": "ownerstate"}
WORDED = {  # columns of codes that a workbook says in words; a CSV keeps the codes
    **{
        "status": "casestatus",
        "duty_part": "worklist.part",
        "queue": "queue",
        "finding": "finding",
        "next_step": "nextstep",
        "reason": "reason",
        "outcome": "outcome",
        "stage": "stage",
        "verdict": "verdict",
        "kind": "visitmode",
    },
    **{f"{line}_line_{part}": words for line in ("school", "government") for part, words in _OWNER_WORDS.items()},
    **{
        "sex": "sex",
        "target_level": "level",
        "key_mark": "keymark",
        "carer_relation": "carer",
        "education": "detail",
        "civil": "detail",
        "notice_state": "noticestate",
        "unit_act": "unitrecordkind",
    },
    **{"check_rule": "checkrule", "severity": "severity", "check_owner": "checkowner", "check_status": "finished"},
    **{"left_side": "side", "right_side": "side", "verified": "verified"},
}
KEY_SHARES = ("junior_listing_rate", "junior_line", "primary_listing_rate", "primary_line")
NOT_TEXT: dict[str, Kind] = {
    **dict.fromkeys(
        (
            "grade",
            "class_no",
            "days_absent",
            "ladder_rung",
            "days_overdue",
            "visits_done",
            "visits_missed",
            "relapse_count",
            "children",
            "at_risk",
            "left_behind",
            "left_behind_civil",
            "overdue",
            *(one.value for one in MapCount if one.value not in set(Measure)),
            "dropouts",
            "denominator",
            "dropouts_gross",
            "margin_children",
            "poor_lost",
            "age",
            "age_days",
            "open_cases",
            "overdue_cases",
            "schools_missed",
            "check_age",
            *(
                "reports_open",
                "explained_count",
                "mended_count",
                "check_units",
                "reports_owing",
                "reports_in",
                "reported_late",
                "reports_zero",
            ),
            "days_late",
        ),
        "integer",
    ),
    **dict.fromkeys(("opened_on", "due_date", "last_visit_on", "since", "found_on", "visited_on", "checked_on"), "date"),
    **dict.fromkeys((f"need_{need}" for need in Need), "integer"),
    "acted_on": "date",
    **dict.fromkeys(("starts", "ends", "as_of", "absent_on", "verified_on"), "date"),
    **dict.fromkeys(("first_seen", "last_seen", "mended_on", "explained_on"), "date"),
    **dict.fromkeys(("dropout_rate", "target", *KEY_SHARES), "fraction"),
    **dict.fromkeys(("notice_issued_on", "notice_due_on", "notice_replied_on", "notice_closed_on"), "date"),
    "stale": "boolean",
}


@dataclass(frozen=True)
class ExportTable:
    """One table: its columns by their stable identifiers, and its rows, exact as a role that sees children may take them."""

    name: str
    fields: tuple[str, ...]
    rows: Rows
    note: str = ""  # words key: what else narrowed or sorted the rows, said on the cover
    annexes: "tuple[ExportTable, ...]" = ()  # go along in a workbook, a sheet each; a CSV holds one table

    @property
    def columns(self) -> tuple[OutColumn, ...]:
        """The columns with headers and definitions in both languages."""
        return tuple(column(field) for field in self.fields)


def column(field: str) -> OutColumn:
    """The column with that identifier."""
    key = f"column.{field}"
    words = [say(one, lang) for one in (key, f"{key}.what") for lang in ("zh", "en")]
    return OutColumn(field, words[0], words[1], NOT_TEXT.get(field, "text"), words[2], words[3])


CASE_FIELDS: dict[str, Callable[[CaseRow], object]] = {
    "case_id": lambda row: str(row.case_id),
    "child_id": lambda row: str(row.child_id),
    "child_name": lambda row: row.child_name,
    "village_code": lambda row: row.village_code,
    "village_name": lambda row: row.village_name,
    "school_code": lambda row: row.school_code,
    "school_name": lambda row: row.school_name,
    "grade": lambda row: row.grade,
    "class_no": lambda row: row.class_no,
    "status": lambda row: row.status.value,
    "reason": lambda row: row.reason,
    "opened_on": lambda row: row.opened_on,
    "days_absent": lambda row: row.days_absent,
    "ladder_rung": lambda row: row.rung,
    "school_line_owner": lambda row: row.school.name,
    "school_line_role": lambda row: row.school.role,
    "school_line_state": lambda row: row.school.state,
    "government_line_owner": lambda row: row.government.name,
    "government_line_role": lambda row: row.government.role,
    "government_line_state": lambda row: row.government.state,
    "next_step": lambda row: row.next_step,
    "due_date": lambda row: row.due_on,
    "days_overdue": lambda row: row.days_overdue,
    "visits_done": lambda row: row.visits_done,
    "visits_missed": lambda row: row.visits_missed,
    "last_visit_on": lambda row: row.last_visit_on,
    "last_result": lambda row: row.last_result,
    "relapse_count": lambda row: row.relapse_count,
    "severe": lambda row: "、".join(say(f"severesign.{sign}", "zh") for sign in row.severe) or None,
    "outcome": lambda row: row.outcome,
}
SCHOOL_FIELDS: dict[str, Callable[[SchoolRow], object]] = {
    "school_code": lambda row: row.school_code,
    "school_name": lambda row: row.school_name,
    "stage": lambda row: row.stage,
    "town_code": lambda row: row.town_code,
    "town_name": lambda row: row.town_name,
    "school_year": lambda row: school_year_label(row.school_year),
    "dropouts": lambda row: row.rate.numerator if row.rate.fraction is not None else None,
    "denominator": lambda row: row.rate.denominator or None,
    "dropout_rate": lambda row: row.rate.fraction,
    "dropouts_gross": lambda row: row.gross_rate.numerator if row.rate.fraction is not None else None,
    "target": lambda row: row.target.value if row.target else None,
    "target_level": lambda row: row.target.level.value if row.target else None,
    "verdict": lambda row: row.verdict.value,
    "margin_children": lambda row: row.margin,
    "poor_lost": lambda row: row.poor_lost,
}
WORKLIST_FIELDS = (
    "duty_part",
    *("due_date", "days_overdue", "next_step", "case_id", "child_id", "child_name", "village_code", "village_name"),
    *("school_code", "school_name", "grade", "class_no", "status", "ladder_rung", "visits_done", "last_visit_on", "last_result"),
)
ABSENCE_FIELDS: dict[str, Callable[[AbsenceRow], object]] = {
    "absent_on": lambda row: row.on,
    "child_id": lambda row: str(row.child_id),
    "child_name": lambda row: row.child_name,
    "school_code": lambda row: row.school_code,
    "school_name": lambda row: row.school_name,
    "grade": lambda row: row.grade,
    "class_no": lambda row: row.class_no,
    "absence_kind": lambda row: row.state.value,
    "noticed_at": lambda row: _clock(row.noticed_at),
    "contacted_at": lambda row: _clock(row.contacted_at),
    "contact_state": lambda row: row.contact.value if row.contact else None,
    "absence_reason": lambda row: row.reason,
    "verified_on": lambda row: row.verified_on,
    "called_at": lambda row: _clock(row.called_at),
    "call_state": lambda row: row.call.value if row.call else None,
}
QUEUE_FIELDS = (
    *("queue", "child_id", "child_name", "village_code", "village_name", "school_code", "school_name", "grade", "class_no"),
    *("since", "age_days", "missing_papers", "finding", "found_on"),
)
CHILD_FIELDS = (
    "child_id",
    "child_name",
    "sex",
    "age",
    "village_code",
    "village_name",
    "place_text",
    "school_code",
    "school_name",
    "grade",
    "class_no",
    "status",
)
LEFT_BEHIND_FIELDS = (
    "child_id",
    "child_name",
    "sex",
    "age",
    "village_code",
    "village_name",
    "school_code",
    "school_name",
    "grade",
    "class_no",
    "education",
    "civil",
    "carer_relation",
    "helper",
    "checked_on",
    "stale",
    "status",
)
VISIT_FIELDS = (
    "visit_id",
    "case_id",
    "child_id",
    "child_name",
    "visited_on",
    "visitors",
    "peers",
    "kind",
    "ladder_rung",
    "result",
    "village_code",
    "village_name",
    "school_code",
    "school_name",
)
NOTICE_FIELDS: dict[str, Callable[[NoticeRow], object]] = {
    "notice_no": lambda row: row.number,
    "notice_month": lambda row: row.month,
    "notice_state": lambda row: row.state.value,
    "case_id": lambda row: str(row.case_id),
    "child_id": lambda row: str(row.child_id),
    "child_name": lambda row: row.child_name,
    "status": lambda row: row.case_status.value,
    "village_name": lambda row: row.village_name,
    "notice_unit": lambda row: row.unit_name or row.unit_code,
    "notice_owner": lambda row: row.owner,
    "notice_issued_on": lambda row: row.issued_on,
    "notice_due_on": lambda row: row.due_on,
    "days_overdue": lambda row: row.days_overdue,
    "notice_replied_on": lambda row: row.replied_on,
    "notice_checked": lambda row: row.checked,
    "notice_closed_on": lambda row: row.closed_on,
}
UNVISITED_FIELDS = (
    *("child_id", "child_name", "school_code", "school_name", "grade", "class_no", "class_teacher", "village_name"),
    "last_visit_on",
)
MORE_COUNTS = (MapCount.CASES, MapCount.VISITED, MapCount.MISSED_VISITS, MapCount.LEFT_BEHIND_ALL, MapCount.CHECKED)
VILLAGE_FIELDS = (
    *("village_code", "village_name", "town_code", "town_name"),
    *(measure.value for measure in Measure),
    *(one.value for one in MORE_COUNTS),
)
NEED_FIELDS = ("school_code", "school_name", "town_name", "needs", *(f"need_{need}" for need in Need))
ROUND_FIELDS = ("round", "name", "starts", "ends", "as_of", "school_year", "open_cases", "overdue_cases", "schools_missed")


def _cases(conn: Connection, scope: Scope, chosen: CaseFilter, name: str) -> Iterator[Row]:
    for row in iterate_cases(conn, scope, chosen, order=CaseOrder.DUE, limit=None, offset=0, name=name):
        yield tuple(read(row) for read in CASE_FIELDS.values())


def _worklist(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
    for task in iterate_worklist(conn, scope, chosen):
        yield (task.part, *(CASE_FIELDS[field](task.case) for field in WORKLIST_FIELDS[1:]))


def _absences(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
    """The last school day."""
    yield from absence_rows(conn, scope, chosen, AbsencePart.DAY)


def absence_rows(conn: Connection, scope: Scope, chosen: CaseFilter, part: AbsencePart) -> Iterator[Row]:
    """The rows of one part."""
    for row in iterate_absences(conn, scope, chosen, part):
        yield tuple(read(row) for read in ABSENCE_FIELDS.values())


def _queues(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
    """Every queue, one after the other."""
    for queue in Queue:
        yield from queue_rows(conn, scope, chosen, queue)


def queue_rows(conn: Connection, scope: Scope, chosen: CaseFilter, queue: Queue) -> Iterator[Row]:
    """The rows of one queue."""
    for row in iterate_queue(conn, scope, chosen, queue, limit=None):
        missing = "、".join(say(f"paper.{one}", "zh") for one in row.missing) or None
        yield plain(row, QUEUE_FIELDS, queue=queue.value, missing_papers=missing)


def _schools(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
    for row in read_schools(conn, scope, chosen):
        yield tuple(read(row) for read in SCHOOL_FIELDS.values())


def _visits(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
    for row in iterate_visits(conn, scope, chosen, limit=None, offset=0):
        yield plain(row, VISIT_FIELDS, ladder_rung=row.rung)


def _notices(conn: Connection, scope: Scope, chosen: CaseFilter, name: str) -> Iterator[Row]:
    for row in iterate_notices(conn, scope, chosen, limit=None, name=name):
        yield tuple(read(row) for read in NOTICE_FIELDS.values())


def _unvisited(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
    span = read_spans(conn, scope, chosen.area, chosen.as_of or business_date(conn))[SpanKind.TERM]
    for row in iterate_coverage(conn, scope, chosen, span, TargetGroup.ALL, limit=None):
        yield plain(row, UNVISITED_FIELDS)


def _left_behind(conn: Connection, scope: Scope, chosen: CaseFilter, name: str) -> Iterator[Row]:
    for row in iterate_left_behind(conn, scope, chosen, limit=None, offset=0, name=name):
        yield plain(row, LEFT_BEHIND_FIELDS)


def _children(conn: Connection, scope: Scope, chosen: CaseFilter, name: str) -> Iterator[Row]:
    for row in iterate_children(conn, scope, chosen, Measure.CHILDREN, limit=None, offset=0, name=name):
        yield plain(row, CHILD_FIELDS)


def _clock(moment: datetime | None) -> str | None:
    return f"{moment:%H:%M}" if moment else None


def plain(row: ChildRow | LeftBehindRow | QueueRow | CoverageRow | VisitRow, fields: tuple[str, ...], **given: object) -> Row:
    """The values of `fields`, numbers of records as text; `given` stands in for fields that the row names otherwise."""
    values = {field: given[field] if field in given else getattr(row, field) for field in fields}
    return tuple(str(value) if field.endswith("_id") and value is not None else value for field, value in values.items())


def _villages(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
    """Every village of the filter's area, those without any child too, the neediest first; the unlocated last, without a code."""
    areas = {row.code: row for row in read_areas(conn, scope)}
    counts = {row.village_code or "": row for row in read_village_counts(conn, scope, chosen)}
    more = [count_by_village(conn, scope, chosen, one) for one in MORE_COUNTS]
    listed = [code for code in areas if len(code) == 12 and code.startswith(chosen.area or "") and not chosen.unlocated]
    ranks = {code: (row.at_risk, row.overdue, row.left_behind) for code, row in counts.items()}
    codes = {*listed, *(code for code in counts if code)}
    for code in sorted(codes, key=lambda code: neediest_first(code, *ranks.get(code, (0, 0, 0)))):
        town = areas.get(code[:9])
        yield (
            code,
            areas[code].name if code in areas else None,
            code[:9],
            town.name if town else None,
            *_numbers(counts.get(code)),
            *(part.get(code, 0) for part in more),
        )
    yield None, None, None, None, *_numbers(counts.get("")), *(part.get("", 0) for part in more)


def _numbers(row: Any) -> tuple[int, ...]:
    return tuple(getattr(row, measure.value) if row else 0 for measure in Measure)


def _rounds(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
    """The rounds with what stood open on their day; a round that has not begun has no figures yet."""
    rounds, today = read_rounds(conn), business_date(conn)
    for one in rounds.values():
        then = with_severe_lines(conn, resolve(replace(chosen, round_code=one.code, as_of=None, period=None), today, rounds))
        told = (one.code, one.name, one.starts, one.ends, one.as_of, school_year_label(one.period.school_year))
        if one.starts > today:
            yield *told, None, None, None
            continue
        missed = sum(row.verdict is Verdict.MISSED for row in read_schools(conn, scope, then))
        yield *told, *(count_cases(conn, scope, which) for which in (then, replace(then, overdue=True))), missed


def _needs(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
    """The schools with a reason to be visited, in the order of the page, the reasons in words and one by one."""
    for one in read_needs(conn, scope, chosen):
        if one.needs:
            told = "；".join(say(f"need.{need}.what", "zh", count=number) for need, number in one.needs)
            yield one.school_code, one.school_name, one.town_name, told, *(dict(one.needs).get(need, 0) for need in Need)


UNIT_RECORD_FIELDS: dict[str, Callable[[UnitRecord], object]] = {
    "unit_act": lambda row: row.kind.value,
    "acted_on": lambda row: row.on,
    "unit_code": lambda row: row.unit_code,
    "unit_name": lambda row: row.unit_name,
    "document_no": lambda row: row.number,
    "sent_to": lambda row: row.to,
    "act_result": lambda row: row.result,
    "act_note": lambda row: row.note,
    "recorded_by": lambda row: row.recorded_by,
}


def _unit_records(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
    for row in read_unit_records(conn, scope, chosen):
        yield tuple(read(row) for read in UNIT_RECORD_FIELDS.values())


def _of_stage(what: str, stage: Stage) -> Callable[[KeyUnit], object]:
    def read(unit: KeyUnit) -> object:
        if what == "line":
            return unit.lines.get(stage) if stage in unit.rates else None
        return unit.rates[stage].fraction if stage in unit.rates else None

    return read


KEY_FIELDS: dict[str, Callable[[KeyUnit], object]] = {
    "unit_code": lambda unit: unit.unit_code,
    "unit_name": lambda unit: unit.unit_name,
    "key_mark": lambda unit: unit.listing.mark.value,
    "junior_listing_rate": _of_stage("rate", Stage.JUNIOR),
    "junior_line": _of_stage("line", Stage.JUNIOR),
    "primary_listing_rate": _of_stage("rate", Stage.PRIMARY),
    "primary_line": _of_stage("line", Stage.PRIMARY),
    "published_as": lambda unit: unit.published.mark.value if unit.published else None,
    "listed_since": lambda unit: unit.published.listed_since if unit.published else None,
    "published_on": lambda unit: unit.published.published_on if unit.published else None,
    "rectify_by": lambda unit: unit.published.rectify_by if unit.published else None,
}


def _key_units(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
    """The list to publish and the list in force (R115): key towns, then key units, then those that are listed still."""
    for unit in read_key_units(conn, scope, chosen):
        if unit.listing.mark is not KeyMark.NONE or unit.published:
            yield tuple(read(unit) for read in KEY_FIELDS.values())


TABLES: dict[str, ExportTable] = {
    table.name: table
    for table in (
        ExportTable("cases", tuple(CASE_FIELDS), _cases),
        ExportTable("worklist", WORKLIST_FIELDS, _worklist),
        ExportTable("absences", tuple(ABSENCE_FIELDS), _absences),
        ExportTable("queues", QUEUE_FIELDS, _queues),
        ExportTable("villages", VILLAGE_FIELDS, _villages),
        ExportTable("schools", tuple(SCHOOL_FIELDS), _schools),
        ExportTable("visits", VISIT_FIELDS, _visits),
        ExportTable("notices", tuple(NOTICE_FIELDS), _notices),
        ExportTable("unvisited", UNVISITED_FIELDS, _unvisited),
        ExportTable("left-behind", LEFT_BEHIND_FIELDS, _left_behind),
        ExportTable("children", CHILD_FIELDS, _children),
        ExportTable("rounds", ROUND_FIELDS, _rounds),
        ExportTable("schools-by-need", NEED_FIELDS, _needs),
        ExportTable("unit-records", tuple(UNIT_RECORD_FIELDS), _unit_records),
        ExportTable("key-units", tuple(KEY_FIELDS), _key_units),
    )
}
