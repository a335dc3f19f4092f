"""Words of the geography page and of the commands that load areas."""

WORDS: dict[str, tuple[str, str]] = {
    "page.geography": ("区划与位置", "Areas and positions"),
    "geography.parts": ("内容", "Part"),
    "geography.unplaced": ("没有村的儿童", "Children without a village"),
    "geography.no_position": ("没有位置的村", "Villages without a position"),
    "geography.upload": ("载入区划", "Load areas"),
    "geography.merge": ("并村", "Mergers"),
    "geography.all_placed": ("所有村都有位置。", "Every village has a position."),
    "geography.no_position_help": (
        "{count} 个村没有位置，地图上不显示，其儿童计入“未定位”。请在“载入区划”中上传含村代码、村名、经度、纬度的表。",
        "{count} villages have no position: they are not drawn and their children count as unlocated. "
        "Load a table with village code, name, longitude and latitude.",
    ),
    "geography.unplaced_help": (
        "{count} 名儿童的村在台账中写法不详。选左边的写法可设为某村的别名（写法相同的一起定位）；选右边的儿童可单独指定村。",
        "{count} children have a place that fits no village. Pick a place at the left to make it another name of a village "
        "(all who are written so are placed), or a child at the right.",
    ),
    "geography.text": ("台账中的写法", "As written"),
    "geography.children": ("人数", "Children"),
    "geography.nothing_written": ("（空白）", "(blank)"),
    "geography.assign": ("指定到该村", "Place in this village"),
    "geography.assigned": ("已定位。", "Placed."),
    "geography.alias": ("别名（台账中的写法）", "Other name (as ledgers write it)"),
    "geography.add_alias": ("设为别名", "Add this name"),
    "geography.placed": ("已设为别名，{count} 名儿童已定位。", "Name added; {count} children placed."),
    "geography.village": ("村（社区）", "Village"),
    "geography.upload_help": (
        "点位表（CSV、XLSX：村代码、村名、经度、纬度）、GeoJSON 或打包的 shapefile（zip）。坐标系须由您声明，没有默认值。先检查，后载入。",
        "A table of points (CSV, XLSX: village code, name, longitude, latitude), GeoJSON or a zipped shapefile. "
        "You declare the coordinate system; there is no default. Checked first, loaded then.",
    ),
    "geography.file": ("文件", "File"),
    "geography.datum": ("坐标系", "Coordinate system"),
    "geography.datum.wgs84": ("WGS-84（GPS）", "WGS-84 (GPS)"),
    "geography.datum.cgcs2000": ("CGCS2000（天地图、测绘）", "CGCS2000 (Tianditu, surveys)"),
    "geography.datum.gcj02": ("GCJ-02（高德、腾讯）", "GCJ-02 (Amap, Tencent)"),
    "geography.datum.bd09": ("BD-09（百度）", "BD-09 (Baidu)"),
    "geography.found": (
        "可载入 {rows} 个；拒绝 {refused}、修正 {mended}、提醒 {warned}。",
        "{rows} can be loaded; {refused} refused, {mended} mended, {warned} pointed out.",
    ),
    "geography.refused": ("拒绝", "Refused"),
    "geography.mended": ("已修正", "Mended"),
    "geography.warned": ("提醒", "Note"),
    "geography.kind": ("处理", "What became of it"),
    "geography.what": ("情况", "What was found"),
    "geography.load": ("载入 {count} 个区划", "Load {count} areas"),
    "geography.loaded": (
        "已载入：新增 {new}，更改 {changed}；{placed} 名儿童因此定位。",
        "Loaded: {new} new, {changed} changed; {placed} children placed by it.",
    ),
    "geography.not_here": ("文件中有本县以外的代码，没有载入。", "The file holds codes of another county; nothing was loaded."),
    "geography.merge_help": (
        "并入后，原村的儿童和旧记录计入新村，地图合并两村的边界，原村名作为别名保留。批量办理用命令行 areas --kind merges。",
        "From then on the old village's children and records count in the new one, the map joins the shapes, and the old name "
        "stays as another name. For many at once use the command areas --kind merges.",
    ),
    "geography.merge_old": ("被并入的村", "Village that ends"),
    "geography.merge_new": ("并入到", "Becomes part of"),
    "geography.merge_day": ("生效日期", "From"),
    "geography.merge_document": ("批准文件", "Document"),
    "geography.merge_button": ("并村", "Merge"),
    "geography.merged": ("已并村，地图已更新。", "Merged; the map is up to date."),
}
WORDS |= {
    "geography.no_village": ("没有代码为 {code} 的村。", "There is no village {code}."),
    "geography.bad_alias": ("别名不能为空，最多 80 字。", "Another name has 1 to 80 characters."),
    "geography.alias_taken": ("“{alias}”已是 {code} 的名称。", "{alias} is a name of {code} already."),
    "geography.bad_merge": (
        "{old} 并入 {new} 不成立：两个代码须不同，并须写明批准文件。",
        "{old} cannot become part of {new}: the codes must differ and the document must be named.",
    ),
    "geography.other_county": (
        "有代码不属于 {county}：{codes}，没有载入。",
        "Codes outside {county}: {codes}; nothing was loaded.",
    ),
    "geography.bad_date": ("on_date 应写作 2026-09-01。", "on_date must be written 2026-09-01."),
    "geography.bad_stage": ("学段应为 小学 或 初中，现为 {stage}。", "A stage is primary or junior, not {stage}."),
    "geography.no_column": ("表头缺少：{names}。", "The header lacks: {names}."),
    "geography.blank": ("第 {row} 行有空白。", "Row {row} has a blank."),
    "geography.no_crs": ("请用 --crs 声明坐标系，没有默认值。", "Name the coordinate system with --crs; there is no default."),
}
