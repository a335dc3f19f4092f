import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plain_text import drop_invisible, fold_code, fold_text


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("  张三 ", "张三"),
        ("张 三", "张三"),
        ("张\u3000\u3000三", "张三"),
        ("张\u200b三\ufeff", "张三"),
        ("溪口镇\n河东村", "溪口镇河东村"),
        ("Li Lei", "Li Lei"),
        ("八 (5) 班", "八 (5) 班"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("\u9fcd某", "\u9fcd某"),  # a rare character stays itself
        ("\ufa10某", "\ufa10某"),  # and is not changed into its look-alike
        ("\x00\x07", ""),
    ],
)
def test_words_lose_only_what_cannot_be_seen(typed: str, plain: str) -> None:
    assert fold_text(typed) == plain


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("１２３Ｘ", "123X"),
        (" 12 3x ", "123X"),
        ("'123", "123"),
        ("‘123", "123"),
        ("12\u200b3", "123"),
        ("（0598）", "(0598)"),
        ("12\t3", "123"),
    ],
)
def test_codes_are_folded_to_plain_signs(typed: str, code: str) -> None:
    assert fold_code(typed) == code


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert drop_invisible(drop_invisible(text)) == drop_invisible(text)
    assert fold_text(fold_text(text)) == fold_text(text)


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    assert not {unicodedata.category(char) for char in drop_invisible(text)} & {"Cc", "Cf", "Zl", "Zp"}
    assert " " not in fold_code(text)
