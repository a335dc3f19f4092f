"""Hostile text in every text column, and SQL's own signs in every filter: no live formula, no widened answer, no error."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, String, Text, select, update
from sqlalchemy.sql.elements import ColumnElement

from data_access import audit
from data_access.audit_log import write_pack
from data_access.cases import count_cases, read_cases
from data_access.children import count_children
from data_access.csv_out import FORMULA_START
from data_access.derive import rebuild_all
from data_access.documents_out import Order, PaperFile, issue
from data_access.export_files import FileKind, write_table
from data_access.form_templates import paragraphs_of
from data_access.measures import Measure
from data_access.report_packet import sealed_tables
from data_access.schema import case_interval, child, metadata, now
from data_access.secrets import Cipher
from data_access.tables import TABLES
from data_access.walls import open_scoped
from data_access.worklist_print import stream_worklist
from data_access.writing import write, write_state
from domain.case_filter import CaseFilter, resolve
from domain.forms import FormKind
from domain.scope import Role, Scope
from domain.view_state import ViewState
from tests.data_access.small_world import COUNTY, TOWNS, SmallWorld
from tests.live_parts import live_parts

DAY = date(2026, 5, 20)
TOWN = Scope("li", Role.TOWNSHIP, (TOWNS[0],))  # sees names: nothing is masked away
CIPHER = Cipher(bytes(32), {1: bytes(32)})  # it opens nothing here: the small county holds no sealed value
PAYLOADS = ('=HYPERLINK("http://x","y")', "+1+1", "-1+1", "@SUM(A1)", "＝1+1", "\t=1", "<script>x()</script>", "![](http://x/y)")
QUERY_SIGNS = ("' OR 1=1 --", "350430%", "_", "%", "\\", '"; DROP TABLE child; --', "359901) OR (1=1", "359901\x00", "１")


@pytest.fixture
def hostile(engine: Engine) -> Engine:
    """A small county whose every free text is a payload."""
    with write(engine, COUNTY, role=None) as conn:
        world = SmallWorld(conn, 5)
        for _ in range(30):
            world.add_child()
        rebuild_all(conn)
        for number, (table, column) in enumerate(free_texts()):
            payload = PAYLOADS[number % len(PAYLOADS)]
            most = getattr(column.type, "length", None) or 200
            conn.execute(update(table).values({column.name: payload[:most]}))
        for number, payload in enumerate(PAYLOADS):
            conn.execute(update(child).where(child.c.id % len(PAYLOADS) == number).values(name=payload))
    return engine


CLOSED = {"mode", "mode_", "kind", "relation", "sex", "result", "role", "detail", "progress", "value", "name_mac", "category"}


def free_texts() -> Iterator[tuple[Any, ColumnElement[Any]]]:
    """Every column of free text of the tables about places, people and cases; codes and words of the program are left alone."""
    for table in metadata.sorted_tables:
        if table.name in {"app_state", "setting", "alembic_version", "user_account", "audit_event", "shape_bundle"}:
            continue
        for column in table.columns:
            is_text = isinstance(column.type, String | Text) and column.type.dialect_impl is not None
            is_code = getattr(column.type, "collation", None) or "postgresql" in getattr(column.type, "_variant_mapping", {})
            if is_text and not is_code and not column.primary_key and column.name not in CLOSED and not column.unique:
                yield table, column


def test_the_payloads_reach_the_columns_that_people_fill() -> None:
    found = {f"{table.name}.{column.name}" for table, column in free_texts()}
    assert {"child.name", "guardian.name", "home_visit.visitors", "person.name", "area.name", "school.name"} <= found
    assert len(found) > 30


@pytest.mark.parametrize("table", {**TABLES, **sealed_tables(CIPHER)}.values(), ids=lambda table: table.name)
def test_no_export_holds_a_live_formula(hostile: Engine, table: Any, tmp_path: Path) -> None:
    chosen = resolve(CaseFilter(owner=1 if table.name == "worklist" else None), DAY, {})
    with open_scoped(hostile, TOWN) as conn:
        count = write_table(conn, TOWN, chosen, table, FileKind.CSV, tmp_path / "t.csv")
        write_table(conn, TOWN, chosen, table, FileKind.XLSX, tmp_path / "t.xlsx", lang="zh", header="zh")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == count + 1
    assert live_cells(rows[1:]) == []
    assert not live_parts((tmp_path / "t.xlsx").read_bytes())


def live_cells(rows: Iterable[Sequence[str]]) -> list[str]:
    """Cells that a spreadsheet would work out."""
    return [
        cell for row in rows for cell in row if FORMULA_START.match(cell) and not cell.startswith("'") and not is_number(cell)
    ]


@pytest.mark.parametrize("file", PaperFile)
def test_no_paper_holds_anything_live(hostile: Engine, file: PaperFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONGCHUO_ANCHORS", str(tmp_path / "anchors.txt"))
    with write(hostile, COUNTY) as conn:
        write_state(conn, "business_date", DAY.isoformat())
    said = ""
    for kind in FormKind:
        if kind is not FormKind.SUPERVISION_NOTICE:  # the small county has none
            content = issue(hostile, TOWN, Order(kind, resolve(CaseFilter(), DAY, {}), file, cipher=CIPHER)).content
            assert not live_parts(content), kind
            said += "".join(one.text for one in paragraphs_of(Document(io.BytesIO(content)))) if file is PaperFile.DOCX else ""
    assert file is PaperFile.PDF or sum(payload.strip() in said for payload in PAYLOADS) > 2, "as they were written"


def test_the_printed_list_of_tasks_holds_nothing_live(hostile: Engine) -> None:
    with write(hostile, COUNTY) as conn:
        conn.execute(update(case_interval).values(government_owner_id=1, due_on=DAY))
    out = io.BytesIO()
    assert stream_worklist(hostile, TOWN, resolve(CaseFilter(owner=1), DAY, {}), "zh")(out) > 2
    assert not live_parts(out.getvalue())


def test_the_compliance_pack_holds_no_live_formula(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody typed as reason or found as name of a file stands in it."""
    monkeypatch.setenv("KONGCHUO_ANCHORS", str(tmp_path / "anchors.txt"))
    for payload in PAYLOADS:
        audit.append(engine, user=payload[:60], role=payload[:20], act=payload[:40], filter=payload, reason=payload)
    out = io.BytesIO()
    write_pack(engine, Scope("root", Role.ADMINISTRATOR, (COUNTY,)), now().year, out)
    with zipfile.ZipFile(out) as pack:
        for name in ("acts.csv", "summary.csv"):
            rows = list(csv.reader(io.StringIO(pack.read(name).decode("utf-8-sig"))))
            assert len(rows) > len(PAYLOADS)
            assert live_cells(rows) == [], name


