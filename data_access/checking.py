"""Runs the contradiction rules and keeps what they find: new ones open, found again stay, gone ones are mended."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, insert, or_, select, update

from data_access.check_look import Look
from data_access.chunks import among, chunks
from data_access.clashes import Clash, find_clashes, find_in_two, is_much, open_all
from data_access.engine import business_date
from data_access.schema import area, child, child_place, contradiction, school, unit_report
from data_access.secrets import Cipher
from data_access.writing import write, write_state
from domain.check_facts import Answer
from domain.check_list import RULES
from domain.checks import BY_LEDGER, Finished

SETTLED = ("status", "outcome", "explained_by", "explained_on")
CHECKED_ON = "checked_on"  # app_state: the business date of the last run of all rules over everything
Values = dict[str, Any]


@dataclass(frozen=True)
class Checked:
    """What a run did: contradictions found, of them new, and earlier ones that are gone."""

    found: int
    new: int
    mended: int


def check_all(engine: Engine, cipher: Cipher, rules: Collection[str] = ()) -> Checked:
    """Run the rules over everything and keep what they find. Reads first, without a lock; writes in one short transaction."""
    with open_all(engine) as conn:
        look = Look(conn, cipher, business_date(conn))
        found = list(find_clashes(look, rules)) if rules or not is_much(conn) else find_in_two(engine, look)
    return _keep(engine, look, found, rules)


def check_touched(engine: Engine, cipher: Cipher, children: Collection[int], units: Collection[str] = ()) -> Checked:
    """Run all rules again for the children that a write touched, their schools and the schools' towns."""
    with open_all(engine) as conn:
        touched = set(units) | _units_of(conn, children)
        look = Look(conn, cipher, business_date(conn), frozenset(children), frozenset(touched))
        found = list(find_clashes(look))
    return _keep(engine, look, found, ())


def check_batch(engine: Engine, cipher: Cipher, batch_id: int, children: Collection[int]) -> Checked:
    """The same for what an import brought: its children, and the units whose reports it holds."""
    with open_all(engine) as conn:
        units = conn.execute(select(unit_report.c.unit_code).where(unit_report.c.batch_id == batch_id).distinct()).scalars().all()
    return check_touched(engine, cipher, children, units)


def _units_of(conn: Connection, children: Collection[int]) -> set[str]:
    schools: set[str] = set()
    for part in chunks(children):
        here = select(child_place.c.school_code).where(
            among(child_place.c.child_id, part), child_place.c.school_code.is_not(None)
        )
        schools |= set(conn.execute(here.distinct()).scalars())
    towns = select(school.c.town_code).where(school.c.code.in_(sorted(schools)))
    return schools | set(conn.execute(towns).scalars())


def _keep(engine: Engine, look: Look, found: list[Clash], rules: Collection[str]) -> Checked:
    with engine.connect() as conn:
        county = conn.execute(select(area.c.code).where(area.c.level == "county").order_by(area.c.code)).scalar()
    if county is None:
        return Checked(0, 0, 0)
    with write(engine, county) as conn:
        checked = _compare(conn, look, {clash.key: clash for clash in found}, rules)
        if look.children is None and not rules:
            write_state(conn, CHECKED_ON, look.day.isoformat())
    return checked


def _compare(conn: Connection, look: Look, found: dict[tuple[str, str, str], Clash], rules: Collection[str]) -> Checked:
    known = {(row.rule, row.left_key, row.right_key): row for row in _known(conn, look, rules)}
    places = _Places(conn, look.day, found.values())
    fresh = [_row(clash, look.day, places) for key, clash in found.items() if key not in known]
    if fresh:
        conn.execute(insert(contradiction), fresh)
    for key, row in known.items():
        if key in found and (changed := _changes(row, _row(found[key], look.day, places))):
            conn.execute(update(contradiction).where(contradiction.c.id == row.id).values(changed))
    _mark(conn, [row.id for key, row in known.items() if key in found], last_seen=look.day)
    gone = [row.id for key, row in known.items() if key not in found]
    _mark(conn, gone, status=Finished.MENDED.value, mended_on=look.day)
    return Checked(len(found), len(fresh), len(gone))


