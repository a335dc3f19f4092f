"""Movements of pupils: what papers each needs, and what each does to headcount, dropout rates and retention.

One paper decides whether a child who left is counted as lost (R189-R192). The effect on a dropout rate is not written
here a second time: a movement falls into one component of `LossCounts`, and `COEFFICIENTS` says how the component counts.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.rate_families import COEFFICIENTS, RateFamily


class Movement(StrEnum):
    """Kinds of movement. Expulsion and withdrawal do not exist in compulsory education (R109-R110): see `INVALID`."""

    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    HOSTED = "hosted"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    DEATH = "death"
    ABROAD = "abroad"
    HOME_TEACHING = "home_teaching"
    DEFERRAL = "deferral"
    GRADUATION = "graduation"
    REPETITION = "repetition"
    GRADE_SKIPPED = "grade_skipped"
    CLASS_CHANGE = "class_change"
    DROPOUT = "dropout"
    WITHDRAWAL = "withdrawal"
    EXPULSION = "expulsion"
    OTHER = "other"


class Paper(StrEnum):
    """Kinds of evidence behind a movement, a case or its closing."""

    APPLICATION = "application"
    VILLAGE_CERTIFICATE = "village_certificate"
    HOST_ACCEPTANCE = "host_acceptance"
    TRANSFER_CERTIFICATE = "transfer_certificate"
    MEDICAL = "medical"
    SUSPENSION_APPROVAL = "suspension_approval"
    DEFERRAL_APPROVAL = "deferral_approval"
    HOME_TEACHING_APPROVAL = "home_teaching_approval"
    PASSPORT = "passport"
    DEATH_CERTIFICATE = "death_certificate"
    FOLLOW_UP_FILE = "follow_up_file"
    LEAVE_RECORD = "leave_record"
    BIRTH_PROOF = "birth_proof"


# Never accepted from a ledger: no school may expel (R109-R110), a child of compulsory age cannot withdraw, repetition is
# not allowed in compulsory education. A row of old records still counts as the loss that it is.
INVALID = frozenset({Movement.EXPULSION, Movement.WITHDRAWAL, Movement.REPETITION})

# All the papers that a complete file holds (R189-R192).
PAPERS_NEEDED: Mapping[Movement, tuple[Paper, ...]] = {
    Movement.TRANSFER_IN: (Paper.TRANSFER_CERTIFICATE,),
    Movement.TRANSFER_OUT: (Paper.TRANSFER_CERTIFICATE,),
    Movement.HOSTED: (Paper.APPLICATION, Paper.VILLAGE_CERTIFICATE, Paper.HOST_ACCEPTANCE),
    Movement.SUSPENSION: (Paper.MEDICAL, Paper.APPLICATION, Paper.SUSPENSION_APPROVAL),
    Movement.DEFERRAL: (Paper.MEDICAL, Paper.APPLICATION, Paper.DEFERRAL_APPROVAL),
    Movement.HOME_TEACHING: (Paper.MEDICAL, Paper.HOME_TEACHING_APPROVAL),
    Movement.ABROAD: (Paper.PASSPORT,),
    Movement.DEATH: (Paper.DEATH_CERTIFICATE,),
}
# Those without which the child counts as lost: the approval for a suspension, all three for hosted study.
PAPERS_DECIDING: Mapping[Movement, tuple[Paper, ...]] = {
    Movement.TRANSFER_OUT: (Paper.TRANSFER_CERTIFICATE,),
    Movement.HOSTED: PAPERS_NEEDED[Movement.HOSTED],
    Movement.SUSPENSION: (Paper.SUSPENSION_APPROVAL,),
    Movement.ABROAD: (Paper.PASSPORT,),
}


def missing_papers(movement: Movement, held: Collection[str]) -> tuple[Paper, ...]:
    """The papers a complete file still lacks."""
    return tuple(paper for paper in PAPERS_NEEDED.get(movement, ()) if paper not in held)


def deciding_paper_missing(movement: Movement, held: Collection[str]) -> Paper | None:
    """The first missing paper that makes the child count as lost; None when the movement is proven."""
    return next((paper for paper in PAPERS_DECIDING.get(movement, ()) if paper not in held), None)


# The component of LossCounts a movement falls into: (proven, unproven). None: it is no loss and no arrival.
COMPONENTS: Mapping[Movement, tuple[str | None, str | None]] = {
    Movement.TRANSFER_IN: ("transfer_in", "transfer_in"),
    Movement.TRANSFER_OUT: ("transfer_out_proven", "unproven_transfer"),
    Movement.HOSTED: (None, "hosted_missing_papers"),
    Movement.SUSPENSION: ("suspended_approved", "suspended_unapproved"),
    Movement.DEATH: ("death", "death"),
    Movement.ABROAD: ("abroad", "unproven_transfer"),
    Movement.DROPOUT: ("dropped_out", "dropped_out"),
    Movement.WITHDRAWAL: ("other_loss", "other_loss"),
    Movement.EXPULSION: ("expelled", "expelled"),
}


def loss_component(movement: Movement, held: Collection[str]) -> str | None:
    """The field of LossCounts in which this movement counts, given the papers held; None when in none."""
    proven, unproven = COMPONENTS.get(movement, (None, None))
    return proven if deciding_paper_missing(movement, held) is None else unproven


@dataclass(frozen=True)
class Effect:
    """What one movement does, per child: one line of the effect table.

    `headcount`: added to the pupils of the school, as in last term + in - out = now (0: still on its register, though not
    there). `dropout`: added to the net
    numerator of each family. `cohort_loss`: whether the uncorrected three-year retention loses the child. `expected`: added
    to the expected graduates of the adjusted retention. `valid`: False for movements the law does not know.
    """

    headcount: int
    dropout: Mapping[RateFamily, int]
    cohort_loss: bool
    expected: int
    valid: bool


# A dropout stays on the register (R200), and an invalid movement takes nobody off it.
HEADCOUNT: Mapping[Movement, int] = {
    Movement.TRANSFER_IN: 1,
    Movement.RESUMPTION: 1,
    Movement.TRANSFER_OUT: -1,
    Movement.SUSPENSION: -1,
    Movement.DEATH: -1,
    Movement.ABROAD: -1,
    Movement.GRADUATION: -1,
}
STAYS_IN_COHORT = frozenset(
    {
        Movement.TRANSFER_IN,
        Movement.RESUMPTION,
        Movement.DEFERRAL,
        Movement.GRADUATION,
        Movement.REPETITION,
        Movement.GRADE_SKIPPED,
        Movement.CLASS_CHANGE,
        Movement.OTHER,
    }
)
EXPECTED: Mapping[Movement, int] = {Movement.TRANSFER_IN: 1, Movement.TRANSFER_OUT: -1, Movement.ABROAD: -1}


def movement_effect(movement: Movement, proven: bool) -> Effect:
    """The line of the effect table; `proven`: every deciding paper is held.

    An approved suspension takes the child off the headcount until it resumes (local custom differs); one without approval
    does not. Where no paper decides, `proven` makes no difference.
    """
    stays = movement is Movement.SUSPENSION and not proven
    component = COMPONENTS.get(movement, (None, None))[0 if proven or movement not in PAPERS_DECIDING else 1]
    if movement is Movement.RESUMPTION:  # counted as such only after an earlier year's loss; within the year the loss just ends
        component = "resumed"
    return Effect(
        headcount=0 if stays else HEADCOUNT.get(movement, 0),
        dropout={family: COEFFICIENTS[family].get(component or "", 0) for family in RateFamily},
        cohort_loss=movement not in STAYS_IN_COHORT,
        expected=EXPECTED.get(movement, 0) if proven else 0,
        valid=movement not in INVALID,
    )


def is_unmatched(left_on: date, arrived_on: date | None, as_of: date, allowed_days: int) -> bool:
    """Whether a transfer out has found no matching transfer in for more than `allowed_days` calendar days (R198)."""
    return arrived_on is None and as_of > left_on + timedelta(days=allowed_days)


# Codes of the education data standard (JY/T 1001 学籍异动类别) for the kinds that compulsory education has.
STANDARD_CODES: Mapping[str, Movement] = {
    "02": Movement.REPETITION,
    "03": Movement.REPETITION,
    "04": Movement.GRADE_SKIPPED,
    "11": Movement.SUSPENSION,
    "12": Movement.RESUMPTION,
    "13": Movement.SUSPENSION,
    "21": Movement.TRANSFER_OUT,
    "22": Movement.TRANSFER_IN,
    "29": Movement.CLASS_CHANGE,
    "31": Movement.WITHDRAWAL,
    "42": Movement.EXPULSION,
    "51": Movement.DEATH,
    "61": Movement.GRADUATION,
    "62": Movement.GRADUATION,
    "99": Movement.OTHER,
}
# As ledgers write them; the first word found decides.
MOVEMENT_WORDS: tuple[tuple[str, Movement], ...] = (
    ("转入", Movement.TRANSFER_IN),
    ("转进", Movement.TRANSFER_IN),
    ("转出", Movement.TRANSFER_OUT),
    ("借读", Movement.HOSTED),
    ("延缓入学", Movement.DEFERRAL),
    ("缓学", Movement.DEFERRAL),
    ("休学", Movement.SUSPENSION),
    ("复学", Movement.RESUMPTION),
    ("死亡", Movement.DEATH),
    ("出国", Movement.ABROAD),
    ("出境", Movement.ABROAD),
    ("送教", Movement.HOME_TEACHING),
    ("毕业", Movement.GRADUATION),
    ("结业", Movement.GRADUATION),
    ("留级", Movement.REPETITION),
    ("降级", Movement.REPETITION),
    ("跳级", Movement.GRADE_SKIPPED),
    ("调班", Movement.CLASS_CHANGE),
    ("转班", Movement.CLASS_CHANGE),
    ("辍学", Movement.DROPOUT),
    ("流失", Movement.DROPOUT),
    ("退学", Movement.WITHDRAWAL),
    ("开除", Movement.EXPULSION),
    ("其他", Movement.OTHER),
    ("其它", Movement.OTHER),
)


def parse_movement(text: str) -> Movement | None:
    """The kind of movement in a ledger cell: a standard code, or the first known word in it; None when unknown."""
    tidy = "".join(text.split())
    if tidy.isascii() and tidy.isdigit():
        return STANDARD_CODES.get(tidy.zfill(2))
    return next((movement for word, movement in MOVEMENT_WORDS if word in tidy), None)
