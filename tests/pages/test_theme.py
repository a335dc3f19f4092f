"""The themes: what is written can be read, at least 4.5 to 1, on both grounds and on buttons."""

import re
import tomllib
from pathlib import Path

import pytest

from pages.shared.charts import DARK, LIGHT, Colours
from pages.shared.frame import PRIMARY_DARK

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())
CAPTION = 0.6  # the opacity at which Streamlit writes captions
ENOUGH = 4.5
THEMES = {name: CONFIG["theme"][name] for name in ("light", "dark")}


def parts(colour: str) -> list[float]:
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def brightness(levels: list[float]) -> float:
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in levels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(text: str, ground: str, opacity: float = 1) -> float:
    below = parts(ground)
    above = [opacity * one + (1 - opacity) * under for one, under in zip(parts(text), below, strict=True)]
    low, high = sorted((brightness(above), brightness(below)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_text_and_captions_can_be_read(theme: dict[str, str], ground: str) -> None:
    assert contrast(theme["textColor"], theme[ground], CAPTION) >= ENOUGH


def test_the_words_on_a_primary_button_can_be_read() -> None:
    assert contrast("#ffffff", THEMES["light"]["primaryColor"]) >= ENOUGH  # what Streamlit writes them in
    written = re.search(r"color: (#\w+)", PRIMARY_DARK)
    assert written
    assert contrast(written[1], THEMES["dark"]["primaryColor"]) >= ENOUGH


@pytest.mark.parametrize(("colours", "theme"), [(LIGHT, "light"), (DARK, "dark")])
def test_axes_and_legends_of_charts_can_be_read(colours: Colours, theme: str) -> None:
    assert contrast(colours.grey, THEMES[theme]["backgroundColor"]) >= ENOUGH
    assert contrast(colours.ink, THEMES[theme]["backgroundColor"]) >= ENOUGH
