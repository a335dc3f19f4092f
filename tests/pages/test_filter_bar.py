"""The filter bar: the URL is the truth, widgets write it, Back undoes, bad URLs are ordinary pages."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from domain.case_filter import CaseFilter
from domain.groups import RESTRICTED, Group
from domain.scope import Role
from domain.terms import say
from pages.shared import filter_bar
from tests.pages.conftest import OpenPage, assert_ordinary, numbers, texts
from tests.pages.tiny_county import SCHOOLS, TODAY, TOWNS

HERE = "methods"
OPEN_CASES = say("tile.open_cases")


def query(at: AppTest) -> dict[str, str]:
    """What the URL says after a run."""
    return {key: str(text) for key, text in at.query_params.items()}


def select(at: AppTest, part: str) -> Any:
    return at.selectbox(key=f"{HERE}.{part}")


@pytest.mark.parametrize(
    "bad",
    [
        {"area": "x", "stage": "senior", "grade": "99", "asof": "0001-01-01", "page": "-3"},
        {"group": "rich", "status": ",,,", "period": "2026-2040", "round": "2026-99"},
        {"%00": "'; DROP TABLE child; --", "area": "<script>", "lang": "xx"},
        {"asof": "9999-12-31", "rung": "8", "basis": ""},
    ],
)
def test_a_bad_url_is_an_ordinary_page_without_a_filter(open_page: OpenPage, bad: dict[str, str]) -> None:
    at = open_page(HERE, bad)
    assert_ordinary(at)
    assert not [button for button in at.button if ".drop." in (button.key or "")]
    assert say("filter.as_of_is", day=TODAY.isoformat()) in texts(at)


def test_a_flag_above_the_content_is_named_once(open_page: OpenPage) -> None:
    at = open_page(HERE, {"overdue": "1", "stage": "junior"})
    assert at.button(key=f"{HERE}.drop.overdue").label == say("filter.overdue")
    assert at.button(key=f"{HERE}.drop.stage").label == f"{say('filter.stage')} · {say('stage.junior')}"


def test_a_bad_url_is_left_alone_so_that_back_leads_out_of_it(open_page: OpenPage) -> None:
    bad = {"area": "x", "stage": "senior"}
    assert query(open_page(HERE, bad)) == bad


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("stage", "junior"),
        ("grade", "8"),
        ("school", "3135000002"),
        ("rung", "3"),
        ("round", "2026-09"),
        ("period", "2026-2027-1"),
        ("basis", "registered"),
    ],
)
def test_a_selectbox_shows_the_url_and_writes_it(open_page: OpenPage, part: str, value: str) -> None:
    at = open_page(HERE, {part: value})
    assert select(at, part).value == value
    select(at, part).set_value(None).run()
    assert query(at) == {}
    select(at, part).set_value(value).run()
    assert query(at) == {part: value}
    assert_ordinary(at)


@pytest.mark.parametrize(
    ("part", "values"), [("group", ["poor", "migrant"]), ("status", ["dropout", "suspected"]), ("reason", ["02", "99"])]
)
def test_a_multiselect_shows_the_url_and_writes_it(open_page: OpenPage, part: str, values: list[str]) -> None:
    at = open_page(HERE, {part: values[0]})
    box = at.multiselect(key=f"{HERE}.{part}")
    assert box.value == values[:1]
    box.set_value(values).run()
    assert query(at)[part].split(",") == sorted(values)


@pytest.mark.parametrize("part", ["overdue", "unlocated"])
def test_a_switch_shows_the_url_and_writes_it(open_page: OpenPage, part: str) -> None:
    at = open_page(HERE)
    at.toggle(key=f"{HERE}.{part}").set_value(True).run()
    assert query(at) == {part: "1"}
    at.toggle(key=f"{HERE}.{part}").set_value(False).run()
    assert query(at) == {}


def test_the_day_shows_the_url_and_writes_it(open_page: OpenPage) -> None:
    at = open_page(HERE, {"asof": "2026-10-01"})
    field = at.date_input(key=f"{HERE}.asof")
    assert field.value.isoformat() == "2026-10-01"
    field.set_value(None).run()
    assert query(at) == {}


def test_back_takes_a_change_back(open_page: OpenPage) -> None:
    at = open_page(HERE)
    select(at, "stage").set_value("junior").run()
    assert query(at) == {"stage": "junior"}
    at.query_params = {}
    at.run()
    assert select(at, "stage").value is None
    at.query_params = {"stage": "primary", "grade": "3"}
    at.run()
    assert (select(at, "stage").value, select(at, "grade").value) == ("primary", "3")


def test_towns_and_villages_are_chosen_one_after_the_other(open_page: OpenPage) -> None:
    at = open_page(HERE)
    assert len(at.selectbox(key=f"{HERE}.area9").options) == 2
    select(at, "area9").set_value("350430100").run()
    assert query(at) == {"area": "350430100"}
    assert len(select(at, "area12").options) == 3
    select(at, "area12").set_value("350430100201").run()
    assert query(at) == {"area": "350430100201"}
    select(at, "area12").set_value(None).run()
    assert query(at) == {"area": "350430100"}
    select(at, "area9").set_value("350430200").run()
    assert query(at) == {"area": "350430200"}
    select(at, "area9").set_value(None).run()
    assert query(at) == {}


def test_a_township_is_offered_its_own_villages_only(open_page: OpenPage) -> None:
    at = open_page(HERE, role=Role.TOWNSHIP)
    assert select(at, "area12").options == ["城南社区", "河东村", "河西村"]
    assert not [box for box in at.selectbox if box.key == f"{HERE}.area9"]


def test_another_countys_area_gives_nothing_and_no_name(open_page: OpenPage) -> None:
    at = open_page("overview", {"area": "350429"})
    assert_ordinary(at)
    assert numbers(at)[OPEN_CASES] == "0"
    assert "350429" in texts(at)


def test_every_changed_part_is_a_button_that_takes_it_away(open_page: OpenPage) -> None:
    asked = {"area": "350430100", "stage": "junior", "status": "dropout", "overdue": "1", "asof": "2026-10-01"}
    at = open_page(HERE, asked)
    drops = [button for button in at.button if ".drop." in (button.key or "")]
    assert len(drops) == len(CaseFilter.from_query(asked).changed())
    assert any("甲镇" in button.label for button in drops)
    at.button(key=f"{HERE}.drop.stage").click().run()
    assert query(at) == {key: text for key, text in asked.items() if key != "stage"}
    assert select(at, "stage").value is None


def test_reset_clears_the_filter_and_keeps_the_language(open_page: OpenPage) -> None:
    at = open_page(HERE, {"area": "350430100", "stage": "junior", "lang": "en", "page": "4"})
    at.button(key=f"{HERE}.reset").click().run()
    assert query(at) == {"lang": "en"}


def test_another_filter_begins_at_the_first_page_and_closes_the_file(open_page: OpenPage) -> None:
    at = open_page(HERE, {"page": "4", "child": "12", "sort": "due"})
    select(at, "stage").set_value("junior").run()
    assert query(at) == {"stage": "junior", "sort": "due"}


@pytest.mark.parametrize(("role", "offered"), [(Role.COUNTY, set(Group) - RESTRICTED), (Role.SCHOOL, set(Group))])
def test_guarded_groups_are_offered_to_those_who_work_with_them(open_page: OpenPage, role: Role, offered: set[Group]) -> None:
    at = open_page(HERE, role=role)
    assert set(at.multiselect(key=f"{HERE}.group").options) == {say(f"group.{group}") for group in offered}


@pytest.mark.parametrize(("role", "counted"), [(Role.COUNTY, "6"), (Role.SCHOOL, "0")])
def test_a_guarded_group_in_the_url_is_left_out_for_other_roles(open_page: OpenPage, role: Role, counted: str) -> None:
    at = open_page("overview", {"group": "parent_in_custody"}, role=role)
    assert numbers(at)[OPEN_CASES] == counted


def test_the_link_fixes_the_dates(open_page: OpenPage) -> None:
    at = open_page(HERE, {"stage": "junior", "lang": "en"})
    assert f"stage=junior&period=2026-2027&asof={TODAY.isoformat()}&lang=en" in at.code[0].value


def test_one_who_sees_totals_may_filter_by_county_and_time_alone(open_page: OpenPage) -> None:
    at = open_page(HERE, role=Role.SCREEN)
    keys = {box.key.split(".")[1] for box in (*at.multiselect, *at.selectbox, *at.toggle) if box.key.startswith(f"{HERE}.")}
    assert keys == {"round", "period", "basis"}


FEW = {"grade": "8", "group": "poor", "overdue": "1", "rung": "1", "owner": "1", "school": min(SCHOOLS), "unlocated": "1"}
PLACES = {"area": min(TOWNS), "stage": "junior"}


@pytest.mark.parametrize("part", FEW | PLACES)
def test_no_address_lets_one_who_sees_totals_compare_two_filters(open_page: OpenPage, part: str) -> None:
    """All less those of another grade are those of this grade: the rest of two totals would be a small number."""
    plain = open_page("overview", role=Role.SCREEN)
    asked = open_page("overview", {part: (FEW | PLACES)[part]}, role=Role.SCREEN)
    assert numbers(asked) == numbers(plain)
    assert not [button for button in asked.button if button.key == f"overview.drop.{part}"], "nor does the page say that it did"


def search_page() -> None:
    import streamlit as st

    from pages.shared.filter_bar import searched_name, show_name_search

    show_name_search()
    st.text(f"<{searched_name()}>")


def test_a_name_that_is_searched_for_stays_in_the_session() -> None:
    at = AppTest.from_function(search_page, default_timeout=60).run()
    at.text_input[0].set_value("  测试7 ").run()
    assert at.text[0].value == "<测试7>"
    assert query(at) == {}


def test_very_many_schools_are_offered_after_an_area_is_chosen(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filter_bar, "LONGEST_LIST", 1)
    at = open_page(HERE)
    assert select(at, "school").options == []
    assert select(at, "school").placeholder == say("bar.area_first")
    select(at, "area9").set_value("350430200").run()
    assert select(at, "school").options == ["乙乡小学"]


def forged_page() -> None:
    import streamlit as st

    from pages.shared.fields import write_part

    for number, (part, value) in enumerate(st.session_state["forged"]):
        st.session_state[f"forged.{number}"] = value
        write_part(f"forged.{number}", part)


def test_forged_widget_values_are_dropped() -> None:
    """A client of one's own can send a text that the list does not offer."""
    at = AppTest.from_function(forged_page, default_timeout=60)
    at.session_state["forged"] = [
        ("stage", "senior'; --"),
        ("status", ["closed;", {"a": 1}]),
        ("grade", 8.5),
        ("asof", "x"),
        ("rung", "4"),
    ]
    assert query(at.run()) == {"rung": "4"}
    assert not at.exception
