"""A child on no register of whom the survey or a placement says what became of it is taken with that outcome; on both engines."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from data_access.checking import check_all
from data_access.derive import rebuild_all
from data_access.schema import contradiction, placement, survey_entry
from data_access.schooling import read_enrolment, read_not_enrolled
from data_access.secrets import Cipher
from data_access.writing import write, write_state
from domain.case_filter import CaseFilter, resolve
from domain.grades import Stage
from domain.scope import Role, Scope
from tests.data_access.bad_rows import COUNTY, TODAY, BadRows

OFFICIAL = Scope("official", Role.COUNTY, (COUNTY,))
NOW = resolve(CaseFilter(), TODAY, {})
MAY = date(2026, 5, 20)
FOUND, OPEN = ("explained", "at_school_elsewhere", "ledger:L17", MAY), ("open", None, None, None)


class County:
    """Eight children of school age who never stood on a register."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self.engine, self.cipher = engine, cipher
        with write(engine, COUNTY, role=None) as conn:
            write_state(conn, "business_date", TODAY.isoformat())
            rows = BadRows(conn, cipher)
            self.children = [rows.child(date(2018, 4, 4)) for _ in range(8)]
            rebuild_all(conn)

    def add(self, table: Any, **values: Any) -> None:
        with write(self.engine, COUNTY, role=None) as conn:
            conn.execute(insert(table).values(**values))

    def survey(self, number: int, schooling: str, place: str | None = None, on: date = MAY) -> None:
        told = {"stage": "primary", "schooling": schooling, "place": place, "surveyed_on": on}
        self.add(survey_entry, child_id=self.children[number], **told)

    def check(self) -> list[tuple[Any, ...]]:
        """Status, outcome, by whom and since when of each child's row, after a run of the rule."""
        check_all(self.engine, self.cipher, ("never_enrolled",))
        kept = contradiction.c
        with self.engine.connect() as conn:
            query = select(kept.child_id, kept.status, kept.outcome, kept.explained_by, kept.explained_on)
            found = {row[0]: tuple(row[1:]) for row in conn.execute(query.where(kept.status != "mended"))}
        return [found[child_id] for child_id in self.children]


@pytest.fixture
def county(engine: Engine, cipher: Cipher) -> County:
    return County(engine, cipher)


def test_each_child_is_taken_with_what_is_known_of_it(county: County) -> None:
    county.survey(0, "elsewhere", "other_province")
    county.survey(1, "in_school", "abroad")
    county.survey(2, "died", on=date(2021, 3, 3))
    county.survey(3, "elsewhere", on=TODAY - timedelta(days=366))  # too old
    county.survey(4, "elsewhere")
    county.survey(4, "out_of_school", on=date(2026, 11, 2))  # the later word counts
    county.survey(5, "elsewhere", on=TODAY + timedelta(days=1))  # not yet
    county.add(placement, child_id=county.children[6], kind="home_teaching", valid_from=date(2025, 9, 1))
    county.add(placement, child_id=county.children[7], kind="awaiting", valid_from=date(2025, 9, 1))
    assert county.check() == [
        FOUND,
        ("explained", "abroad_or_died", "ledger:L17", MAY),
        ("explained", "abroad_or_died", "ledger:L17", date(2021, 3, 3)),
        OPEN,
        OPEN,
        OPEN,
        ("explained", "home_teaching", "ledger:L5", date(2025, 9, 1)),
        OPEN,
    ]


def test_an_answer_that_comes_later_settles_and_one_that_goes_opens_again(county: County) -> None:
    assert set(county.check()) == {OPEN}
    county.survey(0, "elsewhere")
    assert county.check()[0] == FOUND
    with write(county.engine, COUNTY, role=None) as conn:
        conn.execute(delete(survey_entry))
    assert county.check()[0] == OPEN


def test_what_a_person_said_is_not_said_over_by_a_survey(county: County) -> None:
    county.check()
    said = ("explained", "case_opened", "official", TODAY)
    with write(county.engine, COUNTY, role=None) as conn:
        told = dict(zip(("status", "outcome", "explained_by", "explained_on"), said, strict=True))
        conn.execute(update(contradiction).values(told))
    county.survey(0, "elsewhere")
    assert county.check()[0] == said


@pytest.mark.parametrize(
    ("answer", "in_school"),
    [
        (lambda county: county.survey(0, "elsewhere"), True),
        (lambda county: county.survey(0, "abroad"), True),
        (lambda county: county.survey(0, "died"), False),
        (lambda county: county.survey(0, "out_of_school"), False),
        (lambda county: county.survey(0, "in_school", "county"), False),
    ],
)
def test_the_enrolment_rate_and_its_list_follow(county: County, answer: Callable[[County], None], in_school: bool) -> None:
    answer(county)
    with county.engine.connect() as conn:
        found = read_enrolment(conn, OFFICIAL, NOW)[Stage.PRIMARY]
        short = {row.child_id for row in read_not_enrolled(conn, OFFICIAL, NOW)}
    assert (found.of_age, found.of_age_in_school) == (8, int(in_school))
    assert short == set(county.children[1 if in_school else 0 :])
