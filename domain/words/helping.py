"""Who helps beside those on duty, and what a returned child has to catch up on."""

WORDS: dict[str, tuple[str, str]] = {
    "work.peers": ("参与劝说的同学、朋友（人数）", "Peers who helped (how many)"),
    "work.peers_help": (
        "只填人数，不写未成年人的姓名；姓名栏里写了也会在导出和脱敏页面上遮盖。",
        "A number only: minors are not named; a name typed among the visitors is masked on masked pages and in exports.",
    ),
    "work.plan": ("补课计划", "Plan for catching up"),
    "work.plan_help": ("补哪些课、谁来补、补到什么时候", "Which lessons, with whom, until when"),
    "record.peers": ("参与的同学、朋友人数应在 0 到 {most} 之间", "The number of peers must lie between 0 and {most}"),
    "fact.peers": ("参与同伴（人）", "Peers helping"),
    "fact.plan": ("补课计划", "Plan for catching up"),
    "column.peers": ("参与同伴人数", "Peers helping"),
    "column.peers.what": ("同去劝说的同学、朋友的人数，不写姓名", "how many pupils and friends came along; they are not named"),
}
