"""The adults whom ledgers name: found in the county by name and unit, or taken in."""

import re
from datetime import date
from typing import Any

from sqlalchemy import select

from data_access.import_context import ImportContext
from data_access.schema import OPEN_END, pairing, person
from domain.visits import DutyRole

DIVIDERS = re.compile(r"[、,，;；/\s]+")


def first_name(text: str) -> str:
    """The first of several names in a cell."""
    return next((part for part in DIVIDERS.split(text) if part), "")


def find_person(
    context: ImportContext, name: str, role: DutyRole, school_code: str | None = None, area_code: str | None = None
) -> int:
    """The number of the person of that name in the school or area, in the register or new."""
    at = {"school_code": school_code} if school_code else {"area_code": area_code or context.county}
    key = (name, *at.values())
    if key not in context.persons:
        same = select(person.c.id).where(
            person.c.name == name, person.c.county_code == context.county, *(person.c[one] == value for one, value in at.items())
        )
        found = context.conn.execute(same.order_by(person.c.id)).scalar()
        context.persons[key] = int(found) if found else _add_person(context, name[:80], role, at)
    return context.persons[key]


def _add_person(context: ImportContext, name: str, role: DutyRole, at: dict[str, Any]) -> int:
    values = {**at, "name": name, "role": role.value, "county_code": context.county}
    return int(context.records.add(person, **values, valid_from=context.as_of, valid_to=OPEN_END)["id"])


def pair(context: ImportContext, child_id: int, name: str, school_code: str | None, begins: date, content: str | None) -> bool:
    """Stand this person at the child's side, in place of whoever stood there; returns whether anything changed.

    A helper of a child that came back to school (R224) is another duty and stays.
    """
    for spell in context.records.of(pairing, child_id):
        if spell["valid_to"] != OPEN_END or spell["kind"] == "helper_after_return":
            continue
        if name_of(context, int(spell["person_id"])) == name:
            return bool(content) and context.records.change(pairing, spell, content=content)
        context.records.change(pairing, spell, valid_to=max(context.as_of, spell["valid_from"]))
    helper = find_person(context, name, DutyRole.SUBJECT_TEACHER, school_code)
    context.records.add(
        pairing, child_id=child_id, person_id=helper, kind="one_to_many", content=content, valid_from=begins, valid_to=OPEN_END
    )
    return True


def paired_with(context: ImportContext, child_id: int) -> tuple[str | None, str | None]:
    """The name of the one at the child's side, and what for."""
    for spell in reversed(context.records.of(pairing, child_id)):
        if spell["valid_to"] == OPEN_END and spell["kind"] != "helper_after_return":
            return name_of(context, int(spell["person_id"])), spell["content"]
    return None, None


def last_helper(context: ImportContext, child_id: int) -> str | None:
    """The name of the one who stands at the child's side in any duty, the latest recorded."""
    open_now = [spell for spell in context.records.of(pairing, child_id) if spell["valid_to"] == OPEN_END]
    return name_of(context, int(open_now[-1]["person_id"])) if open_now else None


def name_of(context: ImportContext, person_id: int) -> str | None:
    """A person's name; those met in this import are remembered."""
    made = next((key[0] for key, number in context.persons.items() if number == person_id), None)
    if made is not None:
        return str(made)
    found = context.conn.execute(select(person.c.name).where(person.c.id == person_id)).scalar()
    return str(found) if found else None
