"""What the commands share: the database opened, the scope and filter of a call, errors as one clear line."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from data_access.accounts import read_account
from data_access.engine import business_date, open_engine
from data_access.keys import require_own, ring_file
from data_access.migrate import require_schema
from data_access.rounds import read_rounds
from data_access.schema import area, school
from data_access.scoped import begins_with
from data_access.secrets import Cipher, read_cipher
from data_access.severe_lines import with_severe_lines
from data_access.visitors import scope_of
from domain.case_filter import CaseFilter, resolve
from domain.errors import ProblemError
from domain.scope import Role, Scope

CONSOLE = "console"
OPTIONS: dict[str, tuple[str, str]] = {
    "area": ("area", "area code: 4 digits prefecture, 6 county, 9 town, 12 village"),
    "school": ("school", "10-digit school code"),
    "stage": ("stage", "primary or junior"),
    "grade": ("grade", "1-9"),
    "group": ("group", "groups, joined by commas: left_behind_education,poor ..."),
    "status": ("status", "case statuses, joined by commas: at_risk,suspected,dropout,persuasion,returned,closed"),
    "dropout_reason": ("reason", "reason codes, joined by commas: 01,04"),
    "rung": ("rung", "rung of the visiting ladder, 1-7; 0: on none"),
    "owner": ("owner", "number of the person who answers for the case on either line"),
    "period": ("period", "school year 2026-2027 or term 2026-2027-1"),
    "round": ("round", "supervision round, 2026-09: sets period and as-of"),
    "as_of": ("asof", "the day all this is true on, YYYY-MM-DD (default: today)"),
    "basis": ("basis", "residence (default) or registered"),
}
F = TypeVar("F", bound=Callable[..., Any])


def filter_options(command: F) -> F:
    """The filter of the screens as options, the same words as in a URL."""
    for name, (_, text) in reversed(OPTIONS.items()):
        command = click.option(f"--{name.replace('_', '-')}", name, default=None, help=text)(command)
    command = click.option("--overdue", is_flag=True, help="only cases with a step past its due date")(command)
    command = click.option("--nobody", is_flag=True, help="only cases that nobody answers for on one of the lines")(command)
    command = click.option("--orphaned", is_flag=True, help="only cases whose responsible person has left")(command)
    command = click.option("--severe", is_flag=True, help="only cases for the authority above the bureau")(command)
    return click.option("--unlocated", is_flag=True, help="only children in no known village")(command)


def read_filter(conn: Connection, given: Mapping[str, Any]) -> CaseFilter:
    """The resolved filter of a call. Unlike a URL it is strict: ProblemError cli.bad_filter for any value that is not valid."""
    chosen = CaseFilter()
    for name, (key, _) in OPTIONS.items():
        text = given.get(name)
        if text is None:
            continue
        one = CaseFilter.from_query({key: text})
        if (one == CaseFilter() and not (name == "basis" and text == "residence")) or _lost(one, key, text):
            raise ProblemError("cli.bad_filter", option=f"--{name.replace('_', '-')}", value=text)
        chosen = CaseFilter.from_query({**chosen.to_query(), key: text})
    flags = {key: "1" for key in ("overdue", "nobody", "orphaned", "severe", "unlocated") if given.get(key)}
    rounds = read_rounds(conn)
    if chosen.round_code and chosen.round_code not in rounds:
        raise ProblemError("cli.bad_filter", option="--round", value=chosen.round_code)
    _require_known(conn, chosen)
    settled = resolve(CaseFilter.from_query({**chosen.to_query(), **flags}), business_date(conn), rounds)
    return with_severe_lines(conn, settled)


def _require_known(conn: Connection, chosen: CaseFilter) -> None:
    """A code with a slip in it would give an empty table that reads like good news. Raises ProblemError cli.unknown_code."""
    for option, column, code in (("--area", area.c.code, chosen.area), ("--school", school.c.code, chosen.school)):
        if code and conn.execute(select(column).where(begins_with(column, code)).limit(1)).first() is None:
            raise ProblemError("cli.unknown_code", option=option, value=code)


def _lost(one: CaseFilter, key: str, text: str) -> bool:
    """Whether part of a comma list was not understood."""
    return "," in text and len(one.to_query().get(key, "").split(",")) != len(set(text.split(",")))


def console_scope(conn: Connection) -> Scope:
    """Who looks from the command line: a county official of every county, masked like one. Raises ProblemError cli.no_data."""
    codes = tuple(conn.execute(select(area.c.code).where(area.c.level == "county").order_by(area.c.code)).scalars())
    if not codes:
        raise ProblemError("cli.no_data")
    return Scope(CONSOLE, Role.COUNTY, codes)


def account_scope(conn: Connection, user: str) -> Scope:
    """The scope of a named account. Raises ProblemError when there is none of that name, or it may not come in any more."""
    account = read_account(conn, user)
    if account.disabled or (account.until and account.until < business_date(conn)):
        raise ProblemError("cli.unknown_user", name=account.name)
    return scope_of(account)


def export_scope(conn: Connection, user: str | None, reason: str | None, *, no_mask: bool) -> Scope:
    """Who takes something away: a named account what it sees, masked unless it asks for more; else the console.

    Raises ProblemError when `no_mask` lacks user, reason or right.
    """
    if no_mask and not (user and reason and reason.strip()):
        raise ProblemError("cli.no_mask_needs")
    if not user:
        return console_scope(conn)
    scope = account_scope(conn, user)
    if no_mask and not scope.sees_names:
        raise ProblemError("cli.role_masks", name=user)
    return scope if no_mask or not scope.sees_names else replace(scope, role=Role.COUNTY)  # masked like a county's official


def command_engine() -> Engine:
    """The database of this command, given back when the command is over."""
    engine = open_engine()
    click.get_current_context().call_on_close(engine.dispose)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to a database at the program's schema."""
    with engine.connect() as conn:
        require_schema(conn)
        yield conn


