import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.workbook_guard import LIMITS, WorkbookError
from data_access.workbook_text import decode_text, parse_rows

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=30)
MARKS = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "gb18030": b"\x84\x31\x95\x33"}
LINES = "姓名,学校\r\n张三,晨光小学\r\n李四,晨光小学\r\n"


@pytest.mark.parametrize("encoding", MARKS)
@given(text=CHINESE)
def test_a_mark_settles_the_encoding(encoding: str, text: str) -> None:
    assert decode_text(MARKS[encoding] + text.encode(encoding)) == text


@given(text=CHINESE)
def test_without_a_mark_it_is_utf8_when_it_can_be(text: str) -> None:
    assert decode_text(text.encode()) == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
def test_ledgers_without_a_mark(encoding: str) -> None:
    assert decode_text(LINES.encode(encoding)) == LINES


@given(first=CHINESE, second=CHINESE)
def test_two_encodings_never_pass_for_one(first: str, second: str) -> None:
    mixed = f"{first}\n".encode() + "中文\n".encode() + f"啊{second}中\n".encode("gb18030")
    try:
        mixed.decode("utf-8")
    except UnicodeDecodeError:
        with pytest.raises(WorkbookError):
            decode_text(mixed)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (LINES.encode("gb18030") + "王五,晨光小学\n".encode(), 4),
        (LINES.encode() + "王五,晨光小学\n".encode("gb18030"), 4),
        ("王五,晨光小学\n".encode() + LINES.encode("gb18030"), 1),
    ],
)
def test_the_odd_line_is_named(data: bytes, line: int) -> None:
    with pytest.raises(WorkbookError) as refused:
        decode_text(data)
    assert (refused.value.key, refused.value.params["line"]) == ("workbook.mixed_encoding", line)


def test_a_short_gb18030_word_that_looks_like_utf8_is_no_mixture() -> None:
    text = "姓名\n联通\n"
    assert decode_text(text.encode("gb18030")) == text


@given(rows=st.lists(st.lists(st.text('甲乙 ,;"\n', min_size=1, max_size=5), min_size=2, max_size=4), min_size=1, max_size=10))
def test_records_come_back(rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["甲", *["列,"] * 9], *rows])  # the first line settles the delimiter
    expected = [[value if value.strip() else None for value in row] for row in rows]
    assert list(parse_rows(buffer.getvalue(), LIMITS))[1:] == expected


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    assert list(parse_rows(LINES.replace(",", delimiter), LIMITS))[1] == ["张三", "晨光小学"]


@pytest.mark.parametrize(("value", "read"), [("'=1", "=1"), ("''=1", "'=1"), ("'a", "'a"), ('"=""007"""', "007"), ("=A1", "=A1")])
def test_marks_of_spreadsheets_are_taken_off(value: str, read: str) -> None:
    assert list(parse_rows(f"a,b\n{value},1\n", LIMITS))[1] == [read, "1"]


@pytest.mark.parametrize(("text", "line"), [('a,b\n"c,d\ne,f\n', 2), ('a,b\nc,d\n"e"x,f\n', 3)])
def test_quotes_that_do_not_pair_are_refused_where_they_start(text: str, line: int) -> None:
    with pytest.raises(WorkbookError) as refused:
        list(parse_rows(text, LIMITS))
    assert (refused.value.key, refused.value.params["line"]) == ("workbook.quotes", line)


@pytest.mark.parametrize(
    ("tight", "key"), [({"rows": 2}, "too_many_rows"), ({"columns": 1}, "too_many_columns"), ({"cells": 5}, "too_many_rows")]
)
def test_limits(tight: dict[str, int], key: str) -> None:
    with pytest.raises(WorkbookError) as refused:
        list(parse_rows(LINES, replace(LIMITS, **tight)))
    assert refused.value.key == f"workbook.{key}"
    assert len(list(parse_rows(LINES, replace(LIMITS, rows=3, columns=2, cells=6)))) == 3
