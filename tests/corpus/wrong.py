"""Workbooks that must be refused: broken, dangerous, too large, or no workbooks at all."""

import xlsxwriter

from tests.corpus import packing
from tests.corpus.packing import biff_record, biff_text, ole_file, rows_xml, sheet_xml, xlsx_parts, zip_parts
from tests.corpus.people import rows
from tests.corpus.specimen import PLAIN, Refused, Specimen, changed, column_of, old, raw, table, text, with_part

HTML = "<html><head><meta charset='gb2312'></head><body><table><tr><td>姓名</td></tr></table></body></html>"
XML_2003 = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(9))
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
STRAY = '<row r="99999"><c r="IV99999"><v>1</v></c></row>'
DISGUISED_FAR = '<row  r = "1048576"><c  r = "XFD1048576"><v>1</v></c></row>'
DOC_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
SHEET_1 = "xl/worksheets/sheet1.xml"


def typed(content_type: str) -> bytes:
    return changed("[Content_Types].xml", f"{packing.SHEET_TYPE}.sheet.main+xml", content_type)


def with_doctype(doctype: str, value: str) -> bytes:
    body = sheet_xml(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{value}</t></is></c></row>')
    return raw(body.replace("<worksheet", f"{doctype}<worksheet", 1))


def locked_entry() -> bytes:
    data = bytearray(table())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(signature) + at] |= 1
    return bytes(data)


def many_entries() -> bytes:
    return zip_parts(xlsx_parts(sheet_xml(rows_xml(PLAIN))) | {f"customXml/item{n}.xml": "<a/>" for n in range(10_001)})


def wide(columns: int) -> bytes:
    line = "".join(f'<c r="{packing_letters(column)}1"><v>1</v></c>' for column in range(columns))
    return raw(sheet_xml(f'<row r="1">{line}</row>'))


def packing_letters(column: int) -> str:
    return xlsxwriter.utility.xl_col_to_name(column)


