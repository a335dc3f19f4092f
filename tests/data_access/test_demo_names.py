"""The demo's names are put together from syllables and meet no real person or place."""

from collections import Counter
from hashlib import sha256

import numpy as np
import pytest

from data_access.demo_areas import read_demo_areas
from data_access.demo_names import (
    FIRST,
    GIVEN,
    SCHOOL_WORDS,
    SECOND,
    SINGLE_SHARE,
    SURNAMES,
    SYLLABLES,
    draw_names,
    draw_school_names,
)
from data_access.demo_plan import PLANS, DemoSize

# The surnames of the people named in the policies this product was drawn from, each as the start of its SHA-256.
NOT_TO_BE_USED = frozenset({
    "4a5ff677e1db", "d64652be29ab", "9b56fb9ec265", "3e1efbe39a5b", "c16667ca7839", "5f0dffef9f66",
    "9b7fca8a1266", "77f34a38180f", "e2a4be97bb6a", "3b4eb1eb439d", "f56a049fcc23", "b973e260b442",
    "05cccae333e8", "6d321163002e", "75669321492c", "e6df66d46112", "3399a0e651ad", "c9a85fff13f1",
    "1d8d64d2825e",
})  # fmt: skip


def test_no_surname_of_a_person_in_the_sources() -> None:
    used = {sha256(surname.encode()).hexdigest()[:12] for surname in SURNAMES}
    assert not used & NOT_TO_BE_USED


@pytest.mark.parametrize("syllables", [SURNAMES, SYLLABLES, FIRST, SECOND, GIVEN])
def test_nothing_stands_twice(syllables: tuple[str, ...] | str) -> None:
    assert [one for one, count in Counter(syllables).items() if count > 1] == []


def test_names_are_surname_and_one_or_two_syllables() -> None:
    names = draw_names(np.random.default_rng(3), 5_000)
    assert all(name[0] in SURNAMES and set(name[1:]) <= set(SYLLABLES) for name in names)
    lengths = Counter(map(len, names))
    assert set(lengths) == {2, 3}
    assert abs(lengths[2] / 5_000 - SINGLE_SHARE) < 0.02


def test_the_same_dice_give_the_same_names() -> None:
    assert draw_names(np.random.default_rng(3), 50) == draw_names(np.random.default_rng(3), 50)
    assert draw_names(np.random.default_rng(3), 50) != draw_names(np.random.default_rng(4), 50)


@pytest.mark.parametrize("size", DemoSize)
def test_schools_have_a_name_of_their_own_that_tells_their_kind(size: DemoSize) -> None:
    kinds = [kind for kind, count in PLANS[size].schools.items() for _ in range(count)]
    names = draw_school_names(np.random.default_rng(5), kinds)
    assert len(set(names)) == len(names)
    assert all(name.endswith(SCHOOL_WORDS[kind]) for name, kind in zip(names, kinds, strict=True))


@pytest.mark.parametrize("size", DemoSize)
def test_no_school_is_called_after_a_place(size: DemoSize) -> None:
    places = "|".join(area.name for area in read_demo_areas(size))
    assert [one + two for one in FIRST for two in SECOND if one + two in places] == []