def migrated_engine() -> Engine:
    """The database of this command, at the program's schema: an empty one, of a mistyped path for instance, is refused."""
    engine = command_engine()
    with reading(engine):
        return engine


def open_cipher(engine: Engine) -> Cipher:
    """The keys that belong to the database. Raises ProblemError when they are missing or another database's."""
    cipher = read_cipher(ring_file(engine))
    with reading(engine) as conn:
        require_own(conn, cipher)
    return cipher


def plainly(command: F) -> F:
    """Errors as one line on stderr, exit code 2; nothing of a driver's message, which may hold personal values."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except ProblemError as problem:
            fail(problem)
        except OperationalError:
            fail(ProblemError("db.unreachable"))
        except SQLAlchemyError as error:
            fail(ProblemError("db.refused", kind=type(error).__name__))

    return run  # type: ignore[return-value]


def fail(problem: ProblemError, code: int = 2) -> None:
    """Say what is wrong in one line, in both languages, and stop."""
    click.echo(f"{problem.say('zh')} {problem.say('en')}", err=True)
    sys.exit(code)


def parse_day(_ctx: click.Context, _param: click.Parameter, text: str | None) -> date | None:
    """A click callback for --as-of."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("YYYY-MM-DD") from None


def parse_choices(columns: Iterable[str]) -> dict[str, str]:
    """The --column options as header -> field. Raises ProblemError cli.bad_column for one that is not HEADER=FIELD."""
    for one in columns:
        if not all(part.strip() for part in one.rpartition("=")):
            raise ProblemError("cli.bad_column", value=one)
    return {header: field.strip() for header, _, field in (one.rpartition("=") for one in columns)}


def require_writable(out: Path) -> None:
    """Raises ProblemError cli.cannot_write unless a file can be written there; leaves none behind and changes none."""
    was_there = out.exists()
    try:
        out.open("ab").close()
    except OSError:
        raise ProblemError("cli.cannot_write", name=out.name) from None
    if not was_there:
        out.unlink()
