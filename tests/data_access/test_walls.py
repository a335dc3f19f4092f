"""The wall inside the database: what a query without any WHERE still does not give, on both engines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, func, insert, make_url, select, text, update
from sqlalchemy.exc import DBAPIError

from access.settings import DoorSettings
from access.visits import Visits
from data_access import walls_postgres, walls_sqlite
from data_access.accounts import add_user
from data_access.audit import verify_chain
from data_access.cases import count_cases
from data_access.children import read_children
from data_access.derive import Touched
from data_access.engine import WALL, open_engine
from data_access.login_roles import BACKUP, DOORKEEPER, IMPORT, OWNER, PAGE, ROLES, WHOLE, WRITE, make_roles
from data_access.measures import Measure
from data_access.migrate import migrate, require_schema, wanted_revision
from data_access.schema import audit_event, case_file, child, child_place, data_version, guardian, metadata, school
from data_access.walled_tables import DOOR, HIDDEN, OPEN, undecided, walled
from data_access.walls import open_scoped
from data_access.walls_postgres import SEEN, SEEN_CASES, VIEWS, policies, settings_for
from data_access.writing import write
from domain.case_filter import CaseFilter, resolve
from domain.errors import ProblemError, ScopeError
from domain.scope import Role, Scope

DAY = date(2026, 10, 20)


@pytest.fixture
def town(sqlite_store: Any, open_demo_of: Callable[[Any], Engine]) -> Scope:
    """A town of the demo with many children; the demo is the same on both engines."""
    first = func.substr(child_place.c.home_code, 1, 9)
    largest = select(first).where(child_place.c.home_code.is_not(None)).group_by(first).order_by(func.count().desc())
    with open_demo_of(sqlite_store).connect() as conn:
        return Scope("t", Role.TOWNSHIP, (str(conn.execute(largest).scalar()),))


def belonging(conn: Connection, scope: Scope) -> set[int]:
    """The children of a scope, told without the product: any place, ever."""
    codes = {code for code, at in conn.execute(select(school.c.code, school.c.town_code)) if at.startswith(scope.areas)} | set(
        scope.schools
    )
    found = set()
    for row in conn.execute(select(child_place)):
        homes = [one for one in (row.home_code, row.registered_code) if one]
        if any(one.startswith(scope.areas) for one in homes) or row.school_code in codes:
            found.add(row.child_id)
    return found


def test_every_table_has_been_decided_about() -> None:
    assert undecided() == set(), "say in data_access/walled_tables.py who may read the new table"
    assert not walled().keys() & (OPEN | DOOR)


def test_without_a_where_only_the_scope_s_children_come(demo_engine: Engine, town: Scope) -> None:
    with demo_engine.connect() as conn:
        own = belonging(conn, town)
        everyone = conn.execute(select(func.count()).select_from(child)).scalar_one()
    assert 0 < len(own) < everyone / 2
    with open_scoped(demo_engine, town) as conn:
        for name in walled():
            table = metadata.tables[name]
            key = child.c.id if table is child else table.c.get("child_id")
            if key is not None:
                seen = set(conn.execute(select(key).where(key.is_not(None)).distinct()).scalars())
                lost_here = set() if name != "loss_spell" else seen - own
                assert seen <= own | lost_here, name
        assert set(conn.execute(select(child.c.id)).scalars()) == own
        assert set(conn.execute(select(guardian.c.child_id)).scalars()) <= own


def test_a_query_that_forgot_its_scope_gives_nothing_from_outside(
    demo_engine: Engine, town: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = resolve(CaseFilter(), DAY, {})
    with demo_engine.connect() as conn:
        own = belonging(conn, town)
        right = read_children(conn, town, chosen, Measure.CHILDREN, limit=None), count_cases(conn, town, chosen)
    monkeypatch.setattr("data_access.scoped.in_scope", lambda _scope, table: table.c.county_code.is_not(None))
    with demo_engine.connect() as conn:
        assert count_cases(conn, town, chosen) > right[1]
    with open_scoped(demo_engine, town) as conn:
        found = read_children(conn, town, chosen, Measure.CHILDREN, limit=None)
    assert {row.child_id for row in right[0]} <= {row.child_id for row in found} <= own


@pytest.mark.parametrize("role", Role)
def test_what_a_role_counts_is_the_same_inside_the_wall(demo_engine: Engine, town: Scope, role: Role) -> None:
    scope = replace(town, role=role, areas=(town.areas[0][:6],) if role is Role.COUNTY else town.areas)
    chosen = resolve(CaseFilter(), DAY, {})
    with demo_engine.connect() as conn:
        right = count_cases(conn, scope, chosen)
    with open_scoped(demo_engine, scope) as conn:
        assert count_cases(conn, scope, chosen) == right


def test_without_a_scope_nothing_is_opened(demo_engine: Engine, town: Scope) -> None:
    for nobody in (None, (), "everything"):
        with pytest.raises(ScopeError), open_scoped(demo_engine, nobody):  # type: ignore[arg-type]
            pass
    with pytest.raises(ScopeError, match="over"), open_scoped(demo_engine, replace(town, until=date(2020, 1, 1))):
        pass


def test_the_reading_connection_writes_nothing(demo_engine: Engine, town: Scope) -> None:
    with open_scoped(demo_engine, town) as conn, pytest.raises(DBAPIError):
        conn.execute(update(child).values(name="x"))
    with open_scoped(demo_engine, town) as conn, pytest.raises(DBAPIError):
        conn.execute(insert(data_version).values(county_code="000000", version=1))


@pytest.mark.parametrize("table", sorted(DOOR - {"audit_event"}))
def test_accounts_and_sessions_are_out_of_reach(demo_engine: Engine, town: Scope, table: str) -> None:
    with open_scoped(demo_engine, town) as conn, pytest.raises(DBAPIError):
        conn.execute(select(metadata.tables[table]))


def test_what_the_walls_lean_on_is_out_of_reach(demo_engine: Engine, town: Scope) -> None:
    """It says of every child in the database where it stood."""
    for table in HIDDEN:
        with open_scoped(demo_engine, town) as conn, pytest.raises(DBAPIError):
            conn.execute(select(metadata.tables[table])).all()


# --- PostgreSQL ---


def test_the_view_behind_the_policies_shows_the_scope_s_children(postgres: Engine, town: Scope) -> None:
    with postgres.connect() as conn:
        own, filed = belonging(conn, town), set(conn.execute(select(case_file.c.child_id)).scalars())
    with open_scoped(postgres, town) as conn:
        seen, with_case = (set(conn.execute(text(f"SELECT child_id FROM {view}")).scalars()) for view in (SEEN, SEEN_CASES))
    assert seen == own
    assert with_case == own & filed
    assert 0 < len(with_case) < len(own)


def test_several_areas_and_a_school_see_what_each_of_them_sees(demo_engine: Engine, town: Scope) -> None:
    with demo_engine.connect() as conn:
        codes = sorted({str(code)[:9] for code in conn.execute(select(child_place.c.home_code).distinct()).scalars() if code})
        school_code = str(conn.execute(select(func.max(school.c.code))).scalar())
        scope = replace(town, areas=(codes[0], codes[-1]), schools=(school_code,))
        own, everyone = belonging(conn, scope), set(conn.execute(select(child.c.id)).scalars())
    assert own < everyone
    with open_scoped(demo_engine, scope) as conn:
        assert set(conn.execute(select(child.c.id)).scalars()) == own


def test_a_school_that_moves_is_seen_from_where_it_stands(
    postgresql_store: Any, demo_of: Callable[[Any], str], town: Scope
) -> None:
    url = postgresql_store.create(like=demo_of(postgresql_store))
    engine = open_engine(url)
    with engine.begin() as conn:
        moving = select(school.c.code).where(school.c.town_code != town.areas[0]).order_by(school.c.code).limit(1)
        code = conn.execute(moving).scalar_one()
        conn.execute(update(school).where(school.c.code == code).values(town_code=town.areas[0]))
        own = belonging(conn, town)
    with open_scoped(engine, town) as conn:
        assert set(conn.execute(select(child.c.id)).scalars()) == own
    engine.dispose()
    postgresql_store.drop(url)


@pytest.fixture
def postgres(postgresql_store: Any, open_demo_of: Callable[[Any], Engine]) -> Engine:
    """The demo county on PostgreSQL."""
    return open_demo_of(postgresql_store)


def test_every_walled_table_has_its_policy_and_forces_it(postgres: Engine) -> None:
    with postgres.connect() as conn:
        found = conn.execute(
            text("SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid WHERE relforcerowsecurity")
        )
        assert set(found.scalars()) == walled().keys() == policies().keys()


def test_walls_of_another_version_are_refused_with_the_command_that_mends_them(
    postgresql_store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schema may stay while a policy changes: what a scope sees would be another program's answer."""
    url = postgresql_store.create()
    engine = open_engine(url)
    with monkeypatch.context() as other:
        other.setattr(walls_postgres, "VIEWS", VIEWS | {SEEN: f"{VIEWS[SEEN]} LIMIT 0"})
        walls_postgres.fingerprint.cache_clear()
        migrate(engine)
    walls_postgres.fingerprint.cache_clear()
    with engine.connect() as conn, pytest.raises(ProblemError, match="python -m data_access migrate") as refused:
        require_schema(conn)
    assert refused.value.key == "walls.other"
    assert Visits(engine, DoorSettings()).trouble() == "not_migrated"
    migrate(engine)
    with engine.connect() as conn:
        require_schema(conn)
    engine.dispose()
    postgresql_store.drop(url)


