"""Files that an import gives back: the clerk's own workbook with its problems marked, the list of problems, a blank workbook."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from data_access.import_result import ImportProblem, write_report
from data_access.workbook_address import column_index
from data_access.workbook_notes import CellNote, annotate
from data_access.workbook_template import write_template
from domain.ledgers import Ledger
from domain.terms import Lang

Writer = Callable[[BinaryIO], int]


def note_of(problem: ImportProblem, lang: Lang) -> CellNote | None:
    """What to say at a cell; None for a problem of the whole file."""
    letters = problem.cell.rstrip("0123456789")
    if not letters:
        return None
    text = f"{problem.fault.say(lang)} → {problem.fault.mend(lang)}"
    return CellNote(problem.sheet, int(problem.cell[len(letters) :]), column_index(letters), text)


def _in_folder(name: str, write: Callable[[Path, Path], int]) -> Writer:
    """A writer for the spool: `write` works in a folder of its own and names the file it has made."""

    def writer(out: BinaryIO) -> int:
        with tempfile.TemporaryDirectory(prefix="kongchuo-") as folder:
            made = Path(folder) / name
            count = write(Path(folder), made)
            with made.open("rb") as file:
                shutil.copyfileobj(file, out)
        return count

    return writer


def marked_copy(content: bytes, name: str, problems: Sequence[ImportProblem], lang: Lang) -> Writer:
    """The uploaded workbook with every problem cell coloured and commented."""

    def write(folder: Path, made: Path) -> int:
        source = folder / "source"
        source.write_bytes(content)
        notes = [note for problem in problems if (note := note_of(problem, lang))]
        return annotate(source, notes, made, name=name)

    return _in_folder("marked.xlsx", write)


def problem_list(problems: Sequence[ImportProblem], lang: Lang) -> Writer:
    """The problems as CSV."""

    def write(_folder: Path, made: Path) -> int:
        write_report(made, problems, lang)
        return len(problems)

    return _in_folder("problems.csv", write)


def blank_workbook(ledger: Ledger, lang: Lang) -> Writer:
    """A blank workbook of the ledger."""

    def write(_folder: Path, made: Path) -> int:
        write_template(made, ledger, lang)
        return 0

    return _in_folder("blank.xlsx", write)
