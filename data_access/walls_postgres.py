"""The wall inside PostgreSQL: row-level security on every table about children, one role for each way in.

A transaction begins with `kongchuo.scope` and the areas and schools of whoever looks, set for itself alone. Without them
the first row about a child is an error, also for the owner of the tables (FORCE). Roles say what may be done, policies
which rows. Everything here is raised anew after each migration, from data_access.walled_tables.
"""

from functools import lru_cache
from hashlib import sha256

from sqlalchemy import Connection, Table

from data_access.login_roles import BACKUP, DOORKEEPER, IMPORT, OWNER, PAGE, ROLES, WHOLE, WRITE, make_roles
from data_access.schema import SCHOOL_SIGN, metadata
from data_access.walled_tables import DOOR, HIDDEN, OPEN, Conditions, walled
from data_access.walls_seal import fits, seal
from domain.scope import Scope, code_range

DERIVED = (
    *("child_place", "child_scope", "case_interval", "loss_spell", "care_interval"),
    *("village_count", "school_count", "cohort_count", "register_change"),
)
SEES_ALL = "(SELECT kongchuo_sees_all())"
ALL_ROWS = f"{WHOLE}, {WRITE}, {IMPORT}, {BACKUP}, {OWNER}"  # each must say first that it sees everything
EVERYTHING, PART = "everything", "part"
COUNTY = 6  # digits of its code
SETTINGS = ("scope", "areas", "low", "high", "schools", "keys")
SET = "set_config('{0}', {1}, true)"
SESSION = {"work_mem": "'64MB'", "jit": "'off'"}  # the planner thinks a wall dear: it would compile what takes 3 ms
NO_MEMOIZE = {"enable_memoize": "'off'"}  # for the same reason it would keep rows that it reads but once
MEMOIZES = (14,)  # the first version that knows the word
AREAS_GIVEN = "ALL(string_to_array(%(areas)s, ','))"
LEAVES_OUT_NONE = f"""NOT EXISTS (SELECT 1 FROM (SELECT code FROM area WHERE level = 'county' UNION ALL SELECT county_code
FROM data_version WHERE length(county_code) = 6) AS county WHERE code <> {AREAS_GIVEN} AND left(code, 4) <> {AREAS_GIVEN})"""  # noqa: S608
OWN_SCHOOLS = """SELECT unnest(string_to_array(%(schools)s, ',')) AS code UNION SELECT code FROM school
WHERE town_code >= %(low)s AND town_code < %(high)s AND town_code ^@ ANY(string_to_array(%(areas)s, ','))"""

SAID = "current_setting('kongchuo.{}', true)"
LISTED = f"string_to_array({SAID}, ',')"
SEEN, SEEN_CASES = "kongchuo_seen_children", "kongchuo_seen_cases"  # all that a page may know of child_scope
SEEN_ROWS = f"""SELECT one.child_id FROM child_scope AS one
WHERE one.code >= {SAID.format("low")} AND one.code < {SAID.format("high")} AND {{0}}
AND ((SELECT strpos({SAID.format("areas")}, ',') = 0) OR one.code ^@ ANY((SELECT {LISTED.format("areas")})::text[]))
UNION ALL
SELECT one.child_id FROM child_scope AS one WHERE one.code = ANY((SELECT {LISTED.format("keys")})::text[]) AND {{0}}
"""  # noqa: S608 - our own names: the children of the scope's areas, of which one needs no second look; then of its schools
VIEWS = {SEEN: SEEN_ROWS.format("true"), SEEN_CASES: SEEN_ROWS.format("one.has_case")}
FORMER = "kongchuo_of_areas, kongchuo_of_schools, kongchuo_seen"  # views that policies leant on before


def _told(name: str, type_name: str, value: str) -> str:
    """A function that tells a setting of the transaction; asked within (SELECT ...), it is called once a query."""
    return f"""CREATE OR REPLACE FUNCTION kongchuo_{name}() RETURNS {type_name} LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT CASE WHEN NOT kongchuo_sees_all() THEN {value} END $$"""


FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION kongchuo_sees_all() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  IF coalesce(current_setting('kongchuo.scope', true), '') = '' THEN
    RAISE insufficient_privilege USING MESSAGE = 'kongchuo: no scope is set';
  END IF;
  RETURN current_setting('kongchuo.scope') = 'everything';
