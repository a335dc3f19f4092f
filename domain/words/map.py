"""Words of the map: layers, legend, controls, prints, and what is wrong with uploaded shapes."""

WORDS: dict[str, tuple[str, str]] = {
    "map.suppress.largest": ("小数隐藏上限应为 2 至 9，现为 {value}。", "The largest hidden count must be 2 to 9, not {value}."),
    "map.suppress.denominator": ("比率最小分母不能小于 1，现为 {value}。", "The smallest denominator is 1, not {value}."),
}
WORDS |= {  # what is shared
    "map.shared.narrowed": (
        "对外提供的数据只能按地区和日期统计，不能再按“{parts}”筛选：两份数据相减会露出小数。请去掉这些筛选，或关闭“对外提供”。",
        "What is shared is counted by place and day only, not by {parts}: two files subtracted would show small numbers. "
        "Take these filters away, or turn sharing off.",
    ),
    "map.shared.and": ("{first}、{last}", "{first}, {last}"),
    "map.shared.change": (
        "两日之间新增和退出的儿童人数少，不能对外提供。请改为两图对比，或关闭“对外提供”。",
        "Who came and left between two days is few and cannot be shared. Compare two maps instead, or turn sharing off.",
    ),
}
WORDS |= {  # around the map
    "map.name": ("村级地图：方向键移动，加减号缩放", "Village map: arrow keys move, plus and minus zoom"),
    "map.legend": ("图例", "Legend"),
    "map.whole": ("显示全部", "Show all"),
    "map.zoom_in": ("放大", "Zoom in"),
    "map.zoom_out": ("缩小", "Zoom out"),
    "map.synthetic": ("示意位置，非行政界线", "Schematic positions, not administrative boundaries"),
    "map.loading": ("正在读取边界…", "Loading the outlines…"),
    "map.failed": (
        "边界读取失败，请刷新页面；数据没有丢失。",
        "The outlines could not be loaded: reload the page. No data are lost.",
    ),
}
WORDS |= {  # legend and tooltips
    "map.zero": ("0", "0"),
    "map.no_data": ("无数据", "no data"),
    "map.hidden": ("人数少，不显示", "withheld (few children)"),
    "map.unlocated": ("未定位", "unlocated"),
    "map.flagged": ("1 及以上", "1 or more"),
    "map.outside": ("不在您的范围内", "outside your view"),
    "map.children": ("{count} 人", "{count} children"),
    "map.children.one": ("{count} 人", "{count} child"),
    "map.schools": ("{count} 所", "{count} schools"),
    "map.schools.one": ("{count} 所", "{count} school"),
    "map.areas.county": ("{count} 个县", "{count} counties"),
    "map.areas.county.one": ("{count} 个县", "{count} county"),
    "map.areas.town": ("{count} 个乡镇", "{count} towns"),
    "map.areas.town.one": ("{count} 个乡镇", "{count} town"),
    "map.areas.village": ("{count} 个村", "{count} villages"),
    "map.areas.village.one": ("{count} 个村", "{count} village"),
    "map.verdict.met": ("已达标", "target met"),
    "map.verdict.on_course": ("目前达标", "on course"),
    "map.verdict.missed": ("未达标", "target missed"),
    "map.verdict.unset": ("未设定目标", "no target set"),
    "map.verdict.no_data": ("无数据", "no data"),
}
WORDS |= {  # basemaps
    "map.basemap.tianditu": (
        "天地图 © 国家地理信息公共服务平台",
        "Tianditu © National Geospatial Information Platform",
    ),
    "map.basemap.amap": ("高德地图 © 高德软件", "Amap © AutoNavi"),
    "map.basemap.kind": (
        "底图设置 basemap 不能是 {value}；可用：none、tianditu、amap、xyz、file。",
        "The setting basemap cannot be {value}; use none, tianditu, amap, xyz or file.",
    ),
    "map.basemap.missing": ("底图缺少设置 {name}。", "The basemap needs the setting {name}."),
    "map.basemap.key": ("天地图密钥只能由字母和数字组成。", "A Tianditu key has letters and digits only."),
    "map.basemap.url": (
        "basemap_url 应为 http 或 https 瓦片地址，含 {{z}}、{{x}}、{{y}}；含 {{s}} 时另设 basemap_servers。",
        "basemap_url must be an http or https tile address with {{z}}, {{x}} and {{y}}; with {{s}}, set basemap_servers too.",
    ),
    "map.basemap.datum": (
        "basemap_datum 应为 wgs84、cgcs2000 或 gcj02。",
        "basemap_datum must be wgs84, cgcs2000 or gcj02.",
    ),
    "map.basemap.no_file": ("找不到瓦片文件 {name}。", "There is no tile file {name}."),
}
WORDS |= {
    "map.tiles.broken": ("瓦片文件 {name} 无法读取。", "The tile file {name} cannot be read."),
    "map.tiles.not_images": (
        "瓦片文件 {name} 不是图片瓦片（PNG、JPEG、WebP）；矢量瓦片请先转换为图片瓦片。",
        "The tile file {name} holds no images (PNG, JPEG, WebP): convert vector tiles to images first.",
    ),
}
WORDS |= {  # checks of areas that are loaded
    "map.datum.wgs84": ("WGS-84（GPS）", "WGS-84 (GPS)"),
    "map.datum.gcj02": ("GCJ-02（高德、腾讯）", "GCJ-02 (Amap, Tencent)"),
    "map.datum.bd09": ("BD-09（百度）", "BD-09 (Baidu)"),
    "map.check.overlap": (
        "{name}（{code}）与 {other} 重叠 {share} %，未载入：请改正边界。",
        "{name} ({code}) overlaps {other} by {share} %, left out: correct the shapes.",
    ),
    "map.check.sliver": (
        "{name}（{code}）与 {other} 的细小重叠（{share} %）已修正。",
        "{name} ({code}): a sliver shared with {other} ({share} %) was cut off.",
    ),
    "map.check.crossing": (
        "{name}（{code}）的边界自相交，已修正：请在地图上核对。",
        "{name} ({code}): the outline crossed itself and was mended: check it on the map.",
    ),
    "map.check.no_place": (
        "{name}（{code}）没有位置：地图上不显示，其人数计入“未定位”。请补充经纬度。",
        "{name} ({code}) has no position: it is not drawn and its children count as unlocated. Add longitude and latitude.",
    ),
    "map.check.same_place": (
        "{name}（{code}）与 {other} 位置相同：请核对经纬度。",
        "{name} ({code}) stands at the same place as {other}: check longitude and latitude.",
    ),
    "map.check.outside.warned": (
        "{name}（{code}）在县界外 {metres} 米：请核对位置。",
        "{name} ({code}) lies {metres} m outside the county: check its position.",
    ),
    "map.check.outside.refused": (
        "{name}（{code}）在县界外 {metres} 米，未载入：请核对位置和坐标系。",
        "{name} ({code}) lies {metres} m outside the county, left out: check its position and the coordinate system.",
    ),
    "map.check.moved": (
        "坐标系可能声明有误：{count} 个点都偏离已登记的位置（约 {metres} 米），按 {datum} 读取时与之相合。",
        "The coordinate system may be declared wrongly: {count} places lie about {metres} m off where they stood; read as {datum} "
        "they agree.",
    ),
    "map.check.shift": (
        "坐标系可能声明有误：按 {datum} 读取时，{count} 个县界外的点回到县界内（偏移约 {metres} 米）。",
        "The coordinate system may be declared wrongly: read as {datum}, {count} places outside the county fall inside (about {metres} m).",
    ),
}
WORDS |= {  # printed maps
    "map.print.no_shapes": ("没有可打印的边界：请先载入区划。", "There are no shapes to print: load the areas first."),
    "map.print.no_font": (
        "缺少中文字体文件 {name}（应在程序的 geo/fonts 文件夹中），请重新安装。",
        "The Chinese font {name} is missing (it belongs in geo/fonts of the program): install again.",
    ),
    "map.print.source": ("数据来源：{source}", "Source: {source}"),
    "map.print.printed_on": ("制图日期：{day}", "Printed on {day}"),
    "map.print.north": ("北", "N"),
}
