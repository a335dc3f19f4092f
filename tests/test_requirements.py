"""docs/requirements.md: a row for each of R001-R246, naming only what exists, and complete for every finished part."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (R\d{3}) \|(.*)\|$", re.MULTILINE)
PARTS = set(range(1, 7))


class Requirement(NamedTuple):
    """A row of the table; `part` holds numbers, or `later: ` and why."""

    code: str
    asked: str
    part: str
    modules: list[str]
    pages: list[str]
    tests: list[str]


def read_rows() -> list[Requirement]:
    cells = [(code, [cell.strip() for cell in rest.split("|")]) for code, rest in ROW.findall(TEXT)]
    return [Requirement(code, asked, part, *map(paths, named)) for code, (asked, part, *named) in cells]


def paths(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def parts(row: Requirement) -> set[int]:
    return {int(number) for number in row.part.split(",")}


ROWS = read_rows()
PLANNED = [row for row in ROWS if not row.part.startswith("later: ")]


def finished() -> set[int]:
    said = re.search(r"^Parts finished: (.+)\.$", TEXT, re.MULTILINE)
    assert said
    return {int(number) for number in re.findall(r"\d", said[1])}


def test_every_requirement_has_one_row_in_order() -> None:
    assert [row.code for row in ROWS] == [f"R{number:03}" for number in range(1, 247)]
    assert all(row.asked for row in ROWS)


def test_every_row_has_a_part_or_a_reason() -> None:
    assert all(parts(row) and parts(row) <= PARTS for row in PLANNED)
    assert all(row.part.removeprefix("later: ") for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_what_is_named_exists(row: Requirement) -> None:
    named = [*row.modules, *row.pages, *row.tests]
    assert [path for path in named if not (ROOT / path).is_file()] == []
    assert all(path.startswith("pages/") for path in row.pages)
    assert all(path.startswith("tests/") for path in row.tests)


def test_finished_parts_are_carried() -> None:
    owed = [row.code for row in PLANNED if parts(row) <= finished() and not (row.modules and row.tests)]
    assert owed == []
