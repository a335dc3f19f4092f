from pathlib import Path

import pytest

from data_access.workbook_in import WorkbookError, cell_name, read_workbook
from tests.corpus.build import SPECIMENS
from tests.corpus.messy import FLAGGED, MESSY
from tests.corpus.people import Pupil
from tests.corpus.specimen import Readable, Refused, Specimen
from tests.corpus.wrong import WRONG

KNOWN = {Pupil(number).name for number in range(1, 30)}


def each(specimens: list[Specimen]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("specimen", specimens, ids=lambda specimen: specimen.name)


@each([*MESSY, *FLAGGED])
def test_what_is_right_is_read_whole(specimen: Specimen, tmp_path: Path) -> None:
    expected = specimen.outcome
    assert isinstance(expected, Readable)
    path = tmp_path / specimen.name
    path.write_bytes(specimen.make())
    book = read_workbook(path)
    texts = [text for sheet in book.sheets for row in sheet.rows for text in row if text]
    assert tuple(text for text in texts if text in KNOWN | set(expected.pupils)) == expected.pupils
    assert set(expected.holds) <= set(texts)
    flags = {(sheet.name, cell_name(*cell), flag.value) for sheet in book.sheets for cell, flag in sheet.flags.items()}
    assert flags == set(expected.flags)
    assert tuple(note.key for note in book.notes) == expected.notes


@each(WRONG)
def test_what_is_wrong_is_refused_where_it_is(specimen: Specimen, tmp_path: Path) -> None:
    expected = specimen.outcome
    assert isinstance(expected, Refused)
    path = tmp_path / specimen.name
    path.write_bytes(specimen.make())
    with pytest.raises(WorkbookError) as refused:
        read_workbook(path)
    problem = refused.value
    place = (problem.params["file"], problem.params.get("sheet", ""), problem.params.get("cell", ""))
    assert (problem.key, *place) == (expected.key, specimen.name, expected.sheet, expected.cell)


def test_no_two_specimens_share_a_name() -> None:
    assert len({specimen.name for specimen in SPECIMENS}) == len(SPECIMENS) >= 60
