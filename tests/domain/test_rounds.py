"""The regular rounds of March and September (R116)."""

from datetime import date

import pytest

from domain.rounds import regular_round, regular_rounds
from domain.school_year import Period


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        (date(2026, 11, 20), ["2027-03", "2026-09", "2026-03", "2025-09", "2025-03"]),
        (date(2027, 2, 28), ["2027-03", "2026-09", "2026-03", "2025-09", "2025-03"]),
        (date(2027, 3, 1), ["2027-09", "2027-03", "2026-09", "2026-03", "2025-09"]),
        (date(2027, 9, 1), ["2028-03", "2027-09", "2027-03", "2026-09", "2026-03"]),
    ],
)
def test_the_round_to_come_and_the_four_before_it_are_offered(today: date, codes: list[str]) -> None:
    assert [one.code for one in regular_rounds(today)] == codes


def test_a_round_is_a_whole_month_in_the_term_that_holds_it() -> None:
    spring, autumn = regular_round(2028, 3), regular_round(2027, 9)
    assert (spring.starts, spring.ends, spring.as_of) == (date(2028, 3, 1), date(2028, 3, 31), date(2028, 3, 31))
    assert (spring.period, autumn.period) == (Period(2027, 2), Period(2027, 1))
    assert (spring.name, autumn.ends) == ("2028年春季控辍保学专项督导", date(2027, 9, 30))
