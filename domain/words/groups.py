"""Words of the groups page."""

WORDS: dict[str, tuple[str, str]] = {
    "page.groups": ("重点群体", "Groups"),
    "group_page.part": ("内容", "Part"),
    "group_page.warnings": ("预警", "Warnings"),
    "group_page.matrix": ("群体就学", "Groups by schooling"),
    "group_page.repeats": ("二次辍学", "Repeat dropouts"),
    "group_page.reasons": ("原因与措施", "Reasons and measures"),
    "group_page.aids": ("资助", "Aid"),
    "group_page.warnings.what": (
        "在校学生的预警信号，逐条写明理由；不打分、不排名（R036、R242）。",
        "Warning signs of pupils in school, each reason spelled out: no score and no ranking (R036, R242).",
    ),
    "group_page.county_first": (
        "各县的预警界限不同，请先在筛选中选择一个县。",
        "Counties set limits of their own: choose one in the filter first.",
    ),
    "group_page.nobody": ("没有学生出现这个信号。", "This sign holds for nobody."),
    "group_page.signs": ("理由", "Reasons"),
    "group_page.group": ("群体", "Group"),
    "group_page.where": ("就学情况", "Schooling"),
    "group_page.unknown": ("不明", "Not known"),
    "group_page.repeats.what": (
        "返校后又辍学的在册学生，处置从更高一级开始（R100-R101）。",
        "Children with an open case after an earlier return; their ladder begins higher (R100-R101).",
    ),
    "group_page.no_repeats": ("没有二次辍学的在册学生。", "No open case follows an earlier return."),
    "group_page.reason": ("原因", "Reason"),
    "group_page.measure": ("首选措施", "First measure"),
    "group_page.measure.what": (
        "按原因默认的第一项措施，可在个案中另定（R096-R098）",
        "the measure a reason begins with; each case may have its own (R096-R098)",
    ),
    "group_page.cases": ("在册个案", "Open cases"),
    "group_page.overdue": ("其中逾期", "Overdue"),
    "group_page.all_cases": ("查看个案", "See the cases"),
    "group_page.aid": ("资助项目", "Aid"),
    "group_page.received": ("已享受", "Received"),
    "group_page.due": ("应享受", "Due"),
    "group_page.missing": ("未落实", "Missing"),
    "group_page.share": ("落实率", "Share"),
    "group_page.aids.what": (
        "只统计建档立卡、脱贫户学生：免杂费、免书本费人人应享受，寄宿生应享受生活补助，其余应享受助学金（R105-R107）。",
        "Pupils of poor households only: fees and books for all, the living aid for boarders, the grant for the others (R105-R107).",
    ),
}
