"""Absences by child: the form that writes one down, and what may go wrong."""

WORDS: dict[str, tuple[str, str]] = {
    "absence.open": ("登记缺勤", "Record an absence"),
    "absence.day": ("缺勤日期", "Day missed"),
    "absence.state": ("缺勤类型", "Kind of absence"),
    "absence.noticed": ("发现时间（如 8:10）", "Noticed at (like 8:10)"),
    "absence.contacted": ("联系上家长时间（如 8:25）", "Family reached at (like 8:25)"),
    "absence.contact_help": (
        "未请假而缺勤的，发现后 {minutes} 分钟内联系家长；未联系上就留空，联系上后再补登。",
        "When a child is absent without leave the family is reached within {minutes} minutes of the notice; leave the hour "
        "empty until it is.",
    ),
    "absence.reporter": ("由谁报告", "Told by"),
    "absence.reason": ("核实的缺勤原因", "Reason as verified"),
    "absence.called": ("当晚回访时间（请假学生，如 19:30）", "Evening call at (after leave, like 19:30)"),
    "absence.why": ("更正原因（改动已登记的类型或时间时填写）", "Why it is put right (when a kind or hour on record changes)"),
    "absence.stands": (
        "该日已有登记，下面是现有内容；留空的项目保持不变。",
        "The day is on record already, as shown below; what is left empty stays as it is.",
    ),
    "absence.saved": ("缺勤已登记。", "The absence is on record."),
    "reporter.class_teacher": ("班主任", "Class teacher"),
    "reporter.parent": ("家长", "Parents"),
    "fact.called": ("当晚回访", "Evening call"),
    "fact.told_by": ("报告人", "Told by"),
    "record.hour_in_future": ("时间还没到；现在是 {now}", "The hour has not come yet: it is {now}"),
    "record.contact_before_notice": ("联系家长的时间早于发现时间", "The family was reached before the absence was noticed"),
    "record.call_without_leave": (
        "当晚回访只用于请假学生；未请假的请填联系家长时间",
        "The evening call is for children on leave; without leave give the hour when the family was reached",
    ),
    "record.changed_day": (
        "打开表单后，有人更新了 {day} 的缺勤登记。没有写入任何内容，请关闭后重新打开再填。",
        "Somebody updated the absence of {day} after you opened the form. Nothing was written: close it and open it again.",
    ),
}
