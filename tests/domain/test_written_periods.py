from datetime import date

import pytest

from domain.calendar import usual_calendar
from domain.faults import Fault
from domain.written_periods import DAILY, MONTHLY, WEEKLY, ReportPeriod, parse_period

AS_OF = date(2026, 11, 20)
CASES = [
    ("2026-11-19", "", (DAILY, date(2026, 11, 19), date(2026, 11, 19))),
    ("11月19日", "", (DAILY, date(2026, 11, 19), date(2026, 11, 19))),
    ("2026.11.19", "控辍保学周报表", (WEEKLY, date(2026, 11, 16), date(2026, 11, 22))),
    ("2026-10-31", "控辍保学月报表", (MONTHLY, date(2026, 10, 1), date(2026, 10, 31))),
    ("2026年10月", "", (MONTHLY, date(2026, 10, 1), date(2026, 10, 31))),
    ("10月份", "", (MONTHLY, date(2026, 10, 1), date(2026, 10, 31))),
    ("2026-11-16至2026-11-20", "", (WEEKLY, date(2026, 11, 16), date(2026, 11, 22))),
    ("11.9-11.13", "", (WEEKLY, date(2026, 11, 9), date(2026, 11, 15))),
    ("2026年11月16日—20日", "", (WEEKLY, date(2026, 11, 16), date(2026, 11, 22))),
    ("2026-10-01至2026-10-31", "", (MONTHLY, date(2026, 10, 1), date(2026, 10, 31))),
    ("第１周", "", (WEEKLY, date(2026, 8, 31), date(2026, 9, 6))),
    ("第十周", "", (WEEKLY, date(2026, 11, 2), date(2026, 11, 8))),
]


@pytest.mark.parametrize(("text", "title", "expected"), CASES)
def test_every_way_to_write_a_period(text: str, title: str, expected: tuple[str, date, date]) -> None:
    assert parse_period(text, AS_OF, usual_calendar(), title) == ReportPeriod(*expected)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("上周", "period.unknown"),
        ("2026-12-01", "date.future"),
        ("13月", "period.unknown"),
        ("2026-11-01至2026-11-19", "period.unknown"),
    ],
)
def test_what_names_no_period_or_one_to_come(text: str, code: str) -> None:
    found = parse_period(text, AS_OF, usual_calendar())
    assert isinstance(found, Fault)
    assert found.code == code
