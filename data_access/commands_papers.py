"""`document KIND`, `templates` and `notices run`: printed forms and supervision notices from the console."""

from pathlib import Path
from typing import Any

import click

from data_access.commands import (
    command_engine,
    console_scope,
    export_scope,
    filter_options,
    open_cipher,
    plainly,
    read_filter,
    reading,
)
from data_access.documents_out import Order, PaperFile, issue
from data_access.form_templates import write_templates
from data_access.notice_run import run_month
from domain.errors import ProblemError
from domain.forms import FormKind
from domain.reporting_calendar import say_due

KINDS = [kind.value for kind in FormKind if kind is not FormKind.CHILD_PACKET]  # a child's file is opened child by child


@click.command("document")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="FILE.pdf or FILE.docx")
@click.option("--anew", is_flag=True, help="issue numbered papers once more where a case has one already")
@click.option("--no-mask", is_flag=True, help="names and numbers unmasked; needs --user and --reason, is audited")
@click.option("--user", help="the account that issues")
@click.option("--reason", help="why, for the audit")
@filter_options
@plainly
def document_command(kind: str, out: Path, anew: bool, no_mask: bool, user: str | None, reason: str | None, **given: Any) -> None:
    """Print a form for every case that the filter chooses, into one file; numbered forms take their next numbers."""
    file = _file(out)
    engine = command_engine()
    with reading(engine) as conn:
        scope = export_scope(conn, user, reason, no_mask=no_mask)
        chosen = read_filter(conn, given)
    order = Order(FormKind(kind), chosen, file, anew=anew, cipher=open_cipher(engine))
    papers = issue(engine, scope, order, reason=reason)
    try:
        out.write_bytes(papers.content)
    except OSError:
        raise ProblemError("cli.cannot_write", name=out.name) from None
    click.echo(f"{len(papers.case_ids)} papers -> {out}")


@click.command("templates")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="folder for KIND.docx")
@plainly
def templates_command(out: Path) -> None:
    """Write the templates of the forms into a folder, to be changed there and named by KONGCHUO_TEMPLATES."""
    for path in write_templates(out):
        click.echo(path)


def _file(out: Path) -> PaperFile:
    try:
        return PaperFile(out.suffix.lower().lstrip("."))
    except ValueError:
        raise ProblemError("document.bad_out", name=out.name) from None


@click.group("notices")
def notice_commands() -> None:
    """Supervision notices (督办通知单)."""


@notice_commands.command("run")
@click.option("--month", help="YYYY-MM; only the present month can be run (default)")
@plainly
def notices_run_command(month: str | None) -> None:
    """Issue this month's notices in every county: one for each open case that has none; run it as often as you like."""
    engine = command_engine()
    with reading(engine) as conn:
        scope = console_scope(conn)
    for county in scope.areas:
        run = run_month(engine, scope, county, month)
        click.echo(f"{county} {run.month}: {run.issued} issued, {run.kept} had one, due {say_due(run.due_on)}")
