"""The commands as people type them: on both databases, with right and wrong words; errors are one line and exit code 2."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from sqlalchemy import Engine

from data_access.__main__ import commands
from data_access.accounts import add_user, disable
from data_access.audit_log import AuditFilter, read_events
from data_access.cases import read_cases
from data_access.engine import business_date
from data_access.tables import TABLES
from data_access.walls import open_scoped
from domain.case_filter import CaseFilter, resolve
from domain.scope import Role, Scope

POINTS = """village_code,village_name,town_code,town_name,lon,lat
350499100200,甲村,350499100,甲镇,117.1,26.5
350499100201,乙村,350499100,甲镇,117.2,26.6
"""


def address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, key_file: Path):  # type: ignore[no-untyped-def]
    def run(url: str, *words: object) -> Result:
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("KONGCHUO_KEY_FILE", str(key_file))
        return CliRunner().invoke(commands, [str(word) for word in words])

    return run


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_real_village_list_is_loaded_twice_to_the_same_end(database_url: str, say, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    points = tmp_path / "villages.csv"
    points.write_text(POINTS, encoding="gb18030")
    assert "schema" in say(database_url, "migrate").output
    assert say(database_url, "areas", points, "--crs", "wgs84").output == "4 areas read, 4 new, 0 changed\n"
    assert say(database_url, "areas", points, "--crs", "EPSG:4326").output == "4 areas read, 0 new, 0 changed\n"
    out = tmp_path / "villages.csv.csv"
    assert say(database_url, "export", "villages", "--out", out).exit_code == 0
    assert [(row["village_code"], row["village_name"], row["children"]) for row in rows_of(out)] == [
        ("350499100200", "甲村", "0"), ("350499100201", "乙村", "0"), ("", "", "0"),
    ]  # fmt: skip


def test_a_bureaus_own_database_has_the_rounds_of_march_and_september(database_url: str, say, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    points, out = tmp_path / "villages.csv", tmp_path / "rounds.csv"
    points.write_text(POINTS, encoding="utf-8")
    say(database_url, "migrate")
    say(database_url, "areas", points, "--crs", "wgs84")
    assert say(database_url, "export", "rounds", "--out", out).exit_code == 0
    codes = [row["round"] for row in rows_of(out)]
    assert {code[5:] for code in codes} == {"03", "09"}
    assert say(database_url, "export", "cases", "--round", codes[1], "--out", tmp_path / "cases.csv").exit_code == 0
    assert say(database_url, "export", "cases", "--round", "1999-03", "--out", tmp_path / "none.csv").exit_code == 2


def test_areas_are_checked_before_they_are_written(database_url: str, say, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    shapes = tmp_path / "villages.geojson"
    square = "[[[117.0,26.5],[117.1,26.5],[117.1,26.6],[117.0,26.6],[117.0,26.5]]]"
    features = [
        f'{{"type":"Feature","properties":{{"code":"35049910020{n}","name":"{name}"}},"geometry":{{"type":"Polygon","coordinates":{square}}}}}'
        for n, name in enumerate("甲乙")
    ]
    shapes.write_text(f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}', encoding="utf-8")
    say(database_url, "migrate")
    assert say(database_url, "areas", shapes).exit_code == 2
    dry = say(database_url, "areas", shapes, "--crs", "gcj02", "--dry-run")
    assert dry.exit_code == 1
    assert "refused" in dry.output
    assert "甲" in dry.output
    assert "1 areas read, nothing written" in dry.output  # the county above them


def test_aliases_and_mergers_come_from_tables(demo_copy: Engine, say, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    aliases, merges = tmp_path / "aliases.csv", tmp_path / "merges.csv"
    aliases.write_text("village_code,alias\n350430100001,老城关\n", encoding="utf-8")
    merges.write_text("old_code,new_code,on_date,document\n350430100003,350430100001,2026-09-01,民发1号\n", encoding="utf-8")
    assert say(address(demo_copy), "areas", aliases, "--kind", "aliases").output == "1 aliases, 0 children placed\n"
    assert say(address(demo_copy), "areas", merges, "--kind", "merges").output == "1 merges\n"
    bad = say(address(demo_copy), "areas", aliases, "--kind", "merges")
    assert (bad.exit_code, "old_code" in bad.output) == (2, True)


def test_the_map_is_drawn_to_a_file(demo_engine: Engine, say, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for name, start in (("a.pdf", b"%PDF"), ("a.png", b"\x89PNG"), ("a.geojson", b"{"), ("a.gpkg", b"SQLite")):
        out = tmp_path / name
        assert say(address(demo_engine), "map", "--out", out, "--layer", "dropout", "--area", "350430100").exit_code == 0
        assert out.read_bytes().startswith(start)
    for words in (["--layer", "moon"], ["--exact"], ["--level", "planet"], ["--classes", "target"]):
        assert say(address(demo_engine), "map", "--out", tmp_path / "b.pdf", *words).exit_code == 2
    assert say(address(demo_engine), "map", "--out", tmp_path / "b.doc").exit_code == 2
    assert not (tmp_path / "b.pdf").exists()


def test_the_shared_files_of_county_and_towns_hide_the_same_cells(demo_engine: Engine, say, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Files made by different filters of one day are one table: laid side by side they say no more."""

    def share(*words: str) -> dict[str, dict[str, Any]]:
        out = tmp_path / "shared.geojson"
        done = say(address(demo_engine), "map", "--out", out, *words)
        assert done.exit_code == 0, done.output
        return {one["properties"]["code"]: one["properties"] for one in json.loads(out.read_text("utf-8"))["features"]}

    county, town = share(), share("--area", "350430100")
    assert town == {code: told for code, told in county.items() if code.startswith("350430100")}
    assert any(told["hidden"] for told in town.values())
    for words in (["--stage", "junior"], ["--group", "poor"], ["--overdue"]):
        refused = say(address(demo_engine), "map", "--out", tmp_path / "part.geojson", *words)
        assert refused.exit_code == 2
        assert "对外提供" in refused.output
    assert not (tmp_path / "part.geojson").exists()


