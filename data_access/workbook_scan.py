"""What calamine does not tell about an XLSX sheet, found in its XML with a few searches.

A full parse would cost as much as reading the sheet; these searches take about a tenth of it. They are for kindness, not for
safety: an XML written to deceive them still meets the limits of the reading child.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from data_access.workbook_address import Cell, cell_name, column_index
from data_access.workbook_cells import CellFlag
from data_access.workbook_guard import Limits, WorkbookError


@dataclass(frozen=True)
class SheetScan:
    """What the XML of one sheet says beside its values; `formats` has the number format of cells that look unlike their value."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    flags: dict[Cell, CellFlag] = field(default_factory=dict)
    errors: dict[Cell, str] = field(default_factory=dict)
    formats: dict[Cell, str] = field(default_factory=dict)


# Each pattern starts with letters that must match, so that the search runs at the speed of memory; quotes are double by then.
ROW = re.compile(rb"<row\b[^>]*>")
ROW_NUMBER = re.compile(rb'<row\b[^>]*? r="(\d{1,9})"')
HIDDEN = re.compile(rb' hidden="(?:1|true)"')
COLUMN_SPAN = re.compile(rb'<col\b(?=[^>]* min="(\d{1,5})")(?=[^>]* max="(\d{1,5})")(?=[^>]* hidden="(?:1|true)")')
WIDE_REFERENCE = re.compile(rb' r="([A-Z]{2,3})\d')
FILLED_CELL = re.compile(rb'<c\b[^>]*? r="([A-Z]{1,3})(\d{1,9})"[^>]*(?<!/)>\s*<[vif]')
FORMULA = rb"<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*"
FORMULA_CELL = re.compile(rb"<c\b(?P<attributes>[^>]*)>\s*" + FORMULA + rb"(?:<v\b[^>]*/>|<v\b[^>]*>(?P<value>[^<]*)</v>)?")
ERROR_CELL = re.compile(rb'<c\b(?P<attributes>[^>]* t="e"[^>]*)>\s*(?:' + FORMULA + rb")?<v>(?P<value>[^<]*)</v>")
STYLED_CELL = re.compile(rb'<c\b(?=[^>]* r="([A-Z]{1,3})(\d{1,9})")[^>]* s="(\d{1,6})"')
REFERENCE = re.compile(rb' r="([A-Z]{1,3})(\d{1,9})"')
PREFIX = re.compile(rb"<(\w+:)worksheet\b")
BUILT_IN_PERCENT = {"9": "0%", "10": "0.00%"}
LOOK_MATTERS = re.compile(r"0{2,}|0(?:\.0+)?%")


