from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.faults import Fault
from domain.identifiers import (
    CitizenId,
    DisabilityCard,
    DisabilityKind,
    RegistryNumber,
    SchoolCode,
    Sex,
    check_character,
    excel_damage,
    id_contradictions,
    parse_disability_card,
    parse_id,
    parse_registry_number,
    parse_school_code,
    registry_contradiction,
)

BORN = date(2014, 3, 5)


def citizen(birth: date = BORN, serial: str = "001", region: str = "999999") -> str:
    """An invented number of the unassigned region 999999."""
    seventeen = f"{region}{birth:%Y%m%d}{serial}"
    return seventeen + check_character(seventeen)


def fault_of(found: object) -> str:
    assert isinstance(found, Fault)
    return found.code


NUMBERS = st.builds(citizen, st.dates(date(1950, 1, 1), date(2026, 12, 31)), st.text("0123456789", min_size=3, max_size=3))


@pytest.mark.parametrize("text", ["11010519491231002X", "440524188001010014"])
def test_the_examples_of_the_standard_are_right(text: str) -> None:
    assert parse_id(text) == CitizenId(text)


def test_what_a_number_says() -> None:
    found = parse_id("11010519491231002X")
    assert isinstance(found, CitizenId)
    assert (found.region, found.birth, found.sex) == ("110105", date(1949, 12, 31), Sex.FEMALE)
    male = parse_id(citizen(serial="013"))
    assert isinstance(male, CitizenId)
    assert male.sex is Sex.MALE


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x",
        "  11010519491231002X ",
        "110105 19491231 002X",
        "'11010519491231002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105\u200b19491231002X",
        "\ufeff11010519491231002X\n",
        "1101051949\u30001231002X",
    ],
)
def test_numbers_are_folded_before_they_are_judged(written: str) -> None:
    assert parse_id(written) == CitizenId("11010519491231002X")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "id.length"),
        ("1101051949123100", "id.length"),
        ("11010519491231002X1", "id.length"),
        ("110105491231002", "id.fifteen"),
        ("11010519491231O02X", "id.characters"),
        ("1101051949123100XX", "id.characters"),
        ("X1010519491231002X", "id.characters"),
        ("11010519491331002X", "id.birth"),
        ("11010519490230002X", "id.birth"),
        ("11010517991231002X", "id.birth"),
        ("110105194912310021", "id.check"),
        ("11010519491231003X", "id.check"),
        ("1.10105194912E+17", "id.scientific"),
        ("1e+17", "id.scientific"),
        ("110105194912310000.0", "id.number_cell"),
        ("110105194912310000", "id.number_cell"),
    ],
)
def test_each_fault_has_its_name(written: str, code: str) -> None:
    assert fault_of(parse_id(written)) == code


def test_the_odd_character_is_named_by_its_place() -> None:
    found = parse_id("11010519491231O02X")
    assert isinstance(found, Fault)
    assert found.params == {"position": 15}
    assert "15" in found.say()


def test_a_wrong_check_character_names_the_right_one() -> None:
    found = parse_id("110105194912310021")
    assert isinstance(found, Fault)
    assert found.params == {"expected": "X"}


def test_a_true_number_that_ends_in_zeros_is_not_taken_for_damage() -> None:
    numbers = [citizen(date(2014, 3, day), "000") for day in range(1, 32)]
    true = next(number for number in numbers if number.endswith("000"))
    assert parse_id(true) == CitizenId(true)
    assert excel_damage(true) is None


@pytest.mark.parametrize(("as_of", "right"), [(date(2014, 3, 4), False), (date(2014, 3, 5), True), (date(2014, 3, 6), True)])
def test_nobody_is_born_in_the_future(as_of: date, right: bool) -> None:
    found = parse_id(citizen(), as_of)
    assert isinstance(found, CitizenId) is right
    assert right or fault_of(found) == "id.future"


@given(NUMBERS)
def test_every_right_number_reads_back(number: str) -> None:
    found = parse_id(number.lower())
    assert isinstance(found, CitizenId)
    assert found.text == number
    assert parse_id(found.text) == found


