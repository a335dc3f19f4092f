"""The rosters of several years against the registry."""

WORDS: dict[str, tuple[str, str]] = {
    "roster.title": ("历年辍学名单与学籍比对", "Dropouts of several years against the registry"),
    "roster.what": (
        "近 {years} 个学年曾流失的学生（含未升初中）与截至日学籍、异动、年龄逐人比对：核减的写明原因，余下的须劝返。",
        "Children lost in the last {years} school years (also between primary and junior), held against registry, movements and age "
        "on the as-of day: each one taken off has its reason, the others are to be brought back.",
    ),
    "roster.step": ("比对", "Step"),
    "roster.children": ("人数", "Children"),
    "roster.before": ("名单人数", "On the rosters"),
    "roster.removed.back": ("减：已复学，在籍", "Less: back on a register"),
    "roster.removed.papers": (
        "减：转学、休学、出国（境）、死亡，手续齐全",
        "Less: transferred, suspended, abroad or dead, with papers",
    ),
    "roster.removed.aged_out": ("减：已超过义务教育年龄", "Less: past school age"),
    "roster.removed.other": ("减：其他已说明", "Less: explained otherwise"),
    "roster.left": ("需劝返人数", "To be brought back"),
    "roster.without_case": (
        "其中 {count} 人没有在册个案，请逐人核实立案：",
        "{count} of them have no open case; look into each and open one:",
    ),
}