BREACHES = (
    "ALTER TABLE child DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE child NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY kongchuo_wall ON home_visit",
    "CREATE POLICY more ON guardian TO kongchuo_page USING (true)",
    "GRANT DELETE ON audit_event TO kongchuo_door",
    "GRANT SELECT (name) ON user_account TO PUBLIC",
    "GRANT SELECT ON child_scope TO kongchuo_page",
    "ALTER TABLE audit_event DISABLE TRIGGER audit_append_only",
    "CREATE OR REPLACE FUNCTION kongchuo_sees_all() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "CREATE OR REPLACE VIEW kongchuo_seen_children AS SELECT child_id FROM child_scope",
)


def test_walls_that_somebody_changed_are_refused_and_raised_again(postgresql_store: Any) -> None:
    """The signature of who raised them would still be right."""
    url = postgresql_store.create()
    engine = open_engine(url)
    migrate(engine)
    for breach in BREACHES:
        with engine.begin() as conn:
            require_schema(conn)
            conn.execute(text(breach))
        with engine.connect() as conn, pytest.raises(ProblemError) as refused:
            require_schema(conn)
        assert refused.value.key == "walls.other", breach
        migrate(engine)
    with engine.begin() as conn:
        conn.execute(text("CREATE SCHEMA elsewhere; CREATE TABLE public.somebody_s AS SELECT 1 AS one"))
        conn.execute(text("GRANT SELECT ON public.somebody_s TO PUBLIC; SET LOCAL search_path = elsewhere, public"))
        require_schema(conn)
    engine.dispose()
    postgresql_store.drop(url)


