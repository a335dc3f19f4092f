"""The ledgers of movements: L8 and, for hosted study with its three papers, L14."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from data_access.ledger_lines import read_lines
from data_access.ledger_out_children import Values, in_blocks, read_identities
from data_access.ledger_says import says_hosted, says_movement
from data_access.schema import child_place, movement_event, paper, school
from data_access.scoped import day_of, in_scope, place_filter
from data_access.secrets import Cipher
from domain.case_filter import CaseFilter
from domain.ledger_words import MOVEMENTS
from domain.movements import Movement
from domain.scope import Scope


def iterate_movements(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L8: the movements of the period up to the as-of day, of the kinds that the ledger knows."""
    lines, names = read_lines(conn, cipher, "L8"), _school_names(conn)
    here: list[ColumnElement[bool]] = [movement_event.c.kind.in_([kind.value for kind in MOVEMENTS.values()])]
    if chosen.period:
        here.append(movement_event.c.on_date >= chosen.period.starts)
    for row, who, papers in _moves(conn, scope, chosen, cipher, *here):
        said = says_movement(row._mapping, papers, names.get(row.from_school), names.get(row.to_school))
        yield {**who, **said, **lines.get(f"movement:{row.id}", {})}


def iterate_hosted(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L14: the hosted study that is not over on the as-of day."""
    lines, names, day = read_lines(conn, cipher, "L14"), _school_names(conn), day_of(chosen)
    move = movement_event.c
    lasting = and_(move.kind == Movement.HOSTED.value, move.ends_on.is_(None) | (move.ends_on >= day))
    for row, who, papers in _moves(conn, scope, chosen, cipher, lasting):
        yield {**who, **says_hosted(row._mapping, papers, names.get(row.to_school)), **lines.get(f"hosted:{row.id}", {})}


def _school_names(conn: Connection) -> dict[str, str]:
    return {row.code: row.name for row in conn.execute(select(school.c.code, school.c.name))}


def _moves(
    conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher, *where: ColumnElement[bool]
) -> Iterator[tuple[Any, dict[str, object], dict[str, date | None]]]:
    """Movements of children that stand or stood in the scope, with identity block and the papers held on the as-of day."""
    day, move = day_of(chosen), movement_event.c
    children = select(child_place.c.child_id).where(in_scope(scope, child_place), place_filter(chosen, child_place))
    query = select(movement_event).where(move.child_id.in_(children), move.on_date <= day, *where)
    for block in in_blocks(conn.execute(query.order_by(move.on_date, move.id)).all()):
        known = read_identities(conn, scope, cipher, day, (row.child_id for row in block))
        papers = _papers(conn, [row.id for row in block], day)
        for row in block:
            yield row, {k: v for k, v in known.get(row.child_id, {}).items() if k != "stage"}, papers[row.id]


def _papers(conn: Connection, moves: list[int], day: date) -> defaultdict[int, dict[str, date | None]]:
    found: defaultdict[int, dict[str, date | None]] = defaultdict(dict)
    held = paper.c.valid_to.is_(None) | (paper.c.valid_to > day)
    query = select(paper.c.movement_id, paper.c.kind, paper.c.dated_on).where(paper.c.movement_id.in_(moves), held)
    for movement_id, kind, dated in conn.execute(query):
        found[movement_id][kind] = dated
    return found
