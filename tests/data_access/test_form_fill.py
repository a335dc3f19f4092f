"""Templates are filled with plain text only, whatever Word did to their runs; PDFs hold what the DOCX says."""

import re
import shutil
import zlib
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.shared import Pt

from data_access.documents_out import PaperFile, set_form
from data_access.form_fill import fill, plain
from data_access.form_pdf import write_pdf
from data_access.form_templates import paragraphs_of, read_template, write_templates
from domain.errors import ProblemError
from domain.forms import FormKind


def words(document) -> str:  # type: ignore[no-untyped-def]
    return "\n".join(paragraph.text for paragraph in paragraphs_of(document))


def template_of(*runs: str):  # type: ignore[no-untyped-def]
    document = Document()
    paragraph = document.add_paragraph()
    for text in runs:
        paragraph.add_run(text)
    return document


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        (("学生{{学生姓名}}，{{学校}}",), "学生张三，甲校"),
        (("学生{", "{学生", "姓名}", "}，{{学", "校}}。"), "学生张三，甲校。"),
        (("{{学生姓名}}", "{{学生姓名}}"), "张三张三"),
        (("{{监护人}}",), "＿＿＿＿＿＿"),
        (("{{ 学生姓名 }}同学",), "张三同学"),
        (("没有占位符 {学生姓名}",), "没有占位符 {学生姓名}"),
    ],
)
def test_a_placeholder_is_filled_however_its_runs_are_cut(runs: tuple[str, ...], said: str) -> None:
    filled = fill(template_of(*runs), [{"child_name": "张三", "school": "甲校"}])
    assert words(filled).strip() == said


def test_the_look_of_the_text_around_stays() -> None:
    document = template_of("学生", "{{学生姓名}}", "同学")
    document.paragraphs[0].runs[1].bold = True
    runs = fill(document, [{"child_name": "张三"}]).paragraphs[0].runs
    assert [(run.text, bool(run.bold)) for run in runs] == [("学生", False), ("张三", True), ("同学", False)]


@pytest.mark.parametrize(
    "value", ["{{学校}}", "{{7*7}}", "<w:p/>&amp;", "#panic() $x$ *b* \\u{7}", "=1+1", "张\x00三\x0b", "𠮷㙍塝"]
)
@pytest.mark.parametrize("kind", [FormKind.RETURN_NOTICE, FormKind.HOME_VISIT_FORM])
def test_a_value_is_text_and_nothing_else(kind: FormKind, value: str) -> None:
    filled = fill(read_template(kind), [{"child_name": value, "school": "甲校"}])
    assert plain(value) in words(filled)
    assert write_pdf(filled).startswith(b"%PDF")


def test_a_list_repeats_its_row_and_an_empty_one_leaves_rows_to_write_on() -> None:
    visits = [{"on": "2026-10-01", "mode": "上门"}, {"on": "2026-10-08", "mode": "电话"}]
    table = fill(read_template(FormKind.HOME_VISIT_FORM), [{"visits": visits}]).tables[1]
    assert [row.cells[0].text for row in table.rows] == ["家访日期", "2026-10-01", "2026-10-08"]
    empty = fill(read_template(FormKind.HOME_VISIT_FORM), [{}]).tables[1]
    assert [row.cells[0].text for row in empty.rows] == ["家访日期", "", "", ""]


def test_each_copy_begins_a_page_and_holds_its_own_values() -> None:
    filled = fill(read_template(FormKind.RETURN_NOTICE), [{"child_name": name} for name in ("张三", "李四", "王五")], "演示")
    starts = [paragraph for paragraph in filled.paragraphs if paragraph.paragraph_format.page_break_before]
    assert len(starts) == 2
    assert [words(filled).count(name) for name in ("张三", "李四", "王五", "{{")] == [2, 2, 2, 0]
    assert filled.sections[0].header.paragraphs[0].text == "演示"


