"""Doubtful matches: rows that may be a known child, for a person to decide; a decision can be taken back."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from data_access import audit
from data_access.chunks import chunks
from data_access.matches import county_of_child, find_merge, merge_children, part_children
from data_access.schema import child, child_place, match_review, now, school
from data_access.scoped import on
from data_access.secrets import Cipher
from data_access.walls import open_scoped
from data_access.writing import write
from domain.errors import ProblemError
from domain.grades import Stage, grade_of
from domain.masking import PiiKind, mask
from domain.school_year import school_year_of
from domain.scope import Scope, Write

TWO_RECORDS = "two_children"  # the kind of doubt that ends in a merge
MOST_DECISIONS = 20
REVIEWS = select(match_review, school.c.name.label("elsewhere")).outerjoin(school, school.c.code == match_review.c.school_code)


@dataclass(frozen=True)
class KnownAs:
    """A known child that a row may be, masked as the role demands: what tells it from a child of the same name."""

    child_id: int
    name: str
    sex: str | None
    born: int | None  # year
    school: str | None
    grade: int | None
    class_no: int | None


@dataclass(frozen=True)
class Review:
    """A row that may be a known child: why it is doubtful, how the row names the child, and whom it may be.

    `elsewhere`: the other school, where the doubt is about two. `decided` is same or other, once a person has said so.
    """

    id: int
    kind: str
    child_id: int
    other_id: int | None
    said: str
    known: tuple[KnownAs, ...]
    file_name: str
    row_no: int | None
    found_at: datetime
    elsewhere: str | None = None
    decided: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


def read_reviews(engine: Engine, cipher: Cipher, scope: Scope, day: date) -> list[Review]:
    """The doubts that nobody has decided yet about children in the scope, the oldest first; grades are those of `day`."""
    scope.require(Write.IMPORT)
    with open_scoped(engine, scope) as conn:
        open_ones = REVIEWS.where(match_review.c.decided.is_(None)).order_by(match_review.c.id)
        return _reviews(conn, cipher, scope, day, conn.execute(open_ones).all())


def read_decisions(engine: Engine, cipher: Cipher, scope: Scope, day: date) -> list[Review]:
    """The latest doubts that were decided, the last first."""
    scope.require(Write.IMPORT)
    with open_scoped(engine, scope) as conn:
        decided = REVIEWS.where(match_review.c.decided.is_not(None))
        latest = decided.order_by(match_review.c.decided_at.desc(), match_review.c.id.desc()).limit(MOST_DECISIONS)
        return _reviews(conn, cipher, scope, day, conn.execute(latest).all())


def _reviews(conn: Connection, cipher: Cipher, scope: Scope, day: date, rows: Any) -> list[Review]:
    children = _known_children(conn, scope, day, {key for row in rows for key in (row.child_id, row.other_id) if key})
    return [_review(row, cipher, scope, children) for row in rows]


def _review(row: Any, cipher: Cipher, scope: Scope, children: dict[int, KnownAs]) -> Review:
    told = json.loads(cipher.unseal(row.content) or "{}")
    name = str(told.pop("student_name", ""))
    told.pop("guardian", None)
    said = " · ".join([_shown(name, scope), *(str(value) for value in told.values())])
    known = tuple(children[key] for key in (row.child_id, row.other_id) if key in children)
    elsewhere = row.elsewhere if row.kind == "two_schools" else None
    decided = row.decided, row.decided_by, row.decided_at
    place = row.file_name or "", row.row_no, row.found_at
    return Review(row.id, row.kind, row.child_id, row.other_id, said, known, *place, elsewhere, *decided)


def _shown(name: str, scope: Scope) -> str:
    return name if scope.sees_names else str(mask(name, PiiKind.NAME))


def _known_children(conn: Connection, scope: Scope, day: date, wanted: set[int]) -> dict[int, KnownAs]:
    place = child_place.c
    query = (
        select(child.c.id, child.c.name, child.c.sex, child.c.birth_date, school.c.name.label("school"))
        .add_columns(place.stage, place.entry_year, place.class_no)
        .select_from(child)
        .outerjoin(child_place, (place.child_id == child.c.id) & on(child_place, day))
        .outerjoin(school, school.c.code == place.school_code)
    )
    parts = chunks(sorted(wanted))
    return {row.id: _known_as(row, scope, day) for part in parts for row in conn.execute(query.where(child.c.id.in_(part)))}


def _known_as(row: Any, scope: Scope, day: date) -> KnownAs:
    grade = grade_of(row.entry_year, Stage(row.stage), school_year_of(day)) if row.stage and row.entry_year else None
    born = row.birth_date.year if row.birth_date else None
    return KnownAs(row.id, _shown(row.name, scope), row.sex, born, row.school, grade, row.class_no)


def decide(engine: Engine, cipher: Cipher, scope: Scope, review_id: int, *, same: bool) -> None:
    """Say whether a doubtful row is that child: the next import of the row goes by it. Two records that are one are merged.

    Raises ProblemError match.unknown for a doubt that is not there, not in the scope, or decided.
    """
    found = _find(engine, scope, review_id, decided=False)
    if same and found.kind == TWO_RECORDS and found.other_id:
        merge_children(engine, scope, found.child_id, found.other_id)
    told = {"decided": "same" if same else "other", "decided_by": scope.user, "decided_at": now()}
    _keep(engine, found, told)
    audit.record(engine, scope, "decide_match", filter_text=f"{review_id} {told['decided']}", row_ids=[found.child_id])


def take_decision_back(engine: Engine, scope: Scope, review_id: int) -> None:
    """The doubt is open again, and two records that were merged for it are parted; what was imported since stays.

    Raises ProblemError match.unknown for a doubt that is not there, not in the scope, or not decided.
    """
    found = _find(engine, scope, review_id, decided=True)
    if merge := _merge_of(engine, found):
        part_children(engine, scope, merge)
    _keep(engine, found, dict.fromkeys(("decided", "decided_by", "decided_at")))
    audit.record(engine, scope, "reopen_match", filter_text=str(review_id), row_ids=[found.child_id])


def _find(engine: Engine, scope: Scope, review_id: int, *, decided: bool) -> Any:
    scope.require(Write.IMPORT)
    with open_scoped(engine, scope) as conn:
        found = conn.execute(select(match_review).where(match_review.c.id == review_id)).first()
    if found is None or (found.decided is not None) is not decided:
        raise ProblemError("match.unknown", number=review_id)
    return found


def _merge_of(engine: Engine, review: Any) -> int | None:
    if review.kind != TWO_RECORDS or review.decided != "same":
        return None
    return find_merge(engine, review.child_id, review.other_id)


def _keep(engine: Engine, review: Any, told: dict[str, Any]) -> None:
    with write(engine, county_of_child(engine, review.child_id)) as conn:
        conn.execute(update(match_review).where(match_review.c.id == review.id).values(told))
