"""Long lists of keys, in parts that one statement can name."""

import json
from collections.abc import Collection, Iterator
from typing import Any, TypeVar

from sqlalchemy import Boolean, ColumnElement, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

MOST = 5_000  # SQLite takes 32,766 parameters a statement; one query may use a list several times


Key = TypeVar("Key", int, str)


def chunks(keys: Collection[Key]) -> Iterator[list[Key]]:
    """`keys`, sorted and without doubles, in lists of at most MOST."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), MOST):
        yield ordered[start : start + MOST]


class among(FunctionElement[bool]):
    """Whether a column holds one of some row numbers, which travel as one parameter.

    `column.in_(numbers)` makes a parameter of each: SQLAlchemy then spends longer on writing the statement than the database
    on answering it.
    """

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], numbers: Collection[int]) -> None:
        super().__init__(column, literal(json.dumps(list(numbers)), Text()))


def only(query: Any, column: ColumnElement[Any], part: Collection[int] | None) -> Any:
    """A select or delete narrowed to some row numbers; with None as it is, for all rows."""
    return query if part is None else query.where(among(column, part))


@compiles(among, "sqlite")
def _for_sqlite(element: among, compiler: Any, **options: Any) -> str:
    column, numbers = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 - both are ours: a column and a parameter


@compiles(among, "postgresql")
def _for_postgresql(element: among, compiler: Any, **options: Any) -> str:
    column, numbers = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} = ANY (CAST(translate({numbers}, '[]', '{{}}') AS bigint[]))"