def most_overdue_owner(engine: Engine) -> int:
    """The number of the person at school who answers for the most overdue case of the town."""
    scope = Scope("t", Role.COUNTY, ("350430",))
    with open_scoped(engine, scope) as conn:
        [case] = read_cases(conn, scope, resolve(CaseFilter(area="350430102"), business_date(conn), {}), limit=1)
    return case.school.person_id or 0


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_table_is_exported_with_its_columns(demo_engine: Engine, say, tmp_path: Path, table: str, kind: str) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / f"{table}.{kind}"
    whose = ("--owner", most_overdue_owner(demo_engine)) if table == "worklist" else ()
    done = say(address(demo_engine), "export", table, "--out", out, "--area", "350430102", *whose)
    assert done.exit_code == 0, done.output
    if kind == "csv":
        assert out.read_text("utf-8-sig").split("\n")[0].strip().split(",") == [column.field for column in TABLES[table].columns]
        assert f"已导出 {len(rows_of(out))} 行" in done.output
    else:
        book = load_workbook(out, read_only=True)
        assert len(book.sheetnames) == 2
        assert "演示数据" in str(list(book[book.sheetnames[0]].iter_rows(values_only=True)))


def test_the_help_of_export_names_every_table() -> None:
    told = CliRunner().invoke(commands, ["export", "--help"]).output
    assert [name for name in TABLES if name not in told] == []


WRONG = [
    (("export", "nothing", "--out", "x.csv"), "nothing"),
    (("export", "cases", "--out", "x.pdf"), "x.pdf"),
    (("export", "cases", "--out", "x.csv", "--area", "99"), "--area"),
    (("export", "cases", "--out", "x.csv", "--area", "350430199"), "350430199"),
    (("export", "cases", "--out", "x.csv", "--school", "3135999999"), "3135999999"),
    (("export", "cases", "--out", "x.csv", "--as-of", "2026-13-01"), "--as-of"),
    (("export", "cases", "--out", "x.csv", "--status", "dropout,nonsense"), "--status"),
    (("export", "cases", "--out", "x.csv", "--round", "2019-01"), "--round"),
    (("export", "cases", "--out", "x.csv", "--no-mask"), "--user"),
    (("export", "cases", "--out", "x.csv", "--no-mask", "--user", "nobody", "--reason", "r"), "nobody"),
    (("export", "cases", "--out", "/no/such/folder/x.csv"), "x.csv"),
    (("import", "/no/such/file.xlsx"), "does not exist"),
    (("import", "pyproject.toml", "--ledger", "L99"), ""),
    (("demo",), "demo"),
]


