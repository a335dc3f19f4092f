"""L11 notices, L12 inspections, L13 returns, L15 village counts, L16 retention: rows about units, not about children."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, select

from data_access.engine import SHANGHAI
from data_access.import_context import ImportContext
from data_access.import_records import Record
from data_access.import_result import Action
from data_access.ledger_lines import put_line, said_by
from data_access.ledger_says import (
    INSPECTED,
    REPORTED,
    RETAINED,
    VILLAGE_COUNTS,
    says_inspection,
    says_notice,
    says_report,
    says_retention,
    says_village,
)
from data_access.ledger_sheet import LedgerRow
from data_access.schema import inspection_item, notice, retention_return, unit_report, village_return
from data_access.settings import read_calendar
from domain.cell_words import Mark
from domain.faults import Fault
from domain.school_year import school_year_of
from domain.written_periods import parse_period

Applied = list[tuple[LedgerRow, Action, int]]
SUPERVISION = "supervision"
UNIT_LINE = re.compile(r"(?:被督导单位|被检查单位|受检单位|受检学校|填报单位|学校名称|单位)[:：]\s*([^\s:：　(（]+)")
SCHOOL_CODE = 10


class _Units:
    """Rows of one table that belong to units: found by what makes them the same, made or changed, each once a file."""

    def __init__(self, context: ImportContext, table: Table) -> None:
        self.context, self.table = context, table
        self.seen: dict[int, LedgerRow] = {}
        self.made: list[Record] = []
        self.applied: Applied = []

    def find(self, **same: Any) -> Record | None:
        """The record with these values, of this import or before."""
        for one in self.made:
            if all(one[name] == value for name, value in same.items()):
                return one
        chosen = [self.table.c[name] == value for name, value in same.items()]
        row = self.context.conn.execute(select(self.table).where(*chosen).order_by(self.table.c.id.desc())).first()
        if row is not None:
            self.made.append(dict(row._mapping))
        return self.made[-1] if row is not None else None

    def put(self, row: LedgerRow, old: Record | None, same: dict[str, Any], told: dict[str, Any]) -> tuple[Record, Action] | None:
        """The record made or changed; None, and the row refused, when a row before it in this file was the same."""
        told = {name: value for name, value in told.items() if value is not None}
        if old is None:
            made = self.context.records.add(self.table, **same, **told)
            self.made.append(made)
            self.seen[int(made["id"])] = row
            return made, Action.NEW
        if int(old["id"]) in self.seen:
            row.refuse(next(iter(row.values)), Fault("import.unit_twice", {"row": self.seen[int(old["id"])].number}))
            return None
        self.seen[int(old["id"])] = row
        return old, Action.CHANGED if self.context.records.change(self.table, old, **told) else Action.UNCHANGED

    def note(self, row: LedgerRow, record: Record, action: Action, beside: bool) -> None:
        """Write down what became of a row; `beside`: its line changed."""
        self.applied.append((row, Action.CHANGED if beside and action is Action.UNCHANGED else action, int(record["id"])))


def _unit(context: ImportContext, row: LedgerRow, field: str) -> str | None:
    """The unit that a field names, else the one the file is from; the row is refused when it is unknown or not ours."""
    found = context.unit_called(str(row.values[field]))
    if isinstance(found, Fault):
        row.refuse(field, found)
        return None
    return found


def _exact(row: LedgerRow, field: str) -> date | None:
    return getattr(row.values.get(field), "exact", None)


def write_notices(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L11 that stand: the same number to the same unit is the same notice."""
    units = _Units(context, notice)
    for row in rows:
        unit = None if row.faults else _unit(context, row, "unit")
        if unit is None:
            continue
        texts = said_by(row, ("issuer", "owner", "matter", "require", "reply", "check"))
        closed = row.values.get("closed")
        told = {
            "issued_on": _exact(row, "issued"),
            "month": f"{row.values['issued'].exact:%Y-%m}",
            "issuer": texts.get("issuer", "")[:80] or None,
            "owner": texts.get("owner", "")[:80] or None,
            "matter": texts.get("matter"),
            "requirement": texts.get("require"),
            "due_on": _exact(row, "due"),
            "reply": texts.get("reply"),
            "replied_on": _exact(row, "replied"),
            "checked": texts.get("check"),
            "closed_on": closed.on.exact if isinstance(closed, Mark) and closed.present and closed.on else None,
        }
        same = {"number": str(row.values["notice_no"])[:60], "kind": SUPERVISION, "unit_code": unit}
        done = units.put(row, units.find(**same), same, told)
        if done:
            said = says_notice(done[0], _name(context, unit))
            beside = put_line(context, row, f"notice:{done[0]['id']}", said, unit_code=unit, fields=_beside(row, closed))
            units.note(row, *done, beside)
    return units.applied


