"""Ledgers from messy workbooks into the database: every row accounted for, the wrong ones named by cell, twice is once."""

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine, func, select

from data_access import schema
from data_access.cases import read_cases
from data_access.export_files import FileKind, write_table
from data_access.import_ledger import import_file
from data_access.import_result import Action, ImportResult, write_report
from data_access.ledger_out import ledger_tables
from data_access.schools import read_schools
from data_access.secrets import Cipher
from data_access.village_counts import count_children_live, read_village_counts
from data_access.visits import read_visits
from domain.case_filter import CaseFilter, resolve
from domain.errors import ScopeError
from domain.identifiers import check_character
from domain.ledgers import ledger
from domain.scope import Role, Scope
from tests.data_access.small_world import COUNTY, TOWNS, VILLAGES, lay_out

AS_OF = date(2026, 11, 20)
CLERK = Scope("clerk", Role.COUNTY, (COUNTY,))
PRIMARY = "测试0校"
L0_HEADER = [
    "序号",
    "学生\n姓名",
    "性 别",
    "身份证件号",
    "国网学籍号",
    "学校",
    "乡(镇)",
    "所在年级",
    "班别",
    "行政村",
    "家长姓名",
    "关系",
    "家长电话",
    "是否住宿",
    "留守类型",
    "是否脱贫户",
    "学生状态",
]


def id_number(number: int, birth: str = "20150312") -> str:
    body = f"999999{birth}{number:03}"
    return body + check_character(body)


def pupil(number: int, **other: Any) -> list[Any]:
    idn = other.get("id", id_number(number))
    sex = "男" if int(idn[16]) % 2 else "女"
    return [
        number,
        other.get("name", f"试学{number}"),
        other.get("sex", sex),
        idn,
        other.get("registry", f"G{idn}"),
        other.get("school", PRIMARY),
        "甲100",
        other.get("grade", "五年级"),
        other.get("class_", "2班"),
        other.get("village", "甲200"),
        "试家长",
        "祖父",
        "10012345678",
        "走读",
        other.get("left", "2-双亲留守"),
        "否",
        "在籍在校",
    ]


def save(
    path: Path,
    rows: Sequence[Sequence[Any]],
    header: Sequence[str] = L0_HEADER,
    titles: Sequence[str] = ("2026年秋季学期学生基础库", "填报单位：测试0校"),
) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for title in titles:
        sheet.append([title])
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    sheet.append(["合计", len(rows)])
    sheet.append(["填表人：试某", None, "审核人：试某"])
    book.save(path)
    return path


@pytest.fixture
def county(engine: Engine) -> Engine:
    lay_out(engine, AS_OF)
    return engine


def run(engine: Engine, cipher: Cipher, path: Path, **options: Any) -> ImportResult:
    return import_file(engine, cipher, options.pop("scope", CLERK), path, as_of=options.pop("as_of", AS_OF), **options)


def rows_of(engine: Engine) -> dict[str, int]:
    with engine.connect() as conn:
        return {
            name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in schema.metadata.tables.items()
        }


