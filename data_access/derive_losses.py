"""loss_spell: every child out of school, from the day it was lost to the day it was back or its papers were complete."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select
from sqlalchemy.orm import aliased

from data_access.chunks import chunks, only
from data_access.engine import business_date
from data_access.schema import OPEN_END, case_file, case_interval, child_place, enrolment_spell, loss_spell, movement_event, paper
from domain.cases import CaseStatus, Outcome
from domain.grades import Stage
from domain.movements import COMPONENTS, PAPERS_DECIDING, Movement, Paper
from domain.rate_families import COEFFICIENTS, RateFamily
from domain.school_year import school_year_of

LOST = frozenset(
    COEFFICIENTS[RateFamily.SEED]
)  # the kinds that count a child as lost; the others are movements with their papers
PRECEDENCE = (
    "dropped_out",
    "expelled",
    "other_loss",
    "unproven_transfer",
    "suspended_unapproved",
    "hosted_missing_papers",
    "transition_loss",
)
CENSUS = timedelta(days=14)  # R042: a graduate not found in grade 7 counts as lost after the first two weeks of the year
RETURNS = frozenset(
    {"dropped_out", "other_loss", "suspended_unapproved"}
)  # an end of these is a return; of the others, a paper that came
NOT_BACK = frozenset(outcome.value for outcome in (Outcome.DIED, Outcome.ABROAD, Outcome.SUSPENDED, Outcome.DEFERRED))


def lost_before(child_id: ColumnElement[Any], day: date) -> ColumnElement[bool]:
    """Children who were lost already when a day began, read from the losses: they are few, and the children are many."""
    loss = loss_spell.c
    return child_id.in_(select(loss.child_id).where(loss.kind.in_(LOST), loss.valid_from < day, loss.valid_to > day))


@dataclass(frozen=True)
class Loss:
    """A child lost, or moved with papers, over [valid_from, valid_to): a row of loss_spell."""

    child_id: int
    school_code: str
    stage: str
    kind: str
    valid_from: date
    valid_to: date = OPEN_END
    case_id: int | None = None
    movement_id: int | None = None
    back_until: date | None = None
    ends_in_school: bool = True  # of a dropout: its end is a way back to lessons, not a death or a paper that excuses

    @property
    def school_year(self) -> int:
        """The year in which the child was lost; a graduate lost on the way to junior school belongs to its last primary year."""
        return school_year_of(self.valid_from - CENSUS - timedelta(days=1) if self.kind == "transition_loss" else self.valid_from)


def rebuild_losses(conn: Connection, children: Collection[int] | None = None) -> None:
    """Write loss_spell anew, for all children or for some. A child counts in one losing kind at a time (PRECEDENCE)."""
    parts: Iterable[list[int] | None] = [None] if children is None else chunks(children)
    for part in parts:
        conn.execute(only(delete(loss_spell), loss_spell.c.child_id, part))
        found: defaultdict[int, list[Loss]] = defaultdict(list)
        for loss in (*_dropouts(conn, part), *_movements(conn, part), *_transitions(conn, part)):
            found[loss.child_id].append(loss)
        settled = (settle(losses) for losses in found.values())
        rows = [_row(loss) for losses in settled for loss in (*losses, *resumptions(losses))]
        if rows:
            conn.execute(insert(loss_spell), rows)


def _row(loss: Loss) -> dict[str, Any]:
    told = {**loss.__dict__, "school_year": loss.school_year}
    del told["ends_in_school"]
    return told


def _dropouts(conn: Connection, part: list[int] | None) -> Iterator[Loss]:
    """Cases: lost from the first day as dropout or under persuasion until the return, or the day papers closed the case."""
    spans, files = case_interval.c, case_file.c
    lost_from = func.min(spans.valid_from).filter(spans.status.in_([CaseStatus.DROPOUT.value, CaseStatus.PERSUASION.value]))
    back_on = func.min(spans.valid_from).filter(spans.status == CaseStatus.RETURNED.value)
    by_case = select(spans.case_id, lost_from.label("lost_from"), back_on.label("back_on")).group_by(spans.case_id)
    dates = only(by_case, spans.child_id, part).subquery()
    chosen = (
        select(
            files.id,
            files.child_id,
            dates.c.lost_from,
            dates.c.back_on,
            files.closed_on,
            files.outcome,
            child_place.c.school_code,
            child_place.c.stage,
            files.school_code.label("own_school"),
            files.stage.label("own_stage"),
        )
        .join_from(case_file, dates, and_(dates.c.case_id == files.id, dates.c.lost_from.is_not(None)))
        .outerjoin(child_place, _placed(files.child_id, dates.c.lost_from))
    )
    for row in conn.execute(chosen):
        school_code, stage = row.school_code or row.own_school, row.stage or row.own_stage
        if school_code and stage:
            is_back = bool(row.back_on) or row.outcome not in NOT_BACK
            lost = Loss(row.child_id, school_code, stage, "dropped_out", row.lost_from, _dropout_end(row), case_id=row.id)
            yield replace(lost, ends_in_school=is_back)


def _placed(child_id: Any, day: Any) -> Any:
    return and_(child_place.c.child_id == child_id, child_place.c.valid_from <= day, child_place.c.valid_to > day)


def _dropout_end(row: Any) -> date:
    if row.back_on:
        return row.back_on  # type: ignore[no-any-return]
    return OPEN_END if row.closed_on is None or row.outcome == Outcome.AGED_OUT.value else row.closed_on


def _movements(conn: Connection, part: list[int] | None) -> Iterator[Loss]:
    move = movement_event.c
    chosen = select(movement_event, child_place.c.school_code, child_place.c.stage.label("place_stage")).outerjoin(
        child_place, _placed(move.child_id, move.on_date)
    )
    chosen = only(chosen, move.child_id, part).where(
        move.kind.in_([kind.value for kind in COMPONENTS if kind is not Movement.DROPOUT])
    )
    papers = _papers(conn, part)
    resumed = _resumptions(conn, part)
    for row in conn.execute(chosen):
        school_code = row.to_school if row.kind == Movement.TRANSFER_IN.value else row.from_school
        place = (school_code or row.school_code, row.stage or row.place_stage)
        if all(place):
            yield from movement_losses(row, place, papers.get(row.id, ()), resumed.get(row.child_id, ()))


def _papers(conn: Connection, part: list[int] | None) -> dict[int, list[tuple[str, date, date]]]:
    found: defaultdict[int, list[tuple[str, date, date]]] = defaultdict(list)
    chosen = select(paper.c.movement_id, paper.c.kind, paper.c.dated_on, paper.c.valid_to).where(paper.c.movement_id.is_not(None))
    for row in conn.execute(only(chosen, paper.c.child_id, part)):
        found[row.movement_id].append((row.kind, row.dated_on or date.min, row.valid_to or OPEN_END))
    return found


def _resumptions(conn: Connection, part: list[int] | None) -> dict[int, list[date]]:
    found: defaultdict[int, list[date]] = defaultdict(list)
    chosen = select(movement_event.c.child_id, movement_event.c.on_date).where(movement_event.c.kind == Movement.RESUMPTION.value)
    for row in conn.execute(only(chosen, movement_event.c.child_id, part)):
        found[row.child_id].append(row.on_date)
    return found


def movement_losses(
    move: Any, place: tuple[str, str], papers: Sequence[tuple[str, date, date]], resumed: Collection[date]
) -> Iterator[Loss]:
    """The spells of one movement: unproven until every deciding paper is there, then proven; both end with the movement.

    `move`: a row of movement_event; `papers`: (kind, dated on, valid to). A suspension past its end without resumption has
    no approval any more (R192), hosted study past its papers' validity none either (R190).
    """
    kind = Movement(move.kind)
    proven, unproven = COMPONENTS[kind]
    ends = (
        min((day for day in resumed if day > move.on_date), default=OPEN_END)
        if kind in {Movement.SUSPENSION, Movement.HOSTED}
        else OPEN_END
    )
    complete, lapses = _proof(kind, move, papers)
    cuts = [move.on_date, min(max(complete, move.on_date), ends), min(max(lapses, move.on_date), ends), ends]
    for (begins, until), name in zip(pairwise(cuts), (unproven, proven, unproven), strict=True):
        if name and begins < until:
            yield Loss(move.child_id, *place, name, begins, until, movement_id=move.id)


def _proof(kind: Movement, move: Any, papers: Sequence[tuple[str, date, date]]) -> tuple[date, date]:
    """From when and until when every deciding paper is held."""
    held = {name: (dated, until) for name, dated, until in papers}
    if move.approved_on or move.approval_no:  # a number without its day: from the movement's own
        held.setdefault(Paper.SUSPENSION_APPROVAL.value, (move.approved_on or move.on_date, OPEN_END))
    if move.matched_on and kind is Movement.TRANSFER_OUT:
        held.setdefault(Paper.TRANSFER_CERTIFICATE.value, (move.matched_on, OPEN_END))
    dates = [held.get(needed.value, (OPEN_END, OPEN_END)) for needed in PAPERS_DECIDING.get(kind, ())]
    complete = max((dated for dated, _ in dates), default=date.min)
    lapses = min((until for _, until in dates), default=OPEN_END)
    return complete, min(lapses, move.ends_on or OPEN_END)


def _transitions(conn: Connection, part: list[int] | None) -> Iterator[Loss]:
    """Primary graduates in no junior school when the census of weeks 1-2 is over, unless they left before with a movement.

    Only of years that have ended: before, nobody can have been found anywhere yet.
    """
    last, junior = enrolment_spell, aliased(enrolment_spell, name="junior")
    next_start = (
        select(func.min(junior.c.valid_from))
        .where(junior.c.child_id == last.c.child_id, junior.c.stage == Stage.JUNIOR.value)
        .scalar_subquery()
    )
    chosen = select(last.c.child_id, last.c.school_code, last.c.graduates_on, next_start.label("next_start")).where(
        last.c.stage == Stage.PRIMARY.value,
        last.c.graduates_on <= business_date(conn),
        last.c.valid_to >= last.c.graduates_on,
        or_(next_start.is_(None), next_start > last.c.graduates_on),
    )
    for row in conn.execute(only(chosen, last.c.child_id, part)):
        begins, ends = row.graduates_on + CENSUS, row.next_start or OPEN_END
        if begins < ends:
            yield Loss(row.child_id, row.school_code, Stage.PRIMARY.value, "transition_loss", begins, ends)


def settle(losses: Sequence[Loss]) -> list[Loss]:
    """The losses of one child with overlaps of losing kinds resolved by PRECEDENCE, and returns marked until lost again."""
    free = [loss for loss in losses if loss.kind not in PRECEDENCE]
    taken: list[Loss] = []
    for loss in sorted(
        (one for one in losses if one.kind in PRECEDENCE), key=lambda one: (PRECEDENCE.index(one.kind), one.valid_from)
    ):
        taken += _outside(loss, taken)
    return free + _mark_returns(sorted(taken, key=lambda one: one.valid_from))


def _outside(loss: Loss, taken: Sequence[Loss]) -> list[Loss]:
    pieces = [loss]
    for other in taken:
        pieces = [
            replace(piece, valid_from=begins, valid_to=ends)
            for piece in pieces
            for begins, ends in (
                (piece.valid_from, min(piece.valid_to, other.valid_from)),
                (max(piece.valid_from, other.valid_to), piece.valid_to),
            )
            if begins < ends
        ]
    return pieces


def resumptions(losses: Sequence[Loss]) -> Iterator[Loss]:
    """An arrival for each loss of an earlier school year that ended with the child back in school (two_basics).

    The end of an approved suspension is one unless the child is lost from that very day.
    """
    begins = {loss.valid_from for loss in losses}
    for loss in losses:
        ended = loss.kind == "suspended_approved" and loss.valid_to < OPEN_END and loss.valid_to not in begins
        if (ended or loss.back_until) and school_year_of(loss.valid_to) > loss.school_year:
            yield replace(loss, kind="resumed", valid_from=loss.valid_to, valid_to=OPEN_END, back_until=None)


def _mark_returns(losses: list[Loss]) -> list[Loss]:
    marked = []
    for number, loss in enumerate(losses):
        again = [other.valid_from for other in losses[number + 1 :] if other.school_year == loss.school_year]
        following = again[0] if again else OPEN_END
        is_return = loss.kind in RETURNS and loss.ends_in_school and loss.valid_to < OPEN_END and following > loss.valid_to
        marked.append(replace(loss, back_until=following) if is_return else loss)
    return marked
