"""Commands typed wrongly: what is wrong, in one line and in both languages, as every other error of the command line."""

from typing import Any

import click
from click import exceptions

from data_access.commands import fail
from domain.errors import ProblemError

KINDS: dict[type[click.UsageError], str] = {
    exceptions.NoSuchCommand: "cli.usage.command",
    exceptions.NoSuchOption: "cli.usage.option",
    exceptions.MissingParameter: "cli.usage.missing",
    exceptions.BadParameter: "cli.usage.value",
}


class PlainGroup(click.Group):
    """A group of commands that says wrong use in one line on stderr, exit code 2; called with nothing it shows its help."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """The context of a call; the group's own options are read here."""
        return _plainly(super().make_context, *args, **kwargs)  # type: ignore[no-any-return]

    def invoke(self, ctx: click.Context) -> Any:
        """The command, whose words are read here."""
        return _plainly(super().invoke, ctx)


def _plainly(step: Any, *args: Any, **kwargs: Any) -> Any:
    try:
        return step(*args, **kwargs)
    except exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        fail(usage_problem(error))


def usage_problem(error: click.UsageError) -> ProblemError:
    """What is wrong with the words of a command; `detail` is what the parser says, in English."""
    param = getattr(error, "param", None)
    key = KINDS.get(type(error), "cli.usage.other")
    if key == "cli.usage.value" and isinstance(getattr(param, "type", None), click.Path):
        key = "cli.usage.file"
    return ProblemError(
        key,
        named=(param.human_readable_name if isinstance(param, click.Argument) else param.opts[0]) if param is not None else "",
        command=error.ctx.command_path if error.ctx else "",
        detail=" ".join(error.format_message().split()),
    )
