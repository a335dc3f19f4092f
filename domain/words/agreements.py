"""Agreements with guardians about assessment, the anonymous survey of a term, the steps of the law."""

WORDS: dict[str, tuple[str, str]] = {
    "agreement.record": ("登记不纳入考核协议", "Record the agreement on assessment"),
    "agreement.end": ("终止不纳入考核协议", "End the agreement on assessment"),
    "agreement.what": (
        "特殊困难残疾学生，经与监护人达成一致，可不纳入班级人数和教学质量考核；学籍、在籍人数和辍学率照常计算。",
        "A disabled pupil of special difficulty may be left out of the class's assessment when the guardian agrees; enrolment and "
        "dropout rate count it as before.",
    ),
    "agreement.day": ("达成一致的日期", "Agreed on"),
    "agreement.whom": ("与谁达成一致", "Agreed with"),
    "agreement.holds": (
        "{since} 起经监护人同意不纳入考核，仍计入在籍。",
        "Left out of assessment since {since} by agreement; still enrolled.",
    ),
    "agreement.saved": ("协议已登记，班级考核人数随之更新。", "The agreement is on record; the class's assessment follows."),
    "agreement.ended": ("协议已终止，该生重新纳入考核。", "The agreement is ended; the pupil is assessed again."),
    "paper.assessment_agreement": ("不纳入考核协议", "Agreement on assessment"),
    "record.field.guardian": ("监护人", "the guardian"),
    "record.not_disabled": (
        "只有在籍的残疾学生才能登记不纳入考核协议",
        "Only a disabled pupil on a register can be left out of the assessment",
    ),
    "record.agreed_before": ("已有登记的协议，没有重复写入", "An agreement is on record already; nothing was written"),
    "record.not_agreed": ("没有登记的协议", "No agreement is on record"),
    "record.no_school": ("没有这所学校，或不在您的范围内", "There is no such school within your area"),
    "survey.held": ("本学期无记名问卷调查：{day}", "Anonymous survey this term: {day}"),
    "survey.none": ("本学期无记名问卷调查：未登记", "Anonymous survey this term: not recorded"),
    "survey.record": ("登记问卷调查", "Record the survey"),
    "survey.day": ("调查日期", "Held on"),
    "survey.saved": ("问卷调查日期已登记。", "The day of the survey is on record."),
    "document.anonymous_survey": ("无记名问卷调查", "Anonymous survey"),
    "caseevent.law_warned": ("宣传教育、批评教育", "The law explained, warned"),
    "caseevent.law_ordered": ("责令限期改正", "Ordered to comply"),
    "caseevent.law_fined": ("行政处罚", "Administrative punishment"),
    "caseevent.law_court": ("司法程序", "Brought before the court"),
}
