"""Brings a database to the program's schema, and says when it is not."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from data_access.bulk import update_statistics
from data_access.engine import WALL
from data_access.login_roles import find_owner, make_roles, require_owner, require_roles
from data_access.walls_postgres import raise_walls, settings_for, stands
from domain.errors import ProblemError

FOLDER = Path(__file__).parent / "migrations"


def _config(conn: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    return config


def wanted_revision() -> str:
    """The revision this program is written for."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def found_revision(conn: Connection) -> str | None:
    """The revision the database is at; None for an empty one."""
    return MigrationContext.configure(conn).get_current_revision()


def migrate(engine: Engine) -> str:
    """Upgrade to the wanted revision in one transaction (a failure leaves the old schema); returns the revision.

    On PostgreSQL the walls are raised anew around what is there now. Raises ProblemError walls.no_roles, walls.not_owner for a
    login that does not own the tables, and db.newer for a database that a later program has migrated.
    """
    with engine.connect().execution_options(**{WALL: settings_for(None)}) as conn, conn.begin():
        if conn.dialect.name == "postgresql":  # also where the login has a schema of its own, in which tables would be made
            conn.exec_driver_sql("SET LOCAL search_path = public")
        require_owner(conn)
        if conn.dialect.name == "postgresql":
            make_roles(conn)  # first: without their rights a migration would find no rows to rewrite
        _refuse_newer(found_revision(conn))
        command.upgrade(_config(conn), "head")
        if conn.dialect.name == "postgresql":
            raise_walls(conn)
        else:
            update_statistics(conn)  # PostgreSQL keeps its own up to date
    return wanted_revision()


def require_schema(conn: Connection) -> None:
    """Raise ProblemError db.not_migrated or db.newer unless database and program agree.

    On PostgreSQL also walls.no_roles, for a login without the rights of the roles, and walls.other for walls that another
    version of the program raised or somebody changed: they may show less than belongs to a scope, or more.
    """
    if conn.dialect.name == "postgresql" and find_owner(conn):
        require_roles(conn)
    found, wanted = found_revision(conn), wanted_revision()
    _refuse_newer(found)
    if found != wanted:
        raise ProblemError("db.not_migrated", found=found or "-", wanted=wanted)
    if conn.dialect.name == "postgresql" and not stands(conn):
        raise ProblemError("walls.other")


def _refuse_newer(found: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise ProblemError("db.newer", found=found, wanted=wanted_revision())
