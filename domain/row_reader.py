"""The rows of a ledger, read cell by cell under the header that was found."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.cell_values import Cell, Value, parse_cell
from domain.faults import Fault
from domain.grades import ClassName
from domain.header_match import HeaderMatch
from domain.ledgers import Column
from domain.plain_text import fold_text

REMEMBERED = 2000  # texts per column: more would only fill memory with names and numbers
SCHOOL_AND_REST = re.compile(r"(.*(?:学校|小学|中学|完小|教学点|中心校|校区|分校))(.+)")


def _names_grade(found: ClassName) -> bool:
    return bool(found.grade or found.entry_year or found.leaving_year)


@dataclass(frozen=True)
class ParsedRow:
    """One record: what could be read (blank cells are left out), and the fault of every field that could not."""

    values: Mapping[str, Value]
    faults: Mapping[str, Fault]


class RowReader:
    """Reads the rows of one sheet by its header; a blank cell of a required column is the Fault `cell.missing`.

    Required columns that the sheet does not have are the header's matter (`missing_required`), not every row's. Most cells
    of a ledger repeat (sex, school, grade): the reader remembers the first texts of each column.
    """

    def __init__(self, match: HeaderMatch, as_of: date | None = None) -> None:
        self._columns = [(match.ledger.column(field), at) for field, at in match.columns.items()]
        self._as_of = as_of
        self._read: dict[str, dict[str, Value | Fault | None]] = {field: {} for field in match.columns}
        self._grade_in_class = "grade" in match.columns and match.columns["grade"] == match.columns.get("class")
        self._school_with_grade = match.columns.get("school", -1) == match.columns.get("grade")

    def parse(self, row: Sequence[Cell]) -> ParsedRow:
        """All matched fields of a row."""
        values: dict[str, Value] = {}
        faults: dict[str, Fault] = {}
        for column, at in self._columns:
            cell = row[at] if at < len(row) else None
            found = self._parse_once(column, self._part(column.field, cell) if self._school_with_grade else cell)
            if column.field == "grade" and isinstance(found, ClassName) and self._grade_in_class and not _names_grade(found):
                found = Fault("grade.unknown")
            if found is None and column.required:
                found = Fault("cell.missing")
            if isinstance(found, Fault):
                faults[column.field] = found
            elif found is not None:
                values[column.field] = found
        return ParsedRow(values, faults)

    def _parse_once(self, column: Column, cell: Cell) -> Value | Fault | None:
        if not isinstance(cell, str):
            return parse_cell(column, cell, self._as_of)
        read = self._read[column.field]
        if cell in read:
            return read[cell]
        found = parse_cell(column, cell, self._as_of)
        if len(read) < REMEMBERED:
            read[cell] = found
        return found

    def _part(self, field: str, cell: Cell) -> Cell:
        """合胜小学三年级 in one cell is parted into school and grade."""
        found = SCHOOL_AND_REST.fullmatch(fold_text(cell)) if isinstance(cell, str) else None
        return {"school": found[1], "grade": found[2]}.get(field, cell) if found else cell
