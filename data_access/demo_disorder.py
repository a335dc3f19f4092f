"""What the contradictions of the demo are put into: the rows made so far, and children and cases nothing was done to yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, update

from data_access.demo_care import Care
from data_access.demo_case_life import CaseLife
from data_access.demo_groups import Groups
from data_access.demo_moves import Moves
from data_access.demo_numbers import Numbers
from data_access.demo_people import PRIMARY_YEARS, Children, Standing
from data_access.demo_world import World
from data_access.schema import child, class_baseline, school_class
from domain.cases import CaseStatus, Outcome


@dataclass
class Disorder:
    """What the kinds of contradiction are put into. `changes`: rows to be changed once they are written."""

    world: World
    children: Children
    numbers: Numbers
    moves: Moves
    care: Care
    cases: dict[int, CaseLife]
    groups: Groups
    plain: Iterator[int] = field(default_factory=lambda: iter(()))
    changes: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        ordinary = (self.children.standing == Standing.PUPIL) & ~self.children.outside & (self.numbers.letter == "G")
        ordinary &= self.children.grade <= PRIMARY_YEARS
        self.plain = iter(self.children.take(self.world.rng("contradictions"), ordinary & (self.children.point < 0), 24))

    def open_case(self, status: CaseStatus) -> tuple[int, CaseLife]:
        """The next open case that now has this status and is not used yet."""
        for number, life in self.cases.items():
            if life.closed is None and life.relapse_of is None and life.steps[-1].status is status and self._unused(life.child):
                return number, life
        raise LookupError(status)

    def closed_case(self, outcome: Outcome) -> tuple[int, CaseLife]:
        """The next closed case with this outcome that is not used yet."""
        found = ((number, life) for number, life in self.cases.items() if life.outcome is outcome)
        return next((number, life) for number, life in found if self._unused(life.child))

    def _unused(self, at: int) -> bool:
        fresh = at not in self.used
        self.used.add(at)
        return fresh

    def uncounted(self, school_code: str, stage: str, entry: int, class_no: int = 1) -> None:
        """Note that somebody came to a class, or went, without a movement (R170)."""
        its = {"school_code": school_code, "stage": stage, "entry_year": entry, "class_no": class_no}
        classes = [row["id"] for row in self.world.book.rows(school_class) if its.items() <= row.items()]
        found = [row["id"] for row in self.world.book.rows(class_baseline) if row["class_id"] in classes]
        if found:
            self.world.contradict("class_headcount", "class_baseline", *found)

    def change(self, at: int, **values: Any) -> None:
        """Change the child's own row."""
        self.changes.append((at + 1, values))

    def identity(self, id_no: str | None, registry_no: str | None) -> dict[str, bytes | None]:
        """The identifier columns of a child."""
        cipher = self.world.cipher
        return {
            "id_no": cipher.seal(id_no),
            "id_mac": cipher.mac(id_no),
            "registry_no": cipher.seal(registry_no),
            "registry_mac": cipher.mac(registry_no),
        }


def correct_children(conn: Connection, disorder: Disorder) -> None:
    """Change the children's rows that were written as if nothing were wrong."""
    for number, values in disorder.changes:
        conn.execute(update(child).where(child.c.id == number).values(**values))
