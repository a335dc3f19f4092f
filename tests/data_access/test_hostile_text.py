"""Hostile text in every text column, and SQL's own signs in every filter: no live formula, no widened answer, no error."""

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, String, Text, select, update
from sqlalchemy.sql.elements import ColumnElement

from data_access.cases import count_cases, read_cases
from data_access.children import count_children
from data_access.csv_out import FORMULA_START
from data_access.derive import rebuild_all
from data_access.export_files import FileKind, write_table
from data_access.measures import Measure
from data_access.schema import child, metadata
from data_access.tables import TABLES
from data_access.walls import open_scoped
from data_access.writing import write
from domain.case_filter import CaseFilter, resolve
from domain.scope import Role, Scope
from domain.view_state import ViewState
from tests.data_access.small_world import COUNTY, TOWNS, SmallWorld

DAY = date(2026, 5, 20)
TOWN = Scope("li", Role.TOWNSHIP, (TOWNS[0],))  # sees names: nothing is masked away
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


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_no_export_holds_a_live_formula(hostile: Engine, table: Any, tmp_path: Path) -> None:
    chosen = resolve(CaseFilter(owner=1 if table.name == "worklist" else None), DAY, {})
    with open_scoped(hostile, TOWN) as conn:
        count = write_table(conn, TOWN, chosen, table, FileKind.CSV, tmp_path / "t.csv")
        write_table(conn, TOWN, chosen, table, FileKind.XLSX, tmp_path / "t.xlsx", lang="zh", header="zh")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == count + 1
    live = [
        cell for row in rows[1:] for cell in row if FORMULA_START.match(cell) and not cell.startswith("'") and not is_number(cell)
    ]
    assert live == []
    with zipfile.ZipFile(tmp_path / "t.xlsx") as book:
        for part in book.namelist():
            text = book.read(part).decode("utf-8", "replace")
            assert not re.search(r"<f[ >]|<hyperlink|TargetMode=\"External\"|<script", text), part


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
