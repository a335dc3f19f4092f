"""一生一档, 一班一档: the parts that a child's file must hold, which of them are missing, and the share that is there.

Which parts a file needs depends on what the child is. Sources: R050, R058-R066, R077-R079, R105-R107, R134, R224, R234-R235.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.rates import Rate


class FilePart(StrEnum):
    """The parts of a file, in the order in which they are listed."""

    IDENTITY = "identity"
    REGISTRY = "registry"
    ENROLMENT = "enrolment"
    HOME = "home"
    CONTACT = "contact"
    TERM_VISIT = "term_visit"
    PARENTS_WHEREABOUTS = "parents_whereabouts"
    CARER = "carer"
    HELPER = "helper"
    QUARTERLY_CHECK = "quarterly_check"
    PLACEMENT = "placement"
    AID = "aid"
    REASON = "reason"
    CASE_VISIT = "case_visit"
    REPORTED_TOWNSHIP = "reported_township"
    PERSUASION = "persuasion"
    RETURN_NOTICE = "return_notice"
    RESPONSIBILITY_LETTER = "responsibility_letter"
    RETURN_HELPER = "return_helper"
    FOLLOW_UP = "follow_up"


class FileKind(StrEnum):
    """What a child is, as far as its file is concerned; one child may be several at once."""

    PUPIL = "pupil"
    LEFT_BEHIND = "left_behind"
    DISABLED = "disabled"
    POOR = "poor"
    AT_RISK = "at_risk"
    DROPOUT = "dropout"
    RETURNED = "returned"


P = FilePart
NEEDED: dict[FileKind, tuple[FilePart, ...]] = {
    FileKind.PUPIL: (P.IDENTITY, P.REGISTRY, P.ENROLMENT, P.HOME, P.CONTACT, P.TERM_VISIT),  # R050, R063, R134
    FileKind.LEFT_BEHIND: (P.PARENTS_WHEREABOUTS, P.CARER, P.HELPER, P.QUARTERLY_CHECK),  # R064-R067
    FileKind.DISABLED: (P.PLACEMENT,),  # R078-R079
    FileKind.POOR: (P.AID,),  # R105-R107
    FileKind.AT_RISK: (P.REASON, P.CASE_VISIT),  # R058, R022
    FileKind.DROPOUT: (P.REPORTED_TOWNSHIP, P.PERSUASION, P.RETURN_NOTICE, P.RESPONSIBILITY_LETTER),  # R058-R059, R234-R235
    FileKind.RETURNED: (P.RETURN_HELPER, P.FOLLOW_UP),  # R060-R061, R224
}


@dataclass(frozen=True)
class Completeness:
    """The parts that a file must hold, in order, and those of them that it does not."""

    needed: tuple[FilePart, ...]
    missing: tuple[FilePart, ...]

    @property
    def rate(self) -> Rate:
        """Parts held over parts needed."""
        return Rate(len(self.needed) - len(self.missing), len(self.needed))


def completeness(kinds: Collection[FileKind], held: Collection[FilePart]) -> Completeness:
    """How complete the file of a child of these kinds is; what it holds beyond what it needs changes nothing."""
    wanted = {part for kind in kinds for part in NEEDED[kind]}
    needed = tuple(part for part in FilePart if part in wanted)
    return Completeness(needed, tuple(part for part in needed if part not in held))


def class_rate(files: Iterable[Completeness]) -> Rate:
    """The completeness of a class file (一班一档): the parts held in all its files over all those needed."""
    return Rate.total(one.rate for one in files)
