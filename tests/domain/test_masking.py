import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.masking import HIDDEN, PiiKind, mask

CASES = [
    (PiiKind.NAME, "张三", "张*"),
    (PiiKind.NAME, "张小三", "张**"),
    (PiiKind.NAME, "欧阳娜娜", "欧***"),
    (PiiKind.NAME, "张", "张*"),
    (PiiKind.NAME, " 张三 ", "张*"),
    (PiiKind.NAME, "𠮷三", "𠮷*"),
    (PiiKind.NAME, "阿依·古丽", "阿****"),
    (PiiKind.ID_NO, "999999201403151234", "**************1234"),
    (PiiKind.ID_NO, "99999920140315123X", "**************123X"),
    (PiiKind.ID_NO, "12345678", "****5678"),
    (PiiKind.ID_NO, "1234567", "*******"),
    (PiiKind.ID_NO_BESIDE_BIRTH, "999999201403151234", HIDDEN),
    (PiiKind.REGISTRY_NO, "G999999201403151234", "***************1234"),
    (PiiKind.PHONE, "11900001234", "119****1234"),
    (PiiKind.PHONE, "+8611900001234", "+86****1234"),
    (PiiKind.PHONE, "0000-1234567", "000****4567"),
    (PiiKind.PHONE, "1234567", "****67"),
    (PiiKind.PHONE, "12345", "****45"),
    (PiiKind.PHONE, "1234", "****"),
    (PiiKind.PHONE, "11900001234/11900005678", "119****1234/119****5678"),
    (PiiKind.PHONE, "11900001234、1234567", "119****1234、****67"),
    (PiiKind.ADDRESS, "某省某县甲镇河东村12组34号", "某省某县甲镇河东村***"),
    (PiiKind.ADDRESS, "甲镇村头村3号", "甲镇村头村***"),
    (PiiKind.ADDRESS, "甲镇红星社区5栋", "甲镇红星社区***"),
    (PiiKind.ADDRESS, "河东村张三家", "河东村***"),
    (PiiKind.ADDRESS, "甲乡民主街12号", "甲乡***"),
    (PiiKind.ADDRESS, "某县城关宿舍", "某县***"),
    (PiiKind.ADDRESS, "民主街12号", HIDDEN),
    (PiiKind.FREE_TEXT, "其父张三长期患病", HIDDEN),
]


@pytest.mark.parametrize(("kind", "value", "shown"), CASES)
def test_what_is_shown(kind: PiiKind, value: str, shown: str) -> None:
    assert mask(value, kind) == shown


@pytest.mark.parametrize("kind", PiiKind)
def test_what_was_not_recorded_is_no_secret(kind: PiiKind) -> None:
    assert mask(None, kind) is None
    assert mask("", kind) == ""
    assert mask("  ", kind) == ""


@given(st.sampled_from(PiiKind), st.text(max_size=40))
def test_masking_twice_is_masking_once(kind: PiiKind, value: str) -> None:
    once = mask(value, kind)
    assert mask(once, kind) == once


@given(st.sampled_from(PiiKind), st.text("甲乙镇村县12 3*/、", max_size=40))
def test_masking_twice_is_masking_once_for_likely_texts(kind: PiiKind, value: str) -> None:
    once = mask(value, kind)
    assert mask(once, kind) == once


@given(st.text("甲乙丙丁戊己庚辛", min_size=2, max_size=12))
def test_a_name_keeps_its_length_and_first_character_only(name: str) -> None:
    shown = mask(name, PiiKind.NAME)
    assert shown == name[0] + "*" * (len(name) - 1)


@given(st.sampled_from([PiiKind.ID_NO, PiiKind.REGISTRY_NO]), st.text("0123456789X", min_size=1, max_size=19))
def test_a_number_never_shows_more_than_four(kind: PiiKind, number: str) -> None:
    shown = mask(number, kind) or ""
    assert len(shown) == len(number)
    assert sum(sign != "*" for sign in shown) <= 4


@given(st.integers(10**10, 10**11 - 1))
def test_a_mobile_number_hides_its_middle_four(phone: int) -> None:
    shown = mask(str(phone), PiiKind.PHONE)
    assert shown == f"{str(phone)[:3]}****{str(phone)[7:]}"


@given(st.text("甲乙丙丁组号栋1234567890", min_size=1, max_size=12))
def test_nothing_after_the_village_is_shown(rest: str) -> None:
    assert mask(f"甲镇河东村{rest}", PiiKind.ADDRESS) == "甲镇河东村***"
