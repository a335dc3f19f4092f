"""Words of the map: layers, legend, controls, prints, and what is wrong with uploaded shapes."""

WORDS: dict[str, tuple[str, str]] = {
    "map.suppress.largest": ("小数隐藏上限应为 2 至 9，现为 {value}。", "The largest hidden count must be 2 to 9, not {value}."),
    "map.suppress.denominator": ("比率最小分母不能小于 1，现为 {value}。", "The smallest denominator is 1, not {value}."),
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
    "map.children": ("{count} 人", "{count} children"),
    "map.schools": ("{count} 所", "{count} schools"),
    "map.areas.county": ("{count} 个县", "{count} counties"),
    "map.areas.town": ("{count} 个乡镇", "{count} towns"),
    "map.areas.village": ("{count} 个村", "{count} villages"),
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
