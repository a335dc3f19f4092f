"""Every word a person sees, looked up by key and language."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

from domain import words

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


@cache
def all_words() -> dict[str, tuple[str, str]]:
    """All keys of domain/words merged.

    Raises ValueError when two files define the same key differently: one word has one meaning.
    """
    merged: dict[str, tuple[str, str]] = {}
    for part in iter_modules(words.__path__):
        found: dict[str, tuple[str, str]] = import_module(f"domain.words.{part.name}").WORDS
        clash = {key for key, pair in found.items() if merged.get(key, pair) != pair}
        if clash:
            raise ValueError(f"words defined twice: {sorted(clash)}")
        merged |= found
    return merged


def say(key: str, lang: Lang = "zh", **params: object) -> str:
    """The words of `key` in `lang`, with `params` filled in; an unknown key shows itself, so that nothing crashes."""
    pair = all_words().get(key)
    if pair is None:
        return key
    text = pair[LANGS.index(lang)]
    return text.format(**params) if params else text


def say_count(key: str, count: int, lang: Lang = "zh") -> str:
    """The words of `key` with `count`; a single one is said by `key.one`, where a language tells one from many."""
    one = f"{key}.one"
    return say(one if count == 1 and one in all_words() else key, lang, count=f"{count:,}")


def parse_lang(text: str | None) -> Lang:
    """`en` for English, Chinese for all else."""
    return "en" if text == "en" else "zh"
