"""An import in a process of its own has the outcome, the problems and the errors of one in this process; on both engines."""

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from data_access import import_apart as apart
from data_access import schema
from data_access.import_apart import Order, import_apart
from data_access.import_messages import read_note, read_problem, read_scope, write_note, write_scope
from data_access.import_result import ImportResult
from domain.errors import ProblemError, ScopeError
from domain.faults import Fault
from domain.scope import Role, Scope
from tests.data_access.small_world import COUNTY, lay_out
from tests.data_access.test_import_ledger import pupil, save

AS_OF = date(2026, 11, 20)
CLERK = Scope("clerk", Role.COUNTY, (COUNTY,), until=date(2026, 12, 31))


@pytest.fixture
def county(engine: Engine, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(key_file))
    lay_out(engine, AS_OF)
    return engine


@pytest.fixture
def path(tmp_path: Path) -> Path:
    rows = [pupil(number, name=f"试学{number}") for number in range(1, 6)]
    return save(tmp_path / "a.xlsx", [*rows, pupil(6, name="试学六", sex="不详")])


def bring(engine: Engine, path: Path, steps: list[str], large: int = 0, scope: Scope = CLERK, **options: Any) -> ImportResult:
    return import_apart(engine, scope, Order(path, None, AS_OF, options), lambda step, _: steps.append(step), large)


def test_the_outcome_is_that_of_an_import_in_this_process(county: Engine, path: Path) -> None:
    here: list[str] = []
    there: list[str] = []
    expected = bring(county, path, here, large=10**9, dry_run=True, name="台账.xlsx")
    found = bring(county, path, there, dry_run=True, name="台账.xlsx")
    assert replace(found, notes=[]) == replace(expected, notes=[], touched=frozenset())
    assert [note.say() for note in found.notes] == [note.say() for note in expected.notes]
    assert (found.accepted, found.refused, len(found.problems)) == (5, 1, 1)
    assert here == there != []
    written = bring(county, path, there)
    assert written.batch_id is not None
    with county.connect() as conn:
        assert conn.execute(select(func.count()).select_from(schema.child)).scalar_one() == 5


def test_what_is_wrong_with_the_whole_is_raised_as_it_is_here(county: Engine, tmp_path: Path, path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    for file, scope, options in (
        (broken, CLERK, {}),
        (path, replace(CLERK, role=Role.INSPECTOR), {}),
        (path, CLERK, {"school": "1"}),
    ):
        told = []
        for large in (10**9, 0):
            with pytest.raises(ProblemError) as raised:
                bring(county, file, [], large, scope, **options)
            told.append((type(raised.value), raised.value.say(), raised.value.say("en")))
        assert told[0] == told[1]


def test_an_end_without_an_outcome_is_told(county: Engine, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Dying(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.kill()

    monkeypatch.setattr(apart.subprocess, "Popen", Dying)
    with pytest.raises(ProblemError, match="unexpectedly"):
        bring(county, path, [])
    with county.connect() as conn:
        assert conn.execute(select(func.count()).select_from(schema.import_batch)).scalar_one() == 0


def test_whoever_stops_waiting_ends_the_import(county: Engine, path: Path) -> None:
    def leave(step: str, _share: float) -> None:
        if step == "matching":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_apart(county, CLERK, Order(path, None, AS_OF), leave, 0)
    with county.connect() as conn:
        assert conn.execute(select(func.count()).select_from(schema.child)).scalar_one() == 0


def test_faults_problems_and_scopes_are_read_as_they_were_written() -> None:
    fault = Fault("registry.id", {"why": Fault("id.length", {"length": 17}), "row": 3})
    assert read_note(write_note(fault)) == fault
    assert read_note(write_note(fault)).say() == fault.say()
    problem = read_problem(write_note(ScopeError("import.no_school", code="1")))
    assert (type(problem), problem.key, problem.params) == (ScopeError, "import.no_school", {"code": "1"})
    assert read_scope(write_scope(CLERK)) == CLERK
