"""The printed forms of the field: what each says where a bureau has no template of its own, and which values fill it.

Placeholders are Chinese names in double braces, 「{{学生姓名}}」. One with a dot, 「{{家访.日期}}」, stands for the entries of
a list: the table row that holds it is repeated for each. Sources: R058-R063, R075, R119, R122-R124, R234-R240, ledgers
L9-L11.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from domain.errors import ProblemError

LAYOUTS = Path(__file__).with_name("forms.json")
PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
BLANK_ROWS = 3  # rows left to fill in by hand where a list is empty


class FormKind(StrEnum):
    """The forms that can be printed."""

    RETURN_NOTICE = "return_notice"
    RESPONSIBILITY_LETTER = "responsibility_letter"
    SUPERVISION_NOTICE = "supervision_notice"
    HOME_VISIT_FORM = "home_visit_form"
    PERSUASION_RECORD = "persuasion_record"
    DROPOUT_REPORT = "dropout_report"
    ENROLMENT_NOTICE = "enrolment_notice"
    PARENT_LETTER = "parent_letter"
    CHILD_PACKET = "child_packet"


@dataclass(frozen=True)
class Form:
    """A form as it ships.

    `mark`: what its numbers begin with. `is_numbered`: each print that is a new document takes the unit's next number of
    the year. `needs`: placeholders without which a template is useless. `margins`: above and below, left and right, in
    millimetres. `blocks`: lines and grids in order, as written in forms.json.
    """

    kind: FormKind
    title: str
    mark: str
    is_numbered: bool
    needs: tuple[str, ...]
    margins: tuple[int, int]
    blocks: tuple[Mapping[str, Any], ...]


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(LAYOUTS.read_text(encoding="utf-8"))
    return found


def placeholders() -> Mapping[str, str]:
    """Every placeholder with the name of the value that fills it; `visits.on` is the value `on` of each of `visits`."""
    found: dict[str, str] = _read()["placeholders"]
    return found


def form(kind: FormKind) -> Form:
    """The form of a kind."""
    told = _read()["forms"][kind.value]
    needs, margins = tuple(told["needs"]), tuple(told["margins"])
    return Form(kind, told["title"], told["mark"], told["numbered"], needs, margins, tuple(told["blocks"]))


def placeholders_in(texts: Iterable[str]) -> frozenset[str]:
    """The names in double braces that stand in these texts."""
    return frozenset(name for text in texts for name in PLACEHOLDER.findall(text))


def check_placeholders(kind: FormKind, found: frozenset[str]) -> None:
    """Raise ProblemError for a placeholder that nothing fills, and for one that the form cannot do without."""
    title = form(kind).title
    for name in sorted(found - placeholders().keys()):
        raise ProblemError("form.unknown_placeholder", form=title, name=name)
    for name in form(kind).needs:
        if name not in found:
            raise ProblemError("form.missing_placeholder", form=title, name=name)


def document_number(kind: FormKind, year: int, serial: int) -> str:
    """A document's number: mark, year and the serial within unit, kind and year: 返通〔2026〕12号."""
    return f"{form(kind).mark}〔{year}〕{serial}号"
