"""Reads the records of many cases at once for their forms, and says values as they stand in a letter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select
from sqlalchemy.orm import aliased

from data_access.adult_names import AdultNames
from data_access.cases import CaseRow
from data_access.chunks import chunks
from data_access.secrets import Cipher
from domain.grades import class_label, grade_label
from domain.masking import PiiKind, mask
from domain.scope import Scope
from domain.terms import say

Rows = Mapping[int, Sequence[Row[Any]]]


@dataclass(frozen=True)
class Reader:
    """Who reads, as of which day; `cipher` None: addresses and telephone numbers are left to be written in by hand."""

    conn: Connection
    scope: Scope
    day: date
    cipher: Cipher | None

    def hide(self, text: str | None, kind: PiiKind = PiiKind.FREE_TEXT) -> str | None:
        """Text that may name people, as this role may read it."""
        return text if self.scope.sees_names else mask(text, kind)

    @cached_property
    def adults(self) -> AdultNames:
        """Which names in texts about who came may be read."""
        return AdultNames(self.conn, self.scope)

    def open(self, sealed: bytes | None, kind: PiiKind) -> str | None:
        """A sealed value, as this role may read it."""
        return self.hide(self.cipher.unseal(sealed), kind) if self.cipher else None

    def by(self, table: Table, key: str, keys: Iterable[int], since: str | None = None, *more: Any) -> Rows:
        """The rows of a table without those that were corrected, by one of its columns; with `since` up to the day, in order."""
        found: dict[int, list[Row[Any]]] = defaultdict(list)
        for part in chunks(set(keys)):
            for row in self.conn.execute(self._chosen(table, key, part, since, more)):
                found[getattr(row, key)].append(row)
        return found

    def _chosen(self, table: Table, key: str, keys: Sequence[int], since: str | None, more: Sequence[Any]) -> Select[Any]:
        query = select(table).where(table.c[key].in_(keys), *more)
        if since:
            query = query.where(table.c[since] <= self.day).order_by(table.c[since])
        if "corrects" in table.c:
            later = aliased(table)
            query = query.where(table.c.id.not_in(select(later.c.corrects).where(later.c.corrects.is_not(None))))
        return query.order_by(table.c.id)


def say_day(day: date | None) -> str | None:
    """A day as it stands in a letter."""
    return f"{day.year}年{day.month}月{day.day}日" if day else None


def say_class(row: CaseRow) -> str | None:
    """The class in words, as far as it is known."""
    if row.grade is None:
        return None
    return class_label(row.grade, row.class_no, "zh") if row.class_no else grade_label(row.grade, "zh")


def say_code(family: str, code: object) -> str | None:
    """The words of a code."""
    return say(f"{family}.{code}") if code not in (None, "") else None


def say_owner(name: str | None, role: str | None) -> str | None:
    """A duty holder with his or her role; adults on duty are never masked."""
    return f"{name}（{say(f'dutyrole.{role}')}）" if name and role else name
