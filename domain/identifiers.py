"""The numbers by which children, schools and disability cards are known: read, checked, and what is wrong explained.

Source: GB 11643-1999 (citizen number), the national rules of registry numbers (G, J, L) and of school codes, and the
20-character disability card. All are text: a spreadsheet that took one for a number has destroyed it.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from operator import mul
from typing import Literal

from domain.areas import PROVINCES
from domain.faults import Fault
from domain.plain_text import fold_code

EIGHTEEN = re.compile(r"(?a)\d{17}[\dX]")
SCIENTIFIC = re.compile(r"(?a)\d(?:\.\d+)?E\+?\d{2}")
LONG_FLOAT = re.compile(r"(?a)\d{16,}\.0+")
CUT_SHORT = re.compile(r"(?a)\d{15}000")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ASCII_ZEROS = sum(WEIGHTS) * ord("0")
CHECK_CHARACTERS = "10X98765432"
SCHOOL_CATEGORIES = frozenset(str(code) for code in (11, 21, 22, *range(31, 38), 41, 42, 51, 91, 92, 93))
EARLIEST_BIRTH = date(1800, 1, 1)  # the example in the standard was born in 1880


class Sex(StrEnum):
    """Sex as registered."""

    MALE = "male"
    FEMALE = "female"


class DisabilityKind(StrEnum):
    """The seven kinds on the card, in the order of its digit."""

    SIGHT = "sight"
    HEARING = "hearing"
    SPEECH = "speech"
    LIMBS = "limbs"
    INTELLECT = "intellect"
    MIND = "mind"
    MULTIPLE = "multiple"


@dataclass(frozen=True)
class CitizenId:
    """An 18-character citizen number whose check character is right. The region is the place of first registration, never
    the household's present one."""

    text: str

    @property
    def region(self) -> str:
        """The six digits of the county of first registration."""
        return self.text[:6]

    @property
    def birth(self) -> date:
        """Date of birth."""
        return date.fromisoformat(self.text[6:14])

    @property
    def sex(self) -> Sex:
        """Odd serial numbers are male, even ones female."""
        return Sex.MALE if int(self.text[16]) % 2 else Sex.FEMALE


@dataclass(frozen=True)
class RegistryNumber:
    """A 19-character national registry number: G has a citizen number behind it, J is formal without one, L is temporary."""

    text: str

    @property
    def kind(self) -> Literal["G", "J", "L"]:
        """The letter in front."""
        return "G" if self.text[0] == "G" else "J" if self.text[0] == "J" else "L"

    @property
    def citizen_id(self) -> CitizenId | None:
        """The citizen number inside a G number; None for the others."""
        return CitizenId(self.text[1:]) if self.kind == "G" else None

    @property
    def birth(self) -> date:
        """Date of birth, part of all three kinds."""
        return date.fromisoformat(self.text[7:15])


@dataclass(frozen=True)
class SchoolCode:
    """A 10-digit school code: category, province, serial; no check digit. A nine-year school may carry any one category,
    so stages are never derived from it."""

    text: str

    @property
    def category(self) -> str:
        """Two digits: 21 primary, 31 junior high, 51 special; words under `school_category.`."""
        return self.text[:2]

    @property
    def province(self) -> str:
        """Two digits of GB/T 2260."""
        return self.text[2:4]


@dataclass(frozen=True)
class DisabilityCard:
    """A disability card: citizen number, kind, level 1 (heaviest) to 4, and the mark of a re-issued card such as B1."""

    citizen_id: CitizenId
    kind: DisabilityKind
    level: int
    reissue: str = ""

    @property
    def text(self) -> str:
        """The card number as printed."""
        return f"{self.citizen_id.text}{list(DisabilityKind).index(self.kind) + 1}{self.level}{self.reissue}"


def check_character(seventeen: str) -> str:
    """The 18th character for 17 digits (ISO 7064 mod 11-2): 0-9 or X."""
    return CHECK_CHARACTERS[(sum(map(mul, seventeen.encode(), WEIGHTS)) - ASCII_ZEROS) % 11]


def excel_damage(code: str) -> Fault | None:
    """What a spreadsheet did to a long number: 3.5E+17, `350430201501010000.0`, or 15 digits with zeros behind.

    The zeros alone count only together with a wrong check character, because true numbers may end in 000.
    """
    if SCIENTIFIC.fullmatch(code):
        return Fault("id.scientific")
    cut_short = CUT_SHORT.fullmatch(code) and check_character(code[:17]) != code[17]
    return Fault("id.number_cell") if cut_short or LONG_FLOAT.fullmatch(code) else None


