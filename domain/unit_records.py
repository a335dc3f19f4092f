"""What is done about units rather than children: meetings, reports, circulars, acceptances, plans, talks, sanctions.

One register for all of them (R118, R141-R142, R144-R145, R147-R148, R150, R155): who did it stands in the audit, what came of it
in words. Nothing here weighs a unit; the assessment is people's.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.case_entries import check_lengths, require_text
from domain.errors import ProblemError

LONGEST_NUMBER, LONGEST_RESULT = 60, 200


class UnitRecordKind(StrEnum):
    """The kinds of entry: 督办会, 督查情况报告, 通报, 验收, 创建计划, 约谈, 通报批评, 诫勉谈话, other accountability."""

    MEETING = "meeting"
    REPORT = "report"
    CIRCULAR = "circular"
    ACCEPTANCE = "acceptance"
    PLAN = "plan"
    TALK = "talk"
    CRITICISM = "criticism"
    ADMONITION = "admonition"
    ACCOUNTABILITY = "accountability"


NEED_RESULT = frozenset({UnitRecordKind.ACCEPTANCE, UnitRecordKind.TALK})  # without what came of it they say nothing
MAY_LIE_AHEAD = frozenset({UnitRecordKind.PLAN})  # a batch is planned for a day to come (R145)


@dataclass(frozen=True)
class UnitEntry:
    """One entry as it is written down. `unit_code`: a school, town or county; `number`: of the document behind it.

    `to`: whom a report or circular went to (R141).
    """

    kind: UnitRecordKind
    on: date
    unit_code: str
    number: str = ""
    to: str = ""
    result: str = ""
    note: str = ""

    def check(self, today: date) -> None:
        """Raise ProblemError for a day to come of what is no plan, for a missing result, and for texts that are too long."""
        if self.on > today and self.kind not in MAY_LIE_AHEAD:
            raise ProblemError("record.in_future", today=today)
        if self.kind in NEED_RESULT:
            require_text("result", self.result, LONGEST_RESULT)
        check_lengths(self.number, longest=LONGEST_NUMBER)
        check_lengths(self.to, self.result, longest=LONGEST_RESULT)
        check_lengths(self.note)
