"""Words of where the records of a child come from."""

WORDS: dict[str, tuple[str, str]] = {
    "origins.show": ("数据来源", "Where this comes from"),
    "origins.what": (
        "该生各项记录来自哪个文件、哪一行、何时由谁导入；页面上直接录入的不在其中。",
        "The file and row behind this child's records, when it was imported and by whom; what was entered on a page is not there.",
    ),
    "origins.none": (
        "没有导入记录：各项内容均在页面上录入，或为演示数据。",
        "Nothing was imported: entered on pages, or made for the demo.",
    ),
    "origins.ledger": ("台账", "Ledger"),
    "origins.file": ("文件", "File"),
    "origins.sheet": ("工作表", "Sheet"),
    "origins.row": ("行", "Row"),
    "origins.when": ("导入时间", "Imported"),
    "origins.by": ("导入人", "By"),
}
