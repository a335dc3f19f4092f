"""The command line: `python -m data_access COMMAND`. A composition root: it may import any room, nothing imports it."""

import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import click
from sqlalchemy import Engine

from data_access import audit
from data_access.area_tables import read_aliases, read_drawn, read_merges
from data_access.areas import AreaRow, read_bundle_content, read_bundles, read_outline, read_positions, read_roots
from data_access.catchments import derive_catchments
from data_access.checking import check_all
from data_access.commands import (
    CONSOLE,
    account_scope,
    command_engine,
    console_scope,
    export_scope,
    filter_options,
    migrated_engine,
    open_cipher,
    parse_choices,
    parse_day,
    plainly,
    read_filter,
    reading,
    require_writable,
)
from data_access.commands_check import check_command
from data_access.commands_door import door_command
from data_access.commands_import import batches_command, template_command, undo_command
from data_access.commands_keep import KEEPING
from data_access.commands_papers import document_command, notice_commands, templates_command
from data_access.commands_usage import PlainGroup
from data_access.commands_user import user_commands
from data_access.demo_plan import DemoSize
from data_access.derive import rebuild_all
from data_access.engine import business_date, is_demo, opened_to_fill
from data_access.export_files import FileKind, describe, write_table
from data_access.geography import add_alias, load_areas, load_catchments, merge_villages
from data_access.import_ledger import WRITERS, import_file
from data_access.import_result import NOTHING_READ, say_result, write_report
from data_access.keys import settle_key
from data_access.ledger_out import LedgerTable
from data_access.login_roles import require_owner
from data_access.map_source import StoredSource
from data_access.migrate import found_revision
from data_access.migrate import migrate as migrate_schema
from data_access.report_packet import REPORT, sealed_tables
from data_access.shape_bundles import store_bundles
from data_access.tables import TABLES
from data_access.walls import open_scoped
from data_access.workbook_in import read_workbook
from data_access.writing import write
from domain.errors import ProblemError
from domain.ledgers import ledger
from domain.scope import Role, Scope
from domain.terms import say

TABLES_OF_AREAS = ("aliases", "merges", "catchments")
DEMO_DAY = date(2026, 11, 20)


@click.group(
    cls=PlainGroup, help="控辍保学看板：数据库命令 · The database commands of the dashboard. DATABASE_URL chooses the database."
)
def commands() -> None:
    """The group of all commands."""


@commands.command("migrate")
@plainly
def migrate_command() -> None:
    """Bring the database to this program's schema; an up-to-date one stays as it is."""
    engine = command_engine()
    with engine.connect() as conn:
        require_owner(conn)
        before = found_revision(conn)
    revision = migrate_schema(engine)
    settle_key(engine)
    if before not in (None, revision):
        derive_anew(engine)
    click.echo(f"schema {revision}")


def derive_anew(engine: Engine) -> None:
    """Rebuild what is derived after an upgrade: new columns are blank, and the rules may have changed with the program."""
    with engine.connect() as conn:
        roots = read_roots(conn)
    step, shown = f"{say('demo.summaries', 'zh')} {say('demo.summaries', 'en')}", _Progress()
    for county in roots[:1]:
        with opened_to_fill(engine) as filling, write(filling, county) as conn:
            rebuild_all(conn, lambda _name, share: shown(step, share))


@commands.command("demo")
@click.option("--size", type=click.Choice([size.value for size in DemoSize]), default=DemoSize.COUNTY.value, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="another seed, another county")
@click.option("--as-of", callback=parse_day, default=DEMO_DAY.isoformat(), show_default=True, help="the demo's today, YYYY-MM-DD")
@plainly
def demo_command(size: str, seed: int, as_of: date) -> None:
    """Fill an empty database with a synthetic county (or prefecture): invented people, real village names."""
    from data_access import demo
    from data_access.demo_steps import Steps

    engine, begun = command_engine(), monotonic()
    migrate_schema(engine)
    cipher = settle_key(engine)

    shown = _Progress()
    summary = demo.write_demo(engine, cipher, size=DemoSize(size), seed=seed, as_of=as_of, progress=shown)
    steps = Steps(shown)
    steps.begin("demo.shapes")
    pack_bundles(engine)
    steps.begin("demo.checks")
    check_all(engine, cipher)
    steps.begin("demo.done")
    click.echo(f"\n{summary.rows['child']:,} children, {summary.rows['case_file']:,} cases in {monotonic() - begun:.0f} s")


