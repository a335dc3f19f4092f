"""Long lists of keys, in parts that every engine takes as bound parameters."""

from collections.abc import Collection, Iterator
from typing import TypeVar

MOST = 5_000  # SQLite takes 32,766 parameters a statement; one query may use a list several times


Key = TypeVar("Key", int, str)


def chunks(keys: Collection[Key]) -> Iterator[list[Key]]:
    """`keys`, sorted and without doubles, in lists of at most MOST."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), MOST):
        yield ordered[start : start + MOST]
