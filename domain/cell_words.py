"""Cells that answer in words: ticks, papers that are there or not, and the vocabularies of the ledgers.

Source: the importer rules of the ledgers (√, 是, 有, 1 and Y are true; 无, — and / are empty unless they are an answer).
"""

import re
from dataclasses import dataclass

from domain.faults import Fault
from domain.ledgers import Column, word_key
from domain.plain_text import fold_code
from domain.reasons import Reason, parse_reason
from domain.written_dates import WrittenDate, parse_date
from domain.written_numbers import is_blank

TRUE_WORDS = frozenset(["√", "✓", "✔", "☑", "是", "有", "对", "1", "Y", "YES", "TRUE", "T", "住校", "寄宿", "住宿"])
FALSE_WORDS = frozenset(["×", "✗", "✘", "☐", "否", "无", "没有", "未", "不是", "0", "N", "NO", "FALSE", "F", "走读"])
SEPARATORS = re.compile(r"[、,，;；/\s]+")
ANSWER = re.compile(r"(√|✓|✔|×|是|有|否|没有|无|已签订|已下发|已|未)[\s(（,，、:：]*(.*?)[)）]?")
NOT_YET = re.compile(  # said of a paper in words that begin otherwise: 待补, 没交, 尚未办理, 拒签, 不齐, 办理中
    r"(?:没|缺|欠|待|尚未|暂[未缺无]|拒|正在|不(?!动产)).*|.*(?:办理|补办|申请|审批|审核|核办|开具)中"
)


@dataclass(frozen=True)
class Mark:
    """A paper or an act that is there or not, with its date or whatever else was written (a number, a kind)."""

    present: bool
    on: WrittenDate | None = None
    note: str = ""


def parse_tick(text: str) -> bool | Fault | None:
    """Yes or no; None when blank. 无 is a no, and so is the 0 of 0-否."""
    word = re.sub(r"^[01][-.](?=\D)", "", fold_code(text).removesuffix(".0"))
    if word in TRUE_WORDS or word in FALSE_WORDS:
        return word in TRUE_WORDS
    return None if is_blank(text) else Fault("tick.unknown")


def parse_mark(text: str) -> Mark | None:
    """有, 是, √, a date or a number mean that it is there: 有（2024.3.5） carries its date, 闽教〔2024〕1号 its number.

    What is owed, under way, refused or unknown (待补, 办理中, 拒签, 不清楚) is not there, and keeps its words as note: a paper
    that is missing decides whether a child counts as lost.
    """
    answer = parse_tick(text)
    if not isinstance(answer, Fault):
        return None if answer is None else Mark(answer)
    found = ANSWER.fullmatch(text)
    if found is None and NOT_YET.fullmatch(text):
        return Mark(False, note=text)
    word, rest = (found[1], found[2]) if found else ("", text)
    on = parse_date(rest)
    if isinstance(on, WrittenDate):
        return Mark(word not in FALSE_WORDS, on)
    return Mark(word not in FALSE_WORDS, note=rest)


def parse_choice(text: str, column: Column) -> str | Fault | None:
    """The label of the vocabulary; a label behind a code wins over the code (1-非留守 is 非留守)."""
    key = word_key(text)
    if refusal := dict(column.refused).get(key):
        return Fault(refusal)
    label = column.labels.get(re.sub(r"^\d+[-.、:]?(?=\D)", "", key)) or column.labels.get(key)
    if label is None and is_blank(text):
        return None
    return label or Fault("choice.unknown", {"choices": "、".join(choice.label for choice in column.choices)})


def parse_choices(text: str, column: Column) -> tuple[str, ...] | Fault | None:
    """All labels named, in the order written, divided by 、 or the like."""
    if is_blank(text):
        return None
    labels = [parse_choice(part, column) for part in SEPARATORS.split(text) if part]
    faults = [label for label in labels if isinstance(label, Fault)]
    return faults[0] if faults else tuple(dict.fromkeys(label for label in labels if isinstance(label, str)))


def parse_reasons(text: str) -> tuple[Reason, ...] | None:
    """The reasons named, in the order written; wording that no reason knows is 其他, and stays beside it with the importer."""
    if is_blank(text):
        return None
    parts = [part for part in SEPARATORS.split(text) if part]
    return tuple(dict.fromkeys(parse_reason(part) or Reason.OTHER for part in parts))
