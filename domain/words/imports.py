"""Words of the import: what is wrong with a row, and how to mend it."""

WORDS: dict[str, tuple[str, str]] = {
    "fault.header.missing": ("缺少必填列「{column}」", "the required column {column} is missing"),
    "fault.header.missing.mend": (
        "补上该列，或把该列表头改成「{column}」后重新导入",
        "add the column, or rename its header to {column}, and import again",
    ),
    "fault.header.ambiguous": ("该列可能是：{columns}", "this column may be: {columns}"),
    "fault.header.ambiguous.mend": ("把表头改成其中一个明确的名称", "rename the header to exactly one of them"),
    "fault.cell.formula_without_value": ("公式没有计算结果", "a formula without a value"),
    "fault.cell.formula_without_value.mend": (
        "在 Excel 中打开并保存，或改成数值",
        "open and save it in Excel, or type the value",
    ),
    "fault.cell.formula_error": ("公式出错", "a formula in error"),
    "fault.cell.formula_error.mend": ("改正公式，或直接填写内容", "mend the formula or type the value"),
    "fault.import.two_children": (
        "身份证号和学籍号分别属于系统中的两名学生",
        "the ID and the registry number belong to two different children here",
    ),
    "fault.import.two_children.mend": ("核对两个号码，改正错的一个", "check both numbers and mend the wrong one"),
    "fault.import.unit_twice": ("与第 {row} 行是同一单位、同一期的数据", "the same unit and period as in row {row}"),
    "fault.import.unit_twice.mend": ("核对两行，保留正确的一行", "compare the two rows and keep the right one"),
    "fault.import.twice_elsewhere": (
        "与第 {row} 行是同一名学生，但两行的学校不同",
        "the same child as in row {row}, but of another school",
    ),
    "fault.import.twice_elsewhere.mend": (
        "核实学生实际在哪所学校，删去另一行",
        "find out which school the child is at, and delete the other row",
    ),
    "fault.import.row_twice": ("与第 {row} 行是同一名学生", "the same child as in row {row}"),
    "fault.import.row_twice.mend": ("删去重复的一行", "delete one of the two rows"),
    "fault.import.school_unknown": ("没有这所学校；名称相近的有：{similar}", "no such school; similar names: {similar}"),
    "fault.import.school_unknown.mend": (
        "改正学校名称，或填写 10 位学校标识码",
        "mend the name, or give the 10-digit school code",
    ),
    "fault.import.school_without_town": (
        "库里还没有这所学校，也没有写明它在本县哪个乡镇",
        "no such school yet, and no town of this county is named for it",
    ),
    "fault.import.school_without_town.mend": (
        "补上“乡镇”一列，或改成库里已有的学校名称",
        "add a column 乡镇 with the school's town, or mend the name to that of a school that is there",
    ),
    "fault.import.school_twice": ("有两所学校叫这个名称", "two schools have this name"),
    "fault.import.school_twice.mend": ("填写 10 位学校标识码", "give the 10-digit school code"),
    "fault.import.out_of_scope": ("不在您的管理范围内", "outside what you may import"),
    "fault.import.out_of_scope.mend": ("只导入本单位的学生", "import your own unit's children only"),
    "fault.import.school_new": ("新登记学校：{name}（{code}）", "new school: {name} ({code})"),
    "fault.import.school_provisional": (
        "学校「{name}」没有标识码，暂编 {code}，请尽快补正",
        "{name} has no school code; provisional {code}, to be mended",
    ),
    "fault.import.village_unlocated": (
        "第 {row} 行的村名对不上，计入「未定位」",
        "row {row}: the village is not known; counted as unlocated",
    ),
    "fault.import.name_twice": ("有几名学生同名：{classes}", "several children have this name: {classes}"),
    "fault.import.name_twice.mend": ("填写学籍号，或写明学校和班级", "give the registry number, or school and class"),
    "fault.import.child_unknown": ("学籍库里没有这名学生", "no such child in the registry"),
    "fault.import.child_unknown.mend": (
        "先导入学生基础库（L0），或核对姓名和号码",
        "import the registry (L0) first, or check name and numbers",
    ),
    "fault.import.return_date_missing": ("状态为已返校，却没有复学时间", "returned, but without a date of return"),
    "fault.import.return_date_missing.mend": ("填写复学时间", "give the date of return"),
    "fault.import.return_before_drop": ("复学时间早于辍学时间", "the return lies before the absence"),
    "fault.import.return_before_drop.mend": ("核对两个日期", "check both dates"),
    "fault.import.visit_in_future": ("家访时间晚于数据截至日期", "the visit lies after the as-of day"),
    "fault.import.visit_in_future.mend": ("核对家访时间", "check the date of the visit"),
    "import.ledger_not_yet": ("{code} 台账尚不能导入。", "The ledger {code} cannot be imported yet."),
    "import.no_school": (
        "没有标识码为 {code} 的学校。请核对 --school 后的 10 位学校标识码。",
        "There is no school of the code {code}. Check the 10 digits after --school.",
    ),
    "import.day_ahead": (
        "数据截至日期 {day} 晚于今天 {today}，不能导入还没有发生的情况。",
        "The as-of day {day} lies after today, {today}: what has not happened cannot be imported.",
    ),
    "import.no_county": (
        "不知道导入到哪个县，请用 --school 指明学校。",
        "Which county is this for? Name a school with --school.",
    ),
    "import.summary": (
        "{file}（{ledger}）：读取 {read} 行，接收 {accepted}（新增 {new}，变更 {changed}，未变 {unchanged}），退回 {refused}",
        "{file} ({ledger}): {read} rows read, {accepted} accepted ({new} new, {changed} changed, {unchanged} unchanged), {refused} refused",
    ),
    "import.same_file": ("这个文件已于 {day} 导入过，没有变化。", "This file was imported on {day}; nothing changed."),
    "import.dry_run": ("试运行：没有写入任何内容。", "Dry run: nothing was written."),
    "import.strict_refused": ("有退回的行，按 --strict 全部未写入。", "Rows were refused: with --strict nothing was written."),
    "import.more": ("另有 {count} 处问题，请用 --report 取得全部。", "{count} more problems: use --report for all."),
}
