"""Work queues of children whose movement or placement is not settled, each entry with an outcome and its age in days."""

from datetime import date
from enum import StrEnum


class Queue(StrEnum):
    """The queues (R035-R042, R078-R081, R189-R200); what puts a child in one stands with each.

    enrolled_not_attending: on the register, absent long enough to be suspected, not back (R039). studying_elsewhere: found
    to learn elsewhere, registry not transferred (R040). unproven_transfer: left without a certificate (R189).
    unmatched_transfer: left with one, and not found in any school after the days allowed (R198). hosted_papers: hosted
    elsewhere, one of three papers missing (R190). suspension_unapproved: suspended without approval, counted as lost
    (R191-R192). suspension_over: its suspension ended and it did not resume (R191). disabled_unplaced: a disabled child of
    school age without placement (R079). no_junior_school: finished primary school,
    not found in grade 7 (R193). not_registered: of school age, living here, in no school (R041).
    """

    ENROLLED_NOT_ATTENDING = "enrolled_not_attending"
    STUDYING_ELSEWHERE = "studying_elsewhere"
    UNPROVEN_TRANSFER = "unproven_transfer"
    UNMATCHED_TRANSFER = "unmatched_transfer"
    HOSTED_PAPERS = "hosted_papers"
    SUSPENSION_UNAPPROVED = "suspension_unapproved"
    SUSPENSION_OVER = "suspension_over"
    DISABLED_UNPLACED = "disabled_unplaced"
    NO_JUNIOR_SCHOOL = "no_junior_school"
    NOT_REGISTERED = "not_registered"


class Finding(StrEnum):
    """What was found out about an entry (R039). `dropped_out` and `unreachable` need a case of their own."""

    ATTENDING = "attending"
    ELSEWHERE_PROVEN = "elsewhere_proven"
    PAPERS_COMPLETE = "papers_complete"
    HOME_TEACHING = "home_teaching"
    PLACED = "placed"
    DEFERRED = "deferred"
    MOVED_AWAY = "moved_away"
    RECORD_WRONG = "record_wrong"
    DROPPED_OUT = "dropped_out"
    UNREACHABLE = "unreachable"
    PENDING = "pending"


UNMATCHED_AFTER_DAYS = 30  # a transfer out may take so long to be found in another school (R198)
SETTLES_NOTHING = frozenset({Finding.DROPPED_OUT, Finding.UNREACHABLE, Finding.PENDING})


def is_settled(finding: Finding | None) -> bool:
    """Whether an entry needs no more work: verified, and not merely found to be lost or pending."""
    return finding is not None and finding not in SETTLES_NOTHING


def age_in_days(since: date, as_of: date) -> int:
    """How long an entry has stood in its queue: calendar days, 0 on its first day."""
    return max(0, (as_of - since).days)
