"""The report with its annexes."""

WORDS: dict[str, tuple[str, str]] = {
    "table.report": ("月报、学期报告", "Monthly and term report"),
    "table.movement-roster": ("附：学生异动花名册", "Annex: roster of movements"),
    "supervision.report": ("报告（附学生异动花名册）", "Report with the roster of movements"),
    "supervision.report.what": (
        "筛选期间的各类报表、各校辍学率，并附同期学生异动花名册（工作簿各一张表；CSV 只含报表）。",
        "The returns of the period, the rates by school, and the roster of movements of the same period as an annex: a sheet each in "
        "the workbook; the CSV holds the returns alone.",
    ),
    "supervision.no_key": (
        "本机没有解密钥匙，不能附花名册。",
        "The key of the identifiers is not on this machine: the roster cannot be attached.",
    ),
}
