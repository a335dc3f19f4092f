"""A large import in a process of its own: `python -m data_access.import_child`, told what to do on its standard input.

It prints a JSON line for each step and at last the result or what is wrong. The address of the database and the way to its keys
come over the pipe and from the environment, never on a command line that others can read.
"""

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import TextIO

from data_access.engine import open_engine
from data_access.import_ledger import import_file
from data_access.import_messages import Message, read_scope, write_note, write_result
from data_access.import_result import ImportResult
from data_access.keys import cipher_of
from domain.errors import ProblemError
from domain.ledgers import ledger

NICENESS = 10  # whoever waits for a page goes first


def _import(order: Message, out: TextIO) -> ImportResult:
    def note(step: str, share: float) -> None:
        _tell(out, {"step": step, "share": share})

    engine = open_engine(order["url"])
    return import_file(
        engine,
        cipher_of(engine),
        read_scope(order["scope"]),
        Path(order["path"]),
        ledger=ledger(order["ledger"]) if order["ledger"] else None,
        as_of=date.fromisoformat(order["as_of"]),
        progress=note,
        **order["options"],
    )


def _tell(out: TextIO, message: Message) -> None:
    out.write(json.dumps(message, ensure_ascii=False) + "\n")
    out.flush()


def main() -> None:
    """Be the child: import what standard input says and tell the outcome, whatever it is."""
    order = json.load(sys.stdin)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with open(1, "w", encoding="utf-8") as out:
        try:
            _tell(out, {"result": write_result(_import(order, out))})
        except ProblemError as problem:
            _tell(out, {"problem": write_note(problem)})
        except Exception as error:
            _tell(out, {"problem": write_note(ProblemError("import.stopped", kind=type(error).__name__))})


if __name__ == "__main__":
    main()
