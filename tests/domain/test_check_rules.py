"""Every rule of contradiction: its words, and each judged at, under and over its threshold."""

from datetime import date
from typing import Any

import pytest

from domain.check_facts import (
    CaseFacts,
    ClassFacts,
    GradeFacts,
    MoveFacts,
    NumberFacts,
    PlacementFacts,
    ReportFacts,
    SchoolFacts,
    VisitFacts,
)
from domain.check_list import RULES, comparisons, rules_for
from domain.checks import KINDS, Finished, Ground, Owner, Rule, Severity, Side, Verified, registered, rule
from domain.checks_reports import follows
from domain.terms import LANGS, all_words

TODAY = date(2026, 11, 20)
NUMBERS = NumberFacts(1, date(2017, 3, 4), "male", date(2017, 3, 4), "male", True)
CASE = CaseFacts(
    1, 2, "suspected", date(2026, 10, 12), date(2026, 10, 11), None, None, "02", None, True, True, "健康或良好",
    date(2028, 1, 1), True, False, False, None,
)  # fmt: skip
MOVE = MoveFacts(
    1, 2, "transfer_out", date(2026, 10, 1), None, None, date(2026, 10, 8), None, frozenset({"transfer_certificate"})
)
QUIET = dict.fromkeys(("sick", "on_leave", "truant", "moved_in", "moved_out", "suspended", "resumed", "suspected", "dropped"), 0)
DAILY = ReportFacts(
    1, "2135000001", "daily_report", TODAY, TODAY, TODAY, None, {"expected": 50, "present": 50, **QUIET},
    register=50, away=0, listed=0, dropped=0, suspected=0, is_latest=True,
)  # fmt: skip
PLACED = PlacementFacts("placement:1", 2, "inclusive", True, "视力", 2, "视力", 2, True)


def figures(**changed: int | None) -> dict[str, int | None]:
    return {**DAILY.figures, **changed}


@pytest.mark.parametrize("one", RULES.values(), ids=RULES.keys())
def test_a_rule_says_what_it_is(one: Rule) -> None:
    assert one.judge.__doc__
    assert one.source.startswith("R")
    for lang in LANGS:
        assert one.say(lang) != one.mend(lang)
        assert f"checkrule.{one.code}" not in {one.say(lang), one.mend(lang)[: len(one.code) + 10]}
    assert one in rules_for(one.facts)


def test_every_value_has_words() -> None:
    families = {"severity": Severity, "checkowner": Owner, "ground": Ground, "finished": Finished, "verified": Verified}
    for family, kind in families.items():
        assert {f"{family}.{item.value}" for item in kind} <= set(all_words())


def test_the_lists_compared_are_six_and_ask_for_an_outcome() -> None:
    assert len(comparisons()) == 6
    assert all(one.has_outcome for one in comparisons())
    assert len({one.say() for one in RULES.values()}) == len(RULES) > 50


def test_a_code_is_taken_once() -> None:
    def expelled(_facts: Any, _day: date) -> None:
        """Another."""

    with pytest.raises(ValueError, match="expelled"):
        rule(Severity.ERROR, Owner.SCHOOL, Ground.CASES, "R1", CaseFacts)(expelled)
    assert registered().keys() == RULES.keys()


