"""What people mistype or what the machine denies: one line that says so, exit code 2, and nothing written."""

import errno
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from sqlalchemy import Engine, func, select

from data_access.__main__ import commands
from data_access.schema import guardian, import_batch
from domain.terms import LANGS
from domain.terms import say as tell

LEDGER = "学生姓名,性别,身份证号,全国学籍号,学校名称,乡镇,年级,监护人姓名,学籍状态\n"


@pytest.fixture
def say(demo_copy: Engine, monkeypatch: pytest.MonkeyPatch, key_file: Path):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("DATABASE_URL", demo_copy.url.render_as_string(hide_password=False))
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(key_file))
    return lambda *words: CliRunner().invoke(commands, [str(word) for word in words])


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "学籍.csv"
    path.write_text(LEDGER, encoding="utf-8")
    return path


def line_of(result: Result) -> str:
    """The one line of an error."""
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1), result.output
    return result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nonsense"], "没有这个命令"),
        (["--nonsense"], "没有这个选项"),
        (["user", "nonsense"], "没有这个命令"),
        (["export"], "缺少 TABLE"),
        (["export", "cases"], "缺少 --out"),
        (["export", "cases", "--out", "/"], "--out"),
        (["export", "cases", "--out", "a.csv", "--header", "fr"], "--header 的值不正确"),
        (["demo", "--size", "huge"], "--size 的值不正确"),
        (["demo", "--as-of", "2026-02-30"], "--as-of 的值不正确"),
        (["import", "nowhere.xlsx"], "文件不存在"),
        (["undo", "x"], "BATCH 的值不正确"),
        (["batches", "--limit", "-1"], "--limit 的值不正确"),
        (["template", "L0", "--out", "a.csv"], "须以 .xlsx 结尾"),
        (["batches", "x"], "命令用法不对"),
    ],
)
def test_wrong_use_is_one_line_in_both_languages(words: list[str], told: str) -> None:
    assert told in line_of(CliRunner().invoke(commands, words))


def test_called_with_nothing_it_shows_what_there_is() -> None:
    assert "export" in CliRunner().invoke(commands, []).output


def test_a_report_that_cannot_be_written_stops_the_import_before_anything_is_written(say, book: Path, demo_copy: Engine) -> None:  # type: ignore[no-untyped-def]
    assert "report.csv" in line_of(say("import", book, "--report", book / "report.csv"))
    with demo_copy.connect() as conn:
        assert conn.execute(select(func.count()).select_from(import_batch)).scalar() == 0
    assert say("import", book, "--ledger", "L0", "--report", book.with_name("report.csv")).exit_code == 2  # no rows
    assert book.with_name("report.csv").read_text(encoding="utf-8-sig").startswith("file,sheet,cell")


@pytest.mark.parametrize("key", ["access.bind_refused", "access.sign_in.nobody"])
def test_the_command_for_the_first_account_is_told_with_the_areas_it_needs(key: str) -> None:
    assert all("user add NAME --role administrator --areas CODE" in tell(key, lang) for lang in LANGS)


@pytest.mark.parametrize("denied", ["DATABASE_URL", "KONGCHUO_KEY_FILE"])
def test_a_folder_that_cannot_be_made_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, denied: str) -> None:
    (tmp_path / "file").write_text("")
    places = {"DATABASE_URL": f"sqlite:///{tmp_path}/k.db", "KONGCHUO_KEY_FILE": f"{tmp_path}/k.key"}
    for name, place in places.items():
        monkeypatch.setenv(name, place.replace("/k.", "/file/k.") if name == denied else place)
    assert "无法写入 k." in line_of(CliRunner().invoke(commands, ["migrate"]))


