"""The commands around imports: blank workbooks, the history of batches, and the way back of one."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from data_access.batches import read_batches, undo_batch
from data_access.commands import account_scope, console_scope, open_cipher, plainly, reading
from data_access.engine import open_engine
from data_access.workbook_template import write_template
from domain.errors import ProblemError
from domain.ledgers import ledger
from domain.scope import Scope
from domain.terms import say

LANG = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
USER = click.option("--user", help="the account that acts (default: the console)")


@click.command("template")
@click.argument("code")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="FILE.xlsx")
@LANG
@plainly
def template_command(code: str, out: Path, lang: Any) -> None:
    """Write a blank workbook for the ledger CODE (L0 to L20) with lists to choose from."""
    if out.suffix.lower() != ".xlsx":
        raise ProblemError("cli.bad_workbook", name=out.name)
    book = ledger(code)
    try:
        write_template(out, book, lang)
    except OSError:
        raise ProblemError("cli.cannot_write", name=out.name) from None
    click.echo(say("template.written", lang, ledger=f"{book.code} {say(f'ledger.{book.code}', lang)}", file=out))


def _scope(engine: Engine, user: str | None) -> Scope:
    with reading(engine) as conn:
        return account_scope(conn, user) if user else console_scope(conn)


@click.command("batches")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="how many of the latest")
@USER
@plainly
def batches_command(limit: int, user: str | None) -> None:
    """List the latest imports: number, ledger, file, when, by whom, rows accepted and refused, and whether undone."""
    engine = open_engine()
    scope = _scope(engine, user)
    with reading(engine) as conn:
        for one in read_batches(conn, scope, limit):
            undone = f" undone {one.undone_at}" if one.undone_at else ""
            counts = f"{one.rows_read} rows, {one.rows_accepted} in, {one.rows_refused} refused"
            click.echo(f"{one.id} {one.ledger} {one.started_at} {one.imported_by} {one.file_name}: {counts}{undone}")


@click.command("undo")
@click.argument("batch", type=int)
@USER
@LANG
@plainly
def undo_command(batch: int, user: str | None, lang: Any) -> None:
    """Take back the import number BATCH: its rows go, what it changed says again what it said before."""
    engine = open_engine()
    count = undo_batch(engine, open_cipher(engine), _scope(engine, user), batch)
    click.echo(say("batch.taken_back", lang, number=batch, count=count))
