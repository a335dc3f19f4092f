"""Logs without personal values: what went wrong and where, never with which name or number."""

import logging
import traceback
from collections.abc import Mapping
from typing import Any


def keep_values_out() -> None:
    """From now on no log record carries the text of an exception, for it may quote a row: type and place remain."""
    make = logging.getLogRecordFactory()

    def make_clean(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        if record.exc_info and record.exc_info[1]:
            record.exc_text = say_where(record.exc_info[1])
        record.msg, record.args = _without_text(record.msg), _without_text(record.args)
        return record

    logging.setLogRecordFactory(make_clean)


def say_where(problem: BaseException) -> str:
    """The traceback of an exception and of those that led to it, with their types and without their messages."""
    cause = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    before = f"{say_where(cause)}\n" if cause else ""
    return f"{before}{''.join(traceback.format_tb(problem.__traceback__))}{type(problem).__name__}"


def _without_text(value: Any) -> Any:
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, tuple):
        return tuple(_without_text(item) for item in value)
    if isinstance(value, Mapping):
        return {name: _without_text(item) for name, item in value.items()}
    return value
