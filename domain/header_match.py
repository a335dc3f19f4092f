"""Finding a ledger's header in a sheet: under title lines, across two rows, whatever the columns are called.

Source: the importer rules of the ledgers. What could mean two things is reported for the clerk to decide, never guessed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from domain.faults import Fault
from domain.header_layouts import SEARCHED_ROWS, Layout, Option, header_key, layouts_at
from domain.ledgers import Ledger, read_ledgers
from domain.sheet_rows import Row, cell_text

FEWEST_COLUMNS = 2
ABOUT_EQUAL = 1  # two ledgers whose fitness differs by no more: one column of either could have decided
STANDS_FOR = (  # a required field without a column of its own, and the column that tells it too
    ("grade", "class"),  # 八(5)班 names both
    ("school", "cur_school"),  # one column for the school: where the child is registered is where it goes
    ("cur_school", "school"),
)
COMBINED = 10_000  # a cell that holds two fields gives way to a column for either


@dataclass(frozen=True)
class HeaderMatch:
    """Where a ledger's columns stand in a sheet; row and column numbers count from 0.

    `columns` maps fields to columns; two fields share one where a cell holds both (就读学校及年级). `unmatched` columns are
    known by no field, `ambiguous` ones by several, or several columns claim one field: the clerk decides. `header_keys` are
    the texts of the header rows themselves, folded.
    """

    ledger: Ledger
    header_rows: tuple[int, ...]
    first_data_row: int
    columns: Mapping[str, int]
    unmatched: Mapping[int, str]
    ambiguous: Mapping[int, tuple[str, ...]]
    missing_required: tuple[str, ...]
    header_keys: Mapping[int, frozenset[str]]

    def repeats_header(self, row: Row) -> bool:
        """Whether a row further down is the header again, as on every printed page."""
        again = 0
        for at in range(len(row)):
            text = cell_text(row, at)
            if text and header_key(text) not in self.header_keys.get(at, frozenset()):
                return False
            again += bool(text)
        return again >= FEWEST_COLUMNS


def with_choices(match: HeaderMatch, choices: Mapping[str, str]) -> HeaderMatch:
    """The match as a person has decided: header text (by `header_key`) -> field; "" for a column that is none of the ledger's.

    A choice for a field takes it from the column that had it.
    """
    columns, decided = dict(match.columns), {}
    for at, keys in match.header_keys.items():
        field = next((choices[key] for key in sorted(keys) if key in choices), None)
        if field is not None:
            decided[at] = field
    for at, field in decided.items():
        columns = {name: where for name, where in columns.items() if where != at}
        if field in {column.field for column in match.ledger.all_columns}:
            columns[field] = at
    settled = set(columns) | set(decided.values())
    return replace(
        match,
        columns=columns,
        unmatched={at: text for at, text in match.unmatched.items() if at not in decided},
        ambiguous={at: names for at, names in match.ambiguous.items() if at not in decided and not set(names) <= settled},
        missing_required=tuple(field for field in match.ledger.required if field not in columns),
    )


@dataclass(frozen=True)
class _Claim:
    """What a header text may stand for, and how weakly (0 is the canonical header)."""

    fields: tuple[str, ...] = ()
    weakness: int = 0
    together: bool = False


NO_CLAIM = _Claim()


def match_header(rows: Sequence[Row], ledger: Ledger | None = None, sheet_name: str = "") -> HeaderMatch | Fault:
    """The header of `ledger` in the first rows of a sheet, or of the ledger that fits best when none is given.

    The row, or pair of rows, that names most columns is the header. A sheet without one gives the Fault `header.none`; one
    that several ledgers fit about equally gives `header.which_ledger`, whose parameter `codes` names them, best first.
    """
    layouts = [layout for at in range(min(len(rows), SEARCHED_ROWS)) for layout in layouts_at(rows, at)]
    candidates = [ledger] if ledger else list(read_ledgers().values())
    matches = [match for candidate in candidates if (match := _best_match(layouts, candidate))]
    if not matches:
        return Fault("header.none")
    above = {match.header_rows[0]: _title_above(rows, match.header_rows[0], sheet_name) for match in matches}
    fits = sorted(((_fitness(match, above[match.header_rows[0]]), at) for at, match in enumerate(matches)), reverse=True)
    alike = [matches[at].ledger for fitness, at in fits if fits[0][0][0] - fitness[0] <= ABOUT_EQUAL]
    return _with_stand_ins(matches[fits[0][1]]) if len(alike) == 1 else _which(alike)


def _with_stand_ins(match: HeaderMatch) -> HeaderMatch:
    """The match with the columns that tell two fields; they say nothing about which ledger it is."""
    missing, known = match.missing_required, match.columns
    told = {field: known[other] for field, other in STANDS_FOR if field in missing and other in known}
    return replace(match, columns={**known, **told}, missing_required=tuple(field for field in missing if field not in told))


def _which(alike: Sequence[Ledger]) -> Fault:
    names = "、".join(f"{one.code} {one.title}" for one in alike)
    return Fault("header.which_ledger", {"ledgers": names, "codes": tuple(one.code for one in alike)})


def _title_above(rows: Sequence[Row], header_row: int, sheet_name: str) -> str:
    return header_key(sheet_name) + "".join(header_key(cell) for row in rows[:header_row] for cell in row if cell)


def _fitness(match: HeaderMatch, title: str) -> tuple[int, int]:
    """How well a ledger fits: its own columns count double, missing ones against it, its title above the table for it."""
    ledger = match.ledger
    titles = [len(key) for key in map(header_key, (ledger.title, *ledger.titles)) if key in title]
    own = sum(field in ledger.own for field in match.columns)
    return len(match.columns) + own - len(match.missing_required) + max(titles, default=0), -len(ledger.columns)


def _best_match(layouts: Sequence[Layout], ledger: Ledger) -> HeaderMatch | None:
    """The layout in which the ledger finds most columns, one row rather than two; None when it finds fewer than two."""
    matches = [_match_layout(layout, ledger) for layout in layouts]
    found = max(matches, key=lambda match: (_width(match), -len(match.header_rows)), default=None)
    return found if found and _width(found) >= FEWEST_COLUMNS else None


def _width(match: HeaderMatch) -> int:
    """How many columns are known; ambiguous ones do not speak for a layout."""
    return len({*match.columns.values()})


def _match_layout(layout: Layout, ledger: Ledger) -> HeaderMatch:
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
        header_keys=layout.header_keys,
    )


def _first_claim(known: Mapping[str, _Claim], options: Sequence[Option]) -> _Claim:
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
