from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.grades import (
    GRADES,
    ClassName,
    Stage,
    System,
    age_on,
    class_label,
    entry_year_of,
    grade_label,
    grade_of,
    grades_of,
    is_school_age,
    parse_class,
    parse_grade,
    school_age_from,
    school_age_to,
    stage_of,
    usual_grade,
)

SYSTEMS: st.SearchStrategy[System] = st.sampled_from(["6-3", "5-4"])
YEARS = st.integers(2000, 2095)


@pytest.mark.parametrize(
    ("stage", "system", "first", "last"),
    [
        (Stage.PRIMARY, "6-3", 1, 6),
        (Stage.JUNIOR, "6-3", 7, 9),
        (Stage.PRIMARY, "5-4", 1, 5),
        (Stage.JUNIOR, "5-4", 6, 9),
        (Stage.SPECIAL, "6-3", 1, 9),
        (Stage.SPECIAL, "5-4", 1, 9),
    ],
)
def test_the_grades_of_each_stage(stage: Stage, system: System, first: int, last: int) -> None:
    assert list(grades_of(stage, system)) == list(range(first, last + 1))


@pytest.mark.parametrize(
    ("grade", "system", "stage"),
    [(1, "6-3", "primary"), (6, "6-3", "primary"), (7, "6-3", "junior"), (5, "5-4", "primary"), (6, "5-4", "junior")],
)
def test_the_stage_of_a_grade(grade: int, system: System, stage: str) -> None:
    assert stage_of(grade, system) == Stage(stage)


@pytest.mark.parametrize("grade", [0, 10, -1])
def test_grades_outside_compulsory_schooling_have_no_stage(grade: int) -> None:
    with pytest.raises(ValueError, match="no grade"):
        stage_of(grade)


@pytest.mark.parametrize(
    ("entered", "stage", "school_year", "grade"),
    [
        (2024, Stage.PRIMARY, 2024, 1),
        (2024, Stage.PRIMARY, 2029, 6),
        (2024, Stage.PRIMARY, 2030, None),  # left
        (2024, Stage.PRIMARY, 2023, None),  # not yet entered
        (2024, Stage.JUNIOR, 2024, 7),
        (2024, Stage.JUNIOR, 2026, 9),
        (2024, Stage.JUNIOR, 2027, None),
        (2024, Stage.SPECIAL, 2032, 9),
    ],
)
def test_the_grade_of_those_who_entered_in_a_year(entered: int, stage: Stage, school_year: int, grade: int | None) -> None:
    assert grade_of(entered, stage, school_year) == grade


@given(st.sampled_from(list(Stage)), SYSTEMS, YEARS, st.data())
def test_entry_year_and_grade_are_inverse(stage: Stage, system: System, school_year: int, data: st.DataObject) -> None:
    grade = data.draw(st.sampled_from(grades_of(stage, system)))
    entered = entry_year_of(grade, stage, school_year, system)
    assert grade_of(entered, stage, school_year, system) == grade
    assert grade_of(entered, stage, school_year + 1, system) in {grade + 1, None}


