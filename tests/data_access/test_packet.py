"""A child's file as paper: what the screen shows, masked as the screen, with what is missing."""

from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import Engine, insert

from data_access.child_file import ChildFile, view_child
from data_access.documents_out import PaperFile, set_form
from data_access.form_templates import paragraphs_of
from data_access.packet import packet_values
from data_access.schema import absence_day, home_visit
from domain.forms import FormKind
from domain.scope import Role, Scope
from domain.terms import say
from tests.pages.tiny_county import COUNTY, TODAY, write_tiny_county

OFFICIAL = Scope("official", Role.COUNTY, (COUNTY,))
TOWNSHIP = Scope("township", Role.TOWNSHIP, ("350430100",))
CHILD = 42


@pytest.fixture
def county(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("KONGCHUO_ANCHORS", str(tmp_path / "anchors.txt"))
    write_tiny_county(engine)
    with engine.begin() as conn:
        told = {"visited_on": TODAY, "mode": "doorstep", "visitors": "教师甲", "content": "测试42的祖母说下周返校"}
        conn.execute(insert(home_visit).values(child_id=CHILD, case_id=2, **told))
    return engine


def open_file(engine: Engine, scope: Scope) -> ChildFile:
    found = view_child(engine, scope, CHILD, TODAY)
    assert found is not None
    return found


def printed(file: ChildFile) -> str:
    content = set_form(FormKind.CHILD_PACKET, [packet_values(file)], PaperFile.DOCX, "演示数据 合成")
    return "\n".join(paragraph.text for paragraph in paragraphs_of(Document(BytesIO(content))))


@pytest.mark.parametrize(("scope", "name"), [(OFFICIAL, "测**"), (TOWNSHIP, "测试42")])
def test_the_paper_says_what_the_role_may_read(county: Engine, scope: Scope, name: str) -> None:
    said = printed(open_file(county, scope))
    assert name in said
    assert ("测试42" in said) == scope.sees_names
    assert ("祖母说下周返校" in said) == scope.sees_names
    assert "教师甲" in said
    assert "演示数据 合成" in said


def test_the_paper_lists_every_part_and_the_share(county: Engine) -> None:
    file = open_file(county, TOWNSHIP)
    said, found = printed(file), file.completeness
    assert f"{found.rate.numerator}/{found.rate.denominator}" in said
    for part in found.needed:
        assert say(f"filepart.{part}") in said
    assert said.count("\n" + say("completeness.lacks")) >= len(found.missing) > 0


def test_every_entry_of_the_timeline_is_a_row(county: Engine) -> None:
    file = open_file(county, TOWNSHIP)
    rows = packet_values(file)["entries"]
    assert len(rows) == len(file.entries) > 0
    assert not [row for row in rows if "." in row["kind"] or "." in row["what"]]


@pytest.mark.parametrize(("minutes", "late"), [(30, False), (31, True)])
def test_the_contact_within_half_an_hour_is_told(county: Engine, minutes: int, late: bool) -> None:
    noticed = datetime.combine(TODAY, time(8))
    told = {"on_date": TODAY, "state": "truant", "noticed_at": noticed, "contacted_at": noticed + timedelta(minutes=minutes)}
    with county.begin() as conn:
        conn.execute(insert(absence_day).values(child_id=CHILD, **told))
    facts = {name: value for entry in open_file(county, TOWNSHIP).entries for name, value in entry.facts}
    assert facts.get("contact_late" if late else "contact") == minutes
    assert ("contact_late" in facts) == late