def scan_sheets(data: bytes, limits: Limits) -> list[SheetScan]:
    """A scan of every sheet, in the order of the workbook; chart sheets give an empty one.

    Raises WorkbookError when a filled cell lies beyond the limits, or when rows stand out of order (a reader would lose some).
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sheets, recalculates = _sheet_parts(packed)
        looks = _looks(packed)
        return [_scan_sheet(name, packed.read(part), looks, recalculates, limits) for name, part in sheets]


def _sheet_parts(packed: zipfile.ZipFile) -> tuple[list[tuple[str, str]], bool]:
    """Name and part of every sheet; and whether the file asks to be calculated on opening: its formula values are made up."""
    book = _main_part(packed)
    folder, file = posixpath.split(book)
    targets = _relations(packed, f"{folder}/_rels/{file}.rels", folder)
    root = fromstring(packed.read(book))
    named = [(sheet.get("name", ""), _relation_id(sheet)) for sheet in _children(root, "sheets")]
    calculation = next((part for part in root if _local(part) == "calcPr"), None)
    recalculates = calculation is not None and calculation.get("fullCalcOnLoad") in {"1", "true"}
    return [(name, targets[identifier]) for name, identifier in named], recalculates


def _main_part(packed: zipfile.ZipFile) -> str:
    for relation in fromstring(packed.read("_rels/.rels")):
        if relation.get("Type", "").endswith("/officeDocument"):
            return str(relation.get("Target", "")).lstrip("/")
    return "xl/workbook.xml"


def _relations(packed: zipfile.ZipFile, part: str, folder: str) -> dict[str, str]:
    return {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        for relation in fromstring(packed.read(part))
    }


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(root: Element, name: str) -> Iterator[Element]:
    return (child for part in root if _local(part) == name for child in part)


def _relation_id(sheet: Element) -> str:
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")


def _looks(packed: zipfile.ZipFile) -> dict[str, str]:
    """Style number -> number format, for formats under which the value alone misleads: leading zeros and per cent."""
    if "xl/styles.xml" not in packed.namelist():
        return {}
    root = fromstring(packed.read("xl/styles.xml"))
    codes = BUILT_IN_PERCENT | {part.get("numFmtId", ""): part.get("formatCode", "") for part in _children(root, "numFmts")}
    used = [codes.get(part.get("numFmtId", ""), "") for part in _children(root, "cellXfs")]
    return {str(style): code for style, code in enumerate(used) if LOOK_MATTERS.fullmatch(code)}


def _scan_sheet(name: str, xml: bytes, looks: dict[str, str], recalculates: bool, limits: Limits) -> SheetScan:
    if prefix := PREFIX.search(xml[:2000]):
        xml = xml.replace(b"<" + prefix[1], b"<").replace(b"</" + prefix[1], b"</")
    if b"='" in xml:
        xml = xml.replace(b"'", b'"')
    rows = [int(number) for number in ROW_NUMBER.findall(xml)]
    if any(later <= earlier for earlier, later in pairwise(rows)):
        raise WorkbookError("workbook.rows_out_of_order", sheet=name)
    _check_filled(name, xml, rows, limits)
    errors = _find_errors(xml)
    flags = dict.fromkeys(errors, CellFlag.ERROR_VALUE) | dict.fromkeys(_find_uncalculated(xml, recalculates), CellFlag.NO_VALUE)
    return SheetScan(_find_hidden_rows(xml), _find_hidden_columns(xml), flags, errors, _find_formats(xml, looks))


def check_extent(name: str, last_row: int, last_column: int, limits: Limits) -> None:
    """Refuse a used area beyond the limits, by its last cell (row and column counted from 0)."""
    if last_row >= limits.rows or last_column >= limits.columns or (last_row + 1) * (last_column + 1) > limits.cells:
        place = {"sheet": name, "cell": cell_name(last_row + 1, last_column)}
        raise WorkbookError("workbook.far_cell", rows=limits.rows, columns=limits.columns, **place)


def _check_filled(name: str, xml: bytes, rows: list[int], limits: Limits) -> None:
    """Refuse filled cells beyond the limits; blank formatted ones are common and do no harm."""
    wide = {column_index(letters.decode()) for letters in set(WIDE_REFERENCE.findall(xml))}
    last_row, columns = max(rows, default=0), max(wide, default=25) + 1
    if last_row <= limits.rows and columns <= limits.columns and last_row * columns <= limits.cells:
        return
    filled = [(int(row), column_index(letters.decode())) for letters, row in FILLED_CELL.findall(xml)]
    far = [cell for cell in filled if cell[0] > limits.rows or cell[1] >= limits.columns]
    if not far and filled and max(filled)[0] * (max(column for _, column in filled) + 1) > limits.cells:
        far = [max(filled)]
    if far:
        allowed = {"rows": limits.rows, "columns": limits.columns}
        raise WorkbookError(_extent_key(filled, limits), sheet=name, cell=cell_name(*far[0]), **allowed)


def _extent_key(filled: list[Cell], limits: Limits) -> str:
    """A large table is told from a small one with a stray cell by how much of it is filled."""
    if len({row for row, _ in filled}) * 2 > limits.rows:
        return "workbook.too_many_rows"
    if len({column for _, column in filled}) * 2 > limits.columns:
        return "workbook.too_many_columns"
    return "workbook.far_cell"


def _cell(reference: re.Match[bytes]) -> Cell:
    return int(reference[2]), column_index(reference[1].decode())


def _find_hidden_rows(xml: bytes) -> frozenset[int]:
    if not HIDDEN.search(xml):
        return frozenset()
    tags = (match[0] for match in ROW.finditer(xml))
    numbers = (ROW_NUMBER.match(tag) for tag in tags if HIDDEN.search(tag))
    return frozenset(int(number[1]) for number in numbers if number)


def _find_hidden_columns(xml: bytes) -> tuple[tuple[int, int], ...]:
    return tuple((int(first) - 1, int(last) - 1) for first, last in COLUMN_SPAN.findall(xml))


def _find_errors(xml: bytes) -> dict[Cell, str]:
    if b' t="e"' not in xml:
        return {}
    found = ((REFERENCE.search(match["attributes"]), match["value"]) for match in ERROR_CELL.finditer(xml))
    return {_cell(reference): value.decode(errors="replace") for reference, value in found if reference}


def _find_uncalculated(xml: bytes, recalculates: bool) -> Iterator[Cell]:
    """Formulas without a stored value; an empty text result (`t="str"`) is a value.

    Libraries write 0 for every formula and ask for calculation on opening, so that 0 is no value either.
    """
    blank = {None, b"", b"0"} if recalculates else {None, b""}
    for match in FORMULA_CELL.finditer(xml) if b"<f" in xml else ():
        reference = REFERENCE.search(match["attributes"])
        if reference and match["value"] in blank and b' t="str"' not in match["attributes"]:
            yield _cell(reference)


def _find_formats(xml: bytes, looks: dict[str, str]) -> dict[Cell, str]:
    if not looks:
        return {}
    found = ((row, letters, looks.get(style.decode())) for letters, row, style in STYLED_CELL.findall(xml))
    return {(int(row), column_index(letters.decode())): look for row, letters, look in found if look}