def _known(conn: Connection, look: Look, rules: Collection[str]) -> Iterator[Any]:
    """The contradictions not mended yet among those that this run can find again."""
    kept = contradiction.c
    query = select(contradiction).where(kept.status != Finished.MENDED.value, kept.rule.in_(list(rules or RULES)))
    if look.children is None:
        yield from conn.execute(query).all()
        return
    seen: set[int] = set()
    for part in chunks(look.children):
        for row in conn.execute(query.where(or_(among(kept.child_id, part), among(kept.other_child_id, part)))).all():
            if row.id not in seen:
                seen.add(row.id)
                yield row
    units = sorted(look.units or ())
    at_unit = or_(kept.school_code.in_(units), kept.home_code.in_(units))
    yield from conn.execute(query.where(kept.child_id.is_(None), at_unit)).all()


def _mark(conn: Connection, ids: list[int], **values: Any) -> None:
    for part in chunks(ids):
        conn.execute(update(contradiction).where(among(contradiction.c.id, part)).values(values))


def _changes(row: Any, values: Values) -> Values:
    """What is other than it was; other figures open an explained contradiction again, for they were not the ones explained.

    What a person explained stands; what a ledger answers follows the ledger.
    """
    place = ("county_code", "home_code", "registered_code", "school_code", "stage", "entry_year")
    figures = ("left_what", "left_value", "right_what", "right_value")
    changed = {name: values[name] for name in (*place, *figures) if values[name] != row._mapping[name]}
    if changed.keys() & set(figures):
        changed |= {"reason": None, **{name: values[name] for name in SETTLED}}
    elif row.status == Finished.OPEN.value or str(row.explained_by).startswith(BY_LEDGER):
        changed |= {name: values[name] for name in SETTLED if values[name] != row._mapping[name]}
    return changed


def _settled(answer: Answer | None) -> Values:
    """Open; or explained, where a ledger says what became of the child."""
    if answer is None:
        return dict.fromkeys(SETTLED) | {"status": Finished.OPEN.value}
    by = f"{BY_LEDGER}{answer.ledger}"
    return dict(zip(SETTLED, (Finished.EXPLAINED.value, answer.outcome.value, by, answer.since), strict=True))


def _row(clash: Clash, day: date, places: "_Places") -> Values:
    return {
        "rule": clash.rule,
        "left_key": clash.left.record,
        "right_key": clash.right.record,
        "left_what": clash.left.what,
        "left_value": clash.left.value[:80],
        "right_what": clash.right.what,
        "right_value": clash.right.value[:80],
        "child_id": clash.child_id,
        "other_child_id": clash.other_id,
        "first_seen": day,
        "last_seen": day,
        **_settled(clash.answer),
        **places.of(clash),
    }


class _Places:
    """Where the children and units of contradictions stand today; a child that has left, where it stood last."""

    NAMES = ("county_code", "home_code", "registered_code", "school_code", "stage", "entry_year")

    def __init__(self, conn: Connection, day: date, clashes: Collection[Clash]) -> None:
        self._schools = {
            row.code: row for row in conn.execute(select(school.c.code, school.c.county_code, school.c.village_code))
        }
        self._children: dict[int, Values] = {}
        for part in chunks({clash.child_id for clash in clashes if clash.child_id is not None}):
            for row in conn.execute(select(child.c.id, child.c.county_code).where(among(child.c.id, part))):
                self._children[row.id] = dict.fromkeys(self.NAMES) | {"county_code": row.county_code}
            there = select(child_place).where(among(child_place.c.child_id, part), child_place.c.valid_from <= day)
            for row in conn.execute(there.order_by(child_place.c.child_id, child_place.c.valid_from)):
                values = {name: row._mapping[name] for name in self.NAMES}
                last_school = self._children[row.child_id]
                if row.school_code is None and row.valid_to <= day:
                    continue
                if row.school_code is None and last_school["school_code"]:
                    values |= {name: last_school[name] for name in ("school_code", "stage", "entry_year")}
                self._children[row.child_id] = values

    def of(self, clash: Clash) -> Values:
        """The place columns of a contradiction."""
        if clash.child_id is not None:
            return self._children[clash.child_id]
        values: Values = dict.fromkeys(self.NAMES)
        if clash.unit in self._schools:
            return values | {"county_code": self._schools[clash.unit].county_code, "school_code": clash.unit}
        return values | {"county_code": (clash.unit or "")[:6], "home_code": clash.unit}