@pytest.mark.parametrize("role", [PAGE, WHOLE, WRITE, IMPORT])
def test_without_a_scope_the_first_row_is_refused(postgres: Engine, role: str) -> None:
    with postgres.connect() as conn:
        conn.execute(text(f"SET LOCAL ROLE {role}"))
        with pytest.raises(DBAPIError, match="no scope is set"):
            conn.execute(select(child.c.id).limit(1))


def test_a_scope_ends_with_its_transaction(postgres: Engine, town: Scope) -> None:
    with open_scoped(postgres, town) as conn:
        assert conn.execute(select(func.count()).select_from(child)).scalar_one() > 0
        conn.rollback()
        conn.execute(text(f"SET LOCAL ROLE {PAGE}"))
        assert conn.execute(text("SELECT current_setting('kongchuo.areas')")).scalar() == town.areas[0], "set anew at each BEGIN"
    with postgres.connect() as conn:
        conn.execute(text(f"SET LOCAL ROLE {PAGE}"))
        with pytest.raises(DBAPIError, match="no scope is set"):
            conn.execute(select(child.c.id).limit(1))


ALLOWED = {  # role -> verbs on a table about children, on a derived one, on accounts, on the audit
    PAGE: ("SELECT", "SELECT", "", ""),
    WHOLE: ("SELECT", "SELECT", "", ""),
    WRITE: ("SELECT INSERT UPDATE", "SELECT INSERT UPDATE DELETE", "", ""),
    IMPORT: ("SELECT INSERT UPDATE DELETE", "SELECT INSERT UPDATE DELETE", "", ""),
    DOORKEEPER: ("SELECT", "SELECT", "SELECT INSERT UPDATE DELETE", "SELECT INSERT"),
    BACKUP: ("SELECT", "SELECT", "SELECT", "SELECT"),
}


