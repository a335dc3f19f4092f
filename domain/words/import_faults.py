"""Words of what an import finds wrong in the rows of the ledgers about care, movements, units and surveys."""

WORDS: dict[str, tuple[str, str]] = {
    "fault.import.doubtful": (
        "可能是系统里已有的一名学生，须由人核定；导入时列入「身份待核」",
        "may be a child that is known already: a person decides; the import lists it among the matches to check",
    ),
    "fault.import.doubtful.mend": (
        "导入后在「导入记录」的「身份待核」中选择“同一人”或“不是同一人”，再导入一次",
        "after the import decide under History, matches to check, whether it is the same child; then import again",
    ),
    "fault.import.other_name": (
        "号码属于系统里另一个姓名的学生，须由人核定；导入时列入「身份待核」",
        "the number is that of a child of quite another name: a person decides; the import lists it among the matches to check",
    ),
    "fault.import.other_name.mend": (
        "核对姓名和号码，看是否错行；确实改了名的，导入后在「导入记录」的「身份待核」中选择“同一人”，再导入一次",
        "check name and number, perhaps a row slipped; where the child was renamed, say so under History, matches to check, and import again",
    ),
    "fault.import.in_two_schools": (
        "第 {row} 行的学生仍在另一所学校的花名册上，已列入「身份待核」",
        "row {row}: the child still stands in another school's register; listed for a person to decide",
    ),
    "fault.import.no_rows": ("表头下面没有数据行", "there are no rows below the header"),
    "fault.import.no_rows.mend": (
        "填写后重新导入；没有学生请报零报告（L13）",
        "fill it in and import again; report nothing as a zero return (L13)",
    ),
    "fault.import.nowhere": ("看不出这名学生住在哪里、在哪所学校", "neither the child's home nor its school can be told"),
    "fault.import.nowhere.mend": ("填写学校、村（社区）或家庭住址", "give the school, the village or the address"),
    "fault.import.left_behind_neither": (
        "第 {row} 行父母双方都未外出、也非一方外出另一方无监护能力，不计为留守（民政口径）",
        "row {row}: neither both parents away nor one away and the other unable; not counted as left behind",
    ),
    "fault.import.no_repetition": ("义务教育阶段不得留级", "no child repeats a grade in compulsory education"),
    "fault.import.no_repetition.mend": ("核实异动类别，改正后重新导入", "check the kind of movement and import again"),
    "fault.import.move_in_future": ("异动日期晚于数据截至日期", "the movement lies after the as-of day"),
    "fault.import.move_in_future.mend": ("核对异动日期", "check the date of the movement"),
    "fault.import.duty_needs_class": (
        "班主任、科任教师须写明学校和年级班级",
        "a teacher needs a school and a class with its grade",
    ),
    "fault.import.duty_needs_class.mend": ("填写如“八年级（5）班”", "write it like grade 8 class 5"),
    "fault.import.duty_needs_school": ("须写明学校", "the school is missing"),
    "fault.import.duty_needs_school.mend": ("填写学校名称", "give the school"),
    "fault.import.duty_needs_area": ("须写明负责的乡镇或村（社区）", "the town or village is missing"),
    "fault.import.duty_needs_area.mend": ("填写乡镇、村（社区）的名称或代码", "give the town and village by name or code"),
    "fault.import.duty_backwards": ("任职截止早于任职起始", "it ends before it begins"),
    "fault.import.duty_backwards.mend": ("核对两个日期", "check the two dates"),
    "fault.import.not_in_grade_nine": (
        "{year} 学年这名学生不是九年级在籍学生",
        "the child was not on a register of grade 9 in {year}",
    ),
    "fault.import.not_in_grade_nine.mend": (
        "核对考试日期；往届生、外县考生不列入本名单",
        "check the day of the exam; former pupils and pupils of other counties do not belong on this list",
    ),
    "fault.import.clock": ("不是可用的钟点", "this is no time of day"),
    "fault.import.clock.mend": ("写作 8:10 这样的时分", "write hours and minutes, like 8:10"),
    "fault.import.contact_before_notice": ("联系家长早于发现缺勤", "the family was reached before the absence was noticed"),
    "fault.import.contact_before_notice.mend": ("核对两个时间", "check the two times"),
    "fault.import.verified_before_absence": ("核实日期早于缺勤日期", "verified before the day of the absence"),
    "fault.import.verified_before_absence.mend": ("核对两个日期", "check the two dates"),
    "fault.import.exam_in_future": ("考试还没有举行，不能填写是否参加", "the exam has not been held: nobody can have sat it"),
    "fault.import.exam_in_future.mend": ("考试后再填写", "fill it in after the exam"),
    "fault.import.case_unknown": ("没有这个编号的个案", "there is no case of this number"),
    "fault.import.case_unknown.mend": (
        "先导入劝返复学台账（L1），或加上学生姓名、学籍号两列",
        "import the ledger of cases (L1) first, or add columns with name and registry number",
    ),
    "fault.import.case_twice": ("有几个个案用这个编号", "several cases bear this number"),
    "fault.import.case_twice.mend": ("加上学生姓名或学籍号一列", "add a column with the name or the registry number"),
    "fault.import.unit_unknown": (
        "没有名为“{name}”的单位；名称相近的有：{similar}",
        "there is no unit {name}; similar names: {similar}",
    ),
    "fault.import.unit_unknown.mend": ("改正学校或乡镇名称", "mend the name of the school or town"),
    "fault.import.unit_missing": ("看不出被督导的是哪个单位", "the inspected unit cannot be told"),
    "fault.import.unit_missing.mend": (
        "在表格上方写明“被督导单位：”，或选择学校后导入",
        "write the inspected unit above the table, or choose the school when importing",
    ),
    "fault.import.school_disagrees": (
        "学校标识码与学校名称不是同一所学校",
        "the school code and the name mean two schools",
    ),
    "fault.import.school_disagrees.mend": ("核对后改正其中一项", "check both and mend the wrong one"),
    "fault.import.stage_new": (
        "{school}此前没有{grades}年级的学生，请核对年级和学校",
        "{school} had no pupils of grades {grades} before: check grade and school",
    ),
    "fault.import.stage_new.mend": (
        "不是九年一贯制学校的，改正后重新导入",
        "unless it is a nine-year school, mend and import again",
    ),
    "fault.import.town_unknown": (
        "第 {row} 行的乡镇不是本县的乡镇，已按学校所在乡镇找村",
        "row {row}: no town of this county has this name; the village was looked for in the town of the school",
    ),
    "fault.import.town_unknown.mend": ("核对乡镇名称", "check the name of the town"),
    "fault.import.sheet_passed_over": (
        "工作表“{sheet}”没有可读的台账表头，未读",
        "Sheet {sheet} has no header of this ledger and was not read",
    ),
    "fault.import.sheet_passed_over.mend": (
        "如有学生数据，请补上列名后重新导入",
        "If it holds records, give it column names and import again",
    ),
    "fault.import.other_ledger": (
        "本表是“{ledger}”，而文件中前面的工作表是另一种台账，本次未读",
        "This sheet is {ledger}; the sheets before it are of another ledger, so it was not read",
    ),
    "fault.import.other_ledger.mend": (
        "每种台账单独存为一个文件后分别导入",
        "Save each ledger as a file of its own and import them one by one",
    ),
}
