"""Stages, grades, classes and the age of compulsory schooling, as schools write them.

Source: standards on grades (6-3 and 5-4 systems; 级 is the year of entry, 届 the year of leaving) and on age.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Literal

from domain.terms import Lang, say

System = Literal["6-3", "5-4"]
GRADES = range(1, 10)


class Stage(StrEnum):
    """A part of compulsory schooling; a nine-year school has the first two, and is counted in each by its own pupils."""

    PRIMARY = "primary"
    JUNIOR = "junior"
    SPECIAL = "special"


@cache
def grades_of(stage: Stage, system: System = "6-3") -> range:
    """The grades of a stage: primary 1-6 and junior 7-9, or 1-5 and 6-9; special schools count 1-9."""
    first_of_junior = 7 if system == "6-3" else 6
    return {
        Stage.PRIMARY: range(1, first_of_junior),
        Stage.JUNIOR: range(first_of_junior, 10),
        Stage.SPECIAL: GRADES,
    }[stage]


def stage_of(grade: int, system: System = "6-3") -> Stage:
    """Primary or junior, by grade. Raises ValueError for a grade that compulsory schooling does not have."""
    if grade not in GRADES:
        raise ValueError(f"no grade {grade} in compulsory schooling")
    return Stage.PRIMARY if grade in grades_of(Stage.PRIMARY, system) else Stage.JUNIOR


def grade_of(entry_year: int, stage: Stage, school_year: int, system: System = "6-3") -> int | None:
    """The grade in `school_year` of those who entered the stage in `entry_year` (级); None before entry and after leaving."""
    grades = grades_of(stage, system)
    grade = grades.start + school_year - entry_year
    return grade if grade in grades else None


def entry_year_of(grade: int, stage: Stage, school_year: int, system: System = "6-3") -> int:
    """The year in which the pupils of `grade` in `school_year` entered the stage: the inverse of `grade_of`.

    Raises ValueError when the stage has no such grade.
    """
    grades = grades_of(stage, system)
    if grade not in grades:
        raise ValueError(f"{stage} has no grade {grade}")
    return school_year - (grade - grades.start)


def age_on(birth: date, day: date) -> int:
    """Completed years of life on `day`; a child born on 29 February has its birthday on 1 March of common years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def school_age_from(birth: date) -> date:
    """The 1 September on which schooling is due: full six years by 31 August, so one born on 1 September waits a year.

    Source: the cut-off of the yearly enrolment notices. Where children may start at seven this is the earliest date.
    """
    return _september_after(birth, 6)


def school_age_to(birth: date) -> date:
    """The 1 September from which the child is no longer of school age: full sixteen years by 31 August (not included).

    With `school_age_from` every child is of school age for exactly ten school years: ages 6-15 on 1 September.
    """
    return _september_after(birth, 16)


def _september_after(birth: date, years: int) -> date:
    """The first 1 September that is later than the birthday of `years`."""
    return date(birth.year + years + (birth.month >= 9), 9, 1)


def is_school_age(birth: date, school_year: int) -> bool:
    """Whether the child is of school age in that school year."""
    return school_age_from(birth) <= date(school_year, 9, 1) < school_age_to(birth)


def usual_grade(birth: date, school_year: int) -> int:
    """The grade of one who started when due and never repeated; below 1 or above 9 outside compulsory schooling."""
    return school_year - school_age_from(birth).year + 1


@dataclass(frozen=True)
class ClassName:
    """What a class name says: the grade, or the year of entry (级) or of leaving (届), and the number of the class."""

    grade: int | None = None
    number: int | None = None
    entry_year: int | None = None
    leaving_year: int | None = None

    def grade_in(self, school_year: int, stage: Stage, system: System = "6-3") -> int | None:
        """The grade in that school year; None when the name does not tell, or tells of pupils not in the stage."""
        if self.entry_year is not None:
            return grade_of(self.entry_year, stage, school_year, system)
        if self.leaving_year is not None:
            entered = self.leaving_year - len(grades_of(stage, system))
            return grade_of(entered, stage, school_year, system)
        return self.grade


