"""Logs hold no personal values."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from access.logs import keep_values_out


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What a logger with its own handler writes, as Streamlit's and uvicorn's have."""
    make, written = logging.getLogRecordFactory(), StringIO()
    logger, handler = logging.getLogger("test.values"), logging.StreamHandler(written)
    logger.addHandler(handler)
    keep_values_out()
    yield written
    logger.removeHandler(handler)
    logging.setLogRecordFactory(make)


def read_child(name: str) -> None:
    try:
        int(name)
    except ValueError as problem:
        raise LookupError(f"no child {name}") from problem


def test_what_and_where_without_the_values(log: StringIO) -> None:
    name = "张" + "三"
    try:
        read_child(name)
    except LookupError as problem:
        logging.getLogger("test.values").exception("failed")
        logging.getLogger("test.values").warning("again: %s", problem)
        logging.getLogger("test.values").warning("in words: %(p)s", {"p": problem})
    text = log.getvalue()
    assert "张三" not in text
    assert text.index("ValueError") < text.index("LookupError")
    assert "in read_child" in text
    assert "again: LookupError" in text


def test_other_records_stay_as_they_are(log: StringIO) -> None:
    logging.getLogger("test.values").warning("%d of %s", 3, "cases")
    assert log.getvalue() == "3 of cases\n"


def test_an_exception_as_the_message(log: StringIO) -> None:
    logging.getLogger("test.values").error(ValueError("张三"))
    assert "张三" not in log.getvalue()
