"""Words of the demo: what is being made, and why it may refuse."""

WORDS: dict[str, tuple[str, str]] = {
    "demo.not_empty": (
        "数据库里已有数据，不能写入演示数据。请换一个空数据库（DATABASE_URL）。",
        "The database holds data already: the demo needs an empty one (DATABASE_URL).",
    ),
    "demo.bad_date": (
        "演示日期 {day} 不能用：须在 {first} 至 {last} 之间。",
        "The demo cannot be made for {day}: choose a day from {first} to {last}.",
    ),
    "demo.areas": ("区划", "areas"),
    "demo.plan": ("生成", "drawing up"),
    "demo.schools": ("学校", "schools"),
    "demo.children": ("学生", "children"),
    "demo.homes": ("住址", "homes"),
    "demo.families": ("监护人", "families"),
    "demo.enrolment": ("学籍", "enrolment"),
    "demo.groups": ("群体", "groups"),
    "demo.cases": ("个案", "cases"),
    "demo.indexes": ("索引", "indexes"),
    "demo.summaries": ("汇总", "summaries"),
    "demo.shapes": ("地图轮廓", "map shapes"),
    "demo.checks": ("数据核查", "data checks"),
    "demo.done": ("完成", "done"),
}
