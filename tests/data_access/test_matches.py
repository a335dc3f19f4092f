"""Doubtful matches wait for a person; merged records part again to the last value; a child in two registers is listed."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from data_access import schema
from data_access.child_origins import read_child_origins
from data_access.import_ledger import import_file
from data_access.import_result import Action
from data_access.match_reviews import decide, read_decisions, read_reviews, take_decision_back
from data_access.matches import merge_children, part_children
from data_access.secrets import Cipher
from data_access.writing import write
from domain.errors import ProblemError
from domain.scope import Role, Scope
from tests.data_access.small_world import COUNTY, TOWNS, lay_out
from tests.data_access.test_batches import everything
from tests.data_access.test_import_ledger import id_number, pupil, save

AS_OF = date(2026, 11, 20)
CLERK = Scope("clerk", Role.COUNTY, (COUNTY,))
ELSEWHERE = Scope("t", Role.TOWNSHIP, (TOWNS[1],))


@pytest.fixture
def county(engine: Engine, cipher: Cipher, tmp_path: Path) -> Engine:
    lay_out(engine, AS_OF)
    import_file(engine, cipher, CLERK, save(tmp_path / "L0.xlsx", [pupil(n) for n in range(1, 6)]), as_of=AS_OF)
    return engine


def number_of(engine: Engine, name: str) -> int:
    with engine.connect() as conn:
        return int(conn.execute(select(schema.child.c.id).where(schema.child.c.name == name)).scalar_one())


def test_a_doubtful_row_waits_for_a_person_and_goes_by_what_was_decided(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    other = save(
        tmp_path / "b.xlsx", [pupil(40, name="试学1"), pupil(41)]
    )  # the same name, birth date and school, another number
    first = import_file(county, cipher, CLERK, other, as_of=AS_OF)
    assert [(one.cell, one.fault.code) for one in first.problems] == [("D4", "import.doubtful")]
    (review,) = read_reviews(county, cipher, CLERK, AS_OF)
    assert (review.kind, review.child_id, review.row_no) == ("same_name", number_of(county, "试学1"), 4)
    assert read_reviews(county, cipher, ELSEWHERE, AS_OF) == []
    assert "试学1" not in review.said
    assert review.said.split(" · ")[1:] == ["女", "测试0校", "五年级", "2班", "甲200"]
    (known,) = review.known
    assert (known.child_id, known.born, known.school) == (review.child_id, 2015, "测试0校")
    assert "试学1" not in known.name
    decide(county, cipher, CLERK, review.id, same=False)
    again = import_file(county, cipher, CLERK, other, as_of=AS_OF)
    assert again.actions[Action.NEW] == 1
    assert read_reviews(county, cipher, CLERK, AS_OF) == []
    with pytest.raises(ProblemError):
        decide(county, cipher, CLERK, review.id, same=True)


def test_a_number_under_quite_another_name_renames_nobody_until_a_person_says_so(
    county: Engine, cipher: Cipher, tmp_path: Path
) -> None:
    """A stranger's number typed by mistake must not make one child out of two; a name mended by a character goes in."""
    stranger = save(tmp_path / "b.xlsx", [pupil(3, name="欧阳某")])
    first = import_file(county, cipher, CLERK, stranger, as_of=AS_OF)
    assert [(one.cell, one.fault.code) for one in first.problems] == [("D4", "import.other_name")]
    (review,) = read_reviews(county, cipher, CLERK, AS_OF)
    assert (review.kind, review.child_id) == ("other_name", number_of(county, "试学3"))
    decide(county, cipher, CLERK, review.id, same=True)
    assert import_file(county, cipher, CLERK, stranger, as_of=AS_OF).actions[Action.CHANGED] == 1
    assert number_of(county, "欧阳某") == review.child_id
    mended = save(tmp_path / "c.xlsx", [pupil(3, name="欧阳木")])
    assert import_file(county, cipher, CLERK, mended, as_of=AS_OF).accepted == 1


