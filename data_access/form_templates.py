"""The templates of the printed forms: the ones that ship, written out as DOCX, and a bureau's own in their place."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from domain.errors import ProblemError
from domain.forms import Form, FormKind, check_placeholders, form, placeholders_in

FACE, LATIN_FACE = "仿宋", "Times New Roman"  # what Windows has; the PDFs use the font that ships
TITLE_SIZE, LINE_HEIGHT, HEAD_HEIGHT = 22, 1.5, 24
ALIGN = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT, "left": WD_ALIGN_PARAGRAPH.LEFT}
UNREADABLE = (BadZipFile, PackageNotFoundError, SyntaxError, KeyError, ValueError)


def read_template(kind: FormKind) -> Any:
    """The form's template as a python-docx document: `<kind>.docx` of KONGCHUO_TEMPLATES, else the one that ships.

    Raises ProblemError form.bad_template for a file that is no DOCX, form.unknown_placeholder and form.missing_placeholder
    for one that does not fit the form.
    """
    folder = os.environ.get("KONGCHUO_TEMPLATES")
    own = Path(folder) / f"{kind}.docx" if folder else None
    document = _open(own) if own and own.exists() else build_template(form(kind))
    check_placeholders(kind, placeholders_in(paragraph.text for paragraph in paragraphs_of(document)))
    return document


def write_templates(folder: Path) -> list[Path]:
    """Write every template that ships into a folder, to be changed there; files that are there already stay as they are.

    Raises ProblemError cli.cannot_write.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind in FormKind:
            path = folder / f"{kind}.docx"
            if not path.exists():
                build_template(form(kind)).save(str(path))
                written.append(path)
    except OSError:
        raise ProblemError("cli.cannot_write", name=folder.name) from None
    return written


def _open(path: Path) -> Any:
    try:
        return Document(str(path))
    except UNREADABLE:
        raise ProblemError("form.bad_template", file=path.name) from None


def paragraphs_of(document: Any) -> Iterator[Any]:
    """Every paragraph of the body and of the sections' headers and footers, those in tables included."""
    yield from paragraphs_in(document)
    for section in document.sections:
        yield from paragraphs_in(section.header)
        yield from paragraphs_in(section.footer)


def paragraphs_in(container: Any) -> Iterator[Any]:
    """The paragraphs of a body, header or cell, those of its tables included."""
    yield from container.paragraphs
    for table in container.tables:
        for row in table.rows:
            for cell in {cell._tc: cell for cell in row.cells}.values():
                yield from paragraphs_in(cell)


# --- the ones that ship ---------------------------------------------------------------------------------------------------------


def build_template(wanted: Form) -> Any:
    """The form as it ships, written out as a python-docx document on A4."""
    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN_FACE, Pt(12)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin = page.bottom_margin = Mm(wanted.margins[0])
    page.left_margin = page.right_margin = Mm(wanted.margins[1])
    write_line(document.add_paragraph(), {"line": wanted.title, "align": "center", "size": TITLE_SIZE, "bold": True, "after": 8})
    for block in wanted.blocks:
        if "grid" in block:
            add_grid(document, block)
        else:
            write_line(document.add_paragraph(), block)
    return document


def write_line(paragraph: Any, told: Mapping[str, Any]) -> None:
    """One paragraph; `indent` is in characters, `before` and `after` in points."""
    size, look = told.get("size", 12), paragraph.paragraph_format
    run = paragraph.add_run(told["line"])
    run.font.size, run.bold = Pt(size), told.get("bold", False)
    paragraph.alignment = ALIGN[told["align"]] if "align" in told else None
    look.first_line_indent = Pt(size * told.get("indent", 0))
    look.space_before, look.space_after = Pt(told.get("before", 0)), Pt(told.get("after", 0))
    look.line_spacing = LINE_HEIGHT if size > 8 else 1.0


def add_grid(document: Any, told: Mapping[str, Any]) -> None:
    """A table: `grid` the widths in millimetres, `height` the least height of a row in points, `head` rows repeated on
    each page, `plain` without lines."""
    table = document.add_table(rows=0, cols=len(told["grid"]))
    table.style, table.alignment, table.autofit = None, WD_TABLE_ALIGNMENT.CENTER, False
    if not told.get("plain"):
        table.style = document.styles["Table Grid"]
    for column, width in zip(table.columns, told["grid"], strict=True):
        column.width = Mm(width)
    for number, cells in enumerate(told["rows"]):
        _add_row(table, cells, told, is_head=number < told.get("head", 0))


def _add_row(table: Any, cells: Sequence[Any], told: Mapping[str, Any], *, is_head: bool) -> None:
    row, at, heights = table.add_row(), 0, [min(told["height"], HEAD_HEIGHT) if is_head else told["height"]]
    for number, cell in enumerate(cells):
        given: Mapping[str, Any] = {"text": cell} if isinstance(cell, str) else cell
        last = at + given.get("span", 1) - 1
        box = row.cells[at].merge(row.cells[last]) if last > at else row.cells[at]
        box.width = Mm(sum(told["grid"][at : last + 1]))
        is_label = is_head or (number % 2 == 0 and not told.get("head") and not told.get("plain"))
        align = given.get("align", "left" if told.get("plain") else "center")
        write_line(box.paragraphs[0], {"line": given["text"], "align": align, "size": told["size"], "bold": is_label})
        box.paragraphs[0].paragraph_format.line_spacing = 1.15
        _centre(box)
        heights.append(given.get("height", 0))
        at = last + 1
    row.height, row.height_rule = Pt(max(heights)), WD_ROW_HEIGHT_RULE.AT_LEAST
    _mark_row(row, is_head)


def _centre(cell: Any) -> None:
    middle = OxmlElement("w:vAlign")
    middle.set(qn("w:val"), "center")
    cell._tc.get_or_add_tcPr().append(middle)


def _mark_row(row: Any, is_head: bool) -> None:
    """Rows stay whole at the end of a page; those of the head are repeated on the next."""
    marks = row._tr.get_or_add_trPr()
    marks.append(OxmlElement("w:cantSplit"))
    if is_head:
        marks.append(OxmlElement("w:tblHeader"))