def tall(count: int) -> bytes:
    return raw(sheet_xml("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, count + 1))))


def lying_zip() -> bytes:
    """The directory says the sheet is small; it is not."""
    data = bytearray(with_part("xl/media/a.xml", b" " * 50_000_000))
    at = data.rfind(b"xl/media/a.xml") - 46
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


WRONG = [
    Specimen("empty.xlsx", lambda: b"", Refused("workbook.empty")),
    Specimen("blank.csv", lambda: b"\r\n \r\n", Refused("workbook.empty")),
    Specimen("truncated.xlsx", lambda: table()[:-200], Refused("workbook.broken")),
    Specimen("half.xlsx", lambda: table()[: len(table()) // 2], Refused("workbook.broken")),
    Specimen("truncated.xls", lambda: old()[:1500], Refused("workbook.broken")),
    Specimen("damaged_inside.xlsx", lambda: changed(SHEET_1, "</row>", "</r"), Refused("workbook.broken")),
    Specimen("missing_sheet.xlsx", lambda: changed("xl/_rels/workbook.xml.rels", "sheet1", "sheet9"), Refused("workbook.broken")),
    Specimen("html_as.xls", lambda: HTML.encode("gb18030"), Refused("workbook.web_page")),
    Specimen("html_with_mark.xls", lambda: b"\xef\xbb\xbf\r\n" + HTML.encode(), Refused("workbook.web_page")),
    Specimen("html_utf16.xls", lambda: HTML.encode("utf-16"), Refused("workbook.web_page")),
    Specimen("xml_2003.xls", XML_2003.encode, Refused("workbook.web_page")),
    Specimen("saved_page.xls", lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related", Refused("workbook.web_page")),
    Specimen("encrypted.xlsx", lambda: ole_file({"EncryptionInfo": b"", "EncryptedPackage": b""}), Refused("workbook.encrypted")),
    Specimen("encrypted.xls", lambda: old(globals_extra=biff_record(0x2F, bytes(54))), Refused("workbook.encrypted")),
    Specimen("encrypted_entry.xlsx", locked_entry, Refused("workbook.encrypted")),
    Specimen("macro.xlsm", lambda: with_part("xl/vbaProject.bin", b"x"), Refused("workbook.macro")),
    Specimen("macro_type.xlsx", lambda: typed(MACRO_TYPE), Refused("workbook.macro")),
    Specimen("macro_sheet.xlsx", lambda: with_part("xl/macrosheets/sheet1.xml", "<a/>"), Refused("workbook.macro")),
    Specimen("macro.xls", lambda: ole_file({"Workbook": b"", "_VBA_PROJECT_CUR": b""}), Refused("workbook.macro")),
    Specimen("zip_bomb.xlsx", lambda: with_part("xl/comments1.xml", b" " * 100_000_000), Refused("workbook.bomb")),
    Specimen("lying_zip.xlsx", lying_zip, Refused("workbook.broken")),
    Specimen("many_entries.xlsx", many_entries, Refused("workbook.bomb")),
    Specimen("far_cell.xlsx", lambda: raw(sheet_xml(rows_xml(PLAIN) + FAR)), Refused("workbook.far_cell", "学生", "XFD1048576")),
    Specimen("stray_cell.xlsx", lambda: raw(sheet_xml(rows_xml(PLAIN) + STRAY)), Refused("workbook.far_cell", "学生", "IV99999")),
    Specimen("disguised_far_cell.xlsx", lambda: raw(sheet_xml(rows_xml(PLAIN) + DISGUISED_FAR)), Refused("workbook.too_heavy")),
    Specimen("far_cell.xls", lambda: old(extra=biff_text(65_535, 255, "x")), Refused("workbook.far_cell", "表1", "IV65536")),
    Specimen("billion_laughs.xlsx", lambda: with_doctype(f"<!DOCTYPE l [{LAUGHS}]>", "&l8;"), Refused("workbook.doctype")),
    Specimen(
        "outside_entity.xlsx",
        lambda: with_doctype('<!DOCTYPE x SYSTEM "file:///etc/hostname">', "x"),
        Refused("workbook.doctype"),
    ),
    Specimen(
        "doctype_in_strings.xlsx", lambda: with_part("xl/sharedStrings.xml", "<!DOCTYPE x []><sst/>"), Refused("workbook.doctype")
    ),
    Specimen(
        "utf16_markup.xlsx", lambda: with_part("xl/sharedStrings.xml", "<sst/>".encode("utf-16")), Refused("workbook.doctype")
    ),
    Specimen(
        "rows_out_of_order.xlsx",
        lambda: raw(sheet_xml(rows_xml(PLAIN[:3], 4) + rows_xml(PLAIN[3:]))),
        Refused("workbook.rows_out_of_order", "学生"),
    ),
    Specimen("letter.xlsx", lambda: typed(DOC_TYPE), Refused("workbook.unknown_kind")),
    Specimen("binary_workbook.xlsb", lambda: with_part("xl/workbook.bin", b"x"), Refused("workbook.unknown_kind")),
    Specimen("some_zip.xlsx", lambda: zip_parts({"a.txt": "a"}), Refused("workbook.unknown_kind")),
    Specimen("letter.doc.xls", lambda: ole_file({"WordDocument": b""}), Refused("workbook.unknown_kind")),
    Specimen("print.pdf.xlsx", lambda: b"%PDF-1.7\n", Refused("workbook.unknown_kind")),
    Specimen("photo.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), Refused("workbook.unknown_kind")),
    Specimen("too_many_rows.xlsx", lambda: tall(100_001), Refused("workbook.too_many_rows", "学生", "A100001")),
    Specimen("too_many_columns.xlsx", lambda: wide(300), Refused("workbook.too_many_columns", "学生", "IW1")),
    Specimen(
        "too_many_sheets.xlsx",
        lambda: raw(*[sheet_xml("")] * 101, names=[f"表{n}" for n in range(101)]),
        Refused("workbook.too_many_sheets"),
    ),
    Specimen("too_many_rows.csv", lambda: b"1\n" * 100_001, Refused("workbook.too_many_rows")),
    Specimen("too_many_columns.csv", lambda: b"1," * 300, Refused("workbook.too_many_columns")),
    Specimen("too_large.csv", lambda: b"1234567,1\n" * 2_200_000, Refused("workbook.too_large")),
    Specimen("mixed_encodings.csv", lambda: text("gb18030") + text("utf-8", rows(3, 6)), Refused("workbook.mixed_encoding")),
    Specimen("mark_and_gb18030.csv", lambda: b"\xef\xbb\xbf" + text("gb18030"), Refused("workbook.encoding")),
    Specimen("cut_character.csv", lambda: text("utf-8").rstrip()[:-1], Refused("workbook.mixed_encoding")),
    Specimen("bad_line.csv", lambda: text("utf-8") + b"\xff\xff,\x80\n", Refused("workbook.mixed_encoding")),
    Specimen("no_encoding.csv", lambda: b"\xff\xff,\x80\n", Refused("workbook.encoding")),
    Specimen("unclosed_quote.csv", lambda: text("utf-8", column_of(8, ['"张三', *"abcd"])), Refused("workbook.quotes")),
    Specimen("zeros.csv", lambda: text("utf-8") + b"\0\0\0\0", Refused("workbook.unknown_kind")),
]
