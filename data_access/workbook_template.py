"""A blank workbook for a ledger: its canonical headers, lists to choose from, text columns for numbers, a page that explains."""

import os
import tempfile
from pathlib import Path
from typing import Any

import xlsxwriter

from data_access.workbook_address import column_letters
from domain.ledgers import Column, Kind, Ledger
from domain.terms import Lang, say

ROWS = 2000  # how far down the lists and formats reach
LONGEST_LIST = 255  # characters that Excel takes for a list written into a cell's rule
TICKS = ("是", "否")
MARKS = ("有", "无")
SEXES = ("男", "女")
GRADES = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级")
LISTS = {Kind.TICK: TICKS, Kind.SEX: SEXES, Kind.GRADE: GRADES}
FREE = frozenset({Kind.MARK})  # a list helps, but a date or a number may be written too
DATED = frozenset({Kind.DATE, Kind.MONTH, Kind.MOMENT})


def choices_of(column: Column) -> tuple[str, ...]:
    """The words a cell of the column may be chosen from; empty for what is written freely."""
    if column.kind is Kind.CHOICE:
        return tuple(choice.label for choice in column.choices)
    return MARKS if column.kind in FREE else LISTS.get(column.kind, ())


def write_template(out: Path, ledger: Ledger, lang: Lang = "zh") -> None:
    """Write the blank workbook to `out`: required headers marked, validation lists, every column as text, and how to fill it in.

    The headers are the canonical Chinese ones, whatever the language of the explanations: what is filled in is read back.
    """
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".template-") as folder:
        part = Path(folder) / "template.xlsx"
        with xlsxwriter.Workbook(str(part), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            _write_table(book, ledger)
            _write_guide(book, ledger, lang)
        os.replace(part, out)


def _write_table(book: Any, ledger: Ledger) -> None:
    page = book.add_worksheet(ledger.title[:31])
    plain = {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
    heads = {need: book.add_format({**plain, "bg_color": "#FCE8D9" if need else "#E8EEF4"}) for need in (True, False)}
    text = book.add_format({"num_format": "@"})
    page.freeze_panes(1, 1)
    page.set_row(0, 32)
    for at, column in enumerate(ledger.columns):
        page.set_column(at, at, max(10, min(28, 2 * len(column.header) + 4)), text)
        page.write_string(0, at, column.header, heads[column.required])
        _add_list(page, at, column)


def _add_list(page: Any, at: int, column: Column) -> None:
    choices = choices_of(column)
    if not choices or len(",".join(choices)) > LONGEST_LIST:
        return
    rule = {"validate": "list", "source": list(choices), "error_type": "warning" if column.kind in FREE else "stop"}
    page.data_validation(1, at, ROWS, at, {**rule, "error_title": column.header[:32], "ignore_blank": True})


def _write_guide(book: Any, ledger: Ledger, lang: Lang) -> None:
    page = book.add_worksheet(say("template.guide", lang))
    bold, wrapped = book.add_format({"bold": True, "bg_color": "#E8EEF4"}), book.add_format({"text_wrap": True, "valign": "top"})
    for at, (key, width) in enumerate((("column", 30), ("required", 8), ("choices", 60), ("names", 60))):
        page.set_column(at, at, width, wrapped)
        page.write_string(0, at, say(f"template.{key}", lang), bold)
    for number, column in enumerate(ledger.columns, 1):
        need = say("workbook.yes", lang) if column.required else ""
        told = "、".join(choices_of(column)) or (say("template.date", lang) if column.kind in DATED else "")
        for at, text in enumerate((f"{column_letters(number - 1)} {column.header}", need, told, "、".join(column.synonyms))):
            page.write_string(number, at, text)
