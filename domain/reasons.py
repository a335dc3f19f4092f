"""Why children drop out: the codes, the words that ledgers use for them, and the measure to begin with."""

from collections.abc import Mapping
from enum import StrEnum


class Reason(StrEnum):
    """Reason codes of the ledgers (composed from the seeds and the registry's own codes: R088-R095)."""

    LEARNING_DIFFICULTY = "01"
    TIRED_OF_SCHOOL = "02"
    FAMILY_POVERTY = "03"
    GONE_TO_WORK = "04"
    FAMILY_TROUBLE = "05"
    ILLNESS = "06"
    DISABILITY = "07"
    MENTAL_HEALTH = "08"
    INTERNET_ADDICTION = "09"
    SCHOOL_OR_PEERS = "10"
    PARENTS_ATTITUDE = "11"
    DISTANCE = "12"
    UNREACHABLE = "13"
    OFFENCE = "14"
    EARLY_MARRIAGE = "15"
    OTHER = "99"


MATCHES: Mapping[Reason, tuple[str, ...]] = {
    Reason.LEARNING_DIFFICULTY: ("学困", "学习困难", "研究困难", "成绩差", "成绩太差", "学业压力", "学习压力"),
    Reason.TIRED_OF_SCHOOL: ("厌学", "失去兴趣", "失去了兴趣", "学习动力", "逃学", "不想上学", "不愿上学"),
    Reason.FAMILY_POVERTY: ("贫困", "因贫", "家庭困难", "经济困难"),
    Reason.GONE_TO_WORK: ("打工", "务工", "童工"),
    Reason.FAMILY_TROUBLE: ("家庭变故", "家庭矛盾", "离异", "家长病重", "服刑", "失管", "监护"),
    Reason.ILLNESS: ("因病", "疾病", "生病", "患病"),
    Reason.DISABILITY: ("因残", "残疾", "重残"),
    Reason.MENTAL_HEALTH: ("精神疾病", "心理", "抑郁", "精神障碍"),
    Reason.INTERNET_ADDICTION: ("网瘾", "沉迷网络", "沉迷游戏", "网络成瘾"),
    Reason.SCHOOL_OR_PEERS: ("教育环境不满", "对学校不满", "欺凌", "同伴", "同学关系"),
    Reason.PARENTS_ATTITUDE: ("读书无用", "家长不送", "家长观念", "不重视"),
    Reason.DISTANCE: ("上学远", "上学难", "路远", "交通不便"),
    Reason.UNREACHABLE: ("失联", "联系不上", "下落不明", "去向不明"),
    Reason.OFFENCE: ("触法", "触犯刑法", "涉案", "专门学校"),
    Reason.EARLY_MARRIAGE: ("早婚", "早育", "结婚"),
    Reason.OTHER: ("其他", "其它"),
}
# Reason codes of the education data standard (JY/T 1001 学籍异动原因) that say the same.
STANDARD_CODES: Mapping[str, Reason] = {
    "10": Reason.ILLNESS,
    "11": Reason.MENTAL_HEALTH,
    "12": Reason.ILLNESS,
    "19": Reason.ILLNESS,
    "22": Reason.LEARNING_DIFFICULTY,
    "23": Reason.OFFENCE,
    "26": Reason.FAMILY_TROUBLE,
    "27": Reason.FAMILY_POVERTY,
}


def parse_reason(text: str) -> Reason | None:
    """The reason in a ledger cell: one of our codes (`1` or `01`), else the longest known word in it; None when unknown.

    The standard's codes overlap ours and are read only where a ledger says that it uses them (`STANDARD_CODES`).
    """
    tidy = "".join(text.split())
    if tidy.isascii() and tidy.isdigit():
        return next((reason for reason in Reason if reason.value == tidy.zfill(2)), None)
    found = [(len(word), -rank, reason) for rank, (reason, words) in enumerate(MATCHES.items()) for word in words if word in tidy]
    return max(found)[2] if found else None


class Measure(StrEnum):
    """What is done first about a reason; those for 01, 03 and 05 are the seeds' own (R096-R098), the others composed."""

    TUTORING = "tutoring"
    COUNSELLING = "counselling"
    AID = "aid"
    LABOUR_REPORT = "labour_report"
    MEDICAL_REFERRAL = "medical_referral"
    PLACEMENT = "placement"
    SCHOOL_MEDIATION = "school_mediation"
    PARENT_TALK = "parent_talk"
    BOARDING_OR_TRANSPORT = "boarding_or_transport"
    SEARCH = "search"
    JUSTICE_LIAISON = "justice_liaison"
    CHILD_PROTECTION = "child_protection"
    PERSONAL_PLAN = "personal_plan"


DEFAULT_MEASURES: Mapping[Reason, Measure] = {
    Reason.LEARNING_DIFFICULTY: Measure.TUTORING,
    Reason.TIRED_OF_SCHOOL: Measure.COUNSELLING,
    Reason.FAMILY_POVERTY: Measure.AID,
    Reason.GONE_TO_WORK: Measure.LABOUR_REPORT,
    Reason.FAMILY_TROUBLE: Measure.COUNSELLING,
    Reason.ILLNESS: Measure.MEDICAL_REFERRAL,
    Reason.DISABILITY: Measure.PLACEMENT,
    Reason.MENTAL_HEALTH: Measure.COUNSELLING,
    Reason.INTERNET_ADDICTION: Measure.COUNSELLING,
    Reason.SCHOOL_OR_PEERS: Measure.SCHOOL_MEDIATION,
    Reason.PARENTS_ATTITUDE: Measure.PARENT_TALK,
    Reason.DISTANCE: Measure.BOARDING_OR_TRANSPORT,
    Reason.UNREACHABLE: Measure.SEARCH,
    Reason.OFFENCE: Measure.JUSTICE_LIAISON,
    Reason.EARLY_MARRIAGE: Measure.CHILD_PROTECTION,
    Reason.OTHER: Measure.PERSONAL_PLAN,
}
