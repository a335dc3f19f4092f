import re
from pathlib import Path

import pytest

from domain.faults import Fault
from domain.terms import LANGS, all_words
from domain.words import faults

DOMAIN = Path(__file__).resolve().parents[2] / "domain"
CODES = sorted({code for file in DOMAIN.glob("*.py") for code in re.findall(r'Fault\("([a-z_.]+)"', file.read_text("utf-8"))})


def test_the_search_for_codes_finds_them() -> None:
    assert {"id.check", "date.day", "cell.missing", "header.none"} <= set(CODES)


@pytest.mark.parametrize("code", [*CODES, "choice.expelled"])
def test_every_fault_says_what_is_wrong_and_how_to_mend_it(code: str) -> None:
    words = all_words()
    for key in (f"fault.{code}", f"fault.{code}.mend"):
        assert all(words[key])
        assert words[key][0] != words[key][1]


def test_no_words_are_kept_for_faults_that_do_not_exist() -> None:
    kept = {key.removeprefix("fault.").removesuffix(".mend") for key in faults.WORDS}
    assert kept == {*CODES, "choice.expelled"}


def test_parameters_fill_the_words() -> None:
    fault = Fault("id.length", {"length": 17})
    assert [fault.say(lang) for lang in LANGS] == ["身份证号应为18位，现为17位", "The citizen number has 17 characters, not 18"]
    assert fault.mend("en").startswith("Complete it")


def test_a_fault_within_a_fault_is_said_in_the_same_language() -> None:
    fault = Fault("registry.id", {"why": Fault("id.birth")})
    assert "出生日期" in fault.say("zh")
    assert "date of birth" in fault.say("en")


def test_equal_faults_are_equal_and_can_stand_in_sets() -> None:
    assert Fault("id.length", {"length": 17}) == Fault("id.length", {"length": 17})
    assert Fault("id.length", {"length": 17}) != Fault("id.length", {"length": 16})
    assert len({Fault("id.birth"), Fault("id.birth")}) == 1
