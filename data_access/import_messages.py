"""What an import in a process of its own is told and tells, as JSON: nothing that can run goes from one to the other."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from data_access.import_result import Action, HeaderColumn, ImportProblem, ImportResult
from data_access.workbook_guard import WorkbookError
from domain.errors import ProblemError, ScopeError
from domain.faults import Fault
from domain.scope import Role, Scope

ERRORS = {kind.__name__: kind for kind in (ProblemError, ScopeError, WorkbookError)}
PLAIN = ("file", "ledger", "same_file_on", "gone", "unread", "batch_id")
Message = dict[str, Any]


def write_scope(scope: Scope) -> Message:
    """A scope as JSON."""
    return {**asdict(scope), "until": scope.until.isoformat() if scope.until else None}


def read_scope(told: Mapping[str, Any]) -> Scope:
    """What `write_scope` wrote."""
    until = date.fromisoformat(told["until"]) if told["until"] else None
    return Scope(told["user"], Role(told["role"]), tuple(told["areas"]), tuple(told["schools"]), until)


def write_note(note: Fault | ProblemError) -> Message:
    """A fault or a problem as JSON, those among its parameters too."""
    code = note.code if isinstance(note, Fault) else note.key
    params = {name: _write_param(value) for name, value in note.params.items()}
    return {"kind": type(note).__name__, "code": code, "params": params}


def _write_param(value: object) -> object:
    if isinstance(value, Fault | ProblemError):
        return write_note(value)
    return value if isinstance(value, int | float | None) else str(value)


def read_note(told: Mapping[str, Any]) -> Fault | ProblemError:
    """What `write_note` wrote."""
    params = {name: read_note(value) if isinstance(value, dict) else value for name, value in told["params"].items()}
    return Fault(told["code"], params) if told["kind"] == "Fault" else ERRORS[told["kind"]](told["code"], **params)


def read_problem(told: Mapping[str, Any]) -> ProblemError:
    """A note that is an error to raise."""
    return ERRORS[told["kind"]](told["code"], **read_note({**told, "kind": "Fault"}).params)


def write_result(result: ImportResult) -> Message:
    """An outcome as JSON; the children it touched stay behind, for the rules have looked at them."""
    problems = [{**vars(one), "fault": write_note(one.fault)} for one in result.problems]
    plain = {name: getattr(result, name) for name in PLAIN}
    headers, notes = [asdict(one) for one in result.headers], [write_note(one) for one in result.notes]
    return {**plain, "actions": result.actions, "problems": problems, "notes": notes, "headers": headers, "alike": result.alike}


def read_result(told: Mapping[str, Any]) -> ImportResult:
    """What `write_result` wrote."""
    return ImportResult(
        **{name: told[name] for name in PLAIN},
        actions=Counter({Action(name): count for name, count in told["actions"].items()}),
        problems=[ImportProblem(**{**one, "fault": read_note(one["fault"])}) for one in told["problems"]],
        notes=[read_note(one) for one in told["notes"]],
        headers=[HeaderColumn(**{**one, "asked": tuple(one["asked"])}) for one in told["headers"]],
        alike=tuple(told["alike"]),
    )
