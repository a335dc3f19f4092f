"""Words of the groups page."""

WORDS: dict[str, tuple[str, str]] = {
    "page.groups": ("重点群体", "Groups"),
    "groups.part": ("内容", "Part"),
    "groups.warnings": ("预警", "Warnings"),
    "groups.matrix": ("群体就学", "Groups by schooling"),
    "groups.repeats": ("二次辍学", "Repeat dropouts"),
    "groups.reasons": ("原因与措施", "Reasons and measures"),
    "groups.aids": ("资助", "Aid"),
    "groups.warnings.what": (
        "在校学生的预警信号，逐条写明理由；不打分、不排名（R036、R242）。",
        "Warning signs of pupils in school, each reason spelled out: no score and no ranking (R036, R242).",
    ),
    "groups.nobody": ("没有学生出现这个信号。", "This sign holds for nobody."),
    "groups.signs": ("理由", "Reasons"),
    "groups.group": ("群体", "Group"),
    "groups.where": ("就学情况", "Schooling"),
    "groups.unknown": ("不明", "Not known"),
    "groups.repeats.what": (
        "返校后又辍学的在册学生，处置从更高一级开始（R100-R101）。",
        "Children with an open case after an earlier return; their ladder begins higher (R100-R101).",
    ),
    "groups.no_repeats": ("没有二次辍学的在册学生。", "No open case follows an earlier return."),
    "groups.reason": ("原因", "Reason"),
    "groups.measure": ("首选措施", "First measure"),
    "groups.measure.what": (
        "按原因默认的第一项措施，可在个案中另定（R096-R098）",
        "the measure a reason begins with; each case may have its own (R096-R098)",
    ),
    "groups.cases": ("在册个案", "Open cases"),
    "groups.overdue": ("其中逾期", "Overdue"),
    "groups.all_cases": ("查看个案", "See the cases"),
    "groups.aid": ("资助项目", "Aid"),
    "groups.received": ("已享受", "Received"),
    "groups.due": ("应享受", "Due"),
    "groups.missing": ("未落实", "Missing"),
    "groups.share": ("落实率", "Share"),
    "groups.aids.what": (
        "只统计建档立卡、脱贫户学生：免杂费、免书本费人人应享受，寄宿生应享受生活补助，其余应享受助学金（R105-R107）。",
        "Pupils of poor households only: fees and books for all, the living aid for boarders, the grant for the others (R105-R107).",
    ),
}
