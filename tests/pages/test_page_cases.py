"""The cases page: chips and table agree with the counts, owners or nobody, masks, and every state is an ordinary page."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, Engine

from data_access import audit
from data_access.case_groups import OWNERS, CaseGrouping, count_cases_by
from data_access.cases import CaseOrder, count_cases
from domain.case_filter import CaseFilter, resolve
from domain.cases import CaseStatus
from domain.scope import Role, Scope
from domain.terms import LANGS, Lang, say
from domain.visits import DutyLine
from pages.shared import case_tools
from tests.pages.conftest import OpenPage, assert_ordinary, links, texts
from tests.pages.tiny_county import COUNTY, OPEN_CASES, TODAY

BAD = {"status": "nonsense", "rung": "99", "sort": "sideways", "page": "999", "child": "x"}


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_holds_every_open_case_with_both_owners(open_page: OpenPage, lang: Lang) -> None:
    at = open_page("cases", {"lang": lang})
    assert_ordinary(at)
    rows = at.dataframe[0].value
    assert len(rows) == OPEN_CASES
    owners = [owner for line in ("school_line_owner", "government_line_owner") for cell in rows[line] for owner in cell]
    assert say("cases.nobody.vacant", lang) in owners
    assert say("table.total", lang, total=OPEN_CASES, page=1, last=1) in texts(at)


@pytest.mark.parametrize("lang", LANGS)
def test_an_empty_database_is_an_ordinary_page(open_page: OpenPage, bare_url: str, lang: Lang) -> None:
    at = open_page("cases", {"lang": lang}, url=bare_url)
    assert_ordinary(at)
    assert not at.dataframe
    assert say("panel.no_data", lang) in texts(at)  # no filter is set that could be loosened
    assert say("panel.to_imports", lang) in links(at)


def test_what_a_filter_leaves_out_can_be_loosened(open_page: OpenPage) -> None:
    at = open_page("cases", {"rung": "2", "grade": "1", "reason": "poverty"})
    assert_ordinary(at)
    assert say("panel.empty") in texts(at)
    assert at.button("cases.loosen.grade")


@pytest.mark.parametrize("lang", LANGS)
def test_a_bad_url_is_an_ordinary_page(open_page: OpenPage, lang: Lang) -> None:
    at = open_page("cases", BAD | {"lang": lang})
    assert_ordinary(at)
    assert str(OPEN_CASES) in texts(at)


def test_nobody_signed_in_sees_nothing(open_page: OpenPage) -> None:
    at = open_page("cases", role=None)
    assert say("frame.nobody") in texts(at)
    assert not at.dataframe


def test_a_chip_narrows_the_list(open_page: OpenPage) -> None:
    at = open_page("cases")
    at.button(key="status.dropout").click().run()
    assert_ordinary(at)
    assert set(at.dataframe[0].value["status"]) == {say("casestatus.dropout")}


@pytest.mark.parametrize(
    ("grouping", "asked"),
    [
        (CaseGrouping.SCHOOL_OWNER, {"nobody": "1", "nobody_line": "school"}),
        (CaseGrouping.GOVERNMENT_OWNER, {"nobody": "1", "nobody_line": "government"}),
        (CaseGrouping.VILLAGE, {"unlocated": "1"}),
        (CaseGrouping.RUNG, {"rung": "0"}),
        (CaseGrouping.SCHOOL, {}),
    ],
)
def test_the_group_of_nobody_leads_to_its_cases_or_says_why_not(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, grouping: CaseGrouping, asked: dict[str, str]
) -> None:
    counts = {None: (2, 1)}
    at = open_page("cases")
    monkeypatch.setattr(case_tools.cached, "count_cases_by", lambda *_: counts)
    monkeypatch.setattr(case_tools, "show_rows", lambda *_, **__: 0)  # the first row is clicked
    at.session_state["groups.by"] = grouping
    at.button(key="groups.open").click().run()
    assert_ordinary(at)
    assert {name: value for name, value in at.query_params.items() if name.startswith(("nobody", "unlocated", "rung"))} == asked
    assert (say("groups.no_part") in texts(at)) is (not asked)


WIDE = (
    CaseFilter(),
    CaseFilter(statuses=tuple(CaseStatus)),
    CaseFilter(nobody=True),
    CaseFilter(nobody=True, nobody_line=DutyLine.GOVERNMENT, overdue=True),
)


@pytest.mark.parametrize("grouping", case_tools.GROUPINGS)
@pytest.mark.parametrize("asked", WIDE, ids=lambda asked: "&".join(asked.to_query()) or "all")
def test_a_click_on_a_group_leads_to_as_many_cases_as_it_counts(
    demo_engine: Engine, asked: CaseFilter, grouping: CaseGrouping
) -> None:
    official = Scope("official", Role.COUNTY, ("350430",))
    chosen = resolve(asked, TODAY, {})
    with demo_engine.connect() as conn:
        counts = count_cases_by(conn, official, chosen, grouping)
        told = {value: case_tools.narrow_to(grouping, value) for value in counts}
        some = [*sorted((value for value in told if value), key=str)[:20], None]
        narrowed = {value: replace(chosen, **told[value]) for value in some if told.get(value)}
        found = {value: (count_cases(conn, official, one), count_late(conn, official, one)) for value, one in narrowed.items()}
    assert found == {value: counts[value] for value in narrowed}
    assert found or asked.nobody  # the demo county has somebody everywhere


def test_the_line_of_nobody_leads_to_the_cases_without_an_owner_on_that_line(
    use_database: Callable[[str], Engine], tiny_url: str
) -> None:
    chosen, scope = resolve(CaseFilter(), TODAY, {}), Scope("official", Role.COUNTY, (COUNTY,))
    with use_database(tiny_url).connect() as conn:
        either = count_cases(conn, scope, replace(chosen, nobody=True))
        told = {}
        for grouping in OWNERS:
            counts = count_cases_by(conn, scope, chosen, grouping)
            led = count_cases(conn, scope, replace(chosen, **case_tools.narrow_to(grouping, None)))
            told[grouping] = (counts.get(None, (0, 0))[0], led)
    assert all(counted == led for counted, led in told.values())
    assert any(0 < led < either for _, led in told.values())


def count_late(conn: Connection, scope: Scope, chosen: CaseFilter) -> int:
    return count_cases(conn, scope, replace(chosen, overdue=True))


def test_a_name_search_stays_out_of_the_url(open_page: OpenPage) -> None:
    at = open_page("cases", role=Role.TOWNSHIP)
    at.text_input[0].input("测试41").run()
    assert list(at.dataframe[0].value["child_name"]) == ["测试41"]
    assert "测试" not in str(at.query_params)


def test_names_are_masked_for_the_county(open_page: OpenPage) -> None:
    assert all(set(name[1:]) == {"*"} for name in open_page("cases").dataframe[0].value["child_name"])


@pytest.mark.parametrize("order", [order for order in CaseOrder if order is not CaseOrder.DUE])
def test_every_order_lists_the_same_cases(open_page: OpenPage, order: CaseOrder) -> None:
    at = open_page("cases", {"sort": order})
    assert_ordinary(at)
    assert len(at.dataframe[0].value) == OPEN_CASES


def test_the_audit_of_a_file_says_which_table_and_that_a_name_narrowed_it_never_which(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONGCHUO_SPOOL", str(tmp_path))
    at = open_page("cases", role=Role.TOWNSHIP)
    at.text_input[0].input("测试41").run()
    with patch.object(audit, "_append", return_value="seal") as kept:
        at.button(key="cases.cases.build").click().run()
    ((_, fields),) = (call.args for call in kept.call_args_list)
    assert fields["filter"].startswith("cases: ")
    assert fields["filter"].endswith(say("export.name_search", "zh"))
    assert "测试41" not in fields["filter"]