END $$""",
    _told("low", "text", "current_setting('kongchuo.low', true)"),
    _told("high", "text", "current_setting('kongchuo.high', true)"),
    _told("areas", "text[]", "string_to_array(current_setting('kongchuo.areas', true), ',')"),
    _told("school_codes", "text[]", "string_to_array(current_setting('kongchuo.schools', true), ',')"),
    """CREATE OR REPLACE FUNCTION kongchuo_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append only'; END $$""",
)
DROP_POLICIES = """DO $$ DECLARE found record; BEGIN
FOR found IN SELECT quote_ident(policyname) || ' ON ' || quote_ident(tablename) AS said FROM pg_policies
WHERE schemaname = 'public' AND tablename IN ({}) LOOP EXECUTE 'DROP POLICY ' || found.said; END LOOP; END $$"""


Settings = dict[str, str | None]


def settings_of(scope: Scope) -> Settings:
    """What a transaction that reads for this scope begins with."""
    ranges = [code_range(area) for area in scope.areas]
    return {
        "role": PAGE,
        "scope": PART,
        "areas": ",".join(scope.areas),
        "low": min((low for low, _ in ranges), default=""),
        "high": max((high for _, high in ranges), default=""),
        "schools": ",".join(scope.schools),
        "keys": ",".join(SCHOOL_SIGN + code for code in scope.schools),
    }


def settings_for(role: str | None) -> Settings:
    """What a transaction begins with that writes, imports or, without a role, belongs to the owner of the tables."""
    return {**dict.fromkeys(SETTINGS, ""), "role": role, "scope": EVERYTHING}


def enter(conn: Connection, settings: Settings) -> None:
    """The first statement of a transaction: who it acts as and what it sees, until it ends.

    An area sees the schools that stand in it too; areas that leave out no county see everything.
    """
    digits = frozenset(len(area) for area in (settings["areas"] or "").split(",") if area)
    memoizes = settings["scope"] == PART and (conn.dialect.server_version_info or ()) >= MEMOIZES
    conn.exec_driver_sql(_entry(digits, memoizes), settings)


@lru_cache
def _entry(digits: frozenset[int], memoizes: bool) -> str:
    """The statement that enters a scope of areas whose codes have so many digits; one of none is taken as it is said."""
    told, extra = {name: f"%({name})s" for name in SETTINGS}, NO_MEMOIZE if memoizes else {}
    role, first, source = "coalesce(%(role)s, 'none')", "", ""
    if digits:
        told["scope"] = f"CASE WHEN is_so THEN '{EVERYTHING}' ELSE %(scope)s END"
        told["schools"] = "(SELECT string_agg(code, ',') FROM mine)"
        told["keys"] = f"(SELECT string_agg('{SCHOOL_SIGN}' || code, ',') FROM mine)"  # noqa: S608
        role = f"CASE WHEN is_so THEN '{WHOLE}' ELSE %(role)s END"
        is_whole = LEAVES_OUT_NONE if min(digits) <= COUNTY else "false"
        first, source = f"WITH mine AS ({OWN_SCHOOLS}), whole AS MATERIALIZED (SELECT {is_whole} AS is_so) ", " FROM whole"
    named = {**SESSION, **extra, **{f"kongchuo.{name}": value for name, value in told.items()}, "role": role}
    return f"{first}SELECT {', '.join(SET.format(*one) for one in named.items())}{source}"


def raise_walls(conn: Connection) -> None:
    """Roles, functions, policies and grants as this program wants them, sealed; other policies and grants to our roles go.

    Raises ProblemError walls.no_roles with the statements a database administrator must run when this login may not make roles.
    """
    make_roles(conn)
    for statement in _statements():
        conn.exec_driver_sql(statement)
    seal(conn, fingerprint(), _ours())


def stands(conn: Connection) -> bool:
    """Whether the walls of the database are those of this program, and nobody changed them since they were raised."""
    return fits(conn, fingerprint(), _ours())


@lru_cache
def fingerprint() -> str:
    """The walls of this program in short: SHA-256 of the statements that raise them, in hexadecimal."""
    return sha256("\n".join(_statements()).encode()).hexdigest()


