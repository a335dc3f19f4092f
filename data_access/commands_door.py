"""`door`: the rules for passwords, lockout, sessions and the second factor, from the console."""

from dataclasses import asdict

import click

from data_access.commands import migrated_engine, plainly, reading
from data_access.door_policy import read_policy
from data_access.door_rules import set_rule


@click.command("door")
@click.argument("rule", required=False)
@click.argument("value", required=False)
@plainly
def door_command(rule: str | None, value: str | None) -> None:
    """The rules in force; with RULE and VALUE, that rule is changed first."""
    engine = migrated_engine()
    if rule is not None:
        set_rule(engine, rule, value or "")
    with reading(engine) as conn:
        for name, told in asdict(read_policy(conn)).items():
            click.echo(f"{name}\t{told}")
