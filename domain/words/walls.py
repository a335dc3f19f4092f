"""Words of the walls in the database, of revealing, retention and what else keeps personal data close."""

WORDS: dict[str, tuple[str, str]] = {
    "walls.no_roles": (
        "数据库账号缺少角色的权限，也无权自己创建。请数据库管理员执行一次：{statements}",
        "This database login lacks the rights of roles, and may not make them. A database administrator must run once: {statements}",
    ),
    "walls.not_owner": (
        "数据库账号 {login} 不是这些表的所有者，不能升级。请用所有者 {owner} 运行 migrate。",
        "The database login {login} does not own the tables and cannot migrate them. Run migrate as their owner, {owner}.",
    ),
    "walls.other": (
        "数据库的行级权限是另一版本程序建立的，或建立后被改动过。请运行：python -m data_access migrate",
        "The database's row-level security was set up by another version of the program, or changed since. Run: "
        "python -m data_access migrate",
    ),
    "walls.no_tables": (
        '数据库账号 {login} 不能在这个库里建表。请数据库管理员执行：ALTER DATABASE 库名 OWNER TO "{login}"',
        "The database login {login} may make no tables here. A database administrator must run: ALTER DATABASE its_name OWNER "
        'TO "{login}"',
    ),
    "access.no_roles.title": ("数据库账号缺少权限", "The database login lacks rights"),
    "access.no_roles.text": (
        "数据没有丢失。请管理员在服务器上运行 python -m data_access check，它会说明数据库管理员要执行什么。",
        "Nothing is lost. The administrator runs python -m data_access check on the server, which says what a database administrator "
        "must run.",
    ),
    "scope.no_reveal": ("您的角色不能查看完整信息。", "Your role may not reveal identifiers."),
    "scope.no_audit": ("只有系统管理员可以查看审计记录。", "Only administrators may read the audit."),
    "reveal.no_reason": ("请填写查看理由。", "Give a reason first."),
    "reveal.not_found": ("没有这个学生，或不在您的范围内。", "There is no such child, or it lies outside your scope."),
    "reveal.button": ("查看完整信息", "Reveal identifiers"),
    "reveal.help": (
        "理由和时间记入审计；五分钟后自动隐藏。",
        "Reason and time go into the audit; hidden again after five minutes.",
    ),
    "reveal.reason": ("理由", "Reason"),
    "reveal.reason.visit": ("家访联系", "Contacting the family for a visit"),
    "reveal.reason.match": ("核对身份", "Checking the identity"),
    "reveal.reason.transfer": ("办理转学、复学手续", "Transfer or return papers"),
    "reveal.reason.aid": ("落实资助或救助", "Arranging aid"),
    "reveal.show": ("显示", "Show"),
    "reveal.hide": ("隐藏", "Hide"),
    "reveal.until": ("显示到 {time}，已记入审计。", "Shown until {time}; on record."),
    "reveal.item": ("项目", "Item"),
    "reveal.value": ("内容", "Value"),
    "reveal.name": ("姓名", "Name"),
    "reveal.birth_date": ("出生日期", "Date of birth"),
    "reveal.id_no": ("身份证件号", "Identity number"),
    "reveal.registry_no": ("全国学籍号", "National registry number"),
    "reveal.address": ("住址", "Address"),
    "reveal.phone": ("电话", "Telephone"),
    "reveal.none": ("未登记", "not recorded"),
    "key.rotated": ("已用新密钥重新加密 {count} 项。", "{count} values sealed anew."),
    "retention.bad_years": ("保留年限应在 {fewest} 到 {most} 年之间。", "Keep data between {fewest} and {most} years."),
    "retention.dry": (
        "试运行：超过保留期（{years} 年）的学生 {count} 名，未删除。",
        "Dry run: {count} children past {years} years; nothing removed.",
    ),
    "retention.done": ("已删除超过保留期（{years} 年）的学生 {count} 名。", "{count} children past {years} years removed."),
    "backup.exists": ("文件 {file} 已存在，不会被覆盖。", "{file} exists and is not overwritten."),
    "backup.short": ("备份口令至少 {fewest} 个字符。", "The passphrase needs at least {fewest} characters."),
    "backup.keep": ("--keep 至少为 1。", "--keep must be 1 or more."),
    "backup.not_empty": (
        "目标数据库不是空的：只能恢复到空库。",
        "The database is not empty: a backup is brought back into an empty one.",
    ),
    "backup.wrong": ("口令不对，或备份文件已损坏。", "Wrong passphrase, or the file is damaged."),
    "backup.other_kind": (
        "备份来自另一种数据库（SQLite 与 PostgreSQL 不能互换）。",
        "The backup is of the other kind of database (SQLite, PostgreSQL).",
    ),
    "backup.no_program": (
        "找不到 {program}：请安装 PostgreSQL 客户端，或用 KONGCHUO_PG_BIN 指明其目录。",
        "{program} is missing: install PostgreSQL's client programs, or name their folder in KONGCHUO_PG_BIN.",
    ),
    "backup.program_failed": ("{program} 失败（代码 {code}）。", "{program} failed (code {code})."),
}
