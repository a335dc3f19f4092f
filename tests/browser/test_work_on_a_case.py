"""A visit is recorded on a phone from the list to the message; two browsers that send one visit end with one row; the small
forms (absence, agreement, survey, register of units) do what they say."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, expect
from sqlalchemy import Engine, func, select

from data_access.audit import open_audit
from data_access.cases import read_cases
from data_access.employers import read_employer
from data_access.engine import open_engine
from data_access.schema import (
    absence_day,
    audit_event,
    child_place,
    document,
    enrolment_spell,
    group_spell,
    home_visit,
    unit_record,
)
from data_access.scoped import on
from domain.case_filter import CaseFilter, resolve
from domain.cases import CaseStatus
from domain.scope import Role, Scope
from domain.terms import say
from tests.browser.conftest import IDLE, IDLE_MS, ROOT, end_group, free_port, wait_healthy
from tests.browser.screen import click_row, table_of
from tests.browser.test_phone import FITS
from tests.data_access.test_case_owners import TODAY

pytestmark = pytest.mark.browser
OFFICIAL = Scope("official", Role.COUNTY, ("350430",))
PROMISED = say("visitresult.promised")
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def work_url(sqlite_store: Any, demo_of: Callable[[Any], str]) -> str:
    """A demo county of one's own: what is recorded here must not change what other tests count."""
    url: str = sqlite_store.create(like=demo_of(sqlite_store))
    return url


