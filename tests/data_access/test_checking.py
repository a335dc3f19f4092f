"""What a run keeps: new, found again, explained, mended, back; who may explain what; and a second look at what was touched."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update

from data_access import schema
from data_access.audit import open_audit
from data_access.checking import Checked, check_all, check_touched
from data_access.contradictions import (
    ContradictionRow,
    Which,
    count_by_rule,
    count_contradictions,
    count_open_by_school,
    read_contradictions,
    read_trend,
)
from data_access.derive import rebuild_all
from data_access.engine import business_date
from data_access.explaining import explain, take_back
from data_access.reports_due import read_dues, read_missing
from data_access.secrets import Cipher
from data_access.walls import open_scoped
from data_access.writing import write, write_state
from domain.case_filter import CaseFilter, resolve
from domain.checks import Finished, Ground, Verified
from domain.errors import ProblemError, ScopeError
from domain.scope import Role, Scope
from tests.data_access.bad_kinds import files_and_lists, numbers
from tests.data_access.bad_rows import COUNTY, PRIMARY, TODAY, TOWN, BadRows

BUREAU = Scope("bureau", Role.COUNTY, (COUNTY,))
SCHOOL = Scope("school", Role.SCHOOL, (), (PRIMARY,))
OTHER = Scope("other", Role.SCHOOL, (), ("3135000002",))
TOWN_HALL = Scope("town", Role.TOWNSHIP, (TOWN,))
ALL = Which(status=None)


@pytest.fixture
def world(engine: Engine, cipher: Cipher) -> Engine:
    """A county with wrong numbers and open lists, checked once."""
    with write(engine, COUNTY, role=None) as conn:
        write_state(conn, "business_date", TODAY.isoformat())
        rows = BadRows(conn, cipher)
        numbers(rows)
        files_and_lists(rows)
        rows.close_classes()
        rebuild_all(conn)
    check_all(engine, cipher)
    return engine


def read(engine: Engine, which: Which = ALL, scope: Scope = BUREAU) -> list[ContradictionRow]:
    with open_scoped(engine, scope) as conn:
        return read_contradictions(conn, scope, resolve(CaseFilter(), business_date(conn), {}), which, limit=None)


def ask(engine: Engine, question: Callable[..., Any], *more: Any, scope: Scope = BUREAU, **named: Any) -> Any:
    with open_scoped(engine, scope) as conn:
        return question(conn, scope, resolve(CaseFilter(), business_date(conn), {}), *more, **named)


def of(engine: Engine, rule: str, scope: Scope = BUREAU) -> ContradictionRow:
    return next(row for row in read(engine, Which(rules=(rule,), status=None), scope) if row.status is not Finished.MENDED)


def change(engine: Engine, child_id: int | None, **values: Any) -> None:
    with write(engine, COUNTY) as conn:
        conn.execute(update(schema.child).where(schema.child.c.id == child_id).values(values))


def wait(engine: Engine, days: int) -> None:
    with write(engine, COUNTY) as conn:
        write_state(conn, "business_date", (TODAY + timedelta(days=days)).isoformat())


def test_a_contradiction_lives_from_found_to_mended_and_comes_back_as_another(world: Engine, cipher: Cipher) -> None:
    found = of(world, "sex_not_of_id")
    wait(world, 3)
    assert check_all(world, cipher, ["sex_not_of_id"]) == Checked(1, 0, 0)
    again = of(world, "sex_not_of_id")
    assert (again.number, again.first_seen, again.last_seen, again.age) == (found.number, TODAY, TODAY + timedelta(days=3), 3)
    right = {"male": "female", "female": "male"}[found.left.value]
    change(world, found.child_id, sex=right)
    assert check_all(world, cipher, ["sex_not_of_id"]) == Checked(0, 0, 1)
    (mended,) = read(world, Which(rules=("sex_not_of_id",), status=Finished.MENDED))
    assert (mended.number, mended.mended_on, mended.age) == (found.number, TODAY + timedelta(days=3), 3)
    change(world, found.child_id, sex=found.left.value)
    wait(world, 5)
    assert check_all(world, cipher, ["sex_not_of_id"]) == Checked(1, 1, 0)
    assert of(world, "sex_not_of_id").first_seen == TODAY + timedelta(days=5)


def test_a_run_of_one_rule_leaves_the_others_alone(world: Engine, cipher: Cipher) -> None:
    before = ask(world, count_contradictions, ALL)
    assert check_all(world, cipher, ["expelled"]) == Checked(0, 0, 0)
    assert ask(world, count_contradictions, Which()) == before


def test_an_explanation_holds_until_the_figures_change(world: Engine, cipher: Cipher) -> None:
    row = of(world, "birth_not_of_id")
    explain(world, SCHOOL, row.number, "  户口簿为准 ")
    check_all(world, cipher)
    said = of(world, "birth_not_of_id", SCHOOL)
    explained = next(one for one in read(world, Which(status=Finished.EXPLAINED)) if one.number == row.number)
    assert (explained.explained_by, explained.explained_on, explained.reason) == ("school", TODAY, "（已隐藏）")
    assert next(one for one in read(world, Which(status=None), SCHOOL) if one.number == row.number).reason == "户口簿为准"
    assert said
    change(world, row.child_id, birth_date=date(2012, 1, 1))
    check_all(world, cipher)
    opened = next(one for one in read(world) if one.number == row.number)
    assert (opened.status, opened.reason, opened.left.value) == (Finished.OPEN, None, "2012-01-01")


def test_who_may_explain_what(world: Engine) -> None:
    row, listed = of(world, "sex_not_of_id"), of(world, "poor_dropout")
    for scope, problem in ((OTHER, "check.not_yours"), (SCHOOL, "")):
        if problem:
            with pytest.raises(ProblemError, match="outside your area"):
                explain(world, scope, row.number, "x")
        else:
            explain(world, scope, row.number, "x")
    for scope in (Scope("p", Role.PREFECTURE, (COUNTY[:4],)), Scope("i", Role.INSPECTOR, (COUNTY,), until=date(2027, 1, 1))):
        with pytest.raises(ScopeError):
            explain(world, scope, row.number, "x")
    with pytest.raises(ProblemError, match="Say why"):
        explain(world, SCHOOL, row.number, "   ")
    with pytest.raises(ProblemError, match="what became"):
        explain(world, TOWN_HALL, listed.number, "x")
    explain(world, TOWN_HALL, listed.number, "在外地", Verified.AT_SCHOOL_ELSEWHERE)
    assert of(world, "poor_dropout").outcome == "at_school_elsewhere"
    take_back(world, BUREAU, listed.number)
    assert of(world, "poor_dropout").status is Finished.OPEN
    with open_audit(world).connect() as conn:
        acts = conn.execute(select(schema.audit_event.c.act, schema.audit_event.c.user)).all()
    assert [tuple(act) for act in acts if act.act.startswith("explain")] == [
        ("explain", "school"),
        ("explain", "town"),
        ("explain_back", "bureau"),
    ]


def test_what_is_mended_needs_no_explanation(world: Engine, cipher: Cipher) -> None:
    row = of(world, "sex_not_of_id")
    change(world, row.child_id, sex=None)
    check_all(world, cipher)
    with pytest.raises(ProblemError, match="mended already"):
        explain(world, BUREAU, row.number, "x")


def test_a_school_sees_its_own_and_names_are_masked_for_the_bureau(world: Engine) -> None:
    everything, own = read(world), read(world, scope=SCHOOL)
    assert {row.number for row in own} < {row.number for row in everything}
    assert all(row.school_code == PRIMARY or row.child_id for row in own)
    assert all("*" in (row.child_name or "*") for row in everything)
    assert not any("*" in (row.child_name or "") for row in own)
    with pytest.raises(ScopeError):
        read(world, scope=Scope("s", Role.SCREEN, (COUNTY,)))


def test_counts_agree_with_the_lists(world: Engine) -> None:
    rows = read(world)
    counts = ask(world, count_by_rule)
    assert {one.rule.code: one.open for one in counts if one.open} == {
        code: sum(row.rule.code == code for row in rows) for code in {row.rule.code for row in rows}
    }
    lists = ask(world, count_by_rule, lists=True)
    assert all(one.rule.ground is Ground.LISTS for one in lists)
    assert sum(one.open for one in lists) == ask(world, count_contradictions, Which(lists=True)) > 0
    by_school = ask(world, count_open_by_school)
    assert by_school[PRIMARY][1] == sum(row.school_code == PRIMARY for row in rows)
    assert [row.rule.severity.value for row in rows] == sorted(row.rule.severity.value for row in rows)


def test_the_trend_is_read_from_the_spans(world: Engine, cipher: Cipher) -> None:
    errors = sum(row.rule.severity.value == "error" for row in read(world, Which(lists=False)))
    wait(world, 7)
    change(world, of(world, "sex_not_of_id").child_id, sex=None)
    check_all(world, cipher)
    trend = ask(world, read_trend)
    assert [day for day, *_ in trend][-2:] == [TODAY, TODAY + timedelta(days=7)]
    assert trend[-2][1] == errors
    assert trend[0][1:] == (0, 0)
    listed = [row.rule.severity.value == "error" for row in read(world, Which(lists=False))]
    assert trend[-1][1:] == (sum(listed), len(listed) - sum(listed))  # what the tiles above it count


def test_a_second_look_at_what_was_touched_equals_a_full_run(world: Engine, cipher: Cipher) -> None:
    row, other = of(world, "sex_not_of_id"), of(world, "id_unreadable")
    change(world, row.child_id, sex=None)
    change(world, other.child_id, sex="male" if other.child_id else None)
    assert row.child_id
    assert other.child_id
    partly = check_touched(world, cipher, [row.child_id, other.child_id])
    assert partly.mended >= 1
    kept = schema.contradiction.c
    with open_scoped(world, BUREAU) as conn:
        state = conn.execute(select(kept.rule, kept.left_key, kept.status).order_by(kept.id)).all()
    assert check_all(world, cipher).new == 0
    with open_scoped(world, BUREAU) as conn:
        assert conn.execute(select(kept.rule, kept.left_key, kept.status).order_by(kept.id)).all() == state
        assert conn.execute(select(func.count()).select_from(schema.contradiction)).scalar_one() == len(state)


def test_who_has_not_reported(world: Engine) -> None:
    dues, missing = ask(world, read_dues), ask(world, read_missing)
    monthly = next(one for one in dues if one.due.duty == "key_unit_report")
    assert (monthly.owing, monthly.handed_in, monthly.zero, monthly.missing) == (2, 1, 1, 1)
    assert [one.duty for one in missing] == ["key_unit_report"]
    assert missing[0].days_late == (TODAY - monthly.due.due).days
    assert next(one for one in dues if one.due.duty == "weekly_report").missing is None