def test_a_place_for_a_backup_or_pack_that_cannot_be_written_is_one_line(say, monkeypatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The nightly job ended in forty lines of program where its folder was missing or its disk was full."""
    monkeypatch.setenv("KONGCHUO_BACKUP_PASSPHRASE", "eine lange Passphrase")
    there = tmp_path / "there.zip"
    there.write_bytes(b"last year's")
    for file in (tmp_path / "missing" / "a.backup", tmp_path / "missing" / "a.zip", there):
        words = ("backup", file) if file.suffix == ".backup" else ("audit", "pack", "2026", "--out", file)
        assert (f"无法写入 {file.name}" if file is not there else "已存在") in line_of(say(*words))
    assert there.read_bytes() == b"last year's"
    monkeypatch.setattr("data_access.backups._collect", full)
    assert "无法写入 b.backup" in line_of(say("backup", tmp_path / "b.backup"))
    assert sorted(one.name for one in tmp_path.iterdir() if "backup" in one.name or "kongchuo-" in one.name) == []


def full(*_given: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("words", [(), ("--ledger", "L0")])
def test_a_file_whose_header_is_none_is_one_line_that_names_it(say, tmp_path: Path, words: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert line_of(say("import", tmp_path / "a.csv", *words)).startswith("✗ a.csv A1: ")


@pytest.mark.parametrize("text", ["", "root:x:0:0\n", "mac 00\n", "mac zz\n1 zz\n", f"mac {'0' * 64}\n"])
def test_a_file_that_is_no_key_ring_is_named_and_not_shown(say, monkeypatch, tmp_path: Path, text: str) -> None:  # type: ignore[no-untyped-def]
    bad = tmp_path / "bad.key"
    bad.write_text(text)
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(bad))
    line = line_of(say("export", "L0", "--out", tmp_path / "a.csv"))
    assert "bad.key 不是完整的密钥文件" in line
    assert not text or text.split(maxsplit=1)[0] not in line.split()


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("学生姓名", "表头=字段"),
        ("=sex", "表头=字段"),
        ("性别=", "表头=字段"),
        ("性别=moon", "没有字段 moon"),
        ("月亮=sex", "没有表头「月亮」"),
    ],
)
def test_a_column_option_that_means_nothing_is_refused(say, book: Path, column: str, told: str) -> None:  # type: ignore[no-untyped-def]
    assert told in line_of(say("import", book, "--column", column))


def test_a_ledger_leaves_under_its_title(say, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert "已导出" in say("export", "L12", "--out", tmp_path / "a.xlsx").output
    assert load_workbook(tmp_path / "a.xlsx").sheetnames == ["说明", "L12 督导检查表"]


def test_father_and_grandfather_of_one_name_stay_two_people(say, demo_copy: Engine, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The carer of a registry row is not the parent who happens to bear the carer's name."""
    row = "甲乙,男,{0},G{0},沐台小学,濉溪镇,一年级,甲父,{1},{2},在籍在校\n".format
    header = LEDGER.replace("监护人姓名", "监护人姓名,与学生关系,联系电话")
    book = tmp_path / "学籍.csv"
    number = "999999202001019939"
    book.write_text(header + row(number, "祖父", "10000000001"), encoding="utf-8")
    first = say("import", book, "--ledger", "L0")
    assert first.exit_code == 0, first.output
    civil = tmp_path / "留守.csv"
    columns = "就学情况,父亲姓名,父亲务工地点,父母双方同时外出,父母一方外出、另一方无监护能力,受委托监护人姓名"
    columns += ",与被监护人关系,监护类型,更新日期,性别,全国学籍号,学校名称,乡镇,年级,监护人姓名"
    said = f"甲乙,{number},小学,甲父,福建厦门,是,否,甲父,祖父母,一般,2026-11-01"
    said += f",男,G{number},沐台小学,濉溪镇,一年级,甲父"
    civil.write_text(f"学生姓名,身份证号,{columns}\n{said}\n", encoding="utf-8")
    told = say("import", civil, "--ledger", "L6")
    assert told.exit_code == 0, told.output
    one = guardian.c
    with demo_copy.connect() as conn:
        child = conn.execute(select(one.child_id).where(one.name == "甲父").limit(1)).scalar()
        before = conn.execute(select(one.relation, one.is_carer).where(one.child_id == child)).all()
    assert sorted(before) == [("father", False), ("grandparent", True)]
    assert "变更 0，未变 1" in say("import", book, "--ledger", "L0").output


OTHER_KEYS = f"mac {'3' * 64}\n1 {'4' * 64}\n"


def test_another_databases_keys_are_noticed_before_every_child_looks_new(say, monkeypatch, tmp_path: Path, book: Path) -> None:  # type: ignore[no-untyped-def]
    other, right = tmp_path / "other.key", os.environ["KONGCHUO_KEY_FILE"]
    other.write_text(OTHER_KEYS)
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(other))
    assert "不匹配" in line_of(say("migrate"))  # written before databases knew their keys: one sealed number is tried
    monkeypatch.setenv("KONGCHUO_KEY_FILE", right)
    assert say("migrate").exit_code == 0
    assert say("import", book, "--ledger", "L0").stderr.startswith("✗ 学籍.csv")
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(other))
    for words in (("migrate",), ("import", book, "--ledger", "L0"), ("export", "L0", "--out", tmp_path / "a.csv"), ("check",)):
        assert "不匹配" in line_of(say(*words)), words


def test_lost_keys_are_not_replaced_by_new_ones(say, monkeypatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("KONGCHUO_KEY_FILE", str(tmp_path / "lost.key"))
    assert "lost.key" in line_of(say("migrate"))
    assert not (tmp_path / "lost.key").exists()


@pytest.mark.parametrize("words", [["audit", "verify"], ["audit", "pack", "2026", "--out", "pack.zip"]])
def test_an_empty_database_is_not_one_without_acts(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/mistyped.db")
    monkeypatch.chdir(tmp_path)
    assert "migrate" in line_of(CliRunner().invoke(commands, words))
    assert not (tmp_path / "pack.zip").exists()