@pytest.mark.parametrize("role", ALLOWED)
def test_each_role_may_do_what_it_is_for(postgres: Engine, role: str) -> None:
    with postgres.connect() as conn:
        for table, allowed in zip(("child", "child_place", "user_account", "audit_event"), ALLOWED[role], strict=True):
            asked = text("SELECT verb FROM unnest(CAST(:verbs AS text[])) AS verb WHERE has_table_privilege(:role, :name, verb)")
            verbs = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"]
            found = set(conn.execute(asked, {"verbs": verbs, "role": role, "name": table}).scalars())
            assert found == set(allowed.split()), table


def test_a_login_without_rights_of_its_own_runs_the_app(
    postgresql_store: Any, demo_of: Callable[[Any], str], town: Scope
) -> None:
    """As an administrator sets it up: one login owns the tables, the app's may only step into the roles."""
    url = postgresql_store.create(like=demo_of(postgresql_store))
    owner = open_engine(url)
    with owner.begin() as conn:
        conn.execute(text("DROP ROLE IF EXISTS app_login"))
        conn.execute(text("CREATE ROLE app_login LOGIN"))
        conn.execute(text(f"GRANT {', '.join(ROLES)} TO app_login"))
    owner.dispose()
    login = open_engine(make_url(url).set(username="app_login").render_as_string(hide_password=False))
    with open_scoped(login, town) as conn:
        assert conn.execute(select(func.count()).select_from(child)).scalar_one() > 0
    with login.connect() as conn, pytest.raises(DBAPIError, match="no scope is set"):
        conn.execute(select(child.c.id).limit(1))
    add_user(login, "somebody", "Korrekt-Pferd-42-Batterie", Role.TOWNSHIP, town.areas)
    assert verify_chain(login) > 0
    with login.connect() as conn, pytest.raises(DBAPIError, match="permission denied"):
        conn.execute(update(audit_event).values(user="nobody"))
    with write(login, town.areas[0][:6]) as conn:
        first = conn.execute(select(func.min(child.c.id))).scalar_one()
        touched = Touched(conn, [first])
        touched.rebuild()
    login.dispose()
    postgresql_store.drop(url)


def test_a_login_that_may_make_no_roles_is_told_what_to_run(postgresql_store: Any) -> None:
    url = postgresql_store.create()
    owner = open_engine(url)
    with owner.begin() as conn:
        conn.execute(text("DROP ROLE IF EXISTS plain_login"))
        conn.execute(text("CREATE ROLE plain_login LOGIN"))
        conn.execute(text("GRANT ALL ON SCHEMA public TO plain_login"))
    owner.dispose()
    login = open_engine(make_url(url).set(username="plain_login").render_as_string(hide_password=False))
    with pytest.raises(ProblemError, match=r'GRANT kongchuo_page, .* TO "plain_login"') as refused:
        migrate(login)
    assert refused.value.key == "walls.no_roles"
    owner = open_engine(url)
    follow(owner, refused.value)
    assert migrate(login) == wanted_revision()
    login.dispose()
    owner.dispose()
    postgresql_store.drop(url)