class _Progress:
    """Progress on one line of a terminal; elsewhere (a log) a line a step."""

    def __init__(self) -> None:
        self._step, self._live = "", sys.stdout.isatty()

    def __call__(self, step: str, share: float) -> None:
        if self._live:
            click.echo(f"\r{share:4.0%} {step:<40}", nl=False)
        elif step != self._step:
            click.echo(f"{share:4.0%} {step}")
        self._step = step


def pack_bundles(engine: Engine) -> None:
    """Pack the shapes of every prefecture and county for the browser and store them beside the areas."""
    from geo import bundles  # geopandas takes most of a second to import: only what needs it pays

    with engine.connect() as conn:
        roots = read_roots(conn)
    for root in roots:
        with write(engine, root) as conn:
            if not any(root.startswith(wider) for wider in roots if wider != root):  # those of a prefecture are its counties'
                derive_catchments(conn, root)
            store_bundles(conn, root, bundles)


@commands.command("export")
@click.argument("table")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="FILE.xlsx or FILE.csv")
@click.option("--header", type=click.Choice(["field", "zh", "en"]), default="field", show_default=True, help="first row of a CSV")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="language of a workbook")
@click.option("--no-mask", is_flag=True, help="names and numbers unmasked; needs --user and --reason, is audited")
@click.option("--user", help="the account that exports")
@click.option("--reason", help="why, for the audit")
@filter_options
@plainly
def export_command(
    table: str, out: Path, header: Any, lang: Any, no_mask: bool, user: str | None, reason: str | None, **given: Any
) -> None:
    """Write TABLE to a file: cases, worklist, absences, queues, villages, schools, visits, notices, unvisited, left-behind,
    children, rounds, schools-by-need, unit-records, key-units, a ledger, L0 to L20, or report: the returns with the rates
    by school and the roster of movements.
    """
    kind, engine = _kind(out), command_engine()
    is_sealed = table.upper() in WRITERS or table == REPORT
    tables = {**TABLES, **sealed_tables(open_cipher(engine))} if is_sealed else TABLES
    chosen_table = tables.get(table) or tables.get(table.upper())
    if chosen_table is None:
        raise ProblemError("cli.unknown_table", name=table, known=", ".join([*TABLES, REPORT, *WRITERS]))
    if isinstance(chosen_table, LedgerTable) and header == "field":
        header = "zh"  # a ledger is read back by its Chinese headers
    with reading(engine) as conn:
        scope = export_scope(conn, user, reason, no_mask=no_mask)
        chosen = read_filter(conn, given)
    with open_scoped(engine, scope) as conn:
        audit.record(engine, scope, "export", filter_text=f"{table}: {describe(conn, scope, chosen, 'zh')}", reason=reason)
        try:
            rows = write_table(conn, scope, chosen, chosen_table, kind, out, lang=lang, header=header)
        except OSError:
            raise ProblemError("cli.cannot_write", name=out.name) from None
    click.echo(say("cli.exported", lang, count=rows, file=out))


@commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--ledger", "code", help="L0 to L20 (default: the one that fits the header)")
@click.option("--as-of", callback=parse_day, help="the day the ledger stands for (default: today)")
@click.option("--school", help="10-digit code of the school the file is from")
@click.option("--user", help="the account that imports (default: the console)")
@click.option("--column", "columns", multiple=True, help="HEADER=FIELD: what a header means, remembered for the unit; repeatable")
@click.option("--strict", is_flag=True, help="all rows or none")
@click.option("--dry-run", is_flag=True, help="say what would change, write nothing")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="write every problem to FILE.csv")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="language of the report")
@plainly
def import_command(
    file: Path,
    code: str | None,
    as_of: date | None,
    school: str | None,
    user: str | None,
    columns: tuple[str, ...],
    strict: bool,
    dry_run: bool,
    report: Path | None,
    lang: Any,
) -> None:
    """Read a ledger (XLSX, XLS, CSV). Exit code: 0 all rows in, 1 some refused, 2 nothing read."""
    choices, engine = parse_choices(columns), command_engine()
    if report:
        require_writable(report)  # before anything is written: what was refused must not be lost
    with reading(engine) as conn:
        scope = account_scope(conn, user) if user else console_scope(conn)
        today = business_date(conn)
    day = as_of or today
    if day > today:
        raise ProblemError("import.day_ahead", day=day, today=today)
    result = import_file(
        engine,
        open_cipher(engine),
        scope,
        file,
        ledger=ledger(code) if code else None,
        as_of=day,
        school=school,
        strict=strict,
        dry_run=dry_run,
        choices=choices,
    )
    if report:
        write_report(report, result.problems, lang)
    for line in say_result(result, lang, strict=strict, dry_run=dry_run):
        click.echo(line, err=result.exit_code == NOTHING_READ)
    sys.exit(result.exit_code)


EPSG = {"epsg4326": "wgs84", "epsg4490": "cgcs2000"}


class DatumName(click.Choice[str]):
    """The name of a coordinate system however people write it: GCJ-02, gcj02, WGS 84, EPSG:4490."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as geo.crs knows it."""
        plain = "".join(letter for letter in value.lower() if letter.isalnum())
        return str(super().convert(EPSG.get(plain, plain), param, ctx))


@commands.command("areas")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--crs",
    type=DatumName(["wgs84", "cgcs2000", "gcj02", "bd09"], case_sensitive=False),
    help="the coordinate system of FILE, needed for positions and shapes; there is no default",
)
@click.option(
    "--kind", type=click.Choice(["places", *TABLES_OF_AREAS]), default="places", show_default=True, help="what FILE holds"
)
@click.option("--dry-run", is_flag=True, help="check and say what was found, write nothing")
@plainly
def areas_command(file: Path, crs: str | None, kind: str, dry_run: bool) -> None:
    """Load areas from a table of points (CSV, XLSX), GeoJSON or a zipped shapefile: codes, names, positions, shapes.

    Or, by --kind, a table of aliases (village_code, alias), merges (old_code, new_code, on_date, document) or catchments
    (village_code, stage, school_code). Exit code 1 when some areas were refused.
    """
    engine = migrated_engine()
    if kind != "places":
        click.echo(_load_table(engine, kind, read_cells(file)))
        return
    if crs is None:
        raise ProblemError("geography.no_crs")
    refused = _load_places(engine, file, crs, dry_run)
    sys.exit(1 if refused else 0)


def _load_places(engine: Engine, file: Path, crs: str, dry_run: bool) -> bool:
    from geo.area_upload import read_upload
    from geo.boundary_checks import FindingKind
    from geo.crs import Datum

    with engine.connect() as conn:
        checked = read_upload(file, Datum(crs), read_cells, partial(read_outline, conn), read_positions(conn))
    for finding in checked.findings:
        click.echo(f"{finding.kind}: {finding.say('zh')} {finding.say('en')}", err=True)
    rows = [AreaRow(**row) for row in checked.rows]
    if dry_run:
        click.echo(f"{len(rows)} areas read, nothing written")
    else:
        new, changed = _write_places(engine, rows)
        click.echo(f"{len(rows)} areas read, {new} new, {changed} changed")
    return any(one.kind is FindingKind.REFUSED for one in checked.findings)


def _write_places(engine: Engine, rows: Sequence[AreaRow]) -> tuple[int, int]:
    """County by county, as a page would; how many were new, and changed."""
    from geo import bundles

    new = changed = 0
    for county in sorted({row.code[:6] for row in rows if len(row.code) >= 6}):
        part = [row for row in rows if row.code.startswith(county[: len(row.code)])]
        added, moved, _ = load_areas(engine, Scope(CONSOLE, Role.COUNTY, (county,)), part, bundles)
        new, changed = new + added, changed + moved
    return new, changed