@pytest.mark.parametrize("kind", FormKind)
def test_every_form_is_set_as_docx_and_pdf_with_its_font(kind: FormKind) -> None:
    pdf = set_form(kind, [{"child_name": "张三"}, {"child_name": "李四"}], PaperFile.PDF, "演示数据 合成")
    assert pdf.startswith(b"%PDF")
    assert b"NotoSansCJK" in pdf
    assert b"Libertinus" not in pdf
    assert set_form(kind, [{}], PaperFile.DOCX)[:2] == b"PK"


def test_merged_cells_are_set(tmp_path: Path) -> None:
    """Cells merged down and across, as a bureau's own table has them."""
    document = Document()
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(2, 0)).text = "合并"
    table.cell(0, 1).merge(table.cell(1, 2)).text = "{{学生姓名}}"
    assert write_pdf(fill(document, [{"child_name": "张三"}])).startswith(b"%PDF")


@pytest.mark.parametrize("spacing", [1.0, 1.5])
def test_a_line_does_not_run_into_a_larger_one_below(spacing: float) -> None:
    document, large = template_of("本县自用表格"), 22
    title = document.add_paragraph()
    title.add_run("家访登记表").font.size = Pt(large)
    title.paragraph_format.line_spacing = spacing
    above, below = baselines(write_pdf(document))
    assert above - below > large


def baselines(pdf: bytes) -> list[float]:
    """How far each line of a PDF stands above the foot of its page, in points, as its content says."""
    content = b""
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            content += zlib.decompress(packed)
    return [float(height) for height in re.findall(rb"1 0 0 -1 [\d.]+ ([\d.]+) cm[^\n]*\nBT", content)]


def test_a_bureau_s_own_template_takes_the_place_of_the_one_that_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(write_templates(tmp_path)) == len(FormKind)
    assert write_templates(tmp_path) == []  # what a bureau has changed is never written over
    own = template_of("本县通知 {{编号}} {{学生姓名}} {{开具日期}}")
    own.save(str(tmp_path / "return_notice.docx"))
    monkeypatch.setenv("KONGCHUO_TEMPLATES", str(tmp_path))
    assert "本县通知" in words(read_template(FormKind.RETURN_NOTICE))
    assert "家访登记表" in words(read_template(FormKind.HOME_VISIT_FORM))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{{编号}}{{学生姓名}}{{开具日期}}{{电话号}}", "form.unknown_placeholder"),
        ("{{编号}}{{开具日期}}", "form.missing_placeholder"),
    ],
)
def test_a_template_that_does_not_fit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, key: str) -> None:
    template_of(text).save(str(tmp_path / "return_notice.docx"))
    monkeypatch.setenv("KONGCHUO_TEMPLATES", str(tmp_path))
    with pytest.raises(ProblemError) as refused:
        read_template(FormKind.RETURN_NOTICE)
    assert refused.value.key == key


def broken_zip(path: Path) -> None:
    with ZipFile(path, "w") as file:
        file.writestr("[Content_Types].xml", "<not xml")


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b""), lambda path: path.write_text("x"), broken_zip,
                                   lambda path: shutil.copy(__file__, path)])  # fmt: skip
def test_a_file_that_is_no_docx_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil) -> None:  # type: ignore[no-untyped-def]
    spoil(tmp_path / "return_notice.docx")
    monkeypatch.setenv("KONGCHUO_TEMPLATES", str(tmp_path))
    with pytest.raises(ProblemError) as refused:
        read_template(FormKind.RETURN_NOTICE)
    assert (refused.value.key, refused.value.params) == ("form.bad_template", {"file": "return_notice.docx"})


def test_a_template_that_begins_with_a_table_gets_a_page_for_each_copy() -> None:
    document = Document()
    document.add_table(rows=1, cols=1).cell(0, 0).text = "{{学生姓名}}"
    document.element.body.insert(1, OxmlElement("w:p"))
    filled = fill(document, [{"child_name": "张三"}, {"child_name": "李四"}])
    assert sum(bool(paragraph.paragraph_format.page_break_before) for paragraph in filled.paragraphs) == 1
