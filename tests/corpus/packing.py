"""Workbooks down to the byte: raw XLSX parts, compound files and BIFF8 records, so that each can be wrong in just one way."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OLE_SECTOR = 512


def zip_parts(parts: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def xlsx_parts(*sheets: str, names: Sequence[str] = ("学生",), styles: str = "", book: str = "") -> dict[str, bytes | str]:
    """The parts of a workbook with these sheet XMLs; `book` goes into workbook.xml after the sheets."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(numbers, names, strict=True))
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>' for n in numbers
    )
    if styles:
        targets += f'<Relationship Id="rIdS" Type="{RELATIONS}/styles" Target="styles.xml"/>'
        types += f'<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPE}.styles+xml"/>'
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets>{book}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{targets}</Relationships>',
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": xml for n, xml in zip(numbers, sheets, strict=True)}
    return parts | ({"xl/styles.xml": styles} if styles else {})


def sheet_xml(data: str, before: str = "", after: str = "") -> str:
    start = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">'
    return f"{start}{before}<sheetData>{data}</sheetData>{after}</worksheet>"


def cell_xml(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def rows_xml(rows: Sequence[Sequence[str]], first: int = 1) -> str:
    """At most 26 columns of text."""
    lines = (
        "".join(cell_xml(f"{chr(65 + column)}{number}", text) for column, text in enumerate(row) if text)
        for number, row in enumerate(rows, first)
    )
    return "".join(f'<row r="{number}">{line}</row>' for number, line in enumerate(lines, first))


def ole_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (MS-CFB, version 3) with streams of at least 4,096 bytes each, one FAT sector, at most 3 streams."""
    padded = {name: stream.ljust(4096, b"\0") for name, stream in streams.items()}
    fat = [0xFFFFFFFD, 0xFFFFFFFE]
    entries = [_ole_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for index, (name, stream) in enumerate(padded.items(), 1):
        entries.append(_ole_entry(name, 2, len(fat), len(stream), right=index + 1 if index < len(padded) else 0xFFFFFFFF))
        count = -(-len(stream) // OLE_SECTOR)
        fat += [*range(len(fat) + 1, len(fat) + count), 0xFFFFFFFE]
    if len(fat) > 128:
        raise ValueError("too large for one FAT sector")
    fat += [0xFFFFFFFF] * (128 - len(fat))
    shape = (62, 3, 0xFFFE, 9, 6), (0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header = struct.pack("<8s16s5H6x9I", bytes.fromhex("d0cf11e0a1b11ae1"), b"", *shape[0], *shape[1])
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    body = b"".join(stream.ljust(-(-len(stream) // OLE_SECTOR) * OLE_SECTOR, b"\0") for stream in padded.values())
    return header + struct.pack("<128I", *fat) + b"".join(entries).ljust(OLE_SECTOR, b"\0") + body


def _ole_entry(name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    encoded = name.encode("utf-16-le")
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB3I", len(encoded) + 2, kind, 1, 0xFFFFFFFF, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def biff_record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def biff_text(row: int, column: int, text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return biff_record(0x0204, struct.pack("<4HB", row, column, 0, len(encoded) // 2, 1) + encoded)


def biff_number(row: int, column: int, value: float) -> bytes:
    return biff_record(0x0203, struct.pack("<3Hd", row, column, 0, value))


def biff_error(row: int, column: int, code: int) -> bytes:
    return biff_record(0x0205, struct.pack("<3HBB", row, column, 0, code, 1))


def biff_hidden_row(row: int) -> bytes:
    return biff_record(0x0208, struct.pack("<8H", row, 0, 1, 255, 0, 0, 0x20, 0))


def biff_hidden_column(column: int) -> bytes:
    return biff_record(0x007D, struct.pack("<6H", column, column, 2048, 0, 1, 0))


def xls_file(*sheets: bytes, hidden: Sequence[int] = (), globals_extra: bytes = b"") -> bytes:
    """An XLS whose sheets are these cell records; `hidden` are indexes of hidden sheets."""
    start = biff_record(0x0809, struct.pack("<4H2I", 0x0600, 0x0005, 0, 0, 0, 0)) + globals_extra
    names = [f"表{number}".encode("utf-16-le") for number in range(1, len(sheets) + 1)]
    at = len(start) + sum(4 + 8 + len(name) for name in names) + 4
    listed, bodies = b"", b""
    for number, (name, cells) in enumerate(zip(names, sheets, strict=True)):
        state = 1 if number in hidden else 0
        listed += biff_record(0x0085, struct.pack("<IBBBB", at + len(bodies), state, 0, len(name) // 2, 1) + name)
        bodies += biff_record(0x0809, struct.pack("<4H2I", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + biff_record(0x000A)
    return ole_file({"Workbook": start + listed + biff_record(0x000A) + bodies})
