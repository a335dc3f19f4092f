"""Words for commands typed wrongly, and for what a command has done."""

WORDS: dict[str, tuple[str, str]] = {
    "cli.usage.command": ("没有这个命令；--help 列出所有命令。", "{detail} --help lists all commands."),
    "cli.usage.option": ("没有这个选项；{command} --help 列出所有选项。", "{detail} {command} --help lists all options."),
    "cli.usage.missing": ("缺少 {named}。", "{detail} See {command} --help."),
    "cli.usage.value": ("{named} 的值不正确。", "{detail}"),
    "cli.usage.file": ("文件不存在或不能读写（{named}）。", "{detail}"),
    "cli.usage.other": ("命令用法不对；{command} --help 有说明。", "{detail} See {command} --help."),
    "cli.exported": ("已导出 {count} 行：{file}", "{count} rows -> {file}"),
}
