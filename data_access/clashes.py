"""Looks for contradictions: every rule over the facts of its kind, on one processor or on two."""

from collections.abc import Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from os import cpu_count
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from data_access.check_look import Look
from data_access.check_sources import OF_CHILDREN, SOURCES
from data_access.engine import WALL, business_date, open_engine
from data_access.schema import child
from data_access.secrets import Cipher
from data_access.walls_postgres import settings_for
from domain.check_facts import Answer, ListFacts
from domain.check_list import rules_for
from domain.checks import Rule, Side

MUCH = 100_000  # children from which two processes are faster than one


@dataclass(frozen=True)
class Clash:
    """Two records that disagree: the rule, its two sides, and the child or unit concerned."""

    rule: str
    left: Side
    right: Side
    child_id: int | None
    other_id: int | None
    unit: str | None
    answer: Answer | None = None  # what became of the child, where a ledger says so already

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same one tomorrow."""
        return self.rule, self.left.record, self.right.record


def find_clashes(look: Look, rules: Collection[str] = (), kinds: Collection[type] = SOURCES) -> Iterator[Clash]:
    """Every contradiction among the records looked at, by the rules named, by all when none is, on these kinds of facts."""
    for kind in kinds:
        wanted = [rule for rule in rules_for(kind) if not rules or rule.code in rules]
        if wanted:
            yield from judge_all(look, wanted, SOURCES[kind](look))


def judge_all(look: Look, rules: Collection[Rule], every: Iterator[Any]) -> Iterator[Clash]:
    """The contradictions among facts of one kind."""
    judges = [(rule.code, rule.judge) for rule in rules]
    day = look.day
    for facts in every:
        for code, judge in judges:
            if sides := judge(facts, day):
                answer = facts.answer if isinstance(facts, ListFacts) else None
                yield Clash(code, *sides, facts.child_id, facts.other_id, facts.unit, answer)


def open_all(engine: Engine) -> Connection:
    """A connection that sees every county: the rules set records of all of them against each other."""
    return engine.connect().execution_options(**{WALL: settings_for(None)})


def is_much(conn: Connection) -> bool:
    """Whether a second process saves more than it takes to start."""
    return (cpu_count() or 1) > 1 and (conn.execute(select(func.max(child.c.id))).scalar() or 0) >= MUCH


def find_in_two(engine: Engine, look: Look) -> list[Clash]:
    """The same contradictions in the same order; those among children's own records are looked for in a second process.

    Where none can be started, or it is killed, the first looks for all of them.
    """
    url, cipher = engine.url.render_as_string(hide_password=False), look.cipher
    with suppress(OSError, BrokenProcessPool), ProcessPoolExecutor(1, mp_context=get_context("spawn")) as second:
        of_children = second.submit(_find_of_children, url, cipher.mac_key, cipher.keys)
        others = list(find_clashes(look, kinds=[kind for kind in SOURCES if kind not in OF_CHILDREN]))
        return [*of_children.result(), *others]
    return list(find_clashes(look))


def _find_of_children(url: str, mac_key: bytes, keys: dict[int, bytes]) -> list[Clash]:
    engine = open_engine(url)
    with open_all(engine) as conn:
        found = list(find_clashes(Look(conn, Cipher(mac_key, keys), business_date(conn)), kinds=OF_CHILDREN))
    engine.dispose()
    return found
