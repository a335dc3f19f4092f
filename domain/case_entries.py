"""What a person writes down about a case, checked before it is kept: visits (L9), persuasion (L10), follow-ups."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.errors import ProblemError
from domain.visits import DutyRole, VisitMode

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
LONGEST = 2000  # signs of a free text
LONGEST_NAMES = 200
LONGEST_RESULT = 40
MOST_PEERS = 50


class VisitResult(StrEnum):
    """What came of a visit or call, in the words that ledgers use."""

    PROMISED = "promised"
    HESITATING = "hesitating"
    REFUSED = "refused"
    NOT_MET = "not_met"
    BACK = "back"


class PersuasionKind(StrEnum):
    """Who carries a persuasion (R222, R225-R226)."""

    HOME = "home"
    SCHOOL = "school"
    ADMINISTRATIVE = "administrative"
    JOINT = "joint"


class Dimension(StrEnum):
    """What a follow-up after the return looks at (R061)."""

    STUDY = "study"
    LIFE = "life"
    MIND = "mind"


class Assessment(StrEnum):
    """How a returned child is found in one dimension."""

    GOOD = "good"
    STEADY = "steady"
    WAVERING = "wavering"


@dataclass(frozen=True)
class Visitor:
    """One who came: as what (a stand-in as the role stood in for), and the person's number where it is known."""

    role: DutyRole
    name: str
    person_id: int | None = None


@dataclass(frozen=True)
class VisitEntry:
    """A visit or contact as it is written down (L9, R059). Texts may be empty except `content`; `visited_at` is HH:MM.

    `peers`: how many pupils and friends helped; a minor is counted and not named (R221).
    """

    visited_on: date
    mode: VisitMode
    visitors: tuple[Visitor, ...]
    content: str
    result: str
    visited_at: str = ""
    met: str = ""
    place: str = ""
    purpose: str = ""
    family: str = ""
    parent_view: str = ""
    next_step: str = ""
    signed: bool | None = None
    peers: int | None = None

    def check(self, first_day: date, today: date) -> None:
        """Raise ProblemError unless the visit lies between the first day of the matter and today and says who and what."""
        check_day(self.visited_on, first_day, today)
        if not self.visitors or not all(one.name.strip() for one in self.visitors):
            raise ProblemError("record.nobody_came")
        if self.visited_at and not CLOCK.fullmatch(self.visited_at):
            raise ProblemError("record.bad_clock")
        require_text("content", self.content)
        require_text("result", self.result, LONGEST_RESULT)
        if len(self.names) > LONGEST_NAMES:
            raise ProblemError("record.too_long", field=ProblemError("record.field.visitors"), longest=LONGEST_NAMES)
        check_peers(self.peers)
        check_lengths(self.met, self.place, self.purpose, self.family, self.parent_view, self.next_step)

    @property
    def names(self) -> str:
        """Who came, as ledgers write it."""
        return "、".join(one.name.strip() for one in self.visitors)


@dataclass(frozen=True)
class PersuasionEntry:
    """An attempt to bring a child back (L10): its number follows from those before it."""

    on: date
    kind: PersuasionKind
    people: str
    people_role: str
    content: str
    result: str
    place: str = ""
    next_step: str = ""
    signed_by: str = ""
    peers: int | None = None

    def check(self, first_day: date, today: date) -> None:
        """Raise ProblemError unless day, people, content and result are given."""
        check_day(self.on, first_day, today)
        require_text("people", self.people, LONGEST_NAMES)
        require_text("content", self.content)
        require_text("result", self.result, LONGEST_RESULT)
        check_peers(self.peers)
        check_lengths(self.place, self.next_step)
        for text in (self.people_role, self.signed_by):
            check_lengths(text, longest=60)


@dataclass(frozen=True)
class FollowUpEntry:
    """One follow-up after the return: how the child is found in each of the three dimensions (R061).

    `plan`: what the child has to catch up on, with whom and by when (R077).
    """

    on: date
    helper: str
    found: Mapping[Dimension, tuple[Assessment, str]]
    plan: str = ""

    def check(self, returned_on: date, today: date) -> None:
        """Raise ProblemError unless it lies after the return and all three dimensions are assessed."""
        check_day(self.on, returned_on, today)
        for missing in sorted(set(Dimension) - set(self.found)):
            raise ProblemError("record.dimension_missing", dimension=ProblemError(f"dimension.{missing}"))
        require_text("helper", self.helper, 80)
        check_lengths(self.plan, *(note for _, note in self.found.values()))


def check_day(day: date, first_day: date, today: date) -> None:
    """Raise ProblemError for a day that has not come, or that lies before the matter began."""
    if day > today:
        raise ProblemError("record.in_future", today=today)
    if day < first_day:
        raise ProblemError("record.too_early", first=first_day)


def check_peers(peers: int | None) -> None:
    """Raise ProblemError for a number of helping peers that cannot be."""
    if peers is not None and not 0 <= peers <= MOST_PEERS:
        raise ProblemError("record.peers", most=MOST_PEERS)


def require_text(field: str, text: str, longest: int = LONGEST) -> None:
    """Raise ProblemError unless a text that must be given is, and is not too long."""
    if not text.strip():
        raise ProblemError("record.text_missing", field=ProblemError(f"record.field.{field}"))
    if len(text) > longest:
        raise ProblemError("record.too_long", field=ProblemError(f"record.field.{field}"), longest=longest)


def check_lengths(*texts: str, longest: int = LONGEST) -> None:
    """Raise ProblemError for a text that is too long to be kept whole."""
    if any(len(text) > longest for text in texts):
        raise ProblemError("record.too_long", field=ProblemError("record.field.text"), longest=longest)


def is_same_visit(before: Collection[str], now: Collection[str]) -> bool:
    """Whether two entries of one day and way are one visit: somebody stands in both."""
    return bool({one.strip() for one in before} & {one.strip() for one in now})
