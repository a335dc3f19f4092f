"""Words of the overview, the map page and the methods page."""

WORDS: dict[str, tuple[str, str]] = {
    "tile.open_cases": ("在册个案", "Open cases"),
    "tile.open_cases.what": (
        "截至日期尚未销号的个案，每名学生至多一案（R055、R057）。",
        "Cases not closed on the as-of day; a child has one at most (R055, R057).",
    ),
    "tile.overdue": ("逾期任务", "Overdue steps"),
    "tile.overdue.what": (
        "下一步已过应办日期的个案（家访升级阶梯 R022-R025、R228-R230，销号 R055）。",
        "Cases whose next step is past its due day (visiting ladder R022-R025, R228-R230; closing R055).",
    ),
    "tile.missed": ("超目标学校", "Over target"),
    "tile.missed.what": (
        "年辍学率高于适用目标的学校（按学段计），或有建档立卡学生辍学的学校（R001-R015、R003）。",
        "Schools, by stage, whose dropout rate is over the target that binds them, or with a poor-household child lost "
        "(R001-R015, R003).",
    ),
    "tile.stale": ("留守档案逾一季", "Stale files"),
    "tile.stale.what": (
        "任一口径的留守儿童中，三个月内没有核查记录的人数（R065）。",
        "Children left behind by either definition without a check in the last three months (R065).",
    ),
    "tile.unreported": ("日报未报", "Reports missing"),
    "tile.unreported.what": (
        "近五个上学日应报而未报的日报份数；零报告也是报告（R027-R031）。",
        "Daily reports not handed in for the last five school days; a zero report is a report (R027-R031).",
    ),
    "panel.small": ("1–{largest}（不显示）", "1–{largest} (withheld)"),
    "measure.children": ("适龄儿童", "Children of school age"),
    "measure.at_risk": ("在册对象", "At risk"),
    "measure.left_behind": ("留守儿童（教育口径）", "Left behind (education)"),
    "measure.left_behind_civil": ("留守儿童（民政口径）", "Left behind (civil affairs)"),
    "measure.overdue": ("有逾期任务", "With an overdue step"),
    "overview.since": ("较一周前", "in a week"),
    "overview.whole_map": ("打开村级地图", "Open the village map"),
    "overview.today": ("今天先办：逾期最久的任务", "Today: the steps overdue longest"),
    "overview.nothing_overdue": ("没有逾期任务。", "Nothing is overdue: well done."),
    "overview.all_overdue": ("全部逾期任务", "All overdue steps"),
    "overview.nobody": ("无人负责", "nobody"),
    "overview.owners": ("责任人（学校线 / 政府线）", "Owners (school / government)"),
    "overview.owners.what": (
        "双线包保责任人；“无人负责”须先指派（R210）。",
        "Responsible persons on both lines; “nobody” has to be assigned first (R210).",
    ),
    "overview.rates": ("{stage}年辍学率与目标", "Dropout rate against target: {stage}"),
    "agenda.title": ("未来六周", "The next six weeks"),
    "agenda.empty": ("未来六周没有节点。", "Nothing falls in the next six weeks."),
    "agenda.risk": ("高风险时段", "Risk window"),
    "agenda.round": ("督导轮次", "Supervision round"),
    "agenda.due": ("上报截止", "Report due"),
    "agenda.window": ("{holiday}前后，返校点名 {roll_call}", "Around {holiday}, roll call on {roll_call}"),
    "riskholiday.national_day": ("国庆假期", "the National Day holiday"),
    "riskholiday.winter": ("寒假", "the winter holiday"),
    "riskholiday.labour_day": ("劳动节假期", "the Labour Day holiday"),
    "riskholiday.summer": ("暑假", "the summer holiday"),
}
WORDS |= {
    "layer.both": ("在册对象与留守儿童", "At risk and left behind"),
    "layer.side_by_side": ("两图并列", "Side by side"),
    "layer.at_risk": ("在册对象", "At risk"),
    "layer.left_behind": ("留守（教育口径）", "Left behind (education)"),
    "layer.left_behind_civil": ("留守（民政口径）", "Left behind (civil)"),
    "layer.overdue": ("逾期", "Overdue"),
    "layer.at_risk_share": ("在册对象占比", "Share at risk"),
    "layer.left_behind_share": ("留守占比", "Share left behind"),
    "classes.quantiles": ("等数分级", "Quantiles"),
    "classes.natural": ("自然断点", "Natural breaks"),
    "classes.equal": ("等距分级", "Equal steps"),
    "map_page.layer": ("图层", "Layer"),
    "map_page.classes": ("分级方法", "Classes"),
    "map_page.lists": ("图下列表", "List below the map"),
    "map_page.villages": ("村列表", "Villages"),
    "map_page.unlocated": ("未定位儿童", "Unlocated children"),
    "map_page.none_unlocated": ("所有儿童都已定位到村。", "Every child is placed in a village."),
    "map_page.click": ("点击地图上的村，这里显示它的数字和名单。", "Click a village: its numbers and list appear here."),
    "map_page.whole": ("全部", "All in view"),
    "map_page.what": ("项目", "Count"),
    "map_page.number": ("人数和比率", "Number and rate"),
    "map_page.no_cases": ("没有在册个案。", "No open case."),
    "map_page.owners": ("政府线责任人：{names}", "Owners, government line: {names}"),
    "map_page.cases": ("个案名单", "Its cases"),
    "map_page.left_behind": ("留守儿童名单", "Its left-behind children"),
    "map_page.only_here": ("只看这里", "Only this area"),
}
WORDS |= {
    "methods.section": ("内容", "Part"),
    "methods.rates": ("比率", "Rates"),
    "methods.counts": ("人数", "Counts"),
    "methods.ladder": ("家访阶梯与期限", "Ladder and limits"),
    "methods.settings": ("目标与规则", "Targets and rules"),
    "methods.source": ("依据：{source}", "Source: {source}"),
    "methods.families": ("三种口径：哪些情形计入分子", "Three formula families: what counts in the numerator"),
    "methods.component": ("情形", "What happened"),
    "methods.in_force": ("（现行）", " (in force)"),
    "methods.now": ("现值", "Now"),
    "methods.definition": ("定义", "Definition"),
    "methods.where": (
        "儿童按现居住地计数，居住在县外的按户籍地计数；“计数口径”可改为一律按户籍地。未定位的儿童计入总数，不落在任何村。"
        "各村、未定位之和等于乡镇，乡镇之和等于全县。",
        "A child counts where it lives, and at its registered area when it lives outside the county; “Counted at” can make "
        "that the registered area for all. Unlocated children count in the totals and in no village. Villages and the "
        "unlocated add up to towns, towns to the county.",
    ),
    "methods.setting": ("设置", "Setting"),
    "methods.value": ("现值", "Value"),
    "methods.rung.rung": ("级别", "Rung"),
    "methods.rung.starts": ("何时开始", "Begins"),
    "methods.rung.starts_is": ("缺勤第 {day} 个上学日", "school day {day} of absence"),
    "methods.rung.due": ("时限", "Due"),
    "methods.rung.due_is": ("{days} 个上学日内", "within {days} school days"),
    "methods.rung.step": ("任务", "Step"),
    "methods.rung.school": ("学校线", "School line"),
    "methods.rung.government": ("政府线", "Government line"),
    "methods.target.unit": ("单位", "Unit"),
    "methods.target.stage": ("学段", "Stage"),
    "methods.target.indicator": ("指标", "Indicator"),
    "methods.target.value": ("目标", "Target"),
    "methods.target.level": ("设定层级", "Set by"),
    "methods.target.document": ("文件", "Document"),
    "methods.rules": (
        "- 同一指标有多个目标时取最严的；同样严时按省、州、县的顺序（R013）。未设定就是未设定，不当作 0（R014）。\n"
        "- “超过”不含本数，“以上”“以下”含本数；比较用精确分数，只在显示时四舍五入。\n"
        "- 学年结束前只有“暂达标”，不会显示“达标”。有建档立卡学生辍学的，无论比率多少都是未达标（R003）。\n"
        "- 合计比率先加分子、分母，最后相除。\n"
        "- 只读大屏等不能查看名单的角色：1–4 人的数字和分母小于 20 的比率不显示。",
        "- Of several targets for one indicator the strictest holds; of equals province before prefecture before county "
        "(R013). Not set is not set, never 0 (R014).\n"
        "- “More than” excludes the value, “at least” and “at most” include it; exact fractions are compared, rounding "
        "happens on screen only.\n"
        "- Before a school year is over a target is at best on course, never met. A poor-household child lost misses it "
        "whatever the rate (R003).\n"
        "- Rates of a whole: numerators and denominators are summed, divided last.\n"
        "- Roles that may not list children do not see counts of 1-4, nor rates over fewer than 20.",
    ),
}
WORDS |= {
    "method.dropout_rate": ("年辍学率", "Annual dropout rate"),
    "method.dropout_rate.what": (
        "L：学年内流失且截至日期未返校的学生（按现行口径，见下表）；S：学年初（9 月 1 日）在校生。缺手续的（转出无证明、"
        "借读缺材料、休学未审批）是否计入 L，依现行口径。",
        "L: pupils lost in the year and not back by the as-of day (by the family in force, table below); S: pupils in school "
        "on 1 September. Whether those without papers (transfers without proof, hosted study, unapproved suspensions) are in L "
        "is up to the family in force.",
    ),
    "method.gross_dropout_rate": ("年辍学率（毛）", "Gross dropout rate"),
    "method.gross_dropout_rate.what": (
        "R：学年内流失、截至日期已返校的学生。毛率与净率并列，复学多少一目了然。",
        "R: pupils lost in the year and back by the as-of day. Shown beside the net rate, so that returns can be seen.",
    ),
    "method.margin": ("余量（人）", "Margin in children"),
    "method.margin.what": (
        "t：目标。还可以流失几人而不超目标；负数是已超出的人数。比率按整数比较，不先四舍五入。",
        "t: the target. How many more children may be lost before it fails; negative: how many too many. Compared exactly.",
    ),
    "method.at_risk_share": ("在册对象占比", "Share at risk"),
    "method.at_risk_share.what": (
        "A：有未销号个案的儿童（去重）；C：适龄儿童，即当年 9 月 1 日满 6 至 15 周岁。",
        "A: distinct children with an open case; C: children of school age, 6-15 on 1 September.",
    ),
    "method.left_behind_share": ("留守儿童占比", "Share left behind"),
    "method.left_behind_share.what": (
        "B：教育口径的留守儿童，父母一方或双方外出务工三个月以上。民政口径另列，两者不相加。",
        "B: left behind by the education definition, one or both parents away for work for three months or more. The civil "
        "definition is counted apart; the two are never added.",
    ),
    "method.freshness": ("留守档案新鲜度", "Freshness of left-behind files"),
    "method.freshness.what": (
        "B：任一口径的留守儿童；Q：其中三个月内没有核查记录的。",
        "B: children left behind by either definition; Q: those without a check in the last three months.",
    ),
    "method.term_dropout_rate": ("学期辍学率", "Dropout rate of a term"),
    "method.term_dropout_rate.what": (
        "一个学期内的流失 / 学期初在校生。两学期的比率分母不同，不能相加成年率。",
        "Losses of one term over pupils at its start. Two terms have different denominators and do not add up to a year.",
    ),
    "method.loss_rate": ("流失率", "Loss rate"),
    "method.loss_rate.what": (
        "N：班级或学校的基数（学期初、上期末或一年级招生数），不是 9 月 1 日的在校生。",
        "N: the baseline of the class or school (start of term, end of the last, or grade-1 intake), not the count of "
        "1 September.",
    ),
    "method.enrolment_rate": ("净入学率", "Net enrolment rate"),
    "method.enrolment_rate.what": (
        "P：在校的适龄儿童；C：适龄儿童总数。休学未返的不算在校。",
        "P: children of the age who are in school; C: all children of the age. A suspended pupil is not in school.",
    ),
    "method.three_year_retention": ("三年保存率", "Three-year retention"),
    "method.three_year_retention.what": (
        "E：九年级参加中考人数；G：三年前学年初报的七年级人数。不作转学校正，未参加即视为流失。",
        "E: pupils of grade 9 who sit the exam; G: grade-7 pupils of the yearly return three years before. Not corrected for "
        "transfers: whoever does not sit counts as lost.",
    ),
    "method.adjusted_retention": ("巩固率（校正）", "Adjusted retention"),
    "method.adjusted_retention.what": (
        "G：毕业生；H：三年（六年）前入学数；I、O：期间有证明的转入、转出。至多公布为 100 %。",
        "G: graduates; H: entrants three or six years before; I, O: proven transfers in and out. Published as 100 % at most.",
    ),
    "method.nine_year_retention": ("九年义务教育巩固率", "Nine-year retention"),
    "method.nine_year_retention.what": (
        "G：初中毕业班人数；H：同一批学生一年级时的人数。人口流动会抬高或压低它，应与转学情况一并看。",
        "G: the graduating junior class; H: the same cohort in grade 1. Migration lifts or sinks it: read it with the transfers.",
    ),
    "method.transition_rate": ("小升初升学率", "Transition to junior high"),
    "method.transition_rate.what": (
        "M：六年级毕业生中在七年级找到的；X：有证明的去向；G：全部六年级毕业生。逐人核对，找不到的计入重点单位判定。",
        "M: graduates of grade 6 found in a grade 7; X: those explained with proof; G: all of them. Traced child by child; "
        "who is not found counts in the test for key units.",
    ),
    "method.return_rate": ("复学率", "Return rate"),
    "method.return_rate.what": (
        "D：应劝返的学生；分子有两种：曾经返校的（毛）和现在校的（净），二次辍学使两者拉开。",
        "D: children to be brought back; the numerator is told twice, ever back (gross) and in school now (net): second "
        "dropouts widen the gap.",
    ),
}
