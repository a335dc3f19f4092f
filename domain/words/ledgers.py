"""Words of the ledgers: titles and column headers, from the ledgers' own data, and what a reader of headers has to say."""

from domain.ledgers import read_ledgers

_TITLES = {f"ledger.{code}": (ledger.title, ledger.english) for code, ledger in read_ledgers().items()}
_TABLES = {f"table.{code}": (f"{code} {ledger.title}", f"{code} {ledger.english}") for code, ledger in read_ledgers().items()}
_COLUMNS = {
    f"ledger.{code}.{column.field}": (column.header, column.english)
    for code, ledger in read_ledgers().items()
    for column in ledger.all_columns
}

WORDS: dict[str, tuple[str, str]] = {
    **_TITLES,
    **_TABLES,
    **_COLUMNS,
    "choice.no_field": (
        "{ledger} 没有字段 {field}；可用：{known}。",
        "{ledger} has no field {field}; use {known}.",
    ),
    "choice.no_header": ("文件里没有表头「{header}」。", "The file has no header {header}."),
    "ledger.unknown": ("没有这个台账，台账编号为 L0 至 L20。", "There is no such ledger: the codes run from L0 to L20."),
}
