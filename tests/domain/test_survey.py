"""What a household survey answers: learning elsewhere, abroad, dead; what only repeats the question answers nothing."""

import pytest

from domain.checks import Verified
from domain.ledger_words import SurveyState
from domain.survey import ANSWERS, PLACES, answer_of

ELSEWHERE, ABROAD = Verified.AT_SCHOOL_ELSEWHERE, Verified.ABROAD_OR_DIED


@pytest.mark.parametrize(
    ("state", "place", "answer"),
    [
        (SurveyState.ELSEWHERE, None, ELSEWHERE),
        (SurveyState.ELSEWHERE, "province", ELSEWHERE),
        (SurveyState.ELSEWHERE, "other_province", ELSEWHERE),
        (SurveyState.ELSEWHERE, "county", None),
        (SurveyState.ELSEWHERE, "abroad", ABROAD),
        (SurveyState.IN_SCHOOL, "other_province", ELSEWHERE),
        (SurveyState.IN_SCHOOL, "county", None),
        (SurveyState.IN_SCHOOL, None, None),
        (SurveyState.IN_SCHOOL, "abroad", ABROAD),
        (SurveyState.ABROAD, None, ABROAD),
        (SurveyState.DIED, None, ABROAD),
    ],
)
def test_an_answer_names_the_outcome(state: SurveyState, place: str | None, answer: Verified | None) -> None:
    assert answer_of(state, place) is answer


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "state",
    [
        SurveyState.NOT_ENROLLED,
        SurveyState.OUT_OF_SCHOOL,
        SurveyState.DROPPED_OUT,
        SurveyState.DEFERRED,  # asks for an approval, which is a movement of its own
        SurveyState.HOME_TEACHING,  # asks for a placement
        SurveyState.GRADUATED,
    ],
)
def test_what_asks_for_more_answers_nothing(state: SurveyState, place: str | None) -> None:
    assert answer_of(state, place) is None
    assert (state, place) not in ANSWERS
