"""A copy of an uploaded workbook in which the problem cells are coloured and say what is wrong with them."""

import io
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from data_access.workbook_child import Message, main
from data_access.workbook_guard import LIMITS, ZIP, FileKind, Limits, WorkbookError, check_file
from data_access.workbook_in import Workbook, ask_child, naming, read_workbook

MARK = "FFC7CE"
SHEET_OF_TEXT = "CSV"
COMMENT_WIDTH = 300
# openpyxl holds every cell as an object: it needs more of both than reading does.
ROOM = {"memory_bytes": 3 * 1024**3, "seconds": 180}


@dataclass(frozen=True)
class CellNote:
    """What to say at a cell: row as Excel counts (from 1), column from 0; the sheet of a CSV has no name."""

    sheet: str
    row_number: int
    column: int
    text: str


def annotate(path: Path, notes: Sequence[CellNote], out: Path, *, name: str = "", limits: Limits = LIMITS) -> int:
    """Write an XLSX copy of the workbook at `path` to `out` with every note at its cell; returns the number of cells marked.

    An XLSX keeps its look, its formulas and its lists; of XLS and CSV the texts are copied. All checks of reading come first, and
    the work is done in a limited child process. Raises WorkbookError as `read_workbook` does.
    """
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".notes-") as folder:
        part = Path(folder) / "part.xlsx"
        with path.open("rb") as file:
            is_zip = file.read(4) in ZIP
        if is_zip:
            with naming(name or path.name):
                marked = _ask_to_mark(path, notes, part, replace(limits, **ROOM))
        else:
            marked = _write_texts(read_workbook(path, name=name, limits=limits), _one_text_per_cell(notes), part)
        os.replace(part, out)
    return marked


def _ask_to_mark(path: Path, notes: Sequence[CellNote], out: Path, limits: Limits) -> int:
    order = {"out": str(out.absolute()), "notes": [asdict(note) for note in notes]}
    return sum(int(told.get("marked", 0)) for told in ask_child("data_access.workbook_notes", path, limits, order))


Place = tuple[str, int, int]


def _one_text_per_cell(notes: Sequence[CellNote]) -> dict[Place, str]:
    place = attrgetter("sheet", "row_number", "column")
    return {key: "\n".join(note.text for note in group) for key, group in groupby(sorted(notes, key=place), place)}


def _write_texts(book: Workbook, texts: dict[Place, str], out: Path) -> int:
    import xlsxwriter

    with xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False}) as copy:
        mark = copy.add_format({"bg_color": f"#{MARK}", "num_format": "@"})
        for sheet in book.sheets:
            page = copy.add_worksheet(sheet.name or SHEET_OF_TEXT)
            for number, row in enumerate(sheet.rows, sheet.first_row_number - 1):
                for column, text in enumerate(row):
                    page.write_string(number, column, text or "")
            for (_, row_number, column), text in ((place, text) for place, text in texts.items() if place[0] == sheet.name):
                index = row_number - sheet.first_row_number
                value = sheet.rows[index][column] if 0 <= index < len(sheet.rows) and column < len(sheet.rows[index]) else None
                page.write_string(row_number - 1, column, value or " ", mark)
                page.write_comment(row_number - 1, column, text, {"x_scale": 2})
    return len(texts)


def mark_cells(path: str, limits: Limits) -> Iterator[Message]:
    """In the child: load the workbook again, mark it, save it where the order says."""
    order = json.load(sys.stdin)
    with open(path, "rb") as file:
        data = file.read(limits.file_bytes + 1)
    if check_file(data, limits) is not FileKind.XLSX:
        raise WorkbookError("workbook.unknown_kind")
    texts = _one_text_per_cell([CellNote(**note) for note in order["notes"]])
    yield {"marked": _mark_workbook(data, texts, order["out"])}


def _mark_workbook(data: bytes, texts: dict[Place, str], out: str) -> int:
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl cannot carry over (pictures, old lists) is not our concern here
        book = load_workbook(io.BytesIO(data), keep_links=False)
        for (sheet, row, column), text in texts.items():
            cell = _visible_cell(book[sheet], row, column + 1)
            cell.fill = PatternFill("solid", fgColor=MARK)
            cell.comment = Comment(f"{cell.comment.text}\n{text}" if cell.comment else text, "", width=COMMENT_WIDTH)
        book.save(out)
    return len(texts)


def _visible_cell(page: Any, row: int, column: int) -> Any:
    """The cell, or the top left one of the merged area it lies in: only that one can be seen."""
    for area in page.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            return page.cell(area.min_row, area.min_col)
    return page.cell(row, column)


if __name__ == "__main__":
    main(mark_cells)
