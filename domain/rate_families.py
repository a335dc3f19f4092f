"""The three formula families of the annual dropout rate, over the same counts of one school, stage and school year.

There is no single national formula, and the families give different verdicts on the same data; the seed family is the
default. Which component counts in which family stands once, in `COEFFICIENTS`, for the pure functions, for the SQL that
counts in bulk and for the methods page.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from operator import attrgetter, mul
from typing import NamedTuple

from domain.rates import Rate


class RateFamily(StrEnum):
    """Whose formula counts.

    seed: children lost without valid papers and not back (default; domain rules R189-R192).
    dictionary: everyone who left except by graduation, promotion, repetition, proven transfer, death or going abroad; an
    approved suspension counts, hosted study does not.
    two_basics: all who left the register - all who came, the net change of the former 「两基」 acceptance. Arrivals can make
    it negative; it is neither clamped nor hidden, because the acceptance sums it up from school level.
    """

    SEED = "seed"
    DICTIONARY = "dictionary"
    TWO_BASICS = "two_basics"


class LossCounts(NamedTuple):
    """What happened to the pupils of one school x stage x school year up to an as-of date; every field counts children.

    `start_count`: pupils in school at the start of the year (1 September): enrolled and not lost on that day. Pupils
    excluded from assessment with the guardian's agreement (R081-R082) and pupils taught at home are among them.
    `dropped_out`: status dropout or persuasion and not back. `unproven_transfer`: left without proof of reception, or
    abroad without a passport. `hosted_missing_papers`: hosted elsewhere without all three papers. `suspended_unapproved`
    / `suspended_approved`: by the county's (or town's) approval. `transfer_out_proven`, `transfer_in`, `death`, `abroad`:
    movements with their papers. `expelled`: an invalid movement (R109), refused at import; a row of old records counts.
    `other_loss`: withdrawn or gone with no movement at all. `returned`: lost in the year and back by as-of; they are in
    no other field. `transition_loss`: of the primary stage only, graduates found in no grade 7 and unexplained; they are
    in no other field. `resumed`: back in this year after being out since an earlier one (other increase of the two basics).
    A child stands in one field only; one who resumed and was lost again stands in both.
    """

    start_count: int = 0
    dropped_out: int = 0
    unproven_transfer: int = 0
    hosted_missing_papers: int = 0
    suspended_unapproved: int = 0
    suspended_approved: int = 0
    transfer_out_proven: int = 0
    transfer_in: int = 0
    death: int = 0
    abroad: int = 0
    expelled: int = 0
    other_loss: int = 0
    returned: int = 0
    transition_loss: int = 0
    resumed: int = 0

    @classmethod
    def total(cls, parts: "Iterable[LossCounts]") -> "LossCounts":
        """The counts of the whole: every field summed."""
        rows = tuple(parts)
        return cls(*map(sum, zip(*rows, strict=True)))


# How often one child of each component stands in the net numerator; a component that is not named counts 0 times.
# A child lost and returned in the year counts 0 times in every family: in two_basics it left (+1) and came back (-1).
COEFFICIENTS: Mapping[RateFamily, Mapping[str, int]] = {
    RateFamily.SEED: {
        "dropped_out": 1,
        "unproven_transfer": 1,
        "hosted_missing_papers": 1,
        "suspended_unapproved": 1,
        "expelled": 1,
        "other_loss": 1,
    },
    RateFamily.DICTIONARY: {
        "dropped_out": 1,
        "unproven_transfer": 1,
        "suspended_unapproved": 1,
        "suspended_approved": 1,
        "expelled": 1,
        "other_loss": 1,
    },
    RateFamily.TWO_BASICS: {
        "dropped_out": 1,
        "unproven_transfer": 1,
        "suspended_unapproved": 1,
        "suspended_approved": 1,
        "transfer_out_proven": 1,
        "death": 1,
        "abroad": 1,
        "expelled": 1,
        "other_loss": 1,
        "transfer_in": -1,
        "resumed": -1,
    },
}

_WEIGHED = {family: (attrgetter(*parts), tuple(parts.values())) for family, parts in COEFFICIENTS.items()}


def dropouts(counts: LossCounts, family: RateFamily = RateFamily.SEED) -> int:
    """The net numerator: children lost and not back at as-of, as the family counts them; two_basics may be negative."""
    components, times = _WEIGHED[family]
    return int(sum(map(mul, times, components(counts))))


def dropout_rate(counts: LossCounts, family: RateFamily = RateFamily.SEED) -> Rate:
    """年辍学率 (net): `dropouts` / pupils in school at the start of the year."""
    return Rate(dropouts(counts, family), counts.start_count)


def gross_dropout_rate(counts: LossCounts, family: RateFamily = RateFamily.SEED) -> Rate:
    """The rate before returns: also those who were lost in the year and came back; it stands beside the net rate."""
    return Rate(dropouts(counts, family) + counts.returned, counts.start_count)


def term_dropout_rate(counts: LossCounts, family: RateFamily = RateFamily.SEED) -> Rate:
    """学期辍学率 (composed; no official formula): the losses of one term / pupils in school at the term's start.

    `counts` must cover the term, with `start_count` on its first day. Term rates must not be added up to a year's rate:
    their denominators differ.
    """
    return dropout_rate(counts, family)


def loss_rate(counts: LossCounts, baseline: int) -> Rate:
    """流失率: pupils gone without valid movement papers and not back (the seed numerator) / the class or school `baseline`.

    The baseline is a headcount fixed by a rule (R162-R163, `class_arithmetic.baseline`), not the count of 1 September.
    """
    return Rate(dropouts(counts), baseline)


def listing_rate(counts: LossCounts, family: RateFamily = RateFamily.SEED) -> Rate:
    """The rate of the key-unit test (R011-R012): the annual numerator with the primary-to-junior losses added."""
    return Rate(dropouts(counts, family) + counts.transition_loss, counts.start_count)
