"""Chance, one throw at a time: what numpy draws in bulk, dealt out quickly."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from numpy.random import Generator

T = TypeVar("T")
BATCH = 10_000


class Dice:
    """A row of throws that depends on the seed alone."""

    def __init__(self, rng: Generator) -> None:
        self._throws = _throws(rng)

    def share(self) -> float:
        """A number in [0, 1)."""
        return next(self._throws)

    def chance(self, share: float) -> bool:
        """True as often as `share` says."""
        return next(self._throws) < share

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high` - 1."""
        return low + int(next(self._throws) * (high - low))

    def pick(self, things: Sequence[T]) -> T:
        """One of the things."""
        return things[int(next(self._throws) * len(things))]

    def weigh(self, shares: Mapping[T, float]) -> T:
        """One of the keys, as often as its share of the sum says."""
        left = next(self._throws) * sum(shares.values())
        for thing, share in shares.items():
            left -= share
            if left < 0:
                return thing
        return thing


def _throws(rng: Generator) -> Iterator[float]:
    while True:
        yield from rng.random(BATCH).tolist()
