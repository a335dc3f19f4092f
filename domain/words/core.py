"""Words of the shared core: scope, filter, database, command line."""

WORDS: dict[str, tuple[str, str]] = {
    "scope.empty": ("没有查看范围，请联系管理员。", "No area or school to look at: ask the administrator."),
    "scope.malformed": ("查看范围的代码不正确。", "The scope holds a code that is not valid."),
    "scope.no_write": ("您的角色不能做这项修改。", "Your role may not make this change."),
    "scope.no_children": ("您的角色不能查看学生名单。", "Your role may not list single children."),
    "scope.expired": ("查看期限已过，请联系管理员。", "The time of this access is over: ask the administrator."),
    "role.administrator": ("系统管理员", "Administrator"),
    "role.prefecture": ("市级", "Prefecture"),
    "role.county": ("县级管理员", "County official"),
    "role.inspector": ("督导", "Inspector"),
    "role.township": ("乡镇", "Township"),
    "role.village": ("村级干部", "Village cadre"),
    "role.school": ("学校", "School"),
    "role.screen": ("只读大屏", "Screen (read only)"),
    "db.unreachable": (
        "数据库暂不可用，请稍后再试；数据没有丢失。",
        "The database cannot be reached: try again later; nothing is lost.",
    ),
    "db.not_migrated": (
        "数据库结构与程序不符（数据库 {found}，程序 {wanted}）。请运行：python -m data_access migrate",
        "The database schema ({found}) is not the program's ({wanted}). Run: python -m data_access migrate",
    ),
    "db.newer": (
        "数据库比程序新（数据库 {found}，程序 {wanted}）。请换用新版程序，或把升级前的备份恢复到空库。",
        "The database is newer ({found}) than the program ({wanted}). Use the later program, or restore the backup from before.",
    ),
    "db.bad_url": ("DATABASE_URL 不是可用的数据库地址。", "DATABASE_URL is not a database address that can be used."),
    "db.key_missing": (
        "缺少加密密钥文件：{file}。请从备份恢复它；没有它，证件号码无法读取。",
        "The key file {file} is missing: restore it from backup; identifiers cannot be read without it.",
    ),
    "db.key_unreadable": (
        "{file} 不是完整的密钥文件，或无权读取。请从备份恢复它，或检查 KONGCHUO_KEY_FILE。",
        "{file} is not a whole key file, or may not be read: restore it from backup, or check KONGCHUO_KEY_FILE.",
    ),
    "db.key_wrong": ("加密密钥与数据库不匹配：{file}。", "The key in {file} is not the one this database was written with."),
}
WORDS |= {
    "filter.as_of_is": ("截至 {day}", "as of {day}"),
    "filter.grade_is": ("{value} 年级", "grade {value}"),
    "panel.comma": ("、", ", "),
    "panel.bracketed": ("{text}（{more}）", "{text} ({more})"),
    "filter.off_ladder": ("阶梯外", "Off the ladder"),
    "filter.rung_is": ("第 {value} 级处置", "rung {value}"),
    "filter.overdue": ("只看逾期", "overdue only"),
    "filter.unlocated": ("未定位", "unlocated"),
    "filter.area": ("地区", "Area"),
    "filter.school": ("学校", "School"),
    "filter.stage": ("学段", "Stage"),
    "filter.grade": ("年级", "Grade"),
    "filter.groups": ("群体", "Groups"),
    "filter.statuses": ("个案状态", "Case status"),
    "filter.reasons": ("辍学原因", "Reason"),
    "filter.rung": ("处置级别", "Rung"),
    "filter.period": ("学年学期", "School year or term"),
    "round.3": ("{year}年春季控辍保学专项督导", "Special supervision, spring {year}"),
    "round.9": ("{year}年秋季控辍保学专项督导", "Special supervision, autumn {year}"),
    "filter.round_code": ("督导轮次", "Supervision round"),
    "filter.as_of": ("截至日期", "As of"),
    "filter.basis": ("计数口径", "Counted at"),
    "basis.residence": ("按现居住地", "residence"),
    "basis.registered": ("按户籍地", "registered area"),
}
WORDS |= {
    "demo.banner": ("演示数据 合成", "Demo data, synthetic"),
    "export.name_search": ("另按姓名查找", "and a search by name"),
    "cli.unknown_table": ("没有名为 {name} 的表；可用：{known}", "There is no table {name}; there are: {known}"),
    "cli.unknown_code": (
        "{option} 的代码 {value} 不在本库中，请核对代码",
        "{option}: this database knows no code {value}; check the code",
    ),
    "cli.bad_filter": ("筛选条件 {option} 的值不正确：{value}", "The value of {option} is not valid: {value}"),
    "cli.bad_out": ("输出文件须以 .xlsx 或 .csv 结尾：{name}", "The output file must end in .xlsx or .csv: {name}"),
    "cli.bad_workbook": ("空白模板只能写成工作簿，文件名须以 .xlsx 结尾：{name}", "A blank workbook must end in .xlsx: {name}"),
    "cli.cannot_write": ("无法写入 {name}。", "{name} cannot be written."),
    "cli.bad_column": (
        "--column 要写成「表头=字段」：{value}",
        "--column wants HEADER=FIELD: {value}",
    ),
    "cli.no_data": (
        "数据库里还没有地区数据；请先运行 areas 或 demo。",
        "The database holds no areas yet: run `areas` or `demo` first.",
    ),
    "cli.no_mask_needs": ("--no-mask 需要同时给出 --user 和 --reason。", "--no-mask needs --user and --reason."),
    "cli.unknown_user": ("没有名为 {name} 的用户，或该用户已停用。", "There is no active user {name}."),
    "cli.role_masks": ("用户 {name} 的角色不能查看未脱敏的数据。", "The role of user {name} may not see unmasked data."),
    "cli.not_demo": (
        "数据库已有数据；演示数据只写入空数据库。",
        "The database holds data already: the demo is written to an empty one only.",
    ),
}
WORDS |= {
    "db.refused": (
        "数据库拒绝了这次操作（{kind}），没有写入任何内容。",
        "The database refused this ({kind}); nothing was written.",
    ),
}
WORDS |= {
    "check.village_counts": (
        "{place}：{count} 个村的汇总与重新计数不一致",
        "{place}: the summary of {count} villages differs from a recount",
    ),
    "check.school_counts": (
        "{place}：{count} 所学校的汇总与重新计数不一致",
        "{place}: the summary of {count} schools differs from a recount",
    ),
    "check.no_owner": (
        "{place}：{count} 个在册个案有一条线无人负责",
        "{place}: {count} open cases have nobody on one of the lines",
    ),
    "check.audit_broken": ("审计记录的链条不完整", "the chain of the audit is broken"),
    "check.well": ("没有发现问题。", "All is well."),
}
WORDS |= {
    "areas.empty": ("文件里没有地区。", "The file holds no areas."),
    "areas.no_code": (
        "找不到代码列或名称列。代码列可以叫：{known}",
        "No column of codes or of names. A code column may be called: {known}",
    ),
    "areas.bad_row": ("第 {row} 行不能用：{why}", "Row {row} cannot be used: {why}"),
    "areas.bad_degrees": ("第 {row} 行的经纬度不是十进制度数。", "Row {row}: longitude and latitude must be decimal degrees."),
    "areas.no_village_code": (
        "第 {row} 行不能用：村代码应为12位，现为{digits}位",
        "Row {row} cannot be used: a village code has 12 digits, this one {digits}",
    ),
    "areas.swapped": (
        "{code} 的纬度超过90度：经度和纬度可能写反了。",
        "{code} has a latitude beyond 90 degrees: longitude and latitude may have changed places.",
    ),
    "areas.not_degrees": (
        "{code} 的坐标不是经纬度；请先转换为经纬度。",
        "The coordinates of {code} are no degrees: convert them first.",
    ),
    "areas.twice": ("同一代码出现多次：{codes}", "The same code stands more than once: {codes}"),
    "areas.unreadable": ("{file} 不是可读的 GeoJSON 或 shapefile 压缩包。", "{file} is no readable GeoJSON or zipped shapefile."),
    "areas.several_layers": (
        "{file} 里有不止一个 shapefile（{layers}）：请每个单独压缩后载入。",
        "{file} holds more than one shapefile ({layers}): zip and load each by itself.",
    ),
    "areas.projected": (
        "{file} 使用投影坐标；请先转换为经纬度。",
        "{file} is in projected coordinates: convert it to degrees first.",
    ),
    "areas.bad_shape": ("{code} 的边界无法修复，请重新绘制。", "The shape of {code} cannot be mended: draw it again."),
}
