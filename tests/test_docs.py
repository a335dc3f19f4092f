"""The documents say what is so: commands, links, settings and export columns are checked against the tree."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from data_access.tables import TABLES, ExportTable
from tests.browser.take_pictures import PICTURES

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
OPERATIONS = ROOT / "docs" / "operations.md"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
ROOMS = ("domain", "geo", "data_access", "access", "pages", "tests")


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def code(path: Path) -> str:
    """Everything a document sets as code, fenced or inline."""
    return "\n".join("".join(parts) for parts in re.findall(r"```\n(.*?)```|`([^`\n]+)`", text(path), re.DOTALL))


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.relative_to(ROOT).as_posix())


@cache
def command_line(*words: str) -> str:
    """What `python -m data_access ...` prints."""
    done = subprocess.run([sys.executable, "-m", "data_access", *words], check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@each(DOCUMENTS)
def test_make_targets_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):(?!=)", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", code(path))) <= targets


@each(DOCUMENTS)
def test_links_lead_somewhere(path: Path) -> None:
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text(path)) if "://" not in link]
    assert [link for link in links if link and not (path.parent / link).exists()] == []


def test_pictures_are_those_that_can_be_taken_again() -> None:
    assert {path.stem for path in (ROOT / "docs" / "images").iterdir()} == set(PICTURES)


@each(DOCUMENTS)
def test_commands_exist(path: Path) -> None:
    offered = set(re.findall(r"^  ([a-z][a-z-]*)", command_line("--help").partition("Commands:")[2], re.MULTILINE))
    assert set(re.findall(r"-m data_access ([a-z][a-z-]*)", code(path))) <= offered
    if path == OPERATIONS:
        assert offered <= set(re.findall(r"-m data_access ([a-z][a-z-]*)", code(path)))


def test_settings_are_documented() -> None:
    sources = [MAKEFILE, text(ROOT / "app.py"), *(text(path) for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
    used = {name for source in sources for name in re.findall(r"\bKONGCHUO_[A-Z_]+", source)}
    assert set(re.findall(r"^\| `(KONGCHUO_[A-Z_]+)`", text(OPERATIONS), re.MULTILINE)) == used


def test_no_pin_falls_below_what_mends_a_known_weakness() -> None:
    def version(written: str) -> tuple[int, ...]:
        return tuple(int(part) for part in written.split("."))

    listed = re.findall(r"^\| ([a-z0-9-]+) \| ([0-9.]+) \| .*(?:CVE|GHSA)-", text(OPERATIONS), re.MULTILINE)
    assert len(listed) >= 13
    for name in ("requirements.txt", "requirements-dev.txt"):
        pins = re.findall(r"^([a-z0-9-]+)==([0-9.]+)", text(ROOT / name), re.MULTILINE)
        for package, mended in listed:
            found = [version(pin) for one, pin in pins if one == package]
            assert found, f"{package} is not in {name}"
            assert min(found) >= version(mended), f"{package} in {name}"


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_export_columns_are_documented(table: ExportTable) -> None:
    section = text(OPERATIONS).partition(f"\n### {table.name}\n")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| `(.*?)` \| (.*?) \| (.*) \|$", section, re.MULTILINE)
    assert rows == [(column.field, column.header_zh, column.definition_en) for column in table.columns]


@each(READMES)
def test_both_readmes_give_the_same_commands(path: Path) -> None:
    fenced = re.findall(r"```\n(.*?)```", text(path), re.DOTALL)
    plain = [re.sub(r" +#.*", "", block) for block in fenced]
    assert plain == [re.sub(r" +#.*", "", block) for block in re.findall(r"```\n(.*?)```", text(READMES[0]), re.DOTALL)]


def test_nothing_to_install_or_read_names_a_host() -> None:
    written = [*DOCUMENTS, *ROOT.glob("requirements*.txt"), ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / ".ci" / "run"]
    named = {host for path in written for host in re.findall(r"https?://([\w.-]+)", text(path))}
    assert named <= {"localhost"}
