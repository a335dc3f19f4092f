"""What stands on a sheet taken away from the map."""

from dataclasses import replace
from datetime import date

import pytest

from domain.case_filter import CaseFilter
from domain.terms import LANGS, Lang, say
from geo.drawing import MapLayer
from geo.map_sheet import SheetOrder, spec_of

ORDER = SheetOrder("pdf", CaseFilter(), "建宁县 · 截至 2026-11-20", date(2026, 11, 20), shared=True, synthetic=True)


@pytest.mark.parametrize("lang", LANGS)
def test_a_sheet_of_the_demo_says_so_before_its_filter(lang: Lang) -> None:
    plain, demo = (spec_of(replace(ORDER, lang=lang, demo=is_demo), (), MapLayer.BOTH) for is_demo in (False, True))
    assert plain.filter_words == ORDER.words
    assert demo.filter_words == f"{say('demo.banner', lang)} · {ORDER.words}"
