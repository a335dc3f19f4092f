"""Precision and recall of every contradiction rule: on the demo county, and on a county of bad rows that other code makes."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.report import describe_machine, write_section
from data_access.check_look import Look
from data_access.clashes import Clash, find_clashes
from data_access.demo import write_demo
from data_access.demo_plan import DEMO_DATE
from data_access.engine import WALL, open_engine
from data_access.migrate import migrate
from data_access.schema import child, school
from data_access.secrets import Cipher, read_cipher
from data_access.walls_postgres import settings_for
from domain.check_list import RULES
from tests.data_access.bad_county import Pairs, check_bad_county

NOTE = (
    "`there`: records put out of order on purpose, beside near misses in order. Precision: of what a rule found, the share "
    "that is there; recall: of what is there, the share that it found. The demo seeds its own; the second generator "
    "(`tests/data_access/bad_rows.py` and `bad_kinds.py`) knows nothing of the demo or of the queries. The tests hold both on "
    "both engines."
)


def measure_accuracy() -> None:
    """Measure and write the section."""
    machine = describe_machine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cipher = read_cipher(folder / "kongchuo.key", create=True)
        scores = [_score(folder / f"{make.__name__}.db", cipher, make) for make in (_demo, check_bad_county)]
    rows = [(rule, *(cell for there, found in scores for cell in _row(rule, there, found))) for rule in RULES]
    beside, missed = (sum(len(one) for one in some) for some in zip(*((b - a, a - b) for a, b in scores), strict=True))
    wrong = f"{beside} found beside what is there, {missed} missed, in both together."
    header = ("rule", *(f"{name}: {what}" for name in ("demo", "second") for what in ("there", "found", "precision", "recall")))
    write_section("Accuracy of the contradiction rules", machine, header, rows, f"{wrong} {NOTE}")


def _row(rule: str, there: Pairs, found: Pairs) -> tuple[int, int, str, str]:
    wrong, told = ({pair for pair in pairs if pair[0] == rule} for pairs in (there, found))
    right = len(wrong & told)
    return len(wrong), len(told), _share(right, len(told)), _share(right, len(wrong))


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def _score(path: Path, cipher: Cipher, make: Callable[[Engine, Cipher], tuple[Pairs, Pairs]]) -> tuple[Pairs, Pairs]:
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    try:
        return make(engine, cipher)
    finally:
        engine.dispose()


def _demo(engine: Engine, cipher: Cipher) -> tuple[Pairs, Pairs]:
    told = write_demo(engine, cipher).contradictions
    there = {(one.rule, f"{one.table}:{number}") for one in told for number in one.ids}
    tables = {one.rule: one.table for one in told}

    def key(clash: Clash) -> str:
        table = tables.get(clash.rule, "")
        if table == child.name:
            return f"child:{clash.child_id}"
        return f"school:{clash.unit}" if table == school.name else clash.left.record

    with engine.connect().execution_options(**{WALL: settings_for(None)}) as conn:
        return there, {(clash.rule, key(clash)) for clash in find_clashes(Look(conn, cipher, DEMO_DATE))}
