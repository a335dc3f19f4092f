"""Folding of what people type: full-width signs, invisible characters, stray spaces."""

import re
import unicodedata

HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


def drop_invisible(text: str) -> str:
    """The text without control, zero-width and byte-order characters; line breaks, tabs and odd spaces become spaces."""
    if text.isprintable():
        return text.strip()
    kept = (" " if char.isspace() else char for char in text if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf"})
    return "".join(kept).strip()


def fold_text(text: str) -> str:
    """A value in words: invisible characters and the gaps set between Chinese characters (张 三) are taken out.

    Rare characters stay as they are: names are never changed into look-alikes.
    """
    plain = drop_invisible(text)
    return HAN_GAP.sub("", plain) if " " in plain else plain


def fold_code(text: str) -> str:
    """A code or number: full-width signs made plain, all spaces and Excel's leading apostrophe taken out, letters in capitals."""
    plain = drop_invisible(text if text.isascii() else unicodedata.normalize("NFKC", text))
    return plain.replace(" ", "").lstrip("'‘’`").upper()