def _load_table(engine: Engine, kind: str, cells: Any) -> str:
    from geo import bundles

    with reading(engine) as conn:
        scope = console_scope(conn)
    if kind == "aliases":
        placed = sum(add_alias(engine, scope, code, alias) for code, alias in read_aliases(cells))
        return f"{len(cells) - 1} aliases, {placed} children placed"
    if kind == "merges":
        merges = read_merges(cells)
        for county in sorted({one.new_code[:6] for one in merges}):
            merge_villages(engine, scope, [one for one in merges if one.new_code.startswith(county)], bundles)
        return f"{len(merges)} merges"
    drawn = read_drawn(cells)
    county = min(min(villages) for villages in drawn.values())[:6]
    return f"{load_catchments(engine, scope, county, drawn, bundles)} villages with a school"


def read_cells(file: Path) -> Any:
    """The cells of the first sheet of a workbook or CSV."""
    return read_workbook(file).sheets[0].rows


@commands.command("map")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="FILE.pdf, .png, .geojson or .gpkg")
@click.option("--layer", default="both", show_default=True, help="what is drawn; an unknown one lists all")
@click.option("--level", default="village", show_default=True, help="town, village, zone_primary or zone_junior")
@click.option("--classes", help="quantiles, natural, equal or target (dropout only)")
@click.option("--paper", type=click.Choice(["A4", "A3"]), default="A4", show_default=True)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--exact", is_flag=True, help="small numbers too: for internal use; needs --reason, is audited")
@click.option("--reason", help="why exact numbers are needed, for the audit")
@filter_options
@plainly
def map_command(out: Path, exact: bool, reason: str | None, **given: Any) -> None:
    """Draw the village map to a sheet (PDF, PNG), or write its counts for other programs (GeoJSON, GeoPackage)."""
    from geo.map_sheet import SheetOrder, draw_sheet

    if exact and not (reason or "").strip():
        raise ProblemError("cli.exact_needs")
    engine = command_engine()
    with reading(engine) as conn:
        scope, chosen = console_scope(conn), read_filter(conn, given)
    with open_scoped(engine, scope) as conn:
        words = describe(conn, scope, chosen, given["lang"])
        root = chosen.area[:6] if chosen.area else scope.areas[0][: 6 if len(scope.areas) == 1 else 4]
        bundles = read_bundles(conn, root)
        order = SheetOrder(
            kind=out.suffix.lower().lstrip("."),
            chosen=chosen,
            words=words,
            printed_on=business_date(conn),
            shared=not exact,
            synthetic=any(one.synthetic for one in bundles.values()),
            demo=is_demo(conn),
            **{name: given[name] for name in ("layer", "level", "classes", "paper", "lang")},
        )
        content = draw_sheet(
            StoredSource(conn, scope, find_breaks_of),
            [(level, one.etag, one.codes, read_bundle_content(conn, one.etag) or b"") for level, one in bundles.items()],
            order,
        )
        audit.record(engine, scope, "export_map", filter_text=words, row_count=1, reason=reason)
    try:
        out.write_bytes(content)
    except OSError:
        raise ProblemError("cli.cannot_write", name=out.name) from None
    click.echo(f"{len(content):,} bytes -> {out}")


def find_breaks_of(*given: Any) -> Any:
    """geo.classes.find_breaks, imported when it is needed."""
    from geo.classes import find_breaks

    return find_breaks(*given)


for _command in (
    check_command,
    *(user_commands, door_command, document_command, templates_command),
    *(template_command, batches_command, undo_command),
    *KEEPING,
    notice_commands,
):
    commands.add_command(_command)


def _kind(out: Path) -> FileKind:
    try:
        return FileKind(out.suffix.lower().lstrip("."))
    except ValueError:
        raise ProblemError("cli.bad_out", name=out.name) from None


if __name__ == "__main__":
    commands(prog_name="python -m data_access")
