"""The rosters of three years on the demo county, recounted child by child from the spells; on both engines."""

from collections import Counter

from sqlalchemy import Engine, select

from data_access.roster import LOSING, PROVEN, read_roster, read_without_case
from data_access.schema import case_file, case_interval, child, child_place, loss_spell
from domain.case_filter import CaseFilter, resolve
from domain.roster import Standing, removed_for
from domain.school_year import school_year_of
from domain.scope import Role, Scope
from tests.data_access.test_absence_list import AS_OF

OFFICIAL = Scope("official", Role.COUNTY, ("350430",))
NOW = resolve(CaseFilter(), AS_OF, {})


def test_the_roster_equals_a_recount_and_its_list(demo_engine: Engine) -> None:
    with demo_engine.connect() as conn:
        found = read_roster(conn, OFFICIAL, NOW)
        listed = read_without_case(conn, OFFICIAL, NOW, limit=100_000)
        places = {row.child_id: row for row in conn.execute(select(child_place)) if row.valid_from <= AS_OF < row.valid_to}
        ages = {row.id: row.school_age_to for row in conn.execute(select(child.c.id, child.c.school_age_to))}
        ended = set(conn.execute(select(case_file.c.child_id).where(case_file.c.outcome == "aged_out")).scalars())
        losses = [row for row in conn.execute(select(loss_spell)) if row.valid_from <= AS_OF]
        spans = conn.execute(select(case_interval).where(case_interval.c.status != "closed"))
        cases = {row.child_id for row in spans if row.valid_from <= AS_OF < row.valid_to}
    year = school_year_of(AS_OF)
    roster = {row.child_id for row in losses if row.kind in LOSING and year - 2 <= row.school_year <= year} & set(places)
    now = [row for row in losses if row.valid_to > AS_OF]
    lost, proven = ({row.child_id for row in now if row.kind in kinds} for kinds in (LOSING, PROVEN))
    right = {
        one: removed_for(
            Standing(one in lost, places[one].school_code is not None, one in proven, ages[one] > AS_OF and one not in ended)
        )
        for one in roster
    }
    counts = Counter(right.values())
    assert found.before == len(roster) > found.left == counts.pop(None) > 0
    assert {reason: count for reason, count in found.removed.items() if count} == dict(counts)
    assert found.finding.holds
    assert {row.child_id for row in listed} == {one for one, reason in right.items() if reason is None} - cases
    assert found.without_case == len(listed)
