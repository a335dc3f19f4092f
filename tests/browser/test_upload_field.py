"""The field for a file speaks the page's language, whatever Streamlit has written into it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from domain.terms import Lang, say

pytestmark = pytest.mark.browser
SEEN = """field => [...field.querySelectorAll('*')].filter(one => one.getClientRects().length).flatMap(one => [
  ...[...one.childNodes].filter(it => it.nodeType === 3 && parseFloat(getComputedStyle(one).fontSize)).map(it => it.data),
  ...[getComputedStyle(one, '::after').content].filter(it => it.startsWith('"')).map(it => it.slice(1, -1))])"""
DRAG = """field => { const held = new DataTransfer(); held.items.add(new File(['a'], 'a.csv', {type: 'text/csv'}));
  for (const kind of ['dragenter', 'dragover']) field.dispatchEvent(new DragEvent(kind, {bubbles: true, dataTransfer: held})) }"""
ICON = "upload"  # the name of the sign that its font draws


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_words_of_the_field_are_the_page_s(lang: Lang, page: Page, open_page: Callable[[str], Page]) -> None:
    open_page(f"/imports?lang={lang}")
    field = page.get_by_test_id("stFileUploaderDropzone")
    kinds = say("panel.comma", lang).join(("XLSX", "XLS", "CSV", "TXT", "ET"))
    limits = say("upload.limits", lang, size=20, kinds=kinds)
    assert set(field.evaluate(SEEN)) - {ICON} == {say("upload.choose", lang), limits}
    field.evaluate(DRAG)
    page.wait_for_function("() => document.querySelector('[data-testid=stFileUploaderDropzone] > input + div')")
    assert say("upload.drop", lang) in field.evaluate(SEEN)
    assert not any("rag and" in text for text in field.evaluate(SEEN))
