"""The groups page: every part on the tiny county, its numbers, and who may open it."""

import pytest

from domain.groups import WarningSign
from domain.scope import Role
from domain.terms import LANGS, Lang, say
from tests.pages.conftest import OpenPage, assert_ordinary, texts
from tests.pages.tiny_county import OPEN_CASES, PUPILS_EACH, SCHOOLS


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", ["warnings", "matrix", "repeats", "reasons", "aids", "at_work"])
def test_every_part_is_an_ordinary_page(open_page: OpenPage, part: str, lang: Lang) -> None:
    assert_ordinary(open_page("groups", {"measure": part, "lang": lang}))


@pytest.mark.parametrize("part", ["warnings", "matrix", "repeats", "reasons", "aids", "at_work"])
def test_an_empty_county_is_an_ordinary_page(open_page: OpenPage, bare_url: str, part: str) -> None:
    assert_ordinary(open_page("groups", {"measure": part}, url=bare_url))


def test_everyone_unvisited_is_warned_of_with_all_the_reasons(open_page: OpenPage) -> None:
    at = open_page("groups", {"layer": WarningSign.NOT_VISITED.value})
    button = next(one for one in at.button if one.key == f"sign.{WarningSign.NOT_VISITED}")
    assert button.label == f"{say('warningsign.not_visited')} **{len(SCHOOLS) * PUPILS_EACH}**"
    assert say("warningsign.not_visited") in at.dataframe[0].value["signs"].iloc[0]


def test_the_matrix_counts_children_by_where_they_learn(open_page: OpenPage) -> None:
    matrix = open_page("groups", {"measure": "matrix"}).dataframe[0].value.set_index("group")
    row = matrix.loc[say("group.left_behind_education")]
    assert row.sum() == sum(number % 4 == 0 for number in range(PUPILS_EACH)) * len(SCHOOLS)


def test_a_reason_leads_to_its_first_measure(open_page: OpenPage) -> None:
    row = open_page("groups", {"measure": "reasons"}).dataframe[0].value.iloc[0]
    assert (row["reason"], row["measure"], row["cases"]) == (say("reason.02"), say("measure.counselling"), OPEN_CASES)


def test_nobody_is_a_repeat_dropout_here(open_page: OpenPage) -> None:
    assert say("group_page.no_repeats") in texts(open_page("groups", {"measure": "repeats"}))


@pytest.mark.parametrize("role", [Role.SCREEN, Role.ADMINISTRATOR])
def test_roles_without_children_have_no_such_page(open_page: OpenPage, role: Role) -> None:
    at = open_page("groups", role=role)
    assert [one.value for one in at.error] == [say("frame.not_for_role", role=say(f"role.{role}"))]
    assert not at.subheader
