"""The list of absences: who stands in each part, by whom it is seen, and that every figure is its list; on both engines."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import Engine, insert

from data_access.absences import AbsencePart, count_absences, last_school_day, read_absences
from data_access.schema import absence_day
from data_access.tables import TABLES
from data_access.writing import write
from domain.absences import Call, Contact
from domain.case_filter import CaseFilter, resolve
from domain.errors import ScopeError
from domain.scope import Role, Scope
from tests.data_access.test_case_work import OFFICIAL, TOWN
from tests.pages.tiny_county import COUNTY, TODAY, write_tiny_county

NOW = resolve(CaseFilter(), TODAY, {})
AT_RISK, PLAIN = 41, 49  # one with an open case since October, and one without any case
THURSDAY, LONG_AGO = date(2026, 11, 19), date(2026, 9, 8)


def at(day: date, clock: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{day} {clock}") if clock else None


def missed(
    day: date, child: int, state: str, noticed: str | None = "08:10", reached: str | None = None, **more: object
) -> dict[str, object]:
    told = {"child_id": child, "on_date": day, "state": state, "noticed_at": at(day, noticed), "contacted_at": at(day, reached)}
    return {"verified_on": None, "verified_reason": None, "called_at": None, **told, **more}


@pytest.fixture
def county(engine: Engine) -> Engine:
    """Absences of today, of yesterday and of long ago."""
    write_tiny_county(engine)
    rows = [
        missed(TODAY, PLAIN, "truant", reached="08:40"),
        missed(TODAY, PLAIN + 1, "unknown", reached="08:41", verified_on=TODAY),
        missed(TODAY, AT_RISK, "sick", verified_reason="李四发烧"),
        missed(TODAY, AT_RISK + 1, "leave", called_at=at(TODAY, "19:00")),
        missed(TODAY, PLAIN + 2, "sick"),
        missed(THURSDAY, PLAIN, "truant"),
        missed(THURSDAY, PLAIN + 1, "truant", noticed=None),
        missed(THURSDAY, AT_RISK, "leave"),
        missed(LONG_AGO, PLAIN, "truant"),
    ]
    with write(engine, COUNTY, role=None) as conn:
        conn.execute(insert(absence_day), rows)
    return engine


def who(engine: Engine, part: AbsencePart, scope: Scope = OFFICIAL, chosen: CaseFilter = NOW) -> list[tuple[int, date]]:
    with engine.connect() as conn:
        rows = read_absences(conn, scope, chosen, part, limit=None)
        assert count_absences(conn, scope, chosen)[part] == len(rows)
    return [(row.child_id, row.on) for row in rows]


def test_the_day_and_what_is_owed_of_the_last_days(county: Engine) -> None:
    assert who(county, AbsencePart.DAY) == [(number, TODAY) for number in (PLAIN, PLAIN + 1, AT_RISK, AT_RISK + 1, PLAIN + 2)]
    late, yesterday = (PLAIN + 1, TODAY), [(PLAIN, THURSDAY), (PLAIN + 1, THURSDAY)]
    assert who(county, AbsencePart.CONTACT) == [late, *yesterday]
    assert who(county, AbsencePart.UNVERIFIED) == [(PLAIN, TODAY), *yesterday]
    assert who(county, AbsencePart.CALL) == [(AT_RISK, TODAY), (AT_RISK, THURSDAY)]


def test_each_row_says_how_contact_and_call_stand(county: Engine) -> None:
    with county.connect() as conn:
        rows = {(row.child_id, row.on): row for part in AbsencePart for row in read_absences(conn, OFFICIAL, NOW, part)}
    contacts = [rows[key].contact for key in ((PLAIN, TODAY), (PLAIN + 1, TODAY), (PLAIN, THURSDAY), (PLAIN + 1, THURSDAY))]
    assert contacts == [Contact.IN_TIME, Contact.LATE, Contact.OVERDUE, Contact.UNTIMED]
    calls = [rows[key].call for key in ((AT_RISK, TODAY), (AT_RISK + 1, TODAY), (AT_RISK, THURSDAY), (PLAIN, TODAY))]
    assert calls == [Call.DUE, Call.DONE, Call.MISSED, None]


def test_a_weekend_shows_the_last_school_day(county: Engine) -> None:
    sunday = replace(NOW, as_of=date(2026, 11, 22))
    with county.connect() as conn:
        assert last_school_day(conn, OFFICIAL, sunday) == TODAY
    assert len(who(county, AbsencePart.DAY, chosen=sunday)) == 5


def test_names_and_reasons_are_masked_as_the_role_demands_and_counts_only_roles_learn_nothing(county: Engine) -> None:
    with county.connect() as conn:
        masked, open_ = (read_absences(conn, scope, NOW, AbsencePart.DAY)[2] for scope in (OFFICIAL, TOWN))
        assert (masked.child_id, open_.child_id) == (AT_RISK, AT_RISK)
        assert "*" in masked.child_name
        assert "*" not in open_.child_name
        assert (masked.reason == "李四发烧", open_.reason) == (False, "李四发烧")
        with pytest.raises(ScopeError):
            read_absences(conn, Scope("wall", Role.SCREEN, (COUNTY,)), NOW, AbsencePart.DAY)
        elsewhere = Scope("other", Role.TOWNSHIP, ("350430999",))
        assert read_absences(conn, elsewhere, NOW, AbsencePart.DAY) == []


def test_the_export_is_the_list_of_the_day(county: Engine) -> None:
    with county.connect() as conn:
        rows = list(TABLES["absences"].rows(conn, OFFICIAL, NOW, ""))
    assert [(row[0], row[1]) for row in rows] == [(day, str(child)) for child, day in who(county, AbsencePart.DAY)]
