"""The wall inside PostgreSQL: row-level security on every table about children, one role for each way in.

A transaction begins with `kongchuo.scope` and the areas and schools of whoever looks, set for itself alone. Without them
the first row about a child is an error, also for the owner of the tables (FORCE). Roles say what may be done, policies
which rows. Everything here is raised anew after each migration, from data_access.walled_tables.
"""

from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import DBAPIError

from data_access.schema import metadata
from data_access.walled_tables import DOOR, OPEN, Conditions, walled
from domain.errors import ProblemError
from domain.scope import Scope

PAGE, WHOLE, WRITE, IMPORT = "kongchuo_page", "kongchuo_whole", "kongchuo_write", "kongchuo_import"
DOORKEEPER, OWNER = "kongchuo_door", "kongchuo_owner"
ROLES = (PAGE, WHOLE, WRITE, IMPORT, DOORKEEPER)  # into which the app steps; OWNER is for whoever migrates
DERIVED = ("child_place", "case_interval", "loss_spell", "village_count", "school_count", "cohort_count")
SEES_ALL = "(SELECT kongchuo_sees_all())"
ALL_ROWS = f"{WHOLE}, {WRITE}, {IMPORT}, {OWNER}"  # each must say first that it sees everything
EVERYTHING, PART = "everything", "part"
ENTER = """SELECT set_config('role', coalesce(%(role)s, 'none'), true), set_config('kongchuo.areas', %(areas)s, true),
set_config('kongchuo.schools', %(schools)s, true), set_config('kongchuo.scope', %(scope)s, true)"""
COVER = """SELECT set_config('role', 'kongchuo_whole', true), set_config('kongchuo.scope', 'everything', true)
WHERE NOT EXISTS (SELECT 1 FROM (SELECT code FROM area WHERE level = 'county' UNION ALL SELECT county_code FROM data_version)
AS county WHERE code <> ALL(kongchuo_areas()) AND left(code, 4) <> ALL(kongchuo_areas()))"""
FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION kongchuo_sees_all() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  IF coalesce(current_setting('kongchuo.scope', true), '') = '' THEN
    RAISE insufficient_privilege USING MESSAGE = 'kongchuo: no scope is set';
  END IF;
  RETURN current_setting('kongchuo.scope') = 'everything';
END $$""",
    """CREATE OR REPLACE FUNCTION kongchuo_areas() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT string_to_array(coalesce(current_setting('kongchuo.areas', true), ''), ',') $$""",
    """CREATE OR REPLACE FUNCTION kongchuo_low() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT CASE WHEN kongchuo_sees_all() THEN NULL ELSE min(one COLLATE "C") END FROM unnest(kongchuo_areas()) AS one $$""",
    """CREATE OR REPLACE FUNCTION kongchuo_high() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT max(one COLLATE "C") || '~' FROM unnest(kongchuo_areas()) AS one $$""",
    """CREATE OR REPLACE FUNCTION kongchuo_school_codes() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
SET search_path FROM CURRENT AS $$
SELECT array_agg(code) FROM (
SELECT code FROM school WHERE left(town_code, 9) = ANY(kongchuo_areas()) OR left(town_code, 6) = ANY(kongchuo_areas())
OR left(town_code, 4) = ANY(kongchuo_areas()) OR village_code = ANY(kongchuo_areas())
UNION ALL SELECT unnest(string_to_array(coalesce(current_setting('kongchuo.schools', true), ''), ','))
) AS mine WHERE NOT kongchuo_sees_all() $$""",
    """CREATE OR REPLACE FUNCTION kongchuo_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append only'; END $$""",
)


def settings_of(scope: Scope) -> dict[str, str]:
    """What a transaction that reads for this scope begins with."""
    return {
        "role": PAGE,
        "scope": PART,
        "areas": ",".join(scope.areas),
        "schools": ",".join(scope.schools),
    }


def settings_for(role: str | None) -> dict[str, str | None]:
    """What a transaction begins with that writes, imports or, without a role, belongs to the owner of the tables."""
    return {"role": role, "scope": EVERYTHING, "areas": "", "schools": ""}


def enter(conn: Connection, settings: dict[str, str | None]) -> None:
    """The first statement of a transaction: who it acts as and what it sees, until it ends."""
    conn.exec_driver_sql(ENTER, settings)
    if settings["scope"] == PART:
        conn.exec_driver_sql(COVER)


