"""What stands on a printed form: one set of values for each case that the filter chooses, masked as the role demands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from data_access.cases import CaseOrder, CaseRow, iterate_cases
from data_access.child_timeline import may_see
from data_access.form_reader import Reader, say_class, say_code, say_day, say_owner
from data_access.schema import (
    area,
    case_event,
    case_file,
    child,
    document,
    group_spell,
    guardian,
    home_visit,
    persuasion,
    residence_spell,
    school,
)
from data_access.scoped import day_of, on
from data_access.secrets import Cipher
from domain.case_filter import CaseFilter
from domain.grades import age_on
from domain.masking import PiiKind
from domain.scope import Scope
from domain.terms import say

Values = dict[str, Any]


@dataclass(frozen=True)
class FormFacts:
    """One case for a form: `unit_code` and `unit_name` say who issues it (the school, else the town), `values` fill it."""

    case_id: int
    child_id: int
    county_code: str
    unit_code: str
    values: Values


def read_form_facts(
    conn: Connection, scope: Scope, chosen: CaseFilter, *, cipher: Cipher | None = None, name: str = "", limit: int | None = None
) -> list[FormFacts]:
    """The cases that the filter (and a `name` searched for) chooses, the most overdue first.

    Raises ScopeError for roles that may not list children.
    """
    reader = Reader(conn, scope, day_of(chosen), cipher)
    cases = list(iterate_cases(conn, scope, chosen, order=CaseOrder.DUE, limit=limit, offset=0, name=name))
    return [*_with_facts(reader, cases)]


def _with_facts(reader: Reader, cases: Sequence[CaseRow]) -> Iterator[FormFacts]:
    numbers, children = [row.case_id for row in cases], [row.child_id for row in cases]
    files = {key: rows[0] for key, rows in reader.by(case_file, "id", numbers).items()}
    people = {key: rows[0] for key, rows in reader.by(child, "id", children).items()}
    carers = reader.by(guardian, "child_id", children, "valid_from", on(guardian, reader.day))
    homes = reader.by(residence_spell, "child_id", children, "valid_from", on(residence_spell, reader.day))
    groups = reader.by(group_spell, "child_id", children, "valid_from", on(group_spell, reader.day))
    done = {table.name: reader.by(table, "case_id", numbers, since) for table, since in _DONE}
    units, towns = _read_units(reader, cases), _read_towns(reader, cases)
    for row in cases:
        file = files[row.case_id]
        told = {name: rows.get(row.case_id, ()) for name, rows in done.items()}
        values: Values = {
            **_about_child(reader, row, people.get(row.child_id), groups.get(row.child_id, ())),
            **_about_family(reader, carers.get(row.child_id, ()), homes.get(row.child_id, ())),
            **_about_case(reader, row, file),
            **_about_work(reader, row, told),
            "town": towns.get((row.village_code or "")[:9]),
            "as_of": say_day(reader.day),
        }
        county, unit = units[row.case_id]
        yield FormFacts(row.case_id, row.child_id, county, unit, values)


_DONE = ((home_visit, "visited_on"), (persuasion, "on_date"), (case_event, "on_date"), (document, "issued_on"))


def _read_units(reader: Reader, cases: Sequence[CaseRow]) -> dict[int, tuple[str, str]]:
    """Case -> (county, unit that issues its papers)."""
    counties = {row.code: row.county_code for row in reader.conn.execute(select(school.c.code, school.c.county_code))}
    found = {}
    for row in cases:
        home = (row.village_code or "")[:9]
        unit = row.school_code or home or reader.scope.areas[0]
        found[row.case_id] = (counties.get(unit, (home or unit)[:6]), unit)
    return found


def _read_towns(reader: Reader, cases: Sequence[CaseRow]) -> dict[str, str]:
    codes = {row.village_code[:9] for row in cases if row.village_code}
    found = reader.conn.execute(select(area.c.code, area.c.name).where(area.c.code.in_(codes)))
    return {row.code: row.name for row in found}


def _about_child(reader: Reader, row: CaseRow, person: Row[Any] | None, groups: Sequence[Row[Any]]) -> Values:
    born = person.birth_date if person else None
    flags = [say(f"group.{one.group_name}") for one in groups if may_see(reader.scope, one.group_name)]
    return {
        "child_name": row.child_name,
        "sex": say_code("sex", person.sex) if person else None,
        "birth_date": say_day(born) if reader.scope.sees_names else None,
        "age": age_on(born, reader.day) if born else None,
        "school": row.school_name,
        "village": row.village_name,
        "class_name": say_class(row),
        "groups": "、".join(sorted(set(flags))),
    }


def _about_family(reader: Reader, carers: Sequence[Row[Any]], homes: Sequence[Row[Any]]) -> Values:
    """Whoever looks after the child stands for the family."""
    carer = next((one for one in carers if one.is_carer), carers[0] if carers else None)
    home = homes[0] if homes else None
    told: Values = {}
    if carer:
        told = {
            "guardian": reader.hide(carer.name, PiiKind.NAME),
            "relation": say_code("carer", carer.relation),
            "phone": reader.open(carer.phone, PiiKind.PHONE),
        }
    if home:
        told["address"] = reader.open(home.address, PiiKind.ADDRESS) or reader.hide(home.home_text, PiiKind.ADDRESS)
    return told


def _about_case(reader: Reader, row: CaseRow, file: Row[Any]) -> Values:
    return {
        "case_no": file.case_no or str(row.case_id),
        "opened_on": say_day(row.opened_on),
        "first_absent_on": say_day(file.first_absent_on),
        "days_absent": row.days_absent,
        "status": say_code("casestatus", row.status),
        "reason": say_code("reason", row.reason),
        "whereabouts": reader.hide(file.whereabouts, PiiKind.ADDRESS),
        "family": reader.hide(file.family),
        "measures": reader.hide(file.measures),
        "rung": row.rung,
        "next_step": say_code("nextstep", row.next_step),
        "due_on": say_day(row.due_on),
        "school_owner": say_owner(row.school.name, row.school.role),
        "government_owner": say_owner(row.government.name, row.government.role),
        "relapse_count": row.relapse_count,
    }


def _about_work(reader: Reader, row: CaseRow, done: Mapping[str, Sequence[Row[Any]]]) -> Values:
    tries, events = done["persuasion"], {one.kind: one.on_date for one in done["case_event"]}
    papers = {one.kind: one for one in done["document"]}
    notice_paper, letter = papers.get("return_notice"), papers.get("responsibility_letter")
    return {
        "visits_done": row.visits_done,
        "persuasions_done": len(tries),
        "last_result": tries[-1].result if tries else None,
        "reported_township_on": say_day(events.get("reported_township")),
        "reported_bureau_on": say_day(events.get("reported_bureau")),
        "returned_on": say_day(events.get("returned")),
        "return_notice_no": notice_paper.number if notice_paper else None,
        "letter_signed_on": say_day(letter.signed_on) if letter else None,
        "visits": [_visit(reader, one) for one in done["home_visit"]],
        "persuasions": [_persuasion(reader, one) for one in tries],
    }


def _visit(reader: Reader, row: Row[Any]) -> Values:
    return {
        "on": row.visited_on,
        "mode": say_code("visitmode", row.mode),
        "people": reader.adults.show(row.visitors),
        "met": reader.hide(row.met),
        "content": reader.hide(row.content),
        "view": reader.hide(row.parent_view),
        "result": row.result,
    }


def _persuasion(reader: Reader, row: Row[Any]) -> Values:
    return {
        "nth": row.nth,
        "on": row.on_date,
        "kind": row.kind,
        "people": reader.adults.show(row.people),
        "content": reader.hide(row.content),
        "result": row.result,
        "next_step": reader.hide(row.next_step),
    }
