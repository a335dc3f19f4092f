"""Invented names: people and schools put together from syllables, like nobody and no school in the sources of this project."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

SURNAMES = tuple(
    "郁阙冷莘甄曲储靳糜段富焦谷车侯郗仲伊宫宁仇栾甘厉戎祖武符詹束龙司韶郜黎蓟印宿蒲邰索卓蔺屠池胥翟贡申冉桑桂濮"
    "边扈燕冀郏浦尚温晏柴瞿阎茹艾容向古易戈廖庾居衡耿满寇沃蔚隆巩聂晁敖阚那简饶曾鞠丰蒯荆游竺权逯盖益"
)
SYLLABLES = (
    "澄棠屿笙栩槿砚芷霁朗沅渝攸珩珺玥璟瑾琬绮缦翎翊舒苒荔莞菡蓁蔓薇衍觅谦赫跃辰远迩逸遥邈钧铠锐镜阅陌霏靖韬颂飒驰骏鸿鹭"
    "麒黛暄晗晞晟曦朔杉柠梓楠榆槐樱沐泓洛洵浔涵淇淼溪漪潇炜烁煦熠牧甫睿知禾秉稚竹筱箐"
)
GIVEN = tuple(SYLLABLES) + tuple(one + two for one, two in product(SYLLABLES, SYLLABLES) if one != two)
SINGLE_SHARE = 0.12  # given names of one syllable

FIRST = "云青松竹岚霞星晴澄碧梧枫桐荷芦杏鹤鹭雁暖映望朝霁沐皓芳雪月昕榕荻萤帆栖畅"
SECOND = "禾涧汀洲屿泉浦苑野舟岸畔台谷澜汐"
SCHOOL_WORDS = {
    "primary": "小学",
    "junior": "中学",
    "nine_year": "九年一贯制学校",
    "special": "特殊教育学校",
    "teaching_point": "教学点",
}

Index = NDArray[np.int64]


def draw_surnames(rng: Generator, count: int) -> Index:
    """`count` places in SURNAMES."""
    return rng.integers(0, len(SURNAMES), count)


def draw_given(rng: Generator, count: int) -> Index:
    """`count` places in GIVEN, most of them names of two syllables."""
    single = rng.random(count) < SINGLE_SHARE
    return np.where(single, rng.integers(0, len(SYLLABLES), count), rng.integers(len(SYLLABLES), len(GIVEN), count))


def full_names(surnames: Index, given: Index) -> Iterator[str]:
    """The names behind two columns of places."""
    return (SURNAMES[one] + GIVEN[two] for one, two in zip(surnames.tolist(), given.tolist(), strict=True))


def draw_names(rng: Generator, count: int) -> list[str]:
    """`count` full names."""
    return list(full_names(draw_surnames(rng, count), draw_given(rng, count)))


def draw_school_names(rng: Generator, kinds: list[str]) -> list[str]:
    """A name for each school, by its kind: 云汀小学; no two schools of a kind share one."""
    stems = [one + two for one, two in product(FIRST, SECOND)]
    turn = {kind: iter(rng.permutation(len(stems)).tolist()) for kind in SCHOOL_WORDS}
    return [stems[next(turn[kind])] + SCHOOL_WORDS[kind] for kind in kinds]
