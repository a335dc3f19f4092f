import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.csv_out import fraction_text, guard_formula, write_csv
from data_access.workbook_columns import OutColumn, written_text
from data_access.workbook_guard import LIMITS
from data_access.workbook_text import decode_text, parse_rows

COLUMNS = [
    OutColumn("case_id", "个案编号", "Case"),
    OutColumn("days_absent", "缺课天数", "Days absent", "integer"),
    OutColumn("dropout_rate", "辍学率", "Dropout rate", "fraction"),
    OutColumn("opened_on", "立案日期", "Opened", "date"),
    OutColumn("seen_at", "查看时间", "Seen at", "datetime"),
    OutColumn("overdue", "逾期", "Overdue", "boolean"),
]
ROW = ("0012", -1, Fraction(3, 769), date(2025, 3, 1), datetime(2025, 3, 1, 0, 30, tzinfo=UTC), True)
TEXT = [OutColumn("remark", "备注", "Remark")]
RISKY = "=+-@＝＋－＠\t\r\n"


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize(
    ("header", "first", "overdue"),
    [
        ("field", "case_id,days_absent,dropout_rate,opened_on,seen_at,overdue", "true"),
        ("zh", "个案编号,缺课天数,辍学率,立案日期,查看时间,逾期", "是"),
        ("en", "Case,Days absent,Dropout rate,Opened,Seen at,Overdue", "yes"),
    ],
)
def test_bytes_of_a_file(header: str, first: str, overdue: str, tmp_path: Path) -> None:
    out = tmp_path / "cases.csv"
    assert write_csv(out, COLUMNS, [ROW, (None,) * 6], header) == 2  # type: ignore[arg-type]
    second = f"0012,-1,0.00390117,2025-03-01,2025-03-01T08:30:00,{overdue}"
    assert out.read_bytes() == b"\xef\xbb\xbf" + f"{first}\r\n{second}\r\n,,,,,\r\n".encode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(1), "1"),
        (Fraction(1, 3), "0.33333333"),
        (0.0039, "0.0039"),
        (1e-9, "0"),
        (Fraction(-1, 8), "-0.125"),
    ],
)
def test_fractions_are_decimals(value: float | Fraction, text: str) -> None:
    assert fraction_text(value) == text


@pytest.mark.parametrize("sign", RISKY)
def test_formula_starts_are_guarded(sign: str) -> None:
    assert guard_formula(f"{sign}1") == f"'{sign}1"
    assert guard_formula(f"'{sign}1") == f"''{sign}1"


@pytest.mark.parametrize("text", ["", "张三", "1-1", "a=b", "'quoted", "1,5", "—"])
def test_harmless_text_stays(text: str) -> None:
    assert guard_formula(text) == text


def test_text_in_a_number_column_is_guarded_too(tmp_path: Path) -> None:
    out = tmp_path / "odd.csv"
    write_csv(out, COLUMNS[1:4], [("=1+1", "=2+2", "=3+3")])
    assert read(out)[1] == ["'=1+1", "'=2+2", "'=3+3"]


@given(texts=st.lists(st.text(max_size=20) | st.text(RISKY + "'1\",", max_size=6), min_size=1, max_size=30))
def test_there_and_back_changes_nothing_and_nothing_runs(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("csv") / "texts.csv"
    write_csv(out, [*TEXT, COLUMNS[1]], [(text, 1) for text in texts])
    assert not any(row[0].startswith(tuple(RISKY)) for row in read(out))
    back = [row[0] for row in parse_rows(decode_text(out.read_bytes()), LIMITS)][1:]
    for written, value in zip(texts, back, strict=True):
        seen = written_text(written).replace("\ufeff", "")
        assert value == (seen if seen.strip() else None)


def test_a_failing_row_leaves_nothing_behind(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[str]]:
        yield ("one",)
        raise RuntimeError("connection lost")

    with pytest.raises(RuntimeError):
        write_csv(tmp_path / "lost.csv", TEXT, rows())
    assert list(tmp_path.iterdir()) == []
