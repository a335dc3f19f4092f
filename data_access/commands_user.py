"""`user ...`: accounts from the console; the first administrator is made here."""

from datetime import date
from typing import Any

import click

from data_access import accounts
from data_access.commands import command_engine, migrated_engine, open_cipher, parse_day, plainly
from data_access.second_factor import remove_second_factor, set_second_factor
from domain.scope import Role


def _codes(_ctx: click.Context, _param: click.Parameter, text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@click.group("user")
def user_commands() -> None:
    """Accounts: who may sign in, and what each may see."""


PLACE = (
    click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="what the account may do"),
    click.option("--areas", default="", callback=_codes, help="area codes, joined by commas"),
    click.option("--schools", default="", callback=_codes, help="school codes, joined by commas"),
    click.option("--until", callback=parse_day, help="last day of a time-boxed account, YYYY-MM-DD"),
)


def _placed(command: Any) -> Any:
    for option in reversed(PLACE):
        command = option(command)
    return command


def _ask_password() -> str:
    return str(click.prompt("密码 Password", hide_input=True, confirmation_prompt="再输一次 Again"))


@user_commands.command("add")
@click.argument("name")
@_placed
@plainly
def add_command(name: str, role: str, areas: tuple[str, ...], schools: tuple[str, ...], until: date | None) -> None:
    """Open an account; the password is asked for, and must be changed at the first sign-in."""
    engine = migrated_engine()
    accounts.add_user(engine, name, _ask_password(), Role(role), areas, schools, until=until)
    click.echo(f"{name}: {role}")


@user_commands.command("passwd")
@click.argument("name")
@plainly
def passwd_command(name: str) -> None:
    """Give an account a new password and end its sessions."""
    accounts.set_password(command_engine(), name, _ask_password())


@user_commands.command("role")
@click.argument("name")
@_placed
@plainly
def role_command(name: str, role: str, areas: tuple[str, ...], schools: tuple[str, ...], until: date | None) -> None:
    """Change what an account may see and do."""
    accounts.set_role(command_engine(), name, Role(role), areas, schools, until=until)


@user_commands.command("disable")
@click.argument("name")
@click.option("--enable", is_flag=True, help="let the account in again")
@plainly
def disable_command(name: str, enable: bool) -> None:
    """Shut an account out at once, sessions included."""
    accounts.disable(command_engine(), name, disabled=not enable)


@user_commands.command("sessions")
@click.argument("name", required=False)
@click.option("--end", is_flag=True, help="end all sessions of NAME")
@plainly
def sessions_command(name: str | None, end: bool) -> None:
    """Who is signed in; with --end, sign NAME out everywhere."""
    engine = command_engine()
    if end and name:
        click.echo(f"{accounts.end_sessions(engine, name)}")
    for row in accounts.list_sessions(engine, name):
        click.echo(f"{row.user}\t{row.started_at}\t{row.seen_at}\t{row.client}")


@user_commands.command("code")
@click.argument("name")
@click.option("--remove", is_flag=True, help="take it away from an account whose owner lost the app")
@plainly
def code_command(name: str, remove: bool) -> None:
    """Give an account a second factor: prints, this once, the address that its owner enters in an authenticator app."""
    engine = command_engine()
    if remove:
        remove_second_factor(engine, name)
    else:
        click.echo(set_second_factor(engine, open_cipher(engine), name))
