import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.areas import (
    PROVINCES,
    AreaCode,
    AreaKind,
    AreaLevel,
    Settlement,
    area_code_warning,
    parse_area_code,
    settlement_of,
)
from domain.faults import Fault

CODES = st.builds(
    lambda province, rest, length: (province + rest)[:length],
    st.sampled_from(sorted(PROVINCES)),
    st.text("123456789", min_size=10, max_size=10),
    st.sampled_from([2, 4, 6, 9, 12]),
)


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("35", "35", AreaLevel.PROVINCE),
        ("3504", "3504", AreaLevel.PREFECTURE),
        ("350430", "350430", AreaLevel.COUNTY),
        ("350430100", "350430100", AreaLevel.TOWN),
        ("350430100001", "350430100001", AreaLevel.VILLAGE),
        ("350430100000", "350430100", AreaLevel.TOWN),
        ("350430000000", "350430", AreaLevel.COUNTY),
        ("350400000000", "3504", AreaLevel.PREFECTURE),
        ("350000000000", "35", AreaLevel.PROVINCE),
        ("350400", "3504", AreaLevel.PREFECTURE),
        ("350430000", "350430", AreaLevel.COUNTY),
        (" ３５０４３０ ", "350430", AreaLevel.COUNTY),
        ("'350430", "350430", AreaLevel.COUNTY),
        ("350430100001.0", "350430100001", AreaLevel.VILLAGE),
    ],
)
def test_codes_of_every_level_padded_or_not(text: str, code: str, level: AreaLevel) -> None:
    found = parse_area_code(text)
    assert found == AreaCode(code)
    assert isinstance(found, AreaCode)
    assert found.level is level


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "area_code.characters"),
        ("35043O", "area_code.characters"),
        ("溪口村", "area_code.characters"),
        ("٣٥٠٤٣٠", "area_code.characters"),
        ("35043", "area_code.length"),
        ("3504301000011", "area_code.length"),
        ("990430", "area_code.province"),
        ("160000", "area_code.province"),
        ("000000000000", "area_code.province"),
    ],
)
def test_wrong_codes_are_explained(text: str, fault: str) -> None:
    found = parse_area_code(text)
    assert isinstance(found, Fault)
    assert found.code == fault


@given(CODES)
def test_padding_reads_back(code: str) -> None:
    assert parse_area_code(AreaCode(code).padded) == AreaCode(code)


@given(CODES)
def test_every_area_lies_in_its_ancestors_and_they_in_no_child(code: str) -> None:
    area = AreaCode(code)
    lengths = [len(above.code) for above in area.ancestors]
    assert lengths == sorted(lengths, reverse=True)
    assert all(above.contains(area) and not area.contains(above) for above in area.ancestors)
    assert area.contains(area)
    assert (area.parent is None) == (area.level is AreaLevel.PROVINCE)


def test_the_ancestors_of_a_village_are_nearest_first() -> None:
    above = AreaCode("350430100001").ancestors
    assert [area.code for area in above] == ["350430100", "350430", "3504", "35"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("350430001", AreaKind.STREET),
        ("350430099", AreaKind.STREET),
        ("350430100", AreaKind.TOWN),
        ("350430199", AreaKind.TOWN),
        ("350430200", AreaKind.TOWNSHIP),
        ("350430399", AreaKind.TOWNSHIP),
        ("350430400", AreaKind.SPECIAL),
        ("350430100001", AreaKind.NEIGHBOURHOOD),
        ("350430100199", AreaKind.NEIGHBOURHOOD),
        ("350430100200", AreaKind.VILLAGE),
        ("350430100399", AreaKind.VILLAGE),
        ("350430100400", AreaKind.SPECIAL),
        ("522632210500", AreaKind.SPECIAL),
        ("350430", None),
    ],
)
def test_the_kind_stands_in_the_last_three_digits(code: str, kind: AreaKind | None) -> None:
    assert AreaCode(code).kind is kind
    assert (area_code_warning(AreaCode(code)) is not None) == (kind is AreaKind.SPECIAL)


def test_an_unusual_village_is_pointed_out_not_refused() -> None:
    area = parse_area_code("522632210500")
    assert isinstance(area, AreaCode)
    warning = area_code_warning(area)
    assert warning is not None
    assert "500" in warning.say()


def test_there_are_34_provinces() -> None:
    assert len(PROVINCES) == 34
    assert {"11", "35", "52", "71", "82"} <= PROVINCES


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("111", Settlement.CITY),
        ("112", Settlement.CITY),
        ("121", Settlement.TOWN),
        ("122", Settlement.TOWN),
        ("123", Settlement.TOWN),
        ("210", Settlement.RURAL),
        ("220", Settlement.RURAL),
        ("200", None),
        ("", None),
    ],
)
def test_settlements_by_urban_rural_class(code: str, group: Settlement | None) -> None:
    assert settlement_of(code) is group
