import re
from pathlib import Path

import pytest

from data_access.workbook_guard import LIMITS, FileKind, WorkbookError, check_file
from domain.words.workbooks import WORDS
from tests.corpus.specimen import old, table, text

ROOM = Path(__file__).parents[2] / "data_access"
KEYS = {key for path in ROOM.glob("workbook_*.py") for key in re.findall(r'"(workbook\.[a-z_.]+)"', path.read_text("utf-8"))}
PARAMS = {"rows": 1, "columns": 2, "sheets": 3, "megabytes": 4, "line": 5}


@pytest.mark.parametrize(("data", "kind"), [(table(), FileKind.XLSX), (old(), FileKind.XLS), (text("gb18030"), FileKind.CSV)])
def test_a_good_file_passes(data: bytes, kind: FileKind) -> None:
    assert check_file(data, LIMITS) is kind


def test_every_key_in_the_code_has_words() -> None:
    assert len(KEYS) > 20
    assert set(WORDS) >= KEYS


@pytest.mark.parametrize("key", sorted(key.removesuffix(".mend") for key in WORDS if key.endswith(".mend")))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_refusal_says_where_what_and_how_to_mend(key: str, lang: str) -> None:
    problem = WorkbookError(key, file="台账.xlsx", sheet="学生", cell="C7", **PARAMS)
    said = problem.say(lang)  # type: ignore[arg-type]
    assert said.startswith("台账.xlsx › 学生 › C7")
    assert problem.message(lang) in said  # type: ignore[arg-type]
    assert said.endswith(problem.mend(lang))  # type: ignore[arg-type]
    assert not re.search(r"[{}]|workbook\.[a-z]", said)


def test_a_problem_without_a_place_starts_with_what_is_wrong() -> None:
    assert WorkbookError("workbook.empty").say("en").startswith("The file is empty.")


def test_a_table_with_a_column_named_pk_is_no_zip() -> None:
    assert check_file(b"PK,name\n1,a\n") is FileKind.CSV