def test_a_messy_registry_goes_in_and_is_counted_everywhere(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    result = run(county, cipher, save(tmp_path / "基础库.xlsx", [pupil(n) for n in range(1, 31)]))
    assert (result.ledger, result.accepted, result.refused, result.exit_code) == ("L0", 30, 0, 0), result.problems
    chosen = resolve(CaseFilter(), AS_OF, {})
    with county.connect() as conn:
        counted = read_village_counts(conn, CLERK, chosen)
        assert counted == count_children_live(conn, CLERK, chosen)
        assert [(row.village_code, row.children, row.left_behind) for row in counted] == [(VILLAGES[0], 30, 30)]
        rate = next(row.rate for row in read_schools(conn, CLERK, chosen) if row.school_name == PRIMARY)
        assert (rate.numerator, rate.denominator) == (0, 30)
        child = conn.execute(select(schema.child)).first()
        assert child is not None
        assert cipher.unseal(child.id_no) == id_number(1)
        assert child.birth_date == date(2015, 3, 12)


def test_the_same_file_twice_changes_nothing_and_says_so(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", [pupil(n) for n in range(1, 11)])
    run(county, cipher, path)
    before = rows_of(county)
    again = run(county, cipher, path)
    assert again.actions == Counter({Action.UNCHANGED: 10})
    assert again.same_file_on is not None
    after = rows_of(county)
    machinery = {"import_batch", "import_row", "audit_event"}
    assert {name: n for name, n in after.items() if name not in machinery} == {
        name: n for name, n in before.items() if name not in machinery
    }


WRONG = [
    ("D4", {"id": id_number(1)[:-1] + ("0" if id_number(1)[-1] != "0" else "1")}, "id.check"),
    ("F4", {"school": "测试0较"}, "import.school_unknown"),
    ("E4", {"registry": "G" + id_number(2)}, "registry.other_id"),
    ("C4", {"sex": "女" if int(id_number(1)[16]) % 2 else "男"}, "id.other_sex"),
    ("H4", {"grade": "十二"}, None),
    ("B4", {"name": None}, "cell.missing"),
]


@pytest.mark.parametrize(("cell", "wrong", "code"), WRONG)
def test_a_wrong_row_is_refused_at_its_cell_and_the_right_ones_go_in(
    county: Engine, cipher: Cipher, tmp_path: Path, cell: str, wrong: dict[str, Any], code: str | None
) -> None:
    result = run(county, cipher, save(tmp_path / "a.xlsx", [pupil(1, **wrong), pupil(5), pupil(6)]))
    assert (result.accepted, result.refused, result.exit_code) == (2, 1, 1)
    found = {problem.cell: problem for problem in result.problems}
    assert cell in found, [(problem.cell, problem.fault.code) for problem in result.problems]
    assert code is None or found[cell].fault.code == code
    assert id_number(1) not in found[cell].value_masked
    for lang in ("zh", "en"):
        assert "fault." not in found[cell].fault.say(lang) + found[cell].fault.mend(lang)  # type: ignore[arg-type]
    write_report(tmp_path / "report.csv", result.problems, "zh")
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["cell"] for row in csv.DictReader(file)] == [problem.cell for problem in result.problems]


def test_strict_and_dry_run_leave_nothing(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    before = rows_of(county)
    bad = save(tmp_path / "a.xlsx", [pupil(1, school="不存在"), pupil(2)])
    strict = run(county, cipher, bad, strict=True)
    assert (strict.accepted, strict.refused, strict.batch_id) == (0, 2, None)
    dry = run(county, cipher, bad, dry_run=True)
    assert (dry.accepted, dry.refused, dry.batch_id) == (1, 1, None)
    assert rows_of(county) == before


def test_an_unreadable_village_is_unlocated_not_lost(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    result = run(county, cipher, save(tmp_path / "a.xlsx", [pupil(1, village="不知何村"), pupil(2)]))
    assert result.accepted == 2
    assert any("village_unlocated" in getattr(note, "code", "") for note in result.notes)
    with county.connect() as conn:
        counted = read_village_counts(conn, CLERK, resolve(CaseFilter(), AS_OF, {}))
    assert [(row.village_code, row.children) for row in counted] == [(VILLAGES[0], 1), (None, 1)]


def test_a_later_registry_moves_class_and_school_year(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    run(county, cipher, save(tmp_path / "a.xlsx", [pupil(1), pupil(2)]))
    later = run(county, cipher, save(tmp_path / "b.xlsx", [pupil(1, class_="3班"), pupil(2), pupil(3)]), as_of=date(2027, 3, 10))
    assert later.actions == Counter({Action.CHANGED: 1, Action.UNCHANGED: 1, Action.NEW: 1})
    with county.connect() as conn:
        spells = conn.execute(
            select(schema.child.c.name, schema.enrolment_spell.c.class_no, schema.enrolment_spell.c.valid_from)
            .join(schema.enrolment_spell)
            .order_by(schema.child.c.name, schema.enrolment_spell.c.valid_from)
        ).all()
    assert [tuple(row) for row in spells] == [
        ("试学1", 2, date(2026, 9, 1)),
        ("试学1", 3, date(2027, 3, 10)),
        ("试学2", 2, date(2026, 9, 1)),
        ("试学3", 2, date(2027, 3, 10)),
    ]


def test_a_role_without_imports_and_another_school_are_refused(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", [pupil(1)])
    with pytest.raises(ScopeError):
        run(county, cipher, path, scope=Scope("i", Role.INSPECTOR, (COUNTY,)))
    other = run(county, cipher, path, scope=Scope("s", Role.TOWNSHIP, (TOWNS[1],)))
    assert [problem.fault.code for problem in other.problems] == ["import.out_of_scope"]


L1_HEADER = ["编号", "姓名", "学籍号", "流失时间", "目前状况", "失学原因", "承包老师", "包村干部", "返校时间", "劝返措施"]


def test_cases_arrive_with_owners_and_a_relapse_closes_the_case_before(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    run(county, cipher, save(tmp_path / "a.xlsx", [pupil(n) for n in (1, 2, 3)]))
    rows = [
        [1, "试学1", "G" + id_number(1), "2026.10.8", "辍学", "厌学", "试老师、试校长", "试干部", None, "家访"],
        [2, "试学2", "G" + id_number(2), "2026年9月14日", "已返校", "外出务工", "试老师", None, "2026-10-12", None],
        [3, "试学3", "G" + id_number(3), "2026-10-09", "已返校", "疾病", "试老师", None, "2026-10-01", None],
        [4, "没有这人", None, "2026-10-09", "临界", "厌学", "试老师", None, None, None],
    ]
    result = run(county, cipher, save(tmp_path / "l1.xlsx", rows, L1_HEADER, ["控辍保学台账"]), ledger=ledger("L1"))
    assert (result.accepted, result.refused) == (2, 2)
    assert {(problem.cell, problem.fault.code) for problem in result.problems} == {
        ("I5", "import.return_before_drop"),
        ("B6", "import.child_unknown"),
    }
    chosen = resolve(CaseFilter(), AS_OF, {})
    with county.connect() as conn:
        cases = {row.child_name: row for row in read_cases(conn, Scope("t", Role.TOWNSHIP, (TOWNS[0],)), chosen)}
    assert (cases["试学1"].status, cases["试学1"].school.name, cases["试学1"].government.name) == (
        "dropout",
        "试老师",
        "试干部",
    )
    assert cases["试学2"].status == "returned"
    with county.connect() as conn:
        measures = select(schema.case_file.c.measures).where(schema.case_file.c.id == cases["试学1"].case_id)
        assert conn.execute(measures).scalar_one() == "家访"  # R218
    again = run(county, cipher, save(tmp_path / "again.xlsx", rows[:2], L1_HEADER, ["控辍保学台账"]), ledger=ledger("L1"))
    assert again.actions == Counter({Action.UNCHANGED: 2})
    relapse = [[9, "试学2", "G" + id_number(2), "2026-11-02", "疑似辍学", "厌学", "试老师", None, None, None]]
    assert (
        run(county, cipher, save(tmp_path / "l1b.xlsx", relapse, L1_HEADER, ["控辍保学台账"]), ledger=ledger("L1")).accepted == 1
    )
    with county.connect() as conn:
        files = conn.execute(
            select(schema.case_file).where(schema.case_file.c.child_id == 2).order_by(schema.case_file.c.id)
        ).all()
    assert [(row.outcome, row.relapse_count) for row in files] == [("relapsed", 0), (None, 1)]


L9_HEADER = ["序号", "姓名", "年级班级", "家访日期", "家访方式", "家访人", "沟通内容", "学校"]


def test_visits_find_their_child_and_a_name_that_two_bear_is_refused(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    pupils = [
        pupil(1, name="试同名"),
        pupil(2, name="试同名", class_="3班"),
        pupil(3),
        pupil(4, name="试双"),
        pupil(5, name="试双"),
    ]
    run(county, cipher, save(tmp_path / "a.xlsx", pupils))
    rows = [
        [1, "试学3", "五年级2班", "2026-11-03 18:30", "上门", "试老师", "谈话", PRIMARY],
        [2, "试同名", "五(3)班", "2026-11-03", "电话", "试老师", "谈话", PRIMARY],
        [3, "试双", "五年级2班", "2026-11-03", "上门", "试老师", "谈话", PRIMARY],
        [4, "试学3", "五年级2班", "2026-12-03", "上门", "试老师", "谈话", PRIMARY],
    ]
    result = run(county, cipher, save(tmp_path / "l9.xlsx", rows, L9_HEADER, ["家访记录表"]), ledger=ledger("L9"))
    assert (result.accepted, result.refused) == (2, 2), [(p.cell, p.fault.say("en")) for p in result.problems]
    assert {problem.fault.code for problem in result.problems} == {"import.name_twice", "import.visit_in_future"} or {
        problem.fault.code for problem in result.problems
    } == {"import.name_twice", "date.future"}
    with county.connect() as conn:
        visits = read_visits(conn, CLERK, resolve(CaseFilter(), AS_OF, {}))
    assert sorted((row.child_id, row.kind) for row in visits) == [(2, "phone"), (3, "doorstep")]
    assert run(county, cipher, save(tmp_path / "l9b.xlsx", rows[:2], L9_HEADER, ["家访记录表"])).actions == Counter(
        {Action.UNCHANGED: 2}
    )


def test_a_name_that_others_children_bear_tells_nothing_of_them(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    """A clerk could look up by name where any child of the county goes to school."""
    run(county, cipher, save(tmp_path / "a.xlsx", [pupil(1, name="试双"), pupil(2, name="试双")]))
    file = save(
        tmp_path / "l9.xlsx", [[1, "试双", "五年级2班", "2026-11-03", "上门", "试老师", "谈话", None]], L9_HEADER, ["家访记录表"]
    )
    for scope, told in ((CLERK, f"{PRIMARY} 2022级2班"), (Scope("t", Role.TOWNSHIP, (TOWNS[1],)), "—、—")):
        (problem,) = run(county, cipher, file, ledger=ledger("L9"), scope=scope).problems
        assert problem.fault.code == "import.name_twice"
        assert (told in problem.fault.say("zh"), PRIMARY in problem.fault.say("zh")) == (True, scope is CLERK)


def test_a_missing_column_and_a_file_that_is_no_ledger_are_told(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    without = [header for header in L0_HEADER if header != "学生状态"]
    result = run(county, cipher, save(tmp_path / "a.xlsx", [pupil(1)[:-1]], without))
    assert (result.exit_code, [problem.fault.code for problem in result.problems]) == (2, ["header.missing"])
    assert (result.accepted, result.refused, result.rows) == (0, 1, 1)
    nothing = run(county, cipher, save(tmp_path / "b.xlsx", [["甲", "乙"]], ["一", "二"], []))
    assert nothing.exit_code == 2
    assert nothing.problems[0].fault.code == "header.none"


@pytest.mark.parametrize(("written", "told"), [("是", "是"), ("返通〔2026〕3号", "返通〔2026〕3号"), ("否", "")])
def test_a_return_notice_without_a_number_is_given_none(
    county: Engine, cipher: Cipher, tmp_path: Path, written: str, told: str
) -> None:
    run(county, cipher, save(tmp_path / "a.xlsx", [pupil(1)]))
    case = [7, "试学1", "G" + id_number(1), "2026.10.8", "辍学", "厌学", "试老师", "试干部", None, "家访", written]
    run(county, cipher, save(tmp_path / "l1.xlsx", [case], [*L1_HEADER, "返校通知书"], ["控辍保学台账"]), ledger=ledger("L1"))
    out, chosen = tmp_path / "L1.csv", resolve(CaseFilter(), AS_OF, {})
    with county.connect() as conn:
        write_table(conn, CLERK, chosen, ledger_tables(cipher)["L1"], FileKind.CSV, out, header="zh")
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert [row["返校通知书"] for row in csv.DictReader(file)] == [told]


def test_a_new_school_without_a_town_is_told_what_is_missing(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    header = [*L0_HEADER, "学校标识码"]
    header.remove("乡(镇)")
    row = [*pupil(1, school="新办小学"), "2135990077"]
    row.remove("甲100")
    result = run(county, cipher, save(tmp_path / "a.xlsx", [row], header))
    assert [problem.fault.code for problem in result.problems] == ["import.school_without_town"]
    assert "乡镇" in result.problems[0].fault.mend("zh")


@pytest.mark.parametrize(("kind", "code"), [("csv", "L0"), ("xlsx", "L0"), ("csv", "L1"), ("csv", "L9")])
def test_what_is_taken_out_unmasked_goes_in_again_unchanged(
    county: Engine, cipher: Cipher, tmp_path: Path, kind: str, code: str
) -> None:
    town = Scope("town", Role.TOWNSHIP, (TOWNS[0],))
    run(county, cipher, save(tmp_path / "a.xlsx", [pupil(n) for n in range(1, 6)]))
    case = [[7, "试学1", "G" + id_number(1), "2026.10.8", "辍学", "厌学", "试老师", "试干部", None, "家访"]]
    run(county, cipher, save(tmp_path / "l1.xlsx", case, L1_HEADER, ["控辍保学台账"]), ledger=ledger("L1"))
    visit = [[1, "试学3", "五年级2班", "2026-11-03 18:30", "上门", "试老师", "谈话", PRIMARY]]
    run(county, cipher, save(tmp_path / "l9.xlsx", visit, L9_HEADER, ["家访记录表"]), ledger=ledger("L9"))
    chosen = resolve(CaseFilter(), AS_OF, {})
    out = tmp_path / f"{code}.{kind}"
    with county.connect() as conn:
        count = write_table(conn, town, chosen, ledger_tables(cipher)[code], FileKind(kind), out, header="zh")
    again = run(county, cipher, out, ledger=ledger(code))
    assert again.actions == Counter({Action.UNCHANGED: count}), [
        (problem.cell, problem.fault.say("en")) for problem in again.problems
    ]
    assert count == {"L0": 5, "L1": 1, "L9": 1}[code]


def test_a_masked_export_shows_no_number_and_no_name(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    run(county, cipher, save(tmp_path / "a.xlsx", [pupil(1)]))
    out = tmp_path / "masked.csv"
    with county.connect() as conn:
        write_table(conn, CLERK, resolve(CaseFilter(), AS_OF, {}), ledger_tables(cipher)["L0"], FileKind.CSV, out, header="zh")
    text = out.read_text(encoding="utf-8-sig")
    assert "试学1" not in text
    assert id_number(1) not in text
    assert "10012345678" not in text
    assert "试家长" not in text
