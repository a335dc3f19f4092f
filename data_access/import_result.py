"""What came of an import: every row accounted for, every problem with its place and its mend."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from domain.errors import ProblemError
from domain.faults import Fault
from domain.terms import Lang, say

REPORT_FIELDS = ("file", "sheet", "cell", "column", "value_masked", "code", "message", "mend")


class Action(StrEnum):
    """What an accepted row did, or that it was refused."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class ImportProblem:
    """One thing wrong in one cell (or the header, or the whole sheet). `value_masked` never shows personal values whole."""

    file: str
    sheet: str
    cell: str
    column: str
    value_masked: str
    fault: Fault

    def row(self, lang: Lang) -> tuple[str, ...]:
        """The values of REPORT_FIELDS."""
        where = (self.file, self.sheet, self.cell, self.column, self.value_masked)
        return (*where, self.fault.code, self.fault.say(lang), self.fault.mend(lang))


@dataclass(frozen=True)
class HeaderColumn:
    """A column as a person sees it: its header, the field it is taken for, or the fields it may mean."""

    sheet: str
    cell: str
    text: str
    field: str | None
    asked: tuple[str, ...] = ()


NOTHING_READ = 2  # the exit code
DOUBTS = frozenset({"import.doubtful", "import.other_name", "import.two_children", "import.twice_elsewhere"})


@dataclass
class ImportResult:
    """The outcome of one file: accepted + refused = rows in the file. `notes` are told, but refuse nothing.

    `gone`: children that the system knows at the file's schools and the file does not name; None for ledgers without a whole.
    `unread`: records below a header that is wrong, refused with it. `alike`: the ledgers that the header fits about equally,
    when nothing was read because somebody must say which it is.
    """

    file: str
    ledger: str
    actions: Counter[Action] = field(default_factory=Counter)
    problems: list[ImportProblem] = field(default_factory=list)
    notes: list[Fault | ProblemError] = field(default_factory=list)
    headers: list[HeaderColumn] = field(default_factory=list)
    alike: tuple[str, ...] = ()
    same_file_on: str | None = None
    gone: int | None = None
    unread: int = 0
    batch_id: int | None = None
    touched: frozenset[int] = frozenset()  # children whose rows the file changed

    @property
    def refused(self) -> int:
        """Rows that did not go in."""
        return self.actions[Action.REFUSED] + self.unread

    @property
    def rows(self) -> int:
        """Rows in the file."""
        return sum(self.actions.values()) + self.unread

    @property
    def accepted(self) -> int:
        """Rows that went in, those that changed nothing included."""
        return self.rows - self.refused

    @property
    def doubtful(self) -> int:
        """Rows refused until a person has said who they are about."""
        return len({(one.sheet, one.cell) for one in self.problems if one.fault.code in DOUBTS})

    @property
    def exit_code(self) -> int:
        """0 all in, 1 some refused, 2 nothing could be read."""
        return NOTHING_READ if not self.actions else 1 if self.refused or self.problems else 0


MOST_LINES = 20


def say_result(result: ImportResult, lang: Lang, *, strict: bool = False, dry_run: bool = False) -> Iterator[str]:
    """The outcome in words: what went in, what was told, and the first problems with their cells.

    Of a file of which nothing could be read only what is wrong with it, a line each.
    """
    if result.exit_code == NOTHING_READ and result.problems:
        yield from _say_problems(result, lang, result.file)
        return
    counts = {action.value: result.actions[action] for action in (Action.NEW, Action.CHANGED, Action.UNCHANGED)}
    yield say(
        "import.summary",
        lang,
        file=result.file,
        ledger=result.ledger or "—",
        read=result.rows,
        accepted=result.accepted,
        refused=result.refused,
        **counts,
    )
    if result.gone:
        yield say("import.gone", lang, count=result.gone)
    if result.same_file_on and not (counts["new"] or counts["changed"]):
        yield say("import.same_file", lang, day=result.same_file_on)
    if dry_run:
        yield say("import.dry_run", lang)
    elif strict and result.refused:
        yield say("import.strict_refused", lang)
    for note in result.notes:
        yield f"· {note.say(lang)}"
    yield from _say_problems(result, lang)


def _say_problems(result: ImportResult, lang: Lang, *before: str) -> Iterator[str]:
    for problem in result.problems[:MOST_LINES]:
        place = "!".join(part for part in (problem.sheet, problem.cell) if part)
        where = " ".join(part for part in (*before, place, problem.column) if part)
        yield f"✗ {where}: {problem.fault.say(lang)} → {problem.fault.mend(lang)}"
    if len(result.problems) > MOST_LINES:
        yield say("import.more", lang, count=len(result.problems) - MOST_LINES)


def write_report(path: Path, problems: Sequence[ImportProblem], lang: Lang) -> None:
    """The problems as CSV (UTF-8 with BOM), a line each."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(REPORT_FIELDS)
        writer.writerows(problem.row(lang) for problem in problems)
