"""The ledgers L0, L1 and L9 as files in their canonical Chinese layout: what is imported can be taken out again."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, select

from data_access.schema import (
    area,
    assignment,
    case_event,
    case_file,
    case_interval,
    child,
    child_place,
    enrolment_spell,
    group_spell,
    guardian,
    home_visit,
    notice,
    pairing,
    person,
    residence_spell,
    school,
)
from data_access.scoped import case_clause, child_clause, counted_at, day_of, in_scope, on, place_filter
from data_access.secrets import Cipher
from data_access.tables import ExportTable, Row
from data_access.workbook_columns import OutColumn
from domain.case_filter import CaseFilter
from domain.grades import Stage, grade_label, grade_of
from domain.groups import Group
from domain.ledgers import Column, Kind, Ledger, ledger
from domain.masking import PiiKind, mask
from domain.reasons import Reason
from domain.school_year import school_year_of
from domain.scope import Scope
from domain.terms import say

KINDS = {
    Kind.NAME: PiiKind.NAME,
    Kind.ID: PiiKind.ID_NO,
    Kind.REGISTRY: PiiKind.REGISTRY_NO,
    Kind.PHONE: PiiKind.PHONE,
    Kind.ADDRESS: PiiKind.ADDRESS,
}
FREE_TEXT = frozenset({"remark", "family", "whereabouts", "content", "parent_view", "measures", "result", "place"})
SHOWN = frozenset({"persuaders", "gov_owner", "visitors", "helper"})  # duty holders are never masked
STATUS_LABELS = {"at_risk": "临界", "suspected": "疑似辍学", "dropout": "辍学", "persuasion": "劝返中", "returned": "已返校"}
OUTCOME_LABELS = {"transferred": "已转学", "home_teaching": "送教", "follow_up_passed": "已返校", "relapsed": "已返校"}
MODE_LABELS = {"doorstep": "上门", "phone": "电话", "online": "线上", "at_school": "到校"}
RELATION_LABELS = {"father": "父", "mother": "母", "grandparent": "祖父母", "maternal_grandparent": "外祖父母"}
LEFT_LABELS = {"one_parent": "单亲留守", "two_parents": "双亲留守"}
Values = Mapping[str, object]


@dataclass(frozen=True)
class LedgerTable(ExportTable):
    """A ledger as a table: its columns are the canonical ones, headed in Chinese."""

    ledger: Ledger = field(default_factory=lambda: ledger("L0"))

    @property
    def columns(self) -> tuple[OutColumn, ...]:
        """The ledger's columns, all of them text: what stands in one is read back as it was."""
        return tuple(OutColumn(one.field, one.header, one.english) for one in self.ledger.columns)


def ledger_tables(cipher: Cipher) -> dict[str, ExportTable]:
    """The ledgers that can be exported, by code; identifiers are opened with `cipher` and masked as the role demands."""
    sources: dict[str, Callable[[Connection, Scope, CaseFilter, Cipher], Iterator[Values]]] = {
        "L0": _pupils,
        "L1": _cases,
        "L9": _visits,
    }
    return {code: _table(ledger(code), source, cipher) for code, source in sources.items()}


