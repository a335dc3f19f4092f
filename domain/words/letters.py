"""Words of the responsibility letters."""

WORDS: dict[str, tuple[str, str]] = {
    "letters.title": ("责任书签订", "Responsibility letters"),
    "letters.what": (
        "双线各级责任人在截至日期已签订责任书的份数；一人负责两个班计两份（R207、R233）",
        "letters signed by the as-of day by those who answer on both lines; a teacher of two classes owes two (R207, R233)",
    ),
    "letters.none": (
        "本范围内还没有登记责任人，请导入包保责任表（L19）。",
        "Nobody is entered as responsible here: import the list of who answers for what (L19).",
    ),
    "letters.all": ("已签 {share}，未签 {missing} 份。", "Signed {share}, {missing} missing."),
    "letters.role": ("责任角色", "As what"),
    "letters.line": ("责任线", "Line"),
    "letters.share": ("已签 / 应签", "Signed / owed"),
    "letters.missing": ("未签", "Missing"),
}