@pytest.mark.parametrize(
    ("code", "facts", "breaks"),
    [
        ("birth_not_of_id", NUMBERS, False),
        ("birth_not_of_id", NUMBERS._replace(id_birth=date(2017, 3, 5)), True),
        ("birth_not_of_id", NUMBERS._replace(birth=None, id_birth=date(2017, 3, 5)), False),
        ("sex_not_of_id", NUMBERS._replace(sex="female"), True),
        ("sex_not_of_id", NUMBERS._replace(sex=None), False),
        ("registry_tail", NUMBERS._replace(tail_fits=False), True),
        ("registry_tail", NUMBERS._replace(tail_fits=None), False),
        ("birth_in_future", NUMBERS._replace(birth=TODAY), False),
        ("birth_in_future", NUMBERS._replace(birth=date(2026, 11, 21)), True),
        ("age_not_of_grade", GradeFacts(1, 6, 1), False),
        ("age_not_of_grade", GradeFacts(1, 5, 1), True),
        ("age_not_of_grade", GradeFacts(1, 8, 1), False),
        ("age_not_of_grade", GradeFacts(1, 9, 1), True),
        ("age_not_of_grade", GradeFacts(1, 16, 9), False),
        ("age_not_of_grade", GradeFacts(1, 17, 9), True),
        ("card_not_of_disability", PLACED, False),
        ("card_not_of_disability", PLACED._replace(card_level=3), True),
        ("card_not_of_disability", PLACED._replace(card_fits=False), True),
        ("card_not_of_disability", PLACED._replace(card_fits=None, card_kind=None, card_level=None), False),
        ("inclusive_without_registry", PLACED._replace(has_registry=False), True),
        ("inclusive_without_registry", PLACED._replace(has_registry=False, placement="special_school"), False),
        ("dropout_at_school_elsewhere", CASE._replace(status="dropout", elsewhere="3135000003"), True),
        ("dropout_at_school_elsewhere", CASE._replace(elsewhere="3135000003"), False),
        ("dropout_without_registry", CASE._replace(status="persuasion", has_registry=False), True),
        ("dropout_without_registry", CASE._replace(has_registry=False), False),
        ("ill_but_healthy", CASE._replace(reason="06"), True),
        ("ill_but_healthy", CASE._replace(reason="08"), False),
        ("ill_but_healthy", CASE._replace(reason="06", health=None), False),
        ("returned_before_lost", CASE._replace(returned_on=date(2026, 10, 11)), False),
        ("returned_before_lost", CASE._replace(returned_on=date(2026, 10, 10)), True),
        ("closed_without_evidence", CASE._replace(closed_on=TODAY, outcome="explained"), False),
        ("closed_without_evidence", CASE._replace(closed_on=TODAY, outcome="explained", has_evidence=False), True),
        ("closed_without_evidence", CASE._replace(closed_on=TODAY, outcome="relapsed", has_evidence=False), False),
        ("case_days_impossible", CASE._replace(opened_on=date(2026, 11, 21), first_absent_on=None), True),
        ("case_days_impossible", CASE._replace(closed_on=date(2026, 10, 12)), False),
        ("case_days_impossible", CASE._replace(closed_on=date(2026, 10, 11)), True),
        ("labour_past_sixteen", CASE._replace(reason="04", sixteen_on=TODAY), True),
        ("labour_past_sixteen", CASE._replace(reason="04", sixteen_on=date(2026, 11, 21)), False),
        ("visit_in_future", VisitFacts(1, 2, TODAY, None), False),
        ("visit_in_future", VisitFacts(1, 2, date(2026, 11, 21), None), True),
        ("visit_after_transfer", VisitFacts(1, 2, date(2026, 3, 2), date(2026, 3, 2)), False),
        ("visit_after_transfer", VisitFacts(1, 2, date(2026, 3, 3), date(2026, 3, 2)), True),
        ("transfer_without_proof", MOVE, False),
        ("transfer_without_proof", MOVE._replace(papers=frozenset(), matched_on=None), True),
        ("transfer_without_proof", MOVE._replace(papers=frozenset()), False),
        ("transfer_unmatched", MOVE._replace(matched_on=None, on=date(2026, 10, 21)), False),
        ("transfer_unmatched", MOVE._replace(matched_on=None, on=date(2026, 10, 20)), True),
        ("transfer_unmatched", MOVE._replace(matched_on=None, back_on=TODAY), False),
        ("suspension_past_end", MOVE._replace(kind="suspension", ends_on=TODAY), False),
        ("suspension_past_end", MOVE._replace(kind="suspension", ends_on=date(2026, 11, 19)), True),
        ("suspension_without_approval", MOVE._replace(kind="suspension"), True),
        ("suspension_without_approval", MOVE._replace(kind="suspension", approved_on=TODAY), False),
        ("expelled", MOVE._replace(kind="expulsion"), True),
        ("expelled", MOVE._replace(kind="repetition"), False),
        ("movement_days_impossible", MOVE._replace(on=date(2026, 11, 21)), True),
        ("absentees_not_listed", DAILY, False),
        ("absentees_not_listed", DAILY._replace(figures=figures(present=49, sick=1)), True),
        ("absentees_not_listed", DAILY._replace(figures=figures(present=49, sick=1), listed=1), False),
        ("absentees_not_listed", DAILY._replace(figures=figures(present=49), listed=1), True),
        ("absentees_not_listed", DAILY._replace(figures=figures(present=49, sick=1), listed=None), False),
        ("roll_not_register", DAILY._replace(register=51, away=1), False),
        ("roll_not_register", DAILY._replace(register=52, away=1), True),
        ("roll_not_register", DAILY._replace(register=49), True),
        ("roll_not_register", DAILY._replace(register=49, is_latest=False), False),
        ("dropouts_not_rows", DAILY._replace(dropped=1), True),
        ("dropouts_not_rows", DAILY._replace(dropped=None, suspected=None), False),
        ("headcount_not_continued", DAILY._replace(before_id=9, before={"expected": 50}), False),
        ("headcount_not_continued", DAILY._replace(before_id=9, before={"expected": 49}), True),
        ("headcount_not_continued", DAILY._replace(before={"expected": 49}, figures=figures(moved_in=1)), False),
        ("headcount_not_continued", DAILY._replace(before={"expected": 51}, figures=figures(suspended=1)), False),
        ("headcount_not_continued", DAILY._replace(before={"expected": 49}, figures=figures(moved_in=None)), False),
        ("signed_before_period", DAILY._replace(signed_on=date(2026, 11, 19)), True),
        ("letter_in_number", DAILY._replace(rate_as_written="O.8%"), True),
        ("letter_in_number", DAILY._replace(rate_as_written="0.8%"), False),
        ("rate_not_recomputed", DAILY._replace(rate_as_written="0.8%"), True),
        ("rate_not_recomputed", DAILY._replace(rate_as_written="O.8%"), False),
        ("rate_not_recomputed", DAILY._replace(rate_as_written="2%", figures=figures(dropped=1)), False),
        ("rate_without_base", DAILY._replace(rate_as_written="72%", figures=figures(dropped=None)), True),
        ("poor_more_than_all", DAILY._replace(figures=figures(dropped=2, dropped_poor=2)), False),
        ("poor_more_than_all", DAILY._replace(figures=figures(dropped=2, dropped_left_behind=3)), True),
        ("poor_dropouts_over_poor", DAILY._replace(figures=figures(dropped=2, dropped_poor=2), poor=2), False),
        ("poor_dropouts_over_poor", DAILY._replace(figures=figures(dropped=2, dropped_poor=2), poor=1), True),
        ("blank_figure", DAILY._replace(figures=figures(truant=None)), True),
        ("blank_figure", DAILY._replace(figures=figures(truant=None), signed_on=None), False),
        ("figure_out_of_range", DAILY._replace(figures=figures(present=51)), True),
        ("figure_out_of_range", DAILY._replace(figures=figures(returned=-1)), True),
        ("town_not_schools", DAILY._replace(duty="written_report", parts=49), True),
        ("school_not_classes", DAILY._replace(duty="term_report", parts=50), False),
        ("classes_not_the_school", ClassFacts(1, "s", "2024-1", 40, 40, 0, 0, 41), False),
        ("class_headcount", ClassFacts(1, "s", "2024-1", 40, 40, 0, 0, 41), True),
        ("class_headcount", ClassFacts(1, "s", "2024-1", 44, 40, 2, 1, 41), False),
        ("classes_not_the_school", ClassFacts(1, "s", "2024-1", 44, 40, 2, 1, 41), True),
        ("files_over_children", SchoolFacts("s", 20, 20), False),
        ("files_over_children", SchoolFacts("s", 21, 20), True),
        ("key_unit_without_report", SchoolFacts("s", 0, 0, date(2026, 9, 1), "2026-10"), True),
    ],
)
def test_rules_at_under_and_over(code: str, facts: Any, breaks: bool) -> None:
    assert isinstance(facts, RULES[code].facts)
    assert (RULES[code].judge(facts, TODAY) is not None) is breaks


