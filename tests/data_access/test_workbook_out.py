import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from data_access import workbook_out
from data_access.workbook_columns import OutColumn, OutSheet, written_text
from data_access.workbook_in import read_workbook
from data_access.workbook_out import Cover, write_xlsx

COVER = Cover(
    "个案台账", "晨光镇，逾期", date(2025, 3, 1), "demo-county", datetime(2025, 3, 2, 1, 30, tzinfo=UTC), "演示数据 合成"
)
COLUMNS = [
    OutColumn("id_no", "身份证号", "ID number", definition_zh="末四位", definition_en="last four"),
    OutColumn("name", "学生姓名", "Name", width=9),
    OutColumn("days", "天数", "Days", "integer"),
    OutColumn("rate", "辍学率", "Rate", "fraction"),
    OutColumn("opened_on", "立案日期", "Opened", "date"),
    OutColumn("seen_at", "时间", "Seen", "datetime"),
    OutColumn("overdue", "逾期", "Overdue", "boolean"),
]
ROW = ("999999201403151234", "张三", -3, Fraction(39, 10_000), date(2025, 3, 1), datetime(2025, 3, 1, 8, 30), True)
TEXT = [OutColumn("remark", "备注", "Remark")]


def written(folder: Path, rows: object, columns: list[OutColumn] = COLUMNS, lang: str = "zh") -> openpyxl.Workbook:
    out = folder / "out.xlsx"
    write_xlsx(out, COVER, [OutSheet("个案", columns, rows)], lang)  # type: ignore[arg-type]
    return openpyxl.load_workbook(out)


