"""Contradictions between a movement, its papers and what came after."""

from datetime import date

from domain.check_facts import MoveFacts
from domain.checks import Ground, Owner, Severity, Side, Sides, day_text, rule
from domain.movements import INVALID, Movement, Paper, deciding_paper_missing, is_unmatched
from domain.queues import UNMATCHED_AFTER_DAYS

ILLEGAL = INVALID - {Movement.REPETITION}


def _move(facts: MoveFacts, what: str, value: str = "") -> Side:
    return Side(what, value, f"movement_event:{facts.movement_id}")


def _lacking(facts: MoveFacts, movement: Movement) -> Sides | None:
    held = facts.papers | ({Paper.SUSPENSION_APPROVAL.value} if facts.approved_on else set())
    lacking = deciding_paper_missing(movement, held)
    if facts.kind != movement or lacking is None:
        return None
    return _move(facts, "movement", movement.value), _move(facts, "paper_missing", lacking.value)


@rule(Severity.ERROR, Owner.SCHOOL, Ground.MOVEMENTS, "R189, R195", MoveFacts)
def transfer_without_proof(facts: MoveFacts, _day: date) -> Sides | None:
    """A transfer out without certificate that no school has confirmed, of a child not back since."""
    return None if facts.matched_on or facts.back_on else _lacking(facts, Movement.TRANSFER_OUT)


@rule(Severity.WARNING, Owner.COUNTY, Ground.MOVEMENTS, "R198", MoveFacts)
def transfer_unmatched(facts: MoveFacts, day: date) -> Sides | None:
    """A transfer out with its certificate, but with no matching transfer in after 30 days."""
    is_proven = facts.kind == Movement.TRANSFER_OUT and Paper.TRANSFER_CERTIFICATE in facts.papers
    if not is_proven or facts.back_on is not None or not is_unmatched(facts.on, facts.matched_on, day, UNMATCHED_AFTER_DAYS):
        return None
    return _move(facts, "left_on", day_text(facts.on)), _move(facts, "matched_on")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.MOVEMENTS, "R190", MoveFacts)
def hosted_without_papers(facts: MoveFacts, _day: date) -> Sides | None:
    """Hosted study that lacks one of its three papers."""
    return _lacking(facts, Movement.HOSTED)


@rule(Severity.ERROR, Owner.SCHOOL, Ground.MOVEMENTS, "R191-R192", MoveFacts)
def suspension_without_approval(facts: MoveFacts, _day: date) -> Sides | None:
    """A suspension that nobody approved."""
    return _lacking(facts, Movement.SUSPENSION)


@rule(Severity.WARNING, Owner.SCHOOL, Ground.MOVEMENTS, "R192", MoveFacts)
def suspension_past_end(facts: MoveFacts, day: date) -> Sides | None:
    """A suspension past its last day, and the pupil not back."""
    if facts.kind != Movement.SUSPENSION or facts.ends_on is None or facts.ends_on >= day or facts.back_on is not None:
        return None
    return _move(facts, "suspended_until", day_text(facts.ends_on)), Side("back_on", "", f"child:{facts.child_id}")


@rule(Severity.ERROR, Owner.COUNTY, Ground.MOVEMENTS, "R109-R110", MoveFacts)
def expelled(facts: MoveFacts, _day: date) -> Sides | None:
    """A movement that the law does not know: expulsion or withdrawal."""
    if facts.kind not in ILLEGAL:
        return None
    return _move(facts, "movement", facts.kind), Side("compulsory_law")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.MOVEMENTS, "R183, R194", MoveFacts)
def movement_days_impossible(facts: MoveFacts, day: date) -> Sides | None:
    """A movement on a day to come, or one that ends before it begins."""
    begins = _move(facts, "moved_on", day_text(facts.on))
    if facts.on > day:
        return begins, Side("today", day_text(day))
    if facts.ends_on is not None and facts.ends_on < facts.on:
        return begins, _move(facts, "suspended_until", day_text(facts.ends_on))
    return None
