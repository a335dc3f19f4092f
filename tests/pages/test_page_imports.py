"""The import page: tried before written, asked where a header is unclear, written on confirmation, undone from the history."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from data_access.batches import undo_batch
from data_access.engine import open_engine
from data_access.keys import cipher_of
from data_access.schema import import_batch
from domain.scope import Role, Scope
from domain.terms import LANGS, Lang, say
from pages.shared.page_list import may_open
from tests.conftest import KEYS
from tests.corpus.people import HEADERS, rows
from tests.corpus.specimen import table
from tests.pages.conftest import OpenPage, assert_ordinary, numbers, texts
from tests.pages.tiny_county import COUNTY


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "kongchuo.key"
    path.write_text(KEYS)
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(path))


def put(at: AppTest, content: bytes, name: str = "registry.xlsx") -> AppTest:
    """Choose a file on the page."""
    uploader: Any = at.file_uploader[0]
    uploader.upload(name, content, "application/octet-stream")
    return at.run()


def registry(count: int = 5, school: str = "甲镇小学", **changes: str) -> bytes:
    lines = [[school if text == "晨光小学" else "甲镇" if text == "晨光镇" else text for text in line] for line in rows(count)]
    return table([[changes.get(header, header) for header in HEADERS], *lines])


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_opens_with_its_three_steps(open_page: OpenPage, lang: Lang) -> None:
    at = open_page("imports", {"lang": lang})
    assert_ordinary(at)
    assert say("imports.nothing_yet", lang) in texts(at)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.SCREEN, Role.PREFECTURE, Role.VILLAGE, Role.ADMINISTRATOR])
def test_who_may_not_import_has_no_such_page(role: Role) -> None:
    assert not may_open(Scope("x", role, (COUNTY,)), "imports")


def click(at: AppTest, key: str) -> AppTest:
    next(button for button in at.button if button.key == key).click()
    return at.run()


def counts(at: AppTest) -> dict[str, str]:
    return {name: numbers(at)[say(f"imports.{name}")] for name in ("new", "changed", "unchanged", "refused")}


def test_a_file_is_tried_then_written_then_undone(open_page: OpenPage, own_url: str) -> None:
    at = put(open_page("imports", url=own_url), registry())
    assert_ordinary(at)
    assert counts(at) == {"new": "5", "changed": "0", "unchanged": "0", "refused": "0"}
    assert count_batches(own_url) == 0
    at = click(at, "bring.write")
    assert any("5" in one.value for one in at.success), texts(at)
    assert count_batches(own_url) == 1
    at = at.run()
    assert counts(at)["unchanged"] == "5"
    engine = open_engine(own_url)
    undo_batch(engine, cipher_of(engine), Scope("demo:county", Role.COUNTY, (COUNTY,)), 1)
    engine.dispose()
    assert counts(at.run())["new"] == "5"


def test_problems_stand_with_their_cell_and_the_marked_copy_leaves_by_the_route(open_page: OpenPage, own_url: str) -> None:
    at = put(open_page("imports", url=own_url), registry(school="甲镇小字"))
    assert_ordinary(at)
    assert counts(at)["refused"] == "5"
    problems = at.dataframe[-1].value
    assert list(problems["cell"]) == [f"F{row}" for row in range(2, 7)]
    assert "甲镇小学" in problems["wrong"].iloc[0]
    assert say("imports.nothing_to_write") in texts(at)
    at = click(at, "bring.marked")
    assert next(one.proto.url for one in at.get("link_button")).startswith("download/")


def test_an_unclear_header_is_asked_and_remembered(open_page: OpenPage, own_url: str) -> None:
    header = ["学生姓名", "学校名称", "辍学时间", "当前状态", "辍学原因", "劝返人员", "劝返时间"]
    row = ["没有这人", "甲镇小学", "2026-10-08", "辍学", "厌学", "某", ""]
    at = put(open_page("imports", url=own_url), table([["控辍保学台账"], header, row]))
    assert say("imports.asked") in texts(at)
    box = next(one for one in at.selectbox if "劝返时间" in one.label)
    box.select("persuaded_at")
    at = at.run()
    assert counts(at)["refused"] == "1"  # read now: the child is unknown


def test_a_header_that_several_ledgers_fit_is_asked_about(open_page: OpenPage, own_url: str) -> None:
    header = ["姓名", "性别", "身份证号", "学籍号", "学校", "乡镇", "年级", "监护人"]
    at = put(open_page("imports", url=own_url), table([header, ["没有这人", "男", "", "", "甲镇小学", "甲镇", "五年级", "某"]]))
    assert say("imports.which_ledger") in texts(at)
    assert say("imports.new") not in numbers(at)  # nothing was read yet
    at = click(at, "bring.alike.L0")
    assert say("imports.which_ledger") not in texts(at)
    assert say("imports.new") in numbers(at)


def count_batches(url: str) -> int:
    engine = open_engine(url)
    with engine.connect() as conn:
        found = conn.execute(select(func.count()).select_from(import_batch)).scalar_one()
    engine.dispose()
    return int(found)


def test_a_file_of_doubtful_rows_is_decided_under_history_and_a_decision_is_taken_back(open_page: OpenPage, own_url: str) -> None:
    click(put(open_page("imports", url=own_url), registry()), "bring.write")
    lines = [[*line[:1], "欧阳某", *line[2:5], "甲镇小学", "甲镇", *line[7:]] for line in rows(1)]
    at = put(open_page("imports", url=own_url), table([HEADERS, *lines]))
    assert counts(at)["refused"] == "1"
    assert "bring.write" not in {one.key for one in at.button}
    at = click(at, "bring.doubts")
    assert say("imports.doubts_listed") in [one.value for one in at.success]
    assert any(one.value.startswith(f"{say('imports.known_as')}：") and "甲镇小学" in one.value for one in at.text)
    at = click(at, "bring.match.1.True")
    assert_ordinary(at)
    assert "bring.match.1.True" not in {one.key for one in at.button}
    assert counts(at)["changed"] == "1"
    at = click(at, "bring.reopen.1")
    assert "bring.match.1.True" in {one.key for one in at.button}
    assert counts(at)["refused"] == "1"
