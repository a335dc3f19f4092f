import pytest

from domain.reasons import DEFAULT_MEASURES, MATCHES, STANDARD_CODES, Measure, Reason, parse_reason


@pytest.mark.parametrize(("reason", "words"), MATCHES.items())
def test_every_word_leads_to_its_own_reason(reason: Reason, words: tuple[str, ...]) -> None:
    assert [parse_reason(word) for word in words] == [reason] * len(words)


@pytest.mark.parametrize("reason", Reason)
def test_every_code_reads_back(reason: Reason) -> None:
    assert parse_reason(reason.value) is reason
    assert parse_reason(reason.value.lstrip("0")) is reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("因学困辍学", Reason.LEARNING_DIFFICULTY),
        ("研究困难", Reason.LEARNING_DIFFICULTY),  # how a scan writes 学习困难
        ("家庭经济困难", Reason.FAMILY_POVERTY),
        ("因贫困辍学", Reason.FAMILY_POVERTY),
        ("外出 务工", Reason.GONE_TO_WORK),
        ("患精神疾病", Reason.MENTAL_HEALTH),  # the longer word decides, not 疾病
        ("重大疾病", Reason.ILLNESS),
        ("父母离异", Reason.FAMILY_TROUBLE),
        ("新的读书无用论", Reason.PARENTS_ATTITUDE),
        ("", None),
        ("不明", None),
        ("16", None),
        ("22", None),  # a standard code, not one of ours
    ],
)
def test_reasons_as_ledgers_write_them(text: str, reason: Reason | None) -> None:
    assert parse_reason(text) is reason


@pytest.mark.parametrize(
    ("reason", "measure"),
    [
        (Reason.LEARNING_DIFFICULTY, Measure.TUTORING),  # R096
        (Reason.FAMILY_POVERTY, Measure.AID),  # R097
        (Reason.FAMILY_TROUBLE, Measure.COUNSELLING),  # R098
        (Reason.GONE_TO_WORK, Measure.LABOUR_REPORT),  # R108
    ],
)
def test_measures_of_the_seeds(reason: Reason, measure: Measure) -> None:
    assert DEFAULT_MEASURES[reason] is measure


def test_no_reason_is_without_a_measure_or_a_word() -> None:
    assert set(DEFAULT_MEASURES) == set(MATCHES) == set(Reason)
    assert set(DEFAULT_MEASURES.values()) == set(Measure)
    assert set(STANDARD_CODES.values()) <= set(Reason)
