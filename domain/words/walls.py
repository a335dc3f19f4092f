"""Words of the walls in the database, of revealing, retention and what else keeps personal data close."""

WORDS: dict[str, tuple[str, str]] = {
    "walls.no_roles": (
        "数据库账号无权创建角色。请数据库管理员执行一次：{statements}",
        "This database login may not make roles. A database administrator must run once: {statements}",
    ),
}
