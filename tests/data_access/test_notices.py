"""Supervision notices: one an open case and month whoever runs it, a board that counts what its lists show, steps in order."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, insert, select, update

from data_access import audit
from data_access.__main__ import commands
from data_access.derive import Touched
from data_access.notice_run import run_month
from data_access.notice_steps import record_step
from data_access.notices import NoticePart, NoticeRow, count_by_town, count_notices, iterate_notices, read_steps
from data_access.schema import app_state, audit_event, case_file, notice, setting
from data_access.walls import open_scoped
from data_access.writing import write
from domain.case_filter import CaseFilter, resolve
from domain.errors import ProblemError, ScopeError
from domain.notices import NoticeState, NoticeStep
from domain.scope import Role, Scope
from tests.pages.tiny_county import COUNTY, OPEN_CASES, TODAY, TOWNS, write_tiny_county

OFFICIAL = Scope("official", Role.COUNTY, (COUNTY,))
SCHOOL = Scope("school", Role.SCHOOL, schools=("3135000002",))
OTHER_SCHOOL = Scope("other", Role.SCHOOL, schools=("2135000003",))


@pytest.fixture(autouse=True)
def anchors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONGCHUO_ANCHORS", str(tmp_path / "anchors.txt"))


@pytest.fixture
def county(engine: Engine) -> Engine:
    write_tiny_county(engine)
    return engine


def set_limit(engine: Engine, days: int) -> None:
    told = {"county_code": COUNTY, "name": "notice.working_days", "value": json.dumps(days), "valid_from": date(2026, 1, 1)}
    with engine.begin() as conn:
        conn.execute(insert(setting).values(**told))


def set_today(engine: Engine, day: date) -> None:
    with engine.begin() as conn:
        conn.execute(update(app_state).where(app_state.c.name == "business_date").values(value=day.isoformat()))


def rows(engine: Engine, day: date = TODAY, state: NoticeState | None = None, scope: Scope = OFFICIAL) -> list[NoticeRow]:
    with open_scoped(engine, scope) as conn:
        part, chosen = NoticePart(state or NoticePart.ALL), resolve(CaseFilter(), day, {})
        return list(iterate_notices(conn, scope, chosen, part=part, limit=None))


def counts(engine: Engine, day: date = TODAY) -> dict[NoticeState, int]:
    with open_scoped(engine, OFFICIAL) as conn:
        return count_notices(conn, OFFICIAL, resolve(CaseFilter(), day, {}))


def test_every_open_case_gets_one_notice_a_month_however_often_it_is_run(county: Engine) -> None:
    first, again = run_month(county, OFFICIAL, COUNTY), run_month(county, OFFICIAL, COUNTY, "2026-11")
    assert (first.issued, first.kept) == (OPEN_CASES, 0)
    assert (again.issued, again.kept) == (0, OPEN_CASES)
    assert [row.number for row in sorted(rows(county), key=lambda row: row.notice_id)] == [
        f"督〔2026〕{n}号" for n in range(1, 7)
    ]
    set_today(county, date(2026, 12, 1))
    assert run_month(county, OFFICIAL, COUNTY).issued == OPEN_CASES


def test_four_who_run_at_once_issue_each_notice_once(county: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: run_month(county, OFFICIAL, COUNTY), range(4)))
    assert sorted(run.issued for run in runs) == [0, 0, 0, OPEN_CASES]
    with county.connect() as conn:
        per_case = select(func.count()).select_from(notice).group_by(notice.c.case_id)
        assert set(conn.execute(per_case).scalars()) == {1}
        assert len(set(conn.execute(select(notice.c.serial)).scalars())) == OPEN_CASES


def test_an_unset_limit_gives_no_due_day_and_a_set_one_working_days(county: Engine) -> None:
    assert run_month(county, OFFICIAL, COUNTY).due_on is None
    assert counts(county, date(2027, 3, 1)) == {**dict.fromkeys(NoticeState, 0), NoticeState.OPEN: OPEN_CASES}
    set_limit(county, 5)
    set_today(county, date(2026, 12, 1))
    assert run_month(county, OFFICIAL, COUNTY).due_on == date(2026, 12, 8)


def test_a_notice_names_no_child(county: Engine) -> None:
    run_month(county, OFFICIAL, COUNTY)
    assert not [row for row in rows(county) if "测试" in f"{row.matter}{row.requirement}{row.number}{row.owner}"]


@pytest.mark.parametrize("offset", range(-2, 16))
def test_the_board_counts_what_its_lists_show(county: Engine, offset: int) -> None:
    set_limit(county, 7)
    run_month(county, OFFICIAL, COUNTY)
    first = min(row.notice_id for row in rows(county))
    for step, user in ((NoticeStep.REPLIED, SCHOOL), (NoticeStep.PASSED, OFFICIAL), (NoticeStep.CLOSED, OFFICIAL)):
        record_step(county, user, first, step, "已上门", TODAY)
    day = TODAY + timedelta(days=offset)
    board = counts(county, day)
    assert board == {state: len(rows(county, day, state)) for state in NoticeState}
    assert {row.state: None for state in NoticeState for row in rows(county, day, state) if row.state is not state} == {}
    with open_scoped(county, OFFICIAL) as conn:
        towns = count_by_town(conn, OFFICIAL, resolve(CaseFilter(), day, {}))
    assert sum(towns.values()) == sum(board.values()) == (OPEN_CASES if offset >= 0 else 0)
    assert {town for town, _ in towns} <= {"", *TOWNS}


def test_a_notice_goes_through_reply_return_reply_pass_and_close(county: Engine) -> None:
    run_month(county, OFFICIAL, COUNTY)
    one = rows(county)[0].notice_id
    steps = [(SCHOOL, NoticeStep.REPLIED), (OFFICIAL, NoticeStep.RETURNED), (SCHOOL, NoticeStep.REPLIED),
             (OFFICIAL, NoticeStep.PASSED), (OFFICIAL, NoticeStep.CLOSED)]  # fmt: skip
    for user, step in steps:
        record_step(county, user, one, step, "已上门，家长承诺下周一返校", TODAY)
    with open_scoped(county, SCHOOL) as conn:
        done = read_steps(conn, SCHOOL, resolve(CaseFilter(), TODAY, {}), one)
    assert [step.kind for step in done] == [step.value for _, step in steps]
    assert counts(county)[NoticeState.CLOSED] == 1
    with audit.open_audit(county).connect() as conn:
        acts = list(conn.execute(select(audit_event.c.act).where(audit_event.c.row_ids == str(one))).scalars())
    assert acts == ["notice_replied", "notice_returned", "notice_replied", "notice_passed", "notice_closed"]


def test_a_reply_that_came_with_a_ledger_is_a_step_without_who(county: Engine) -> None:
    run_month(county, OFFICIAL, COUNTY)
    one = rows(county)[0].notice_id
    with county.begin() as conn:
        conn.execute(update(notice).where(notice.c.id == one).values(replied_on=TODAY, reply="已劝返", closed_on=TODAY))
    with open_scoped(county, SCHOOL) as conn:
        done = read_steps(conn, SCHOOL, resolve(CaseFilter(), TODAY, {}), one)
        before = read_steps(conn, SCHOOL, resolve(CaseFilter(), TODAY - timedelta(days=1), {}), one)
    assert [(step.kind, step.on, step.actor, step.note) for step in done] == [
        (NoticeStep.REPLIED, TODAY, "", "已劝返"),
        (NoticeStep.CLOSED, TODAY, "", None),
    ]
    assert before == []


def test_two_replies_at_once_are_one_and_a_clear_message(county: Engine) -> None:
    run_month(county, OFFICIAL, COUNTY)
    one = rows(county)[0].notice_id

    def reply(_: int) -> str:
        try:
            record_step(county, SCHOOL, one, NoticeStep.REPLIED, "已上门", TODAY)
        except ProblemError as problem:
            return problem.key
        return "in"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(reply, range(2))) == ["in", "notice.illegal_step"]


@pytest.mark.parametrize(
    ("scope", "step", "note", "on", "key"),
    [
        (OTHER_SCHOOL, NoticeStep.REPLIED, "x", TODAY, "notice.not_found"),
        (SCHOOL, NoticeStep.PASSED, "x", TODAY, "notice.county_only"),
        (Scope("i", Role.INSPECTOR, (COUNTY,)), NoticeStep.REPLIED, "x", TODAY, "scope.no_write"),
        (SCHOOL, NoticeStep.REPLIED, " \u200b", TODAY, "notice.empty_reply"),
        (SCHOOL, NoticeStep.REPLIED, "x", TODAY + timedelta(days=1), "notice.in_future"),
        (SCHOOL, NoticeStep.REPLIED, "x", TODAY - timedelta(days=1), "notice.before_last_step"),
        (OFFICIAL, NoticeStep.CLOSED, "x", TODAY, "notice.illegal_step"),
    ],
)
def test_what_must_not_be_is_refused_and_nothing_is_written(  # type: ignore[no-untyped-def]
    county: Engine, scope: Scope, step: NoticeStep, note: str, on: date, key: str
) -> None:
    run_month(county, OFFICIAL, COUNTY)
    one = next(row for row in rows(county) if row.case_id == 2).notice_id
    with pytest.raises(ProblemError) as refused:
        record_step(county, scope, one, step, note, on)
    assert refused.value.key == key
    assert [row.replied_on for row in rows(county) if row.notice_id == one] == [None]


@pytest.mark.parametrize(
    "scope",
    [
        SCHOOL,
        Scope("t", Role.TOWNSHIP, ("350430100",)),
        Scope("p", Role.PREFECTURE, ("3504",)),
        Scope("c", Role.COUNTY, ("350481",)),
    ],
)
def test_the_run_is_the_county_s(county: Engine, scope: Scope) -> None:
    with pytest.raises(ScopeError):
        run_month(county, scope, COUNTY)


@pytest.mark.parametrize(("month", "key"), [("2026-10", "notice.only_this_month"), ("11月", "notice.bad_month")])
def test_only_the_present_month_can_be_run(county: Engine, month: str, key: str) -> None:
    with pytest.raises(ProblemError) as refused:
        run_month(county, OFFICIAL, COUNTY, month)
    assert refused.value.key == key


def test_a_failed_run_issues_nothing(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "record", refuse)
    with pytest.raises(OSError, match="disk full"):
        run_month(county, OFFICIAL, COUNTY)
    assert rows(county) == []


def test_a_notice_is_closed_with_its_case(county: Engine) -> None:
    run_month(county, OFFICIAL, COUNTY)
    with write(county, COUNTY) as conn:
        conn.execute(update(case_file).where(case_file.c.id == 2).values(closed_on=TODAY + timedelta(days=1)))
        Touched(conn, [42]).rebuild()
    assert counts(county)[NoticeState.CLOSED] == 0
    board = counts(county, TODAY + timedelta(days=1))
    assert (board[NoticeState.CLOSED], sum(board.values())) == (1, OPEN_CASES)


def test_the_command_runs_the_month(county: Engine, key_file: Path) -> None:
    env = {"DATABASE_URL": county.url.render_as_string(hide_password=False), "KONGCHUO_KEY_FILE": str(key_file)}
    done = CliRunner().invoke(commands, ["notices", "run", "--month", "2026-11"], env=env)
    assert done.output == f"350430 2026-11: {OPEN_CASES} issued, 0 had one, due 未配置\n"
    refused = CliRunner().invoke(commands, ["notices", "run", "--month", "2026-10"], env=env)
    assert refused.exit_code == 2
    assert "2026-11" in refused.output
