"""What is on one person this week: chosen by name, listed, empty with praise; kept views stay with their user."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, func, select, update

from data_access.engine import business_date, open_engine
from data_access.saved_views import drop_view, list_views, save_view
from data_access.schema import case_interval, person
from data_access.walls import open_scoped
from data_access.worklist import end_of_week
from data_access.worklist_print import _document
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.scope import Role, Scope
from domain.terms import LANGS, Lang, say
from domain.view_state import ViewState
from tests.pages.conftest import OpenPage, assert_ordinary, texts
from tests.pages.tiny_county import VILLAGES


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_person_everybody_is_listed_with_what_is_on_them(open_page: OpenPage, tiny_url: str, lang: Lang) -> None:
    at = open_page("worklist", {"lang": lang})
    assert_ordinary(at)
    table = at.dataframe[0].value
    with open_engine(tiny_url).connect() as conn:
        for line, column in (("school", case_interval.c.school_owner_id), ("government", case_interval.c.government_owner_id)):
            day = business_date(conn)
            spans = case_interval.c
            now = (spans.valid_from <= day, spans.valid_to > day, spans.status != "closed", column.is_not(None))
            held = conn.execute(select(func.count()).select_from(case_interval).where(*now)).scalar_one()
            assert table[line].sum() == held > 0
    assert list(table["late"].fillna(0)) == sorted(table["late"].fillna(0), reverse=True)


def test_whoever_sits_outside_the_scope_is_listed_with_the_name_of_the_unit(
    open_page: OpenPage, own_url: str, use_database: Callable[[str], Engine]
) -> None:
    elsewhere = next(code for code in VILLAGES if not code.startswith("350430100"))
    with use_database(own_url).begin() as conn:
        conn.execute(update(person).where(person.c.id == 2).values(area_code=elsewhere))
    at = open_page("worklist", role=Role.TOWNSHIP, url=own_url)
    assert VILLAGES[elsewhere] in set(at.dataframe[0].value["unit"])


def test_with_no_open_case_nobody_is_listed(open_page: OpenPage) -> None:
    at = open_page("worklist", {"asof": "2020-09-01"})
    assert_ordinary(at)
    assert say("worklist.nobody") in texts(at)
    assert not at.dataframe


@pytest.mark.parametrize("lang", LANGS)
def test_a_teacher_sees_the_cases_he_answers_for_and_those_he_must_come_to(open_page: OpenPage, lang: Lang) -> None:
    at = open_page("worklist", {"lang": lang, "owner": "1"})
    assert_ordinary(at)
    assert set(at.dataframe[0].value["duty_part"]) <= {say(f"worklist.part.{part}", lang) for part in ("school", "comes_along")}
    assert len(at.dataframe[0].value) == 2


def test_somebody_without_work_is_told_so(open_page: OpenPage) -> None:
    at = open_page("worklist", {"owner": "99"})
    assert_ordinary(at)
    assert say("worklist.nothing") in texts(at)


@pytest.mark.parametrize(("day", "sunday"), [(date(2026, 11, 16), 22), (date(2026, 11, 20), 22), (date(2026, 11, 22), 22)])
def test_a_week_ends_on_sunday(day: date, sunday: int) -> None:
    assert end_of_week(day) == date(2026, 11, sunday)


def test_a_view_is_kept_under_its_name_for_its_user_and_only_the_filter_reaches_the_address(tiny_url: str) -> None:
    engine = open_engine(tiny_url)
    mine, other = (Scope(user, Role.COUNTY, ("350430",)) for user in ("甲", "乙"))
    chosen = CaseFilter(overdue=True, school="3135000002")
    assert not save_view(engine, mine, "cases", " 本周 ", chosen, ViewState(lang="en", sort="rung"))
    assert save_view(engine, mine, "cases", "本周", chosen, ViewState(sort="due"))
    with open_scoped(engine, mine) as conn:
        (kept,) = list_views(conn, mine, "cases")
        assert (kept.name, kept.query) == ("本周", {"overdue": "1", "school": "3135000002", "sort": "due"})
        assert list_views(conn, other, "cases") == list_views(conn, mine, "schools") == []
    with pytest.raises(ProblemError) as refused:
        save_view(engine, mine, "cases", " ", chosen, ViewState())
    assert refused.value.key == "record.text_missing"
    drop_view(engine, mine, "cases", "本周")
    with open_scoped(engine, mine) as conn:
        assert list_views(conn, mine, "cases") == []
    engine.dispose()


def test_the_printed_list_has_a_ruled_table_with_room_to_write_in() -> None:
    printed = _document("建宁县", "本周任务", [], "zh").tables[0]
    assert printed.style.name == "Table Grid"
    widths = [int(column.width.mm) for column in printed.columns]
    assert widths[-1] == max(widths)
    assert sum(widths) <= 267  # A4 across, less its margins
