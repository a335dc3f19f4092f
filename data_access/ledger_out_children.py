"""The ledgers whose rows are children: L0, L3 to L7, L17. Each row begins with the identity block that they share."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, func, select

from data_access.ledger_lines import read_lines
from data_access.ledger_says import (
    carer_of,
    says_civil,
    says_home_teaching,
    says_left_behind,
    says_placement,
    says_relocated,
    says_survey,
)
from data_access.schema import (
    area,
    child,
    child_place,
    enrolment_spell,
    group_spell,
    guardian,
    pairing,
    person,
    placement,
    residence_spell,
    school,
    survey_entry,
)
from data_access.scoped import child_clause, day_of, in_scope, on
from data_access.secrets import Cipher
from domain.case_filter import CaseFilter
from domain.grades import Stage, grade_label, grade_of
from domain.groups import Group
from domain.ledger_words import RELATIONS, label_of
from domain.movements import Movement
from domain.school_year import school_year_of
from domain.scope import Scope

LEFT_LABELS = {"one_parent": "单亲留守", "two_parents": "双亲留守"}
BLOCK = 2000  # rows whose children are looked up together
Values = Mapping[str, object]


def identity_of(row: Any, cipher: Cipher, day: date) -> dict[str, object]:
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
        "village": row.home_text if row.outside else row.home_code or row.home_text,
        "hukou_addr": row.registered_code,
        "home_addr": cipher.unseal(row.address),
        "guardian": row.guardian_name,
        "guardian_rel": label_of(RELATIONS, row.relation) or ("其他" if row.relation else None),
        "guardian_phone": cipher.unseal(row.phone),
        "remark": row.remark,
    }


def with_identity(table: Any, day: date) -> Any:
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
        home.c.outside,
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


def iterate_pupils(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L0: the children on a school's roll on the as-of day."""
    day = day_of(chosen)
    page = (
        select(child_place)
        .where(child_clause(scope, chosen, child_place), child_place.c.school_code.is_not(None))
        .subquery("page")
    )
    spell = enrolment_spell.c
    same = and_(spell.child_id == page.c.child_id, spell.school_code == page.c.school_code, on(enrolment_spell, day))
    query = with_identity(page, day).add_columns(spell.boarding).outerjoin_from(page, enrolment_spell, same)
    groups, lines = _groups_of(conn, chosen), read_lines(conn, cipher, "L0")
    seen: set[int] = set()
    for row in conn.execute(query.order_by(page.c.school_code, page.c.entry_year.desc(), page.c.class_no, page.c.child_id)):
        if row.child_id in seen:
            continue
        seen.add(row.child_id)
        held = groups.get(row.child_id, {})
        yield {
            **identity_of(row, cipher, day),
            "poor_flag": (held[Group.POOR] or "是") if Group.POOR in held else "否",
            "attend_mode": {True: "住校", False: "走读"}.get(row.boarding),
            "left_behind": LEFT_LABELS.get(held[Group.LEFT_BEHIND_EDUCATION] or "", "留守")
            if Group.LEFT_BEHIND_EDUCATION in held
            else "非留守",
            "migrant_child": "是" if Group.MIGRANT in held else "否",
            "orphan": "是" if Group.ORPHAN in held else "否",
            "health": row.health,
            "state": "在籍在校",
            **lines.get(f"child:{row.child_id}", {}),
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


def in_blocks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Rows a few thousand at a time, so that what belongs to them is asked for together."""
    left = iter(rows)
    while block := list(islice(left, BLOCK)):
        yield block


def read_identities(
    conn: Connection, scope: Scope, cipher: Cipher, day: date, ids: Iterable[int]
) -> dict[int, dict[str, object]]:
    """The identity block of these children, where they stand in the scope on the day, else where they stood there last.

    A town does not learn to which school of another a child has gone.
    """
    wanted, place = set(ids), child_place.c
    found: dict[int, dict[str, object]] = {}
    last = child_place.alias("last")
    own = in_scope(scope, last)
    latest = select(func.max(last.c.valid_from)).where(last.c.child_id == place.child_id, own).scalar_subquery()
    for here in (on(child_place, day), place.valid_from == latest):
        missing = wanted - set(found)
        if missing:
            page = select(child_place).where(in_scope(scope, child_place), place.child_id.in_(missing), here).subquery("page")
            for row in conn.execute(with_identity(page, day)):
                found.setdefault(row.child_id, {"stage": row.stage, **identity_of(row, cipher, day)})
    return found


def _of_children(
    conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher, code: str, table: Table, *where: ColumnElement[bool]
) -> Iterator[tuple[Any, dict[str, object], dict[str, str]]]:
    """The rows of `table` about the children that the filter chooses, row, identity block, line."""
    day, lines = day_of(chosen), read_lines(conn, cipher, code)
    children = select(child_place.c.child_id).where(child_clause(scope, chosen, child_place))
    rows = conn.execute(select(table).where(table.c.child_id.in_(children), *where).order_by(table.c.id)).all()
    for block in in_blocks(rows):
        known = read_identities(conn, scope, cipher, day, (row.child_id for row in block))
        for row in block:
            key = f"survey:{row.id}" if table is survey_entry else f"child:{row.child_id}"
            yield row, known.get(row.child_id, {}), lines.get(key, {})


def _filled(said: Mapping[str, str | None], line: Mapping[str, str], who: Mapping[str, object]) -> Values:
    """One row: who, what the tables say, what the line says beyond."""
    return {**who, **said, **line}


def _school_names(conn: Connection) -> dict[str, str]:
    return {row.code: row.name for row in conn.execute(select(school.c.code, school.c.name))}


def iterate_home_teaching(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L3: those taught at home on the as-of day."""
    names, day = _school_names(conn), day_of(chosen)
    taught = placement.c.kind == Movement.HOME_TEACHING.value
    for row, who, line in _of_children(conn, scope, chosen, cipher, "L3", placement, on(placement, day), taught):
        said = says_home_teaching(row._mapping, names.get(row.school_code), cipher.unseal)
        yield _filled(said, line, who)


def iterate_relocated(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L4: the children of relocated families."""
    for row, who, line in _in_group(conn, scope, chosen, cipher, "L4", Group.RELOCATED):
        yield _filled(says_relocated(row._mapping, _text(who, "school"), _text(who, "stage")), line, _no_stage(who))


def _text(who: Mapping[str, object], field: str) -> str | None:
    value = who.get(field)
    return None if value is None else str(value)


def _no_stage(who: Mapping[str, object]) -> dict[str, object]:
    return {field: value for field, value in who.items() if field != "stage"}


def _in_group(
    conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher, code: str, group: Group
) -> Iterator[tuple[Any, dict[str, object], dict[str, str]]]:
    here = (on(group_spell, day_of(chosen)), group_spell.c.group_name == group.value)
    return _of_children(conn, scope, chosen, cipher, code, group_spell, *here)


def iterate_placements(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L5: the placements of disabled children on the as-of day."""
    names = _school_names(conn)
    for row, who, line in _of_children(conn, scope, chosen, cipher, "L5", placement, on(placement, day_of(chosen))):
        said = says_placement(row._mapping, names.get(row.school_code), cipher.unseal)
        if row.kind == Movement.HOME_TEACHING.value:
            said["resource_teacher"] = None  # the teacher who comes home stands in L3
        yield _filled(said, line, _no_stage(who))


def iterate_civil(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L6: the left-behind by the civil definition."""
    care = _Care(conn, day_of(chosen))
    for row, who, line in _in_group(conn, scope, chosen, cipher, "L6", Group.LEFT_BEHIND_CIVIL):
        helper, content = care.helper(row.child_id)
        said = says_civil(row._mapping, care.guardians(row.child_id), helper, content, _text(who, "stage"), cipher.unseal)
        yield _filled(said, line, _no_stage(who))


def iterate_left_behind(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L7: the left-behind by the education definition."""
    care = _Care(conn, day_of(chosen))
    for row, who, line in _in_group(conn, scope, chosen, cipher, "L7", Group.LEFT_BEHIND_EDUCATION):
        carer, boarding = carer_of(care.guardians(row.child_id)), care.boards(row.child_id)
        said = says_left_behind(row._mapping, carer, care.helper(row.child_id)[0], boarding)
        yield _filled(said, line, _no_stage(who))


class _Care:
    """Guardians, helpers and boarding of children on a day, asked for child by child by index."""

    def __init__(self, conn: Connection, day: date) -> None:
        self.conn, self.day = conn, day

    def guardians(self, child_id: int) -> list[Mapping[Any, Any]]:
        """Those valid on the day, in the order they were recorded."""
        query = select(guardian).where(guardian.c.child_id == child_id, on(guardian, self.day)).order_by(guardian.c.id)
        return [row._mapping for row in self.conn.execute(query)]

    def helper(self, child_id: int) -> tuple[str | None, str | None]:
        """The one at the child's side, and what for; helpers after a return are another duty."""
        query = (
            select(person.c.name, pairing.c.content)
            .join(person, person.c.id == pairing.c.person_id)
            .where(pairing.c.child_id == child_id, on(pairing, self.day), pairing.c.kind != "helper_after_return")
        )
        row = self.conn.execute(query.order_by(pairing.c.id.desc())).first()
        return (row.name, row.content) if row else (None, None)

    def boards(self, child_id: int) -> bool | None:
        """Whether the child lives at its school."""
        spell = enrolment_spell
        here = (spell.c.child_id == child_id, on(spell, self.day), spell.c.graduates_on > self.day)
        query = select(spell.c.boarding).where(*here).order_by(spell.c.valid_from.desc(), spell.c.id.desc())
        row = self.conn.execute(query).first()
        return row.boarding if row else None


def iterate_surveyed(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L17: what household surveys have found in the school year up to the as-of day."""
    day = day_of(chosen)
    since = date(school_year_of(day), 9, 1)
    here = (survey_entry.c.surveyed_on <= day, survey_entry.c.surveyed_on >= since)
    for row, who, line in _of_children(conn, scope, chosen, cipher, "L17", survey_entry, *here):
        yield _filled(says_survey(row._mapping), line, _no_stage(who))
