"""The words of the ledgers and the codes behind them, in both directions; and a parsed value as it is written again."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any

from domain.cases import Branch, CaseStatus
from domain.cell_values import Value
from domain.cell_words import Mark
from domain.movements import Movement, Paper
from domain.reasons import Reason
from domain.terms import say
from domain.visits import DutyRole, VisitMode
from domain.written_dates import WrittenDate
from domain.written_numbers import WrittenNumber

LEVELS = ("一级", "二级", "三级", "四级")
PLACEMENTS = {
    "随班就读": "inclusive",
    "特教学校": "special_school",
    "普校特教班": "special_class",
    "送教上门": "home_teaching",
    "福利机构特教班": "welfare_class",
    "延缓入学": "deferred",
    "康复机构": "rehabilitation",
    "异地就读": "elsewhere",
    "待安置": "awaiting",
}
MOVEMENTS = {
    "转入": Movement.TRANSFER_IN,
    "转出": Movement.TRANSFER_OUT,
    "休学": Movement.SUSPENSION,
    "复学": Movement.RESUMPTION,
    "借读": Movement.HOSTED,
    "跳级": Movement.GRADE_SKIPPED,
    "死亡": Movement.DEATH,
    "出国": Movement.ABROAD,
    "辍学": Movement.DROPOUT,
    "其他": Movement.OTHER,
}
PROOFS = {  # the paper that 佐证材料 means, where one paper decides; hosted study has three of its own (L14)
    Movement.TRANSFER_IN: Paper.TRANSFER_CERTIFICATE,
    Movement.TRANSFER_OUT: Paper.TRANSFER_CERTIFICATE,
    Movement.SUSPENSION: Paper.MEDICAL,
    Movement.ABROAD: Paper.PASSPORT,
    Movement.DEATH: Paper.DEATH_CERTIFICATE,
}
HOSTED_PAPERS = {"doc1": Paper.APPLICATION, "doc2": Paper.VILLAGE_CERTIFICATE, "doc3": Paper.HOST_ACCEPTANCE}
DUTIES = {
    "校长": DutyRole.PRINCIPAL,
    "副校长": DutyRole.DEPUTY_PRINCIPAL,
    "教导处": DutyRole.TEACHING_OFFICE,
    "班主任": DutyRole.CLASS_TEACHER,
    "科任教师": DutyRole.SUBJECT_TEACHER,
    "年级组长": DutyRole.GRADE_HEAD,
    "控辍小组成员": DutyRole.CONTROL_GROUP_MEMBER,
    "村干部": DutyRole.VILLAGE_COMMITTEE,
    "包村干部": DutyRole.VILLAGE_LIAISON,
    "帮扶干部": DutyRole.HELPER_CADRE,
    "乡镇干部": DutyRole.TOWNSHIP_OFFICIAL,
    "教育局干部": DutyRole.BUREAU_OFFICIAL,
    "司法干部": DutyRole.JUSTICE_OFFICIAL,
    "信息专人": DutyRole.DATA_OFFICER,
    "监测点挂帮领导": DutyRole.MONITORING_LEADER,
}
ABSENCES = {"病假": "sick", "事假": "leave", "旷课": "truant", "原因不明": "unknown"}
REPORTERS = {"班主任": "class_teacher", "家长": "parent"}
EXAM_OUTCOMES = {"参加": True, "缺考": False}
VISIT_MODES = {"上门": VisitMode.DOORSTEP, "电话": VisitMode.PHONE, "线上": VisitMode.ONLINE, "到校": VisitMode.AT_SCHOOL}
LEFT_BEHIND = {"单亲留守": "one_parent", "双亲留守": "two_parents"}
RELATIONS = {
    "父": "father",
    "母": "mother",
    "祖父母": "grandparent",
    "外祖父母": "maternal_grandparent",
    "亲属": "relative",
    "父母": "parents",
    "其他": "other",
}
STATUSES = {
    "临界": CaseStatus.AT_RISK,
    "疑似辍学": CaseStatus.SUSPECTED,
    "辍学": CaseStatus.DROPOUT,
    "劝返中": CaseStatus.PERSUASION,
    "已返校": CaseStatus.RETURNED,
}
VERIFIED = {  # L2 核实情况 -> status of the case, its branch
    "在外就读": (CaseStatus.AT_RISK, Branch.STUDYING_ELSEWHERE),
    "休学": (CaseStatus.AT_RISK, None),
    "病假": (CaseStatus.AT_RISK, None),
    "疑似辍学": (CaseStatus.SUSPECTED, None),
    "失联": (CaseStatus.SUSPECTED, Branch.UNREACHABLE),
    "其他": (CaseStatus.AT_RISK, None),
}
SURVEY_STAGES = {"学前": "kindergarten", "小学": "primary", "初中": "junior", "高中": "senior", "中职": "vocational"}
SURVEY_PLACES = {"本县": "county", "县外省内": "province", "省外": "other_province", "境外": "abroad"}


class SurveyState(StrEnum):
    """Where a household survey found a child learning, or not (L17)."""

    IN_SCHOOL = "in_school"
    NOT_ENROLLED = "not_enrolled"
    DEFERRED = "deferred"
    GRADUATED = "graduated"
    OUT_OF_SCHOOL = "out_of_school"
    DROPPED_OUT = "dropped_out"
    ELSEWHERE = "elsewhere"
    HOME_TEACHING = "home_teaching"
    ABROAD = "abroad"
    DIED = "died"


SURVEYED = dict(
    zip(("在校", "未入学", "延缓入学", "毕业", "失学", "辍学", "外地就读", "送教", "出国(境)", "死亡"), SurveyState, strict=True)
)


def label_of(words: Mapping[str, object], code: object) -> str | None:
    """The word of a code; None for a code without one."""
    return next((word for word, known in words.items() if known == code), None)


def write_value(value: Value | date | None) -> str | None:
    """A parsed value as text that is read back as the same value: dates in ISO form, 是 and 否, 有 and 无, several by 、."""
    if value is None:
        return None
    if write := _writer_of(type(value)):  # type: ignore[arg-type]
        return write(value)
    named = (getattr(value, name, None) for name in ("text", "code", "value"))
    return str(next((one for one in named if one is not None), value))


@cache
def _writer_of(kind: type) -> Callable[[Any], str] | None:
    return str if kind is str else next((write for known, write in WRITERS if issubclass(kind, known)), None)


def write_share(value: Fraction) -> str:
    """A share of one per cent, with as many places as it needs and no more than six: 1/125 is 0.8%."""
    per_cent = (Decimal(value.numerator) * 100 / Decimal(value.denominator)).quantize(Decimal("1e-6"))
    return f"{format(per_cent.normalize(), 'f')}%"


def _write_date(value: WrittenDate) -> str:
    if value.exact is None:
        return f"{value.year}-{value.month:02}" if value.month else str(value.year)
    return f"{value.exact.isoformat()} {value.clock:%H:%M}" if value.clock else value.exact.isoformat()


def _write_mark(value: Mark) -> str:
    rest = value.note or (_write_date(value.on) if value.on else "")
    if value.present:
        return rest if value.note else f"有（{rest}）" if rest else "有"
    return f"无（{rest}）" if rest else "无"


def _write_number(value: WrittenNumber) -> str:
    if value.value is None:
        return f"{_plain(value.low)}-{_plain(value.high)}"
    return write_share(value.value) if value.per != 1 else _plain(value.value)


def _plain(value: Fraction) -> str:
    return format((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("1e-6")).normalize(), "f")


def _write_several(value: tuple[object, ...]) -> str:
    return "、".join(say(f"reason.{one}") if isinstance(one, Reason) else str(one) for one in value)


WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "是" if value else "否"),
    (WrittenDate, _write_date),
    (Mark, _write_mark),
    (tuple, _write_several),
    (Fraction, write_share),
    (WrittenNumber, _write_number),
    (date, date.isoformat),
)
