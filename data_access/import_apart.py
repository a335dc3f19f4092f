"""An import beside the server: a large file must not hold up those who look at pages meanwhile."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import Engine

from data_access.import_ledger import Progress, import_file
from data_access.import_messages import read_problem, read_result, write_scope
from data_access.import_result import ImportResult
from data_access.keys import cipher_of
from domain.errors import ProblemError
from domain.ledgers import Ledger
from domain.scope import Scope

ROOT = Path(__file__).resolve().parent.parent
LARGE = 256 * 1024  # bytes; a school's file is smaller, and is in before another process has begun


@dataclass(frozen=True)
class Order:
    """An import as `import_file` takes it: the file, its ledger where it is known, the day, and the options by name."""

    path: Path
    ledger: Ledger | None
    as_of: date
    options: dict[str, Any] = field(default_factory=dict)


def import_apart(
    engine: Engine, scope: Scope, order: Order, progress: Progress = lambda _step, _share: None, large: int = LARGE
) -> ImportResult:
    """`import_file`, in a process of its own when the file is large: the same outcome, the same errors.

    Threads of one Python process take turns: an import of 30,000 rows would make every page of the server wait for its own.
    Raises ProblemError import.stopped when the process ends without an outcome; its transaction is then undone or complete.
    The `touched` of a result from another process is empty.
    """
    if order.path.stat().st_size < large or engine.url.database == ":memory:":
        told = {"ledger": order.ledger, "as_of": order.as_of, **order.options}
        return import_file(engine, cipher_of(engine), scope, order.path, progress=progress, **told)
    with _child() as child:
        with suppress(BrokenPipeError), cast(IO[bytes], child.stdin) as orders:
            orders.write(json.dumps(_written(engine, scope, order)).encode())
        for line in cast(IO[bytes], child.stdout):
            message = json.loads(line)
            if "step" in message:
                progress(message["step"], message["share"])
            elif "result" in message:
                return read_result(message["result"])
            else:
                raise read_problem(message["problem"])
    raise ProblemError("import.stopped", kind=child.returncode)


def _written(engine: Engine, scope: Scope, order: Order) -> dict[str, Any]:
    return {
        "url": engine.url.render_as_string(hide_password=False),
        "scope": write_scope(scope),
        "path": str(order.path.absolute()),
        "ledger": order.ledger.code if order.ledger else None,
        "as_of": order.as_of.isoformat(),
        "options": order.options,
    }


@contextmanager
def _child() -> Iterator[subprocess.Popen[bytes]]:
    """The process; ended with whoever waits for it, for an import that is killed leaves nothing half done."""
    command = [sys.executable, "-m", "data_access.import_child"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=nowhere) as child:  # noqa: S603 - our own module
        try:
            yield child
        finally:
            child.kill()
