"""Names out of the data where a widget would read Markdown."""

import re

PUNCTUATION = re.compile(r"(^[-+]|[!\[\]<>*_`~\\#|$&:^])", re.MULTILINE)  # what begins something; commas and dots say nothing


def plain(text: str) -> str:
    """The text as Markdown that shows it letter by letter."""
    return PUNCTUATION.sub(r"\\\1", text)
