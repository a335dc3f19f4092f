"""A filled form as PDF: the paragraphs and tables of its DOCX, set with the Chinese font that ships.

What is carried over: page size and margins, alignment, size, bold, underline, indents, spacing, tables with merged cells,
widths and least heights, header rows. Pictures, text boxes, columns and other fonts are not.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

PAGE = Path(__file__).with_name("form_page.typ")
FONTS = Path(__file__).resolve().parent.parent / "geo" / "fonts"
PLAIN_SIZE, POINT = 12.0, 12700  # points of ordinary text; English metric units in a point
SIDES = {0: "left", 1: "center", 2: "right"}
Block = dict[str, Any]


def write_pdf(document: Any, *, mark: str = "", header: str = "", numbered: bool = False) -> bytes:
    """The document as PDF: `mark` lies under every page, `header` stands above it, `numbered` counts the pages below."""
    import typst  # its library is large: only what prints pays

    told = {"page": _page(document), "mark": mark, "header": header, "numbered": numbered, "copies": list(_copies(document))}
    return typst.compile(PAGE, font_paths=[FONTS], ignore_system_fonts=True, sys_inputs={"form": json.dumps(told)}, format="pdf")


def _page(document: Any) -> Block:
    section = document.sections[0]
    sides = {side: getattr(section, f"{side}_margin") for side in ("top", "bottom", "left", "right")}
    return {
        name: length / POINT for name, length in (*sides.items(), ("width", section.page_width), ("height", section.page_height))
    }


def _copies(document: Any) -> Iterator[list[Block]]:
    """The blocks of each copy: a new one begins where a paragraph begins a page."""
    blocks: list[Block] = []
    for element in document.element.body:
        if element.tag == qn("w:tbl"):
            blocks.append(_sheet(Table(element, document)))
        elif element.tag == qn("w:p"):
            paragraph = Paragraph(element, document)
            if paragraph.paragraph_format.page_break_before and blocks:
                yield blocks
                blocks = []
            blocks.append(_line(paragraph))
    yield blocks


def _points(length: Any) -> float:
    return length / POINT if length else 0.0


def _line(paragraph: Any) -> Block:
    look = paragraph.paragraph_format
    runs = _runs(paragraph)
    spacing = look.line_spacing if isinstance(look.line_spacing, float) else 1.0
    return {
        "kind": "line",
        "align": SIDES.get(paragraph.alignment, "left"),
        "indent": _points(look.first_line_indent) + _points(look.left_indent),
        "before": _points(look.space_before),
        "after": _points(look.space_after),
        "leading": max(0.45, spacing * 1.2 - 1),
        "size": max((run["size"] for run in runs), default=PLAIN_SIZE),
        "runs": runs,
    }


def _runs(paragraph: Any) -> list[Block]:
    usual = _points(paragraph.style.font.size) or PLAIN_SIZE
    return [
        {"text": run.text, "size": _points(run.font.size) or usual, "bold": bool(run.bold), "underline": bool(run.underline)}
        for run in paragraph.runs
    ]


def _sheet(table: Any) -> Block:
    head: list[Block] = []
    cells: list[Block] = []
    open_below: dict[int, Block] = {}  # column -> the cell that reaches down into the next row
    for row in table.rows:
        is_head = not cells and row._tr.find(f".//{qn('w:tblHeader')}") is not None
        (head if is_head else cells).extend(_cells(row, open_below))
    grid = table._tbl.find(qn("w:tblGrid"))
    widths = [int(column.get(qn("w:w"))) / 20 for column in grid]
    return {"kind": "sheet", "widths": widths, "ruled": _is_ruled(table), "head": head, "cells": cells}


def _is_ruled(table: Any) -> bool:
    style = table._tbl.find(f".//{qn('w:tblStyle')}")
    return style is not None or table._tbl.find(f".//{qn('w:tblBorders')}") is not None


def _cells(row: Any, open_below: dict[int, Block]) -> Iterator[Block]:
    """The cells that begin in this row; one that goes on from above makes that one taller."""
    at, height = 0, _points(row.height)
    for element in row._tr.findall(qn("w:tc")):
        spans = element.find(f".//{qn('w:gridSpan')}")
        columns = int(spans.get(qn("w:val"))) if spans is not None else 1
        merge = element.find(f".//{qn('w:vMerge')}")
        if merge is not None and merge.get(qn("w:val")) != "restart" and at in open_below:
            open_below[at]["rows"] += 1
        else:
            lines = [_line(Paragraph(one, row)) for one in element.findall(qn("w:p"))]
            open_below[at] = {"columns": columns, "rows": 1, "height": max(height - 5, 0), "lines": lines}
            yield open_below[at]
        at += columns
