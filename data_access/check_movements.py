"""The facts about movements and their papers for the contradiction rules."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from data_access.check_look import Look
from data_access.schema import enrolment_spell, movement_event, paper
from domain.check_facts import MoveFacts
from domain.movements import Movement

BACK = (Movement.RESUMPTION.value, Movement.TRANSFER_IN.value)


def read_moves(look: Look) -> Iterator[MoveFacts]:
    """Every movement with the papers held for it; `back_on` is a later return, transfer or end of the stage."""
    held: defaultdict[int, set[str]] = defaultdict(set)
    papers = select(paper.c.movement_id, paper.c.kind).where(paper.c.movement_id.is_not(None))
    for row in look.rows(papers, paper.c.child_id):
        held[row.movement_id].add(row.kind)
    move, later, spell = movement_event.c, aliased(movement_event), enrolment_spell.c
    back = select(func.min(later.c.on_date)).where(later.c.child_id == move.child_id, later.c.on_date > move.on_date)
    back = back.where(later.c.kind.in_((*BACK, Movement.TRANSFER_OUT.value)))
    again = select(func.min(spell.valid_from)).where(spell.child_id == move.child_id, spell.valid_from > move.on_date)
    query = select(
        move.id,
        move.child_id,
        move.kind,
        move.on_date,
        move.ends_on,
        func.coalesce(move.approved_on, case((move.approval_no.is_not(None), move.on_date))),
        move.matched_on,
        back.scalar_subquery().label("back_on"),
        again.scalar_subquery().label("enrolled_on"),
    )
    for row in look.rows(query, move.child_id):
        number, child_id, kind, on, ends_on, approved_on, matched_on, back_on, enrolled_on = row
        papers_held = frozenset(held.get(number, ()))
        yield MoveFacts(number, child_id, kind, on, ends_on, approved_on, matched_on, back_on or enrolled_on, papers_held)