def test_copied_figures_need_three_that_are_not_zero() -> None:
    judge = RULES["identical_figures"].judge
    monthly = DAILY._replace(duty="monthly_ledger", before_id=7)
    two, three = figures(present=None, truant=2), figures(truant=2, sick=3)
    assert judge(monthly._replace(figures=two, before=dict(two)), TODAY) is None
    assert judge(monthly._replace(figures=three, before=dict(three)), TODAY)
    assert judge(monthly._replace(figures=three, before=figures(truant=2, sick=4)), TODAY) is None
    assert judge(DAILY._replace(figures=three, before=dict(three)), TODAY) is None


def test_a_period_follows_the_next_day_or_over_a_weekend() -> None:
    assert follows(date(2026, 11, 19), TODAY)
    assert follows(date(2026, 11, 20), date(2026, 11, 23))
    assert not follows(date(2026, 11, 18), TODAY)
    assert not follows(date(2026, 11, 19), date(2026, 11, 23))


@pytest.mark.parametrize("kind", sorted(set(KINDS.values()) - {"day"}))
def test_every_kind_of_side_has_words(kind: str) -> None:
    assert any(key.startswith(f"{kind}.") for key in all_words())


def test_a_side_is_said_in_words_and_a_birth_date_is_masked() -> None:
    assert Side("case_status", "dropout").say("en") == "Dropout"
    assert Side("told_expected", "50").say() == "50"
    assert Side("back_on").say("zh") == "无"
    assert Side("paper_missing", "transfer_certificate").say() == "转学证明"
    assert Side("birth", "2017-03-04").say(masked=True) == "2017-03-**"
    assert Side("birth", "2017-03-04").say() == "2017-03-04"
