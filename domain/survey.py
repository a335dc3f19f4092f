"""What a household survey (L17) answers about a child whom no register knows: the outcome in 四查三比对 (R041, R073, R185).

An answer says where the child learns, or why it can learn nowhere. What only says that it should learn and does not, or what
asks for a paper that is recorded elsewhere (an approved deferral, a placement), answers nothing.
"""

from datetime import timedelta

from domain.checks import Verified
from domain.ledger_words import SURVEY_PLACES, SurveyState

HOLDS = timedelta(days=366)  # a survey is made every year (R125): an older one says nothing about today; a death is told once
AWAY = frozenset({"province", "other_province"})
ABROAD = "abroad"
PLACES = (None, *SURVEY_PLACES.values())


def answer_of(state: SurveyState, place: str | None) -> Verified | None:
    """The outcome that a survey names; None when the child is still to be looked for.

    A child that is said to learn in this county while no register has it stays a difference.
    """
    if state is SurveyState.DIED or state is SurveyState.ABROAD:
        return Verified.ABROAD_OR_DIED
    if state not in (SurveyState.ELSEWHERE, SurveyState.IN_SCHOOL):
        return None
    if place == ABROAD:
        return Verified.ABROAD_OR_DIED
    away = place in AWAY or (state is SurveyState.ELSEWHERE and place is None)
    return Verified.AT_SCHOOL_ELSEWHERE if away else None


ANSWERS = {(state, place): answer for state in SurveyState for place in PLACES if (answer := answer_of(state, place))}
PLACED = {
    "inclusive": Verified.AT_SCHOOL_HERE,
    "special_school": Verified.AT_SCHOOL_HERE,
    "special_class": Verified.AT_SCHOOL_HERE,
    "welfare_class": Verified.AT_SCHOOL_HERE,
    "home_teaching": Verified.HOME_TEACHING,
    "deferred": Verified.DEFERRED_OR_SUSPENDED,
    "elsewhere": Verified.AT_SCHOOL_ELSEWHERE,
}  # what the placement of a disabled child (L3, L5) answers; a place in rehabilitation or still awaited is no school
