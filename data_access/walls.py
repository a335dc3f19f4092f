"""The one way to read rows about children: through a connection on which the database itself shows only the scope's.

Queries put the scope first as ever; the wall holds when one forgets to. What lies inside is written down in
data_access.walled_tables: a child belongs to everywhere it lives, is registered or goes to school, now or before, so that
an area keeps seeing on earlier days whom it saw then.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from data_access.engine import WALL, business_date
from data_access.walls_postgres import settings_of
from data_access.walls_sqlite import SCOPE, readers
from domain.errors import ScopeError
from domain.scope import Scope


@contextmanager
def open_scoped(engine: Engine, scope: Scope) -> Iterator[Connection]:
    """A connection that reads nothing outside `scope` and writes nothing at all.

    Raises ScopeError scope.empty for whatever is no scope, scope.expired after the last day of a time-boxed one.
    """
    if not isinstance(scope, Scope):
        raise ScopeError("scope.empty")
    embedded = engine.dialect.name == "sqlite"
    chosen = {SCOPE: scope} if embedded else {WALL: settings_of(scope)}
    with (readers(engine) if embedded else engine).connect().execution_options(**chosen) as conn:
        if scope.until is not None and scope.until < business_date(conn):
            raise ScopeError("scope.expired")
        yield conn
