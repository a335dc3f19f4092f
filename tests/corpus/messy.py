"""Workbooks that must be read whole: odd in layout, writing or encoding, but right; or right but for single cells."""

from datetime import date
from typing import Any

from tests.corpus import packing, people
from tests.corpus.packing import biff_error, biff_hidden_column, biff_hidden_row, biff_number, cell_xml, rows_xml, sheet_xml
from tests.corpus.people import HEADERS, names, rows
from tests.corpus.specimen import PLAIN, Readable, Specimen, column_of, old, raw, table, text, write, xlsx


def titles() -> bytes:
    def dress(book: Any, page: Any) -> None:
        page.merge_range("A1:J1", "晨光镇2025年秋季学生基础信息台账", book.add_format({"align": "center", "bold": True}))
        page.write(1, 0, "填报单位：晨光小学　　填报时间：2025.9.10")

    return table(row=2, dress=dress)


def two_header_rows() -> bytes:
    def dress(book: Any, page: Any) -> None:
        page.merge_range("B1:E1", "学生情况")
        page.merge_range("F1:H1", "就读情况")
        page.merge_range("A1:A2", "序号")

    return table([["", *HEADERS[1:]], *rows(5)], row=1, dress=dress)


def merged_school() -> bytes:
    def dress(book: Any, page: Any) -> None:
        page.merge_range("F2:F6", people.SCHOOL)

    return table(dress=dress)


def other_sheets() -> bytes:
    def draw(book: Any) -> None:
        write(book.add_worksheet("填写说明"), [["请按学籍信息填写"], ["空格不得省略"]])
        for number in range(3):
            write(book.add_worksheet(f"{number + 1}班"), [HEADERS, *rows(5, number * 5 + 1)])

    return xlsx(draw)


def hidden_sheet(deep: bool) -> bytes:
    def draw(book: Any) -> None:
        write(book.add_worksheet("学生"), [HEADERS, *rows(3)])
        page = book.add_worksheet("转出")
        write(page, [HEADERS, *rows(2, 4)])
        page.very_hidden() if deep else page.hide()

    return xlsx(draw)


def hidden_lines() -> bytes:
    def dress(book: Any, page: Any) -> None:
        page.set_row(2, None, None, {"hidden": True})
        page.set_row(3, None, None, {"hidden": True})

    return table(dress=dress)


def formatted_to_the_end() -> bytes:
    """A clerk coloured the whole column: rows without content down to the last of the sheet."""
    return raw(sheet_xml(rows_xml(PLAIN) + "".join(f'<row r="{n}"><c r="C{n}" s="0"/></row>' for n in range(7, 1_048_577, 50))))


STYLES = (
    f'<styleSheet xmlns="{packing.MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="0000000000"/>'
    '<numFmt numFmtId="165" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/><xf numFmtId="165"/></cellXfs></styleSheet>'
)


def seen_otherwise() -> bytes:
    """Leading zeros, per cent and a month that are nothing but number formats."""
    odd = '<row r="7"><c r="A7" s="1"><v>123</v></c><c r="B7" s="2"><v>0.0039</v></c><c r="C7" s="3"><v>41713</v></c></row>'
    return raw(sheet_xml(rows_xml(PLAIN) + odd), styles=STYLES)


def dates() -> bytes:
    def dress(book: Any, page: Any) -> None:
        page.write(0, 10, "出生日期")
        forms = [date(2014, 3, 15), "2014.3", 201403, "二〇一四年三月", "2014-03-15"]
        for index, form in enumerate(forms, 1):
            if isinstance(form, date):
                page.write_datetime(index, 10, form, book.add_format({"num_format": "yyyy/m/d"}))
            else:
                page.write(index, 10, form)

    return table(dress=dress)


def prefixed() -> bytes:
    plain = sheet_xml(rows_xml(PLAIN)).replace("<worksheet xmlns=", "<worksheet xmlns:x=")
    body = plain.partition("?>")[2]
    return raw('<?xml version="1.0"?>' + body.replace("</", "<\0").replace("<", "<x:").replace("<x:\0", "</x:"))


def formulas(value: str, kind: str = "", book: str = "") -> bytes:
    cell = f'<row r="7"><c r="B7"{kind}><f>1+1</f>{value}</c></row>'
    return raw(sheet_xml(rows_xml(PLAIN) + cell), book=book)


