"""The exam list of grade 9, L18, as it leaves: the year groups of the filter's school year and of the one before."""

from collections.abc import Iterator

from sqlalchemy import Connection, and_, select

from data_access.ledger_lines import read_lines
from data_access.ledger_out_children import Values, in_blocks, read_identities
from data_access.ledger_says import says_exam
from data_access.schema import child_place, exam_entry, exam_sitting
from data_access.scoped import day_of, in_scope, place_filter
from data_access.secrets import Cipher
from domain.case_filter import CaseFilter
from domain.school_year import school_year_of
from domain.scope import Scope


def iterate_exam(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L18: who was on the lists up to the as-of day; children who have left since stand where they stood."""
    day, lines = day_of(chosen), read_lines(conn, cipher, "L18")
    year = chosen.period.school_year if chosen.period else school_year_of(day)
    entry, sitting = exam_entry.c, exam_sitting.c
    children = select(child_place.c.child_id).where(in_scope(scope, child_place), place_filter(chosen, child_place))
    sat = and_(sitting.child_id == entry.child_id, sitting.school_year == entry.school_year, sitting.on_date <= day)
    query = select(entry.id, entry.child_id, sitting.on_date, sitting.sat).outerjoin(exam_sitting, sat)
    query = query.where(entry.child_id.in_(children), entry.listed_on <= day, entry.school_year.in_((year, year - 1)))
    for block in in_blocks(conn.execute(query.order_by(entry.school_year, entry.id)).all()):
        known = read_identities(conn, scope, cipher, day, (row.child_id for row in block))
        for row in block:
            yield {**known.get(row.child_id, {}), **says_exam(row.on_date, row.sat), **lines.get(f"exam:{row.id}", {})}
