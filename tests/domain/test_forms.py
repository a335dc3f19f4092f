"""The forms that ship: every placeholder is known, none that a form needs is missing, numbers read as people write them."""

import pytest

from domain.errors import ProblemError
from domain.forms import FormKind, check_placeholders, document_number, form, placeholders, placeholders_in
from domain.terms import all_words


def texts(kind: FormKind) -> list[str]:
    found = []
    for block in form(kind).blocks:
        found += [block["line"]] if "line" in block else []
        found += [cell if isinstance(cell, str) else cell["text"] for row in block.get("rows", ()) for cell in row]
    return found


@pytest.mark.parametrize("kind", FormKind)
def test_a_form_that_ships_fits_its_own_rules(kind: FormKind) -> None:
    check_placeholders(kind, placeholders_in(texts(kind)))
    assert f"form.{kind}" in all_words()


@pytest.mark.parametrize("kind", FormKind)
def test_the_grids_fit_the_page_and_every_row_fills_its_grid(kind: FormKind) -> None:
    across = form(kind).margins[1]
    for block in form(kind).blocks:
        widths = block.get("grid", ())
        assert sum(widths) + 2 * across <= 210
        for row in block.get("rows", ()):
            assert sum(1 if isinstance(cell, str) else cell.get("span", 1) for cell in row) == len(widths)


def test_every_placeholder_is_used_by_a_form_and_fills_from_one_value() -> None:
    used = placeholders_in(text for kind in FormKind for text in texts(kind))
    assert used <= placeholders().keys()
    assert len(set(placeholders().values())) == len(placeholders())


@pytest.mark.parametrize(
    ("found", "key", "name"),
    [
        ({"编号", "学生姓名", "开具日期", "身高"}, "form.unknown_placeholder", "身高"),
        ({"编号", "开具日期"}, "form.missing_placeholder", "学生姓名"),
        (set(), "form.missing_placeholder", "编号"),
    ],
)
def test_what_does_not_fit_is_named(found: set[str], key: str, name: str) -> None:
    with pytest.raises(ProblemError) as refused:
        check_placeholders(FormKind.RETURN_NOTICE, frozenset(found))
    assert (refused.value.key, refused.value.params["name"]) == (key, name)


def test_spaces_inside_the_braces_do_not_matter() -> None:
    assert placeholders_in(["{{ 编号 }}和{{学生姓名}}", "{编号}"]) == {"编号", "学生姓名"}


def test_the_dropout_report_has_its_four_sections() -> None:
    titles = [text for text in texts(FormKind.DROPOUT_REPORT) if text[:2] in {"一、", "二、", "三、", "四、"}]
    assert titles == ["一、辍学学生基本情况", "二、辍学原因分析", "三、学校已采取的劝返措施及效果", "四、下一步工作计划和建议"]


def test_a_number_names_mark_year_and_serial() -> None:
    assert document_number(FormKind.RETURN_NOTICE, 2026, 12) == "返通〔2026〕12号"
