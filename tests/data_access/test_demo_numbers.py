"""The demo's numbers are valid in form and belong to nobody."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.demo_numbers import REGION, citizen_number, draw_numbers, number_of, numbers_of, phone_number
from domain.faults import Fault
from domain.identifiers import CitizenId, RegistryNumber, Sex, parse_id, parse_registry_number

DAYS = st.integers(min_value=date(2008, 9, 1).toordinal(), max_value=date(2020, 8, 31).toordinal())
EPOCH = date(1970, 1, 1).toordinal()


@given(st.lists(st.tuples(DAYS, st.booleans()), min_size=1, max_size=60), st.integers(0, 2**32))
def test_every_number_is_valid_and_says_birth_and_sex(people: list[tuple[int, bool]], seed: int) -> None:
    births = np.array([day for day, _ in people]) - EPOCH
    male = np.array([boy for _, boy in people])
    drawn = draw_numbers(np.random.default_rng(seed), births, male)
    for at, ((day, boy), (id_no, registry_no)) in enumerate(zip(people, numbers_of(drawn), strict=True)):
        assert number_of(drawn, at) == (id_no, registry_no)
        registry = parse_registry_number(registry_no)
        assert isinstance(registry, RegistryNumber), registry
        assert registry.birth == date.fromordinal(day)
        assert registry_no[1:7] == str(REGION)
        assert (id_no is None) == (registry.kind != "G")
        if id_no:
            citizen = parse_id(id_no)
            assert isinstance(citizen, CitizenId), citizen
            assert (citizen.birth, citizen.sex) == (date.fromordinal(day), Sex.MALE if boy else Sex.FEMALE)
            assert registry_no == f"G{id_no}"


def test_no_two_children_share_a_number() -> None:
    births = np.repeat(np.arange(14_000, 14_020), 600)
    male = np.tile([True, False], 6000)
    told = list(numbers_of(draw_numbers(np.random.default_rng(1), births, male)))
    assert len({registry for _, registry in told}) == len(told) == 12_000
    assert len({id_no for id_no, _ in told if id_no}) == sum(id_no is not None for id_no, _ in told)


def test_all_three_kinds_of_registry_number_occur() -> None:
    letters = draw_numbers(np.random.default_rng(1), np.arange(12_000, 15_000), np.ones(3_000, dtype=bool)).letter
    shares = {kind: float(np.mean(letters == kind)) for kind in "GJL"}
    assert shares["G"] > 0.97
    assert min(shares["J"], shares["L"]) > 0.002


@pytest.mark.parametrize("serial", [901, 902, 999])
def test_a_single_number_is_valid(serial: int) -> None:
    number = citizen_number(date(2010, 2, 28), serial)
    assert not isinstance(parse_id(number), Fault)
    assert number.startswith("99999920100228")
    assert number[14:17] == str(serial)


def test_telephone_numbers_are_no_operators_and_all_different() -> None:
    numbers = {phone_number(serial) for serial in range(200_000)}
    assert len(numbers) == 200_000
    assert {(len(number), number[:2]) for number in numbers} == {(11, "10")}
    assert all(number.isdecimal() for number in numbers)
