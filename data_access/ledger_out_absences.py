"""The absences by child, L20, as they leave: those of the filter's school year up to the as-of day."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from data_access.ledger_lines import read_lines
from data_access.ledger_out_children import Values, in_blocks, read_identities
from data_access.ledger_says import says_absence
from data_access.schema import absence_day, child_place
from data_access.scoped import day_of, in_scope, on, place_filter
from data_access.secrets import Cipher
from domain.case_filter import CaseFilter
from domain.school_year import Period, school_year_of
from domain.scope import Scope


def iterate_absences(conn: Connection, scope: Scope, chosen: CaseFilter, cipher: Cipher) -> Iterator[Values]:
    """L20: by day and child, of the children in scope and filter on the as-of day."""
    day, lines, away = day_of(chosen), read_lines(conn, cipher, "L20"), absence_day.c
    period = chosen.period or Period(school_year_of(day))
    here = select(child_place.c.child_id).where(
        in_scope(scope, child_place), on(child_place, day), place_filter(chosen, child_place)
    )
    query = select(absence_day).where(away.child_id.in_(here), away.on_date.between(period.starts, min(day, period.ends)))
    for block in in_blocks(conn.execute(query.order_by(away.on_date, away.child_id)).all()):
        known = read_identities(conn, scope, cipher, day, (row.child_id for row in block))
        for row in block:
            yield {**known.get(row.child_id, {}), **says_absence(row._mapping), **lines.get(f"absence:{row.id}", {})}
