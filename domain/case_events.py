"""What is written down about a case beside its statuses: notifications, findings, papers, and what waits for a second person."""

from enum import StrEnum

from domain.cases import Branch


class CaseEvent(StrEnum):
    """Kinds of entries beside the statuses (R021, R024, R038, R040, R121, R227-R230).

    The `notified` and `reported` ones tell somebody; `unreachable` and `studying_elsewhere` are findings that turn the case
    on to a side way; `transfer_applied` and `paper_received` settle it; the `law` ones are the steps of the law in their
    order (R075, R156: 教育, 责令, 处罚, 司法); the `proposed` ones wait for a second person.
    """

    NOTIFIED_VILLAGE = "notified_village"
    REPORTED_TOWNSHIP = "reported_township"
    REPORTED_BUREAU = "reported_bureau"
    REPORTED_PREFECTURE = "reported_prefecture"
    FILED_TEACHING_OFFICE = "filed_teaching_office"
    UNREACHABLE = "unreachable"
    STUDYING_ELSEWHERE = "studying_elsewhere"
    TRANSFER_APPLIED = "transfer_applied"
    PAPER_RECEIVED = "paper_received"
    LAW_WARNED = "law_warned"
    LAW_ORDERED = "law_ordered"
    LAW_FINED = "law_fined"
    LAW_COURT = "law_court"
    RETURN_PROPOSED = "return_proposed"
    CLOSING_PROPOSED = "closing_proposed"
    PROPOSAL_REFUSED = "proposal_refused"


NOTIFICATIONS = (
    CaseEvent.NOTIFIED_VILLAGE,
    CaseEvent.REPORTED_TOWNSHIP,
    CaseEvent.REPORTED_BUREAU,
    CaseEvent.REPORTED_PREFECTURE,
    CaseEvent.FILED_TEACHING_OFFICE,
)
LAW = (CaseEvent.LAW_WARNED, CaseEvent.LAW_ORDERED, CaseEvent.LAW_FINED, CaseEvent.LAW_COURT)
ONLY_BUREAU = frozenset({CaseEvent.REPORTED_PREFECTURE})  # written by the county, with the reference of the letter
PROPOSALS = (CaseEvent.RETURN_PROPOSED, CaseEvent.CLOSING_PROPOSED)


def settles(branch: Branch | None) -> tuple[CaseEvent, ...]:
    """The entries that, all made, settle a side way: both reports (R038), the transfer applied for (R040), or the paper."""
    if branch is Branch.UNREACHABLE:
        return CaseEvent.REPORTED_BUREAU, CaseEvent.REPORTED_TOWNSHIP
    return (CaseEvent.TRANSFER_APPLIED,) if branch is Branch.STUDYING_ELSEWHERE else (CaseEvent.PAPER_RECEIVED,)
