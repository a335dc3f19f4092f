"""Two processes find the contradictions that one finds, in the same order."""

import pytest
from sqlalchemy import Engine

from data_access import clashes
from data_access.check_look import Look
from data_access.check_sources import OF_CHILDREN, SOURCES
from data_access.clashes import find_clashes, find_in_two, is_much, open_all
from data_access.demo_plan import DEMO_DATE
from data_access.secrets import Cipher


def test_two_processes_find_what_one_finds(demo_engine: Engine, cipher: Cipher) -> None:
    with open_all(demo_engine) as conn:
        look = Look(conn, cipher, DEMO_DATE)
        alone = list(find_clashes(look))
        assert find_in_two(demo_engine, look) == alone
    assert {one.child_id is None for one in alone} == {True, False}


def test_without_a_second_process_the_first_finds_all(
    demo_engine: Engine, cipher: Cipher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no semaphores here")

    monkeypatch.setattr(clashes, "ProcessPoolExecutor", refuse)
    with open_all(demo_engine) as conn:
        look = Look(conn, cipher, DEMO_DATE)
        assert find_in_two(demo_engine, look) == list(find_clashes(look))


def test_the_second_process_has_the_first_kinds() -> None:
    """So that its contradictions come first, as they do where one process asks for all kinds."""
    assert tuple(SOURCES)[: len(OF_CHILDREN)] == OF_CHILDREN


@pytest.mark.parametrize(("processors", "much", "is_so"), [(2, 1, True), (1, 1, False), (2, 10**9, False)])
def test_it_starts_where_it_saves_time(
    demo_engine: Engine, monkeypatch: pytest.MonkeyPatch, processors: int, much: int, is_so: bool
) -> None:
    monkeypatch.setattr(clashes, "cpu_count", lambda: processors)
    monkeypatch.setattr(clashes, "MUCH", much)
    with open_all(demo_engine) as conn:
        assert is_much(conn) is is_so
