"""An import killed at any moment leaves nothing half done, and two at once queue behind each other; on both engines."""

import os
import random
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from data_access import schema
from data_access.import_ledger import import_file
from data_access.import_result import Action, ImportResult
from data_access.secrets import Cipher
from domain.scope import Role, Scope
from tests.conftest import ROOT
from tests.data_access.small_world import COUNTY, lay_out
from tests.data_access.test_import_ledger import pupil, save

AS_OF = date(2026, 11, 20)
CLERK = Scope("clerk", Role.COUNTY, (COUNTY,))
ROWS, KILLS = 300, 30


@pytest.fixture
def county(engine: Engine) -> Engine:
    lay_out(engine, AS_OF)
    return engine


def counts(engine: Engine) -> tuple[int, ...]:
    """Batches, rows written down, children, enrolments, places."""
    tables = (schema.import_batch, schema.import_row, schema.child, schema.enrolment_spell, schema.child_place)
    with engine.connect() as conn:
        return tuple(conn.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


def start_import(engine: Engine, key_file: Path, path: Path) -> subprocess.Popen[bytes]:
    url = engine.url.render_as_string(hide_password=False)
    environment = os.environ | {"DATABASE_URL": url, "KONGCHUO_KEY_FILE": str(key_file)}
    command = [sys.executable, "-m", "data_access", "import", str(path), "--as-of", AS_OF.isoformat()]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=ROOT, env=environment, **quiet)  # type: ignore[call-overload,no-any-return]


@pytest.mark.slow
def test_killed_at_thirty_random_moments_it_is_all_or_nothing(county: Engine, key_file: Path, tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", [pupil(number, name=f"试学{number}") for number in range(1, ROWS + 1)])
    begun = time.monotonic()
    assert start_import(county, key_file, path).wait() == 0
    whole = time.monotonic() - begun
    before, dice = counts(county), random.Random(20)
    assert before[0] == 1
    killed, kill = 0, 0
    while killed < KILLS:  # an import that was over before the blow does not count
        kill += 1
        assert kill <= 5 * KILLS
        changed = [pupil(number, name=f"试学{number}", class_=f"{kill % 8 + 3}班") for number in range(1, ROWS + 1)]
        later = save(tmp_path / f"b{kill}.xlsx", changed)
        process = start_import(county, key_file, later)
        time.sleep(dice.uniform(0.2, 1.0) * whole)
        process.kill()
        ended = process.wait()
        whole = whole if ended else max(whole * 0.9, 0.5)
        after = counts(county)
        batches = after[0] - before[0]
        assert batches in (0, 1)
        assert after[1] - before[1] == batches * ROWS
        with county.connect() as conn:
            open_now = select(func.count()).where(schema.enrolment_spell.c.valid_to == schema.OPEN_END)
            classes = select(schema.enrolment_spell.c.class_no).where(schema.enrolment_spell.c.valid_to == schema.OPEN_END)
            assert conn.execute(open_now).scalar_one() == ROWS
            assert len(set(conn.execute(classes).scalars())) == 1  # all the pupils, or none
        killed += ended != 0
        before = after


def test_two_at_once_queue_behind_each_other(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", [pupil(number) for number in range(1, 40)])
    done: list[ImportResult] = []

    def bring() -> None:
        done.append(import_file(county, cipher, CLERK, path, as_of=AS_OF))

    threads = [threading.Thread(target=bring) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.actions[Action.NEW] for result in done) == [0, 0, 39]
    assert sorted(result.actions[Action.UNCHANGED] for result in done) == [0, 39, 39]
    assert counts(county)[2] == 39
