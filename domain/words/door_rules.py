"""Words for changing the rules of the door, and for giving an account its second factor."""

WORDS: dict[str, tuple[str, str]] = {
    "act.door.rule": ("修改登录规则", "Changed a rule of the door"),
    "door.no_rule": ("没有这条登录规则；可用：{names}。", "There is no such rule of the door; there are: {names}."),
    "door.bad_value": ("登录规则 {name} 的值只能是：{allowed}。", "The rule {name} takes: {allowed}."),
    "door.no_way_in": (
        "还没有管理员设置动态验证码，现在要求验证码会把所有人挡在门外。请先运行：python -m data_access user code NAME",
        "No administrator has a second factor yet: to ask everybody for a code would shut out all. First run: "
        "python -m data_access user code NAME",
    ),
}
