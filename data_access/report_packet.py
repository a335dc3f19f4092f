"""What goes out as the monthly or term report: the returns, the schools' rates, and the roster of movements as annex (R074)."""

from dataclasses import replace

from data_access.ledger_out import ledger_tables
from data_access.secrets import Cipher
from data_access.tables import TABLES, ExportTable

REPORT, ROSTER = "report", "movement-roster"


def sealed_tables(cipher: Cipher) -> dict[str, ExportTable]:
    """The tables that open identifiers: the ledgers by code, and the report."""
    return {**ledger_tables(cipher), REPORT: report_table(cipher)}


def report_table(cipher: Cipher) -> ExportTable:
    """The returns (L13) of the filter's units and period; with them the rates by school, and who moved (L8) in the period."""
    ledgers = ledger_tables(cipher)
    roster = replace(ledgers["L8"], name=ROSTER)
    return replace(ledgers["L13"], name=REPORT, annexes=(TABLES["schools"], roster))
