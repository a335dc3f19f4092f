"""How the first rows of a sheet may be read as a header: one row or two, merged cells, and the keys to compare by.

Source: the importer rules of the ledgers (merged two-row headers; spaces and line breaks in headers).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.plain_text import drop_invisible
from domain.sheet_rows import Row, cell_text, counts_columns, is_blank_row

SEARCHED_ROWS = 20  # a header stands in the first rows; a sheet whose titles fill more is not a ledger
WITHOUT_BRACKETS, WITHOUT_GROUP = 100, 1000  # how much weaker each way of recognising a header is
BRACKETS = re.compile(r"[(\[【〔{<《][^)\]】〕}>》]*[)\]】〕}>》]")
NUMBERING = re.compile(r"^(?:\d+|[一二三四五六七八九十]+)[、.](?=\D)")
MISPRINTS = (("台帐", "台账"), ("签定", "签订"), ("期未", "期末"), ("其它", "其他"))
# Under a group that names another person these are that person's, not the child's.
OTHER_PERSON = re.compile("父|母|师|干部|责任人|监护|家长|领导|主任|校长|户主|联系人|帮扶|亲")
PERSONAL = frozenset(
    ["姓名", "性别", "年龄", "民族", "电话", "联系电话", "手机号", "联系方式", "身份证号", "住址", "关系", "备注"]
)
GROUP_FILLER = re.compile("基本|信息|情况|资料")


def header_key(text: str) -> str:
    """A header as compared: no spaces, line breaks, punctuation or stars, full-width signs folded, usual misprints mended."""
    folded = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", drop_invisible(text))).upper()
    for wrong, right in MISPRINTS:
        folded = folded.replace(wrong, right)
    return folded


@dataclass(frozen=True)
class Option:
    """A text by which a column may be known, as the keys to look up, each with its weakness."""

    keys: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Layout:
    """One or two rows read as a header: for each column the text shown, and the options by which it may be known."""

    header_rows: tuple[int, ...]
    first_data_row: int
    shown: tuple[str, ...]
    options: tuple[tuple[Option, ...], ...]
    header_keys: Mapping[int, frozenset[str]]


def layouts_at(rows: Sequence[Row], at: int) -> list[Layout]:
    """Row `at` as a header by itself, and together with the row below."""
    top = rows[at]
    alone = [(cell_text(top, column),) for column in range(len(top))]
    layouts = [_layout(rows, at, 1, alone)]
    if at + 1 < min(len(rows), SEARCHED_ROWS):
        layouts.append(_layout(rows, at, 2, _two_rows(top, rows[at + 1])))
    return layouts


def _layout(rows: Sequence[Row], at: int, height: int, texts: Sequence[tuple[str, ...]]) -> Layout:
    first = at + height
    while first < len(rows) and (is_blank_row(rows[first]) or counts_columns(rows[first])):
        first += 1
    options = tuple(tuple(_option(text, n * WITHOUT_GROUP) for n, text in enumerate(column)) for column in texts)
    keys = {
        column: frozenset(header_key(cell_text(row, column)) for row in rows[at : at + height]) for column in range(len(texts))
    }
    return Layout(tuple(range(at, at + height)), first, tuple(column[0] for column in texts), options, keys)


def _option(text: str, weakness: int) -> Option:
    return Option(tuple((key, weakness + more) for key, more in _variants(text)))


def _variants(text: str) -> list[tuple[str, int]]:
    """The keys of a header text: as it is, without 1、 in front, without brackets, without 姓名 behind."""
    plain = NUMBERING.sub("", unicodedata.normalize("NFKC", text))
    bare = BRACKETS.sub("", plain)
    weak = [(header_key(bare), WITHOUT_BRACKETS), (header_key(bare).removesuffix("姓名"), WITHOUT_BRACKETS)]
    return [(header_key(text), 0), (header_key(plain), 0), *weak]


def _two_rows(top: Row, bottom: Row) -> list[tuple[str, ...]]:
    """The texts by which each column may be known, the best first: group and column together, then the column alone.

    A merged cell keeps its text in its first column, so a group reaches right over blanks; it is a group only where
    something stands beneath its first column.
    """
    texts: list[tuple[str, ...]] = []
    group = ""
    for at in range(max(len(top), len(bottom))):
        above, below = cell_text(top, at), cell_text(bottom, at)
        group = (above if below else "") if above else group
        texts.append(_with_group(above or (group if below else ""), below))
    return texts


def _with_group(group: str, text: str) -> tuple[str, ...]:
    if not (group and text):
        return (group or text,)
    together = (group + text, GROUP_FILLER.sub("", group) + text)
    return together if OTHER_PERSON.search(group) and header_key(text) in PERSONAL else (*together, text)