def _statements() -> list[str]:
    """All that raises the walls, in order."""
    said = [*FUNCTIONS, *(f"CREATE OR REPLACE VIEW {view} WITH (security_barrier) AS {rows}" for view, rows in VIEWS.items())]
    ours = _ours()
    said.append(f"REVOKE ALL ON {_quoted(ours)} FROM PUBLIC, {', '.join(ROLES)}")  # what a former version or a hand granted
    said.append(DROP_POLICIES.format(", ".join(f"'{name}'" for name in ours)))
    for name, condition in sorted(policies().items()):
        said += [f'ALTER TABLE "{name}" {forced} ROW LEVEL SECURITY' for forced in ("ENABLE", "FORCE")]
        for policy, to, using in (("kongchuo_all", ALL_ROWS, SEES_ALL), ("kongchuo_wall", PAGE, condition)):
            check = f"WITH CHECK ({SEES_ALL})" if using == SEES_ALL else ""
            said.append(f'CREATE POLICY {policy} ON "{name}" TO {to} USING ({using}) {check}')
    return [
        *said,
        f"DROP VIEW IF EXISTS {FORMER}",
        "DROP TRIGGER IF EXISTS audit_append_only ON audit_event",
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION kongchuo_append_only()",
        *grants(),
    ]


def _ours() -> list[str]:
    """The tables and views that walls stand around."""
    return sorted(metadata.tables.keys() | VIEWS.keys())


def policies() -> dict[str, str]:
    """Table -> which of its rows lie in the scope of the transaction."""
    said = Conditions(place=_place, county=_county, school=_school, unit=_unit, child=_child)
    return {name: said.of(name, wall) for name, wall in walled().items()}


AREAS = "ANY((SELECT kongchuo_areas())::text[])"
SCHOOLS = "ANY((SELECT kongchuo_school_codes())::text[])"


def _in_areas(code: str) -> str:
    """Whether a code begins with an area of the scope: first by a range that an index serves, then exactly."""
    return f"({code} >= (SELECT kongchuo_low()) AND {code} < (SELECT kongchuo_high()) AND {code} ^@ {AREAS})"


def _begins(table: Table, column: str) -> str:
    return _in_areas(f"{table.name}.{column}")


def _county(table: Table) -> str:
    return _likely(_begins(table, "county_code"))


def _school(table: Table) -> str:
    return f"{table.name}.school_code IN (SELECT unnest(kongchuo_school_codes()))"


def _place(table: Table) -> str:
    parts = [*(_begins(table, one) for one in ("county_code", "home_code", "registered_code")), _school(table)]
    return _likely(" OR ".join(parts))


def _likely(condition: str) -> str:
    """The same, taken by the planner to hold of every other row: queries ask for the scope themselves, so that it nearly always
    does, while a range between two unknown codes passes for one row in two hundred and makes it loop over the rest."""
    return f"coalesce({condition}, false)"


def _unit(table: Table) -> str:
    return f"{_begins(table, 'unit_code')} OR {table.name}.unit_code = {SCHOOLS}"


def _child(value: str, has_case: bool) -> str:
    """Whether the scope sees a child, as one question: the planner looks up one child after another where it expects few, and
    gathers them all once where it expects many. IN would always gather, and is costed anew for each row that a join looks up.
    """
    asked = f"EXISTS (SELECT 1 FROM {SEEN_CASES if has_case else SEEN} AS seen WHERE seen.child_id = {value})"  # noqa: S608
    return f"((SELECT NOT kongchuo_sees_all()) AND {asked})"


def grants() -> list[str]:
    """What each role may do: a page reads, a write adds and changes, an import may also remove, a backup reads everything."""
    names = {table.name for table in metadata.sorted_tables}
    data, hidden = _quoted(names - DOOR - HIDDEN), _quoted(HIDDEN)
    kept, derived = _quoted(walled().keys() - set(DERIVED)), _quoted(DERIVED)
    everyone = ", ".join(ROLES)
    return [
        f"GRANT USAGE ON SCHEMA public TO {everyone}",
        f"GRANT SELECT ON {data}, alembic_version, {SEEN}, {SEEN_CASES} TO {everyone}",
        f"GRANT SELECT ON {hidden} TO {WRITE}, {IMPORT}",
        f"GRANT INSERT, UPDATE ON {data}, {hidden} TO {WRITE}, {IMPORT}",
        f"GRANT DELETE ON {derived}, {_quoted(OPEN)} TO {WRITE}",
        f"GRANT DELETE ON {kept}, {derived}, {_quoted(OPEN)} TO {IMPORT}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {_quoted(DOOR - {'audit_event'})} TO {DOORKEEPER}",
        f"GRANT SELECT, INSERT ON audit_event TO {DOORKEEPER}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {BACKUP}",
        f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {BACKUP}",
        f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {WRITE}, {IMPORT}, {DOORKEEPER}",
    ]


def _quoted(names: object) -> str:
    return ", ".join(f'"{name}"' for name in sorted(names))  # type: ignore[call-overload]
