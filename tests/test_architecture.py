"""The rules of the house (docs/architecture.md), read from the syntax trees: who imports whom, and what nobody writes."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("domain", "geo", "data_access", "access", "pages")
EXCEL = {"openpyxl", "xlsxwriter", "python_calamine"}
SCREEN = {"streamlit", "streamlit_folium"}
MAPS = {"folium", "branca", "geopandas"}
NEVER_IMPORTS = {
    "geo": SCREEN | {"sqlalchemy", "data_access", "access", "pages"},
    "data_access": SCREEN | MAPS | {"geo", "access", "pages"},
    "access": SCREEN | MAPS | EXCEL | {"geo", "pages"},
    "pages": MAPS | EXCEL | {"sqlalchemy", "access"},
}
ONLY_SHARED = {"cache_data", "cache_resource", "query_params", "session_state", "stop"}  # what of streamlit a page leaves alone
ROOTS = {"app", "data_access.__main__"}  # composition roots: they import any room, nobody imports them
ADDRESS = re.compile(r"(https?:|wss?:|[\"'(=])//[\w{$]|https?://$")  # with a host, or to be completed with one
MIGRATIONS = ROOT / "data_access" / "migrations"


def modules(room: str) -> list[Path]:
    """The Python files of a room."""
    return sorted(path for path in (ROOT / room).rglob("*.py") if MIGRATIONS not in path.parents)


EVERY = [ROOT / "app.py", *(path for room in ROOMS for path in modules(room))]
PAGES = sorted(path for path in (ROOT / "pages").glob("*.py") if not path.stem.startswith("_"))
SHOWING = [path for room in ("geo", "pages", "access") for path in modules(room)]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=named)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every dotted name a module imports, also inside functions; `from a import b` gives a and a.b."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def texts(path: Path) -> Iterator[str]:
    """Every string a module holds, docstrings aside."""
    own = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {id(node.body[0].value) for node in ast.walk(tree(path)) if isinstance(node, own) and ast.get_docstring(node)}  # type: ignore[attr-defined]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@each([path for path in EVERY if named(path) not in {"app.py", "data_access/__main__.py"}])
def test_imports(path: Path) -> None:
    room, found = path.relative_to(ROOT).parts[0], set(imports(path))
    tops = {name.partition(".")[0] for name in found}
    assert not tops & NEVER_IMPORTS.get(room, set())
    assert not found & ROOTS
    if room == "domain":
        assert tops <= sys.stdlib_module_names | {"domain"}


@each(PAGES)
def test_a_page_stands_alone(path: Path) -> None:
    assert not {name for name in imports(path) if re.match(r"pages\.(?!shared\b)", name) or name.startswith("streamlit_folium")}
    touched = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute) and named_st(node.value)}
    assert not touched & ONLY_SHARED
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


def named_st(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "st"


@each(PAGES)
def test_a_page_asks_who_is_looking_first(path: Path) -> None:
    quiet = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    first = next(node for node in tree(path).body if not isinstance(node, quiet) and not is_text(node))
    assert ast.unparse(first) == f"scope = require_scope('{path.stem}')"


def is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@each([path for path in SHOWING if named(path) != "geo/basemaps.py"])
def test_no_address_outside_this_machine(path: Path) -> None:
    assert not [text for text in texts(path) if ADDRESS.search(text)]


@each([path for path in SHOWING if "shared" not in path.parts])
def test_no_html_of_ones_own(path: Path) -> None:
    assert not [node for node in ast.walk(tree(path)) if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html"]


@each(modules("pages"))
def test_what_joins_words_is_said_in_the_language_of_the_page(path: Path) -> None:
    """A colon, comma or bracket of Chinese width between two words stands on an English page too."""
    assert not [text for text in texts(path) if re.search("[：；，。、（）]", text)]


@each(EVERY)
def test_nothing_is_left_undone(path: Path) -> None:
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", path.read_text(encoding="utf-8"))
    assert not [
        node for node in ast.walk(tree(path)) if isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node)
    ]


@each(EVERY)
def test_names_say_what_they_do(path: Path) -> None:
    functions = {node.name for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert not {name for name in functions if re.match(r"_?(get|handle|process)_", name)}
    assert path.stem not in {"utils", "helpers", "manager", "services"}


PLAIN = {  # who may open a connection outside the walls: to read accounts, places and the machinery, never a row about a child
    *("accounts", "account_desk", "audit", "audit_log", "commands", "import_ledger", "key_rotation", "migrate", "old_children"),
    *("sessions", "sign_in", "walls", "writing", "backups", "commands_keep", "door_rules", "__main__"),
    *("cached", "visits", "assets"),
    "keys",  # one sealed number, to know whether the key ring is this database's
    "matches",  # the county of a child and the number of a merger, before the walls are asked whether they may be seen
    *("batches", "import_history"),  # which imports there were
    *("checking", "clashes"),  # the rules that hold all counties against each other
    "demo_second",  # a scratch database of invented people
}


@each([path for path in EVERY if "connect(" in path.read_text(encoding="utf-8")])
def test_rows_about_children_are_read_inside_the_walls(path: Path) -> None:
    """`open_scoped` for a reader, `write` for a change: a new module that opens a connection of its own says here why it may."""
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    opens = [node for node in calls if node.func.attr == "connect" and "sqlite3" not in ast.unparse(node.func)]  # type: ignore[attr-defined]
    assert not opens or path.stem in PLAIN


@each(sorted({*modules("pages")} - {ROOT / "pages" / "shared" / "view.py"}))
def test_what_a_problem_says_is_shown_letter_by_letter(path: Path) -> None:
    """It quotes what people typed and what files held, and Streamlit reads Markdown: pages say it with `tell_problem`."""
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    assert not [call for call in calls if ast.unparse(call.func) in {"problem.say", "refused.say", "error.say"}]
