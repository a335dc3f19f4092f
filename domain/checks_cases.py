"""Contradictions between a case, its visits and the other ledgers."""

from datetime import date

from domain.check_facts import AbsenceFacts, CaseFacts, VisitFacts
from domain.checks import Ground, Owner, Severity, Side, Sides, day_text, rule
from domain.reasons import Reason

OUT = frozenset({"dropout", "persuasion"})
HEALTHY = frozenset({"健康或良好", "健康", "良好"})
SICK = {Reason.ILLNESS.value, Reason.DISABILITY.value}


def _case(facts: CaseFacts, what: str, value: str = "") -> Side:
    return Side(what, value, f"case_file:{facts.case_id}")


@rule(Severity.ERROR, Owner.COUNTY, Ground.CASES, "R183", CaseFacts)
def dropout_at_school_elsewhere(facts: CaseFacts, _day: date) -> Sides | None:
    """A dropout of one school stands on the register of another."""
    if facts.status not in OUT or facts.elsewhere is None:
        return None
    return _case(facts, "case_status", facts.status or ""), Side("registered_at", facts.elsewhere, f"child:{facts.child_id}")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.CASES, "R200", CaseFacts)
def dropout_without_registry(facts: CaseFacts, _day: date) -> Sides | None:
    """A dropout whose registry number is gone: it is kept until the child is back."""
    if facts.status not in OUT or facts.has_registry:
        return None
    return _case(facts, "case_status", facts.status or ""), Side("registry_number", "", f"child:{facts.child_id}")


@rule(Severity.WARNING, Owner.SCHOOL, Ground.CASES, "R183", CaseFacts)
def ill_but_healthy(facts: CaseFacts, _day: date) -> Sides | None:
    """An open case that gives illness or disability as its reason, of a child recorded as healthy."""
    if facts.closed_on is not None or facts.reason not in SICK or facts.health not in HEALTHY:
        return None
    return _case(facts, "case_reason", facts.reason or ""), Side("health", facts.health or "", f"child:{facts.child_id}")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.CASES, "R183", CaseFacts)
def returned_before_lost(facts: CaseFacts, _day: date) -> Sides | None:
    """A return that is dated before the absence."""
    lost = facts.first_absent_on or facts.opened_on
    if facts.returned_on is None or facts.returned_on >= lost:
        return None
    return _case(facts, "returned_on", day_text(facts.returned_on)), _case(facts, "lost_on", day_text(lost))


@rule(Severity.ERROR, Owner.COUNTY, Ground.CASES, "R055", CaseFacts)
def closed_without_evidence(facts: CaseFacts, _day: date) -> Sides | None:
    """A closed case with no paper or no second person; one closed by a relapse goes on in the next."""
    if facts.closed_on is None or facts.outcome == "relapsed" or (facts.has_evidence and facts.has_second_person):
        return None
    lacking = "second_person" if facts.has_evidence else "evidence"
    return _case(facts, "closed_on", day_text(facts.closed_on)), _case(facts, lacking)


@rule(Severity.ERROR, Owner.SCHOOL, Ground.CASES, "R183", CaseFacts)
def case_days_impossible(facts: CaseFacts, day: date) -> Sides | None:
    """A case opened on a day to come, before the first day missed, or closed before it was opened."""
    opened = _case(facts, "opened_on", day_text(facts.opened_on))
    if facts.opened_on > day:
        return opened, Side("today", day_text(day))
    if facts.first_absent_on is not None and facts.first_absent_on > facts.opened_on:
        return opened, _case(facts, "lost_on", day_text(facts.first_absent_on))
    if facts.closed_on is not None and facts.closed_on < facts.opened_on:
        return opened, _case(facts, "closed_on", day_text(facts.closed_on))
    return None


@rule(Severity.WARNING, Owner.COUNTY, Ground.CASES, "R108", CaseFacts)
def labour_past_sixteen(facts: CaseFacts, day: date) -> Sides | None:
    """An open case of a child at work whose sixteenth birthday is over."""
    at_work = facts.closed_on is None and facts.reason == Reason.GONE_TO_WORK.value
    if not at_work or facts.sixteen_on is None or facts.sixteen_on > day:
        return None
    return _case(facts, "case_reason", facts.reason or ""), Side("sixteen", day_text(facts.sixteen_on), f"child:{facts.child_id}")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.CASES, "R046, R183", AbsenceFacts)
def absent_while_taught_at_home(facts: AbsenceFacts, _day: date) -> Sides | None:
    """A pupil taught at home is listed as absent without leave."""
    absent = Side("absence", facts.state, f"absence_day:{facts.absence_id}")
    return absent, Side("placement", "home_teaching", f"child:{facts.child_id}")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.CASES, "R046, R183", CaseFacts)
def dropout_while_taught_at_home(facts: CaseFacts, _day: date) -> Sides | None:
    """A pupil taught at home has an open case as a dropout."""
    if facts.status not in OUT or not facts.is_taught_at_home:
        return None
    return _case(facts, "case_status", facts.status or ""), Side("placement", "home_teaching", f"child:{facts.child_id}")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.CASES, "R059, R183", VisitFacts)
def visit_in_future(facts: VisitFacts, day: date) -> Sides | None:
    """A visit that has not happened yet."""
    if facts.on <= day:
        return None
    return Side("visited_on", day_text(facts.on), f"home_visit:{facts.visit_id}"), Side("today", day_text(day))


@rule(Severity.WARNING, Owner.SCHOOL, Ground.CASES, "R059, R183", VisitFacts)
def visit_after_transfer(facts: VisitFacts, _day: date) -> Sides | None:
    """A visit to a pupil who had moved away."""
    if facts.left_on is None or facts.on <= facts.left_on:
        return None
    left = Side("left_on", day_text(facts.left_on), f"child:{facts.child_id}")
    return Side("visited_on", day_text(facts.on), f"home_visit:{facts.visit_id}"), left
