"""The four aids: due by household and boarding, received by the ledger, on the demo county pupil by pupil."""

from datetime import date

from sqlalchemy import Engine, select

from data_access.aids import count_aids
from data_access.schema import aid, child_place, enrolment_spell, group_spell
from data_access.scoped import on
from domain.case_filter import CaseFilter, resolve
from domain.groups import Aid, Group, missing_aids
from domain.scope import Role, Scope

TODAY = date(2026, 11, 20)
OFFICIAL = Scope("official", Role.COUNTY, ("350430",))


def test_what_is_missing_is_missing_for_a_pupil(demo_engine: Engine) -> None:
    with demo_engine.connect() as conn:
        rates = count_aids(conn, OFFICIAL, resolve(CaseFilter(), TODAY, {}))
        spells = select(group_spell.c.child_id).where(group_spell.c.group_name == "poor", on(group_spell, TODAY))
        poor = set(conn.execute(spells).scalars())
        pupils = select(child_place.c.child_id).where(on(child_place, TODAY), child_place.c.school_code.is_not(None))
        poor &= set(conn.execute(pupils).scalars())
        spells = select(enrolment_spell.c.child_id).where(on(enrolment_spell, TODAY), enrolment_spell.c.boarding)
        boarders = set(conn.execute(spells).scalars())
        ticks: dict[int, set[Aid]] = {}
        for row in conn.execute(select(aid).where(on(aid, TODAY))):
            ticks.setdefault(row.child_id, set()).add(Aid(row.kind))
    missing = [one for child_id in poor for one in missing_aids([Group.POOR], child_id in boarders, ticks.get(child_id, ()))]
    assert {one: rate.denominator - rate.numerator for one, rate in rates.items()} == {one: missing.count(one) for one in Aid}
    assert rates[Aid.TUITION_WAIVER].denominator == len(poor) > 500
    assert len(missing) > 0
