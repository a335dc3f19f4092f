from pathlib import Path

import openpyxl
import pytest

from data_access.workbook_in import WorkbookError
from data_access.workbook_notes import MARK, CellNote, annotate
from tests.corpus.packing import rows_xml, sheet_xml, xlsx_parts, zip_parts
from tests.corpus.people import HEADERS, SCHOOL
from tests.corpus.specimen import PLAIN, old, table, text

NOTES = [CellNote("学生", 3, 3, "校验位不对。"), CellNote("学生", 3, 3, "请核对户口簿。"), CellNote("学生", 9, 11, "缺少备注。")]


def annotated(folder: Path, data: bytes, name: str, notes: list[CellNote]) -> openpyxl.Workbook:
    (folder / name).write_bytes(data)
    out = folder / "copy.xlsx"
    assert annotate(folder / name, notes, out) == len({(note.sheet, note.row_number, note.column) for note in notes})
    return openpyxl.load_workbook(out)


def assert_marked(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
    comments = {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    assert comments == {"D3": "校验位不对。\n请核对户口簿。", "L9": "缺少备注。"}
    marked = {cell.coordinate for row in page.iter_rows() for cell in row if cell.fill.fgColor.rgb[2:] == MARK}
    assert marked == set(comments)


def test_a_copy_keeps_its_look_and_says_what_is_wrong(tmp_path: Path) -> None:
    def dress(book: object, page: object) -> None:
        page.write_formula("A8", "=1+1", None, 2)  # type: ignore[attr-defined]
        page.data_validation("C2:C9", {"validate": "list", "source": ["男", "女"]})  # type: ignore[attr-defined]

    page = annotated(tmp_path, table(dress=dress), "in.xlsx", NOTES)["学生"]
    assert_marked(page)
    assert [cell.value for cell in page[1]][: len(HEADERS)] == HEADERS
    assert page["A8"].value == "=1+1"
    assert len(page.data_validations.dataValidation) == 1


@pytest.mark.parametrize(("name", "data", "sheet"), [("in.csv", text("gb18030"), ""), ("in.xls", old(), "表1")])
def test_of_other_kinds_the_texts_are_copied(name: str, data: bytes, sheet: str, tmp_path: Path) -> None:
    notes = [CellNote(sheet, note.row_number, note.column, note.text) for note in NOTES]
    page = annotated(tmp_path, data, name, notes).worksheets[0]
    assert_marked(page)
    assert [[cell.value for cell in row[: len(HEADERS)]] for row in page.iter_rows(max_row=6)] == PLAIN


def test_in_a_merged_area_the_cell_that_can_be_seen_is_marked(tmp_path: Path) -> None:
    data = table(dress=lambda book, page: page.merge_range("F2:F6", SCHOOL))
    page = annotated(tmp_path, data, "in.xlsx", [CellNote("学生", 4, 5, "学校不存在。")])["学生"]
    assert page["F2"].comment.text == "学校不存在。"


def test_an_unsafe_workbook_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    xml = sheet_xml(rows_xml(PLAIN)).replace("<worksheet", "<!DOCTYPE x []><worksheet")
    (tmp_path / "in.xlsx").write_bytes(zip_parts(xlsx_parts(xml)))
    with pytest.raises(WorkbookError) as refused:
        annotate(tmp_path / "in.xlsx", NOTES, tmp_path / "copy.xlsx", name="台账.xlsx")
    assert (refused.value.key, refused.value.params["file"]) == ("workbook.doctype", "台账.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["in.xlsx"]