DIGITS = {char: value for value, char in enumerate("一二三四五六七八九", 1)}
LEVEL = r"(?P<level>小学|小|初级中学|初中|初)?"
GRADE = r"(?P<grade>0?[1-9]|[一二三四五六七八九])"
NUMBER = r"(?P<number>0?[1-9]|[1-9]\d|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
FORMS = [
    rf"{LEVEL}{GRADE}",  # 八, 初二
    rf"{LEVEL}{GRADE}(?:年级|年|级)\(?(?:第?{NUMBER}\)?班?)?",  # 八年级, 八年级5班, 八年级(5)班, 初中二年级
    rf"{LEVEL}{GRADE}\({NUMBER}\)班?",  # 八(5)班
    rf"{LEVEL}{GRADE}[-.·]{NUMBER}班?",  # 8-5, 8.5班
    r"(?P<grade>[1-9])(?!00)(?P<number>[0-3]\d)班?",  # 805班
    r"(?P<grade>[一二三四五六七八九])(?P<number>[1-9]\d?|[一二三四五六七八九])班",  # 八五班, 八5班
    rf"(?P<level>初){GRADE}{NUMBER}班",  # 初二3班
    rf"(?:小学|小|初级中学|初中|初)?(?P<entry>20\d\d)级(?:\(?{NUMBER}\)?班?)?",  # 2024级3班
    rf"(?:小学|小|初级中学|初中|初)?(?P<leaving>20\d\d)届(?:\(?{NUMBER}\)?班?)?",  # 2027届3班
    rf"\(?{NUMBER}\)?班",  # 5班, (5)班, 十二班
]
BRACKETS = str.maketrans("〔【[〕】]", "((()))")
PATTERNS = [re.compile(form) for form in FORMS]


def parse_class(text: str, first_of_junior: int = 7) -> ClassName | None:
    """What a class or grade name says: 八年级, 初二, 8, 八(5)班, 八五班, 805班, 八年级5班, 2024级3班, 5班; None when it is none.

    `first_of_junior` is the grade called 初一, a local matter where primary school has five years. Kindergarten and senior
    classes are none. The text is folded first: full-width signs and spaces do not matter.
    """
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(BRACKETS).removesuffix(".0")
    for pattern in PATTERNS:
        if found := pattern.fullmatch(folded):
            return _read_class(found.groupdict(), first_of_junior)
    return None


def _read_class(parts: dict[str, str | None], first_of_junior: int) -> ClassName | None:
    grade, number = _small_number(parts.get("grade")), _small_number(parts.get("number"))
    if (parts.get("level") or "").startswith("初"):
        grade = _junior_grade(grade or 0, first_of_junior)
        if grade is None:
            return None
    entry, leaving = parts.get("entry"), parts.get("leaving")
    return ClassName(grade, number, int(entry) if entry else None, int(leaving) if leaving else None)


def _junior_grade(said: int, first_of_junior: int) -> int | None:
    """初二 and 初中八年级 are both grade 8; 初四 is none where junior high has three years."""
    if said >= first_of_junior:
        return said
    grade = first_of_junior - 1 + said
    return grade if grade in GRADES else None


def _small_number(text: str | None) -> int | None:
    """A number below 100 in digits or Chinese: 5, 05, 五, 十二, 二十."""
    if text is None or text.isdecimal():
        return int(text) if text else None
    tens, ten, ones = text.rpartition("十")
    return (10 * DIGITS.get(tens, 1) if ten else 0) + DIGITS.get(ones, 0)


def parse_grade(text: str, first_of_junior: int = 7) -> int | None:
    """The grade 1-9 that a cell names, with or without a class; None when it names none."""
    found = parse_class(text, first_of_junior)
    return found.grade if found else None


def grade_label(grade: int, lang: Lang = "zh") -> str:
    """八年级, Grade 8; `parse_grade` reads it back."""
    return say(f"grade.{grade}", lang)


def class_label(grade: int, number: int, lang: Lang = "zh") -> str:
    """八年级（5）班, Grade 8 class 5; `parse_class` reads the Chinese back."""
    return say("grade.class", lang, grade=grade_label(grade, lang), number=number)
