"""The ledgers whose rows are cases and what was done about them: L1, L2, L9, L10."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, and_, func, or_, select

from data_access.ledger_lines import read_lines
from data_access.ledger_out_children import Values, identity_of, with_identity
from data_access.ledger_says import says_persuasion, says_suspected
from data_access.schema import (
    absence_day,
    assignment,
    case_event,
    case_file,
    case_interval,
    child,
    child_place,
    home_visit,
    notice,
    pairing,
    person,
    persuasion,
    school,
)
from data_access.scoped import case_clause, counted_at, day_of, in_scope, on, place_filter
from data_access.secrets import Cipher
from domain.case_filter import CaseFilter
from domain.cases import CaseStatus
from domain.grades import Stage, grade_label, grade_of
from domain.ledger_words import VISIT_MODES, label_of
from domain.reasons import Reason
from domain.school_year import school_year_of
from domain.scope import Scope
from domain.terms import say

STATUS_LABELS = {"at_risk": "临界", "suspected": "疑似辍学", "dropout": "辍学", "persuasion": "劝返中", "returned": "已返校"}
OUTCOME_LABELS = {"transferred": "已转学", "home_teaching": "送教", "follow_up_passed": "已返校", "relapsed": "已返校"}
FILE = ("case_no", "first_absent_on", "opened_on", "whereabouts", "family", "measures", "closed_on", "outcome", "relapse_count")


def iterate_cases(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L1: the cases that the filter chooses, a relapse a row of its own."""
    day = day_of(chosen)
    page = (
        select(case_interval, child_place.c.class_no)
        .outerjoin(child_place, and_(child_place.c.child_id == case_interval.c.child_id, on(child_place, day)))
        .where(case_clause(scope, chosen))
        .subquery("page")
    )
    query = (
        with_identity(page, day)
        .add_columns(*(case_file.c[name] for name in FILE))
        .join_from(page, case_file, case_file.c.id == page.c.case_id)
    )
    facts, lines = _CaseFacts(conn, day), read_lines(conn, cipher, "L1")
    for row in conn.execute(query.order_by(page.c.case_id)):
        returned = facts.events.get((row.case_id, "returned"))
        yield {
            **identity_of(row, cipher, day),
            "case_no": row.case_no or row.case_id,
            "drop_date": row.first_absent_on or row.opened_on,
            "status": STATUS_LABELS.get(row.status) or OUTCOME_LABELS.get(row.outcome or "", "其他"),
            "reason": say(f"reason.{row.reason}", "zh") if row.reason in set(Reason) else None,
            "whereabouts": row.whereabouts,
            "family": row.family,
            "measures": row.measures,
            "persuaders": facts.owners.get((row.case_id, "school")) or facts.names.get(row.school_owner_id),
            "gov_owner": facts.owners.get((row.case_id, "government")) or facts.names.get(row.government_owner_id),
            "notice_no": facts.notices.get(row.case_id),
            "reported_at": facts.events.get((row.case_id, "reported_bureau")),
            "return_date": returned,
            "helper": facts.helpers.get(row.child_id),
            "relapse": "是" if row.relapse_count else "否",
            "closed_at": row.closed_on if row.closed_on and row.closed_on <= day else None,
            "reported_town_at": facts.events.get((row.case_id, "reported_township")),
            **lines.get(f"case:{row.case_id}", {}),
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
        answering = [case_interval.c.school_owner_id, case_interval.c.government_owner_id]
        by_rule = [select(column).where(on(case_interval, day), column.is_not(None)) for column in answering]
        named = select(person.c.id, person.c.name).where(or_(*(person.c.id.in_(one) for one in by_rule)))
        self.names: dict[int | None, str] = {row.id: row.name for row in conn.execute(named)}
        events = select(case_event.c.case_id, case_event.c.kind, func.min(case_event.c.on_date)).where(
            case_event.c.on_date <= day
        )
        self.events = {
            (case_id, kind): first
            for case_id, kind, first in conn.execute(events.group_by(case_event.c.case_id, case_event.c.kind))
        }
        notices = select(notice.c.case_id, notice.c.number).where(notice.c.kind == "return_notice", notice.c.issued_on <= day)
        self.notices = {row.case_id: row.number or "是" for row in conn.execute(notices)}
        helpers = (
            select(pairing.c.child_id, person.c.name).join(person, person.c.id == pairing.c.person_id).where(on(pairing, day))
        )
        self.helpers = {row.child_id: row.name for row in conn.execute(helpers.order_by(pairing.c.id))}


def iterate_visits(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
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
            "mode": label_of(VISIT_MODES, row.mode),
            "place": cipher.unseal(row.place),
            "visitors": row.visitors,
            "peers": row.peers,
            "sign": {True: "有", False: "无"}.get(row.signed),
            "registry_no": cipher.unseal(row.registry_no),
            "school_code": row.school_code,
            "school": row.school_name,
            **{name: getattr(row, name) for name in ("met", "purpose", "family", "content", "parent_view", "result")},
        }


def iterate_suspected(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L2: the cases that are suspected on the as-of day, and those that came with this ledger and are open."""
    day, lines = day_of(chosen), read_lines(conn, cipher, "L2")
    named = [int(key.removeprefix("suspected:")) for key in lines]
    page = (
        select(case_interval, child_place.c.class_no)
        .outerjoin(child_place, and_(child_place.c.child_id == case_interval.c.child_id, on(child_place, day)))
        .where(
            case_clause(scope, chosen),
            or_(case_interval.c.status == CaseStatus.SUSPECTED.value, case_interval.c.case_id.in_(named)),
        )
        .subquery("page")
    )
    columns = [case_file.c[name] for name in ("first_absent_on", "opened_on", "branch", "whereabouts", "measures")]
    query = with_identity(page, day).add_columns(*columns).join_from(page, case_file, case_file.c.id == page.c.case_id)
    for row in conn.execute(query.order_by(page.c.case_id)).all():
        first = row.first_absent_on or row.opened_on
        missed = select(absence_day).where(absence_day.c.child_id == row.child_id, absence_day.c.on_date == first)
        absence = conn.execute(missed).first()
        said = says_suspected(row._mapping, absence._mapping if absence else None)
        yield {**identity_of(row, cipher, day), **said, **lines.get(f"suspected:{row.case_id}", {})}


def iterate_persuasions(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L10: the attempts of the period up to the as-of day, case by case."""
    day, lines = day_of(chosen), read_lines(conn, cipher, "L10")
    corrected = select(persuasion.c.corrects).where(persuasion.c.corrects.is_not(None))
    query = (
        select(persuasion, case_file.c.case_no, child.c.name.label("child_name"), child.c.registry_no, child_place.c.school_code)
        .join_from(persuasion, case_file, case_file.c.id == persuasion.c.case_id)
        .join(child, child.c.id == case_file.c.child_id)
        .join(child_place, and_(child_place.c.child_id == child.c.id, on(child_place, day)))
        .where(
            in_scope(scope, child_place),
            place_filter(chosen, child_place),
            persuasion.c.on_date <= day,
            persuasion.c.id.not_in(corrected),
        )
    )
    if chosen.period:
        query = query.where(persuasion.c.on_date >= chosen.period.starts)
    for row in conn.execute(query.order_by(persuasion.c.case_id, persuasion.c.nth, persuasion.c.id)):
        yield {
            **says_persuasion(row._mapping, row.case_no or str(row.case_id), cipher.unseal),
            "student_name": row.child_name,
            "registry_no": cipher.unseal(row.registry_no),
            "school_code": row.school_code,
            **lines.get(f"persuasion:{row.id}", {}),
        }
