"""The rows of a sheet that are no records: blank ones, totals, notes, signatures, column numbers.

Source: the importer rules of the ledgers (titles and 填报单位 lines come before or after the table).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from unicodedata import is_normalized, normalize

from domain.plain_text import drop_invisible

Row = Sequence[str | None]

SECTION = re.compile(
    r".*(?:年级|[\d一二三四五六七八九十)]班|[共合]?计\d+[人名户]).*|.+(?:小学|中学|学校|教学点|村委会|居委会|社区)"
)
LONGEST_SINGLE_CELL = 15  # one cell alone with as much text or more is a remark, not a record
TOTAL = re.compile(r"(?:[全本](?:校|县|镇|乡|村|班|页|年级)|各校|各班)?(?:合计|总计|小计|共计|汇总)(?:[:(人数].*)?")
EXAMPLE = re.compile(r"\(?(?:例|示例|样例|范例|举例|填写示例|填写样例|填报示例)\)?\d*:?")
MARKED_EXAMPLE = re.compile(r".*\((?:示例|样例|范例|例)\)")
NOTE = re.compile(
    r"(?:注|备注|说明|填表说明|填报说明|填写说明|注意事项)\d*[:.、]|第\d+页|以上(?:数据|信息|情况)|以下(?:空白|无)|空白$"
)
LABELLED = re.compile(r"[^:\d]{1,12}:.*")
SIGNED = re.compile(
    r"(?:填报|填表|制表|审核|审批|报送|负责|经办|联系|校长|班主任|分管|单位|学校|学区|乡镇|镇)"
    r"(?:单位|时间|日期|人|负责人|领导|电话|签字|签名|盖章|公章|名称|学校|校长|主任)*(?:\(.*?\))?:.*"
)


def cell_text(row: Row, at: int) -> str:
    """The trimmed text of a cell; empty for a blank one and beyond the end of the row."""
    return (row[at] or "").strip() if at < len(row) else ""


def _texts(row: Row) -> Iterator[str]:
    """The texts of the row, blank cells left out, one at a time: most questions are answered by the first few."""
    squeezed = (cell if cell.isalnum() and is_normalized("NFKC", cell) else _squeeze(cell) for cell in row if cell)
    return (text for text in squeezed if text)


def _squeeze(cell: str) -> str:
    return re.sub(r"\s", "", normalize("NFKC", drop_invisible(cell)))


def is_blank_row(row: Row) -> bool:
    """Whether nothing stands in the row."""
    return next(_texts(row), None) is None


def is_footer(row: Row) -> bool:
    """Whether a row belongs to the sheet and not to a record: totals, notes, 填报单位, signatures, page numbers, examples,
    and lines of a blank form that have nothing but their number."""
    texts = list(islice(_texts(row), 3))
    if not texts:
        return False
    if EXAMPLE.fullmatch(texts[0]) or any(MARKED_EXAMPLE.fullmatch(text) for text in texts[:2]):
        return True
    if any(TOTAL.fullmatch(text) for text in texts) or NOTE.match(texts[0]) or (":" in texts[0] and _is_signature(row, texts[0])):
        return True
    return len(texts) == 1 and _is_no_name(texts[0])


def _is_no_name(text: str) -> bool:
    """Whether the only text of a row is a number, a remark, or the title of a section: 一年级1班, 某某小学, 本班共计4人."""
    return text.strip("0").isdecimal() or len(text) >= LONGEST_SINGLE_CELL or SECTION.fullmatch(text) is not None


def _is_signature(row: Row, first: str) -> bool:
    """填表人：李某, or a row in which every cell names what it says (户数：7户, 人数：8人)."""
    return bool(SIGNED.fullmatch(first)) or all(LABELLED.fullmatch(text) for text in _texts(row))


def counts_columns(row: Row) -> bool:
    """Whether a row under the header only numbers its columns (1 2 3, 甲 乙 1 2) or says which must be filled in."""
    texts = list(_texts(row))
    numbers = [text for text in texts if text not in "甲乙丙丁戊己" and text.strip("()") not in {"必填", "选填"}]
    return len(texts) > 1 and numbers == [str(n) for n in range(1, len(numbers) + 1)]