@lru_cache(16)  # the registry number beside it holds the same number
def parse_id(text: str, as_of: date | None = None) -> CitizenId | Fault:
    """A citizen number, folded from however it was typed; a Fault names the first thing that is wrong.

    With `as_of` a birth after that day is a fault too. 15-digit numbers are out of use: the new one is asked for.
    """
    code = fold_code(text)
    fault = None if EIGHTEEN.fullmatch(code) and not code.endswith("000") else _form_fault(code)
    return fault or _birth_fault(code[6:14], as_of) or _check_fault(code) or CitizenId(code)


def _form_fault(code: str) -> Fault | None:
    if damage := excel_damage(code):
        return damage
    if len(code) == 15 and code.isdecimal():
        return Fault("id.fifteen")
    if len(code) != 18:
        return Fault("id.length", {"length": len(code)})
    odd = next((at for at, char in enumerate(code, 1) if char not in "0123456789" and (at, char) != (18, "X")), None)
    return Fault("id.characters", {"position": odd}) if odd else None


def _birth_fault(digits: str, as_of: date | None) -> Fault | None:
    try:
        birth = date.fromisoformat(digits)
    except ValueError:
        return Fault("id.birth")
    if birth < EARLIEST_BIRTH:
        return Fault("id.birth")
    return Fault("id.future") if as_of and birth > as_of else None


def _check_fault(code: str) -> Fault | None:
    expected = check_character(code[:17])
    return None if code[17] == expected else Fault("id.check", {"expected": expected})


def parse_registry_number(text: str, as_of: date | None = None) -> RegistryNumber | Fault:
    """A national registry number: a letter G, J or L and 18 characters.

    G and J end in the check character of the citizen number; L carries region and birth only.
    """
    code = fold_code(text)
    if EIGHTEEN.fullmatch(code) or (len(code) == 19 and code[0] not in "GJL"):
        return Fault("registry.prefix")
    if len(code) != 19:
        return excel_damage(code) or Fault("registry.length", {"length": len(code)})
    tail = code[1:]
    if code[0] == "L":
        if not re.fullmatch(r"[0-9]{18}", tail):
            return Fault("registry.characters")
        why = _birth_fault(tail[6:14], as_of)
        return Fault("registry.id", {"why": why}) if why else RegistryNumber(code)
    found = parse_id(tail, as_of)
    return Fault("registry.id", {"why": found}) if isinstance(found, Fault) else RegistryNumber(code)


def parse_school_code(text: str) -> SchoolCode | Fault:
    """A school code: ten digits, a known category, a province that exists; the serial is not checkable."""
    code = fold_code(text).removesuffix(".0")
    if not re.fullmatch(r"[0-9]*", code):
        return Fault("school_code.characters")
    if len(code) != 10:
        return Fault("school_code.length", {"length": len(code)})
    if code[:2] not in SCHOOL_CATEGORIES:
        return Fault("school_code.category", {"category": code[:2]})
    if code[2:4] not in PROVINCES:
        return Fault("school_code.province", {"province": code[2:4]})
    return SchoolCode(code)


def parse_disability_card(text: str) -> DisabilityCard | Fault:
    """A disability card number: 18 characters of the citizen number, kind 1-7, level 1-4, and perhaps the mark of a re-issue."""
    code = fold_code(text)
    parts = re.fullmatch(r"(?a)(\d{17}[\dX])(\d)(\d)(B\d{1,2})?", code)
    if not parts:
        return excel_damage(code) or Fault("disability_card.length", {"length": len(code)})
    citizen = parse_id(parts[1])
    if isinstance(citizen, Fault):
        return Fault("disability_card.id", {"why": citizen})
    kind, level = int(parts[2]), int(parts[3])
    if not 1 <= kind <= len(DisabilityKind):
        return Fault("disability_card.kind", {"digit": kind})
    if not 1 <= level <= 4:
        return Fault("disability_card.level", {"digit": level})
    return DisabilityCard(citizen, list(DisabilityKind)[kind - 1], level, parts[4] or "")


def id_contradictions(citizen: CitizenId, birth: date | None = None, sex: Sex | None = None) -> tuple[Fault, ...]:
    """Where other columns of the same row disagree with the citizen number; what is not given is not compared."""
    faults = []
    if birth and birth != citizen.birth:
        faults.append(Fault("id.other_birth"))
    if sex and sex is not citizen.sex:
        faults.append(Fault("id.other_sex"))
    return tuple(faults)


def registry_contradiction(registry: RegistryNumber, citizen: CitizenId) -> Fault | None:
    """A G number must end in the child's own citizen number, a J or L number hold the child's birth date."""
    if registry.kind == "G":
        return None if registry.text[1:] == citizen.text else Fault("registry.other_id")
    return None if registry.birth == citizen.birth else Fault("registry.other_birth")
