"""What a login of PostgreSQL must be allowed before the app works behind its walls, and what to run when it is not."""

from collections.abc import Sequence

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from domain.errors import ProblemError

PAGE, WHOLE, WRITE, IMPORT = "kongchuo_page", "kongchuo_whole", "kongchuo_write", "kongchuo_import"
DOORKEEPER, BACKUP, OWNER = "kongchuo_door", "kongchuo_backup", "kongchuo_owner"
ROLES = (PAGE, WHOLE, WRITE, IMPORT, DOORKEEPER, BACKUP)  # into which the app steps; OWNER is for whoever migrates
INHERITS_BY_GRANT = (16,)  # before, a login inherits from all its roles or from none


def make_roles(conn: Connection) -> None:
    """Group roles without login; this login becomes a member that has their rights, as policies ask for.

    Raises ProblemError walls.no_roles.
    """
    lacking = list_lacking(conn, (*ROLES, OWNER))
    try:
        with conn.begin_nested():
            for statement in lacking:
                conn.exec_driver_sql(_careful(statement))
    except DBAPIError:
        raise ProblemError("walls.no_roles", statements="; ".join(lacking)) from None
    if lacking := list_lacking(conn, (*ROLES, OWNER)):
        raise ProblemError("walls.no_roles", statements="; ".join(lacking))


def require_roles(conn: Connection) -> None:
    """Raise ProblemError walls.no_roles unless this login has the rights of the roles that the app steps into.

    To step into them is not enough: a policy for a role whose rights a login does not have (NOINHERIT) shows it no rows, and
    a nightly check that reads none would find that all is well.
    """
    if lacking := list_lacking(conn, ROLES):
        raise ProblemError("walls.no_roles", statements="; ".join(lacking))


def require_owner(conn: Connection) -> None:
    """Raise ProblemError walls.not_owner or walls.no_tables unless this login may change the tables, or make them."""
    if conn.dialect.name != "postgresql":
        return
    owner = find_owner(conn)
    login = conn.execute(text("SELECT current_user")).scalar()
    if owner and not conn.execute(text("SELECT pg_has_role(current_user, :owner, 'USAGE')"), {"owner": owner}).scalar():
        raise ProblemError("walls.not_owner", login=login, owner=owner)
    if not owner and not conn.execute(text("SELECT has_schema_privilege('public', 'CREATE')")).scalar():
        raise ProblemError("walls.no_tables", login=login)


def find_owner(conn: Connection) -> str | None:
    """The login that owns the tables; None before the first migration."""
    table = "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass('alembic_version')"
    owner: str | None = conn.execute(text(table)).scalar()
    return owner


def list_lacking(conn: Connection, wanted: Sequence[str]) -> list[str]:
    """The statements after which this login has the rights of the roles `wanted`; empty when it has."""
    asked = text("SELECT rolname, pg_has_role(current_user, oid, 'USAGE') FROM pg_roles WHERE rolname = ANY(:wanted)")
    there = {row[0]: row[1] for row in conn.execute(asked, {"wanted": list(wanted)})}
    granted = [role for role in wanted if not there.get(role)]
    login = str(conn.execute(text("SELECT current_user")).scalar())
    return [f"CREATE ROLE {role} NOLOGIN" for role in wanted if role not in there] + _say_grants(conn, granted, login)


def _say_grants(conn: Connection, roles: Sequence[str], login: str) -> list[str]:
    if not roles:
        return []
    quoted = '"' + login.replace('"', '""') + '"'
    grant = f"GRANT {', '.join(roles)} TO {quoted}"
    if (conn.dialect.server_version_info or ()) >= INHERITS_BY_GRANT:
        return [f"{grant} WITH INHERIT TRUE"]
    inherits = conn.execute(text("SELECT rolinherit FROM pg_roles WHERE rolname = current_user")).scalar()
    return [grant, *([] if inherits else [f"ALTER ROLE {quoted} INHERIT"])]


def _careful(statement: str) -> str:
    """CREATE ROLE that does not mind another database of the same server making it at the same moment."""
    if not statement.startswith("CREATE ROLE"):
        return statement
    return f"DO $$ BEGIN {statement}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
