"""Words of the door: sign-in, sessions, downloads, accounts."""

WORDS: dict[str, tuple[str, str]] = {
    "access.app": ("控辍保学工作台", "Keeping every child in school"),
    "access.bind_refused": (
        "不能在 {address} 上启动：还没有管理员账号，程序只在本机（127.0.0.1）开放。"
        "请先运行：python -m data_access user add NAME --role administrator --areas CODE",
        "Refusing to listen on {address}: no administrator has an account yet, so the app opens on this machine only "
        "(127.0.0.1). First run: python -m data_access user add NAME --role administrator --areas CODE",
    ),
    "access.not_found.title": ("找不到这个页面", "Page not found"),
    "access.not_found.text": ("地址不正确，或内容已经不在了。", "The address is wrong, or what was there is gone."),
    "access.download_gone.title": ("下载链接已失效", "This download is no longer there"),
    "access.download_gone.text": (
        "每个下载链接只能由导出的人使用一次，十分钟内有效。请回到页面重新导出。",
        "A download can be fetched once, within ten minutes, by whoever made it. Go back to the page and export again.",
    ),
    "access.wrong_host.title": ("地址不对", "Wrong address"),
    "access.wrong_host.text": ("本程序不以这个名称提供服务。", "This app does not answer to that name."),
    "access.cross_site.title": ("请求来自其他网站", "Request from another site"),
    "access.cross_site.text": ("为了安全，没有执行。", "It was refused, for safety."),
    "access.unavailable.title": ("数据库暂不可用", "Database unavailable"),
    "access.unavailable.text": (
        "请稍后再试；数据没有丢失，恢复后会自动可用。",
        "Try again in a little while; nothing is lost, and it comes back by itself.",
    ),
    "access.not_migrated.title": ("数据库尚未升级", "Database not migrated"),
    "access.not_migrated.text": (
        "数据库的结构不是本程序的结构，数据没有丢失。请管理员运行：python -m data_access migrate",
        "The tables of the database are not those of this program; nothing is lost. The administrator must run: "
        "python -m data_access migrate",
    ),
    "access.newer.title": ("数据库比程序新", "Database newer than the program"),
    "access.newer.text": (
        "请管理员换用新版程序，或把升级前的备份恢复到空库。",
        "The administrator must use the later program, or restore the backup from before.",
    ),
    "access.returning": ("正在打开……", "Opening ..."),
    "access.back": ("回到首页", "Back to the start"),
    "access.signed_out": ("会话已结束，请刷新页面重新登录。", "Your session is over: reload the page to sign in again."),
    "access.no_tls": (
        "提醒：程序在 {address} 上开放而没有 TLS；密码会以明文经过网络。请放在 nginx 或 Caddy 之后，或设置证书。",
        "Note: listening on {address} without TLS: passwords would cross the network readable. Put nginx or Caddy in front, "
        "or set a certificate.",
    ),
    "access.no_account.title": ("没有您的账号", "No account"),
    "access.no_account.text": (
        "您已通过统一登录，但本程序没有为您开设账号，或账号已停用。请联系管理员。",
        "You came in through the gateway, but have no account here, or it is disabled. Ask the administrator.",
    ),
    "access.flood.title": ("请稍候", "Please wait"),
    "access.flood.text": ("尝试过于频繁，请一分钟后再试。", "Too many tries from this address: wait a minute."),
    "access.sign_in.title": ("登录", "Sign in"),
    "access.sign_in.name": ("用户名", "User name"),
    "access.sign_in.password": ("密码", "Password"),
    "access.sign_in.code": ("动态验证码（如已启用）", "One-time code (if you have one)"),
    "access.sign_in.submit": ("登录", "Sign in"),
    "access.sign_in.notice": (
        "本系统含有未成年人个人信息，仅限授权人员使用；查看和导出均有记录。",
        "This system holds personal data of minors. Authorised use only; every view and export is recorded.",
    ),
    "access.sign_in.nobody": (
        "还没有账号。请在服务器上运行：python -m data_access user add NAME --role administrator --areas CODE",
        "There are no accounts yet. On the server run: python -m data_access user add NAME --role administrator --areas CODE",
    ),
    "access.sign_in.other_lang": ("English", "中文"),
    "access.sign_in_failed": (
        "用户名、密码或验证码不正确；连续 {tries} 次错误后须等待 {minutes} 分钟。",
        "User name, password or code is wrong; after {tries} wrong tries in a row a name waits {minutes} minutes.",
    ),
    "access.password.title": ("请设置新密码", "Set a new password"),
    "access.password.old": ("当前密码", "Current password"),
    "access.password.new": ("新密码", "New password"),
    "access.password.again": ("再输入一次新密码", "New password once more"),
    "access.password.submit": ("保存", "Save"),
    "access.password.rule": (
        "至少 {length} 个字符，大写、小写、数字、其他字符中至少 {kinds} 类，不含用户名。",
        "At least {length} characters; {kinds} of upper case, lower case, digits, others; without the user name.",
    ),
    "access.password_weak": (
        "密码太弱：至少 {length} 个字符，大写、小写、数字、其他字符中至少 {kinds} 类，不含用户名。",
        "The password is too weak: at least {length} characters; {kinds} of upper case, lower case, digits, others; "
        "without the user name.",
    ),
    "access.password_same": ("新密码不能与当前密码相同。", "The new password must differ from the current one."),
    "access.password_meanwhile": (
        "密码刚刚已在别处更改。请用新密码重新登录。",
        "The password was changed elsewhere just now. Sign in with the new one.",
    ),
    "access.password_differs": ("两次输入的新密码不一致。", "The two new passwords differ."),
    "access.bad_name": (
        "用户名须为 2 至 60 个字母、汉字、数字或 . _ - @。",
        "A user name has 2 to 60 letters, digits or . _ - @.",
    ),
    "access.name_taken": ("用户名已存在：{name}。", "The user name is taken: {name}."),
    "access.no_user": ("没有这个用户：{name}。", "There is no such user: {name}."),
    "audit.broken": (
        "审计记录第 {row} 行与校验值不符：有人改动过，或记录被删除。",
        "Audit row {row} does not fit its seal: it was changed, or a row before it removed.",
    ),
    "audit.anchor_unreadable": (
        "锚点文件第 {line} 行无法识别：有人改动过，或写入时中断。请与另存的锚点核对后改正。",
        "Line {line} of the file of anchors cannot be read: it was changed, or cut off while it was written. "
        "Mend it from the copy kept elsewhere.",
    ),
    "audit.unwritable": (
        "审计记录写不进去，因此这项操作没有执行。请稍后再试；仍然如此，请系统管理员检查磁盘空间和权限。",
        "The audit cannot be written, so nothing was done. Try again in a while; if it stays so, the system administrator must "
        "look at disk space and permissions.",
    ),
    "access.no_audit.title": ("审计记录写不进去", "The audit cannot be written"),
    "access.no_audit.text": (
        "没有记录就不办理，因此这项操作没有执行。请稍后再试；仍然如此，请系统管理员检查磁盘空间和权限。",
        "Nothing is done unrecorded, so nothing was done. Try again in a while; if it stays so, the system administrator must "
        "look at disk space and permissions.",
    ),
    "audit.anchor_missing": (
        "审计记录中找不到 {day} 的锚点：末尾记录被删除，或整条链被重写。",
        "The anchor of {day} is not in the audit: rows were cut off its end, or the whole chain was written anew.",
    ),
}