def test_the_tables_of_a_login_with_a_schema_of_its_own_stand_where_its_walls_do(postgresql_store: Any) -> None:
    """PostgreSQL makes tables in the schema that bears the login's name, where there is one: nothing but public was walled."""
    url = postgresql_store.create()
    owner = open_engine(url)
    login = make_login(owner, "schema_login", "")
    with owner.begin() as conn:
        make_roles(conn)
        conn.execute(text("CREATE SCHEMA schema_login AUTHORIZATION schema_login"))
        conn.execute(text(f"GRANT ALL ON SCHEMA public TO schema_login; GRANT {', '.join((*ROLES, OWNER))} TO schema_login"))
    assert migrate(login) == wanted_revision()
    with login.connect() as conn:
        require_schema(conn)
        schemas = text("SELECT DISTINCT schemaname FROM pg_tables WHERE tableowner = 'schema_login'")
        assert conn.execute(schemas).scalars().all() == ["public"]
    login.dispose()
    owner.dispose()
    postgresql_store.drop(url)


def follow(owner: Engine, refused: ProblemError) -> None:
    """Run what a database administrator was told to run, as it stands."""
    with owner.begin() as conn:
        for statement in str(refused.params["statements"]).split("; "):
            conn.exec_driver_sql(statement)


def make_login(owner: Engine, name: str, rights: str) -> Engine:
    """A login of these rights; the engine with which it signs in."""
    with owner.begin() as conn:
        conn.execute(text(f"DROP ROLE IF EXISTS {name}"))
        conn.execute(text(f"CREATE ROLE {name} LOGIN {rights}"))
    return open_engine(owner.url.set(username=name).render_as_string(hide_password=False))


def test_a_login_that_inherits_nothing_is_told_so_and_reads_no_emptiness(
    postgresql_store: Any, demo_of: Callable[[Any], str], town: Scope
) -> None:
    """It could step into every role, and a policy still shows it no rows where it does not: a check would find all mended."""
    url = postgresql_store.create(like=demo_of(postgresql_store))
    owner = open_engine(url)
    login = make_login(owner, "heirless_login", "NOINHERIT")
    with owner.begin() as conn:
        conn.execute(text(f"GRANT {', '.join(ROLES)} TO heirless_login"))
    with login.connect() as conn, pytest.raises(ProblemError) as refused:
        require_schema(conn)
    assert refused.value.key == "walls.no_roles"
    assert Visits(login, DoorSettings()).trouble() == "no_roles"
    follow(owner, refused.value)
    with login.connect() as conn:
        require_schema(conn)
    with login.connect().execution_options(**{WALL: settings_for(None)}) as conn:
        assert conn.execute(select(func.count()).select_from(child)).scalar_one() > 0
    with pytest.raises(ProblemError) as refused:
        migrate(login)
    assert refused.value.key == "walls.not_owner"
    login.dispose()
    owner.dispose()
    postgresql_store.drop(url)


def test_an_owner_that_inherits_nothing_does_not_migrate_past_its_rows(postgresql_store: Any) -> None:
    url = postgresql_store.create()
    owner = open_engine(url)
    login = make_login(owner, "heirless_owner", "NOINHERIT")
    with pytest.raises(ProblemError) as refused:
        migrate(login)
    assert refused.value.key == "walls.no_tables"
    with owner.begin() as conn:
        conn.execute(text("GRANT ALL ON SCHEMA public TO heirless_owner"))
    with pytest.raises(ProblemError) as refused:
        migrate(login)
    follow(owner, refused.value)
    assert migrate(login) == wanted_revision()
    login.dispose()
    owner.dispose()
    postgresql_store.drop(url)


# --- SQLite ---

