"""Words of the key list as it is published: since when, by when, on what paper."""

WORDS: dict[str, tuple[str, str]] = {
    "keyunit.published_before_day": (
        "公布日期不能早于名单的截至日期",
        "The list cannot be published before the day it was drawn up for",
    ),
    "settings.key_list": ("重点名单", "Key list"),
    "settings.key_list.what": (
        "公布的是截至今天超过重点线的乡镇和学校，小升初流失计算在内。新名单自公布日起代替上一份；连续列入的单位保留最初列入日期，每月报告。",
        "What is published are the towns and schools over their line as of today, losses between primary and junior school included. "
        "A new list takes the place of the last from its day on; a unit listed again keeps the day since when, and reports monthly.",
    ),
    "settings.key_list.due": ("下一份名单公布期限：{day}。", "The next list is to be published by {day}."),
    "settings.key_list.none": ("还没有公布过名单。", "No list has been published."),
    "settings.key_list.last": (
        "现行名单：{day} 公布，{count} 个单位，整改期限 {deadline}。",
        "In force: published on {day}, {count} units, to be mended by {deadline}.",
    ),
    "settings.key_list.published_on": ("公布日期", "Published on"),
    "settings.key_list.rectify_by": ("整改期限", "To be mended by"),
    "settings.key_list.no_deadline": ("请填写公布日期和整改期限。", "Give the day of publication and the deadline."),
    "settings.key_list.publish": ("公布名单", "Publish the list"),
    "settings.key_list.done": ("名单已公布，共 {count} 个单位。", "The list is published: {count} units."),
    "settings.history.key_units": ("重点管理单位名单", "Key list"),
    "settings.history.key_list": ("{count} 个单位，整改期限 {deadline}", "{count} units, to be mended by {deadline}"),
    "settings.history.no_key_units": ("没有单位", "no unit"),
    "schools.listed_since": ("列入日期", "Listed since"),
    "schools.rectify_by": ("整改期限", "To be mended by"),
    "schools.rectify_over": ("{day}（已过期仍超标）", "{day} (over, still above the line)"),
    "column.published_as": ("已公布为", "Published as"),
    "column.published_as.what": ("现行名单所列（R115）", "as the list in force says (R115)"),
    "column.listed_since": ("列入日期", "Listed since"),
    "column.listed_since.what": ("连续列入的第一天", "the first day of standing on the list without a break"),
    "column.published_on": ("公布日期", "Published on"),
    "column.published_on.what": ("现行名单的公布日期（R115）", "day on which the list in force was published (R115)"),
    "column.rectify_by": ("整改期限", "To be mended by"),
    "column.rectify_by.what": ("限时整改的最后一天（R115）", "the last day to mend it (R115)"),
}
