"""`check`: the nightly job: summaries against a recount, the audit's chain, cases without owners, contradictions."""

import sys
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from data_access import audit
from data_access.checking import check_all
from data_access.checks import Finding, Severity, check_database
from data_access.commands import command_engine, console_scope, filter_options, open_cipher, plainly, read_filter, reading
from data_access.contradiction_table import contradictions_in
from data_access.contradictions import Which, count_by_rule
from data_access.export_files import FileKind, describe, write_table
from data_access.walls import open_scoped
from domain.case_filter import CaseFilter
from domain.check_list import RULES
from domain.errors import ProblemError
from domain.scope import Scope
from domain.terms import Lang, say


@click.command("check")
@click.option("--rule", "rules", multiple=True, help="only this rule of contradiction (may be given several times)")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="write the open contradictions to FILE.xlsx or FILE.csv"
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@filter_options
@plainly
def check_command(rules: tuple[str, ...], out: Path | None, lang: Lang, **given: Any) -> None:
    """For a nightly job: summaries against a recount, the audit's chain, cases without owners, contradictions between records.

    Contradictions are looked for everywhere and kept with their age; the filter narrows what is listed and counted. Exit
    code 1 when anything is wrong that nobody has explained.
    """
    for code in rules:
        if code not in RULES:
            raise ProblemError("check.unknown_rule", rule=code, known=", ".join(RULES))
    engine = command_engine()
    with reading(engine) as conn:
        scope, chosen = console_scope(conn), read_filter(conn, given)
    checked = check_all(engine, open_cipher(engine), rules)
    findings = _contradictions(engine, scope, chosen, rules, lang)
    findings += [] if rules else check_database(engine, scope)
    for finding in sorted(findings, key=lambda finding: finding.severity):
        click.echo(finding.say(lang))
    click.echo(say("check.done", lang, **checked.__dict__) if findings else say("check.well", lang))
    if out:
        _write(engine, scope, chosen, rules, out, lang)
    sys.exit(1 if any(finding.severity is Severity.ERROR for finding in findings) else 0)


def _contradictions(engine: Engine, scope: Scope, chosen: CaseFilter, rules: tuple[str, ...], lang: Lang) -> list[Finding]:
    with open_scoped(engine, scope) as conn:
        counted = [one for one in count_by_rule(conn, scope, chosen) if one.open and (not rules or one.rule.code in rules)]
    return [Finding(Severity(one.rule.severity.value), "contradictions", one.open, one.rule.say(lang)) for one in counted]


def _write(engine: Engine, scope: Scope, chosen: CaseFilter, rules: tuple[str, ...], out: Path, lang: Lang) -> None:
    try:
        kind = FileKind(out.suffix.lower().lstrip("."))
    except ValueError:
        raise ProblemError("cli.bad_out", name=out.name) from None
    table = contradictions_in(Which(rules=rules))
    with open_scoped(engine, scope) as conn:
        audit.record(engine, scope, "export", filter_text=f"contradictions: {describe(conn, scope, chosen, 'zh')}")
        try:
            rows = write_table(conn, scope, chosen, table, kind, out, lang=lang, header="zh" if lang == "zh" else "en")
        except OSError:
            raise ProblemError("cli.cannot_write", name=out.name) from None
    click.echo(f"{rows} rows -> {out}")
