"""Long lists of keys, in parts that one statement can name."""

import json
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Boolean, ColumnElement, Select, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

MOST = 5_000  # SQLite takes 32,766 parameters a statement; one query may use a list several times


Key = TypeVar("Key", int, str, bytes)


def chunks(keys: Collection[Key]) -> Iterator[list[Key]]:
    """`keys`, sorted and without doubles, in lists of at most MOST."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), MOST):
        yield ordered[start : start + MOST]


class _Among(FunctionElement[bool]):
    """A condition that stands in a WHERE as it is written."""

    type = Boolean()

    def self_group(self, against: object = None) -> ColumnElement[Any]:  # type: ignore[override]
        """Itself: for SQLite, SQLAlchemy would write `x IN (...) = 1`, which no index answers."""
        return self


def listed(numbers: Collection[int]) -> str:
    """Row numbers as `among` takes them."""
    return _list_of(tuple(numbers))


@lru_cache(4)  # the same children are named to one table after the other
def _list_of(numbers: tuple[int, ...]) -> str:
    return json.dumps(numbers)


class among(_Among):
    """Whether a column holds one of some row numbers, which travel as one parameter.

    `column.in_(numbers)` makes a parameter of each: SQLAlchemy then spends longer on writing the statement than the database
    on answering it. A statement put together once names a parameter, to be given them as `listed` writes them.
    """

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], numbers: Collection[int] | BindParameter[str]) -> None:
        super().__init__(column, numbers if isinstance(numbers, BindParameter) else literal(listed(numbers), Text()))


class among_marks(_Among):
    """The same for a column of fingerprints: written into the statement, for SQLAlchemy takes longer over as many parameters."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], marks: Collection[bytes]) -> None:
        self.marks = [mark.hex() for mark in marks]
        super().__init__(column)


class one_of(_Among):
    """Whether a column holds one of the few values of a subselect, which is read once, before an index is asked for them."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], values: Select[Any]) -> None:
        super().__init__(column, values.scalar_subquery())


def only(query: Any, column: ColumnElement[Any], part: Collection[int] | None) -> Any:
    """A select or delete narrowed to some row numbers; with None as it is, for all rows."""
    return query if part is None else query.where(among(column, part))


@compiles(among, "sqlite")
def _for_sqlite(element: among, compiler: Any, **options: Any) -> str:
    column, numbers = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 - both are ours: a column and a parameter


@compiles(among_marks, "sqlite")
def _marks_for_sqlite(element: among_marks, compiler: Any, **options: Any) -> str:
    (column,) = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (" + ",".join([f"x'{mark}'" for mark in element.marks] or ["NULL"]) + ")"


@compiles(among_marks, "postgresql")
def _marks_for_postgresql(element: among_marks, compiler: Any, **options: Any) -> str:
    (column,) = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (" + ",".join([f"'\\x{mark}'" for mark in element.marks] or ["NULL"]) + ")"


@compiles(among, "postgresql")
def _for_postgresql(element: among, compiler: Any, **options: Any) -> str:
    column, numbers = (compiler.process(one, **options) for one in element.clauses)
    # As a table of its own: `= ANY (CAST(...))` reads the list again for every row that no index leads to.
    return f"{column} IN (SELECT unnest(CAST(translate({numbers}, '[]', '{{}}') AS bigint[])))"


@compiles(one_of, "sqlite")
def _values_for_sqlite(element: one_of, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN {values}"


@compiles(one_of, "postgresql")
def _values_for_postgresql(element: one_of, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} = ANY (ARRAY{values})"  # beside an OR, no index is asked for a column IN a subselect
