"""A bureau changes its rules: dated, with its paper, audited; what they move is derived, refusals write nothing."""

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from data_access.audit import open_audit
from data_access.derive import rebuild_all
from data_access.map_source import StoredSource
from data_access.rounds import Need, read_needs
from data_access.schema import audit_event, calendar_day, case_interval, school_count, setting, target
from data_access.schools import read_schools
from data_access.settings import read_calendar, read_family, read_history, read_ladder, read_reporting, read_values
from data_access.settings_write import change_day, change_settings, change_term
from data_access.tables import TABLES
from data_access.targets import end_target, read_target_lines, read_targets, set_targets
from data_access.writing import read_data_version
from domain.bureau_settings import Value
from domain.calendar import DayKind, Term
from domain.case_filter import CaseFilter, resolve
from domain.errors import ProblemError, ScopeError
from domain.grades import Stage
from domain.rate_families import RateFamily
from domain.scope import Role, Scope
from domain.targets import Comparison, Indicator, Level, Target, Verdict

COUNTY, TODAY = "350430", date(2026, 11, 20)
ADMIN, OFFICIAL = Scope("admin", Role.ADMINISTRATOR, (COUNTY,)), Scope("official", Role.COUNTY, (COUNTY,))
PAPER = "建教〔2026〕12号"


def judged(conn: Connection, day: date = TODAY) -> dict[tuple[str, str], Verdict]:
    return {
        (row.school_code, row.stage): row.verdict
        for row in read_schools(conn, OFFICIAL, resolve(CaseFilter(as_of=day), TODAY, {}))
    }


def rows(conn: Connection, table: Any) -> list[Any]:
    return sorted(map(tuple, conn.execute(select(*[column for column in table.columns if column.name != "id"]))), key=repr)


def change(engine: Engine, scope: Scope = ADMIN, *, on: date = TODAY, paper: str = PAPER, **values: Value) -> int:
    told = {name.replace("__", "."): value for name, value in values.items()}
    return change_settings(engine, scope, COUNTY, told, valid_from=on, document=paper)


def set_one(engine: Engine, scope: Scope, county: str, line: Target) -> None:
    set_targets(engine, scope, county, [line])


def junior(value: str, level: Level = Level.COUNTY, unit: str = COUNTY, on: date = TODAY) -> Target:
    share = Fraction(value)
    return Target(level, unit, Stage.JUNIOR, 2026, Indicator.DROPOUT_RATE, Comparison.AT_MOST, share, PAPER, on)