def _beside(row: LedgerRow, closed: object) -> set[str]:
    """The fields of a notice that its line keeps; a closing with its day stands in the table."""
    dated = isinstance(closed, Mark) and closed.present and closed.on is not None
    return set(row.sheet.match.ledger.own) - ({"closed"} if dated else set())


def _name(context: ImportContext, unit: str) -> str | None:
    return context.school_name(unit) or context.town_name(unit)


def write_inspections(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L12 that stand: the inspected unit stands above the table, or is the school the file is from."""
    units = _Units(context, inspection_item)
    for row in rows:
        if row.faults:
            continue
        unit = _inspected(context, row)
        if isinstance(unit, Fault):
            row.refuse("item", unit)
            continue
        texts = said_by(row, INSPECTED)
        counts = {"registered", "present", "on_leave", "absent_unexplained"}
        told: dict[str, Any] = {
            column: row.values.get(field) if column in counts else texts.get(field) for field, column in INSPECTED.items()
        }
        same = {"unit_code": unit, "inspected_on": _exact(row, "date"), "item": str(told.pop("item"))[:200]}
        same["inspector"] = str(told.pop("inspector"))[:80]
        for name, longest in (("ways", 80), ("sample", 120), ("score", 20)):
            told[name] = told[name][:longest] if told[name] else None
        signed = row.values.get("unit_sign")
        told |= {"due_on": _exact(row, "deadline"), "unit_signed": signed.present if isinstance(signed, Mark) else None}
        done = units.put(row, units.find(**same), {**same, "county_code": context.county}, told)
        if done:
            said = says_inspection(done[0], _name(context, unit) if unit else None)
            units.note(row, *done, put_line(context, row, f"inspection:{done[0]['id']}", said, unit_code=unit))
    return units.applied


def _inspected(context: ImportContext, row: LedgerRow) -> str | Fault | None:
    """The unit named in the row, or above the table, else the one who imports; a county may leave it open."""
    if "unit" in row.values:
        return context.unit_called(str(row.values["unit"]))
    if context.only_school:
        return context.only_school
    named = _named_above(row)
    return context.unit_called(named) if named else context.own_unit()


def _named_above(row: LedgerRow) -> str | None:
    """The unit that a line above the table names."""
    return next((found[1] for text in row.sheet.titles if (found := UNIT_LINE.search(text))), None)


def write_reports(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L13 that stand: one return a unit and period; a row of zeros is a zero report."""
    calendar = read_calendar(context.conn, context.county)
    units = _Units(context, unit_report)
    handed_in = datetime.combine(context.as_of, datetime.now(SHANGHAI).time().replace(microsecond=0))
    for row in rows:
        unit = None if row.faults else _unit(context, row, "unit")
        if unit is None:
            continue
        period = parse_period(str(row.values["period"]), context.as_of, calendar, "".join(row.sheet.titles))
        if isinstance(period, Fault):
            row.refuse("period", period)
            continue
        told = {column: row.values.get(field) for field, column in REPORTED.items()}
        told |= {"submitted_by": str(row.values["filler"])[:80], "rate_as_written": row.text("rate")[:20] or None}
        same = {"unit_code": unit, "duty": period.duty, "period_from": period.starts}
        old = units.find(**same)
        given = {"submitted_at": handed_in} if old is None or old["submitted_at"] is None else {}
        done = units.put(row, old, {**same, "period_to": period.ends}, told | given)
        if done:
            said = says_report(done[0], _name(context, unit))
            units.note(row, *done, put_line(context, row, f"report:{done[0]['id']}", said, unit_code=unit))
    return units.applied


def write_villages(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L15 that stand: a village's counts, one a school year; a child of the list form is kept as a line."""
    units = _Units(context, village_return)
    for row in rows:
        area = None if row.faults else _village(context, row)
        if row.faults:
            continue
        if "should" not in row.values and "name" in row.values:
            _name_child(context, row, area, units)
            continue
        told: dict[str, Any] = {column: row.values.get(field) for field, column in VILLAGE_COUNTS.items()}
        told |= {"area_code": area, "rate_as_written": row.text("rate")[:20] or None}
        hamlet = str(row.values["hamlet"])[:80]
        old = units.find(county_code=context.county, hamlet=hamlet)
        if old is not None and school_year_of(old["as_of"]) != school_year_of(context.as_of):
            old = None
        same = {"county_code": context.county, "hamlet": hamlet, "as_of": context.as_of}
        done = units.put(row, old, same, told)
        if done:
            units.note(row, *done, put_line(context, row, f"village:{done[0]['id']}", says_village(done[0]), unit_code=area))
    return units.applied


def _village(context: ImportContext, row: LedgerRow) -> str | None:
    """The village of a hamlet, where the county knows it; one outside the scope is refused, an unknown one is told."""
    named = _named_above(row)
    area = context.find_village(str(row.values["hamlet"]), context.find_town(named))
    if area is None and len(context.scope.areas) == 1 and len(context.scope.areas[0]) > len(context.county):
        area = context.scope.areas[0]  # a town's own hamlet
    if (area and not context.holds_area(area)) or not context.scope.areas:
        row.refuse("hamlet", Fault("import.out_of_scope"))
    elif area is None:
        context.notes.append(Fault("import.village_unlocated", {"row": row.number}))
    return area


def _name_child(context: ImportContext, row: LedgerRow, area: str | None, units: _Units) -> None:
    key = f"{row.values['hamlet']}|{row.values['name']}|{row.values.get('head', '')}"
    digest = (context.cipher.mac(key) or b"").hex()
    known = ("L15", f"unlearned:{digest}") in context.lines or context.has_line("L15", f"unlearned:{digest}")
    changed = put_line(context, row, f"unlearned:{digest}", {}, unit_code=area)
    record = context.lines["L15", f"unlearned:{digest}"]
    if record["id"] in units.seen:
        row.refuse("name", Fault("import.row_twice", {"row": units.seen[record["id"]].number}))
        return
    units.seen[record["id"]] = row
    units.applied.append((row, Action.NEW if not known else Action.CHANGED if changed else Action.UNCHANGED, int(record["id"])))


def write_retention(context: ImportContext, rows: Sequence[LedgerRow]) -> Applied:
    """Apply the rows of L16 that stand: one a school and graduating year."""
    units = _Units(context, retention_return)
    for row in rows:
        unit = None if row.faults else _unit(context, row, "school")
        if unit is None:
            continue
        if len(unit) != SCHOOL_CODE:
            row.refuse("school", Fault("import.school_unknown", {"similar": "—"}))
            continue
        told: dict[str, Any] = {column: row.values.get(field) for field, column in RETAINED.items()}
        told["rate_as_written"] = row.text("rate")[:20] or None
        same = {"school_code": unit, "cohort": told.pop("cohort")}
        done = units.put(row, units.find(**same), same, told)
        if done:
            said = says_retention(done[0], context.school_name(unit))
            units.note(row, *done, put_line(context, row, f"retention:{done[0]['id']}", said, unit_code=unit))
    return units.applied
