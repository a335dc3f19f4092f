"""Who answers for a grade, for a school's data, for a monitoring point."""

WORDS: dict[str, tuple[str, str]] = {
    "import.duty_needs_grade": (
        "年级组长要写明年级，如“七年级”",
        "A grade head needs the grade, such as 七年级",
    ),
    "officer.title": ("信息专人", "Data officer"),
    "officer.nobody": ("未指定", "nobody named"),
    "officer.share": ("已指定信息专人的学校：{share}", "Schools with a named data officer: {share}"),
    "grades.none": (
        "还没有年级组长；用包保责任表（L19）导入，班级一栏写年级。",
        "No grade has a head yet: they come in with the duty list (L19), the grade in the class column.",
    ),
    "grades.nobody": ("无", "nobody"),
    "grades.grade": ("年级", "Grade"),
    "grades.head": ("年级组长", "Grade head"),
    "grades.classes": ("班数", "Classes"),
    "grades.lost": ("流失", "Lost"),
    "grades.rate": ("年级辍学率", "Rate of the grade"),
    "grades.eligible": ("可评优", "May be honoured"),
    "monitoring.title": ("监测点与挂帮领导", "Monitoring points and their leaders"),
    "monitoring.none": (
        "还没有监测点；用包保责任表（L19）导入，角色写“监测点挂帮领导”，并写学校或村。",
        "No monitoring point yet: they come in with the duty list (L19), with a school or village.",
    ),
    "monitoring.point": ("监测点", "Monitoring point"),
    "monitoring.leaders": ("挂帮领导", "Leaders"),
    "monitoring.since": ("起始", "Since"),
}
