"""Words of the blank workbooks."""

WORDS: dict[str, tuple[str, str]] = {
    "template.guide": ("填写说明", "How to fill it in"),
    "template.column": ("列", "Column"),
    "template.required": ("必填", "Required"),
    "template.choices": ("可填内容", "What may be written"),
    "template.names": ("也认得的表头", "Headers also understood"),
    "template.date": ("日期，如 2026-09-01；不清楚日子时可写 2026-09", "a date, 2026-09-01; 2026-09 where the day is not known"),
    "template.written": ("已生成 {ledger} 空白模板：{file}", "blank workbook of {ledger}: {file}"),
}
