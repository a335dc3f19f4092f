"""The ledgers that the policies name, L0 to L17, the exam list of grade 9, L18,
the list of who answers for what, L19, and the absences by child, L20, column by column.

No national column list exists: headers differ from county to county, so every column carries the words it is known by. The
facts stand in `ledger_columns.json`; requirement numbers are R045-R075 and R111-R138;
R158-R159 and R201 stand on the exam list, R202-R212 and R233 on the other.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from domain.errors import ProblemError
from domain.plain_text import fold_code

COLUMNS_FILE = Path(__file__).with_name("ledger_columns.json")
IDENTITY = "identity"  # stands in a ledger's column list where the shared block of columns comes


class Kind(StrEnum):
    """How a cell of the column is read; `domain/cell_values.py` has the reader of each."""

    TEXT = "text"
    NAME = "name"
    ADDRESS = "address"
    PHONE = "phone"
    ID = "id"
    REGISTRY = "registry"
    SCHOOL_CODE = "school_code"
    CARD = "card"
    AREA = "area"
    SEX = "sex"
    GRADE = "grade"
    CLASS = "class"
    DATE = "date"
    MONTH = "month"
    YEAR = "year"
    MOMENT = "moment"
    INTEGER = "integer"
    NUMBER = "number"
    RATE = "rate"
    TICK = "tick"
    MARK = "mark"
    REASON = "reason"
    CHOICE = "choice"
    CHOICES = "choices"


def word_key(word: str) -> str:
    """A vocabulary word as compared: no spaces, brackets or trailing .0, 其它 written 其他."""
    return re.sub(r"[()]", "", fold_code(word)).replace("其它", "其他").removesuffix(".0")


@dataclass(frozen=True)
class Choice:
    """One entry of a vocabulary: `label` is stored and written, `aliases` (codes, other wordings) are read as it."""

    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column of a ledger: `field` names it in code, `header` on paper, `synonyms` are headers read as it.

    `pii` is the level of personal data: 2 sensitive (numbers, telephone, address, health, family), 1 personal, 0 none.
    `refused` words of a vocabulary are errors of their own (word -> fault code).
    """

    field: str
    header: str
    english: str
    synonyms: tuple[str, ...] = ()
    pii: int = 0
    required: bool = False
    kind: Kind = Kind.TEXT
    choices: tuple[Choice, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The label of every word of the vocabulary, by `word_key`."""
        words = ((word, choice.label) for choice in self.choices for word in (choice.label, *choice.aliases))
        return {word_key(word): label for word, label in words}


@dataclass(frozen=True)
class Ledger:
    """A ledger: its `columns` in canonical order, the identity block included.

    `extras` are columns taken in when present and written behind the canonical ones. `own` names the ledger's own fields:
    where both know a header, its own column beats the identity block. `ambiguous` headers must be asked about; `combined`
    ones hold several fields in one cell.
    """

    code: str
    title: str
    english: str
    columns: tuple[Column, ...]
    has_identity_block: bool
    own: frozenset[str]
    titles: tuple[str, ...] = ()
    extras: tuple[Column, ...] = ()
    ambiguous: tuple[tuple[str, tuple[str, ...]], ...] = ()
    combined: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Canonical columns, then extras."""
        return self.columns + self.extras

    @property
    def required(self) -> tuple[str, ...]:
        """Fields without which a row is refused."""
        return tuple(column.field for column in self.columns if column.required)

    def column(self, field: str) -> Column:
        """The column of that field. Raises KeyError when the ledger has none."""
        try:
            return self._by_field[field]
        except KeyError:
            raise KeyError(f"{self.code} has no column {field}") from None

    @cached_property
    def _by_field(self) -> Mapping[str, Column]:
        return {column.field: column for column in reversed(self.all_columns)}


@cache
def read_ledgers() -> Mapping[str, Ledger]:
    """All ledgers by code, L0 to L20."""
    told = json.loads(COLUMNS_FILE.read_text(encoding="utf-8"))
    shared = _Shared(
        vocabularies={name: _read_choices(words) for name, words in told["vocabularies"].items()},
        identity=told["identity"],
        combined=_pairs(told["combined"]),
    )
    return MappingProxyType({code: _read_ledger(code, entry, shared) for code, entry in told["ledgers"].items()})


def ledger(code: str) -> Ledger:
    """The ledger of that code, `L1` or `l1`. Raises ProblemError for a code that does not exist."""
    found = read_ledgers().get(code.strip().upper())
    if found is None:
        raise ProblemError("ledger.unknown")
    return found


@dataclass(frozen=True)
class _Shared:
    """What several ledgers have in common."""

    vocabularies: dict[str, tuple[Choice, ...]]
    identity: list[dict[str, Any]]
    combined: tuple[tuple[str, tuple[str, ...]], ...]

    def read(self, told: dict[str, Any]) -> Column:
        """A column; one that a ledger has of its own is known by the words of its namesake of the identity block too."""
        namesakes = [one for one in self.identity if one["field"] == told["field"] and one is not told]
        known = [word for one in namesakes for word in (one["header"], *one.get("synonyms", []))]
        words = dict.fromkeys([*told.get("synonyms", []), *known])
        return _read_column(told | {"synonyms": [word for word in words if word != told["header"]]}, self.vocabularies)


def _read_ledger(code: str, entry: dict[str, Any], shared: _Shared) -> Ledger:
    own = [told for told in entry["columns"] if told != IDENTITY]
    has_identity_block = len(own) < len(entry["columns"])
    spread = [column for told in entry["columns"] for column in (shared.identity if told == IDENTITY else [told])]
    return Ledger(
        code=code,
        title=entry["title"],
        english=entry["english"],
        columns=tuple(shared.read(told) for told in spread),
        has_identity_block=has_identity_block,
        own=frozenset(told["field"] for told in own),
        titles=tuple(entry["titles"]),
        extras=tuple(shared.read(told) for told in entry.get("extras", [])),
        ambiguous=_pairs(entry.get("ambiguous", {})),
        combined=shared.combined if has_identity_block else (),
    )


def _pairs(told: dict[str, list[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((header, tuple(fields)) for header, fields in told.items())


def _read_column(told: dict[str, Any], vocabularies: dict[str, tuple[Choice, ...]]) -> Column:
    choices = vocabularies[told["vocabulary"]] if "vocabulary" in told else _read_choices(told.get("choices", []))
    return Column(
        field=told["field"],
        header=told["header"],
        english=told["english"],
        synonyms=tuple(told.get("synonyms", [])),
        pii=told["pii"],
        required=told.get("required", False),
        kind=Kind(told.get("kind", Kind.TEXT)),
        choices=choices,
        refused=tuple(told.get("refused", {}).items()),
    )


def _read_choices(words: list[list[str]]) -> tuple[Choice, ...]:
    return tuple(Choice(label, tuple(aliases)) for label, *aliases in words)
