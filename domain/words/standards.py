"""Words of the standards: calendar, grades, identifiers, areas and written numbers."""

WORDS: dict[str, tuple[str, str]] = {
    "calendar.period_year": ("{year}学年", "School year {year}"),
    "calendar.period_1": ("{year}学年第一学期（秋季）", "School year {year}, autumn term"),
    "calendar.period_2": ("{year}学年第二学期（春季）", "School year {year}, spring term"),
    "calendar.term_backwards": ("{period} 学期的结束日期早于开始日期", "Term {period} ends before it starts"),
    "calendar.terms_overlap": ("{period} 学期与上一学期的日期重叠", "Term {period} overlaps the term before it"),
    "stage.primary": ("小学", "Primary"),
    "stage.junior": ("初中", "Junior high"),
    "stage.special": ("特教", "Special school"),
    "grade.1": ("一年级", "Grade 1"),
    "grade.2": ("二年级", "Grade 2"),
    "grade.3": ("三年级", "Grade 3"),
    "grade.4": ("四年级", "Grade 4"),
    "grade.5": ("五年级", "Grade 5"),
    "grade.6": ("六年级", "Grade 6"),
    "grade.7": ("七年级", "Grade 7"),
    "grade.8": ("八年级", "Grade 8"),
    "grade.9": ("九年级", "Grade 9"),
    "grade.class": ("{grade}（{number}）班", "{grade} class {number}"),
}