def is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", cell))


@pytest.mark.parametrize("signs", QUERY_SIGNS)
def test_sql_signs_in_a_filter_widen_nothing(hostile: Engine, signs: str) -> None:
    everything = resolve(CaseFilter(), DAY, {})
    keys = {key for one in (CaseFilter.from_query, ViewState.from_query) for key in known_keys(one)}
    for key in keys:
        chosen = resolve(CaseFilter.from_query({key: signs}), DAY, {})
        ViewState.from_query({key: signs})
        with open_scoped(hostile, TOWN) as conn:
            assert count_cases(conn, TOWN, chosen) <= count_cases(conn, TOWN, everything), key
    with open_scoped(hostile, TOWN) as conn:
        named = count_children(conn, TOWN, everything, Measure.CHILDREN, name=signs)
        assert named == 0, "no name holds these signs: they are text, not wildcards"
        assert read_cases(conn, TOWN, everything, name=signs) == []


def known_keys(_read: object) -> tuple[str, ...]:
    """The keys that an address may hold."""
    return (
        *("area", "school", "stage", "grade", "group", "status", "reason", "rung", "period", "round", "asof", "basis"),
        *("overdue", "unlocated", "sort", "layer", "class", "page", "child", "measure", "part", "lang"),
    )


@given(st.dictionaries(st.sampled_from(known_keys(None)), st.text(max_size=40), max_size=6))
def test_no_address_raises(query: dict[str, str]) -> None:
    CaseFilter.from_query(query)
    ViewState.from_query(query)


def test_a_name_is_found_by_its_own_signs(hostile: Engine) -> None:
    """The search takes text literally: what is written in a name finds it, a wildcard does not."""
    with open_scoped(hostile, TOWN) as conn:
        chosen = resolve(CaseFilter(), DAY, {})
        whole = count_children(conn, TOWN, chosen, Measure.CHILDREN)
        some = count_children(conn, TOWN, chosen, Measure.CHILDREN, name="<script>")
        names = list(conn.execute(select(child.c.name)).scalars())
    assert 0 < some < whole
    assert any("<script>" in name for name in names)
