"""The rows of a ledger in a workbook: header found, cells read, everything wrong noted where it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from data_access.import_result import HeaderColumn, ImportProblem
from data_access.workbook_in import CellFlag, Sheet, cell_name
from domain.faults import Fault
from domain.header_match import HeaderMatch
from domain.identifiers import RegistryNumber
from domain.ledgers import Kind
from domain.masking import PiiKind, mask
from domain.plain_text import fold_text
from domain.row_reader import RowReader
from domain.sheet_rows import Row, is_blank_row, is_footer

MASKS = {
    Kind.NAME: PiiKind.NAME,
    Kind.ID: PiiKind.ID_NO,
    Kind.REGISTRY: PiiKind.REGISTRY_NO,
    Kind.PHONE: PiiKind.PHONE,
    Kind.ADDRESS: PiiKind.ADDRESS,
}
FLAG_FAULTS = {
    CellFlag.DAMAGED_NUMBER: "id.number_cell",
    CellFlag.NO_VALUE: "cell.formula_without_value",
    CellFlag.ERROR_VALUE: "cell.formula_error",
}


@dataclass
class LedgerRow:
    """One record of a sheet: what was read, and the faults found so far by field."""

    sheet: "LedgerSheet"
    number: int
    values: dict[str, Any]
    faults: dict[str, Fault] = field(default_factory=dict)

    def refuse(self, column: str, fault: Fault) -> None:
        """Note a fault; the first of a field stands."""
        self.faults.setdefault(column, fault)

    def text(self, column: str) -> str:
        """The cell of a field as it was written, without stray spaces; empty where there is none."""
        at = self.sheet.match.columns.get(column)
        cells = self.sheet.filled[self.number - self.sheet.sheet.first_row_number]
        return fold_text(cells[at] or "") if at is not None and at < len(cells) else ""


@dataclass(frozen=True)
class LedgerSheet:
    """A sheet whose header was found."""

    file: str
    sheet: Sheet
    match: HeaderMatch

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The name of the sheet and the texts above the table."""
        above = self.sheet.rows[: self.match.header_rows[0]]
        return (self.sheet.name, *(text for row in above for text in row if text))

    def headers(self) -> Iterator[HeaderColumn]:
        """The columns of the sheet with their headers as written, and the field that each is taken for."""
        first, match = self.sheet.first_row_number, self.match
        fields = {at: field for field, at in match.columns.items()}
        for at in range(len(self.sheet.rows[match.header_rows[0]])):
            texts = [text for row in match.header_rows if (text := self.sheet.rows[row][at])]
            if texts:
                cell = cell_name(first + match.header_rows[-1], at)
                yield HeaderColumn(self.sheet.name, cell, texts[-1], fields.get(at), match.ambiguous.get(at, ()))

    @property
    def below(self) -> str:
        """The first cell below the header."""
        return cell_name(self.sheet.first_row_number + self.match.header_rows[-1] + 1, 0)

    @cached_property
    def filled(self) -> list[Row]:
        """The rows with the text of an area merged downwards in each of its rows: one school named beside a whole class."""
        rows: list[Row] = list(self.sheet.rows)
        first = self.sheet.first_row_number
        for top, left, bottom, _ in self.sheet.merged:
            at = top - first
            if bottom == top or at < self.match.first_data_row or at >= len(rows) or left >= len(rows[at]):
                continue
            for below in range(at + 1, min(bottom - first + 1, len(rows))):
                rows[below] = [*rows[below][:left], rows[at][left], *rows[below][left + 1 :]]
        return rows

    def problem(self, row: LedgerRow, column: str) -> ImportProblem:
        """The fault of a row's field as a problem with its cell; a field without a column points at the row's first cell."""
        at = self.match.columns.get(column, 0)
        known = column in self.match.columns
        header = (
            self.match.ledger.column(column).header if column in {one.field for one in self.match.ledger.all_columns} else column
        )
        shown = self._masked(row.number, at, column) if known else ""
        return ImportProblem(self.file, self.sheet.name, cell_name(row.number, at), header, shown, row.faults[column])

    def _masked(self, number: int, at: int, column: str) -> str:
        text = self.filled[number - self.sheet.first_row_number][at] or ""
        known = self.match.ledger.column(column)
        return (
            text
            if known.pii == 0
            else mask(text, MASKS.get(known.kind, PiiKind.FREE_TEXT if known.pii > 1 else PiiKind.NAME)) or ""
        )