def errors() -> bytes:
    return raw(
        sheet_xml(
            rows_xml(PLAIN) + '<row r="7"><c r="B7" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C7" t="e"><v>#N/A</v></c></row>'
        )
    )


RARE = ["𠮷丙", "㛃儿", "䶮某", "阿依·古丽", "欧阳" + "甲" * 30]
ODD_TEXT = ["NA", "无", "/", "—", "null"]
QUOTED = ['"张,三"', '"李\n四"', '"王""五"', "'=1+1", '="0012"']

MESSY = [
    Specimen("plain.xlsx", table, Readable(holds=tuple(rows(5)[4]))),
    Specimen("titles.xlsx", titles, Readable()),
    Specimen("two_header_rows.xlsx", two_header_rows, Readable()),
    Specimen("headers_with_breaks.xlsx", lambda: table([[f" {h[:2]}\n{h[2:]} " for h in HEADERS], *rows(5)]), Readable()),
    Specimen(
        "footnotes.xlsx", lambda: table([*PLAIN, [], ["注：以上信息已与学籍系统核对"], ["审核人：", "", "填表人："]]), Readable()
    ),
    Specimen("totals.xlsx", lambda: table([*PLAIN, ["合计", "5人"]]), Readable()),
    Specimen("merged_school.xlsx", merged_school, Readable()),
    Specimen("away_from_the_corner.xlsx", lambda: table(row=4, column=2), Readable()),
    Specimen("blank_rows.xlsx", lambda: table([HEADERS, *rows(2), [], [], *rows(3, 3)]), Readable()),
    Specimen("several_sheets.xlsx", other_sheets, Readable(names(15))),
    Specimen("hidden_sheet.xlsx", lambda: hidden_sheet(False), Readable(notes=("workbook.note.hidden_sheet",))),
    Specimen("very_hidden_sheet.xlsx", lambda: hidden_sheet(True), Readable(notes=("workbook.note.hidden_sheet",))),
    Specimen("hidden_rows.xlsx", hidden_lines, Readable(notes=("workbook.note.hidden_rows",))),
    Specimen(
        "hidden_columns.xlsx",
        lambda: table(dress=lambda book, page: page.set_column("D:E", None, None, {"hidden": True})),
        Readable(notes=("workbook.note.hidden_columns",)),
    ),
    Specimen("formatted_to_the_end.xlsx", formatted_to_the_end, Readable()),
    Specimen("dimension_too_small.xlsx", lambda: raw(sheet_xml(rows_xml(PLAIN), '<dimension ref="A1:B2"/>')), Readable()),
    Specimen("dimension_too_large.xlsx", lambda: raw(sheet_xml(rows_xml(PLAIN), '<dimension ref="A1:XFD1048576"/>')), Readable()),
    Specimen("prefixed_markup.xlsx", prefixed, Readable()),
    Specimen("single_quotes.xlsx", lambda: raw(sheet_xml(rows_xml(PLAIN)).replace('"', "'")), Readable()),
    Specimen("dates.xlsx", dates, Readable(holds=("2014-03-15", "2014.3", "201403", "二〇一四年三月"))),
    Specimen("seen_otherwise.xlsx", seen_otherwise, Readable(holds=("0000000123", "0.39%", "2014-03-15"))),
    Specimen("phone_as_number.xlsx", lambda: table(column_of(8, [11900001234] * 5)), Readable(holds=("11900001234",))),
    Specimen("booleans.xlsx", lambda: table(column_of(9, [True] * 5)), Readable(holds=("TRUE",))),
    Specimen("rare_characters.xlsx", lambda: table(column_of(1, RARE)), Readable(pupils=tuple(RARE))),
    Specimen(
        "control_characters.xlsx",
        lambda: raw(sheet_xml(rows_xml(PLAIN) + f'<row r="7">{cell_xml("B7", "张_x0001_三_x000D_")}</row>')),
        Readable(holds=("张三\n",)),
    ),
    Specimen("not_available.xlsx", lambda: table(column_of(9, ODD_TEXT)), Readable(holds=tuple(ODD_TEXT))),
    Specimen("full_width_digits.xlsx", lambda: table(column_of(0, "１２３４５")), Readable(holds=("１",))),
    Specimen("formula_with_value.xlsx", lambda: formulas("<v>2</v>"), Readable(holds=("2",))),
    Specimen("formula_with_empty_text.xlsx", lambda: formulas("<v></v>", ' t="str"'), Readable()),
    Specimen("header_only.xlsx", lambda: table([HEADERS]), Readable(pupils=())),
    Specimen("no_rows.xlsx", lambda: table([]), Readable(pupils=())),
    Specimen("named_like_xls.xls", table, Readable(notes=("workbook.note.renamed",))),
    Specimen("plain.xls", old, Readable()),
    Specimen(
        "hidden.xls",
        lambda: old(extra=biff_hidden_row(2) + biff_hidden_column(1)),
        Readable(notes=("workbook.note.hidden_rows", "workbook.note.hidden_columns")),
    ),
    Specimen("hidden_sheet.xls", lambda: old(hidden=[0]), Readable(notes=("workbook.note.hidden_sheet",))),
    Specimen("named_like_xlsx.xlsx", old, Readable(notes=("workbook.note.renamed",))),
    Specimen("utf8.csv", lambda: text("utf-8"), Readable()),
    Specimen("utf8_mark.csv", lambda: text("utf-8-sig"), Readable(holds=("序号",))),
    Specimen("gb18030.csv", lambda: text("gb18030"), Readable()),
    Specimen("gb18030_rare.csv", lambda: text("gb18030", column_of(1, RARE)), Readable(pupils=tuple(RARE))),
    Specimen("utf16_little.csv", lambda: text("utf-16-le", mark=b"\xff\xfe", delimiter="\t"), Readable(holds=("序号",))),
    Specimen("utf16_big.csv", lambda: text("utf-16-be", mark=b"\xfe\xff"), Readable(holds=("序号",))),
    Specimen("semicolons.csv", lambda: text("utf-8", delimiter=";"), Readable()),
    Specimen("tabs.txt", lambda: text("gb18030", delimiter="\t"), Readable()),
    Specimen("old_line_ends.csv", lambda: text("utf-8", end="\r"), Readable()),
    Specimen(
        "quoted.csv", lambda: text("utf-8", column_of(8, QUOTED)), Readable(holds=("张,三", "李\n四", '王"五', "=1+1", "0012"))
    ),
    Specimen("control_characters.csv", lambda: text("utf-8", column_of(8, ["张\x01三", *"abcd"])), Readable(holds=("张三",))),
    Specimen("named_like_workbook.xls", lambda: text("gb18030", delimiter="\t"), Readable(notes=("workbook.note.renamed",))),
]

