"""Invented pupils for the corpus: no real name, region 999999 that no one was born in, correct check digits."""

from dataclasses import dataclass
from datetime import date, timedelta

SCHOOL = "晨光小学"
TOWN = "晨光镇"
HEADERS = ["序号", "学生姓名", "性别", "身份证号", "全国学籍号", "学校名称", "乡镇", "年级", "监护人姓名", "学籍状态"]
NAME, ID_NO = 1, 3  # columns

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
GRADES = ["一年级", "二年级", "三年级", "四年级", "五年级", "六年级"]
WEIGHTS = [2**power % 11 for power in range(17, 0, -1)]


@dataclass(frozen=True)
class Pupil:
    """One invented pupil; `number` makes every field."""

    number: int

    @property
    def name(self) -> str:
        return SURNAMES[self.number % 12] + STEMS[self.number // 12 % 10] + BRANCHES[self.number // 120 % 12]

    @property
    def birth_date(self) -> date:
        return date(2013, 9, 1) + timedelta(days=self.number * 7 % 1800)

    @property
    def id_no(self) -> str:
        body = f"999999{self.birth_date:%Y%m%d}{self.number % 1000:03d}"
        return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]

    def row(self) -> list[str]:
        sex = "女" if self.number % 2 == 0 else "男"
        grade = GRADES[self.number % 6]
        return [
            str(self.number),
            self.name,
            sex,
            self.id_no,
            "G" + self.id_no,
            SCHOOL,
            TOWN,
            grade,
            self.name[0] + "某",
            "在籍在校",
        ]


def pupils(count: int, start: int = 1) -> list[Pupil]:
    return [Pupil(number) for number in range(start, start + count)]


def names(count: int, start: int = 1) -> tuple[str, ...]:
    return tuple(pupil.name for pupil in pupils(count, start))


def rows(count: int, start: int = 1) -> list[list[str]]:
    return [pupil.row() for pupil in pupils(count, start)]
