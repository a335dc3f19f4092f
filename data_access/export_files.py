"""Files of a table, for the browser and the command line alike: the rows on screen, with a cover that says what they are."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, Engine, select

from data_access.csv_out import write_csv
from data_access.engine import is_demo
from data_access.rounds import read_rounds
from data_access.schema import area, person, school
from data_access.tables import WORDED, ExportTable, Row
from data_access.walls import open_scoped
from data_access.workbook_columns import Header, OutSheet
from data_access.workbook_out import Cover, write_xlsx
from domain.case_filter import CaseFilter, owner_key
from domain.scope import Scope
from domain.terms import Lang, all_words, say


class FileKind(StrEnum):
    """What a table is written as."""

    XLSX = "xlsx"
    CSV = "csv"


MEDIA_TYPES = {
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
}


def write_table(
    conn: Connection,
    scope: Scope,
    chosen: CaseFilter,
    table: ExportTable,
    kind: FileKind,
    path: Path,
    *,
    lang: Lang = "zh",
    header: Header = "field",
    name: str = "",
) -> int:
    """Write the rows of `table` that the filter chooses to `path`; returns how many, annexes included. There is no cap.

    `name` is the name searched for: the cover says that one was, not which. Raises ScopeError for roles without children.
    """
    scope.require_children()  # roles that see suppressed counts only take nothing away: these tables are exact
    rows = table.rows(conn, scope, chosen, name)
    if kind is FileKind.CSV:
        return write_csv(path, table.columns, rows, header)
    title = say(f"table.{table.name}", lang)
    cover = Cover(
        title,
        describe(conn, scope, chosen, lang, name) + (" · " + say(table.note, lang) if table.note else ""),
        chosen.as_of or datetime.now(UTC).date(),
        scope.user,
        datetime.now(UTC),
        _banner(conn, lang),
        masked=not scope.sees_names,
    )
    sheets = [OutSheet(title, table.columns, _in_words(table, rows, lang))]
    for annex in table.annexes:
        told = _in_words(annex, annex.rows(conn, scope, chosen, name), lang)
        sheets.append(OutSheet(say(f"table.{annex.name}", lang), annex.columns, told))
    return write_xlsx(path, cover, sheets, lang)


def _in_words(table: ExportTable, rows: Iterator[Row], lang: Lang) -> Iterator[Row]:
    """The rows with their codes in words, as on the screen."""
    worded = [(at, WORDED[field]) for at, field in enumerate(table.fields) if field in WORDED]
    for row in rows:
        told = list(row)
        for at, prefix in worded:
            told[at] = say_code(prefix, told[at], lang)
        yield tuple(told)


def say_code(prefix: str, code: object, lang: Lang) -> object:
    """The words of a code; a code without words, and no code at all, stay as they are."""
    key = f"{prefix}.{code}"
    return say(key, lang) if code is not None and key in all_words() else code


def stream_table(
    engine: Engine, scope: Scope, chosen: CaseFilter, table: ExportTable, kind: FileKind, lang: Lang, name: str = ""
) -> Callable[[BinaryIO], int]:
    """The same as a writer for the spool of data_access.exports."""

    def write(out: BinaryIO) -> int:
        with tempfile.TemporaryDirectory(prefix="kongchuo-") as folder, open_scoped(engine, scope) as conn:
            path = Path(folder) / f"table.{kind}"
            count = write_table(
                conn, scope, chosen, table, kind, path, lang=lang, header="field" if kind is FileKind.CSV else lang, name=name
            )
            with path.open("rb") as made:
                shutil.copyfileobj(made, out)
        return count

    return write


def describe(conn: Connection, scope: Scope, chosen: CaseFilter, lang: Lang, name: str = "") -> str:
    """The sentence above the table: the filter in words; a name search is mentioned, never quoted."""
    sentence = chosen.describe(lang, read_names(conn, chosen), whole_of(conn, scope, lang))
    return sentence + (" · " + say("export.name_search", lang) if name else "")


def read_names(conn: Connection, chosen: CaseFilter) -> Mapping[str, str]:
    """The names of the codes that a filter holds."""
    names: dict[str, str] = {}
    if chosen.area:
        names |= {row.code: row.name for row in conn.execute(select(area.c.code, area.c.name).where(area.c.code == chosen.area))}
    if chosen.school:
        found = conn.execute(select(school.c.code, school.c.name).where(school.c.code == chosen.school))
        names |= {row.code: row.name for row in found}
    if chosen.owner:
        found = conn.execute(select(person.c.id, person.c.name).where(person.c.id == chosen.owner))
        names |= {owner_key(row.id): row.name for row in found}
    if chosen.round_code:
        names |= {one.code: one.name for one in read_rounds(conn).values()}
    return names


def whole_of(conn: Connection, scope: Scope, lang: Lang) -> str:
    """What is looked at when no area is chosen: the names of the scope's areas and schools."""
    found = [*conn.execute(select(area.c.name).where(area.c.code.in_(scope.areas)).order_by(area.c.code)).scalars()]
    found += conn.execute(select(school.c.name).where(school.c.code.in_(scope.schools)).order_by(school.c.code)).scalars()
    return ("、" if lang == "zh" else ", ").join(found) or "—"


def _banner(conn: Connection, lang: Lang) -> str:
    return say("demo.banner", lang) if is_demo(conn) else ""
