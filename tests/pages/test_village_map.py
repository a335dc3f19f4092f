"""The village map: layers, card, lists; villages and the unlocated add up; forged clicks show nothing that they should not."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access.measures import Measure
from domain.scope import Role
from domain.terms import LANGS, Lang, say
from geo.classes import ClassMethod
from geo.drawing import MapLayer
from pages.shared import map_panel
from pages.shared.map_panel import last_click, root_of
from tests.pages.conftest import OpenPage, assert_ordinary, links, texts
from tests.pages.tiny_county import COUNTY, OPEN_CASES, PUPILS_EACH, SCHOOLS, VILLAGES

CHILDREN = len(SCHOOLS) * PUPILS_EACH
UNLOCATED = len(SCHOOLS)
KEY = "village_map.map0"
LONG_ABSENT = 4  # of the open cases, opened in October


def maps(at: AppTest) -> list[dict[str, Any]]:
    """What each map component was given."""
    return [json.loads(one.proto.json_args) for one in at.get("component_instance")]


def payload(args: dict[str, Any]) -> dict[str, Any]:
    """The numbers that travelled to the map."""
    text = args["feature_group"]
    found: dict[str, Any] = json.JSONDecoder().raw_decode(text[text.index("VillageMap.show(") + len("VillageMap.show(") :])[0]
    return found


def card(at: AppTest) -> dict[str, str]:
    """The numbers beside the map."""
    table = at.dataframe[0].value
    return dict(zip(table["what"], table["number"], strict=True))


def click(at: AppTest, code: object, level: str = "village") -> AppTest:
    """As if the browser had sent a click on an area."""
    at.session_state[KEY] = {"level": level, "code": code, "t": 1}
    return at.run()


@pytest.mark.parametrize("layer", MapLayer)
def test_every_layer_draws(open_page: OpenPage, layer: MapLayer) -> None:
    at = open_page("village_map", {"layer": layer.value})
    assert_ordinary(at)
    assert len(maps(at)) == (2 if layer is MapLayer.SIDE_BY_SIDE else 1)
    assert all(payload(args)["layers"] for args in maps(at))


@pytest.mark.parametrize("method", ClassMethod)
def test_every_class_method_draws(open_page: OpenPage, method: ClassMethod) -> None:
    assert_ordinary(open_page("village_map", {"layer": "at_risk_share", "classes": method.value}))


def test_side_by_side_has_one_count_on_each_map(open_page: OpenPage) -> None:
    sent = [payload(args)["layers"] for args in maps(open_page("village_map", {"layer": "side_by_side"}))]
    assert [[layer["label"] for layer in layers] for layers in sent] == [[say("measure.left_behind")], [say("measure.at_risk")]]


def test_a_filter_changes_numbers_and_not_the_map(open_page: OpenPage) -> None:
    """What identifies the map in the browser stays: the shapes are not fetched again."""
    whole, junior = (maps(open_page("village_map", query))[0] for query in ({}, {"stage": "primary"}))
    assert whole["script"] == junior["script"]
    assert whole["feature_group"] != junior["feature_group"]
    assert "etag-village" in whole["script"]


def test_a_layer_in_the_url_is_shown_and_the_switch_writes_it(open_page: OpenPage) -> None:
    at = open_page("village_map", {"layer": "overdue"})
    switch = at.selectbox(key="village_map.layer")
    assert switch.value == MapLayer.OVERDUE
    switch.set_value(MapLayer.LEFT_BEHIND).run()
    assert at.query_params["layer"] == "left_behind"
    at.selectbox(key="village_map.layer").set_value(MapLayer.BOTH).run()
    assert "layer" not in at.query_params


def test_villages_and_the_unlocated_add_up_to_the_county(open_page: OpenPage) -> None:
    at = open_page("village_map")
    table = at.dataframe[-1].value
    assert len(table) == len(VILLAGES)
    assert table["children"].sum() + UNLOCATED == CHILDREN
    assert card(at)[say("measure.children")] == f"{CHILDREN:,}"
    at.query_params = {"measure": "unlocated"}
    assert f"共 {UNLOCATED:,} 条" in texts(at.run())


@pytest.mark.parametrize(
    "query", [{}, {"area": "350430100"}, {"stage": "junior"}, {"grade": "8"}, {"status": "dropout"}, {"overdue": "1"}], ids=str
)
def test_the_card_of_a_village_equals_its_row(open_page: OpenPage, query: dict[str, str]) -> None:
    at = click(open_page("village_map", query), "350430100201")
    table = at.dataframe[-1].value.set_index("village_name").loc["河东村"]
    for measure in Measure:
        assert card(at)[say(f"measure.{measure}")].split(" ")[0] == f"{table[measure.value]:,}"


def test_a_click_shows_the_village_with_its_cases_and_lists(open_page: OpenPage) -> None:
    at = click(open_page("village_map"), "350430100201")
    assert_ordinary(at)
    assert "甲镇 河东村" in texts(at)
    assert payload(maps(at)[0])["selected"] == "350430100201"
    targets = {one.proto.label: one.proto.query_string for one in at.get("page_link")}
    assert targets[say("map_page.only_here")] == "area=350430100201"
    assert say("map_page.owners", names="干部2") in texts(at)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("999999999999", "village"),
        ("350430100201; DROP", "village"),
        (None, "village"),
        ({"a": 1}, "town"),
        ("350430", "planet"),
        ("350429100201", "village"),
    ],
)
def test_a_forged_click_shows_what_is_in_view_and_nothing_else(open_page: OpenPage, code: object, level: str) -> None:
    at = click(open_page("village_map"), code, level)
    assert_ordinary(at)
    assert say("map_page.whole") in texts(at)


def test_a_township_clicking_another_towns_village_sees_its_own_numbers_only(open_page: OpenPage) -> None:
    at = click(open_page("village_map", role=Role.TOWNSHIP), "350430200201")
    assert_ordinary(at)
    assert "山前村" not in texts(at)


def test_the_unlocated_are_listed_with_what_the_ledger_wrote(open_page: OpenPage) -> None:
    at = open_page("village_map", {"measure": "unlocated"}, role=Role.TOWNSHIP)
    assert_ordinary(at)
    assert "外村" in set(at.dataframe[-1].value["place_text"])


def test_roles_without_children_get_no_list_of_children(open_page: OpenPage) -> None:
    at = open_page("village_map", {"measure": "unlocated"}, role=Role.SCREEN)
    assert_ordinary(at)
    assert "child_name" not in at.dataframe[-1].value
    assert say("export.button") not in texts(at)


def test_roles_without_children_see_small_numbers_nowhere(open_page: OpenPage) -> None:
    at = open_page("village_map", role=Role.SCREEN)
    shown = at.dataframe[-1].value[[measure.value for measure in Measure]].to_numpy().ravel()
    assert not [cell for cell in shown if cell is not None and 0 < cell < 5]
    rows = payload(maps(at)[0])["rows"]
    assert [row for level in rows.values() for row in level if "x" in row]


def test_a_village_beyond_the_last_page_is_told_apart_from_no_village(open_page: OpenPage) -> None:
    at = open_page("village_map", {"page": "9"})
    assert_ordinary(at)
    assert say("table.past_end", total="5", page="9", last="1") in texts(at)
    at.button(key="villages.first").click().run()
    assert "page" not in at.query_params


@pytest.mark.parametrize("lang", LANGS)
def test_without_outlines_the_lists_are_there(open_page: OpenPage, bare_url: str, lang: Lang) -> None:
    at = open_page("village_map", {"lang": lang}, url=bare_url)
    assert_ordinary(at)
    assert say("map_panel.no_shapes", lang) in texts(at)
    assert not maps(at)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("role", [Role.COUNTY, Role.TOWNSHIP, Role.VILLAGE, Role.SCHOOL, Role.INSPECTOR, Role.PREFECTURE])
def test_every_role_has_a_map(open_page: OpenPage, role: Role, lang: Lang) -> None:
    at = open_page("village_map", {"lang": lang}, role=role)
    assert_ordinary(at)
    assert len(maps(at)) == 1
    assert say("page.methods", lang) in links(at)


def test_a_bad_url_is_an_ordinary_map(open_page: OpenPage) -> None:
    at = open_page("village_map", {"layer": "moon", "classes": "best", "measure": "x", "page": "-1", "area": "zz"})
    assert_ordinary(at)
    assert at.selectbox(key="village_map.layer").value == MapLayer.BOTH


@pytest.mark.parametrize(
    ("codes", "root"),
    [([], ""), ([COUNTY], COUNTY), (["350430100", "350430200201"], COUNTY), (["350430", "350429"], "3504"), (["3504"], "")],
)
def test_the_root_of_a_scope_is_what_holds_all_of_it(codes: list[str], root: str) -> None:
    assert root_of(codes) == root


def test_no_click_is_no_area() -> None:
    assert last_click(()) is None


def test_a_failing_map_says_so_in_words_and_leaves_the_page(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_view: object) -> None:
        raise RuntimeError("测试张三")

    monkeypatch.setattr(map_panel, "draw_map", fail)
    at = open_page("village_map")
    assert not at.exception
    assert at.error[0].value.startswith(say("frame.broken", number="")[:8])
    assert "测试张三" not in texts(at)
    assert at.dataframe


def test_two_days_are_two_maps_drawn_to_one_scale(open_page: OpenPage) -> None:
    at = open_page("village_map", {"layer": "at_risk", "against": "2026-10-15"})
    assert_ordinary(at)
    sent = [payload(args) for args in maps(at)]
    then, now = (one["layers"][0] for one in sent)
    assert then["largest"] == now["largest"]
    assert ("2026-10-15" in then["label"], "2026-11-20" in now["label"]) == (True, True)
    assert sent[0]["rows"] != sent[1]["rows"]


@pytest.mark.parametrize("against", [{}, {"against": "2026-10-15"}])
def test_each_count_has_a_scale_that_shows_its_own_numbers(open_page: OpenPage, against: dict[str, str]) -> None:
    """Left behind outnumber the at-risk many times over; two days of one count are drawn to the same scale."""
    at = open_page("village_map", {"layer": "both"} | against)
    scales = [[layer["largest"]["village"] for layer in payload(args)["layers"]] for args in maps(at)]
    assert len(scales) == 1 + len(against)
    assert all(one == scales[0] and one[0] >= 5 * one[1] for one in scales)


def test_a_township_is_told_what_is_outside_its_view(open_page: OpenPage) -> None:
    sent = payload(maps(open_page("village_map", {"layer": "at_risk", "level": "village"}, role=Role.TOWNSHIP))[0])
    (_, rows) = sent["legend"]["village"][0]
    labels = [row[1] for row in rows]
    assert say("map.outside") in labels
    assert say("map.no_data") not in labels
    assert "w" in sent["rows"]["village"][0]


def test_shares_of_two_days_are_painted_by_the_same_classes(open_page: OpenPage) -> None:
    at = open_page("village_map", {"layer": "left_behind_share", "against": "2026-03-30"})
    sent = [payload(args) for args in maps(at)]
    edges = [[row[1] for row in one["legend"]["village"][0][1] if row[0] == "fill"] for one in sent]
    assert edges[0] == edges[1]


def test_the_change_between_two_days_has_rows_behind_it(open_page: OpenPage) -> None:
    at = open_page("village_map", {"layer": "at_risk", "against": "2026-10-15", "compare": "change"})
    assert_ordinary(at)
    assert len(maps(at)) == 1
    came = at.dataframe[-1].value
    assert len(came) == OPEN_CASES - LONG_ABSENT
    at.query_params = {**at.query_params, "measure": "left_list"}
    assert say("map_page.none_changed") in texts(at.run())


def test_roles_without_children_compare_maps_but_no_rows(open_page: OpenPage) -> None:
    at = open_page("village_map", {"layer": "at_risk", "against": "2026-10-15", "compare": "change"}, role=Role.SCREEN)
    assert_ordinary(at)
    assert len(maps(at)) == 2


BOTH_LEVELS = ["town", "village"]


@pytest.mark.parametrize(
    ("level", "sent"), [("", BOTH_LEVELS), ("town", ["town"]), ("village", ["village"]), ("moon", BOTH_LEVELS)]
)
def test_the_level_in_the_url_is_drawn(open_page: OpenPage, level: str, sent: list[str]) -> None:
    at = open_page("village_map", {"layer": "dropout", "level": level} if level else {"layer": "dropout"})
    assert payload(maps(at)[0])["levels"] == sent


def test_the_breadcrumb_leads_up_and_the_tree_down(open_page: OpenPage) -> None:
    at = open_page("village_map", {"area": "350430100"})
    at.button(key="village_map.open_tree").click().run()
    assert at.button(key="village_map.tree.350430100201").label == "河东村"
    at.text_input(key="village_map.tree").set_value("山")
    at.button(key="village_map.open_tree").click().run()
    found = {button.label for button in at.button if (button.key or "").startswith("village_map.tree.")}
    assert {words.partition("（")[0] for words in found} == {"山前村", "山后村"}
    assert all(words.endswith("）") for words in found)
    at.button(key="village_map.crumb.350430").click().run()
    assert at.query_params["area"] == "350430"
    at.button(key="village_map.crumb.").click().run()
    assert "area" not in at.query_params


def test_a_map_without_shapes_is_not_offered_and_says_why(open_page: OpenPage) -> None:
    at = open_page("village_map", {"layer": "at_risk"})  # the tiny county's bundles are empty
    at.radio(key="map.kind").set_value("geojson").run()
    at.button(key="map.build").click().run()
    assert at.error[0].value == say("map.print.no_shapes")
    assert not at.get("link_button")


def test_roles_without_children_are_told_nothing_of_a_single_school(open_page: OpenPage) -> None:
    at = open_page("village_map", {"layer": "schools"}, role=Role.SCREEN)
    assert payload(maps(at)[0])["layers"][0]["kind"] != "schools"
    at = click(open_page("village_map", role=Role.SCREEN), next(iter(SCHOOLS)), "school")
    assert say("map_page.whole") in texts(at)
    assert "/40" not in texts(at)
