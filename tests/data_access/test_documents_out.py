"""Papers of a filter: the right cases, numbered once, masked by role, audited, and nothing when anything fails."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from sqlalchemy import Engine, insert, select

from data_access import audit, documents_out
from data_access.__main__ import commands
from data_access.cases import read_cases
from data_access.documents_out import Order, PaperFile, issue
from data_access.form_templates import paragraphs_of
from data_access.schema import audit_event, document, notice
from domain.case_filter import CaseFilter, resolve
from domain.errors import ProblemError, ScopeError
from domain.forms import FormKind
from domain.scope import Role, Scope
from tests.pages.tiny_county import COUNTY, TODAY, write_tiny_county

TOWN = "350430100"
OFFICIAL = Scope("official", Role.COUNTY, (COUNTY,))
TOWNSHIP = Scope("township", Role.TOWNSHIP, (TOWN,))
CHOSEN = resolve(CaseFilter(area=TOWN), TODAY, {})  # five of the six cases: the sixth child lives in no known village
NOTICES = Order(FormKind.RETURN_NOTICE, CHOSEN, PaperFile.DOCX)


@pytest.fixture(autouse=True)
def anchors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONGCHUO_ANCHORS", str(tmp_path / "anchors.txt"))


@pytest.fixture
def county(engine: Engine) -> Engine:
    """The tiny county, with a supervision notice for two of its cases."""
    write_tiny_county(engine)
    with engine.begin() as conn:
        for case_id, month in ((2, 10), (2, 11), (3, 11)):
            told = {
                "case_id": case_id,
                "kind": "supervision",
                "number": f"督〔2026〕{month}{case_id}号",
                "unit_code": "3135000002",
            }
            about = {"matter": "学生长期未到校", "month": f"2026-{month}", "issued_on": date(2026, month, 2)}
            conn.execute(insert(notice).values(**told, **about))
    return engine


def said(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in paragraphs_of(Document(BytesIO(content))))


def numbered(engine: Engine, kind: FormKind = FormKind.RETURN_NOTICE) -> list[tuple[str, int]]:
    query = select(document.c.unit_code, document.c.serial).where(document.c.kind == kind.value, document.c.serial.is_not(None))
    with engine.connect() as conn:
        return sorted((unit, serial) for unit, serial in conn.execute(query))


def cases(engine: Engine, chosen: CaseFilter = CHOSEN, scope: Scope = OFFICIAL):  # type: ignore[no-untyped-def]
    with engine.connect() as conn:
        return read_cases(conn, scope, chosen, limit=None)


def test_a_filter_s_cases_each_get_one_paper_and_the_unit_s_next_numbers(county: Engine) -> None:
    papers = issue(county, OFFICIAL, NOTICES)
    rows = cases(county)
    assert papers.case_ids == tuple(row.case_id for row in rows)
    given = numbered(county)
    for unit in {unit for unit, _ in given}:
        serials = [serial for own, serial in given if own == unit]
        assert serials == list(range(1, len(serials) + 1))
    text = said(papers.content)
    assert "演示数据 合成" in text
    for row in rows:
        assert row.child_name in text
    assert not {"{{", "None", "nextstep."} & {part for part in ("{{", "None", "nextstep.") if part in text}


def test_printing_again_keeps_number_and_date_and_anew_takes_the_next(county: Engine) -> None:
    first, given = issue(county, OFFICIAL, NOTICES), numbered(county)
    assert issue(county, OFFICIAL, NOTICES).case_ids == first.case_ids
    assert numbered(county) == given
    issue(county, OFFICIAL, replace(NOTICES, anew=True))
    assert len(numbered(county)) == len(given) + len(first.case_ids)
    assert len(set(numbered(county))) == len(numbered(county))


def test_four_who_print_at_once_give_each_case_one_number(county: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: issue(county, OFFICIAL, NOTICES), range(4)))
    assert len({papers.case_ids for papers in done}) == 1
    with county.connect() as conn:
        query = select(document.c.case_id).where(document.c.kind == "return_notice", document.c.case_id.in_(done[0].case_ids))
        found = list(conn.execute(query).scalars())
    assert sorted(found) == sorted(done[0].case_ids)


@pytest.mark.parametrize("fails", ["set_form", "audit"])
def test_when_anything_fails_no_number_is_used_up(county: Engine, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise OSError("disk full")

    if fails == "audit":
        monkeypatch.setattr(audit, "record", refuse)
    else:
        monkeypatch.setattr(documents_out, "set_form", refuse)
    with pytest.raises(OSError, match="disk full"):
        issue(county, OFFICIAL, NOTICES)
    assert numbered(county) == []


def test_every_paper_is_audited_with_its_cases_and_the_file_s_hash(county: Engine) -> None:
    papers = issue(county, OFFICIAL, NOTICES, reason="督导检查")
    issue(county, OFFICIAL, replace(NOTICES, kind=FormKind.HOME_VISIT_FORM))
    with audit.open_audit(county).connect() as conn:
        issued, printed = conn.execute(select(audit_event).order_by(audit_event.c.id.desc()).limit(2)).all()[::-1]
    assert (issued.act, printed.act, issued.reason) == ("issue", "print", "督导检查")
    assert issued.row_ids == ",".join(map(str, papers.case_ids))
    with county.connect() as conn:
        hashes = set(conn.execute(select(document.c.sha256).where(document.c.serial.is_not(None))).scalars())
    assert hashes == {issued.file_hash}


@pytest.mark.parametrize("kind", [kind for kind in FormKind if kind is not FormKind.CHILD_PACKET])
def test_names_stand_masked_unless_the_role_reads_them(county: Engine, kind: FormKind) -> None:
    order = replace(NOTICES, kind=kind, file=PaperFile.DOCX)
    masked, whole = said(issue(county, OFFICIAL, order).content), said(issue(county, TOWNSHIP, order).content)
    names = {row.child_name for row in cases(county, scope=TOWNSHIP)}
    assert {name for name in names if name in masked} == set()
    assert {name for name in names if name in whole}


@pytest.mark.parametrize(
    ("scope", "refused"),
    [
        (Scope("screen", Role.SCREEN, (COUNTY,)), "scope.no_children"),
        (Scope("inspector", Role.INSPECTOR, (COUNTY,)), "scope.no_write"),
        (Scope("village", Role.VILLAGE, (f"{TOWN}201",)), "scope.no_write"),
    ],
)
def test_who_may_not_issue_is_refused(county: Engine, scope: Scope, refused: str) -> None:
    with pytest.raises(ScopeError) as told:
        issue(county, scope, NOTICES)
    assert told.value.key == refused


def test_another_town_s_cases_are_not_there(county: Engine) -> None:
    with pytest.raises(ProblemError) as told:
        issue(county, Scope("other", Role.TOWNSHIP, ("350430200",)), replace(NOTICES, kind=FormKind.HOME_VISIT_FORM))
    assert told.value.key == "document.none"


def test_a_new_paper_is_issued_as_of_today_only(county: Engine) -> None:
    order = replace(NOTICES, chosen=replace(CHOSEN, as_of=date(2026, 11, 13)))
    with pytest.raises(ProblemError) as told:
        issue(county, OFFICIAL, order)
    assert told.value.key == "document.only_today"


def test_too_many_at_once_says_how_many_may_be(county: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents_out, "MOST", 2)
    with pytest.raises(ProblemError) as told:
        issue(county, OFFICIAL, NOTICES)
    assert (told.value.key, told.value.params) == ("document.too_many", {"most": 2})


def test_a_supervision_notice_shows_the_latest_of_each_case_and_an_unset_due_day(county: Engine) -> None:
    papers = issue(county, OFFICIAL, replace(NOTICES, kind=FormKind.SUPERVISION_NOTICE))
    text = said(papers.content)
    assert set(papers.case_ids) == {2, 3}
    assert ("督〔2026〕112号" in text, "督〔2026〕113号" in text, "督〔2026〕102号" in text) == (True, True, False)
    assert text.count("未配置") == 2


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_the_command_prints_a_filter(county: Engine, key_file: Path, tmp_path: Path, ending: str) -> None:
    env = {"DATABASE_URL": county.url.render_as_string(hide_password=False), "KONGCHUO_KEY_FILE": str(key_file)}
    out = tmp_path / f"papers.{ending}"
    done = CliRunner().invoke(commands, ["document", "dropout_report", "--out", str(out), "--area", TOWN], env=env)
    assert done.output == f"{len(cases(county))} papers -> {out}\n"
    assert out.read_bytes()[:4] == {"pdf": b"%PDF", "docx": b"PK\x03\x04"}[ending]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--out", "papers.txt"], "docx"),
        (["--out", "papers.pdf", "--area", "350430200"], "没有可打印"),
        (["--out", "missing/folder/papers.pdf", "--area", TOWN], "papers.pdf"),
        (["--out", "papers.pdf", "--no-mask"], "--user"),
    ],
)
def test_a_wrong_call_is_one_clear_line(
    county: Engine, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    env = {"DATABASE_URL": county.url.render_as_string(hide_password=False), "KONGCHUO_KEY_FILE": str(key_file)}
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(commands, ["document", "home_visit_form", *words], env=env)
    assert done.exit_code == 2
    assert told in done.output
    assert done.output.count("\n") == 1


def test_the_templates_are_written_once(tmp_path: Path) -> None:
    first = CliRunner().invoke(commands, ["templates", "--out", str(tmp_path)])
    assert first.output.count(".docx") == len(FormKind)
    assert CliRunner().invoke(commands, ["templates", "--out", str(tmp_path)]).output == ""
