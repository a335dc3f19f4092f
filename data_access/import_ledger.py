"""An import from file to database: one transaction, every row accounted for, nothing half done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from hashlib import file_digest
from pathlib import Path

from sqlalchemy import Connection, Engine, select, update

from data_access import audit
from data_access.bulk import copy_rows
from data_access.checking import check_batch
from data_access.collector import uncollected
from data_access.column_choices import choice_keys, read_choices, require_known, unit_of, write_choices
from data_access.derive import Touched
from data_access.import_absences import write_absences
from data_access.import_care import write_home_teaching, write_placements, write_relocated
from data_access.import_cases import write_cases, write_suspected
from data_access.import_context import ImportContext, county_of
from data_access.import_duties import write_duties
from data_access.import_exam import write_exam
from data_access.import_gone import count_gone
from data_access.import_left_behind import write_civil, write_left_behind
from data_access.import_moves import write_hosted, write_movements
from data_access.import_pupils import write_pupils
from data_access.import_result import Action, ImportProblem, ImportResult
from data_access.import_survey import write_survey
from data_access.import_units import write_inspections, write_notices, write_reports, write_retention, write_villages
from data_access.import_visits import write_persuasions, write_visits
from data_access.ledger_headers import read_ledger_sheets
from data_access.ledger_sheet import LedgerRow, read_rows
from data_access.schema import import_batch, import_problem, import_row, school
from data_access.secrets import Cipher
from data_access.workbook_columns import china_time
from data_access.workbook_in import read_workbook
from data_access.writing import insert_row, write
from domain.errors import ProblemError
from domain.faults import Fault
from domain.ledgers import Ledger, read_ledgers
from domain.scope import Scope, Write

Progress = Callable[[str, float], None]
Writer = Callable[[ImportContext, Sequence[LedgerRow]], list[tuple[LedgerRow, Action, int]]]
WRITERS: dict[str, tuple[Writer, str]] = {  # what applies the rows of each ledger, and the table of the records it answers
    "L0": (write_pupils, "child"),
    "L1": (write_cases, "case_file"),
    "L2": (write_suspected, "case_file"),
    "L3": (write_home_teaching, "placement"),
    "L4": (write_relocated, "group_spell"),
    "L5": (write_placements, "placement"),
    "L6": (write_civil, "group_spell"),
    "L7": (write_left_behind, "group_spell"),
    "L8": (write_movements, "movement_event"),
    "L9": (write_visits, "home_visit"),
    "L10": (write_persuasions, "persuasion"),
    "L11": (write_notices, "notice"),
    "L12": (write_inspections, "inspection_item"),
    "L13": (write_reports, "unit_report"),
    "L14": (write_hosted, "movement_event"),
    "L15": (write_villages, "village_return"),
    "L16": (write_retention, "retention_return"),
    "L17": (write_survey, "survey_entry"),
    "L18": (write_exam, "exam_entry"),
    "L19": (write_duties, "responsibility"),
    "L20": (write_absences, "absence_day"),
}
MOST_NOTES = 20


class _RolledBackError(Exception):
    """Ends a transaction that must leave nothing: a dry run, or a strict import with a refused row."""


def import_file(
    engine: Engine,
    cipher: Cipher,
    scope: Scope,
    path: Path,
    *,
    ledger: Ledger | None = None,
    as_of: date,
    school: str | None = None,
    strict: bool = False,
    dry_run: bool = False,
    name: str = "",
    choices: Mapping[str, str] | None = None,
    progress: Progress = lambda _step, _share: None,
) -> ImportResult:
    """Read a workbook and apply the rows that are right; the wrong ones are refused and told, each with its cell.

    One transaction with the derived tables inside: on any error, and on `dry_run`, nothing is written; `strict` writes all or
    nothing. The same file again changes nothing and says so. `choices` (header -> field) are remembered for the unit when the
    import is written, and hold for its next file. Raises ProblemError when the file as a whole cannot be read,
    ScopeError when the role may not import.
    """
    scope.require(Write.IMPORT)
    with uncollected():
        return _import(engine, cipher, scope, path, ledger, as_of, school, name, choices or {}, progress, strict, dry_run)


def _import(
    engine: Engine,
    cipher: Cipher,
    scope: Scope,
    path: Path,
    ledger: Ledger | None,
    as_of: date,
    school: str | None,
    name: str,
    choices: Mapping[str, str],
    progress: Progress,
    strict: bool,
    dry_run: bool,
) -> ImportResult:
    progress("reading", 0.0)
    workbook = read_workbook(path, name=name)
    unit, decided = unit_of(scope, school), choice_keys(choices)
    with engine.connect() as conn:
        known = {code: read_choices(conn, unit, code) for code in WRITERS}
    given = ("school", "school_code", "township") if school else ()
    found = read_ledger_sheets(workbook, ledger, given, lambda code: {**known[code], **decided})
    sheets = found.sheets
    code = sheets[0].match.ledger.code if sheets else ledger.code if ledger else found.code
    if choices and found.headers:
        require_known(choices, read_ledgers()[code], [one.text for one in found.headers])
    result = ImportResult(
        workbook.file, code, problems=list(found.problems), headers=found.headers, alike=found.alike, unread=found.unread
    )
    result.notes += [*workbook.notes, *found.notes]
    progress("checking", 0.2)
    rows = [row for one in sheets for row in read_rows(one, as_of)]  # before the transaction: nobody waits while a file is read
    if sheets and not rows:
        first = sheets[0]
        result.problems.append(ImportProblem(workbook.file, first.sheet.name, first.below, "", "", Fault("import.no_rows")))
    if not rows:
        return result
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    try:
        job = _Job(engine, cipher, scope, as_of, school, digest, progress, decided)
        job.write(rows, result, undo=dry_run, strict=strict)
    except _RolledBackError:
        result.batch_id = None
    if result.batch_id:
        counts = f"{code} {result.accepted}+{result.refused}"
        audit.record(engine, scope, "import", filter_text=counts, row_count=result.accepted, file_hash=digest)
        check_batch(engine, cipher, result.batch_id, result.touched)
    return result


@dataclass(frozen=True)
class _Job:
    """What an import is told besides the file."""

    engine: Engine
    cipher: Cipher
    scope: Scope
    as_of: date
    school: str | None
    digest: str
    progress: Progress
    choices: Mapping[str, str]

    def write(self, rows: Sequence[LedgerRow], result: ImportResult, *, undo: bool, strict: bool) -> None:
        """Apply the rows in one transaction; `undo` and a refused row of a strict import end it without a trace."""
        with self.engine.connect() as conn:
            county = county_of(conn, self.scope, self.school)
            is_school = not self.school or conn.execute(select(school.c.code).where(school.c.code == self.school)).first()
        if not is_school:
            raise ProblemError("import.no_school", code=self.school)
        if not county:
            raise ProblemError("import.no_county")
        with write(self.engine, county) as conn:
            result.same_file_on = _imported_before(conn, self.digest)
            batch_id = _begin(conn, self.scope, county, result, self.as_of, self.digest, self.school)
            context = ImportContext(conn, self.scope, self.cipher, county, self.as_of, batch_id, self.school)
            self.progress("matching", 0.4)
            applied = WRITERS[result.ledger][0](context, rows)
            self.progress("writing", 0.7)
            context.records.flush()
            _account(conn, result, rows, applied, batch_id)
            result.notes += context.notes[:MOST_NOTES]
            result.gone = count_gone(context, result.ledger)
            if strict and result.refused:
                result.actions = type(result.actions)({Action.REFUSED: sum(result.actions.values())})
            if undo or (strict and result.refused):
                raise _RolledBackError
            self.progress("counting", 0.8)
            touched = Touched(conn, context.touched)
            touched.rebuild()
            write_choices(conn, unit_of(self.scope, self.school), result.ledger, self.choices, self.scope.user)
            result.batch_id, result.touched = batch_id, frozenset(context.touched)
        self.progress("done", 1.0)


def _imported_before(conn: Connection, digest: str) -> str | None:
    found = conn.execute(
        select(import_batch.c.started_at)
        .where(import_batch.c.sha256 == digest, import_batch.c.undone_at.is_(None))
        .order_by(import_batch.c.id)
    ).scalar()
    return china_time(found.replace(tzinfo=UTC)).date().isoformat() if found else None


def _begin(
    conn: Connection, scope: Scope, county: str, result: ImportResult, as_of: date, digest: str, school: str | None
) -> int:
    values = {
        "county_code": county,
        "ledger": result.ledger,
        "file_name": result.file[:200],
        "sha256": digest,
        "imported_by": scope.user,
        "unit_code": school,
        "as_of": as_of,
        "rows_read": 0,
        "rows_accepted": 0,
        "rows_refused": 0,
    }
    return insert_row(conn, import_batch, **values)


def _account(
    conn: Connection,
    result: ImportResult,
    rows: Sequence[LedgerRow],
    applied: Sequence[tuple[LedgerRow, Action, int]],
    batch_id: int,
) -> None:
    """Every row is written down: what became of it, and for a refused one every fault with its cell."""
    done = {id(row): (action, record) for row, action, record in applied}
    kept, faults = [], []
    for row in rows:
        action, record = done.get(id(row), (Action.REFUSED, None))
        result.actions[action] += 1
        kept.append((batch_id, row.sheet.sheet.name[:80], row.number, WRITERS[result.ledger][1], record, action.value))
        for column in row.faults:
            problem = row.sheet.problem(row, column)
            result.problems.append(problem)
            told = (problem.column[:60], problem.value_masked[:80], problem.fault.code)
            faults.append((batch_id, problem.sheet[:80], problem.cell, *told))
    copy_rows(conn, import_row, ("batch_id", "sheet", "row_no", "table_name", "record_id", "action"), kept)
    copy_rows(conn, import_problem, ("batch_id", "sheet", "cell", "column_name", "value_masked", "code"), faults)
    numbers = {"rows_read": result.rows, "rows_accepted": result.accepted, "rows_refused": result.refused}
    conn.execute(update(import_batch).where(import_batch.c.id == batch_id).values(numbers))
