"""The facts about who a child is, for the contradiction rules: numbers, doubles, ages, spans, cards."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, extract, func, or_, select
from sqlalchemy.orm import aliased

from data_access.check_look import Look
from data_access.chunks import among_marks, chunks
from data_access.schema import child, child_place, enrolment_spell, placement
from domain.check_facts import GradeFacts, NumberFacts, PlacementFacts, SpellFacts, TwinFacts
from domain.checks_people import EARLIEST, FIRST_AGE, SLACK, YOUNGEST
from domain.faults import Fault
from domain.grades import Stage, age_on, grade_of
from domain.identifiers import (
    DisabilityKind,
    RegistryNumber,
    Sex,
    check_character,
    parse_disability_card,
    parse_id,
    parse_registry_number,
    registry_contradiction,
)
from domain.school_year import school_year_of

KINDS = dict(zip(DisabilityKind, ("视力", "听力", "言语", "肢体", "智力", "精神", "多重"), strict=True))
JUNIOR_BEGINS_AFTER = 6  # grades
ID_LENGTH = 18


def read_numbers(look: Look) -> Iterator[NumberFacts]:
    """Every child with what its sealed numbers say: the one read that opens them all."""
    kept, unseal = child.c, look.cipher.unseal
    query = select(kept.id, kept.birth_date, kept.sex, kept.id_no, kept.registry_no).where(kept.merged_into.is_(None))
    for number, birth, sex, id_no, registry_no in look.rows(query, kept.id):
        if id_no is None:
            yield NumberFacts(number, birth, sex, None, None, None)
            continue
        text, registry = unseal(id_no) or "", unseal(registry_no)
        if _is_sound(text) and registry == f"G{text}":
            yield NumberFacts(number, birth, sex, _birth_of(text[6:14]), _sex_of(text), tail_fits=True)
        else:
            yield _read_closely(number, birth, sex, text, registry)


def _is_sound(text: str) -> bool:
    """Whether a stored number is a citizen number beyond doubt; the quick way of `parse_id` for what it once let in."""
    return len(text) == ID_LENGTH and text[:17].isdecimal() and check_character(text[:17]) == text[17]


@cache
def _birth_of(digits: str) -> date | None:
    try:
        return date.fromisoformat(digits)
    except ValueError:
        return None


def _sex_of(text: str) -> str:
    return (Sex.MALE if int(text[16]) % 2 else Sex.FEMALE).value


def _read_closely(number: int, birth: date | None, sex: str | None, text: str, registry: str | None) -> NumberFacts:
    citizen = parse_id(text)
    if isinstance(citizen, Fault):
        return NumberFacts(number, birth, sex, None, None, None, id_readable=False)
    fits, kind = None, "G"
    if registry is not None:
        read = parse_registry_number(registry)
        fits = isinstance(read, RegistryNumber) and registry_contradiction(read, citizen) is None
        kind = registry[:1]
    return NumberFacts(number, birth, sex, citizen.birth, citizen.sex.value, fits, kind)


def read_twins(look: Look) -> Iterator[TwinFacts]:
    """Pairs of children with the same number, each seen from its own side."""
    yield from _twins(look, "id_mac", same_id=True)
    yield from _twins(look, "registry_mac", same_id=False)


def _twins(look: Look, mac: str, *, same_id: bool) -> Iterator[TwinFacts]:
    one, two = aliased(child, name="one"), aliased(child, name="two")
    here, there = aliased(child_place, name="here"), aliased(child_place, name="there")
    kept = child.c[mac]
    query = (
        select(one.c.id, two.c.id.label("other"), here.c.school_code, there.c.school_code.label("other_school"))
        .join_from(one, two, and_(two.c[mac] == one.c[mac], two.c.id != one.c.id, two.c.merged_into.is_(None)))
        .outerjoin(here, and_(here.c.child_id == one.c.id, look.on(here)))
        .outerjoin(there, and_(there.c.child_id == two.c.id, look.on(there)))
        .where(one.c.merged_into.is_(None))
    )
    if not same_id:
        query = query.where(or_(one.c.id_mac.is_(None), two.c.id_mac.is_(None), one.c.id_mac != two.c.id_mac))
    if look.children is None:
        twice = select(kept).where(kept.is_not(None)).group_by(kept).having(func.count() > 1)  # answered by the index alone
        for marks in chunks(look.conn.execute(twice).scalars().all()):
            for row in look.conn.execute(query.where(among_marks(one.c[mac], marks))):
                yield TwinFacts(row.id, row.other, same_id, row.school_code, row.other_school)
        return
    for row in look.rows(query, one.c.id):
        yield TwinFacts(row.id, row.other, same_id, row.school_code, row.other_school)
        if row.other not in look.children:
            yield TwinFacts(row.other, row.id, same_id, row.other_school, row.school_code)


def read_ages(look: Look) -> Iterator[GradeFacts]:
    """Pupils whose year of birth is far from that of their class; special schools keep their own ages."""
    place, year = child_place.c, school_year_of(look.day)
    usual = place.entry_year - FIRST_AGE - 1
    for stage, off in ((Stage.PRIMARY, 0), (Stage.JUNIOR, JUNIOR_BEGINS_AFTER)):
        born = extract("year", child.c.birth_date)
        too_old, too_young = born <= usual - off - SLACK, born >= usual - off + SLACK - 1
        query = select(child.c.id, child.c.birth_date, place.entry_year).join(child_place, place.child_id == child.c.id)
        not_six = child.c.birth_date > date(year - YOUNGEST, 8, 31)
        query = query.where(look.on(child_place), place.stage == stage.value, or_(too_old, too_young, not_six))
        for row in look.rows(query, place.child_id):
            grade = grade_of(row.entry_year, stage, year)
            if grade is not None:
                yield GradeFacts(row.id, age_on(row.birth_date, date(year, 8, 31)), grade)


def read_spells(look: Look) -> Iterator[SpellFacts]:
    """Spans in a school that end before they begin, or begin before a third birthday."""
    spell = enrolment_spell.c
    query = select(spell.id, spell.child_id, spell.valid_from, spell.valid_to, child.c.birth_date).join(
        child, child.c.id == spell.child_id
    )
    early = extract("year", spell.valid_from) - extract("year", child.c.birth_date) < EARLIEST
    for row in look.rows(query.where(or_(spell.valid_to < spell.valid_from, early)), spell.child_id):
        yield SpellFacts(*row)


def read_placements(look: Look) -> Iterator[PlacementFacts]:
    """Disabled children as they are placed today, and pupils of an ordinary class that only the register calls disabled."""
    kept = placement.c
    query = select(placement, child.c.id_no, child.c.registry_mac).join(child, child.c.id == kept.child_id)
    for row in look.rows(query.where(look.on(placement)), kept.child_id):
        yield _placed(look, row)
    spell = enrolment_spell
    other = exists().where(kept.child_id == spell.c.child_id, look.on(placement), kept.kind == "inclusive")
    bare = select(spell.c.child_id).join(child, child.c.id == spell.c.child_id).where(child.c.registry_mac.is_(None))
    bare = bare.where(look.on(spell), spell.c.graduates_on > look.day, spell.c.mode == "inclusive", ~other)
    for row in look.rows(bare, spell.c.child_id):
        yield PlacementFacts(f"child:{row.child_id}", row.child_id, "inclusive", has_registry=False)


def _placed(look: Look, row: Any) -> PlacementFacts:
    told = (f"placement:{row.id}", row.child_id, row.kind, row.registry_mac is not None, row.disability, row.disability_level)
    card = parse_disability_card(look.cipher.unseal(row.card) or "") if row.card else None
    if card is None or row.id_no is None:
        return PlacementFacts(*told)
    if isinstance(card, Fault):
        return PlacementFacts(*told, card_fits=False)
    fits = card.citizen_id.text == look.cipher.unseal(row.id_no)
    return PlacementFacts(*told, KINDS[card.kind], card.level, fits)


def home_taught(child_id: ColumnElement[int], day: ColumnElement[date] | date) -> ColumnElement[bool]:
    """Whether a child is taught at home on a day, by register or placement: asked for each child, whom indexes find."""
    spell, kept = enrolment_spell.c, placement.c
    by_register = exists().where(spell.child_id == child_id, spell.mode == "home_teaching")
    by_placement = exists().where(kept.child_id == child_id, kept.kind == "home_teaching")
    return or_(
        by_register.where(spell.valid_from <= day, spell.valid_to > day),
        by_placement.where(kept.valid_from <= day, kept.valid_to > day),
    )
