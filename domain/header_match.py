"""Finding a ledger's header in a sheet: under title lines, across two rows, whatever the columns are called.

Source: the importer rules of the ledgers. What could mean two things is reported for the clerk to decide, never guessed.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from domain.faults import Fault
from domain.ledgers import Ledger, read_ledgers
from domain.plain_text import drop_invisible
from domain.sheet_rows import Row, cell_text, counts_columns, is_blank_row

SEARCHED_ROWS = 20  # a header stands in the first rows; a sheet whose titles fill more is not a ledger
FEWEST_COLUMNS = 2
WITHOUT_BRACKETS, WITHOUT_GROUP, COMBINED = 100, 1000, 10_000  # how much weaker each way of recognising a header is
BRACKETS = re.compile(r"[(\[【〔{<《][^)\]】〕}>》]*[)\]】〕}>》]")
NUMBERING = re.compile(r"^(?:\d+|[一二三四五六七八九十]+)[、.](?=\D)")
MISPRINTS = (("台帐", "台账"), ("签定", "签订"), ("期未", "期末"), ("其它", "其他"))
# Under these a plain 姓名 or 电话 is that person's, not the child's.
OTHER_PERSON = re.compile("父|母|师|干部|责任人|监护|家长|领导|主任|校长|户主|联系人|帮扶|亲")


@dataclass(frozen=True)
class HeaderMatch:
    """Where a ledger's columns stand in a sheet; row and column numbers count from 0.

    `columns` maps fields to columns; two fields share one where a cell holds both (就读学校及年级). `unmatched` columns are
    known by no field, `ambiguous` ones by several, or several columns claim one field: the clerk decides.
    """

    ledger: Ledger
    header_rows: tuple[int, ...]
    first_data_row: int
    columns: Mapping[str, int]
    unmatched: Mapping[int, str]
    ambiguous: Mapping[int, tuple[str, ...]]
    missing_required: tuple[str, ...]

    def repeats_header(self, row: Row) -> bool:
        """Whether a row further down is the header again, as on every printed page."""
        known = _known_headers(self.ledger.code)
        again = [field for field, at in self.columns.items() if field in _claim(known, _variants(cell_text(row, at))).fields]
        return len(again) >= FEWEST_COLUMNS and 2 * len(again) > len(self.columns)


@dataclass(frozen=True)
class _Claim:
    """What a header text may stand for, and how weakly (0 is the canonical header)."""

    fields: tuple[str, ...] = ()
    weakness: int = 0
    together: bool = False


NO_CLAIM = _Claim()


def header_key(text: str) -> str:
    """A header as compared: no spaces, line breaks, punctuation or stars, full-width signs folded, usual misprints mended."""
    folded = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", drop_invisible(text))).upper()
    for wrong, right in MISPRINTS:
        folded = folded.replace(wrong, right)
    return folded


def match_header(rows: Sequence[Row], ledger: Ledger | None = None, sheet_name: str = "") -> HeaderMatch | Fault:
    """The header of `ledger` in the first rows of a sheet, or of the ledger that fits best when none is given.

    The row, or pair of rows, that names most columns is the header. A sheet without one gives the Fault `header.none`.
    """
    layouts = [layout for at in range(min(len(rows), SEARCHED_ROWS)) for layout in _layouts(rows, at)]
    candidates = [ledger] if ledger else list(read_ledgers().values())
    matches = [match for candidate in candidates if (match := _best_match(layouts, candidate))]
    above = {match.header_rows[0]: _title_above(rows, match.header_rows[0], sheet_name) for match in matches}
    return max(matches, key=lambda match: _fitness(match, above[match.header_rows[0]]), default=Fault("header.none"))


def _title_above(rows: Sequence[Row], header_row: int, sheet_name: str) -> str:
    return header_key(sheet_name) + "".join(header_key(cell) for row in rows[:header_row] for cell in row if cell)


def _fitness(match: HeaderMatch, title: str) -> tuple[int, int]:
    """How well a ledger fits: its own columns count double, missing ones against it, its title above the table for it."""
    ledger = match.ledger
    titles = [len(key) for key in map(header_key, (ledger.title, *ledger.titles)) if key in title]
    own = sum(field in ledger.own for field in match.columns)
    return len(match.columns) + own - len(match.missing_required) + max(titles, default=0), -len(ledger.columns)


@dataclass(frozen=True)
class _Option:
    """A text by which a column may be known, as the keys to look up, each with its weakness."""

    keys: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Layout:
    """One or two rows read as a header: for each column the text shown, and the options by which it may be known."""

    header_rows: tuple[int, ...]
    first_data_row: int
    shown: tuple[str, ...]
    options: tuple[tuple[_Option, ...], ...]


def _layouts(rows: Sequence[Row], at: int) -> list[_Layout]:
    """Row `at` as a header by itself, and together with the row below."""
    top = rows[at]
    alone = [(cell_text(top, column),) for column in range(len(top))]
    layouts = [_layout(rows, at, 1, alone)]
    if at + 1 < len(rows):
        layouts.append(_layout(rows, at, 2, _two_rows(top, rows[at + 1])))
    return layouts


def _layout(rows: Sequence[Row], at: int, height: int, texts: Sequence[tuple[str, ...]]) -> _Layout:
    first = at + height
    while first < len(rows) and (is_blank_row(rows[first]) or counts_columns(rows[first])):
        first += 1
    options = tuple(tuple(_option(text, n * WITHOUT_GROUP) for n, text in enumerate(column)) for column in texts)
    return _Layout(tuple(range(at, at + height)), first, tuple(column[0] for column in texts), options)


def _option(text: str, weakness: int) -> _Option:
    return _Option(tuple((key, weakness + more) for key, more in _variants(text)))


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
    return (group + text,) if OTHER_PERSON.search(group) else (group + text, text)


def _best_match(layouts: Sequence[_Layout], ledger: Ledger) -> HeaderMatch | None:
    """The layout in which the ledger finds most columns, one row rather than two; None when it finds fewer than two."""
    matches = [_match_layout(layout, ledger) for layout in layouts]
    found = max(matches, key=lambda match: (_width(match), -len(match.header_rows)), default=None)
    return found if found and _width(found) >= FEWEST_COLUMNS else None


def _width(match: HeaderMatch) -> int:
    return len({*match.columns.values(), *match.ambiguous})


def _match_layout(layout: _Layout, ledger: Ledger) -> HeaderMatch:
    known = _known_headers(ledger.code)
    claims = [_first_claim(known, options) for options in layout.options]
    columns, ambiguous = _settle(claims)
    taken = {*columns.values(), *ambiguous}
    return HeaderMatch(
        ledger=ledger,
        header_rows=layout.header_rows,
        first_data_row=layout.first_data_row,
        columns=columns,
        unmatched={column: text for column, text in enumerate(layout.shown) if text and column not in taken},
        ambiguous=ambiguous,
        missing_required=tuple(field for field in ledger.required if field not in columns),
    )


def _first_claim(known: Mapping[str, _Claim], options: Sequence[_Option]) -> _Claim:
    return next((claim for option in options if (claim := _claim(known, option.keys)).fields), NO_CLAIM)


def _claim(known: Mapping[str, _Claim], keys: Iterable[tuple[str, int]]) -> _Claim:
    for key, weakness in keys:
        if claim := known.get(key):
            return _Claim(claim.fields, claim.weakness + weakness, claim.together)
    return NO_CLAIM


def _settle(claims: Sequence[_Claim]) -> tuple[dict[str, int], dict[int, tuple[str, ...]]]:
    """Which column each field gets: the strongest claim wins; a tie, or a header with several meanings, is ambiguous."""
    ambiguous = {at: claim.fields for at, claim in enumerate(claims) if len(claim.fields) > 1 and not claim.together}
    wanted: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, claim in enumerate(claims):
        for field in claim.fields if at not in ambiguous else ():
            wanted[field].append((claim.weakness, at))
    columns: dict[str, int] = {}
    for field, offers in wanted.items():
        best = [at for weakness, at in offers if weakness == min(offers)[0]]
        if len(best) == 1:
            columns[field] = best[0]
        else:
            ambiguous |= dict.fromkeys(best, (field,))
    return columns, ambiguous


@cache
def _known_headers(code: str) -> Mapping[str, _Claim]:
    """Every header text of a ledger and what it claims; the ledger's own columns beat the identity block."""
    ledger = read_ledgers()[code]
    own = [column for column in ledger.all_columns if column.field in ledger.own or column in ledger.extras]
    shared = [column for column in ledger.columns if column.field not in ledger.own]
    known: dict[str, _Claim] = {header_key(text): _Claim(fields, COMBINED, together=True) for text, fields in ledger.combined}
    for columns in (shared, own):
        claimed: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for column in columns:
            for weakness, text in enumerate((column.header, *column.synonyms)):
                claimed[header_key(text)].append((weakness, column.field))
        known |= {
            key: _Claim(tuple(dict.fromkeys(field for _, field in claims)), min(claims)[0]) for key, claims in claimed.items()
        }
    return known | {header_key(text): _Claim(fields) for text, fields in ledger.ambiguous}
