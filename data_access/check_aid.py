"""The facts of the three lists that decide who is aided: registry, poverty list, list of aid (R187)."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, exists, select

from data_access.check_look import Look
from data_access.derive_losses import LOST
from data_access.schema import aid, child, enrolment_spell, group_spell, loss_spell
from domain.check_facts import AidFacts
from domain.groups import Aid, Group

LIVING = (Aid.GRANT.value, Aid.BOARDING_AID.value)


def read_aid(look: Look) -> Iterator[AidFacts]:
    """Poor pupils without living aid, of counties that have any list of it; and those aided who stand on no register."""
    yield from _poor_unaided(look)
    yield from _aided_off_register(look)


def _registered(look: Look, child_id: ColumnElement[int]) -> ColumnElement[bool]:
    spell = enrolment_spell.c
    return exists().where(spell.child_id == child_id, look.on(enrolment_spell), spell.graduates_on > look.day)


def _poor_unaided(look: Look) -> Iterator[AidFacts]:
    poor = group_spell.c
    counties = select(child.c.county_code).join(aid, aid.c.child_id == child.c.id).distinct()
    listed = look.conn.execute(counties.where(aid.c.kind.in_(LIVING), look.on(aid))).scalars().all()
    aided = exists().where(aid.c.child_id == poor.child_id, aid.c.kind.in_(LIVING), look.on(aid))
    lost = exists().where(loss_spell.c.child_id == poor.child_id, loss_spell.c.kind.in_(LOST), look.on(loss_spell))
    query = select(poor.child_id).join(child, child.c.id == poor.child_id).distinct()
    query = query.where(poor.group_name == Group.POOR.value, look.on(group_spell), child.c.county_code.in_(listed))
    for row in look.rows(query.where(_registered(look, poor.child_id), ~aided, ~lost), poor.child_id):
        yield AidFacts(row.child_id, is_poor=True, is_registered=True, aid="")


def _aided_off_register(look: Look) -> Iterator[AidFacts]:
    given = aid.c
    query = select(given.id, given.child_id, given.kind).where(given.kind.in_(LIVING), look.on(aid))
    for row in look.rows(query.where(~_registered(look, given.child_id)), given.child_id):
        yield AidFacts(row.child_id, is_poor=False, is_registered=False, aid=row.kind, record=f"aid:{row.id}")
