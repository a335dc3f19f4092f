import io
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from data_access import workbook_in
from data_access.workbook_in import LIMITS, FileKind, WorkbookError, ask_child, read_workbook
from tests.corpus.packing import rows_xml, sheet_xml, xlsx_parts, zip_parts
from tests.corpus.specimen import PLAIN, old, table, text


def saved(folder: Path, data: bytes, name: str = "book.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_sheet_starts_at_its_first_filled_row_and_at_column_a(tmp_path: Path) -> None:
    sheet = read_workbook(saved(tmp_path, table([["x", "y"], [], ["z"]], row=4, column=2))).sheets[0]
    assert sheet.first_row_number == 5
    assert sheet.rows == [[None, None, "x", "y"], [None] * 4, [None, None, "z", None]]
    assert (sheet.name, sheet.hidden) == ("学生", False)


def test_merged_areas_are_told_in_the_same_numbers_as_flags(tmp_path: Path) -> None:
    data = table([["a"], ["b"]], dress=lambda book, page: page.merge_range("B2:C5", "m"))
    sheet = read_workbook(saved(tmp_path, data)).sheets[0]
    assert sheet.merged == ((2, 1, 5, 2),)
    assert sheet.rows == [["a", None], ["b", "m"]]


def test_hidden_columns_beyond_the_table_are_no_news(tmp_path: Path) -> None:
    data = table([["a", "b"]], dress=lambda book, page: page.set_column("B:XFD", None, None, {"hidden": True}))
    assert read_workbook(saved(tmp_path, data)).sheets[0].hidden_columns == {1}


def test_hidden_rows_without_content_are_no_news(tmp_path: Path) -> None:
    cells = rows_xml([["a"], ["b"]]).replace('<row r="2"', '<row r="2" hidden="1"') + '<row r="3" hidden="1"/>'
    assert read_workbook(saved(tmp_path, zip_parts(xlsx_parts(sheet_xml(cells))))).sheets[0].hidden_rows == {2}


def test_days_counted_from_1904(tmp_path: Path) -> None:
    parts = xlsx_parts(sheet_xml('<row r="1"><c r="A1" s="1"><v>1</v></c></row>'), styles="-")
    styles = '<styleSheet xmlns="{}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    book = str(parts["xl/workbook.xml"]).replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    data = zip_parts(parts | {"xl/styles.xml": styles.format(main), "xl/workbook.xml": book})
    assert read_workbook(saved(tmp_path, data)).sheets[0].rows == [["1904-01-02"]]


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [(table(), "a.xlsx", FileKind.XLSX), (old(), "a.xls", FileKind.XLS), (text("gb18030"), "a.csv", FileKind.CSV)],
)
def test_the_kind_is_that_of_the_content(data: bytes, name: str, kind: FileKind, tmp_path: Path) -> None:
    book = read_workbook(saved(tmp_path, data, "upload.tmp"), name=f"C/{name}")
    assert (book.kind, book.file, book.notes) == (kind, name, ())


def test_a_workbook_saved_by_another_library_reads_the_same(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    book = openpyxl.Workbook()
    for line in PLAIN:
        book.active.append(line)
    book.save(buffer)
    assert read_workbook(saved(tmp_path, buffer.getvalue())).sheets[0].rows == PLAIN


def test_limits_are_those_given(tmp_path: Path) -> None:
    path = saved(tmp_path, table())
    for tight, key in [
        ({"file_bytes": 100}, "workbook.too_large"),
        ({"entries": 3}, "workbook.bomb"),
        ({"unpacked_bytes": 100}, "workbook.bomb"),
        ({"rows": 5}, "workbook.too_many_rows"),
        ({"columns": 9}, "workbook.too_many_columns"),
        ({"cells": 59}, "workbook.far_cell"),
        ({"sheets": 0}, "workbook.too_many_sheets"),
    ]:
        with pytest.raises(WorkbookError) as refused:
            read_workbook(path, limits=replace(LIMITS, **tight))
        assert refused.value.key == key
    assert read_workbook(path, limits=replace(LIMITS, rows=6, columns=10, cells=60, sheets=1)).sheets[0].rows == PLAIN


def test_formulas_and_flags_lie_where_people_see_them(tmp_path: Path) -> None:
    cells = '<row r="3"><c r="AB3"><f>A1</f></c></row>'
    sheet = read_workbook(saved(tmp_path, zip_parts(xlsx_parts(sheet_xml(rows_xml([["a"]]) + cells))))).sheets[0]
    assert sheet.flags == {(3, 27): "no_value"}


CHILDREN = {
    "aborts": "import os, signal; os.kill(os.getpid(), signal.SIGABRT)",
    "stops_halfway": 'print(\'{"sheet": "a", "hidden": false}\'); print(\'["1"]\')',
    "sleeps": "import time; time.sleep(60)",
    "tells_its_surroundings": "import os, json; print(json.dumps(dict(os.environ))); print('{\"end\": true}')",
}


def make_child(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(workbook_in, "ROOT", folder)
    (folder / f"{name}.py").write_text(CHILDREN[name], encoding="utf-8")
    return folder / f"{name}.py"


@pytest.mark.parametrize(
    ("name", "key"), [("aborts", "workbook.too_heavy"), ("stops_halfway", "workbook.broken"), ("sleeps", "workbook.too_heavy")]
)
def test_a_child_that_dies_gives_a_problem_and_no_rows(
    name: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_child(name, tmp_path, monkeypatch)
    started = time.monotonic()
    with pytest.raises(WorkbookError) as refused:
        list(ask_child(name, path, replace(LIMITS, seconds=1)))
    assert refused.value.key == key
    assert time.monotonic() - started < 20


def test_a_child_learns_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    path = make_child("tells_its_surroundings", tmp_path, monkeypatch)
    assert "secret" not in json.dumps(list(ask_child("tells_its_surroundings", path, LIMITS)))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux caps the address space of a process")
def test_memory_is_capped(tmp_path: Path) -> None:
    lines = rows_xml([["x" * 50] * 20] * 10_000)
    path = saved(tmp_path, zip_parts(xlsx_parts(sheet_xml(lines))))
    with pytest.raises(WorkbookError) as refused:
        read_workbook(path, limits=replace(LIMITS, memory_bytes=50 * 1024**2))
    assert refused.value.key == "workbook.too_heavy"
    assert len(read_workbook(path).sheets[0].rows) == 10_000
