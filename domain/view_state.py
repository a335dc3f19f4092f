"""How a page shows what the filter chose: language, order, layer, page number. It travels in the URL beside the filter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from domain.school_year import FIRST_YEAR, LAST_YEAR, school_year_of
from domain.terms import Lang, parse_lang

PAGE_ROWS = 50  # rows of one page of a table
LAST_PAGE = 1_000_000
LARGEST_ID = 2**53 - 1
WORDS = ("sort", "layer", "measure", "classes", "level", "compare")
WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")
NUMBER = re.compile(r"[1-9][0-9]{0,15}")
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class ViewState:
    """How a page shows its rows; nothing here changes which rows they are.

    `sort`, `layer`, `measure`, `classes`, `level` and `compare` are single words whose meaning belongs to the page (`choose`
    turns one into an enum). `against`: the other day of a comparison. `page` counts from 1.
    `child` is the internal number of the child whose file is open: it says nothing to whoever may not see the child.
    Raises ValueError on values of the wrong form.
    """

    lang: Lang = "zh"
    sort: str = ""
    layer: str = ""
    measure: str = ""
    classes: str = ""
    level: str = ""
    compare: str = ""
    against: date | None = None
    page: int = 1
    child: int | None = None

    def __post_init__(self) -> None:
        for name in WORDS:
            word = getattr(self, name)
            if word and not WORD.fullmatch(word):
                raise ValueError(name)
        if self.against is not None and not FIRST_YEAR <= school_year_of(self.against) <= LAST_YEAR:
            raise ValueError("against")
        if not 1 <= self.page <= LAST_PAGE:
            raise ValueError("page")
        if self.child is not None and not 1 <= self.child <= LARGEST_ID:
            raise ValueError("child")

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "ViewState":
        """The view a URL says: total, unknown keys and bad values are dropped, nothing raises."""
        view = cls(lang=parse_lang(query.get("lang")))
        for name in (*WORDS, "against", "page", "child"):
            text = query.get(name, "")
            try:
                view = replace(view, **{name: _read_part(name, text)})
            except ValueError:
                continue
        return view

    def to_query(self) -> dict[str, str]:
        """The URL's keys and values, defaults left out; from_query gives the same view back."""
        plain = ViewState()
        names = (item.name for item in fields(self))
        return {name: str(getattr(self, name)) for name in names if getattr(self, name) != getattr(plain, name)}

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * PAGE_ROWS

    def elsewhere(self) -> "ViewState":
        """What goes along to another page: the language."""
        return ViewState(lang=self.lang)


def choose(word: str, default: Choice) -> Choice:
    """The member of `default`'s enum that `word` names; `default` for anything else."""
    known: dict[str, Choice] = {member.value: member for member in type(default)}
    return known.get(word, default)


def _read_part(name: str, text: str) -> Any:
    if name == "against":
        return date.fromisoformat(text) if text else None
    return _read_number(text) if name in {"page", "child"} else text


def _read_number(text: str) -> int:
    """The number, or 0, which no part of a view may be."""
    return int(text) if NUMBER.fullmatch(text) else 0
