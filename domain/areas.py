"""Administrative areas by their codes: levels, kinds, parents.

Source: GB/T 2260 (province, prefecture, county: 2 + 2 + 2 digits), GB/T 10114 (3 more for the town) and the statistical
12-digit code (3 more for the village), which is issued anew every year.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.faults import Fault
from domain.plain_text import fold_code

_PROVINCE_RANGES = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
PROVINCES = frozenset(str(code) for first, last in _PROVINCE_RANGES for code in range(first, last + 1))


class AreaLevel(StrEnum):
    """How large an area is; each has its own length of code."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


LENGTHS = {AreaLevel.PROVINCE: 2, AreaLevel.PREFECTURE: 4, AreaLevel.COUNTY: 6, AreaLevel.TOWN: 9, AreaLevel.VILLAGE: 12}
LEVELS = {length: level for level, length in LENGTHS.items()}


class AreaKind(StrEnum):
    """What a town or village is, as its own three digits say."""

    STREET = "street"
    TOWN = "town"
    TOWNSHIP = "township"
    NEIGHBOURHOOD = "neighbourhood"
    VILLAGE = "village"
    SPECIAL = "special"


class Settlement(StrEnum):
    """The three groups by which education statistics divide places (城区, 镇区, 乡村)."""

    CITY = "city"
    TOWN = "town"
    RURAL = "rural"


SETTLEMENTS = {
    Settlement.CITY: ("111", "112"),
    Settlement.TOWN: ("121", "122", "123"),
    Settlement.RURAL: ("210", "220"),
}


@dataclass(frozen=True)
class AreaCode:
    """An area by its shortest code: 2, 4, 6, 9 or 12 digits."""

    code: str

    @property
    def level(self) -> AreaLevel:
        """The level, by the length of the code."""
        return LEVELS[len(self.code)]

    @property
    def padded(self) -> str:
        """The 12-digit form, filled with zeros."""
        return self.code.ljust(12, "0")

    @property
    def parent(self) -> "AreaCode | None":
        """The area directly above; None for a province."""
        shorter = [length for length in LEVELS if length < len(self.code)]
        return AreaCode(self.code[: max(shorter)]) if shorter else None

    @property
    def ancestors(self) -> "tuple[AreaCode, ...]":
        """All areas above, the nearest first."""
        return (self.parent, *self.parent.ancestors) if self.parent else ()

    def contains(self, other: "AreaCode") -> bool:
        """Whether `other` lies in this area or is it."""
        return other.code.startswith(self.code)

    @property
    def kind(self) -> AreaKind | None:
        """Street, town, township (001-099, 100-199, 200-399) or neighbourhood, village (001-199, 200-399); else special.

        None above the town, where the digits do not tell.
        """
        number = int(self.code[-3:])
        if self.level is AreaLevel.TOWN:
            return _first_below(number, {100: AreaKind.STREET, 200: AreaKind.TOWN, 400: AreaKind.TOWNSHIP})
        if self.level is AreaLevel.VILLAGE:
            return _first_below(number, {200: AreaKind.NEIGHBOURHOOD, 400: AreaKind.VILLAGE})
        return None


def _first_below(number: int, edges: dict[int, AreaKind]) -> AreaKind:
    return next((kind for edge, kind in edges.items() if number < edge), AreaKind.SPECIAL)


def parse_area_code(text: str) -> AreaCode | Fault:
    """An area code of any level, padded with zeros or not; a Fault says what is wrong with it.

    `350430000000` is the county 350430, `350400` the prefecture 3504. The province must exist in GB/T 2260; whether the
    area itself exists is a matter of the loaded list, which changes every year.
    """
    digits = fold_code(text).removesuffix(".0")
    if not (digits.isascii() and digits.isdecimal()):
        return Fault("area_code.characters")
    if len(digits) not in LEVELS:
        return Fault("area_code.length", {"length": len(digits)})
    if digits[:2] not in PROVINCES:
        return Fault("area_code.province", {"province": digits[:2]})
    return AreaCode(_unpad(digits))


def _unpad(digits: str) -> str:
    """The code cut to the shortest level that loses only zeros: no county, town or village is numbered zero."""
    return next(digits[:length] for length in sorted(LEVELS) if not digits[length:].strip("0"))


def area_code_warning(area: AreaCode) -> Fault | None:
    """A remark on a code that is right in form but unusual: statistical placeholders and merged enterprises (400-599).

    Real villages carry such codes too, so they are taken in and pointed out, not refused.
    """
    if area.kind is AreaKind.SPECIAL:
        return Fault("area_code.special", {"segment": area.code[-3:]})
    return None


def settlement_of(urban_rural_code: str) -> Settlement | None:
    """City, town or rural by the statistical urban-rural class (111-220); None for a class that does not exist."""
    return next((group for group, codes in SETTLEMENTS.items() if urban_rural_code in codes), None)
