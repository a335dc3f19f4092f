"""How personal values are shown to those who may not see them whole.

Masking is done once, before a row leaves `data_access`, so that screen, CSV and workbook cannot disagree. Every rule is
idempotent: masking what is masked changes nothing.
"""

import re
from collections.abc import Callable
from enum import StrEnum

HIDDEN = "（已隐藏）"
STARS = "****"
TAIL = 4
SHORTEST_NUMBER = 8  # of a shorter one, the last four would be most of it
PHONE_SEPARATORS = re.compile(r"([/、,，;；\s]+)")
PLACES = (  # the smallest place that may be shown, tried in this order
    re.compile(r".*?(?:镇|乡|街道|苏木|办事处).+?(?:村|社区|嘎查)"),
    re.compile(r".+?(?:村|社区|嘎查)"),
    re.compile(r".+?(?:镇|乡|街道|苏木|办事处)"),
    re.compile(r".+?(?:县|区|旗|市)"),
)


class PiiKind(StrEnum):
    """What a personal value is; the columns of a table name it, `mask` knows what may be shown of it."""

    NAME = "name"
    ID_NO = "id_no"
    ID_NO_BESIDE_BIRTH = "id_no_beside_birth"  # where the birth date is shown, the last four would give the number away
    REGISTRY_NO = "registry_no"
    PHONE = "phone"
    ADDRESS = "address"
    FREE_TEXT = "free_text"  # remarks may hold names, illnesses, family matters


def mask_name(name: str) -> str:
    """The first character and a star for each one more, at least one: 张三 is 张*, 欧阳娜娜 is 欧***."""
    return name[0] + "*" * max(len(name) - 1, 1)


def mask_number(number: str) -> str:
    """Stars and the last four characters, as long as the number; all stars when it is too short to hide anything."""
    shown = TAIL if len(number) >= SHORTEST_NUMBER else 0
    return "*" * (len(number) - shown) + number[len(number) - shown :]


def mask_phone(phone: str) -> str:
    """138****1234 for each of the numbers; the last two digits of those shorter than a mobile number."""
    return "".join(part if PHONE_SEPARATORS.fullmatch(part) else _mask_one_phone(part) for part in PHONE_SEPARATORS.split(phone))


def _mask_one_phone(phone: str) -> str:
    if len(phone) >= 11:
        return phone[:3] + STARS + phone[-TAIL:]
    return STARS + phone[-2:] if len(phone) > TAIL else "*" * len(phone)


def mask_address(address: str) -> str:
    """The address down to the village, else to the town, else to the county; hidden when none of them can be told."""
    for place in PLACES:
        if found := place.match(address):
            return found[0] + "***"
    return HIDDEN


def _hide(_: str) -> str:
    return HIDDEN


RULES: dict[PiiKind, Callable[[str], str]] = {
    PiiKind.NAME: mask_name,
    PiiKind.ID_NO: mask_number,
    PiiKind.ID_NO_BESIDE_BIRTH: _hide,
    PiiKind.REGISTRY_NO: mask_number,
    PiiKind.PHONE: mask_phone,
    PiiKind.ADDRESS: mask_address,
    PiiKind.FREE_TEXT: _hide,
}


def mask(value: str | None, kind: PiiKind) -> str | None:
    """What may be shown of a personal value; None and blank stay, for "not recorded" is no secret."""
    text = (value or "").strip()
    if not text or text == HIDDEN:
        return value if value is None else text
    return RULES[kind](text)
