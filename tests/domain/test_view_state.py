"""The view in the URL: total on anything, lossless on what it knows."""

from dataclasses import fields
from datetime import date
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case_filter import CaseFilter
from domain.view_state import LARGEST_ID, LAST_PAGE, PAGE_ROWS, ViewState, choose

WORDS = st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True) | st.just("")
VIEWS = st.builds(
    ViewState,
    lang=st.sampled_from(["zh", "en"]),
    sort=WORDS,
    layer=WORDS,
    measure=WORDS,
    classes=WORDS,
    level=WORDS,
    compare=WORDS,
    against=st.none() | st.dates(date(2001, 1, 1), date(2050, 1, 1)),
    page=st.integers(1, LAST_PAGE),
    child=st.none() | st.integers(1, LARGEST_ID),
)
KEYS = [item.name for item in fields(ViewState)]
GARBAGE = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), st.text(max_size=50), max_size=9)


class Layer(StrEnum):
    CIRCLES = "circles"
    RATES = "rates"


@given(VIEWS)
def test_what_the_url_says_is_what_was_written(view: ViewState) -> None:
    assert ViewState.from_query(view.to_query()) == view


@given(GARBAGE)
def test_any_query_gives_a_view_that_can_be_written(query: dict[str, str]) -> None:
    view = ViewState.from_query(query)
    assert ViewState.from_query(view.to_query()) == view


@given(VIEWS, GARBAGE)
def test_unknown_keys_change_nothing(view: ViewState, query: dict[str, str]) -> None:
    strange = {key: text for key, text in query.items() if key not in KEYS}
    assert ViewState.from_query(view.to_query() | strange) == view


def test_the_default_leaves_the_url_empty() -> None:
    assert ViewState().to_query() == {}


def test_view_and_filter_share_the_url_without_sharing_a_key() -> None:
    everything = dict.fromkeys(KEYS, "1") | {"area": "350430", "stage": "junior", "overdue": "1"}
    assert CaseFilter.from_query(everything).to_query() == {"area": "350430", "stage": "junior", "overdue": "1"}
    assert "area" not in ViewState.from_query(everything).to_query()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *(
            ("page", text)
            for text in ("0", "-1", "1.5", "", "x", "1e3", " 2", "2 ", "００２", "1_0", "01", str(LAST_PAGE + 1), "9" * 40)
        ),
        *(("child", text) for text in ("0", "-7", "abc", "350430201501011234", str(LARGEST_ID + 1))),
        *(("sort", text) for text in ("Due", "due date", "张三", "a" * 41, "_due", "1due", "due;drop", "<b>", "due\n")),
        *(("layer", text) for text in ("../x", "%00", "é")),
        ("lang", "fr"),
        ("lang", "EN"),
    ],
)
def test_a_bad_value_is_dropped(key: str, text: str) -> None:
    assert ViewState.from_query({key: text}) == ViewState()


@pytest.mark.parametrize(("text", "page"), [("1", 1), ("2", 2), (str(LAST_PAGE), LAST_PAGE)])
def test_a_page_number_is_read(text: str, page: int) -> None:
    assert ViewState.from_query({"page": text}).page == page


def test_a_bad_value_leaves_the_others() -> None:
    assert ViewState.from_query({"page": "x", "sort": "due", "lang": "en"}) == ViewState(lang="en", sort="due")


@pytest.mark.parametrize(
    "wrong", [{"page": 0}, {"page": LAST_PAGE + 1}, {"child": 0}, {"child": LARGEST_ID + 1}, {"sort": "A"}, {"classes": "a-b"}]
)
def test_a_view_of_the_wrong_form_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ViewState(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("page", "before"), [(1, 0), (2, PAGE_ROWS), (3, 2 * PAGE_ROWS)])
def test_offset_counts_the_rows_of_the_pages_before(page: int, before: int) -> None:
    assert ViewState(page=page).offset == before


@given(VIEWS)
def test_only_the_language_goes_along_to_another_page(view: ViewState) -> None:
    assert view.elsewhere() == ViewState(lang=view.lang)


@pytest.mark.parametrize(
    ("word", "found"), [("rates", Layer.RATES), ("circles", Layer.CIRCLES), ("", Layer.CIRCLES), ("other", Layer.CIRCLES)]
)
def test_choose_finds_the_member_or_the_default(word: str, found: Layer) -> None:
    assert choose(word, Layer.CIRCLES) is found
