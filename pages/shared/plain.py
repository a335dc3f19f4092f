"""Names out of the data where a widget would read Markdown."""

import re

PUNCTUATION = re.compile(r"(^-|[!-,./:-@\[-`{-~])", re.MULTILINE)  # a hyphen means something only where a line begins


def plain(text: str) -> str:
    """The text as Markdown that shows it letter by letter."""
    return PUNCTUATION.sub(r"\\\1", text)