def test_a_child_without_numbers_is_known_by_name_birth_and_school(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    blank = dict.fromkeys(("id_no", "id_mac", "registry_no", "registry_mac"))
    with write(county, COUNTY) as conn:
        conn.execute(update(schema.child).where(schema.child.c.name == "试学2").values(blank))
    result = import_file(county, cipher, CLERK, save(tmp_path / "b.xlsx", [pupil(2)]), as_of=AS_OF)
    assert result.actions[Action.CHANGED] == 1
    with county.connect() as conn:
        row = conn.execute(select(schema.child).where(schema.child.c.name == "试学2")).one()
    assert cipher.unseal(row.id_no) == id_number(2)


def test_a_child_in_two_registers_is_listed_and_counts_where_it_was_named_last(
    county: Engine, cipher: Cipher, tmp_path: Path
) -> None:
    elsewhere = save(tmp_path / "b.xlsx", [pupil(3, school="测试1校")])
    result = import_file(county, cipher, CLERK, elsewhere, as_of=AS_OF)
    assert result.accepted == 1
    (review,) = read_reviews(county, cipher, CLERK, AS_OF)
    assert (review.kind, review.elsewhere) == ("two_schools", "测试0校")
    with county.connect() as conn:
        open_now = schema.enrolment_spell.c.valid_to == schema.OPEN_END
        mine = schema.enrolment_spell.c.child_id == number_of(county, "试学3")
        schools = conn.execute(select(schema.enrolment_spell.c.school_code).where(open_now, mine)).scalars().all()
    assert len(schools) == 2


def test_a_merge_moves_everything_and_parts_again(county: Engine) -> None:
    before = everything(county)
    kept, gone = number_of(county, "试学4"), number_of(county, "试学5")
    merge = merge_children(county, CLERK, kept, gone)
    with county.connect() as conn:
        places = set(conn.execute(select(schema.child_place.c.child_id)).scalars())
        assert kept in places
        assert gone not in places
    with pytest.raises(ProblemError):
        merge_children(county, CLERK, kept, gone)
    part_children(county, CLERK, merge)
    after = everything(county)
    assert {name: rows for name, rows in after.items() if name != "child_merge"} == {
        name: rows for name, rows in before.items() if name != "child_merge"
    }
    with pytest.raises(ProblemError):
        part_children(county, CLERK, merge)
    with pytest.raises(ProblemError):
        merge_children(county, ELSEWHERE, kept, gone)


def test_a_decision_is_taken_back_and_a_merge_with_it(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    """A child entered under a temporary number and again under its own: one child in the end, then two records again."""
    temporary = f"J{id_number(4)}"
    unnumbered = {"id_no": None, "id_mac": None, "registry_no": cipher.seal(temporary), "registry_mac": cipher.mac(temporary)}
    with write(county, COUNTY) as conn:
        conn.execute(update(schema.child).where(schema.child.c.name == "试学5").values(unnumbered))
    before = everything(county)
    mixed = save(tmp_path / "b.xlsx", [pupil(4, registry=temporary)])
    import_file(county, cipher, CLERK, mixed, as_of=AS_OF)
    (review,) = read_reviews(county, cipher, CLERK, AS_OF)
    assert (review.kind, len(review.known)) == ("two_children", 2)
    decide(county, cipher, CLERK, review.id, same=True)
    assert read_decisions(county, cipher, ELSEWHERE, AS_OF) == []
    (decision,) = read_decisions(county, cipher, CLERK, AS_OF)
    assert (decision.id, decision.decided, decision.decided_by) == (review.id, "same", "clerk")
    take_decision_back(county, CLERK, review.id)
    assert [one.id for one in read_reviews(county, cipher, CLERK, AS_OF)] == [review.id]
    assert read_decisions(county, cipher, CLERK, AS_OF) == []
    apart = {"child_merge", "match_review", "import_batch", "import_row", "import_problem"}
    after = everything(county)
    assert {name: rows for name, rows in after.items() if name not in apart} == {
        name: rows for name, rows in before.items() if name not in apart
    }
    with pytest.raises(ProblemError):
        take_decision_back(county, CLERK, review.id)


def test_where_records_come_from_is_told_to_those_who_see_the_child(county: Engine) -> None:
    child = number_of(county, "试学3")
    assert {one.file_name for one in read_child_origins(county, CLERK, child)} == {"L0.xlsx"}
    assert read_child_origins(county, ELSEWHERE, child) == []
