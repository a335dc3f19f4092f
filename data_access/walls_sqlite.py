"""The wall inside SQLite: read-only connections on which every table about children is a view of the scope's rows.

A temporary view of the same name stands before each walled table, so that queries stay as they are. An authorizer lets
nothing reach the table itself but the view, whose inner half has a name that no query can know.
"""

import re
import sqlite3
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, false, literal, or_, select
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.sql.elements import ColumnElement

from data_access.schema import SCHOOL_SIGN, child_scope, school
from data_access.scoped import begins_with, in_scope, school_in_scope
from data_access.walled_tables import HIDDEN, OPEN, Conditions, walled
from domain.errors import ScopeError
from domain.scope import Scope

SCOPE = "kongchuo_scope"  # execution option: whose rows a connection shows
READERS = 8  # connections at once; a read takes milliseconds
COUNTIES = (  # a version of fewer digits is that of a load for a whole prefecture, whose counties are among the areas
    "SELECT code FROM main.area WHERE level = 'county' "
    "UNION SELECT county_code FROM main.data_version WHERE length(county_code) = 6"
)
QUIET = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_RECURSIVE})
FORBIDDEN_FUNCTIONS = frozenset({"load_extension", "writefile", "readfile", "edit", "fts3_tokenizer"})
LISTED = "json_each"  # reads no table, only the list that a query is given
BEHIND = re.compile(r"\bmain\b", re.IGNORECASE)  # the schema of the tables; queries of ours name none
_readers: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()
_opening = Lock()


class Guard:
    """The authorizer of one connection: lets reads through the views, and nothing else."""

    def __init__(self) -> None:
        self.token = f"wall_{token_hex(8)}_"
        self.views: dict[str, str] = {}
        self.worn: tuple[object, ...] = ()
        self.is_dressing = True

    def __call__(self, action: int, one: str | None, two: str | None, database: str | None, source: str | None) -> int:
        """SQLITE_OK or SQLITE_DENY, asked while a statement is prepared.

        A read of no column is allowed but of hidden tables: SQLite reports one whenever it folds a view into the query around it.
        """
        if self.is_dressing or action in QUIET:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION and (two or "").lower() not in FORBIDDEN_FUNCTIONS:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and ((not two and one not in HIDDEN) or self._may_read(one or "", database, source)):
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    def _may_read(self, table: str, database: str | None, source: str | None) -> bool:
        if table in self.views:
            return database == "temp" or source == self.token + table
        if table in HIDDEN:
            return source is not None and source.startswith(self.token)
        if table.startswith(self.token):
            return source is not None and (source in self.views or source.startswith(self.token))
        return table in OPEN or table == LISTED

    def refuse(self, statement: str) -> None:
        """Raises ScopeError for a statement that names the tables behind the views, or the inner half of a view.

        What the authorizer cannot tell apart: rows counted without a column, and a common table expression named as a view.
        """
        if self.token in statement or BEHIND.search(statement):
            raise ScopeError("scope.empty")

    def dress(self, raw: sqlite3.Connection, scope: Scope) -> None:
        """Show this scope's rows from now on: only the views that differ are made anew, none for whoever looked last."""
        self.is_dressing = True
        try:
            covers_all = _covers_all(raw, scope)
            wearing = (scope.areas, scope.schools, covers_all)
            if wearing == self.worn:
                return
            self.worn = ()  # whatever happens meanwhile, the next one is dressed anew
            for name, body in self._views_of(scope, covers_all).items():
                if self.views.get(name) != body:
                    raw.execute(f'DROP VIEW IF EXISTS temp."{self.token}{name}"')
                    raw.execute(f'CREATE TEMP VIEW "{self.token}{name}" AS {body}')
                if name not in self.views:
                    raw.execute(f'CREATE TEMP VIEW "{name}" AS SELECT * FROM temp."{self.token}{name}"')  # noqa: S608
                self.views[name] = body
            self.worn = wearing
        finally:
            self.is_dressing = False

    def _views_of(self, scope: Scope, covers_all: bool) -> dict[str, str]:
        if covers_all:
            return {name: f'SELECT * FROM main."{name}"' for name in walled()}  # noqa: S608
        said = conditions(scope, self.token)
        return {name: f'SELECT * FROM main."{name}" AS "{name}" WHERE {said.of(name, wall)}' for name, wall in walled().items()}  # noqa: S608