def test_the_formula_changes_every_rate_from_its_day_on_and_no_day_before(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        before, yesterday, version = judged(conn), judged(conn, date(2026, 11, 19)), read_data_version(conn)
    assert change(demo_copy, rate__family=RateFamily.DICTIONARY) == 1
    with demo_copy.connect() as conn:
        assert read_family(conn, COUNTY, TODAY) is RateFamily.DICTIONARY
        assert read_family(conn, COUNTY, date(2026, 11, 19)) is RateFamily.SEED
        assert judged(conn) != before
        assert judged(conn, date(2026, 11, 19)) == yesterday
        assert read_data_version(conn) == version + 1
        told = [
            (line.name, line.value, line.valid_from, line.document, line.set_by) for line in read_history(conn, COUNTY, "rate.")
        ]
    assert told == [("rate.family", RateFamily.DICTIONARY, TODAY, PAPER, "admin")]
    with open_audit(demo_copy).connect() as conn:
        deed = conn.execute(select(audit_event).order_by(audit_event.c.id.desc()).limit(1)).one()
    assert (deed.act, deed.user, deed.county_code, deed.reason) == ("setting.change", "admin", COUNTY, PAPER)
    assert deed.filter == 'rate.family: "seed" -> "dictionary" (2026-11-20)'


def test_a_change_of_the_ladder_derives_the_cases_anew(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        before, losses = rows(conn, case_interval), rows(conn, school_count)
    assert change(demo_copy, OFFICIAL, ladder__rung4__due=3, ladder__dropout_after_school_days=10) == 2
    with demo_copy.begin() as conn:
        after, lost = rows(conn, case_interval), rows(conn, school_count)
        assert read_ladder(conn, COUNTY, TODAY).rungs[3].due_school_days == 3
        assert after != before
        assert lost != losses
        rebuild_all(conn)
        assert (rows(conn, case_interval), rows(conn, school_count)) == (after, lost)


def test_a_day_off_and_a_term_move_the_days_of_absence(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        before, announced = rows(conn, case_interval), conn.execute(select(calendar_day)).all()
    change_day(demo_copy, ADMIN, COUNTY, date(2026, 11, 18), DayKind.HOLIDAY, document="停电")
    with demo_copy.connect() as conn:
        assert not read_calendar(conn, COUNTY).is_school_day(date(2026, 11, 18))
        assert len(conn.execute(select(calendar_day)).all()) == len(announced) + 1
        assert rows(conn, case_interval) != before
    change_day(demo_copy, ADMIN, COUNTY, date(2026, 11, 18), None, document="更正")
    with demo_copy.connect() as conn:
        assert rows(conn, case_interval) == before
        assert [line.value for line in read_history(conn, COUNTY, "calendar.")] == [None, "holiday"]
    change_term(demo_copy, ADMIN, COUNTY, Term(2026, 1, date(2026, 9, 7), date(2027, 1, 20)), document=PAPER)
    with demo_copy.connect() as conn:
        assert not read_calendar(conn, COUNTY).is_school_day(date(2026, 9, 2))


def test_a_change_dated_later_stays_where_it_is(demo_copy: Engine) -> None:
    change(demo_copy, on=date(2027, 2, 1), report__dropout_form_days=3)
    change(demo_copy, on=TODAY, report__dropout_form_days=5)
    change(demo_copy, on=TODAY, report__dropout_form_days=7)
    days = (date(2026, 11, 19), TODAY, date(2027, 1, 31), date(2027, 2, 1))
    with demo_copy.connect() as conn:
        assert [read_reporting(conn, COUNTY, day).dropout_form_days for day in days] == [None, 7, 7, 3]
        assert [(line.value, line.valid_from, line.valid_to) for line in read_history(conn, COUNTY, "report.")] == [
            (7, TODAY, date(2027, 2, 1)),
            (5, TODAY, TODAY),
            (3, date(2027, 2, 1), None),
        ]


def test_setting_the_value_that_is_in_force_changes_nothing(demo_copy: Engine) -> None:
    assert change(demo_copy, rate__family=RateFamily.SEED, pairing__most=3) == 0
    with demo_copy.connect() as conn:
        assert [line.name for line in read_history(conn, COUNTY)] == ["key_units"]  # the demo's own


def test_a_target_is_replaced_from_its_day_and_the_past_keeps_the_old_one(demo_copy: Engine) -> None:
    with demo_copy.connect() as conn:
        before = judged(conn)
    set_one(demo_copy, OFFICIAL, COUNTY, junior("1/2"))
    set_one(demo_copy, OFFICIAL, COUNTY, junior("1/5", Level.PREFECTURE, COUNTY[:4]))
    with demo_copy.connect() as conn:
        kept = {line.unit_code: line.value for line in read_targets(conn, 2026, TODAY) if line.stage == "junior"}
        assert kept[COUNTY] == Fraction(1, 2)
        assert kept[COUNTY[:4]] == Fraction(1, 5)
        was = [
            line for line in read_targets(conn, 2026, date(2026, 11, 19)) if line.unit_code == COUNTY and line.stage == "junior"
        ]
        assert Fraction(8, 1000) in {line.value for line in was}
        after = judged(conn)
        assert sum(verdict is Verdict.MISSED for verdict in after.values()) < sum(
            one is Verdict.MISSED for one in before.values()
        )
        line = read_target_lines(conn, COUNTY)[0]
    end_target(demo_copy, OFFICIAL, COUNTY, line.target_id, ends=date(2026, 12, 1), document=PAPER)
    with demo_copy.connect() as conn:
        assert line.target not in read_targets(conn, 2026, date(2026, 12, 1))
    with pytest.raises(ProblemError, match="no such target"):
        end_target(demo_copy, OFFICIAL, COUNTY, line.target_id, ends=date(2026, 12, 2), document=PAPER)


@pytest.mark.parametrize("role", [Role.PREFECTURE, Role.INSPECTOR, Role.TOWNSHIP, Role.SCHOOL, Role.SCREEN, Role.VILLAGE])
def test_other_roles_change_nothing(engine: Engine, role: Role) -> None:
    with pytest.raises(ScopeError):
        change(engine, Scope("x", role, (COUNTY,)), pairing__most=4)
    with pytest.raises(ScopeError):
        set_one(engine, Scope("x", role, (COUNTY,)), COUNTY, junior("1/100"))
    nothing_written(engine)


@pytest.mark.parametrize("scope", [Scope("x", Role.COUNTY, ("350429",)), Scope("x", Role.COUNTY, ("350430100",))])
def test_nobody_changes_the_rules_of_another_county(engine: Engine, scope: Scope) -> None:
    with pytest.raises(ScopeError):
        change(engine, scope, pairing__most=4)
    nothing_written(engine)


@pytest.mark.parametrize(
    ("values", "on", "paper", "key"),
    [
        ({"pairing__most": 4}, TODAY, "  ", "setting.no_document"),
        ({"pairing__most": 4}, TODAY, "依" * 161, "setting.document_too_long"),
        ({"pairing__most": 4}, date(1926, 1, 1), PAPER, "setting.day_out_of_range"),
        ({"pairing__most": 1}, TODAY, PAPER, "setting.pairing_backwards"),
        ({"ladder__rung1__starts": 3, "pairing__most": 4}, TODAY, PAPER, "ladder.rungs_out_of_order"),
        ({"pairing__least": 1}, TODAY, PAPER, "setting.unknown"),
        ({"listing__junior": 1}, TODAY, PAPER, "setting.value"),
    ],
)
def test_a_change_that_cannot_stand_writes_nothing(
    engine: Engine, values: dict[str, Any], on: date, paper: str, key: str
) -> None:
    with pytest.raises(ProblemError) as refused:
        change(engine, on=on, paper=paper, **values)
    assert refused.value.key == key
    nothing_written(engine)


@pytest.mark.parametrize(
    ("level", "unit", "value", "key"),
    [
        (Level.TOWN, COUNTY, "1/100", "target.unit_does_not_fit"),
        (Level.TOWN, "350429100", "1/100", "target.unit_does_not_fit"),
        (Level.COUNTY, COUNTY, "2", "target.not_a_share"),
        (Level.COUNTY, COUNTY, "1/10000001", "target.not_a_share"),
        (Level.SCHOOL, "3135000001", "1/100", "target.unit_unknown"),
    ],
)
def test_a_target_that_cannot_stand_writes_nothing(engine: Engine, level: Level, unit: str, value: str, key: str) -> None:
    with pytest.raises(ProblemError) as refused:
        set_one(engine, ADMIN, COUNTY, junior(value, level, unit))
    assert refused.value.key == key
    nothing_written(engine)


def test_terms_that_overlap_are_refused(engine: Engine) -> None:
    change_term(engine, ADMIN, COUNTY, Term(2026, 1, date(2026, 9, 1), date(2027, 1, 20)), document=PAPER)
    with pytest.raises(ProblemError):
        change_term(engine, ADMIN, COUNTY, Term(2026, 2, date(2027, 1, 20), date(2027, 7, 1)), document=PAPER)
    with pytest.raises(ProblemError):
        change_term(engine, ADMIN, COUNTY, Term(2030, 2, date(2027, 2, 20), date(2027, 7, 1)), document=PAPER)
    with engine.connect() as conn:
        assert len(read_calendar(conn, COUNTY).terms) == 1
        assert len(read_history(conn, COUNTY)) == 1


def nothing_written(engine: Engine) -> None:
    with engine.connect() as conn:
        assert conn.execute(select(setting)).all() == []
        assert conn.execute(select(target)).all() == []
        assert read_values(conn, COUNTY, TODAY) == {}
        assert read_data_version(conn) == 0


@pytest.mark.parametrize("family", [RateFamily.DICTIONARY, RateFamily.TWO_BASICS])
def test_one_formula_rules_table_map_export_and_rounds(demo_copy: Engine, family: RateFamily) -> None:
    with demo_copy.connect() as conn:
        before = judged(conn)
    change(demo_copy, rate__family=family)
    now = resolve(CaseFilter(), TODAY, {})
    with demo_copy.connect() as conn:
        verdicts = judged(conn)
        exported = TABLES["schools"]
        columns = [exported.fields.index(name) for name in ("school_code", "stage", "verdict")]
        assert {(row[a], row[b]): row[c] for row in exported.rows(conn, OFFICIAL, now, "") for a, b, c in [columns]} == verdicts
        on_map = Counter(StoredSource(conn, OFFICIAL, lambda *_: None).verdicts(now))
        assert on_map == Counter((code, verdict) for (code, _), verdict in verdicts.items())
        missed = {need.school_code for need in read_needs(conn, OFFICIAL, now) if Need.TARGET_MISSED in dict(need.needs)}
        assert missed == {code for (code, _), verdict in verdicts.items() if verdict is Verdict.MISSED}
    assert verdicts != before