ATTACKS = (
    "SELECT name FROM main.child",
    "SELECT id FROM main.child",
    "SELECT child_id FROM main.child_scope",
    "WITH wall AS (SELECT * FROM main.child_scope) SELECT code FROM wall",
    "WITH child AS (SELECT * FROM main.child) SELECT name FROM child",
    "SELECT name FROM (SELECT * FROM main.child) AS child",
    "SELECT (SELECT group_concat(name) FROM main.child)",
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM main.child WHERE name = 'x')",
    "SELECT c.name FROM child JOIN main.child AS c ON c.id = child.id",
    "SELECT id FROM child UNION SELECT id FROM main.child",
    "SELECT rowid FROM main.guardian",
    "SELECT count(*) FROM main.child",
    "SELECT count(*) FROM MAIN /**/ . child",
    'SELECT 1 FROM "main"."home_visit"',
    "SELECT count(*) FROM child_scope",
    "SELECT name, sql FROM sqlite_temp_master",
    "SELECT sql FROM sqlite_master",
    "SELECT password_hash FROM user_account",
    "PRAGMA writable_schema=ON",
    "PRAGMA table_info(child)",
    "ATTACH ':memory:' AS other",
    "CREATE TEMP TABLE taken AS SELECT * FROM child",
    "CREATE TEMP VIEW child2 AS SELECT * FROM main.child",
    "DROP VIEW temp.child",
    "CREATE TABLE taken (x)",
    "INSERT INTO data_version VALUES ('000000', 1)",
    "UPDATE main.child SET name = 'x'",
    "DELETE FROM main.child",
    "ALTER TABLE main.child RENAME TO other",
    "VACUUM INTO '/tmp/never.db'",
    "SELECT load_extension('x')",
    """SELECT id FROM main.child WHERE id IN (SELECT value FROM json_each('[1]'))""",
    "SELECT count(*) FROM child_scope, json_each('[1]')",
    "REINDEX",
    "ANALYZE",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_goes_around_the_views(sqlite_store: Any, open_demo_of: Callable[[Any], Engine], attack: str) -> None:
    engine = open_demo_of(sqlite_store)
    with open_scoped(engine, Scope("t", Role.TOWNSHIP, ("520624001",))) as conn, pytest.raises((DBAPIError, ScopeError)):
        conn.exec_driver_sql(attack).all()


def test_the_name_behind_a_view_opens_nothing_to_whoever_learns_it(
    sqlite_store: Any, open_demo_of: Callable[[Any], Engine], town: Scope
) -> None:
    with open_scoped(open_demo_of(sqlite_store), town) as conn:
        inner = conn.info["guard"].token + "child"
        attack = f'WITH "{inner}" AS (SELECT * FROM child) SELECT count(id) FROM "{inner}"'
        with pytest.raises(ScopeError):
            conn.exec_driver_sql(attack)


def test_a_reading_connection_without_a_scope_does_not_begin(sqlite_store: Any, open_demo_of: Callable[[Any], Engine]) -> None:
    with walls_sqlite.readers(open_demo_of(sqlite_store)).connect() as conn, pytest.raises(ScopeError):
        conn.execute(select(func.count()).select_from(child))


def test_a_connection_changes_its_scope_whole(sqlite_store: Any, open_demo_of: Callable[[Any], Engine], town: Scope) -> None:
    """One connection after another for a town, its county, a school, and the town again."""
    engine = open_demo_of(sqlite_store)
    with engine.connect() as conn:
        code = str(conn.execute(select(child_place.c.school_code).where(child_place.c.school_code.is_not(None))).scalar())
        scopes = (town, replace(town, areas=(town.areas[0][:6],)), Scope("s", Role.SCHOOL, (), (code,)), town)
        wanted = [belonging(conn, scope) for scope in scopes]
    for scope, own in zip(scopes, wanted, strict=True):
        with open_scoped(engine, scope) as conn:
            assert set(conn.execute(select(child.c.id)).scalars()) == own or own == wanted[1]


def test_the_views_follow_the_counties_that_have_data(sqlite_store: Any, demo_of: Callable[[Any], str], town: Scope) -> None:
    """Who sees every county reads without conditions until another county comes in; a load for a prefecture is none."""
    engine, whole = open_engine(sqlite_store.create(like=demo_of(sqlite_store))), replace(town, areas=(town.areas[0][:6],))

    def bodies() -> str:
        with open_scoped(engine, whole) as conn:
            conn.execute(select(func.count()).select_from(child))
            return " ".join(conn.info["guard"].views.values())

    with write(engine, town.areas[0][:4]):
        pass
    assert "WHERE" not in bodies()
    with write(engine, "110101"):
        pass
    assert whole.areas[0] in bodies()
    engine.dispose()