def raise_walls(conn: Connection) -> None:
    """Roles, functions, policies and grants as this program wants them; what is there already stays.

    Raises ProblemError walls.no_roles with the statements a database administrator must run when this login may not make roles.
    """
    make_roles(conn)
    for function in FUNCTIONS:
        conn.exec_driver_sql(function)
    for name, condition in policies().items():
        conn.exec_driver_sql(f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY')
        conn.exec_driver_sql(f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY')
        for policy, to, using in (("kongchuo_all", ALL_ROWS, SEES_ALL), ("kongchuo_wall", PAGE, condition)):
            check = f"WITH CHECK ({SEES_ALL})" if using == SEES_ALL else ""
            conn.exec_driver_sql(f'DROP POLICY IF EXISTS {policy} ON "{name}"')
            conn.exec_driver_sql(f'CREATE POLICY {policy} ON "{name}" TO {to} USING ({using}) {check}')
    conn.exec_driver_sql("DROP TRIGGER IF EXISTS audit_append_only ON audit_event")
    conn.exec_driver_sql(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION kongchuo_append_only()"
    )
    for grant in grants():
        conn.exec_driver_sql(grant)


def policies() -> dict[str, str]:
    """Table -> which of its rows lie in the scope of the transaction."""
    said = Conditions(place=_place, county=_county, school=_school, unit=_unit)
    return {name: said.of(name, wall) for name, wall in walled().items()}


AREAS = "ANY((SELECT kongchuo_areas())::text[])"
SCHOOLS = "ANY((SELECT kongchuo_school_codes())::text[])"


def _begins(table: Table, column: str) -> str:
    """Whether a code begins with an area of the scope: first by a range that an index serves, then exactly."""
    code = f"{table.name}.{column}"
    exactly = " OR ".join(f"left({code}, {length}) = {AREAS}" for length in (9, 6, 12, 4))
    return f"({code} >= (SELECT kongchuo_low()) AND {code} < (SELECT kongchuo_high()) AND ({exactly}))"


def _county(table: Table) -> str:
    return _begins(table, "county_code")


def _school(table: Table) -> str:
    """By a list that an index serves where one leads to the rows, by a hashed one where rows are gone through."""
    one_of = f"= {SCHOOLS}" if table.name == "child_place" else "IN (SELECT unnest(kongchuo_school_codes()))"
    return f"{table.name}.school_code {one_of}"


def _place(table: Table) -> str:
    return " OR ".join([*(_begins(table, one) for one in ("county_code", "home_code", "registered_code")), _school(table)])


def _unit(table: Table) -> str:
    return f"{_begins(table, 'unit_code')} OR {table.name}.unit_code = {SCHOOLS}"


def grants() -> list[str]:
    """What each role may do: a page reads, a write adds and changes, an import may also remove."""
    names = {table.name for table in metadata.sorted_tables}
    data = _quoted(names - DOOR)
    kept, derived = _quoted(walled().keys() - set(DERIVED)), _quoted(DERIVED)
    everyone = ", ".join(ROLES)
    return [
        f"GRANT USAGE ON SCHEMA public TO {everyone}",
        f"GRANT SELECT ON {data}, alembic_version TO {everyone}",
        f"GRANT INSERT, UPDATE ON {data} TO {WRITE}, {IMPORT}",
        f"GRANT DELETE ON {derived}, {_quoted(OPEN)} TO {WRITE}",
        f"GRANT DELETE ON {kept}, {derived}, {_quoted(OPEN)} TO {IMPORT}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {_quoted(DOOR - {'audit_event'})} TO {DOORKEEPER}",
        f"GRANT SELECT, INSERT ON audit_event TO {DOORKEEPER}",
        f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {WRITE}, {IMPORT}, {DOORKEEPER}",
    ]


def _quoted(names: object) -> str:
    return ", ".join(f'"{name}"' for name in sorted(names))  # type: ignore[call-overload]


def make_roles(conn: Connection) -> None:
    """Group roles without login; this login becomes a member, so that it can step into them.

    Raises ProblemError walls.no_roles.
    """
    there = set(conn.execute(text("SELECT rolname FROM pg_roles WHERE rolname LIKE 'kongchuo_%'")).scalars())
    member = text("SELECT pg_has_role(current_user, :role, 'MEMBER')")
    try:
        with conn.begin_nested():
            for role in (*ROLES, OWNER):
                if role not in there:
                    conn.exec_driver_sql(_create(role))
                if role not in there or not conn.execute(member, {"role": role}).scalar():
                    conn.exec_driver_sql(f"GRANT {role} TO CURRENT_USER")
    except DBAPIError:
        login = conn.execute(text("SELECT current_user")).scalar()
        raise ProblemError("walls.no_roles", statements="; ".join(dba_statements(str(login)))) from None


def _create(role: str) -> str:
    """CREATE ROLE that does not mind another database of the same server making it at the same moment."""
    return f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"


def dba_statements(login: str) -> list[str]:
    """What an administrator of the database server must run once, when the app's login may not make roles."""
    quoted = '"' + login.replace('"', '""') + '"'
    every = (*ROLES, OWNER)
    return [f"CREATE ROLE {role} NOLOGIN" for role in every] + [f"GRANT {', '.join(every)} TO {quoted}"]
