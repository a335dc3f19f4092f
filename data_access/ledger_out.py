"""The ledgers L0 to L20 as files in their canonical Chinese layout: what is imported can be taken out again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from data_access.adult_names import AdultNames
from data_access.ledger_out_absences import iterate_absences
from data_access.ledger_out_cases import iterate_cases, iterate_persuasions, iterate_suspected, iterate_visits
from data_access.ledger_out_children import (
    Values,
    iterate_civil,
    iterate_home_teaching,
    iterate_left_behind,
    iterate_placements,
    iterate_pupils,
    iterate_relocated,
    iterate_surveyed,
)
from data_access.ledger_out_duties import iterate_duties
from data_access.ledger_out_exam import iterate_exam
from data_access.ledger_out_moves import iterate_hosted, iterate_movements
from data_access.ledger_out_units import (
    iterate_inspections,
    iterate_notices,
    iterate_reports,
    iterate_retention,
    iterate_villages,
)
from data_access.secrets import Cipher
from data_access.tables import ExportTable, Row
from data_access.workbook_columns import OutColumn
from domain.case_filter import CaseFilter
from domain.ledgers import Column, Kind, Ledger, ledger
from domain.masking import PiiKind, mask
from domain.scope import Scope

Source = Callable[[Connection, Scope, CaseFilter, Cipher], Iterator[Values]]
SOURCES: dict[str, Source] = {
    "L0": iterate_pupils,
    "L1": iterate_cases,
    "L2": iterate_suspected,
    "L3": iterate_home_teaching,
    "L4": iterate_relocated,
    "L5": iterate_placements,
    "L6": iterate_civil,
    "L7": iterate_left_behind,
    "L8": iterate_movements,
    "L9": iterate_visits,
    "L10": iterate_persuasions,
    "L11": iterate_notices,
    "L12": iterate_inspections,
    "L13": iterate_reports,
    "L14": iterate_hosted,
    "L15": iterate_villages,
    "L16": iterate_retention,
    "L17": iterate_surveyed,
    "L18": iterate_exam,
    "L19": iterate_duties,
    "L20": iterate_absences,
}
KINDS = {
    Kind.NAME: PiiKind.NAME,
    Kind.ID: PiiKind.ID_NO,
    Kind.REGISTRY: PiiKind.REGISTRY_NO,
    Kind.CARD: PiiKind.ID_NO,
    Kind.PHONE: PiiKind.PHONE,
    Kind.ADDRESS: PiiKind.ADDRESS,
}
DUTY_HOLDERS = frozenset(  # never masked
    {"persuaders", "gov_owner", "visitors", "helper", "send_teacher", "resource_teacher", "teacher", "people", "role", "owner"}
    | {"issuer", "inspector", "filler", "surveyor", "handler", "holder"}
)
CAME = ("visitors", "people")  # typed as people like: of them only known adults go out by name (R221)
HARMLESS = DUTY_HOLDERS | {"guardian_rel", "ethnicity"}  # texts that tell nothing of a single child by themselves


@dataclass(frozen=True)
class LedgerTable(ExportTable):
    """A ledger as a table: its columns are the canonical ones and the extras behind them, headed in Chinese."""

    ledger: Ledger = field(default_factory=lambda: ledger("L0"))

    @property
    def columns(self) -> tuple[OutColumn, ...]:
        """The ledger's columns, all of them text: what stands in one is read back as it was."""
        return tuple(OutColumn(one.field, one.header, one.english) for one in self.ledger.all_columns)


def ledger_tables(cipher: Cipher) -> dict[str, ExportTable]:
    """The ledgers by code; identifiers are opened with `cipher` and masked as the role demands."""
    return {code: _table(ledger(code), source, cipher) for code, source in SOURCES.items()}


def _table(book: Ledger, source: Source, cipher: Cipher) -> LedgerTable:
    def rows(conn: Connection, scope: Scope, chosen: CaseFilter, _name: str) -> Iterator[Row]:
        scope.require_children()
        adults = AdultNames(conn, scope)
        for number, values in enumerate(adults.ahead(source(conn, scope, chosen, cipher), _who_came), 1):
            told = {"visit_no": number, "idx": number, **values}
            told |= {field: adults.show(str(told[field])) for field in CAME if told.get(field)}
            yield tuple(_written(column, told.get(column.field), scope) for column in book.all_columns)

    return LedgerTable(book.code, tuple(column.field for column in book.all_columns), rows, ledger=book)


def _who_came(values: Values) -> str | None:
    return next((str(values[field]) for field in CAME if values.get(field)), None)


def _written(column: Column, value: object, scope: Scope) -> str | None:
    if value is None or value == "":
        return None
    text = value.isoformat() if isinstance(value, date) else str(value)
    if scope.sees_names or column.field in DUTY_HOLDERS:
        return text
    kind = KINDS.get(column.kind)
    if kind is None and column.kind is Kind.TEXT and column.pii > 0 and column.field not in HARMLESS:
        kind = PiiKind.FREE_TEXT
    return mask(text, kind) if kind else text
