"""What the list of left-behind children tells of their groups on a day; on both engines."""

from datetime import date

import pytest
from sqlalchemy import Engine, insert

from data_access.left_behind_spells import LeftBehindSpells, read_spells
from data_access.schema import OPEN_END, child, group_spell
from domain.groups import Group

DAY, ONE, OTHER = date(2026, 10, 20), 1, 2
EDUCATION, CIVIL = Group.LEFT_BEHIND_EDUCATION.value, Group.LEFT_BEHIND_CIVIL.value
Spell = tuple[str, str | None, date | None, date, date]  # group, detail, last check, from, to


def spell(group: str, detail: str | None, checked: int | None = None, begins: int = 1, ends: int | None = None) -> Spell:
    told = date(2026, 10, checked) if checked else None
    return group, detail, told, date(2026, 10, begins), date(2026, 10, ends) if ends else OPEN_END


@pytest.mark.parametrize(
    ("spells", "expected"),
    [
        ([], None),
        ([spell(EDUCATION, "one_parent", 5)], ("one_parent", None, 5)),
        ([spell(CIVIL, "both", 6)], (None, "both", 6)),
        ([spell(EDUCATION, None)], ("", None, None)),  # it holds, how is not said
        ([spell(EDUCATION, "a", 9), spell(CIVIL, "b", 7)], ("a", "b", 9)),  # the last check under either
        ([spell(EDUCATION, "a"), spell(CIVIL, "b", 7)], ("a", "b", 7)),
        ([spell(EDUCATION, "a", 3, begins=21)], None),  # from the day after
        ([spell(EDUCATION, "a", 3, begins=20)], ("a", None, 3)),
        ([spell(EDUCATION, "a", 3, ends=20)], None),
        ([spell(EDUCATION, "a", 3, ends=21)], ("a", None, 3)),
        ([spell(Group.POOR.value, "c", 19), spell(CIVIL, "b", 7)], (None, "b", 7)),
    ],
)
def test_the_spells_of_a_child(
    engine: Engine, spells: list[Spell], expected: tuple[str | None, str | None, int | None] | None
) -> None:
    names = ("group_name", "detail", "checked_on", "valid_from", "valid_to")
    with engine.connect() as conn:
        conn.execute(insert(child), [{"id": one, "name": "甲", "county_code": "359901"} for one in (ONE, OTHER)])
        for one in spells:
            conn.execute(insert(group_spell).values(child_id=ONE, **dict(zip(names, one, strict=True))))
        found = read_spells(conn, {ONE, OTHER}, DAY)
        assert read_spells(conn, {OTHER}, DAY) == {}
    education, civil, checked = expected or (None, None, None)
    told = LeftBehindSpells(education, civil, date(2026, 10, checked) if checked else None)
    assert found == ({ONE: told} if expected else {})
