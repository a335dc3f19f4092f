"""`key`, `retention`, `backup`, `restore`, `audit`: keeping the data safe, and no longer than needed."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from data_access.audit import verify_chain
from data_access.audit_log import write_pack
from data_access.backups import read_backup, write_backup
from data_access.commands import command_engine, migrated_engine, plainly, reading
from data_access.engine import business_date
from data_access.key_rotation import rotate_keys
from data_access.migrate import require_schema
from data_access.old_backups import prune_backups, require_keep
from data_access.old_children import read_kept_years, remove_old_children, require_years, set_kept_years
from data_access.secrets import key_file
from domain.errors import ProblemError
from domain.scope import Role, Scope
from domain.terms import say


def whoami() -> str:
    """Who sits at the console, for the audit."""
    return f"console:{getpass.getuser()}"[:60]


def _passphrase(*, confirm: bool) -> str:
    """KONGCHUO_BACKUP_PASSPHRASE for a nightly job, else asked for."""
    given = os.environ.get("KONGCHUO_BACKUP_PASSPHRASE")
    return given or str(
        click.prompt("口令 Passphrase", hide_input=True, confirmation_prompt="再输一次 Again" if confirm else False)
    )


@click.group("key")
def key_commands() -> None:
    """The keys that seal identifiers."""


@key_commands.command("rotate")
@plainly
def rotate_command() -> None:
    """Add a key and seal every identifier anew with it; the keys before stay in the file for older backups."""
    engine = migrated_engine()
    path = key_file(engine.url.database if engine.dialect.name == "sqlite" else None)
    click.echo(say("key.rotated", "zh", count=rotate_keys(engine, path, by=whoami())))


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="say what would go, remove nothing")
@click.option(
    "--years",
    type=int,
    help="keep data for so many years after the end of school age from now on, with --dry-run only this once",
)
@plainly
def retention_command(dry_run: bool, years: int | None) -> None:
    """Remove the data of children whose school age ended too long ago."""
    engine = command_engine()
    with reading(engine) as conn:
        today = business_date(conn)
    if years is not None and not dry_run:
        set_kept_years(engine, years, by=whoami())
    with reading(engine) as conn:
        kept = read_kept_years(conn) if years is None else require_years(years)
    found = remove_old_children(engine, today, by=whoami(), dry_run=dry_run, years=kept)
    for one in found:
        rows = " ".join(f"{table}={count}" for table, count in one.rows.items())
        click.echo(f"{one.county}: {len(one.children)} children, {rows}")
    click.echo(
        say("retention.dry" if dry_run else "retention.done", "zh", count=sum(len(one.children) for one in found), years=kept)
    )


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--keep", type=int, help="afterwards remove the oldest backups in FILE's folder until so many are left")
@plainly
def backup_command(file: Path, keep: int | None) -> None:
    """Write database and audit to FILE, sealed with a passphrase (KONGCHUO_BACKUP_PASSPHRASE, else asked for)."""
    if keep is not None:
        require_keep(keep)
    engine = migrated_engine()
    passphrase = _passphrase(confirm=True)
    with _writing(file.name):
        click.echo(f"{write_backup(engine, file, passphrase, by=whoami())} bytes -> {file}")
    for name in prune_backups(engine, file, keep, by=whoami()) if keep is not None else ():
        click.echo(f"- {name}")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@plainly
def restore_command(file: Path) -> None:
    """Bring FILE back into the empty database that DATABASE_URL names, and verify the audit."""
    engine = command_engine()
    passphrase = _passphrase(confirm=False)
    with _writing(Path(engine.url.database or "").name):
        read_backup(engine, file, passphrase)
    with engine.connect() as conn:
        require_schema(conn)
    click.echo(f"{verify_chain(engine)} acts verified")


@click.group("audit")
def audit_commands() -> None:
    """The record of who did what."""


@audit_commands.command("verify")
@plainly
def verify_command() -> None:
    """Hold every seal against the one before it and against the daily anchors."""
    click.echo(f"{verify_chain(migrated_engine())} acts verified")


@audit_commands.command("pack")
@click.argument("year", type=int)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="FILE.zip")
@plainly
def pack_command(year: int, out: Path) -> None:
    """Write the compliance pack of a calendar year."""
    engine = migrated_engine()
    with _writing(out.name), out.open("xb") as file:
        count = write_pack(engine, Scope(whoami(), Role.ADMINISTRATOR, ("0000",)), year, file)
    click.echo(f"{count} acts -> {out}")


@contextmanager
def _writing(name: str) -> Iterator[None]:
    """Say in one line that what bears this name cannot be written (no folder, no permission, a full disk) or is there already."""
    try:
        yield
    except FileExistsError:
        raise ProblemError("backup.exists", file=name) from None
    except OSError:
        raise ProblemError("cli.cannot_write", name=name) from None


KEEPING = (key_commands, retention_command, backup_command, restore_command, audit_commands)
