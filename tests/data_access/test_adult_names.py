"""A pupil typed among the visitors goes out by name to nobody who may not see names, by no way out; on both engines (R221)."""

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from data_access.child_file import view_child
from data_access.export_files import FileKind, write_table
from data_access.form_facts import read_form_facts
from data_access.ledger_out import ledger_tables
from data_access.packet import packet_values
from data_access.record_after import record_follow_up
from data_access.record_persuasion import record_persuasion
from data_access.record_visit import record_visit
from data_access.secrets import Cipher
from data_access.tables import TABLES
from data_access.visits import read_visits
from domain.case_entries import Assessment, Dimension, FollowUpEntry, PersuasionEntry, PersuasionKind, Visitor
from domain.case_filter import CaseFilter, resolve
from domain.errors import ProblemError
from domain.scope import Scope
from domain.visits import DutyRole
from tests.data_access.test_case_work import LONG, OFFICIAL, SCHOOL, TEACHER, TOWN, VISIT, county, refused, returned
from tests.pages.tiny_county import TODAY

__all__ = ["county"]
PUPIL = "测试42"
HERE = resolve(CaseFilter(), TODAY, {})


@pytest.fixture
def helped(county: Engine) -> Engine:
    """A visit and an attempt, each by the teacher, a pupil by name, and three more by number."""
    both = (TEACHER, Visitor(DutyRole.COMPANION, PUPIL))
    record_visit(county, SCHOOL, LONG, replace(VISIT, visitors=both, peers=3), "a")
    entry = PersuasionEntry(TODAY, PersuasionKind.HOME, f"干部1、{PUPIL}", "", "谈话", "拒绝", peers=3)
    record_persuasion(county, SCHOOL, LONG, entry, "b")
    return county


def facts(engine: Engine, scope: Scope) -> list[tuple[str, object]]:
    file = view_child(engine, scope, 41, TODAY)
    assert file is not None
    return [fact for entry in file.entries for fact in entry.facts]


def printed(engine: Engine, scope: Scope, cipher: Cipher, folder: Path) -> str:
    """What leaves: the visits as CSV and workbook, the ledgers L9 and L10, the forms of the case."""
    said = []
    ledgers = ledger_tables(cipher)
    with engine.connect() as conn:
        for number, table in enumerate((TABLES["visits"], ledgers["L9"], ledgers["L10"])):
            for kind in FileKind:
                path = folder / f"{scope.role}{number}.{kind}"
                write_table(conn, scope, HERE, table, kind, path, header="zh")
                if kind is FileKind.CSV:
                    said.append(path.read_text(encoding="utf-8-sig"))
                else:
                    sheets = load_workbook(path).worksheets
                    said.extend(str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row)
        said.extend(str(one.values) for one in read_form_facts(conn, scope, HERE))
    return "\n".join(said)


def test_every_way_out_masks_who_is_no_known_adult(helped: Engine, cipher: Cipher, tmp_path: Path) -> None:
    whole, masked = (printed(helped, scope, cipher, tmp_path) for scope in (SCHOOL, OFFICIAL))
    assert whole.count(f"干部1、{PUPIL}") >= 8
    assert PUPIL not in masked
    assert masked.count("干部1、测***") >= 8


def test_the_screen_and_the_message_mask_alike(helped: Engine) -> None:
    with helped.connect() as conn:
        shown = {scope.role: read_visits(conn, scope, HERE)[0].visitors for scope in (SCHOOL, OFFICIAL)}
    assert shown == {SCHOOL.role: f"干部1、{PUPIL}", OFFICIAL.role: "干部1、测***"}
    assert [value for name, value in facts(helped, OFFICIAL) if name == "people" and "干部" in str(value)] == ["干部1、测***"] * 2
    assert [value for name, value in facts(helped, OFFICIAL) if name == "peers"] == [3, 3]
    with pytest.raises(ProblemError) as found:
        record_visit(helped, OFFICIAL, LONG, VISIT, "c")
    assert PUPIL not in found.value.say("zh")


@pytest.mark.parametrize(("peers", "is_right"), [(0, True), (50, True), (51, False), (-1, False)])
def test_peers_are_a_number_within_reason(county: Engine, peers: int, is_right: bool) -> None:
    entry = replace(VISIT, peers=peers)
    if is_right:
        record_visit(county, SCHOOL, LONG, entry, "a")
    else:
        refused("record.peers", lambda: record_visit(county, SCHOOL, LONG, entry, "a"))


def test_the_plan_for_catching_up_stands_on_the_packet_for_those_who_read_texts(county: Engine) -> None:
    returned(county)
    found = dict.fromkeys(Dimension, (Assessment.GOOD, ""))
    record_follow_up(county, SCHOOL, LONG, FollowUpEntry(TODAY, "干部1", found, plan="数学从第三单元补起"), "d")
    for scope, plan in ((TOWN, "数学从第三单元补起"), (OFFICIAL, None)):
        file = view_child(county, scope, 41, TODAY)
        assert file is not None
        assert packet_values(file)["plan"] == plan
