"""How far the making of a demo has come."""

from collections.abc import Callable, Iterable, Iterator

from data_access.bulk import Row
from domain.terms import say

Progress = Callable[[str, float], None]
REPORT_EVERY = 20_000  # rows between two words of progress
# When each step begins, as a share of the whole time.
STEPS = {
    "demo.areas": 0.0,
    "demo.plan": 0.01,
    "demo.children": 0.1,
    "demo.families": 0.17,
    "demo.homes": 0.22,
    "demo.enrolment": 0.245,
    "demo.groups": 0.285,
    "demo.cases": 0.305,
    "demo.indexes": 0.35,
    "demo.summaries": 0.395,
    "demo.shapes": 0.9,  # this and what follows is the command's
    "demo.checks": 0.93,
    "demo.done": 1.0,
}


class Steps:
    """Turns steps and counted rows into a share of the whole."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.keys = list(STEPS)
        self.at = 0

    def begin(self, key: str) -> None:
        """A step begins."""
        self.at = self.keys.index(key)
        self.within(0.0)

    def within(self, share: float) -> None:
        """How much of the step is done."""
        key = self.keys[self.at]
        begins, ends = STEPS[key], STEPS[self.keys[min(self.at + 1, len(self.keys) - 1)]]
        self.progress(f"{say(key, 'zh')} {say(key, 'en')}", begins + (ends - begins) * min(1.0, share))

    def counting(self, rows: Iterable[Row], expected: int) -> Iterator[Row]:
        """The same rows; progress is told now and then."""
        for number, row in enumerate(rows):
            if number % REPORT_EVERY == 0:
                self.within(number / max(1, expected))
            yield row
