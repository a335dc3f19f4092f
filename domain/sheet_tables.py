"""Where one sheet holds several tables, one below the other: a class after a class, or another ledger under the first.

Source: the importer rules of the ledgers. A second header below the first that says something else begins another table;
the same header again, as on every printed page, does not.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from domain.header_layouts import header_key
from domain.ledgers import read_ledgers
from domain.sheet_rows import Row, is_blank_row

FEWEST_HEADERS = 3  # known headers in a row; two may be the words of a record
FEWEST_AS_WRITTEN, LEAST_AS_WRITTEN = 2, 0.25  # of them without stray spaces or stars: to fold every cell would cost too much


@cache
def _headers() -> frozenset[str]:
    """Every header of every ledger as it is written."""
    return frozenset(
        text for book in read_ledgers().values() for column in book.all_columns for text in (column.header, *column.synonyms)
    )


@cache
def _keys() -> frozenset[str]:
    return frozenset(map(header_key, _headers()))


def table_starts(rows: Sequence[Row]) -> list[int]:
    """The rows at which a further table begins, its title lines included; empty for a sheet of one table."""
    starts: list[int] = []
    seen: set[tuple[str, ...]] = set()  # the header rows of the table
    last = -1
    for at, keys in _header_rows(rows):
        if seen and keys not in seen and at > last + 1:
            starts.append(_title_of(rows, at, last))
            seen = set()
        seen.add(keys)
        last = at
    return starts


def _header_rows(rows: Sequence[Row]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every row of which at least half are headers, with its keys."""
    headers = _headers()
    for at, row in enumerate(rows):
        as_written = len(headers.intersection(row))
        if as_written < FEWEST_AS_WRITTEN or as_written < LEAST_AS_WRITTEN * sum(map(bool, row)):
            continue
        keys = tuple(header_key(text) for text in row if text)
        if max(FEWEST_HEADERS, len(keys) / 2) <= sum(key in _keys() for key in keys):
            yield at, keys


def _title_of(rows: Sequence[Row], header: int, after: int) -> int:
    """The first of the title lines right above a header: blank rows, and rows with a single text."""
    at = header
    while at - 1 > after and (is_blank_row(rows[at - 1]) or sum(bool(text) for text in rows[at - 1]) == 1):
        at -= 1
    return at
