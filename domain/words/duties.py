"""Words of the reporting calendar: what is owed, and by whom."""

WORDS: dict[str, tuple[str, str]] = {
    "reporter.class": ("班级", "Class"),
    "reporter.teacher": ("教师", "Teacher"),
    "reporter.school": ("学校", "School"),
    "reporter.key_unit": ("重点管理单位", "Key unit"),
    "reporter.township": ("乡镇", "Town"),
    "reporter.bureau": ("教育局", "Bureau"),
    "duty.roll_call": (
        "班级点名：每个上课日，未到者半小时内联系家长",
        "Class roll on every school day; parents of the absent reached within half an hour",
    ),
    "duty.class_profile": ("班级学情摸底：开学一个月内", "Profile of the class within a month of the start of term"),
    "duty.visit_every_pupil": ("家访：每学期每名学生至少一次", "A home visit to every pupil at least once a term"),
    "duty.daily_report": ("日报告（含零报告）：报教育局", "Daily report, zero reports too, to the bureau"),
    "duty.registry_log_in": ("学籍系统每日登录", "Registry system looked through every day"),
    "duty.weekly_report": ("周报", "Weekly report"),
    "duty.monthly_ledger": (
        "疑似辍学、辍学台账更新：每月报教育局",
        "Ledger of suspected and actual dropouts to the bureau, monthly",
    ),
    "duty.term_report": (
        "控辍情况报告：3月初、9月初报镇领导小组和督导室",
        "Report to the town group and the supervision office, early March and early September",
    ),
    "duty.census": ("学生数普查：开学第一、二周", "Count of pupils in the first two weeks of term"),
    "duty.guardianship_update": ("监护情况更新：学期初", "Guardianship updated at the start of term"),
    "duty.left_behind_update": ("留守儿童数据更新：每季度", "Left-behind data updated every quarter"),
    "duty.registry_clearing": ("期末学籍清查", "Registry cleared at the end of term"),
    "duty.return_roll_call": ("假后返校点名", "Roll call after the holidays"),
    "duty.screening": ("秋季排查：11月底前", "Autumn screening by the end of November"),
    "duty.school_age_list": ("适龄儿童入学名单：5月20日前", "List of children due to enrol by 20 May"),
    "duty.key_unit_report": (
        "重点管理单位月报：报教育局和督导室",
        "Monthly report of key units to the bureau and the supervision office",
    ),
    "duty.written_report": (
        "乡镇书面报告：10月、12月、4月、6月报教育局",
        "Written report of towns to the bureau in October, December, April and June",
    ),
    "duty.county_recheck": ("县级季度复核", "County re-check of school data every quarter"),
    "duty.special_supervision": ("控辍保学专项督导：3月、9月", "Special supervision in March and September"),
    "duty.special_check": ("专项督查：开学后一个月左右", "Special check about a month after the start of term"),
    "duty.key_list": (
        "公布重点管理单位名单并限期整改：年初",
        "List of key units published with deadlines at the start of the year",
    ),
    "duty.dropout_form": ("《初中学生辍学情况报告表》：学校报教育局", "Dropout report form: school to bureau"),
    "duty.feedback": ("核实情况反馈：教育局反馈学校", "Answer to the form: bureau to school"),
    "duty.unset": ("未配置", "Not set"),
}
