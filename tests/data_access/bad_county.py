"""A county of bad rows, written and checked: what the tests hold the rules against and the benchmark prints."""

from sqlalchemy import Engine

from data_access.check_look import Look
from data_access.clashes import find_clashes
from data_access.derive import rebuild_all
from data_access.engine import WALL
from data_access.secrets import Cipher
from data_access.walls_postgres import settings_for
from data_access.writing import write, write_state
from tests.data_access.bad_kinds import KINDS
from tests.data_access.bad_rows import COUNTY, TODAY, BadRows

Pairs = set[tuple[str, str]]  # rule and record


def check_bad_county(engine: Engine, cipher: Cipher) -> tuple[Pairs, Pairs]:
    """What is wrong in it, and what the rules found."""
    with write(engine, COUNTY, role=None) as conn:
        write_state(conn, "business_date", TODAY.isoformat())
        rows = BadRows(conn, cipher)
        for kind in KINDS:
            kind(rows)
        rows.close_classes()
        rebuild_all(conn)
    with engine.connect().execution_options(**{WALL: settings_for(None)}) as conn:
        return rows.wrong, {(clash.rule, clash.left.record) for clash in find_clashes(Look(conn, cipher, TODAY))}
