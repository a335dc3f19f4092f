"""The spool: built, audited, fetched once by its owner, gone."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import pytest
from sqlalchemy import Engine, select

from data_access import audit, exports
from data_access.schema import audit_event
from domain.scope import Role, Scope

COUNTY = Scope("zhang", Role.COUNTY, ("350430",))
CONTENT = "编号,村\n1,杉溪村\n".encode()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KONGCHUO_SPOOL", str(tmp_path / "spool"))
    monkeypatch.setenv("KONGCHUO_ANCHORS", str(tmp_path / "anchors.txt"))
    return tmp_path / "spool"


def write(out: BinaryIO) -> int:
    out.write(CONTENT)
    return 1


def spooled(engine: Engine, session: str = "s1") -> str:
    return exports.spool(engine, COUNTY, session, "个案.csv", "text/csv", write, filter_text="建宁县", row_ids=[1], reason="督导")


def age(folder: Path, seconds: float) -> None:
    for path in folder.iterdir():
        os.utime(path, (path.stat().st_atime - seconds, path.stat().st_mtime - seconds))


def test_the_owner_gets_the_file_and_nothing_stays_behind(engine: Engine, folder: Path) -> None:
    found = exports.take(spooled(engine), "s1")
    assert found is not None
    assert list(folder.iterdir()) == []
    with found.content as content:
        assert (content.read(), found.size, found.file_name, found.media_type) == (CONTENT, len(CONTENT), "个案.csv", "text/csv")


def test_only_once(engine: Engine) -> None:
    token = spooled(engine)
    first = exports.take(token, "s1")
    assert first
    first.content.close()
    assert exports.take(token, "s1") is None


def test_of_many_at_once_one_gets_it(engine: Engine) -> None:
    token = spooled(engine)
    with ThreadPoolExecutor(8) as pool:
        found = [file for file in pool.map(lambda _: exports.take(token, "s1"), range(32)) if file]
    assert len(found) == 1
    found[0].content.close()


def test_another_session_gets_nothing_and_spoils_nothing(engine: Engine) -> None:
    token = spooled(engine)
    assert exports.take(token, "s2") is None
    mine = exports.take(token, "s1")
    assert mine
    mine.content.close()


@pytest.mark.parametrize("token", ["", "x", "../../../etc/passwd", "a/b", "%00", "中" * 50])
def test_an_invented_token_gets_nothing(token: str, engine: Engine) -> None:
    spooled(engine)
    assert exports.take(token, "s1") is None


@pytest.mark.parametrize(("waited", "there"), [(exports.LIFETIME - 5, True), (exports.LIFETIME + 5, False)])
def test_ten_minutes(waited: float, there: bool, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    token = spooled(engine)
    clock = exports.time()
    monkeypatch.setattr(exports, "time", lambda: clock + waited)
    found = exports.take(token, "s1")
    assert (found is not None) == there
    if found:
        found.content.close()


def test_the_audit_knows_the_file_before_anybody_has_it(engine: Engine) -> None:
    spooled(engine)
    with audit.open_audit(engine).connect() as conn:
        row = conn.execute(select(audit_event)).one()
    assert (row.act, row.user, row.row_count, row.row_ids, row.reason) == ("export", "zhang", 1, "1", "督导")
    assert row.file_hash == hashlib.sha256(CONTENT).hexdigest()


def test_no_audit_no_export(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> str:
        assert len(list(folder.iterdir())) == 1
        raise OSError("disk full")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(OSError, match="disk full"):
        spooled(engine)
    assert list(folder.iterdir()) == []


def test_a_writer_that_fails_leaves_nothing(engine: Engine, folder: Path) -> None:
    def failing(out: BinaryIO) -> int:
        out.write(b"half")
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        exports.spool(engine, COUNTY, "s1", "a.csv", "text/csv", failing)
    assert list(folder.iterdir()) == []
    assert audit.verify_chain(engine) == 0


def test_a_writer_may_close_its_file(engine: Engine) -> None:
    def closing(out: BinaryIO) -> int:
        out.write(CONTENT)
        out.close()
        return 1

    found = exports.take(exports.spool(engine, COUNTY, "s1", "a.csv", "text/csv", closing), "s1")
    assert found
    with found.content as content:
        assert content.read() == CONTENT


def test_nobody_else_on_the_machine_may_read_the_spool(engine: Engine, folder: Path) -> None:
    token = spooled(engine)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert not [path for path in folder.iterdir() if token in path.name or token in path.read_text()]


def test_the_sweep_takes_what_nobody_fetched(engine: Engine, folder: Path) -> None:
    spooled(engine)
    assert exports.sweep() == 0
    age(folder, exports.LIFETIME + 5)
    assert exports.sweep() == 2
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("old", "removed"), [(exports.ABANDONED - 60, 0), (exports.ABANDONED + 60, 1)])
def test_the_sweep_leaves_files_that_are_being_built(old: float, removed: int, folder: Path) -> None:
    exports.spool_folder()
    (folder / "half.bin").write_bytes(b"half")
    age(folder, old)
    assert exports.sweep() == removed


def test_the_wait_begins_when_the_file_is_there_however_long_it_took(engine: Engine) -> None:
    def slow(out: BinaryIO) -> int:
        out.write(CONTENT)
        out.flush()
        os.utime(out.fileno(), (1, 1))
        return 1

    token = exports.spool(engine, COUNTY, "s1", "a.csv", "text/csv", slow)
    assert exports.sweep() == 0
    found = exports.take(token, "s1")
    assert found
    found.content.close()


def test_another_process_may_serve_it(engine: Engine) -> None:
    token = spooled(engine)
    code = f"from data_access.exports import take; print(take({token!r}, 's1').content.read().decode(), end='')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.encode() == CONTENT
    assert exports.take(token, "s1") is None
