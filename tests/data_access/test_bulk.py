"""Many rows at once, the same on both engines."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import IntegrityError

from data_access.bulk import copy_rows, update_statistics, without_indexes
from data_access.schema import OPEN_END, calendar_day, child, guardian, residence_spell, school_class, term, unit_report
from data_access.writing import write

COUNTY = "350430"
TERM = ["county_code", "school_year", "term", "starts", "ends"]


def test_values_come_back_as_they_went_in(engine: Engine) -> None:
    born = date(2016, 2, 29)
    row = (7, COUNTY, "郁澄", "male", born, b"\x00\xff\t\n", None, '一行\n两行\t\\N "引号"')
    with write(engine, COUNTY) as conn:
        columns = ["id", "county_code", "name", "sex", "birth_date", "id_no", "registry_no", "remark"]
        assert copy_rows(conn, child, columns, [row]) == 1
    with engine.connect() as conn:
        found = conn.execute(select(*(child.c[name] for name in columns))).one()
    assert tuple(found) == row


def test_times_come_back_as_they_went_in(engine: Engine) -> None:
    signed = datetime(2026, 11, 20, 9, 5, 0, 250_000)
    columns = ["unit_code", "duty", "period_from", "period_to", "submitted_at", "present"]
    rows = [
        ("2135900001", "daily_report", date(2026, 11, day), date(2026, 11, day), at, n)
        for day, at, n in ((19, signed, 0), (20, None, None))
    ]
    with write(engine, COUNTY) as conn:
        copy_rows(conn, unit_report, columns, iter(rows))
    with engine.connect() as conn:
        found = conn.execute(select(*(unit_report.c[name] for name in columns)).order_by(unit_report.c.period_from)).all()
    assert [tuple(row) for row in found] == rows


def test_columns_left_out_get_the_default_of_the_table(engine: Engine) -> None:
    before = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    with write(engine, COUNTY) as conn:
        copy_rows(conn, child, ["id", "county_code", "name"], [(1, COUNTY, "郁澄")])
        copy_rows(conn, residence_spell, ["child_id", "valid_from"], [(1, date(2020, 9, 1))])
    with engine.connect() as conn:
        row = conn.execute(select(residence_spell)).one()
    assert (row.outside, row.valid_to, row.home_code) == (False, OPEN_END, None)
    assert row.recorded_at >= before


def test_rows_are_streamed_and_counted(engine: Engine) -> None:
    drawn: list[int] = []

    def rows():  # type: ignore[no-untyped-def]
        for year in range(2000, 2050):
            drawn.append(year)
            yield COUNTY, year, 1, date(year, 9, 1), date(year + 1, 1, 20)

    with write(engine, COUNTY) as conn:
        assert copy_rows(conn, term, TERM, rows()) == 50 == len(drawn)
        assert copy_rows(conn, term, TERM, []) == 0


def test_the_next_row_finds_a_free_number(engine: Engine) -> None:
    with write(engine, COUNTY) as conn:
        copy_rows(conn, child, ["id", "county_code", "name"], [(41, COUNTY, "郁澄"), (42, COUNTY, "阙棠")])
        copy_rows(conn, child, ["id", "county_code", "name"], [])
    with write(engine, COUNTY) as conn:
        added = conn.execute(child.insert().values(county_code=COUNTY, name="冷屿")).inserted_primary_key
    assert added is not None
    assert added[0] > 42


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param((COUNTY, 2026, 1, None, date(2027, 1, 20)), id="empty"),
        pytest.param((COUNTY, 2025, 1, date(2025, 9, 1), date(2026, 1, 20)), id="twice"),
    ],
)
def test_a_row_that_breaks_a_rule_takes_the_whole_transaction_back(engine: Engine, bad: tuple[object, ...]) -> None:
    good = (COUNTY, 2025, 1, date(2025, 9, 1), date(2026, 1, 20))
    with pytest.raises(Exception) as raised, write(engine, COUNTY) as conn:  # noqa: PT011
        copy_rows(conn, term, TERM, [good, bad])
    assert "Integrity" in type(raised.value).__name__ or "Violation" in type(raised.value).__name__
    with engine.connect() as conn:
        assert conn.execute(select(term)).all() == []


def test_indexes_are_away_for_the_load_and_back_afterwards(engine: Engine) -> None:
    def names() -> set[str | None]:
        with engine.connect() as conn:
            return {index["name"] for index in inspect(conn).get_indexes(school_class.name)}

    before = names()
    assert before
    with write(engine, COUNTY, None) as conn, without_indexes(conn, [school_class]):
        assert inspect(conn).get_indexes(school_class.name) == []
        copy_rows(conn, calendar_day, ["county_code", "on_date", "kind"], [(COUNTY, date(2026, 10, 1), "holiday")])
    assert names() == before


def test_foreign_keys_are_back_after_the_load_and_hold_for_it(engine: Engine) -> None:
    def keys() -> list[tuple[str | None, list[str], str]]:
        with engine.connect() as conn:
            found = inspect(conn).get_foreign_keys(guardian.name)
        return sorted((key["name"], key["constrained_columns"], key["referred_table"]) for key in found)

    before = keys()
    assert before
    row = {"name": "郁澄", "relation": "mother", "valid_from": date(2026, 9, 1)}
    with write(engine, COUNTY, None) as conn, without_indexes(conn, [guardian]):
        number = conn.execute(child.insert().values(county_code=COUNTY, name="郁澄")).inserted_primary_key
        conn.execute(guardian.insert().values(child_id=number[0], **row))
    assert keys() == before
    with pytest.raises(IntegrityError), write(engine, COUNTY, None) as conn, without_indexes(conn, [guardian]):
        conn.execute(guardian.insert().values(child_id=10**9, **row))
    assert keys() == before


def test_an_error_during_the_load_brings_the_indexes_back(engine: Engine) -> None:
    def names() -> set[str | None]:
        with engine.connect() as conn:
            return {index["name"] for index in inspect(conn).get_indexes(child.name)}

    before = names()
    with pytest.raises(IntegrityError), write(engine, COUNTY) as conn, without_indexes(conn, [child]):
        conn.execute(child.insert().values(county_code=COUNTY, name=None))
    assert names() == before


def test_statistics_may_be_taken_inside_the_transaction(engine: Engine) -> None:
    with write(engine, COUNTY) as conn:
        copy_rows(conn, child, ["county_code", "name"], [(COUNTY, "郁澄")] * 3)
        update_statistics(conn)
    with engine.connect() as conn:
        assert len(conn.execute(select(child.c.id)).all()) == 3
