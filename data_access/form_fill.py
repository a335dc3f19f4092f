"""Fills a template: values in place of placeholders, a row for each entry of a list, a page for each child."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from data_access.form_templates import paragraphs_in, paragraphs_of
from domain.forms import BLANK_ROWS, PLACEHOLDER, placeholders
from domain.plain_text import drop_invisible

Values = Mapping[str, Any]
LINE = "＿＿＿＿＿＿"  # to be filled in by hand
BREAK = re.compile(r"\r\n|\r|\n")


def fill(document: Any, copies: Sequence[Values], note: str = "") -> Any:
    """The document with one filled copy of the template for each of `copies`, each on a new page.

    A value that is missing is left blank: a line to write on in running text, an empty cell in a table. `note` stands in
    the header of every page. Values are plain text: nothing in them is read as a placeholder or as markup.
    """
    body = document.element.body
    template = [deepcopy(one) for one in body if one.tag != qn("w:sectPr")]
    for one in list(body)[: len(template)]:
        body.remove(one)
    for number, values in enumerate(copies):
        for part in _filled(document, template, values, new_page=number > 0):
            body.insert(len(body) - 1, part)
    _fill_margins(document, copies[0] if len(copies) == 1 else {})
    if note:
        _write_note(document, note)
    return document


def _filled(document: Any, template: Sequence[Any], values: Values, *, new_page: bool) -> list[Any]:
    parts = [deepcopy(one) for one in template]
    for part in parts:
        if part.tag == qn("w:tbl"):
            _fill_table(Table(part, document), values)
        elif part.tag == qn("w:p"):
            _fill_paragraph(Paragraph(part, document), values, LINE)
    if new_page:
        _begin_page(parts, document)
    return parts


def _begin_page(parts: list[Any], document: Any) -> None:
    """On the first paragraph; before a table, which cannot carry the mark, on a paragraph of its own."""
    if parts[0].tag != qn("w:p"):
        parts.insert(0, OxmlElement("w:p"))
    Paragraph(parts[0], document).paragraph_format.page_break_before = True


def _fill_table(table: Table, values: Values) -> None:
    for row in list(table.rows):
        repeated = _list_of(row)
        if repeated is None:
            _fill_row(row, values)
            continue
        for entry in values.get(repeated) or [{}] * BLANK_ROWS:
            copied = deepcopy(row._tr)
            row._tr.addprevious(copied)
            _fill_row(type(row)(copied, table), {**values, **{f"{repeated}.{name}": told for name, told in entry.items()}})
        table._tbl.remove(row._tr)


def _list_of(row: Any) -> str | None:
    """The list for whose entries the row is repeated."""
    found = (PLACEHOLDER.findall(paragraph.text) for paragraph in _row_paragraphs(row))
    fields = (placeholders().get(name, "") for names in found for name in names)
    return next((field.partition(".")[0] for field in fields if "." in field), None)


def _fill_row(row: Any, values: Values) -> None:
    for paragraph in _row_paragraphs(row):
        _fill_paragraph(paragraph, values, "")


def _row_paragraphs(row: Any) -> Iterator[Any]:
    for cell in {cell._tc: cell for cell in row.cells}.values():
        yield from paragraphs_in(cell)


def _fill_paragraph(paragraph: Any, values: Values, blank: str) -> None:
    """Replace from the last placeholder to the first, each in the run where it begins, however many runs it is spread over."""
    for found in reversed(list(PLACEHOLDER.finditer("".join(run.text for run in paragraph.runs)))):
        field = placeholders().get(found[1])
        told = plain(values.get(field)) if field else None
        _replace(paragraph.runs, found.start(), found.end(), told or blank)


def _replace(runs: Sequence[Any], start: int, end: int, text: str) -> None:
    at, is_written = 0, False
    for run in runs:
        before, length = run.text, len(run.text)
        low, high = max(start - at, 0), min(end - at, length)
        if low < high:
            run.text = before[:low] + ("" if is_written else text) + before[high:]
            is_written = True
        at += length


def plain(value: object) -> str:
    """A value as text that XML can hold: without control characters, line breaks kept."""
    return "\n".join(drop_invisible(line) for line in BREAK.split(str(value))) if value is not None else ""


def _fill_margins(document: Any, values: Values) -> None:
    body = set(document.element.body.iter(qn("w:p")))
    for paragraph in paragraphs_of(document):
        if paragraph._p not in body:
            _fill_paragraph(paragraph, values, "")


def _write_note(document: Any, note: str) -> None:
    run = document.sections[0].header.paragraphs[0].add_run(note)
    run.font.size, run.font.color.rgb = Pt(10), RGBColor(0xB3, 0x26, 0x1E)
