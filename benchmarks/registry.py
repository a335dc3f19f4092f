"""A registry of 30,000 pupils and 25 columns, imported, beside what pandas with openpyxl takes to read it."""

import os
import resource
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import pandas
import xlsxwriter
from sqlalchemy import Engine, insert

from benchmarks.report import describe_machine, write_section
from data_access.engine import open_engine
from data_access.import_ledger import import_file
from data_access.migrate import migrate
from data_access.schema import OPEN_END, area, school
from data_access.secrets import Cipher, read_cipher
from data_access.writing import write
from domain.identifiers import check_character
from domain.school_year import school_year_of
from domain.scope import Role, Scope

COUNTY, AS_OF = "359901", date(2026, 11, 20)
SIZES = (800, 30_000)
SCHOOLS = 40
HEADER = (
    "学生姓名", "性别", "身份证号", "出生日期", "民族", "全国学籍号", "学籍辅号", "学校名称", "乡镇", "年级", "班级", "户籍所在地", "家庭住址",
    "村(社区)", "监护人姓名", "与学生关系", "联系电话", "是否建档立卡", "备注", "入学年月", "就读方式", "是否留守儿童", "是否孤儿", "健康状况", "学籍状态",
)  # fmt: skip
GRADES, FIRST_AGE = "一二三四五六", 6  # at the start of grade 1


def _pupil(number: int) -> tuple[str, ...]:
    born = date(2014, 9, 1) + timedelta(days=number % 2100)
    body = f"999999{born:%Y%m%d}{number // 2100 % 500 * 2 + number % 2:03}"
    id_no = body + check_character(body)
    year = school_year_of(AS_OF)
    grade = year - FIRST_AGE - school_year_of(born)
    village = f"{COUNTY}{100 + number % 20}{200 + number % 10}"
    return (
        f"甲{chr(0x4E00 + number % 3000)}{chr(0x4E00 + number // 3000)}", "男" if number % 2 else "女", id_no, born.isoformat(), "汉族",
        f"G{id_no}", f"F{number:08}", f"第{number % SCHOOLS}小学", f"第{number % 20}镇", f"{GRADES[grade - 1]}年级", f"{number % 4 + 1}班",
        village, f"第{number % 20}镇第{number % 10}村{number}号", village, "甲家长", "父亲", f"100{number:08}", "否" if number % 9 else "是",
        "", f"{year + 1 - grade}09", "走读", "双亲留守" if number % 5 == 0 else "非留守", "否", "健康或良好", "在籍在校",
    )  # fmt: skip


def _write(path: Path, count: int) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet("学生")
        page.write_row(0, 0, HEADER)
        for number in range(count):
            page.write_row(number + 1, 0, _pupil(number))


def _county(folder: Path, count: int) -> Engine:
    """An empty county with its towns, villages and schools."""
    engine = open_engine(f"sqlite:///{folder}/{count}.db")
    migrate(engine)
    begins = {"valid_from": date(2020, 9, 1), "valid_to": OPEN_END}
    with write(engine, COUNTY) as conn:
        towns = [(f"{COUNTY}{100 + n}", "town", f"第{n}镇") for n in range(20)]
        villages = [(f"{town}{200 + n}", "village", f"第{n}村") for town, _, _ in towns for n in range(10)]
        for code, level, name in ((COUNTY, "county", "甲县"), *towns, *villages):
            conn.execute(insert(area).values(code=code, level=level, name=name, county_code=COUNTY, **begins))
        for n in range(SCHOOLS):
            place = {"county_code": COUNTY, "town_code": f"{COUNTY}{100 + n % 20}", "category": "21", "kind": "primary"}
            conn.execute(insert(school).values(code=f"21350000{n:02}", name=f"第{n}小学", **place, **begins))
    return engine


def _import(engine: Engine, cipher: Cipher, path: Path) -> tuple[int, float, float]:
    """Rows accepted, seconds until they are committed, and until the contradiction rules have looked at them."""
    moments: dict[str, float] = {}

    def note(step: str, _share: float) -> None:
        moments[step] = perf_counter()

    scope = Scope("bench", Role.COUNTY, (COUNTY,))
    result = import_file(engine, cipher, scope, path, as_of=AS_OF, progress=note)
    return result.accepted, moments["done"] - moments["reading"], perf_counter() - moments["reading"]


def measure_registry() -> None:
    """Measure and write the section: the same file, the same run."""
    machine, rows = describe_machine(), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cipher = read_cipher(folder / "kongchuo.key", create=True)
        for count in SIZES:
            path, engine = folder / f"{count}.xlsx", _county(folder, count)
            _write(path, count)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            accepted, committed, took = _import(engine, cipher, path)
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            begun = perf_counter()
            pandas.read_excel(path, dtype=str, engine="openpyxl")
            reads = perf_counter() - begun
            times = (f"{committed:.1f}", f"{took:.1f}", f"{reads:.1f}", f"{reads / committed:.2f}", f"{reads / took:.2f}")
            rows.append((count, accepted, *times, f"{grown:.0f}"))
            engine.dispose()
    header = (
        "rows of 25 columns",
        "accepted",
        "read, checked, matched, committed, s",
        "with the contradiction rules, s",
        "pandas.read_excel with openpyxl, s",
        "times as fast",
        "with the rules",
        "peak memory grew by, MB",
    )
    note = (
        f"One run each; {os.cpu_count()} cores. The import reads, checks, matches, writes, counts anew and commits; the rules "
        "then look at what it touched."
    )
    write_section("Registry", machine, header, rows, note)
