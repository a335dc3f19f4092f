"""Where each child counts on each day: residence and enrolment flattened into child_place, and the codes of its scope."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, Date, Subquery, and_, case, delete, func, insert, literal, or_, select, union, union_all

from data_access.schema import OPEN_END, case_file, child, child_place, child_scope, enrolment_spell, residence_spell, school
from data_access.chunks import chunks

TOWN, COUNTY = 9, 6


def rebuild_places(conn: Connection, children: Collection[int] | None = None) -> None:
    """Write child_place and child_scope anew, for all children or for some.

    A place is valid between two changes of residence, enrolment or an open case; a child with neither of the first two but
    a case still open stands nowhere, and counts as unlocated. An enrolment counts until it ends or its year group
    graduates, whichever is first; where two overlap (the same child in two registers, a contradiction listed elsewhere)
    the later one counts, so that a child stands in one place a day.
    """
    if children is None:
        _rebuild(conn, None)
        return
    for part in chunks(children):
        _rebuild(conn, part)


def _rebuild(conn: Connection, part: list[int] | None) -> None:
    for table in (child_scope, child_place):
        conn.execute(delete(table) if part is None else delete(table).where(table.c.child_id.in_(part)))
    conn.execute(insert(child_place).from_select([column.name for column in child_place.c], _places(part)))
    conn.execute(insert(child_scope).from_select(["child_id", "code"], _codes(part)))


def _enrolments(part: list[int] | None) -> Subquery:
    spell = enrolment_spell.c
    ends = case((spell.valid_to < spell.graduates_on, spell.valid_to), else_=spell.graduates_on)
    chosen = select(
        spell.child_id,
        spell.school_code,
        spell.stage,
        spell.entry_year,
        spell.class_no,
        spell.id,
        spell.valid_from,
        ends.label("ends"),
    ).where(ends > spell.valid_from)
    return (chosen if part is None else chosen.where(spell.child_id.in_(part))).subquery("enrolment")


def _residences(part: list[int] | None) -> Subquery:
    spell = residence_spell.c
    home = case((spell.outside, spell.registered_code), else_=spell.home_code)
    chosen = select(
        spell.child_id, home.label("home_code"), spell.registered_code, spell.id, spell.valid_from, spell.valid_to.label("ends")
    )
    return (chosen if part is None else chosen.where(spell.child_id.in_(part))).subquery("residence")


def _open_cases(part: list[int] | None) -> Subquery:
    file = case_file.c
    ends = func.coalesce(file.closed_on, literal(OPEN_END, Date))
    chosen = select(file.child_id, file.id, file.opened_on.label("valid_from"), ends.label("ends")).where(ends > file.opened_on)
    return (chosen if part is None else chosen.where(file.child_id.in_(part))).subquery("open_case")


def _places(part: list[int] | None):  # type: ignore[no-untyped-def]
    enrolment, residence, open_case = _enrolments(part), _residences(part), _open_cases(part)
    cuts = union(
        *(
            select(source.c.child_id, day.label("day"))
            for source in (enrolment, residence, open_case)
            for day in (source.c.valid_from, source.c.ends)
        )
    ).subquery("cuts")
    pieces = select(
        cuts.c.child_id,
        cuts.c.day,
        func.lead(cuts.c.day).over(partition_by=cuts.c.child_id, order_by=cuts.c.day).label("next_day"),
    ).subquery("pieces")

    def holds(source: Subquery) -> ColumnElement[bool]:
        return and_(source.c.child_id == pieces.c.child_id, source.c.valid_from <= pieces.c.day, source.c.ends > pieces.c.day)

    rank = func.row_number().over(
        partition_by=(pieces.c.child_id, pieces.c.day),
        order_by=(enrolment.c.valid_from.desc(), enrolment.c.id.desc(), residence.c.valid_from.desc(), residence.c.id.desc()),
    )
    ranked = (
        select(
            pieces.c.child_id,
            pieces.c.day,
            pieces.c.next_day,
            child.c.county_code,
            residence.c.home_code,
            residence.c.registered_code,
            enrolment.c.school_code,
            enrolment.c.stage,
            enrolment.c.entry_year,
            enrolment.c.class_no,
            rank.label("rank"),
        )
        .join_from(pieces, child, child.c.id == pieces.c.child_id)
        .outerjoin(residence, holds(residence))
        .outerjoin(enrolment, holds(enrolment))
        .outerjoin(open_case, holds(open_case))
        .where(pieces.c.next_day.is_not(None), or_(*(source.c.id.is_not(None) for source in (residence, enrolment, open_case))))
    ).subquery("ranked")
    return select(*(column for column in ranked.c if column.name != "rank")).where(ranked.c.rank == 1)


def _codes(part: list[int] | None):  # type: ignore[no-untyped-def]
    place = child_place.c
    towns = [func.substr(column, 1, TOWN) for column in (place.home_code, place.registered_code)]
    columns = [place.home_code, place.registered_code, *towns, place.school_code]
    selects = [select(place.child_id, column.label("code")).where(column.is_not(None)) for column in columns]
    selects.append(select(place.child_id, school.c.town_code.label("code")).join(school, school.c.code == place.school_code))
    if part is not None:
        selects = [one.where(place.child_id.in_(part)) for one in selects]
    every = union_all(*selects).subquery("codes")
    return select(every.c.child_id, every.c.code).distinct()
