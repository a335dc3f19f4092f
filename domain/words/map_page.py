"""Words of the map page: layers, switches, tree, comparison, files."""

WORDS: dict[str, tuple[str, str]] = {
    "layer.missed_visits": ("应访未访", "Visits missed"),
    "layer.dropout": ("辍学率", "Dropout rate"),
    "layer.coverage": ("家访覆盖率", "Visit coverage"),
    "layer.freshness": ("留守核查（近一季度）", "Left-behind checked in a quarter"),
    "layer.schools": ("学校达标", "Schools by verdict"),
    "measure.missed_visits": ("应访未访", "Visits missed"),
    "classes.target": ("按目标分级", "By the target"),
    "classes.fifths": ("五等分", "Fifths"),
    "drawn.auto": ("随缩放", "By zoom"),
    "drawn.town": ("按乡镇", "Towns"),
    "drawn.village": ("按村", "Villages"),
    "drawn.zone_primary": ("小学学区", "Primary catchments"),
    "drawn.zone_junior": ("初中学区", "Junior catchments"),
    "map.areas.zone_primary": ("{count} 个学区", "{count} catchments"),
    "map.areas.zone_junior": ("{count} 个学区", "{count} catchments"),
    "map.areas.zone_primary.one": ("{count} 个学区", "{count} catchment"),
    "map.areas.zone_junior.one": ("{count} 个学区", "{count} catchment"),
    "compare.maps": ("两图对照", "Two maps"),
    "compare.change": ("一图看变化", "Change"),
}
WORDS |= {
    "map_page.level": ("区域", "Areas"),
    "map_page.compare": ("对比方式", "Compared as"),
    "map_page.against": ("与哪天对比", "Compare with"),
    "map_page.against_none": ("不对比", "no comparison"),
    "map_page.quarter": ("上季度末 · {day}", "End of last quarter · {day}"),
    "map_page.year_before": ("一年前 · {day}", "A year before · {day}"),
    "map_page.dropout": ("辍学率·{stage}（{target}）", "Dropout, {stage} ({target})"),
    "map_page.target": ("目标 {target} %", "target {target} %"),
    "map_page.no_target": ("未设目标", "no target set"),
    "map_page.came": ("{measure}：{since} 以来新增", "{measure}: new since {since}"),
    "map_page.left": ("{measure}：{since} 以来退出", "{measure}: gone since {since}"),
    "map_page.came_list": ("新增名单", "Who came in"),
    "map_page.left_list": ("退出名单", "Who left"),
    "map_page.none_changed": ("两天之间没有这样的变化。", "No such change between the two days."),
    "map_page.tree": ("区划树", "Areas"),
    "map_page.tree_help": ("输入名称或代码查找；Tab 键移动，回车打开。", "Type a name or code; Tab moves, Enter opens."),
    "map_page.tree_search": ("查找乡镇、村", "Find a town or village"),
    "map_page.tree_more": ("还有 {count} 个，请输入更多字。", "{count} more: type more letters."),
    "map_page.tree_none": ("没有找到。", "Nothing found."),
    "map_page.responsible": ("包保责任人：{names}", "Responsible: {names}"),
    "map_page.nobody_responsible": ("未登记包保责任人。", "Nobody is recorded as responsible."),
    "map_page.catchment_of": ("{school} 学区", "Catchment of {school}"),
    "map_page.school": ("学校详情", "The school"),
}
WORDS |= {
    "column.cases": ("在册个案", "Open cases"),
    "column.cases.what": ("筛选范围内有在册个案的儿童", "children with an open case that the filter chooses"),
    "column.visited": ("已上门家访", "Visited"),
    "column.visited.what": (
        "其中立案以来至少上门家访一次的",
        "of those, visited at the door at least once since the case was opened",
    ),
    "column.missed_visits": ("应访未访", "Visits missed"),
    "column.missed_visits.what": (
        "家访步骤已逾期的在册对象；该村在册对象中已有任何一人被上门家访的，记 0",
        "children whose visit is overdue, in villages where no child at risk has been visited at all; else 0",
    ),
    "column.started": ("期初在校", "In school at the start"),
    "column.started.what": (
        "学年（或学期）第一天在校的学生，按当天居住村",
        "pupils in school on the first day of the period, where they lived then",
    ),
    "column.lost": ("流失未返", "Lost and not back"),
    "column.lost.what": (
        "期内流失且未返校的学生，按流失当天居住村；口径同辍学率公式",
        "lost since and not back, where they lived that day, by the dropout formula in force",
    ),
    "column.left_behind_all": ("留守儿童（任一口径）", "Left behind (either)"),
    "column.left_behind_all.what": ("教育或民政口径的留守儿童", "left behind by the education or the civil definition"),
    "column.checked": ("一季度内核查", "Checked in a quarter"),
    "column.checked.what": ("其中最近三个月内核查过的（R065）", "of those, checked within the last three months (R065)"),
}
WORDS |= {
    "map_files.button": ("带走地图", "Take the map away"),
    "map_files.kind": ("文件", "File"),
    "map_files.pdf": ("打印图 PDF", "Sheet, PDF"),
    "map_files.png": ("打印图 PNG", "Sheet, PNG"),
    "map_files.geojson": ("各村数据 GeoJSON（供 GIS）", "Villages as GeoJSON"),
    "map_files.gpkg": ("各村数据 GeoPackage（供 GIS）", "Villages as GeoPackage"),
    "map_files.paper": ("纸张", "Paper"),
    "map_files.shared": ("对外提供：隐藏小数", "To be shared: small numbers hidden"),
    "map_files.shared_help": (
        "1 至 4 人不显示，能推算出它们的数也不显示；分母不足 20 的比率不显示。只能按地区和日期出图。关闭后为内部用图，须说明用途。",
        "Counts of 1 to 4, and whatever would give them away, are hidden, and rates over fewer than 20; by place and day only. "
        "Off: for internal use.",
    ),
    "map_files.internal": (
        "数据为准确数，仅供内部使用；对外提供的地图由县级统一制作。",
        "Exact numbers, for internal use only; maps to be shared are made by the county.",
    ),
    "map_files.title": ("村级地图 · {layer}", "Village map · {layer}"),
    "map_files.source": ("控辍保学工作台", "Keeping every child in school"),
    "map_files.hidden": ("小数已隐藏", "small numbers hidden"),
    "map.print.one_png": (
        "两张图只能存为 PDF（每图一页）；要 PNG，请先取消对比或并列。",
        "Two maps make a PDF (a page each): for PNG, show one map.",
    ),
}
WORDS |= {
    "cli.map_kind": ("不能输出 .{value}；可用：{known}。", "A map cannot be written as .{value}; use {known}."),
    "cli.map_layer": ("没有图层 {value}；可用：{known}。", "There is no layer {value}; use {known}."),
    "cli.map_level": ("没有区域 {value}；可用：{known}。", "There are no areas {value}; use {known}."),
    "cli.map_classes": ("该图层不能按 {value} 分级；可用：{known}。", "This layer has no classes {value}; use {known}."),
    "cli.exact_needs": ("--exact 需要 --reason 说明用途。", "--exact needs --reason: why exact numbers are needed."),
}
WORDS |= {
    "map.tiles.unreachable": ("底图服务没有应答。", "The basemap service did not answer."),
}
WORDS |= {
    "map_page.against_is": ("对比 {day}", "against {day}"),
}
