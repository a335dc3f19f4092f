"""Text that names who came: names of known adults stand, every other name in it is masked (R221).

A pupil whom a teacher typed among the visitors is then masked like every child, without anybody having to notice. A part of the
text that is no known adult's name counts as a name, unless it is only a title (班主任, 村委干部).
"""

import re
from collections.abc import Container

from domain.masking import mask_name
from domain.terms import say
from domain.visits import DutyRole

SEPARATORS = re.compile(r"([、,，;；/\s()（）:：]+)")
JOINTS = re.compile(r"([和与及跟])")  # also characters of names: they part two names only where one of the two is known
MORE_TITLES = (
    *("学校", "老师", "教师", "主任", "书记", "支书", "村主任", "村干部", "干部", "民警", "镇长", "乡长", "局长", "年级组长"),
    *("校领导", "领导", "乡镇", "教育局", "镇政府", "乡政府", "村委会", "居委会", "派出所", "司法所", "妇联", "团委"),
    *("同学", "朋友", "家长", "志愿者", "等", "等人"),
)
TITLES = "|".join(sorted({*(say(f"dutyrole.{role}", "zh") for role in DutyRole), *MORE_TITLES}, key=len, reverse=True))
PART = re.compile(rf"((?:{TITLES})*)(.*?)((?:{TITLES})*)")


def names_in(text: str) -> set[str]:
    """Every piece of a text that may be somebody's name: what has to be looked up before `show_known`."""
    found: set[str] = set()
    for part in SEPARATORS.split(text)[::2]:
        name = _titles(part)[1]
        found |= {part, name, *(_titles(piece)[1] for piece in JOINTS.split(name)[::2])}
    return found - {""}


def show_known(text: str, known: Container[str]) -> str:
    """The text with every name masked that is not in `known`; masking twice changes nothing."""
    parts = SEPARATORS.split(text)
    return "".join(part if number % 2 else _show(part, known) for number, part in enumerate(parts))


def _show(part: str, known: Container[str]) -> str:
    before, name, after = _titles(part)
    if not name or part in known or name in known:
        return part
    pieces = JOINTS.split(name)
    if any(_titles(piece)[1] in known for piece in pieces[::2]):
        name = "".join(piece if number % 2 else _show(piece, known) for number, piece in enumerate(pieces))
        return before + name + after
    return before + mask_name(name) + after


def _titles(part: str) -> tuple[str, str, str]:
    """The titles before a name, the name, the titles behind it."""
    found = PART.fullmatch(part)
    return (found[1], found[2], found[3]) if found else ("", part, "")
