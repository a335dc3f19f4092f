"""Work queues: who stands in each and since when, what was found out settles it, and every figure is its list."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select, update

from data_access.audit import open_audit
from data_access.derive import Touched
from data_access.queues import count_queues, read_queue
from data_access.record_finding import Entry, record_finding
from data_access.schema import audit_event, group_spell, movement_event, paper, placement
from data_access.tables import TABLES
from data_access.writing import insert_row, write
from domain.case_filter import CaseFilter, resolve
from domain.errors import ProblemError, ScopeError
from domain.movements import Paper
from domain.queues import Finding, Queue, age_in_days, is_settled
from domain.scope import Role, Scope
from domain.terms import say
from tests.pages.tiny_county import COUNTY, TODAY, write_tiny_county

OFFICIAL = Scope("official", Role.COUNTY, (COUNTY,))
NOW = resolve(CaseFilter(), TODAY, {})


@pytest.fixture
def county(engine: Engine) -> Engine:
    write_tiny_county(engine)
    return engine


def change(engine: Engine, child_id: int, act: Callable) -> None:  # type: ignore[type-arg]
    with write(engine, COUNTY) as conn:
        touched = Touched(conn, [child_id])
        act(conn)
        touched.rebuild()


def queue(engine: Engine, which: Queue, **chosen: object) -> dict[int, tuple[date, int, tuple[Paper, ...]]]:
    with engine.connect() as conn:
        rows = read_queue(conn, OFFICIAL, replace(NOW, **chosen), which, limit=None)  # type: ignore[arg-type]
        entries, unsettled = count_queues(conn, OFFICIAL, replace(NOW, **chosen))[which]  # type: ignore[arg-type]
    assert entries == len(rows)
    assert unsettled == sum(not is_settled(row.finding) for row in rows)
    return {row.child_id: (row.since, row.age_days, row.missing) for row in rows}


def move(child_id: int, kind: str, **told: object) -> Callable:  # type: ignore[type-arg]
    values = {"child_id": child_id, "kind": kind, "from_school": "3135000002", "stage": "junior", **told}

    def act(conn):  # type: ignore[no-untyped-def]
        return insert_row(conn, movement_event, **values)

    return act


def test_on_the_register_and_not_attending(county: Engine) -> None:
    found = queue(county, Queue.ENROLLED_NOT_ATTENDING)
    assert set(found) == {41, 42, 43, 44, 45, 46}
    assert found[41] == (date(2026, 10, 12), 39, ())
    assert set(queue(county, Queue.ENROLLED_NOT_ATTENDING, as_of=date(2026, 10, 11))) == set()


def test_a_transfer_without_its_certificate_and_one_that_nobody_received(county: Engine) -> None:
    left = TODAY - timedelta(days=40)
    change(county, 50, move(50, "transfer_out", on_date=left))
    assert queue(county, Queue.UNPROVEN_TRANSFER)[50][2] == (Paper.TRANSFER_CERTIFICATE,)
    assert 50 not in queue(county, Queue.UNMATCHED_TRANSFER)

    def prove(conn):  # type: ignore[no-untyped-def]
        number = conn.execute(select(movement_event.c.id)).scalar_one()
        told = {"kind": Paper.TRANSFER_CERTIFICATE.value, "dated_on": left}
        conn.execute(insert(paper).values(child_id=50, movement_id=number, **told))

    change(county, 50, prove)
    assert 50 not in queue(county, Queue.UNPROVEN_TRANSFER)
    assert queue(county, Queue.UNMATCHED_TRANSFER)[50][:2] == (left, 40)
    assert 50 not in queue(county, Queue.UNMATCHED_TRANSFER, as_of=left + timedelta(days=30))
    assert 50 in queue(county, Queue.UNMATCHED_TRANSFER, as_of=left + timedelta(days=31))


def test_hosted_study_lists_the_papers_it_lacks(county: Engine) -> None:
    change(county, 51, move(51, "hosted", on_date=TODAY - timedelta(days=5), ends_on=TODAY + timedelta(days=200)))
    assert queue(county, Queue.HOSTED_PAPERS)[51][2] == (
        Paper.APPLICATION,
        Paper.VILLAGE_CERTIFICATE,
        Paper.HOST_ACCEPTANCE,
    )


def test_a_suspension_that_nobody_approved_lists_the_papers_it_lacks(county: Engine) -> None:
    """R191-R192: it counts as lost, so somebody has to see it; an approval by day or by number ends it."""
    began = TODAY - timedelta(days=20)
    change(county, 54, move(54, "suspension", on_date=began, ends_on=TODAY + timedelta(days=200)))
    found = queue(county, Queue.SUSPENSION_UNAPPROVED)[54]
    assert found == (began, 20, (Paper.MEDICAL, Paper.APPLICATION, Paper.SUSPENSION_APPROVAL))
    change(county, 54, lambda conn: conn.execute(update(movement_event).values(approval_no="建教〔2026〕3号")))
    assert 54 not in queue(county, Queue.SUSPENSION_UNAPPROVED)


def test_a_suspension_past_its_end_until_the_child_resumes(county: Engine) -> None:
    change(county, 52, move(52, "suspension", on_date=date(2026, 3, 2), ends_on=TODAY, approved_on=date(2026, 3, 2)))
    assert 52 not in queue(county, Queue.SUSPENSION_OVER)
    assert queue(county, Queue.SUSPENSION_OVER, as_of=TODAY + timedelta(days=1))[52][:2] == (TODAY, 1)
    change(county, 52, move(52, "resumption", on_date=TODAY))
    assert 52 not in queue(county, Queue.SUSPENSION_OVER, as_of=TODAY + timedelta(days=1))


def test_a_disabled_child_without_placement(county: Engine) -> None:
    since = date(2026, 9, 1)
    change(county, 53, lambda conn: insert_row(conn, group_spell, child_id=53, group_name="disabled", valid_from=since))
    assert queue(county, Queue.DISABLED_UNPLACED) == {53: (since, 80, ())}
    change(county, 53, lambda conn: insert_row(conn, placement, child_id=53, kind="inclusive", valid_from=TODAY))
    assert queue(county, Queue.DISABLED_UNPLACED) == {}


ENTRY = Entry(41, Queue.ENROLLED_NOT_ATTENDING, date(2026, 10, 12))


def test_what_was_found_settles_an_entry_is_kept_and_on_record(county: Engine) -> None:
    assert not record_finding(county, OFFICIAL, ENTRY, TODAY, Finding.PENDING, "", "a")
    assert record_finding(county, OFFICIAL, ENTRY, TODAY, Finding.PENDING, "", "a")
    with pytest.raises(ProblemError) as refused:
        record_finding(county, OFFICIAL, ENTRY, TODAY, Finding.ATTENDING, "", "b")
    assert refused.value.key == "record.changed"
    record_finding(county, OFFICIAL, replace(ENTRY, seen=TODAY), TODAY, Finding.HOME_TEACHING, "每周一次", "c")
    with county.connect() as conn:
        rows = read_queue(conn, OFFICIAL, NOW, Queue.ENROLLED_NOT_ATTENDING)
        assert count_queues(conn, OFFICIAL, NOW)[Queue.ENROLLED_NOT_ATTENDING] == (6, 5)
    assert (rows[-1].child_id, rows[-1].finding, rows[-1].found_by) == (41, Finding.HOME_TEACHING, "official")
    with open_audit(county).connect() as conn:
        assert list(conn.execute(select(audit_event.c.act)).scalars()) == ["queue.verify"] * 2


def test_whoever_may_not_writes_no_finding(county: Engine) -> None:
    with pytest.raises(ScopeError):
        record_finding(county, Scope("i", Role.INSPECTOR, (COUNTY,)), ENTRY, TODAY, Finding.ATTENDING, "", "a")
    with pytest.raises(ProblemError, match="no such child"):
        record_finding(county, Scope("s", Role.SCHOOL, (), ("2135000003",)), ENTRY, TODAY, Finding.ATTENDING, "", "b")


@pytest.mark.parametrize("area", [None, "350430100", "350430100001"])
@pytest.mark.parametrize("day", [TODAY, date(2026, 9, 20), date(2026, 3, 31)])
def test_on_the_demo_every_queue_has_its_children_and_the_export_has_the_rows(
    demo_engine: Engine, area: str | None, day: date
) -> None:
    chosen = resolve(CaseFilter(area=area, as_of=day), day, {})
    with demo_engine.connect() as conn:
        counts = count_queues(conn, OFFICIAL, chosen)
        lists = {which: read_queue(conn, OFFICIAL, chosen, which, limit=None) for which in Queue}
        exported = list(TABLES["queues"].rows(conn, OFFICIAL, chosen, ""))
    assert {which: len(rows) for which, rows in lists.items()} == {which: entries for which, (entries, _) in counts.items()}
    assert [(row[0], row[1]) for row in exported] == [(w.value, str(row.child_id)) for w, rows in lists.items() for row in rows]
    assert all(row.age_days == (day - row.since).days >= 0 for rows in lists.values() for row in rows)
    assert all(len({row.child_id for row in rows}) == len(rows) for rows in lists.values())
    if area is None and day == TODAY:
        assert not [which for which, rows in lists.items() if not rows and which not in QUIET_IN_THE_DEMO]


QUIET_IN_THE_DEMO = frozenset({Queue.NOT_REGISTERED, Queue.UNMATCHED_TRANSFER})


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-50, 500))
def test_age_is_calendar_days_and_never_negative(since: date, later: int) -> None:
    assert age_in_days(since, since + timedelta(days=later)) == max(0, later)


def test_only_a_verified_and_settled_finding_ends_the_work() -> None:
    assert not is_settled(None)
    assert {one for one in Finding if not is_settled(one)} == {Finding.DROPPED_OUT, Finding.UNREACHABLE, Finding.PENDING}


@pytest.mark.parametrize("kind", [Queue, Finding])
def test_every_queue_and_finding_has_words(kind: type[Queue] | type[Finding]) -> None:
    for one in kind:
        key = f"{kind.__name__.lower()}.{one}"
        assert say(key, "zh") != key != say(key, "en")