@pytest.mark.parametrize(("words", "named"), WRONG)
def test_wrong_words_are_one_clear_line_and_exit_code_two(
    demo_engine: Engine,
    say,
    words: tuple[str, ...],
    named: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,  # type: ignore[no-untyped-def]
) -> None:
    root = Path.cwd()
    monkeypatch.chdir(tmp_path)
    words = tuple(str(root / word) if word == "pyproject.toml" else word for word in words)
    done = say(address(demo_engine), *words)
    assert done.exit_code == 2, done.output
    assert named in done.output
    assert "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == []


def test_names_leave_unmasked_only_for_who_may_see_them(demo_copy: Engine, say, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    add_user(demo_copy, "town", "Kq7!vantage-Rill", Role.TOWNSHIP, ("350430100",))
    add_user(demo_copy, "watch", "Kq7!vantage-Rill", Role.INSPECTOR, ("350430",))
    out, url = tmp_path / "cases.csv", address(demo_copy)
    assert say(url, "export", "cases", "--out", out, "--no-mask", "--user", "watch", "--reason", "督导").exit_code == 2
    assert not out.exists()
    assert say(url, "export", "cases", "--out", out, "--no-mask", "--user", "town", "--reason", "核对").exit_code == 0
    assert rows_of(out)
    assert not any("*" in row["child_name"] for row in rows_of(out))


def test_a_named_account_takes_its_own_rows_masked_unless_it_asks_for_more(demo_copy: Engine, say, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    add_user(demo_copy, "town", "Kq7!vantage-Rill", Role.TOWNSHIP, ("350430100",))
    add_user(demo_copy, "gone", "Kq7!vantage-Rill", Role.TOWNSHIP, ("350430100",))
    disable(demo_copy, "gone")
    out, whole, url = tmp_path / "cases.csv", tmp_path / "all.csv", address(demo_copy)
    assert say(url, "export", "cases", "--out", whole).exit_code == 0
    assert say(url, "export", "cases", "--out", out, "--user", "town").exit_code == 0
    assert 0 < len(rows_of(out)) < len(rows_of(whole))
    assert all("*" in row["child_name"] for row in rows_of(out))
    by_town = AuditFilter(date(2020, 1, 1), date(2200, 1, 1), "town", "export")
    assert len(read_events(demo_copy, Scope("admin", Role.ADMINISTRATOR, ("350430",)), by_town)) == 1
    for more in ((), ("--no-mask", "--reason", "核对")):
        done = say(url, "export", "cases", "--out", tmp_path / "no.csv", "--user", "gone", *more)
        assert (done.exit_code, "gone" in done.output) == (2, True)
    assert say(url, "export", "cases", "--out", tmp_path / "no.csv", "--user", "nobody").exit_code == 2


def test_the_check_lists_contradictions_by_rule_and_filter(demo_copy: Engine, say, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    url, out = address(demo_copy), tmp_path / "open.csv"
    one = say(url, "check", "--rule", "expelled", "--rule", "transfer_unmatched", "--lang", "en", "--out", out)
    assert one.exit_code == 1
    assert one.output.splitlines()[:2] == [
        "error: Movement that is not allowed: expulsion or withdrawal: 1",
        "warning: Transfer out, and nobody took the pupil in for 30 days: 1",
    ]
    assert {row["Contradiction"] for row in rows_of(out)} == {"expelled", "transfer_unmatched"}
    assert say(url, "check", "--rule", "transfer_unmatched").exit_code == 0  # warnings only
    assert say(url, "check", "--rule", "expelled", "--stage", "junior").exit_code == 0  # a primary pupil's
    assert say(url, "check", "--rule", "nonsense").exit_code == 2


def test_the_nightly_check_finds_a_summary_that_is_wrong(demo_copy: Engine, say) -> None:  # type: ignore[no-untyped-def]
    url = address(demo_copy)
    before = say(url, "check", "--lang", "en")
    assert "differs" not in before.output
    assert before.exit_code == 1  # the demo's contradictions
    with demo_copy.begin() as conn:
        conn.exec_driver_sql("UPDATE village_count SET at_risk = at_risk + 1 WHERE school_year = 2026")
        conn.exec_driver_sql("UPDATE school_count SET start_count = start_count + 1 WHERE school_year = 2026")
    found = say(url, "check", "--lang", "en")
    assert found.exit_code == 1
    assert "villages differs" in found.output
    assert "schools differs" in found.output
