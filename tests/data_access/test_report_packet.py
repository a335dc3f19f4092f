"""The report that goes out: its returns, the rates by school, the roster of who moved in the period; on both engines (R074)."""

from datetime import date
from pathlib import Path

from openpyxl import load_workbook
from sqlalchemy import Engine

from data_access.export_files import FileKind, write_table
from data_access.import_ledger import import_file
from data_access.report_packet import report_table
from data_access.secrets import Cipher
from domain.case_filter import CaseFilter, resolve
from domain.ledgers import ledger
from domain.terms import say
from tests.data_access.test_every_ledger import AS_OF, TOWN, county, workbook_of

__all__ = ["county"]


def sheets(engine: Engine, cipher: Cipher, path: Path, day: date = AS_OF) -> dict[str, list[tuple[object, ...]]]:
    chosen = resolve(CaseFilter(as_of=day), AS_OF, {})
    with engine.connect() as conn:
        write_table(conn, TOWN, chosen, report_table(cipher), FileKind.XLSX, path)
    return {page.title: list(page.iter_rows(values_only=True)) for page in load_workbook(path).worksheets}


def test_the_roster_of_movements_goes_along_as_a_sheet(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    for code in ("L8", "L13"):
        import_file(county, cipher, TOWN, workbook_of(code, tmp_path), as_of=AS_OF)
    found = sheets(county, cipher, tmp_path / "report.xlsx")
    report, rates, roster = list(found)[1:]
    assert [report, rates, roster] == [say(f"table.{name}", "zh") for name in ("report", "schools", "movement-roster")]
    assert len(found[report]) > 1
    assert list(found[roster][0]) == [column.header for column in ledger("L8").all_columns]
    moved = {row[1] for row in found[roster][1:]}
    assert moved
    with county.connect() as conn:  # the CSV holds the returns alone
        table = report_table(cipher)
        write_table(conn, TOWN, resolve(CaseFilter(), AS_OF, {}), table, FileKind.CSV, tmp_path / "report.csv", header="zh")
    assert (tmp_path / "report.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")[0] == table.columns[0].header_zh


def test_a_report_of_an_earlier_day_has_no_later_movement(county: Engine, cipher: Cipher, tmp_path: Path) -> None:
    import_file(county, cipher, TOWN, workbook_of("L8", tmp_path), as_of=AS_OF)
    found = sheets(county, cipher, tmp_path / "report.xlsx", date(2025, 9, 1))
    assert len(found[say("table.movement-roster", "zh")]) == 1
