"""The corpus of ledgers through the whole import: every row accounted for, every wrong cell named, nothing else refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from data_access import schema
from data_access.engine import open_engine
from data_access.import_ledger import import_file
from data_access.migrate import migrate
from data_access.schema import OPEN_END
from data_access.secrets import Cipher
from data_access.writing import write, write_state
from domain.ledgers import ledger
from domain.scope import Role, Scope
from tests.corpus.ledgers import LEDGERS, TODAY, Sheet
from tests.corpus.people import HEADERS, SCHOOL, TOWN, rows
from tests.corpus.specimen import table

COUNTY = "359901"
PLACES = ((COUNTY, "county", "晨光县"), (f"{COUNTY}100", "town", TOWN), (f"{COUNTY}100200", "village", "晨光村"))
PARENT = {"county": 0, "town": 6, "village": 9}
CLERK = Scope("clerk", Role.COUNTY, (COUNTY,))


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory, cipher: Cipher) -> Iterator[Engine]:
    """A county with one school and thirty pupils; every test only tries its file, so that all may share it."""
    folder = tmp_path_factory.mktemp("corpus")
    engine = open_engine(f"sqlite:///{folder}/corpus.db")
    migrate(engine)
    begins = {"valid_from": TODAY.replace(year=2020), "valid_to": OPEN_END}
    with write(engine, COUNTY) as conn:
        write_state(conn, "business_date", TODAY.isoformat())
        for code, level, name in PLACES:
            told = {"code": code, "level": level, "name": name, "county_code": COUNTY}
            conn.execute(insert(schema.area).values(**told, parent_code=code[: PARENT[level]] or None, **begins))
        place = {"county_code": COUNTY, "town_code": "359901100", "category": "21", "kind": "primary"}
        conn.execute(insert(schema.school).values(code="2135000009", name=SCHOOL, **place, **begins))
    path = folder / "known.xlsx"
    path.write_bytes(table([HEADERS, *rows(30)]))
    assert import_file(engine, cipher, CLERK, path, as_of=TODAY).accepted == 30
    yield engine
    engine.dispose()


@pytest.mark.parametrize("one", LEDGERS, ids=lambda one: one.name)
def test_every_row_is_accounted_for_and_every_fault_named(county: Engine, cipher: Cipher, tmp_path: Path, one: Sheet) -> None:
    path = tmp_path / one.name
    path.write_bytes(one.make())
    wanted = ledger(one.ledger) if one.ledger else None
    result = import_file(county, cipher, CLERK, path, ledger=wanted, as_of=TODAY, dry_run=True)
    found = {(problem.cell, problem.fault.code) for problem in result.problems}
    assert (result.accepted, found) == (one.accepted, set(one.faults)), [problem.row("en") for problem in result.problems]
    for problem in result.problems:
        for lang in ("zh", "en"):
            assert "fault." not in problem.fault.say(lang) + problem.fault.mend(lang)  # type: ignore[arg-type]
    told = {str(getattr(note, "key", getattr(note, "code", ""))).rpartition(".")[2] for note in result.notes}
    assert set(one.notes) <= told
    with county.connect() as conn:
        assert conn.execute(select(schema.import_batch.c.id)).scalars().all() == [1]  # only tried


def test_the_corpus_is_large_and_no_two_share_a_name() -> None:
    assert len({one.name for one in LEDGERS}) == len(LEDGERS) >= 60
