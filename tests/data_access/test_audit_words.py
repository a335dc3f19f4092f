"""Every act that the code can write into the audit has words in both languages; found by reading the code, not from a list."""

import ast
from collections.abc import Iterator
from pathlib import Path

from domain.notices import NoticeStep
from domain.terms import all_words

ROOT = Path(__file__).resolve().parents[2]
FILES = [path for room in ("data_access", "access", "pages") for path in sorted((ROOT / room).rglob("*.py"))]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
MADE = {"notice_{}": [f"notice_{step}" for step in NoticeStep]}  # acts put together from parts


def constants(tree: ast.Module) -> dict[str, str]:
    """The texts that stand at the top of a module by name."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            pairs = zip(names, values, strict=False)
            found |= {
                n.id: v.value
                for n, v in pairs
                if isinstance(n, ast.Name) and isinstance(v, ast.Constant) and isinstance(v.value, str)
            }
    return found


def takers(here: Path) -> dict[str, int | None]:
    """Function that a file can call -> the place of its parameter `act` among the positional ones; None: by name alone."""
    found: dict[str, int | None] = {}
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and (path == here or not node.name.startswith("_")):
                told = [one for one in (*node.args.args, *node.args.kwonlyargs) if one.arg == "act"]
                if not all(isinstance(one.annotation, ast.Name) and one.annotation.id == "str" for one in told):
                    continue
                places = [one.arg for one in node.args.args if one.arg != "self"]
                if "act" in places:
                    found[node.name] = places.index("act")
                elif "act" in [one.arg for one in node.args.kwonlyargs]:
                    found[node.name] = None
    return found


def given(path: Path, tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """What calls in a file give as the act, and the defaults of its functions."""
    known = takers(path) | {"append": None, "record": 2}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            named = [*node.args.posonlyargs, *node.args.args]
            pairs = [*zip(named[len(named) - len(node.args.defaults) :], node.args.defaults, strict=True)]
            pairs += [(one, default) for one, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if default]
            yield from ((path.name, default) for one, default in pairs if one.arg == "act")
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            of_audit = not isinstance(node.func, ast.Attribute) or getattr(node.func.value, "id", "") in {"audit", "self"}
            place = known.get(name)
            yield from ((path.name, one.value) for one in node.keywords if one.arg == "act")
            if name in known and place is not None and of_audit and len(node.args) > place:
                yield path.name, node.args[place]


def read(value: ast.expr, names: dict[str, str]) -> list[str] | None:
    """The acts that an expression can be; [] for one that is handed on; None for one that cannot be read."""
    if isinstance(value, ast.Constant):
        return [str(value.value)]
    if isinstance(value, ast.IfExp):
        parts = [read(value.body, names), read(value.orelse, names)]
        return None if None in parts else [act for part in parts for act in part or []]
    if isinstance(value, ast.JoinedStr):
        return MADE.get("".join(part.value if isinstance(part, ast.Constant) else "{}" for part in value.values))  # type: ignore[misc]
    if isinstance(value, ast.Name | ast.Attribute):
        name = value.id if isinstance(value, ast.Name) else value.attr
        return [] if name == "act" else [names[name]] if name in names else None
    return None


def test_every_act_has_words() -> None:
    acts: set[str] = set()
    for path, tree in TREES.items():
        names = constants(tree)
        for where, value in given(path, tree):
            told = read(value, names)
            assert told is not None, f"{where}:{value.lineno}: an act that cannot be read"
            acts |= set(told)
    assert {"export", "visit.record", "sign_in", "absence.correct", "print"} <= acts
    assert sorted(act for act in acts if f"act.{act}" not in all_words()) == []
