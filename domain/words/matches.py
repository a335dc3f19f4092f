"""Words of doubtful matches."""

WORDS: dict[str, tuple[str, str]] = {
    "match.unknown": (
        "没有第 {number} 条待核身份，或已有结论。",
        "There is no match number {number} to check, or it is decided.",
    ),
    "match.no_merge": (
        "这两条记录不能合并或拆开：不在管理范围内、不属于同一个县，或已经处理过。",
        "These records cannot be merged or parted: outside your scope, of two counties, or done before.",
    ),
    "match.same_name": ("同名同出生日期", "same name and birth date"),
    "match.other_name": ("号码相同、姓名完全不同", "the same number, quite another name"),
    "match.two_children": ("两个号码分属两名学生", "the two numbers belong to two records"),
    "match.two_schools": ("同时在两所学校的花名册上", "in the registers of two schools"),
    "match.reopened": ("第 {number} 条已撤回，重新待核。", "Match number {number} is open again."),
    "match.decided": ("第 {number} 条已记录。", "Match number {number} is decided."),
}
