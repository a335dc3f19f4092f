"""Which sheets of a workbook hold a ledger, and what is wrong with their headers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from data_access.import_result import HeaderColumn, ImportProblem
from data_access.ledger_sheet import LedgerSheet, count_records, tolerated
from data_access.workbook_in import Sheet, Workbook, cell_name
from domain.faults import Fault
from domain.header_match import match_header, with_choices
from domain.ledgers import Ledger
from domain.sheet_rows import is_blank_row
from domain.sheet_tables import table_starts
from domain.terms import LANGS, say

Choices = Callable[[str], Mapping[str, str]]  # code of a ledger -> what a unit has decided about its headers


@dataclass(frozen=True)
class FoundSheets:
    """The sheets to read, what is wrong with headers, and every header that was found, also in sheets that are not read.

    `alike`: the codes of the ledgers that fit about equally, when that is why nothing is read. `notes` name sheets passed over.
    """

    sheets: list[LedgerSheet]
    problems: list[ImportProblem]
    headers: list[HeaderColumn]
    code: str = ""  # the ledger that the first header is of
    alike: tuple[str, ...] = ()
    notes: tuple[Fault, ...] = ()
    unread: int = 0  # records of the sheets whose header is wrong


def read_ledger_sheets(
    workbook: Workbook, ledger: Ledger | None, given: Sequence[str], choices: Choices | None = None
) -> FoundSheets:
    """The sheets that hold a ledger (the wanted one, or the best fitting), and what is wrong with headers.

    `given`: fields that the call supplies (--school), which a sheet may then lack. All sheets are read as the ledger of the
    first that can be read; a whole sheet of another ledger is a problem, one without a header is passed over and told.
    `choices`: what people have decided about headers, which beats what is found.
    """
    reader = _HeaderReader(workbook, given, choices)
    own = [reader.read(table, ledger) for sheet in workbook.sheets if _may_hold_rows(sheet) for table in _tables(sheet)]
    lead = next((one.ledger for one in own if one.is_right), next((one.ledger for one in own if one.found), ledger))
    read = [reader.read(one.sheet, lead, one) if lead and one.ledger != lead else one for one in own]
    matched = [one.found for one in read if one.found]
    right = [one.found for one in read if one.found and one.is_right]
    problems = [problem for one in read if one.found for problem in one.problems]
    passed = [one for one in read if not one.found]
    if not matched:
        nothing = [problem for one in passed for problem in one.problems]
        problems = nothing or [ImportProblem(workbook.file, "", "", "", "", Fault("header.none"))]
    alike = next((one.alike for one in passed if one.alike), ()) if not matched else ()
    notes = tuple(Fault("import.sheet_passed_over", {"sheet": _place(one.sheet)}) for one in passed) if matched else ()
    headers = [column for one in matched for column in one.headers()]
    unread = sum(count_records(one.found) for one in read if one.found and not one.is_right)
    return FoundSheets(right, problems, headers, lead.code if lead and matched else "", alike, notes, unread)


def _tables(sheet: Sheet) -> Iterator[Sheet]:
    """The sheet, or each of the tables that stand one below the other in it as a sheet of its own."""
    cuts = [0, *table_starts(sheet.rows), len(sheet.rows)]
    for top, end in pairwise(cuts):
        yield replace(sheet, rows=sheet.rows[top:end], first_row_number=sheet.first_row_number + top)


def _place(sheet: Sheet) -> str:
    """The name of a sheet; of a table further down in one, its first cell."""
    first = sheet.first_row_number
    return f"{sheet.name}!{cell_name(first, 0)}" if first > 1 else sheet.name


def _may_hold_rows(sheet: Sheet) -> bool:
    return sheet.name not in {say("workbook.cover.sheet", lang) for lang in LANGS} and any(
        not is_blank_row(row) for row in sheet.rows
    )


@dataclass(frozen=True)
class _Header:
    """What the search for a header in one sheet came to."""

    sheet: Sheet
    found: LedgerSheet | None
    problems: tuple[ImportProblem, ...]
    alike: tuple[str, ...] = ()

    @property
    def ledger(self) -> Ledger | None:
        """The ledger of the header."""
        return self.found.match.ledger if self.found else None

    @property
    def is_right(self) -> bool:
        """Whether the rows below can be read."""
        return self.found is not None and not self.problems


@dataclass(frozen=True)
class _HeaderReader:
    workbook: Workbook
    given: Sequence[str]
    choices: Choices | None

    def read(self, sheet: Sheet, ledger: Ledger | None, other: _Header | None = None) -> _Header:
        """The header of a sheet as that of `ledger`, of the best fitting without one. `other`: what the sheet is by itself,
        which is told where it is the whole header of another ledger; half a header of either is none."""
        found = match_header(sheet.rows, ledger, sheet.name)
        if isinstance(found, Fault):
            alike: Any = found.params.get("codes", ())
            header = _Header(
                sheet,
                None,
                (ImportProblem(self.workbook.file, sheet.name, cell_name(sheet.first_row_number, 0), "", "", found),),
                alike,
            )
        else:
            chosen = with_choices(found, self.choices(found.ledger.code)) if self.choices else found
            one = LedgerSheet(self.workbook.file, sheet, chosen)
            header = _Header(sheet, one, tuple(_header_problems(one, self.given)))
        if other is None or header.is_right:
            return header
        if other.found and other.is_right:
            return _Header(sheet, other.found, (_of_other_ledger(other.found),))
        return _Header(sheet, None, header.problems)


def _of_other_ledger(one: LedgerSheet) -> ImportProblem:
    book = one.match.ledger
    cell = cell_name(one.sheet.first_row_number + one.match.header_rows[-1], 0)
    fault = Fault("import.other_ledger", {"ledger": f"{book.code} {book.title}"})
    return ImportProblem(one.file, one.sheet.name, cell, "", "", fault)


def _header_problems(one: LedgerSheet, given: Sequence[str]) -> Iterator[ImportProblem]:
    match, sheet = one.match, one.sheet
    row = sheet.first_row_number + match.header_rows[-1]
    optional = {*given, *tolerated(match), *({"school"} if "school_code" in match.columns else ())}
    for field_name in match.missing_required:
        if field_name in optional or any(field_name in fields for fields in match.ambiguous.values()):
            continue
        header = match.ledger.column(field_name).header
        yield ImportProblem(one.file, sheet.name, cell_name(row, 0), header, "", Fault("header.missing", {"column": header}))
    for at, fields in match.ambiguous.items():
        names = "、".join(match.ledger.column(name).header for name in fields)
        yield ImportProblem(one.file, sheet.name, cell_name(row, at), names, "", Fault("header.ambiguous", {"columns": names}))