@pytest.fixture(scope="module")
def work_server(work_url: str, key_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app on it."""
    port, log = free_port(), tmp_path_factory.mktemp("work") / "app.log"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = os.environ | {"DATABASE_URL": work_url, "KONGCHUO_KEY_FILE": str(key_file)}
    with log.open("wb") as out:
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": out}
        app = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **streams)
    try:
        wait_healthy(app, port, log)
        yield f"http://localhost:{port}"
    finally:
        end_group(app)


@pytest.fixture(scope="module")
def engine_of(work_url: str) -> Iterator[Engine]:
    opened = open_engine(work_url)
    yield opened
    opened.dispose()


def settle(page: Page) -> None:
    page.wait_for_function(IDLE, timeout=IDLE_MS)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def count_visits(engine: Engine, case_id: int) -> int:
    with engine.connect() as conn:
        return conn.execute(select(func.count()).select_from(home_visit).where(home_visit.c.case_id == case_id)).scalar_one()


def open_form(page: Page, name: str) -> None:
    page.get_by_role("button", name=say(f"work.{name}")).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def fill_visit(page: Page, who: str) -> None:
    form = page.get_by_role("dialog")
    form.get_by_label(say("work.other_name")).fill(who)
    form.get_by_label(say("work.content")).fill("讲明义务教育法规定")
    chosen, option = form.get_by_role("combobox", name=say("work.result")), page.get_by_role("option", name=PROMISED, exact=True)
    for _ in range(3):  # by keyboard: a click may fall while the window still scrolls; the first key may fall before it is drawn
        chosen.press("ArrowDown")
        try:
            option.click(timeout=5_000)
            return
        except TimeoutError:
            continue
    option.click()


def save(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name=say("work.save")).click()


def test_a_visit_is_recorded_on_a_phone_from_the_list_to_the_message(page: Page, work_server: str, engine_of: Engine) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{work_server}/cases?overdue=1&status=dropout")
    settle(page)
    with engine_of.connect() as conn:
        chosen = resolve(CaseFilter(overdue=True, statuses=(CaseStatus.DROPOUT,)), TODAY, {})
        case = read_cases(conn, OFFICIAL, chosen)[0]
    before = count_visits(engine_of, case.case_id)
    click_row(page, table_of(page, say("column.child_name")), 0)
    open_form(page, "visit")
    assert page.evaluate(FITS)
    save(page)
    expect(page.get_by_role("dialog").get_by_text(say("record.nobody_came"))).to_be_visible()
    fill_visit(page, "村干部甲")
    save(page)
    said = page.get_by_test_id("stAlertContentSuccess")
    expect(said).to_contain_text(say("work.saved.visit"))
    expect(said).to_contain_text("下一步")
    assert count_visits(engine_of, case.case_id) == before + 1
    with open_audit(engine_of).connect() as conn:
        acts = list(conn.execute(select(audit_event.c.act)).scalars())
    assert acts.count("visit.record") == 1
    page.goto(f"{work_server}/child_file?child={case.child_id}")
    settle(page)
    open_form(page, "mend")
    page.get_by_role("dialog").get_by_label(say("work.mend_why")).fill("走访人写错")
    fill_visit(page, "村干部丙")
    save(page)
    expect(said).to_contain_text(say("work.saved.mend"))
    assert count_visits(engine_of, case.case_id) == before + 2  # the wrong one stays


def test_two_browsers_that_send_one_visit_at_once_end_with_one_row_and_a_clear_message(
    browser: Browser, context: BrowserContext, work_server: str, engine_of: Engine
) -> None:
    with engine_of.connect() as conn:
        chosen = resolve(CaseFilter(statuses=(CaseStatus.SUSPECTED,)), TODAY, {})
        case = read_cases(conn, OFFICIAL, chosen)[0]
    before = count_visits(engine_of, case.case_id)
    other = browser.new_context(viewport=PHONE, locale="zh-CN")
    pages = [context.new_page(), other.new_page()]
    for page in pages:
        page.goto(f"{work_server}/child_file?child={case.child_id}")
        settle(page)
        open_form(page, "visit")
        fill_visit(page, "村干部乙")
    for page in pages:  # both are filled in before either is sent
        save(page)
    for page in pages:
        expect(page.get_by_text(say("work.saved.visit")).or_(page.get_by_text("没有重复写入"))).to_be_visible()
    told = [page.get_by_text(say("work.saved.visit")).count() for page in pages]
    assert sorted(told) == [0, 1]
    assert count_visits(engine_of, case.case_id) == before + 1
    other.close()


def scalar(engine: Engine, query: Any) -> Any:
    with engine.connect() as conn:
        return conn.execute(query).scalar()


def open_button(page: Page, words: str) -> Any:
    page.get_by_role("button", name=say(words)).first.click()
    form = page.get_by_role("dialog")
    expect(form).to_be_visible()
    return form


def test_the_half_hour_is_written_down_on_a_phone_and_stands_when_the_form_is_opened_again(
    page: Page, work_server: str, engine_of: Engine
) -> None:
    with engine_of.connect() as conn:
        case = read_cases(conn, OFFICIAL, resolve(CaseFilter(statuses=(CaseStatus.AT_RISK,)), TODAY, {}))[0]
    page.set_viewport_size(PHONE)
    page.goto(f"{work_server}/child_file?child={case.child_id}")
    settle(page)
    form = open_button(page, "absence.open")
    assert page.evaluate(FITS)
    form.get_by_label(say("absence.noticed")).fill("0:00")
    form.get_by_label(say("absence.contacted")).fill("25:61")
    save(page)
    expect(form.get_by_test_id("stAlertContentError")).to_be_visible()  # said in the window, with everything still filled in
    form.get_by_label(say("absence.contacted")).fill("0:01")
    save(page)
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text(say("absence.saved"))
    mine = absence_day.c.child_id == case.child_id
    kept = scalar(engine_of, select(absence_day.c.contacted_at).where(mine, absence_day.c.on_date == TODAY))
    assert (kept.hour, kept.minute) == (0, 1)
    expect(open_button(page, "absence.open").get_by_text(say("absence.stands"))).to_be_visible()


def test_an_agreement_takes_a_pupil_out_of_the_assessment_and_its_end_brings_it_back(
    page: Page, work_server: str, engine_of: Engine
) -> None:
    disabled = (group_spell.c.group_name == "disabled", on(group_spell, TODAY), on(child_place, TODAY))
    pupils = select(group_spell.c.child_id).join(child_place, child_place.c.child_id == group_spell.c.child_id)
    assessed = enrolment_spell.c.assessed.is_(True) & on(enrolment_spell, TODAY) & (enrolment_spell.c.graduates_on > TODAY)
    pupils = pupils.where(*disabled, group_spell.c.child_id.in_(select(enrolment_spell.c.child_id).where(assessed)))
    child = scalar(engine_of, pupils.order_by(group_spell.c.child_id))
    held = select(func.count()).select_from(enrolment_spell).where(assessed, enrolment_spell.c.child_id == child)
    said = page.get_by_test_id("stAlertContentSuccess")
    page.goto(f"{work_server}/child_file?child={child}")
    settle(page)
    open_button(page, "agreement.record")
    save(page)
    expect(said).to_contain_text(say("agreement.saved"))
    assert scalar(engine_of, held) == 0
    form = open_button(page, "agreement.end")
    save(page)
    expect(form.get_by_test_id("stAlertContentError")).to_be_visible()  # an end without a reason
    form.get_by_label(say("work.reason")).fill("监护人要求")
    save(page)
    expect(said).to_contain_text(say("agreement.ended"))
    assert scalar(engine_of, held) == 1


def test_the_day_of_a_survey_is_recorded_among_the_classes_of_a_school(page: Page, work_server: str, engine_of: Engine) -> None:
    school = scalar(engine_of, select(child_place.c.school_code).where(on(child_place, TODAY), child_place.c.stage == "junior"))
    page.goto(f"{work_server}/schools?school={school}&stage=junior")
    settle(page)
    click_row(page, table_of(page, say("column.school_name")), 0)
    page.get_by_role("tab", name=say("schools.tab.classes")).click()
    expect(page.get_by_text(say("survey.none"))).to_be_visible()
    page.get_by_role("button", name=say("survey.record")).click()
    page.get_by_role("button", name=say("work.save"), exact=True).click()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text(say("survey.saved"))
    survey = (document.c.kind == "anonymous_survey", document.c.unit_code == school, document.c.issued_on == TODAY)
    assert scalar(engine_of, select(func.count()).select_from(document).where(*survey)) == 1


def test_an_employer_and_a_talk_with_a_school_are_written_down(page: Page, work_server: str, engine_of: Engine) -> None:
    with engine_of.connect() as conn:
        case = read_cases(conn, OFFICIAL, resolve(CaseFilter(statuses=(CaseStatus.PERSUASION,)), TODAY, {}))[0]
    said = page.get_by_test_id("stAlertContentSuccess")
    page.goto(f"{work_server}/child_file?child={case.child_id}")
    settle(page)
    form = open_button(page, "work.employer")
    form.get_by_label(say("work.employer_name")).fill("某某制衣厂")
    save(page)
    expect(said).to_contain_text(say("work.saved.employer"))
    with engine_of.connect() as conn:
        found = read_employer(conn, case.case_id)
    assert found is not None
    assert (found.name, found.referred_on) == ("某某制衣厂", None)
    page.goto(f"{work_server}/supervision")
    settle(page)
    page.get_by_role("button", name=say("unit_records.add"), exact=True).click()
    form = page.get_by_role("dialog")
    form.get_by_label(say("column.document_no")).fill("建教督〔2026〕1号")
    save(page)
    expect(said).to_contain_text(say("unit_records.saved"))
    assert scalar(engine_of, select(unit_record.c.number).order_by(unit_record.c.id.desc())) == "建教督〔2026〕1号"
