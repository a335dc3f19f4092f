"""Which names in a text are those of adults on duty: the only ones that roles without sight of names may read (R221)."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from data_access.chunks import chunks
from data_access.people import people_in_scope
from data_access.schema import person
from domain.known_names import names_in, show_known
from domain.scope import Scope

AHEAD = 500  # rows whose names are looked up at once


class AdultNames:
    """The adults of the scope's counties, asked for by name as texts need them and remembered."""

    def __init__(self, conn: Connection, scope: Scope) -> None:
        self.conn, self.scope = conn, scope
        self.asked: set[str] = set()
        self.known: set[str] = set()

    def show(self, text: str) -> str:
        """Who came, as this role may read it: whole for those who see names, else with unknown names masked."""
        if self.scope.sees_names:
            return text
        self.learn([text])
        return show_known(text, self.known)

    def show_maybe(self, text: str | None) -> str | None:
        """The same for a text that may be missing."""
        return self.show(text) if text else text

    def learn(self, texts: Iterable[str]) -> None:
        """Look up what these texts name, so that `show` need not ask for each."""
        unknown = {name for text in texts for name in names_in(text)} - self.asked
        self.asked |= unknown
        for part in chunks(unknown):
            mine = select(person.c.name).where(person.c.name.in_(part), people_in_scope(self.scope))
            self.known |= set(self.conn.execute(mine).scalars())

    def ahead(self, rows: Iterable[Any], text_of: Callable[[Any], str | None]) -> Iterator[Any]:
        """The rows as they come, their names looked up many rows at a time."""
        waiting = iter(rows)
        while batch := list(islice(waiting, AHEAD)):
            if not self.scope.sees_names:
                self.learn(text_of(row) or "" for row in batch)
            yield from batch
