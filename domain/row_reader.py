"""The rows of a ledger, read cell by cell under the header that was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.cell_values import Cell, Value, parse_cell
from domain.faults import Fault
from domain.grades import ClassName
from domain.header_match import HeaderMatch
from domain.ledgers import Column
from domain.plain_text import fold_text

REMEMBERED = 4_000  # texts per column, more than the birthdays of a register: still more would only fill memory
Read = dict[Cell, Value | Fault | None]  # what each text of a column was read as
SCHOOL_AND_REST = re.compile(r"(.*(?:学校|小学|中学|完小|教学点|中心校|校区|分校))(.+)")


def _names_grade(found: ClassName) -> bool:
    return bool(found.grade or found.entry_year or found.leaving_year)


@dataclass(frozen=True)
class ParsedRow:
    """One record: what could be read (blank cells are left out), and the fault of every field that could not."""

    values: dict[str, Value]
    faults: dict[str, Fault]


class RowReader:
    """Reads the rows of one sheet by its header; a blank cell of a required column is the Fault `cell.missing`.

    Required columns that the sheet does not have are the header's matter (`missing_required`), not every row's. Most cells
    of a ledger repeat (sex, school, grade): the reader remembers the first texts of each column.
    """

    def __init__(self, match: HeaderMatch, as_of: date | None = None) -> None:
        self._as_of = as_of
        self._read: dict[str, Read] = {field: {None: None} for field in match.columns}
        self._columns = [(match.ledger.column(field), at, self._read[field]) for field, at in match.columns.items()]
        self._grade_in_class = "grade" in match.columns and match.columns["grade"] == match.columns.get("class")
        self._school_with_grade = match.columns.get("school", -1) == match.columns.get("grade")

    def parse(self, row: Sequence[Cell]) -> ParsedRow:
        """All matched fields of a row."""
        values: dict[str, Value] = {}
        faults: dict[str, Fault] = {}
        width, parts = len(row), self._school_with_grade
        for column, at, read in self._columns:
            cell = row[at] if at < width else None
            if parts:
                cell = self._part(column.field, cell)
            found = read[cell] if cell in read else self._parse(column, cell, read)
            if isinstance(found, Fault):
                faults[column.field] = found
            elif found is not None:
                values[column.field] = found
            elif column.required:
                faults[column.field] = Fault("cell.missing")
        return ParsedRow(values, faults)

    def _parse(self, column: Column, cell: Cell, read: Read) -> Value | Fault | None:
        found = parse_cell(column, cell, self._as_of)
        if column.field == "grade" and isinstance(found, ClassName) and self._grade_in_class and not _names_grade(found):
            found = Fault("grade.unknown")
        if isinstance(cell, str) and len(read) <= REMEMBERED:
            read[cell] = found
        return found

    def _part(self, field: str, cell: Cell) -> Cell:
        """合胜小学三年级 in one cell is parted into school and grade."""
        found = SCHOOL_AND_REST.fullmatch(fold_text(cell)) if isinstance(cell, str) else None
        return {"school": found[1], "grade": found[2]}.get(field, cell) if found else cell
