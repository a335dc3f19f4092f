"""What a click on the map meant."""

from dataclasses import dataclass

from geo.layers import ShapeLevel

_DIGITS: dict[str, int] = {
    **{ShapeLevel.COUNTY: 6, ShapeLevel.TOWN: 9, ShapeLevel.VILLAGE: 12, ShapeLevel.SCHOOL: 10},
    **dict.fromkeys((ShapeLevel.CATCHMENT_PRIMARY, ShapeLevel.CATCHMENT_JUNIOR), 10),
}


@dataclass(frozen=True)
class AreaClick:
    """The area or school that was clicked, and when (milliseconds), so that a second click on it is another click."""

    level: ShapeLevel
    code: str
    clicked_at: int


def parse_click(component_value: object) -> AreaClick | None:
    """The click in what the map component returned; None for nothing clicked and for anything that the map does not send.

    The value comes from the browser and can be forged: only the form is checked here, whether the area is in the
    viewer's scope is asked where its rows are read.
    """
    if not isinstance(component_value, dict):
        return None
    level, code, clicked_at = (component_value.get(name) for name in ("level", "code", "t"))
    if not (isinstance(level, str) and isinstance(code, str) and isinstance(clicked_at, int | float)):
        return None
    if len(code) != _DIGITS.get(level) or not (code.isascii() and code.isdecimal()) or not 0 <= clicked_at < 2**53:
        return None
    return AreaClick(ShapeLevel(level), code, int(clicked_at))
