"""Filters that a user keeps under a name. The name stays in the database: an address holds the filter alone."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, Connection, Engine, delete, select, update

from data_access import audit
from data_access.schema import now, saved_view
from data_access.writing import insert_row, write
from domain.case_entries import require_text
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.scope import Scope
from domain.view_state import ViewState

LONGEST_NAME = 40
MOST = 50  # views of one user on one page


@dataclass(frozen=True)
class SavedView:
    """One kept view: the keys and values its address has, the language left out."""

    name: str
    query: dict[str, str]


def list_views(conn: Connection, scope: Scope, page: str) -> list[SavedView]:
    """The views that the one who looks keeps for a page, by name."""
    mine = (saved_view.c.user == scope.user) & (saved_view.c.page == page)
    rows = conn.execute(select(saved_view).where(mine).order_by(saved_view.c.name))
    return [SavedView(row.name, dict(parse_qsl(row.query))) for row in rows]


def save_view(engine: Engine, scope: Scope, page: str, name: str, chosen: CaseFilter, view: ViewState) -> bool:
    """Keep a filter and its order under a name; True when one of that name was there and has been replaced.

    Raises ProblemError record.text_missing, record.too_long, view.too_many.
    """
    name = name.strip()
    require_text("name", name, LONGEST_NAME)
    query = urlencode(chosen.to_query() | ViewState(sort=view.sort, layer=view.layer, measure=view.measure).to_query())
    with write(engine, county_of(scope)) as conn:
        known = {one.name for one in list_views(conn, scope, page)}
        if name in known:
            conn.execute(update(saved_view).where(_one(scope, page, name)).values(query=query, saved_at=now()))
        elif len(known) >= MOST:
            raise ProblemError("view.too_many", most=MOST)
        else:
            insert_row(conn, saved_view, user=scope.user, page=page, name=name, query=query)
        audit.record(engine, scope, "view.save", filter_text=query)
    return name in known


def drop_view(engine: Engine, scope: Scope, page: str, name: str) -> None:
    """Forget a view of one's own."""
    with write(engine, county_of(scope)) as conn:
        conn.execute(delete(saved_view).where(_one(scope, page, name)))
        audit.record(engine, scope, "view.drop", filter_text=page)


def _one(scope: Scope, page: str, name: str) -> ColumnElement[bool]:
    return (saved_view.c.user == scope.user) & (saved_view.c.page == page) & (saved_view.c.name == name)


def county_of(scope: Scope) -> str:
    """Under which lock a write of one's own goes."""
    return (scope.areas or scope.schools)[0][:6]
