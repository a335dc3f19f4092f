"""Long lists of row numbers in one parameter, alike on both engines."""

import pytest
from sqlalchemy import Engine, Text, bindparam, insert, select, text

from data_access.chunks import MOST, among, among_marks, chunks, listed
from data_access.schema import area, child


def test_parts_are_sorted_and_have_no_doubles() -> None:
    assert list(chunks([3, 1, 3])) == [[1, 3]]
    assert [len(part) for part in chunks(range(MOST + 1))] == [MOST, 1]


@pytest.mark.parametrize(("asked", "expected"), [([], []), ([2], [2]), ([1, 3, 99], [1, 3]), (range(40_000), [1, 2, 3])])
def test_rows_are_found_by_any_count_of_numbers(engine: Engine, asked: range | list[int], expected: list[int]) -> None:
    with engine.connect() as conn:
        conn.execute(insert(child), [{"name": "甲", "county_code": "359901"} for _ in range(3)])
        numbers = list(conn.execute(select(child.c.id).order_by(child.c.id)).scalars())
        wanted = [numbers[one - 1] if one in (1, 2, 3) else one + 10**6 for one in asked]
        rows = select(child.c.id).where(among(child.c.id, wanted), ~among(child.c.id, [10**12]))
        assert [numbers.index(one) + 1 for one in conn.execute(rows.order_by(child.c.id)).scalars()] == expected


def test_the_list_is_read_once_where_no_index_leads_to_the_rows(engine: Engine) -> None:
    """PostgreSQL, told nothing of a table just filled, goes through it: a list read again for every row took 10 s for 20,000."""
    with engine.connect() as conn:
        if conn.dialect.name != "postgresql":
            return
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            conn.execute(text(f"SET LOCAL enable_{way} = off"))
        asked = select(child.c.id).where(among(child.c.id, [1, 2])).compile(conn, compile_kwargs={"literal_binds": True})
        plan = "\n".join(conn.execute(text(f"EXPLAIN {asked}")).scalars())
    assert "Seq Scan" in plan
    assert "Filter" not in plan


def test_a_query_is_written_once_for_lists_of_any_length(engine: Engine) -> None:
    with engine.connect() as conn:
        keys = [select(area.c.code).where(among(area.c.edition, numbers))._generate_cache_key() for numbers in ([1], [2, 3])]
        assert keys[0] is not None
        assert keys[0] == keys[1]
        assert conn.execute(select(area.c.code).where(among(area.c.edition, [1]))).all() == []


def test_a_list_is_named_in_a_statement_put_together_once(engine: Engine) -> None:
    numbers = bindparam("numbers", type_=Text())
    query = select(child.c.name).where(among(child.c.id, numbers))
    with engine.connect() as conn:
        conn.execute(insert(child), [{"id": one, "name": f"甲{one}", "county_code": "359901"} for one in (1, 2, 3)])
        for asked, found in (([3, 1], ["甲1", "甲3"]), ([2], ["甲2"]), ([], [])):
            assert sorted(conn.execute(query, {"numbers": listed(asked)}).scalars()) == found


def test_rows_are_found_by_their_fingerprints(engine: Engine) -> None:
    marks = [bytes([0, 39, 37, 58, *range(12)]), bytes(range(240, 256)), bytes(16)]
    with engine.connect() as conn:
        conn.execute(insert(child), [{"name": "甲", "county_code": "359901", "id_mac": mark} for mark in marks])
        found = select(child.c.id_mac).where(among_marks(child.c.id_mac, [marks[0], marks[1], b"\x01" * 16]))
        assert sorted(conn.execute(found).scalars()) == sorted(marks[:2])
        assert conn.execute(select(child.c.id).where(among_marks(child.c.id_mac, [marks[2]]))).scalars().all() != []
        assert conn.execute(select(child.c.id).where(among_marks(child.c.id_mac, []))).all() == []


def test_an_index_answers(engine: Engine) -> None:
    """On SQLite `x IN (...) = 1`, as conditions are written there by themselves, would read the whole table."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as conn:
            for clause in (among(child.c.id, [1]), among_marks(child.c.id_mac, [bytes(16)])):
                query = select(child.c.name).where(child.c.county_code == "359901", clause)
                told = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
                plan = " ".join(row.detail for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}"))
                assert "SCAN child" not in plan
                assert "SEARCH child" in plan
