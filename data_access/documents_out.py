"""Papers to hand out and to keep: forms filled from the data, numbered, as DOCX or PDF. Nothing leaves unrecorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from io import BytesIO
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from data_access import audit
from data_access.engine import business_date, is_demo
from data_access.export_files import describe
from data_access.form_facts import FormFacts, read_form_facts
from data_access.form_fill import fill
from data_access.form_notices import read_notice_facts
from data_access.form_pdf import write_pdf
from data_access.form_reader import say_day
from data_access.form_templates import read_template
from data_access.schema import document
from data_access.scoped import day_of
from data_access.secrets import Cipher
from data_access.walls import open_scoped
from data_access.writing import insert_row, write
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.forms import FormKind, document_number, form
from domain.scope import Scope, Write
from domain.terms import say

MOST = 500  # papers of one file: more would keep a browser, and whoever prints, busy for too long


class PaperFile(StrEnum):
    """What a paper is written as."""

    DOCX = "docx"
    PDF = "pdf"


MEDIA_TYPES = {
    PaperFile.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PaperFile.PDF: "application/pdf",
}


@dataclass(frozen=True)
class Order:
    """What is to be printed: the form, for whom (a filter and, from the session, a name searched for), and as what.

    `anew`: a numbered form is issued once more where a case has one already; otherwise that one is printed again under
    its number and date. `cipher` opens addresses and telephone numbers; without it they are left to be filled in by hand.
    """

    kind: FormKind
    chosen: CaseFilter
    file: PaperFile = PaperFile.PDF
    name: str = ""
    anew: bool = False
    cipher: Cipher | None = None


@dataclass(frozen=True)
class Papers:
    """A file of papers: its bytes, and the cases in it, in order."""

    content: bytes
    case_ids: tuple[int, ...]


def issue(engine: Engine, scope: Scope, order: Order, *, reason: str | None = None) -> Papers:
    """The papers of every case that the order's filter chooses, one after the other in one file, with their audit row.

    Numbered forms take the next number of their unit, kind and year (R234-R235, R239) inside one transaction with the
    file: when anything fails no number is used up, and two who print at once get one number a case. Raises ScopeError for
    roles that may not list children, or not issue; ProblemError document.none, .too_many, .only_today, .one_county, and
    what a template that does not fit raises.
    """
    scope.require_children()
    if not form(order.kind).is_numbered:
        return _print(engine, scope, order, reason)
    scope.require(Write.CASE)
    with open_scoped(engine, scope) as conn:
        county = _county(_read(conn, scope, order))
    with write(engine, county) as conn:
        return _issue_numbered(engine, conn, scope, order, reason)


def _print(engine: Engine, scope: Scope, order: Order, reason: str | None) -> Papers:
    with open_scoped(engine, scope) as conn:
        facts = _read(conn, scope, order)
        content = _set(conn, order, [one.values for one in facts])
        said = _said(conn, scope, order)
    _record(engine, scope, order, facts, content, said, "print", reason)
    return Papers(content, tuple(one.case_id for one in facts))


def _issue_numbered(engine: Engine, conn: Connection, scope: Scope, order: Order, reason: str | None) -> Papers:
    facts = _read(conn, scope, order)
    today, before = business_date(conn), _issued_before(conn, order, facts)
    new = [one for one in facts if order.anew or one.case_id not in before]
    if new and day_of(order.chosen) != today:
        raise ProblemError("document.only_today")
    rows = _number(conn, order.kind, new, today)
    numbers = {case_id: (row.number, row.issued_on) for case_id, row in before.items()}
    numbers |= {row["case_id"]: (row["number"], today) for row in rows}
    content = _set(conn, order, [_numbered(one, *numbers[one.case_id]) for one in facts])
    digest = sha256(content).hexdigest()
    for row in rows:
        insert_row(conn, document, sha256=digest, **row)
    _record(engine, scope, order, facts, content, _said(conn, scope, order), "issue" if new else "print", reason)
    return Papers(content, tuple(one.case_id for one in facts))


def _read(conn: Connection, scope: Scope, order: Order) -> list[FormFacts]:
    """Raises ProblemError document.none and document.too_many."""
    read = read_notice_facts if order.kind is FormKind.SUPERVISION_NOTICE else read_form_facts
    facts = read(conn, scope, order.chosen, cipher=order.cipher, name=order.name, limit=MOST + 1)
    if not facts:
        raise ProblemError("document.none")
    if len(facts) > MOST:
        raise ProblemError("document.too_many", most=MOST)
    return facts


def _county(facts: Sequence[FormFacts]) -> str:
    counties = {one.county_code for one in facts}
    if len(counties) > 1:
        raise ProblemError("document.one_county")
    return counties.pop()


def _issued_before(conn: Connection, order: Order, facts: Sequence[FormFacts]) -> dict[int, Row[Any]]:
    """The last paper of this kind in each case."""
    chosen = document.c.case_id.in_([one.case_id for one in facts])
    query = select(document).where(document.c.kind == order.kind.value, chosen).order_by(document.c.issued_on, document.c.id)
    return {row.case_id: row for row in conn.execute(query)}


def _number(conn: Connection, kind: FormKind, facts: Sequence[FormFacts], today: date) -> list[dict[str, Any]]:
    """A row of `document` for each case, with the next serials of its unit."""
    serials: dict[str, int] = {}
    rows = []
    for one in facts:
        unit = one.unit_code
        serials[unit] = (serials[unit] if unit in serials else last_serial(conn, kind, unit, today.year)) + 1
        numbered = {"year": today.year, "serial": serials[unit], "number": document_number(kind, today.year, serials[unit])}
        about = {"child_id": one.child_id, "case_id": one.case_id, "kind": kind.value, "unit_code": unit}
        rows.append({**about, **numbered, "issued_on": today})
    return rows


def last_serial(conn: Connection, kind: FormKind, unit: str, year: int) -> int:
    """The last serial that a unit gave in a year to papers of a kind; 0 when none."""
    own = (document.c.unit_code == unit, document.c.kind == kind.value, document.c.year == year)
    return int(conn.execute(select(func.coalesce(func.max(document.c.serial), 0)).where(*own)).scalar_one())


def _numbered(one: FormFacts, number: str, issued_on: date | None) -> Mapping[str, Any]:
    issuer = one.values.get("school") or one.values.get("town")
    return {**one.values, "number": number, "issued_on": say_day(issued_on), "issuer": issuer}


def _set(conn: Connection, order: Order, copies: Sequence[Mapping[str, Any]]) -> bytes:
    mark = say("form.demo") if is_demo(conn) else ""
    return set_form(order.kind, copies, order.file, mark)


def set_form(kind: FormKind, copies: Sequence[Mapping[str, Any]], file: PaperFile, mark: str = "") -> bytes:
    """The filled form as a file; `mark` says on every page that the data are the demo's."""
    filled = fill(read_template(kind), copies, mark)
    if file is PaperFile.PDF:
        return write_pdf(filled, mark=mark, header=mark, numbered=len(copies) == 1)
    out = BytesIO()
    filled.save(out)
    return out.getvalue()


def _said(conn: Connection, scope: Scope, order: Order) -> str:
    return f"{order.kind}: {describe(conn, scope, order.chosen, 'zh', order.name)}"


def _record(
    engine: Engine,
    scope: Scope,
    order: Order,
    facts: Sequence[FormFacts],
    content: bytes,
    said: str,
    act: str,
    reason: str | None,
) -> None:
    audit.record(
        engine,
        scope,
        act,
        county=facts[0].county_code,
        filter_text=said,
        row_count=len(facts),
        row_ids=[one.case_id for one in facts],
        reason=reason,
        file_hash=sha256(content).hexdigest(),
    )