def test_a_stage_is_not_asked_for_a_grade_it_lacks() -> None:
    with pytest.raises(ValueError, match="no grade 7"):
        entry_year_of(7, Stage.PRIMARY, 2026)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2020, 8, 31), date(2026, 8, 30), 5),
        (date(2020, 8, 31), date(2026, 8, 31), 6),
        (date(2020, 2, 29), date(2026, 2, 28), 5),
        (date(2020, 2, 29), date(2026, 3, 1), 6),
        (date(2020, 2, 29), date(2024, 2, 29), 4),
    ],
)
def test_age_in_completed_years(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


@pytest.mark.parametrize(
    ("birth", "begins", "ends"),
    [
        (date(2020, 8, 30), 2026, 2036),
        (date(2020, 8, 31), 2026, 2036),  # full six by 31 August
        (date(2020, 9, 1), 2027, 2037),  # six only on the day itself: next year
        (date(2020, 9, 2), 2027, 2037),
        (date(2020, 1, 1), 2026, 2036),
        (date(2020, 12, 31), 2027, 2037),
        (date(2020, 2, 29), 2026, 2036),
    ],
)
def test_school_age_runs_from_full_six_to_full_sixteen(birth: date, begins: int, ends: int) -> None:
    assert school_age_from(birth) == date(begins, 9, 1)
    assert school_age_to(birth) == date(ends, 9, 1)
    assert [year for year in range(2020, 2045) if is_school_age(birth, year)] == list(range(begins, ends))


@given(st.dates(date(1990, 1, 1), date(2080, 12, 31)))
def test_every_child_is_of_school_age_for_ten_years(birth: date) -> None:
    years = [year for year in range(birth.year, birth.year + 20) if is_school_age(birth, year)]
    assert len(years) == 10
    assert age_on(birth, date(years[0], 8, 31)) >= 6
    assert age_on(birth, date(years[0] - 1, 8, 31)) < 6
    assert age_on(birth, date(years[-1], 8, 31)) == 15
    assert [usual_grade(birth, year) for year in years] == list(range(1, 11))


READABLE = [
    ("一年级", ClassName(1)),
    ("九年级", ClassName(9)),
    ("8", ClassName(8)),
    ("08", ClassName(8)),
    ("8.0", ClassName(8)),
    ("初一", ClassName(7)),
    ("初三", ClassName(9)),
    ("初中二年级", ClassName(8)),
    ("初中八年级", ClassName(8)),
    ("小学三年级", ClassName(3)),
    ("小五", ClassName(5)),
    ("八(5)班", ClassName(8, 5)),
    ("八（5）班", ClassName(8, 5)),
    ("八【5】班", ClassName(8, 5)),
    ("八[5]班", ClassName(8, 5)),
    ("八年级第5班", ClassName(8, 5)),
    ("八（五）班", ClassName(8, 5)),
    ("八 五 班", ClassName(8, 5)),
    ("八5班", ClassName(8, 5)),
    ("八年级5班", ClassName(8, 5)),
    ("八年级（12）班", ClassName(8, 12)),
    ("八年级十二班", ClassName(8, 12)),
    ("8年级05班", ClassName(8, 5)),
    ("八年5班", ClassName(8, 5)),
    ("初二(3)班", ClassName(8, 3)),
    ("初二3班", ClassName(8, 3)),
    ("805班", ClassName(8, 5)),
    ("812", ClassName(8, 12)),
    ("8-5", ClassName(8, 5)),
    ("8.5班", ClassName(8, 5)),
    ("5班", ClassName(number=5)),
    ("(5)班", ClassName(number=5)),
    ("二十班", ClassName(number=20)),
    ("2024级3班", ClassName(number=3, entry_year=2024)),
    ("2024级", ClassName(entry_year=2024)),
    ("初2024级(3)班", ClassName(number=3, entry_year=2024)),
    ("2027届3班", ClassName(number=3, leaving_year=2027)),
]


@pytest.mark.parametrize(("text", "expected"), READABLE)
def test_class_names_as_schools_write_them(text: str, expected: ClassName) -> None:
    assert parse_class(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "高一",
        "高三(2)班",
        "大班",
        "学前班",
        "初四",
        "初五",
        "零年级",
        "10",
        "0",
        "800",
        "八(0)班",
        "十年级",
        "2124级",
        "启智班",
        "八十二班",  # class 12 of grade 8 or class 82: not told
    ],
)
def test_what_is_no_grade_of_compulsory_schooling_is_none(text: str) -> None:
    assert parse_class(text) is None
    assert parse_grade(text) is None


@pytest.mark.parametrize(
    ("text", "first_of_junior", "grade"),
    [("初一", 6, 6), ("初四", 6, 9), ("初一", 7, 7), ("初四", 7, None), ("初中六年级", 6, 6), ("初五", 6, None)],
)
def test_which_grade_is_called_first_of_junior_is_local(text: str, first_of_junior: int, grade: int | None) -> None:
    assert parse_grade(text, first_of_junior) == grade


@pytest.mark.parametrize(
    ("name", "school_year", "stage", "grade"),
    [
        (ClassName(entry_year=2024, number=3), 2025, Stage.JUNIOR, 8),
        (ClassName(entry_year=2024), 2025, Stage.PRIMARY, 2),
        (ClassName(leaving_year=2027), 2026, Stage.JUNIOR, 9),
        (ClassName(leaving_year=2027), 2024, Stage.JUNIOR, 7),
        (ClassName(leaving_year=2027), 2021, Stage.PRIMARY, 1),
        (ClassName(leaving_year=2027), 2027, Stage.JUNIOR, None),
        (ClassName(8, 5), 2026, Stage.JUNIOR, 8),
        (ClassName(number=5), 2026, Stage.JUNIOR, None),
    ],
)
def test_the_grade_behind_a_year_of_entry_or_leaving(name: ClassName, school_year: int, stage: Stage, grade: int | None) -> None:
    assert name.grade_in(school_year, stage) == grade


@given(st.sampled_from(GRADES), st.integers(1, 40))
def test_labels_read_back(grade: int, number: int) -> None:
    assert parse_grade(grade_label(grade)) == grade
    assert parse_class(class_label(grade, number)) == ClassName(grade, number)


def test_labels_in_english() -> None:
    assert grade_label(8, "en") == "Grade 8"
    assert class_label(8, 5, "en") == "Grade 8 class 5"


@given(st.text())
def test_reading_a_class_never_fails_and_stays_in_compulsory_schooling(text: str) -> None:
    found = parse_class(text)
    assert found is None or found.grade is None or found.grade in GRADES
