"""What is said when a page or a part of it fails."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from traceback import extract_tb

import streamlit as st

from domain.errors import ProblemError
from pages.shared.view import tell, tell_problem

log = logging.getLogger(__name__)


@contextmanager
def say_what_failed() -> Iterator[None]:
    """Say in words what went wrong in a page; on a fragment, which runs outside the frame, as a decorator.

    The log gets where it happened and what kind of error: messages hold names.
    """
    try:
        yield
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/error:")
    except Exception as error:
        number = secrets.token_hex(4)
        places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(extract_tb(error.__traceback__)))
        log.error("page failed %s: %s at %s", number, type(error).__qualname__, places)
        of_database = type(error).__module__.startswith("sqlalchemy.")
        st.error(tell("frame.database" if of_database else "frame.broken", number=number), icon=":material/error:")
