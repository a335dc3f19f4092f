"""Who is looking, and what of the county that person may see."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.errors import ScopeError


class Role(StrEnum):
    """The roles of the design: what each sees stands in `SEES_CHILDREN`, `SEES_NAMES` and `WRITES`."""

    ADMINISTRATOR = "administrator"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    INSPECTOR = "inspector"
    TOWNSHIP = "township"
    VILLAGE = "village"
    SCHOOL = "school"
    SCREEN = "screen"


class Write(StrEnum):
    """Kinds of change that a role may make."""

    SETTINGS = "settings"
    ACCOUNTS = "accounts"
    IMPORT = "import"
    VISIT = "visit"
    CASE = "case"
    ASSIGN = "assign"


SEES_CHILDREN = frozenset({Role.PREFECTURE, Role.COUNTY, Role.INSPECTOR, Role.TOWNSHIP, Role.VILLAGE, Role.SCHOOL})
SEES_NAMES = frozenset({Role.TOWNSHIP, Role.SCHOOL})
MAY_REVEAL = frozenset({Role.COUNTY, Role.INSPECTOR, Role.TOWNSHIP, Role.SCHOOL})
WRITES: dict[Role, frozenset[Write]] = {
    Role.ADMINISTRATOR: frozenset({Write.SETTINGS, Write.ACCOUNTS}),
    Role.PREFECTURE: frozenset(),
    Role.COUNTY: frozenset({Write.SETTINGS, Write.IMPORT, Write.VISIT, Write.CASE, Write.ASSIGN}),
    Role.INSPECTOR: frozenset(),
    Role.TOWNSHIP: frozenset({Write.IMPORT, Write.VISIT, Write.CASE, Write.ASSIGN}),
    Role.VILLAGE: frozenset({Write.VISIT}),
    Role.SCHOOL: frozenset({Write.IMPORT, Write.VISIT, Write.CASE, Write.ASSIGN}),
    Role.SCREEN: frozenset(),
}
COUNTY_DIGITS = 6
AREA_LENGTHS = frozenset({4, 6, 9, 12})


@dataclass(frozen=True)
class Scope:
    """Who is looking: every read takes one, and shows nothing outside it.

    `areas` are prefixes of area codes (4 prefecture, 6 county, 9 town, 12 village digits); `schools` are 10-digit codes.
    A child is visible through residence, registered area or school. `until` is the last day of a time-boxed role.
    Raises ScopeError when neither is given or a code is malformed: an empty scope is never "everything".
    """

    user: str
    role: Role
    areas: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    until: date | None = None

    def __post_init__(self) -> None:
        if not self.areas and not self.schools:
            raise ScopeError("scope.empty")
        if any(len(code) not in AREA_LENGTHS or not code.isascii() or not code.isdigit() for code in self.areas):
            raise ScopeError("scope.malformed")
        if any(len(code) != 10 or not code.isascii() or not code.isdigit() for code in self.schools):
            raise ScopeError("scope.malformed")

    @property
    def sees_children(self) -> bool:
        """Whether single children may be listed at all; otherwise only suppressed counts."""
        return self.role in SEES_CHILDREN

    @property
    def holds_counties(self) -> bool:
        """Whether whole counties are in view: only then can a table be made safe to share, as its sums are the county's."""
        return bool(self.areas) and all(len(code) <= COUNTY_DIGITS for code in self.areas)

    @property
    def sees_names(self) -> bool:
        """Whether names and identifiers stand unmasked (a school and a town, on their own rows)."""
        return self.role in SEES_NAMES

    def may(self, write: Write) -> bool:
        """Whether this role may make that kind of change."""
        return write in WRITES[self.role]

    def require(self, write: Write) -> None:
        """Raise ScopeError unless the role may make that kind of change."""
        if not self.may(write):
            raise ScopeError("scope.no_write")

    def require_children(self) -> None:
        """Raise ScopeError unless single children may be listed."""
        if not self.sees_children:
            raise ScopeError("scope.no_children")


def code_range(prefix: str) -> tuple[str, str]:
    """The half-open range [low, high) of the codes that begin with `prefix` (digits, compared as text)."""
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)
