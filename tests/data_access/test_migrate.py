"""Migrations make exactly the schema of the program, on both engines, and a wrong database says so."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from data_access.engine import database_url, open_engine
from data_access.migrate import found_revision, migrate, require_schema, wanted_revision
from data_access.schema import metadata
from domain.errors import ProblemError


def test_the_migrated_database_has_the_tables_of_the_program(engine: Engine) -> None:
    with engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
        assert found_revision(conn) == wanted_revision()
        require_schema(conn)


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    assert migrate(engine) == wanted_revision()


def test_an_empty_or_older_database_is_refused_with_the_command_to_run(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as conn, pytest.raises(ProblemError, match="data_access migrate"):
        require_schema(conn)
    migrate(engine)
    with engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with engine.connect() as conn, pytest.raises(ProblemError, match="0000"):
        require_schema(conn)
    engine.dispose()


@pytest.mark.parametrize("address", ["mysql://x/y", "nonsense", "postgresql://[", "oracle://u:secret@h/d"])
def test_an_address_that_cannot_be_used_is_refused_without_showing_it(address: str) -> None:
    with pytest.raises(ProblemError) as refused:
        database_url(address)
    assert refused.value.key == "db.bad_url"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("written", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_way_to_write_postgresql_means_psycopg(written: str) -> None:
    assert database_url(written).drivername == "postgresql+psycopg"


def test_a_database_of_a_later_program_is_said_to_be_one(engine: Engine) -> None:
    """Not that `migrate` would help: it has no way back."""
    with engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with engine.connect() as conn, pytest.raises(ProblemError, match="newer"):
        require_schema(conn)
    with pytest.raises(ProblemError, match="newer"):
        migrate(engine)
