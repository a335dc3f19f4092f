"""The door's own pages."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.page import local_target, write_notice, write_page


@given(st.text(alphabet="/\\.:@?#%\t\r\n ae中", max_size=12))
def test_a_target_is_always_here(text: str) -> None:
    target = local_target(text, "")
    assert urlsplit(urljoin("http://here.example/sign-in", target.replace("\\", "/"))).netloc == "here.example"
    assert target == text or target == "/"


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        ("/cases?a=1", "", "/cases?a=1"),
        ("/kc/cases", "/kc", "/kc/cases"),
        ("/cases", "/kc", "/kc/"),
        ("/kcx", "/kc", "/kc/"),
        ("//e", "", "/"),
    ],
)
def test_targets(text: str, base: str, expected: str) -> None:
    assert local_target(text, base) == expected


def test_a_title_is_text() -> None:
    page = write_page("zh", "<b>&", "").body.decode()
    assert "<h1>&lt;b&gt;&amp;</h1>" in page


@pytest.mark.parametrize(
    "key",
    ["not_found", "download_gone", "wrong_host", "cross_site", "unavailable", "not_migrated", "newer", "no_account", "flood"],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_notice_has_its_words(key: str, lang: str) -> None:
    answer = write_notice("en" if lang == "en" else "zh", key, 404, "/kc")
    assert "access." not in answer.body.decode()
    assert 'href="/kc/"' in answer.body.decode()