def _covers_all(raw: sqlite3.Connection, scope: Scope) -> bool:
    """Whether every county with data lies in the scope: then nothing is left to hide."""
    counties = {code for (code,) in raw.execute(COUNTIES)}
    return bool(counties) and all(code.startswith(scope.areas) for code in counties)


def conditions(scope: Scope, token: str = "") -> Conditions:
    """The scope written out as conditions on tables."""

    def said(clause: ColumnElement[Any]) -> str:
        return "(" + str(clause.compile(dialect=sqlite_dialect.dialect(), compile_kwargs={"literal_binds": True})) + ")"

    schools = select(school.c.code).where(school_in_scope(scope))
    code = child_scope.alias("seen").c.code
    keys = select(literal(SCHOOL_SIGN).concat(school.c.code)).where(school_in_scope(scope))
    mine = said(or_(code.in_(keys), *(begins_with(code, one) for one in scope.areas)))
    seen = f"SELECT 1 FROM main.child_scope AS seen WHERE {mine}"  # noqa: S608 - our own names
    counties = [area for area in scope.areas if len(area) <= 6]
    return Conditions(
        place=lambda table: said(in_scope(scope, table)),
        county=lambda table: said(or_(false(), *(begins_with(table.c.county_code, area) for area in counties))),
        school=lambda table: said(table.c.school_code.in_(schools)),
        unit=lambda table: said(
            or_(table.c.unit_code.in_(schools), *(begins_with(table.c.unit_code, one) for one in scope.areas))
        ),
        child=lambda value, has_case: f"EXISTS ({seen} AND seen.child_id = {value}{' AND seen.has_case' * has_case})",
        place_first=True,  # a search for each child costs what three comparisons do not
        walled_name=lambda name: f'temp."{token}{name}"',
    )


def readers(engine: Engine) -> Engine:
    """The read-only connections beside those of `engine`, to the same file; each refuses to begin without a scope."""
    with _opening:
        if engine not in _readers:
            found = _open(engine)
            event.listen(engine, "engine_disposed", lambda _engine: found.dispose())
            _readers[engine] = found
        return _readers[engine]


def _open(engine: Engine) -> Engine:
    address = f"file:{quote(str(Path(engine.url.database or '').resolve()))}?mode=ro"
    made = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(address, uri=True, timeout=30, check_same_thread=False, isolation_level=None),
        poolclass=QueuePool,
        pool_size=READERS,
        max_overflow=0,
        pool_use_lifo=True,
        hide_parameters=True,
    )

    @event.listens_for(made, "connect")
    def prepare(raw: Any, record: Any) -> None:
        for pragma in ("cache_size=-32000", "temp_store=MEMORY"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute(f"SELECT value FROM {LISTED}('[]')")  # noqa: S608 - SQLite declares it at its first use, as if it made a table
        record.info["guard"] = Guard()
        raw.set_authorizer(record.info["guard"])

    @event.listens_for(made, "before_cursor_execute")
    def look(conn: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        conn.info["guard"].refuse(statement)

    @event.listens_for(made, "begin")
    def begin(conn: Connection) -> None:
        scope = conn.get_execution_options().get(SCOPE)
        if not isinstance(scope, Scope):
            raise ScopeError("scope.empty")
        raw: Any = conn.connection.driver_connection
        conn.info["guard"].dress(raw, scope)
        conn.exec_driver_sql("BEGIN")

    return made