def _table(
    book: Ledger, source: Callable[[Connection, Scope, CaseFilter, Cipher], Iterator[Values]], cipher: Cipher
) -> LedgerTable:
    def rows(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
        scope.require_children()
        for number, values in enumerate(source(conn, scope, chosen, cipher), 1):
            told = {"visit_no": number, **values}
            yield tuple(_written(column, told.get(column.field), scope) for column in book.columns)

    return LedgerTable(book.code, tuple(column.field for column in book.columns), rows, ledger=book)


def _written(column: Column, value: object, scope: Scope) -> str | None:
    if value is None or value == "":
        return None
    text = value.isoformat() if isinstance(value, date) else str(value)
    if scope.sees_names or column.field in SHOWN:
        return text
    kind = KINDS.get(column.kind) or (PiiKind.FREE_TEXT if column.field in FREE_TEXT else None)
    return mask(text, kind) if kind else text


def _identity(row: Any, cipher: Cipher, day: date) -> dict[str, object]:
    """The identity block that L0 and L1 share."""
    grade = grade_of(row.entry_year, Stage(row.stage), school_year_of(day)) if row.stage and row.entry_year else None
    return {
        "student_name": row.child_name,
        "sex": {"male": "男", "female": "女"}.get(row.sex or ""),
        "id_no": cipher.unseal(row.id_no),
        "birth_date": row.birth_date,
        "ethnicity": row.ethnicity,
        "registry_no": cipher.unseal(row.registry_no),
        "school_code": row.school_code,
        "school": row.school_name,
        "township": row.town_name,
        "grade": grade_label(grade) if grade else None,
        "class": f"{row.class_no}班" if row.class_no else None,
        "village": row.home_code or row.home_text,
        "hukou_addr": row.registered_code,
        "home_addr": cipher.unseal(row.address),
        "guardian": row.guardian_name,
        "guardian_rel": RELATION_LABELS.get(row.relation or "", "其他" if row.relation else None),
        "guardian_phone": cipher.unseal(row.phone),
        "remark": row.remark,
    }


def _with_identity(table: Any, day: date) -> Any:
    """What the identity block needs, joined to a table with child_id and the place columns."""
    town, home, carer = area.alias("town"), residence_spell, guardian
    latest_carer, latest_home = guardian.alias("latest_carer"), residence_spell.alias("latest_home")
    carer_id = select(func.max(latest_carer.c.id)).where(
        latest_carer.c.child_id == table.c.child_id, latest_carer.c.is_carer, on(latest_carer, day)
    )
    home_id = select(func.max(latest_home.c.id)).where(latest_home.c.child_id == table.c.child_id, on(latest_home, day))
    columns = (
        table,
        child.c.name.label("child_name"),
        *(child.c[name] for name in ("sex", "birth_date", "ethnicity", "id_no", "registry_no", "remark", "health")),
        school.c.name.label("school_name"),
        town.c.name.label("town_name"),
        carer.c.name.label("guardian_name"),
        carer.c.relation,
        carer.c.phone,
        home.c.home_text,
        home.c.address,
    )
    return (
        select(*columns)
        .join_from(table, child, child.c.id == table.c.child_id)
        .outerjoin(school, school.c.code == table.c.school_code)
        .outerjoin(town, town.c.code == school.c.town_code)
        .outerjoin(carer, carer.c.id == carer_id.scalar_subquery())
        .outerjoin(home, home.c.id == home_id.scalar_subquery())
    )


def _pupils(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L0: the children on a school's roll on the as-of day."""
    day = day_of(chosen)
    page = (
        select(child_place)
        .where(child_clause(scope, chosen, child_place), child_place.c.school_code.is_not(None))
        .subquery("page")
    )
    spell = enrolment_spell.c
    same = and_(spell.child_id == page.c.child_id, spell.school_code == page.c.school_code, on(enrolment_spell, day))
    query = _with_identity(page, day).add_columns(spell.boarding).outerjoin_from(page, enrolment_spell, same)
    groups = _groups_of(conn, chosen)
    seen: set[int] = set()
    for row in conn.execute(query.order_by(page.c.school_code, page.c.entry_year.desc(), page.c.class_no, page.c.child_id)):
        if row.child_id in seen:
            continue
        seen.add(row.child_id)
        held = groups.get(row.child_id, {})
        yield {
            **_identity(row, cipher, day),
            "poor_flag": (held[Group.POOR] or "是") if Group.POOR in held else "否",
            "attend_mode": {True: "住校", False: "走读"}.get(row.boarding),
            "left_behind": LEFT_LABELS.get(held[Group.LEFT_BEHIND_EDUCATION] or "", "留守")
            if Group.LEFT_BEHIND_EDUCATION in held
            else "非留守",
            "migrant_child": "是" if Group.MIGRANT in held else "否",
            "orphan": "是" if Group.ORPHAN in held else "否",
            "health": row.health,
            "state": "在籍在校",
        }


def _groups_of(conn: Connection, chosen: CaseFilter) -> dict[int, dict[Group, str | None]]:
    found: dict[int, dict[Group, str | None]] = {}
    kinds = [Group.POOR.value, Group.LEFT_BEHIND_EDUCATION.value, Group.MIGRANT.value, Group.ORPHAN.value]
    query = select(group_spell.c.child_id, group_spell.c.group_name, group_spell.c.detail).where(
        group_spell.c.group_name.in_(kinds), on(group_spell, day_of(chosen))
    )
    for child_id, name, detail in conn.execute(query):
        found.setdefault(child_id, {})[Group(name)] = detail
    return found


def _cases(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L1: the cases that the filter chooses, a relapse a row of its own."""
    day = day_of(chosen)
    page = (
        select(case_interval, child_place.c.class_no)
        .outerjoin(child_place, and_(child_place.c.child_id == case_interval.c.child_id, on(child_place, day)))
        .where(case_clause(scope, chosen))
        .subquery("page")
    )
    query = (
        _with_identity(page, day)
        .add_columns(
            *(
                case_file.c[name]
                for name in (
                    "case_no",
                    "first_absent_on",
                    "opened_on",
                    "whereabouts",
                    "family",
                    "measures",
                    "closed_on",
                    "outcome",
                    "relapse_count",
                )
            )
        )
        .join_from(page, case_file, case_file.c.id == page.c.case_id)
    )
    facts = _CaseFacts(conn, day)
    for row in conn.execute(query.order_by(page.c.case_id)):
        returned = facts.events.get((row.case_id, "returned"))
        yield {
            **_identity(row, cipher, day),
            "case_no": row.case_no or row.case_id,
            "drop_date": row.first_absent_on or row.opened_on,
            "status": STATUS_LABELS.get(row.status) or OUTCOME_LABELS.get(row.outcome or "", "其他"),
            "reason": say(f"reason.{row.reason}", "zh") if row.reason in set(Reason) else None,
            "whereabouts": row.whereabouts,
            "family": row.family,
            "measures": row.measures,
            "persuaders": facts.owners.get((row.case_id, "school")),
            "gov_owner": facts.owners.get((row.case_id, "government")),
            "notice_no": facts.notices.get(row.case_id),
            "reported_at": facts.events.get((row.case_id, "reported_bureau")),
            "return_date": returned,
            "helper": facts.helpers.get(row.child_id),
            "relapse": "是" if row.relapse_count else "否",
            "closed_at": row.closed_on if row.closed_on and row.closed_on <= day else None,
        }


class _CaseFacts:
    """What stands beside the cases: owners by line, dates of events, notices, helpers; small tables, read whole."""

    def __init__(self, conn: Connection, day: date) -> None:
        owners = select(assignment.c.case_id, assignment.c.line, person.c.name).join(
            person, person.c.id == assignment.c.person_id
        )
        self.owners = {
            (row.case_id, row.line): row.name
            for row in conn.execute(owners.where(on(assignment, day)).order_by(assignment.c.valid_from))
        }
        events = select(case_event.c.case_id, case_event.c.kind, func.min(case_event.c.on_date)).where(
            case_event.c.on_date <= day
        )
        self.events = {
            (case_id, kind): first
            for case_id, kind, first in conn.execute(events.group_by(case_event.c.case_id, case_event.c.kind))
        }
        notices = select(notice.c.case_id, notice.c.number).where(notice.c.kind == "return_notice", notice.c.issued_on <= day)
        self.notices = {row.case_id: row.number for row in conn.execute(notices)}
        helpers = (
            select(pairing.c.child_id, person.c.name).join(person, person.c.id == pairing.c.person_id).where(on(pairing, day))
        )
        self.helpers = {row.child_id: row.name for row in conn.execute(helpers.order_by(pairing.c.id))}


def _visits(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L9: the visits of the period up to the as-of day, in order of time."""
    day, visit = day_of(chosen), home_visit.c
    corrected = select(visit.corrects).where(visit.corrects.is_not(None))
    query = (
        select(
            home_visit,
            child.c.name.label("child_name"),
            child.c.registry_no,
            child_place.c.stage,
            child_place.c.entry_year,
            child_place.c.class_no,
            child_place.c.school_code,
            school.c.name.label("school_name"),
            counted_at(child_place, chosen.basis),
        )
        .join_from(home_visit, child, child.c.id == visit.child_id)
        .join(child_place, and_(child_place.c.child_id == visit.child_id, on(child_place, day)))
        .outerjoin(school, school.c.code == child_place.c.school_code)
        .where(
            in_scope(scope, child_place), place_filter(chosen, child_place), visit.visited_on <= day, visit.id.not_in(corrected)
        )
    )
    if chosen.period:
        query = query.where(visit.visited_on >= chosen.period.starts)
    for row in conn.execute(query.order_by(visit.visited_on, visit.id)):
        grade = grade_of(row.entry_year, Stage(row.stage), school_year_of(day)) if row.stage and row.entry_year else None
        yield {
            "student_name": row.child_name,
            "class": f"{grade_label(grade) if grade else ''}{f'{row.class_no}班' if row.class_no else ''}" or "—",
            "visit_at": f"{row.visited_on.isoformat()} {row.visited_at}" if row.visited_at else row.visited_on,
            "mode": MODE_LABELS.get(row.mode),
            "place": cipher.unseal(row.place),
            "visitors": row.visitors,
            "sign": {True: "有", False: "无"}.get(row.signed),
            "registry_no": cipher.unseal(row.registry_no),
            "school_code": row.school_code,
            "school": row.school_name,
            **{name: getattr(row, name) for name in ("met", "purpose", "family", "content", "parent_view", "result")},
        }