# Readable, but some cells cannot be trusted

ASKS_TO_CALCULATE = '<calcPr calcId="124519" fullCalcOnLoad="1"/>'
NO_VALUE = Readable(flags=(("学生", "B7", "no_value"),))
LONG = [350430201403150012.0] * 5
SCIENTIFIC = ["9.99999E+17"] * 5

FLAGGED = [
    Specimen("formula_without_value.xlsx", lambda: formulas(""), NO_VALUE),
    Specimen("formula_with_blank_value.xlsx", lambda: formulas("<v></v>"), NO_VALUE),
    Specimen("formula_written_by_a_library.xlsx", lambda: formulas("<v>0</v>", book=ASKS_TO_CALCULATE), NO_VALUE),
    Specimen(
        "error_values.xlsx",
        errors,
        Readable(flags=(("学生", "B7", "error_value"), ("学生", "C7", "error_value")), holds=("#DIV/0!", "#N/A")),
    ),
    Specimen(
        "error_values.xls",
        lambda: old(extra=biff_error(6, 1, 0x17)),
        Readable(flags=(("表1", "B7", "error_value"),), holds=("#REF!",)),
    ),
    Specimen(
        "ids_as_numbers.xlsx",
        lambda: table(column_of(3, LONG)),
        Readable(flags=tuple(("学生", f"D{row}", "damaged_number") for row in range(2, 7)), holds=("3.50430E+17",)),
    ),
    Specimen(
        "ids_as_numbers.xls",
        lambda: old(extra=biff_number(6, 3, LONG[0])),
        Readable(flags=(("表1", "D7", "damaged_number"),)),
    ),
    Specimen(
        "ids_saved_by_excel.csv",
        lambda: text("gb18030", column_of(3, SCIENTIFIC)),
        Readable(flags=tuple(("", f"D{row}", "damaged_number") for row in range(2, 7))),
    ),
]