@given(NUMBERS, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_never_passes(number: str, at: int, digit: str) -> None:
    assume(number[at] != digit)
    assert isinstance(parse_id(number[:at] + digit + number[at + 1 :]), Fault)


@given(NUMBERS, st.integers(0, 16))
def test_two_neighbours_swapped_never_pass(number: str, at: int) -> None:
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assume(swapped != number)
    assert isinstance(parse_id(swapped), Fault)


@given(st.text())
def test_reading_any_text_never_fails(text: str) -> None:
    for parse in (parse_id, parse_registry_number, parse_school_code, parse_disability_card):
        found = parse(text)
        assert isinstance(found, Fault | CitizenId | RegistryNumber | SchoolCode | DisabilityCard)


@pytest.mark.parametrize(("kind", "tail"), [("G", citizen()), ("J", citizen()), ("L", "999999201403051234")])
def test_the_three_kinds_of_registry_number(kind: str, tail: str) -> None:
    found = parse_registry_number(f" {kind.lower()}{tail}")
    assert isinstance(found, RegistryNumber)
    assert (found.kind, found.text, found.birth) == (kind, kind + tail, BORN)
    assert (found.citizen_id == CitizenId(tail)) is (kind == "G")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (citizen(), "registry.prefix"),
        ("K" + citizen(), "registry.prefix"),
        ("G" + citizen()[:-1], "registry.length"),
        ("G" + citizen() + "1", "registry.length"),
        ("", "registry.length"),
        ("1.1E+17", "id.scientific"),
        ("G999999201403050019", "registry.id"),
        ("G999999201413050011", "registry.id"),
        ("L99999920140305123X", "registry.characters"),
        ("L999999201413051234", "registry.id"),
    ],
)
def test_each_fault_of_a_registry_number(written: str, code: str) -> None:
    assert fault_of(parse_registry_number(written)) == code


def test_a_temporary_number_needs_no_check_character() -> None:
    tails = [f"99999920140305123{n}" for n in range(10)]
    assert all(isinstance(parse_registry_number("L" + tail), RegistryNumber) for tail in tails)
    assert sum(isinstance(parse_registry_number("G" + tail), RegistryNumber) for tail in tails) <= 1


def test_the_reason_inside_is_said_in_the_same_language() -> None:
    found = parse_registry_number("G999999201403050019")
    assert isinstance(found, Fault)
    assert "校验位" in found.say()
    assert "check character" in found.say("en")


@pytest.mark.parametrize(
    ("written", "category"),
    [("2135000123", "21"), (" 2135000123", "21"), ("2135000123.0", "21"), ("３１３５０００１２３", "31"), ("5135000123", "51")],
)
def test_school_codes(written: str, category: str) -> None:
    found = parse_school_code(written)
    assert isinstance(found, SchoolCode)
    assert (found.category, found.province) == (category, "35")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("213500012", "school_code.length"),
        ("21350001234", "school_code.length"),
        ("", "school_code.length"),
        ("213500012X", "school_code.characters"),
        ("2035000123", "school_code.category"),
        ("3835000123", "school_code.category"),
        ("2199000123", "school_code.province"),
    ],
)
def test_each_fault_of_a_school_code(written: str, code: str) -> None:
    assert fault_of(parse_school_code(written)) == code


def test_a_disability_card() -> None:
    found = parse_disability_card(citizen() + "43")
    assert found == DisabilityCard(CitizenId(citizen()), DisabilityKind.LIMBS, 3)
    again = parse_disability_card(citizen() + "43b1")
    assert isinstance(again, DisabilityCard)
    assert again.reissue == "B1"


@given(NUMBERS, st.sampled_from(list(DisabilityKind)), st.integers(1, 4), st.sampled_from(["", "B1", "B2"]))
def test_a_card_reads_back(number: str, kind: DisabilityKind, level: int, reissue: str) -> None:
    card = DisabilityCard(CitizenId(number), kind, level, reissue)
    assert parse_disability_card(card.text) == card


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (citizen(), "disability_card.length"),
        (citizen() + "431", "disability_card.length"),
        (citizen() + "03", "disability_card.kind"),
        (citizen() + "83", "disability_card.kind"),
        (citizen() + "40", "disability_card.level"),
        (citizen() + "45", "disability_card.level"),
        ("99999920140305001943", "disability_card.id"),
        ("9.9E+19", "id.scientific"),
    ],
)
def test_each_fault_of_a_card(written: str, code: str) -> None:
    assert fault_of(parse_disability_card(written)) == code


@pytest.mark.parametrize(
    ("birth", "sex", "faults"),
    [
        (None, None, []),
        (BORN, Sex.MALE, []),
        (date(2014, 3, 6), Sex.MALE, ["id.other_birth"]),
        (BORN, Sex.FEMALE, ["id.other_sex"]),
        (date(2014, 3, 6), Sex.FEMALE, ["id.other_birth", "id.other_sex"]),
    ],
)
def test_other_columns_are_held_against_the_number(birth: date | None, sex: Sex | None, faults: list[str]) -> None:
    assert [fault.code for fault in id_contradictions(CitizenId(citizen()), birth, sex)] == faults


@pytest.mark.parametrize(
    ("registry", "code"),
    [
        ("G" + citizen(), None),
        ("G" + citizen(serial="003"), "registry.other_id"),
        ("J" + citizen(serial="003"), None),
        ("J" + citizen(date(2014, 3, 6)), "registry.other_birth"),
        ("L999999201403051234", None),
        ("L999999201403061234", "registry.other_birth"),
    ],
)
def test_the_registry_number_is_held_against_the_citizen_number(registry: str, code: str | None) -> None:
    found = parse_registry_number(registry)
    assert isinstance(found, RegistryNumber)
    contradiction = registry_contradiction(found, CitizenId(citizen()))
    assert (contradiction.code if contradiction else None) == code