# Required on paper, but a row that names its child otherwise can do without. What may truly be unknown (NOT_KNOWN) is listed
# by the checks, not refused: a reason not yet found, a child without a teacher at its side, a file never brought up to date.
NAMED_OTHERWISE = frozenset({"sex", "id_no", "registry_no", "township", "guardian", "school", "grade"})
COUNTED = frozenset({"should", "have", "not_have"})
TOLERATED: Mapping[str, frozenset[str]] = {
    "L0": frozenset({"township", "guardian"}),
    "L1": NAMED_OTHERWISE | {"case_no"},
    **dict.fromkeys(("L2", "L3", "L4", "L5", "L6", "L7", "L8", "L14", "L18", "L20"), NAMED_OTHERWISE),
    "L17": NAMED_OTHERWISE - {"id_no"},
}
NOT_KNOWN: Mapping[str, frozenset[str]] = {  # the column must be there, but a cell may be blank
    "L1": frozenset({"reason", "persuaders"}),
    "L2": frozenset({"reason"}),
    "L3": frozenset({"send_teacher"}),
    "L4": frozenset({"household_head", "from_place", "site"}),
    "L6": frozenset({"schooling", "carer", "guard_type", "updated"}),
    "L7": frozenset({"carer", "teacher", "parents_where"}),
    "L11": frozenset({"owner"}),
}


def tolerated(match: HeaderMatch) -> frozenset[str]:
    """The required fields that may be blank in this sheet. The list form of L15 names children and counts nothing."""
    if match.ledger.code == "L15" and "name" in match.columns:
        return COUNTED
    return TOLERATED.get(match.ledger.code, frozenset())


def read_rows(one: LedgerSheet, as_of: date) -> Iterator[LedgerRow]:
    """Every record of the sheet; blank rows, footers and repeated headers are none."""
    reader = RowReader(one.match, as_of)
    optional = tolerated(one.match) | NOT_KNOWN.get(one.match.ledger.code, frozenset())
    for offset, cells in _records(one):
        parsed = reader.parse(cells)
        row = LedgerRow(one, offset, parsed.values)
        for column, at in one.match.columns.items() if one.sheet.flags else ():
            flag = one.sheet.flags.get((offset, at))
            if flag is not None:
                row.refuse(column, Fault(FLAG_FAULTS[flag]))
        for column, fault in parsed.faults.items():
            if not (fault.code == "cell.missing" and (column in optional or _does_without(row, column))):
                row.refuse(column, fault)
        yield row


def count_records(one: LedgerSheet) -> int:
    """How many records the sheet has, read or not."""
    return sum(1 for _ in _records(one))


def _records(one: LedgerSheet) -> Iterator[tuple[int, Row]]:
    """The number and the cells of every row that is a record."""
    first = one.match.first_data_row
    for number, cells in enumerate(one.filled[first:], one.sheet.first_row_number + first):
        if not (is_blank_row(cells) or is_footer(cells) or one.match.repeats_header(cells)):
            yield number, cells


def _does_without(row: LedgerRow, column: str) -> bool:
    """A school by its code; a class where the registry number names the child; an ID where the registry has given a
    temporary number."""
    if column == "school" and "school_code" in row.values:
        return True
    registry = row.values.get("registry_no")
    if not isinstance(registry, RegistryNumber):
        return False
    return column == "class" or (column == "id_no" and registry.text.startswith("L"))
