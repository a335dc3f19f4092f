"""Tables about areas as a bureau hands them in: aliases, mergers, catchments; the first row names the columns."""

from collections.abc import Mapping, Sequence
from datetime import date

from data_access.geography import Merge
from domain.errors import ProblemError
from domain.grades import Stage

Cells = Sequence[Sequence[str | None]]
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("village_code", "村代码", "代码"),
    "alias": ("alias", "别名"),
    "old": ("old_code", "原代码"),
    "new": ("new_code", "新代码"),
    "on_date": ("on_date", "生效日期"),
    "document": ("document", "文件"),
    "stage": ("stage", "学段"),
    "school": ("school_code", "学校代码"),
}
STAGES = {"primary": Stage.PRIMARY, "小学": Stage.PRIMARY, "junior": Stage.JUNIOR, "初中": Stage.JUNIOR}


def read_aliases(cells: Cells) -> list[tuple[str, str]]:
    """Village code and another name for it."""
    return [(row["code"], row["alias"]) for row in _rows(cells, "code", "alias")]


def read_merges(cells: Cells) -> list[Merge]:
    """Old code, new code, from which day on, by which paper."""
    rows = _rows(cells, "old", "new", "on_date", "document")
    try:
        return [Merge(row["old"], row["new"], date.fromisoformat(row["on_date"]), row["document"]) for row in rows]
    except ValueError:
        raise ProblemError("geography.bad_date") from None


def read_drawn(cells: Cells) -> dict[Stage, dict[str, str]]:
    """The catchments by stage: village code -> school code."""
    found: dict[Stage, dict[str, str]] = {}
    for row in _rows(cells, "code", "stage", "school"):
        if row["stage"] not in STAGES:
            raise ProblemError("geography.bad_stage", stage=row["stage"])
        found.setdefault(STAGES[row["stage"]], {})[row["code"]] = row["school"]
    return found


def _rows(cells: Cells, *wanted: str) -> list[Mapping[str, str]]:
    header = [(name or "").strip() for name in cells[0]] if cells else []
    places = {field: next((header.index(name) for name in COLUMNS[field] if name in header), None) for field in wanted}
    if missing := [COLUMNS[field][0] for field, place in places.items() if place is None]:
        raise ProblemError("geography.no_column", names=", ".join(missing))
    rows: list[Mapping[str, str]] = []
    for number, row in enumerate(cells[1:], 2):
        told = {field: str(row[place] or "").strip() for field, place in places.items() if place is not None and place < len(row)}
        if not any(told.values()):
            continue
        if len(told) < len(wanted) or not all(told.values()):
            raise ProblemError("geography.blank", row=number)
        rows.append(told)
    if not rows:
        raise ProblemError("areas.empty")
    return rows
