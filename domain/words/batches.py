"""Words of the history of imports."""

WORDS: dict[str, tuple[str, str]] = {
    "batch.unknown": ("没有第 {number} 批导入。", "There is no import number {number}."),
    "batch.undone": ("第 {number} 批导入已经撤销过。", "Import number {number} has been undone before."),
    "batch.built_on": (
        "第 {number} 批导入的数据之后又被修改或使用，不能直接撤销；请先撤销后面的导入。没有改动任何数据。",
        "What import number {number} brought was changed or used since: undo the later imports first. Nothing was changed.",
    ),
    "batch.taken_back": ("已撤销第 {number} 批导入，恢复 {count} 条记录。", "Import number {number} is undone: {count} records."),
    "import.gone": (
        "文件所涉学校有 {count} 名学生不在文件里，没有改动；已离开的请在异动花名册（L8）中登记。",
        "{count} children of the file's schools are not in it and were left as they are; record those who left as movements (L8).",
    ),
}