def test_values_keep_their_kind(tmp_path: Path) -> None:
    page = written(tmp_path, [ROW, (None,) * 7])["个案"]
    assert [cell.value for cell in page[1]] == ["身份证号", "学生姓名", "天数", "辍学率", "立案日期", "时间", "逾期"]
    values = [cell.value for cell in page[2]]
    assert values == ["999999201403151234", "张三", -3, 0.0039, datetime(2025, 3, 1), datetime(2025, 3, 1, 8, 30), "是"]
    assert [cell.data_type for cell in page[2]] == ["s", "s", "n", "n", "d", "d", "s"]
    assert isinstance(values[2], int)
    formats = ["@", "@", "0", "0.00%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "@"]
    assert [cell.number_format for cell in page[2]] == formats
    assert page.dimensions == "A1:G2"  # the blank row has no cells


def test_the_sheet_is_ready_to_read_filter_and_print(tmp_path: Path) -> None:
    page = written(tmp_path, [ROW] * 30)["个案"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:G31"
    assert page.print_title_rows == "$1:$1"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert (page.sheet_properties.pageSetUpPr.fitToPage, page.page_setup.fitToHeight) == (True, 0)
    assert "demo-county" in page.oddHeader.right.text
    widths = [page.column_dimensions[letter].width for letter in "ABE"]
    assert widths == [pytest.approx(width, abs=1) for width in (20, 9, 12)]


def test_readers_that_trust_the_stated_size_miss_no_row(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "out.xlsx", COVER, [OutSheet("个案", TEXT, [("x",)] * 30)])
    book = openpyxl.load_workbook(tmp_path / "out.xlsx", read_only=True)
    assert len(list(book["个案"].iter_rows())) == 31
    book.close()


@pytest.mark.parametrize(("lang", "sheet", "definition"), [("zh", "说明", "末四位"), ("en", "About", "last four")])
def test_the_cover_says_what_this_is(lang: str, sheet: str, definition: str, tmp_path: Path) -> None:
    book = written(tmp_path, [ROW] * 3, lang=lang)
    assert book.sheetnames == [sheet, "个案"]
    told = [str(cell.value) for row in book[sheet].iter_rows() for cell in row if cell.value is not None]
    expected = {"个案台账", "晨光镇，逾期", "2025-03-01", "3", "demo-county", "2025-03-02 09:30:00", "id_no", definition}
    assert expected <= set(told)
    assert "演示数据 合成" in told[1]


def test_a_long_table_goes_on_in_the_next_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_out, "ROWS_PER_SHEET", 2)
    book = written(tmp_path, [(str(number),) for number in range(5)], TEXT)
    assert book.sheetnames == ["说明", "个案", "个案 (2)", "个案 (3)"]
    pages = [[cell.value for cell in book[name]["A"]] for name in book.sheetnames[1:]]
    assert pages == [["备注", "0", "1"], ["备注", "2", "3"], ["备注", "4"]]


@pytest.mark.parametrize("count", [0, 2])
def test_a_full_or_empty_table_opens_no_extra_sheet(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_out, "ROWS_PER_SHEET", 2)
    assert written(tmp_path, iter([("x",)] * count), TEXT).sheetnames == ["说明", "个案"]


@pytest.mark.parametrize("name", ["a[b]:*?/\\c", "'" + "长" * 40])
def test_any_name_makes_a_sheet(name: str, tmp_path: Path) -> None:
    write_xlsx(tmp_path / "out.xlsx", COVER, [OutSheet(name, TEXT, [("x",)])])
    assert len(openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames[1]) <= 31


@pytest.mark.parametrize("text", ["=1+1", "{=1}", "https://example.invalid", "internal:A1", "+1", "@SUM(1)", "<b>&amp;"])
def test_text_never_becomes_a_formula_or_a_link(text: str, tmp_path: Path) -> None:
    page = written(tmp_path, [(text,)], TEXT)["个案"]
    assert (page["A2"].value, page["A2"].data_type, page["A2"].hyperlink) == (text, "s", None)
    with zipfile.ZipFile(tmp_path / "out.xlsx") as packed:
        assert not any(b"<f>" in packed.read(name) or b"<hyperlink" in packed.read(name) for name in packed.namelist())


@pytest.mark.parametrize("value", ["未报", float("nan"), float("inf")])
@pytest.mark.parametrize("column", COLUMNS[2:6])
def test_what_does_not_fit_its_column_stays_text(column: OutColumn, value: object, tmp_path: Path) -> None:
    cell = written(tmp_path, [(value,)], [column])["个案"]["A2"]
    assert (cell.value, cell.data_type) == (str(value), "s")


@pytest.mark.parametrize("day", [date(1900, 2, 28), date(1850, 1, 1)])
def test_days_before_excel_can_count_stay_text(day: date, tmp_path: Path) -> None:
    assert written(tmp_path, [(day,)], [COLUMNS[4]])["个案"]["A2"].value == day.isoformat()


@given(day=st.dates(date(1900, 3, 1), date(2200, 1, 1)))
@settings(max_examples=20)
def test_days_come_back(day: date, tmp_path_factory: pytest.TempPathFactory) -> None:
    page = written(tmp_path_factory.mktemp("day"), [(day,)], [COLUMNS[4]])["个案"]
    assert page["A2"].value == datetime(day.year, day.month, day.day)


@given(texts=st.lists(st.text(min_size=1) | st.text("_x0041\r\n\t <&'\x01", min_size=1), min_size=1, max_size=40))
@example(texts=["_x0041_", "__x0041__"])
@settings(max_examples=40)
def test_texts_come_back_without_what_no_file_may_hold(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("texts") / "out.xlsx"
    rows = [(f"｜{text}｜",) for text in texts]
    assert write_xlsx(out, COVER, [OutSheet("个案", TEXT, iter(rows))]) == len(texts)
    with load_workbook(str(out)) as book:
        back = book.get_sheet_by_name("个案").to_python()
    assert back == [["备注"], *([written_text(row[0])] for row in rows)]


def test_what_is_written_can_be_read_in_again(tmp_path: Path) -> None:
    written(tmp_path, [ROW])
    sheet = read_workbook(tmp_path / "out.xlsx").sheets[1]
    seen = ["999999201403151234", "张三", "-3", "0.39%", "2025-03-01", "2025-03-01 08:30:00", "是"]
    assert (sheet.name, sheet.rows[1], sheet.flags) == ("个案", seen, {})


def test_a_failing_row_leaves_nothing_behind(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[str]]:
        yield ("one",)
        raise RuntimeError("connection lost")

    with pytest.raises(RuntimeError):
        write_xlsx(tmp_path / "lost.xlsx", COVER, [OutSheet("个案", TEXT, rows())])
    assert list(tmp_path.iterdir()) == []
