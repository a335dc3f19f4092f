"""The demo county as people get it from the command line: its size, its shares, and that it holds nobody real."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, func, select

from data_access.demo_names import GIVEN, SURNAMES
from data_access.demo_plan import COUNTY, DEMO_DATE
from data_access.demo_world import ROUND_DAYS
from data_access.schema import (
    OPEN_END,
    absence_day,
    area,
    case_event,
    case_file,
    case_interval,
    child,
    child_place,
    employment,
    enrolment_spell,
    follow_up,
    group_spell,
    guardian,
    home_visit,
    loss_spell,
    movement_event,
    pairing,
    paper,
    person,
    placement,
    residence_spell,
    responsibility,
    school,
    school_class,
    school_count,
    supervision_round,
    target,
    unit_record,
    unit_report,
    village_count,
    visit_person,
)
from data_access.secrets import Cipher
from domain.case_transitions import EVIDENCE
from domain.cases import CaseStatus, Outcome
from domain.grades import Stage, grade_of, usual_grade
from domain.groups import Group
from domain.identifiers import CitizenId, parse_disability_card, parse_id, parse_registry_number
from domain.left_behind import PairingLoad, is_stale, pairing_load
from domain.movements import Movement
from domain.rates import Rate
from domain.visits import DutyRole, VisitMode

TODAY = DEMO_DATE


@pytest.fixture
def conn(demo_engine: Engine) -> Iterator[Connection]:
    """The demo county, only to be read."""
    with demo_engine.connect() as opened:
        yield opened


def on(table: Any, day: date = TODAY) -> Any:
    """Whether a spell holds on a day."""
    return (table.c.valid_from <= day) & (table.c.valid_to > day)


def count(conn: Connection, table: Any, *where: Any) -> int:
    return conn.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def counts_by(conn: Connection, column: Any, *where: Any) -> Counter[Any]:
    return Counter(dict(conn.execute(select(column, func.count()).where(*where).group_by(column)).all()))


# --- size ---------------------------------------------------------------------------------------------------------------------


def test_as_many_children_and_schools_as_planned(conn: Connection) -> None:
    pupils = conn.execute(
        select(func.count(func.distinct(enrolment_spell.c.child_id))).where(
            on(enrolment_spell), enrolment_spell.c.graduates_on > TODAY
        )
    ).scalar_one()
    assert pupils == COUNTY.pupils + 1  # and one who stands in two registers
    assert counts_by(conn, school.c.kind) == COUNTY.schools
    assert (
        count(conn, group_spell, on(group_spell), group_spell.c.group_name == Group.LEFT_BEHIND_EDUCATION) == COUNTY.left_behind
    )


def test_teaching_points_belong_to_a_central_school(conn: Connection) -> None:
    rows = conn.execute(select(school.c.kind, school.c.parent_code)).all()
    assert all((parent is not None) == (kind == "teaching_point") for kind, parent in rows)


def test_every_class_size_is_possible(conn: Connection) -> None:
    spell = enrolment_spell.c
    sizes = conn.execute(
        select(func.count())
        .where(on(enrolment_spell), spell.graduates_on > TODAY)
        .group_by(spell.school_code, spell.stage, spell.entry_year, spell.class_no)
    ).scalars()
    found = list(sizes)
    assert 300 < len(found) < 600
    assert max(found) <= 60


def test_grades_follow_from_the_year_of_entry(conn: Connection) -> None:
    spell = enrolment_spell.c
    rows = conn.execute(
        select(spell.entry_year, spell.stage, child.c.birth_date)
        .join(child, child.c.id == spell.child_id)
        .where(on(enrolment_spell), spell.graduates_on > TODAY)
    ).all()
    late = Counter(usual_grade(birth, 2026) - (grade_of(entry, Stage(stage), 2026) or 99) for entry, stage, birth in rows)
    assert late[0] + late[1] > len(rows) - 5  # a few contradict on purpose
    assert late[1] / len(rows) < 0.05


def test_children_of_junior_school_have_their_primary_years(conn: Connection) -> None:
    spell = enrolment_spell
    primary = spell.alias()
    missing = conn.execute(
        select(func.count())
        .select_from(spell.outerjoin(primary, (primary.c.child_id == spell.c.child_id) & (primary.c.stage == "primary")))
        .where(on(spell), spell.c.graduates_on > TODAY, spell.c.stage == "junior", primary.c.id.is_(None))
    ).scalar_one()
    moved_in = count(conn, movement_event, movement_event.c.kind == Movement.TRANSFER_IN, movement_event.c.from_school.is_(None))
    assert 0 < missing <= moved_in


# --- nobody real --------------------------------------------------------------------------------------------------------------


def test_names_are_put_together_from_syllables(conn: Connection) -> None:
    for table in (child, guardian, person):
        names = conn.execute(select(table.c.name).distinct()).scalars().all()
        assert len(names) > 500
        assert all(name[0] in SURNAMES and name[1:] in GIVEN for name in names)


def test_every_number_lies_outside_every_place(conn: Connection, cipher: Cipher) -> None:
    rows = conn.execute(select(child.c.id_no, child.c.id_mac, child.c.registry_no, child.c.birth_date)).all()
    kinds: Counter[str] = Counter()
    unreadable = 0
    for sealed, mac, registry_sealed, _ in rows:
        id_no, registry_no = cipher.unseal(sealed), cipher.unseal(registry_sealed)
        if id_no:
            citizen = parse_id(id_no)
            unreadable += not isinstance(citizen, CitizenId)
            assert id_no.startswith("999999")
            assert cipher.mac(id_no) == mac
        if registry_no:
            assert parse_registry_number(registry_no)
            assert registry_no[1:7] == "999999"
            kinds[registry_no[0]] += 1
    assert set(kinds) == {"G", "J", "L"}
    assert unreadable == 1  # the one that contradicts
    assert kinds["G"] > 0.97 * len(rows)


def test_no_two_children_share_a_number_but_the_pair_that_contradicts(conn: Connection) -> None:
    shared = conn.execute(
        select(child.c.id_mac).where(child.c.id_mac.is_not(None)).group_by(child.c.id_mac).having(func.count() > 1)
    ).all()
    assert len(shared) == 1


def test_no_telephone_number_is_an_operators(conn: Connection, cipher: Cipher) -> None:
    sealed = [*conn.execute(select(guardian.c.phone)).scalars(), *conn.execute(select(person.c.phone)).scalars()]
    numbers = [cipher.unseal(one) for one in sealed if one]
    assert len(numbers) > 15_000
    assert all(number and len(number) == 11 and number.startswith("10") for number in numbers)


def test_disability_cards_are_valid(conn: Connection, cipher: Cipher) -> None:
    cards = [cipher.unseal(one) for one in conn.execute(select(placement.c.card).where(placement.c.card.is_not(None))).scalars()]
    assert len(cards) > 100
    assert all(hasattr(parse_disability_card(card or ""), "citizen_id") for card in cards)


# --- left-behind ----------------------------------------------------------------------------------------------------------------


def test_the_two_definitions_overlap_and_differ(conn: Connection) -> None:
    def members(group: Group) -> set[int]:
        chosen = select(group_spell.c.child_id).where(on(group_spell), group_spell.c.group_name == group)
        return set(conn.execute(chosen).scalars())

    education, civil = members(Group.LEFT_BEHIND_EDUCATION), members(Group.LEFT_BEHIND_CIVIL)
    assert len(education & civil) > 0.4 * len(education)
    assert len(education - civil) > 0.2 * len(education)
    assert len(civil - education) > 0.05 * len(civil)


def test_most_left_behind_children_live_with_grandparents(conn: Connection) -> None:
    carers = conn.execute(
        select(guardian.c.relation)
        .join(group_spell, group_spell.c.child_id == guardian.c.child_id)
        .where(guardian.c.is_carer, on(group_spell), group_spell.c.group_name == Group.LEFT_BEHIND_EDUCATION)
    ).scalars()
    relations = Counter(carers)
    assert sum(relations.values()) == COUNTY.left_behind
    assert relations["grandparent"] + relations["maternal_grandparent"] > COUNTY.left_behind / 2


def test_checks_are_quarterly_and_some_are_stale(conn: Connection) -> None:
    checked = conn.execute(
        select(group_spell.c.checked_on).where(on(group_spell), group_spell.c.group_name == Group.LEFT_BEHIND_EDUCATION)
    ).scalars()
    stale = Counter(is_stale(day, TODAY) for day in checked)
    assert 0.05 < stale[True] / COUNTY.left_behind < 0.3


def test_most_teachers_are_paired_with_two_or_three(conn: Connection) -> None:
    chosen = select(func.count()).where(on(pairing), pairing.c.kind != "helper_after_return").group_by(pairing.c.person_id)
    loads = Counter(pairing_load(number) for number in conn.execute(chosen).scalars())
    assert set(loads) == set(PairingLoad)
    assert loads[PairingLoad.AS_PLANNED] > 0.7 * sum(loads.values())


def test_every_group_has_members(conn: Connection) -> None:
    assert set(counts_by(conn, group_spell.c.group_name, on(group_spell))) == {group.value for group in Group}


# --- places -------------------------------------------------------------------------------------------------------------------


def test_some_live_where_the_ledgers_name_no_known_village(conn: Connection) -> None:
    unlocated = conn.execute(
        select(residence_spell.c.home_text).where(
            on(residence_spell), ~residence_spell.c.outside, residence_spell.c.home_code.is_(None)
        )
    ).scalars()
    texts = list(unlocated)
    assert len(texts) == COUNTY.unlocated
    assert all(texts)
    assert not set(texts) & set(conn.execute(select(area.c.name)).scalars())  # else reading the ledger back would place them


def test_some_live_outside_and_are_registered_here(conn: Connection) -> None:
    rows = conn.execute(
        select(residence_spell.c.home_code, residence_spell.c.registered_code).where(
            on(residence_spell), residence_spell.c.outside
        )
    ).all()
    assert len(rows) > COUNTY.living_outside
    assert all(home is None and registered for home, registered in rows)


def test_some_are_registered_in_another_village_or_county(conn: Connection) -> None:
    other = counts_by(
        conn,
        func.substr(residence_spell.c.registered_code, 1, 6),
        on(residence_spell),
        residence_spell.c.home_code != residence_spell.c.registered_code,
    )
    assert other["350430"] > 500
    assert other["350429"] > 200


def test_nobody_lives_in_a_statistical_placeholder(conn: Connection) -> None:
    assert count(conn, residence_spell, residence_spell.c.home_code.startswith("350430400")) == 0


# --- cases --------------------------------------------------------------------------------------------------------------------


def test_every_status_and_every_rung_is_there_today(conn: Connection) -> None:
    open_now = (on(case_interval), case_interval.c.status != CaseStatus.CLOSED)
    statuses = counts_by(conn, case_interval.c.status, *open_now)
    assert set(statuses) == {status.value for status in CaseStatus} - {"closed"}
    assert min(statuses.values()) >= 5
    assert sum(statuses.values()) == COUNTY.open_cases == count(conn, case_file, case_file.c.closed_on.is_(None))
    rungs = counts_by(conn, case_interval.c.rung, *open_now)
    assert set(rungs) == {None, 1, 2, 3, 4, 5, 6, 7}


def test_some_steps_are_overdue_and_more_are_not(conn: Connection) -> None:
    open_now = (on(case_interval), case_interval.c.status != CaseStatus.CLOSED)
    overdue = count(conn, case_interval, *open_now, case_interval.c.overdue_from <= TODAY)
    assert 20 < overdue < COUNTY.open_cases / 2


def test_boys_are_somewhat_more_than_half_of_the_cases(conn: Connection) -> None:
    sexes = Counter(conn.execute(select(child.c.sex).join(case_file, case_file.c.child_id == child.c.id)).scalars())
    assert 0.48 < sexes["male"] / sum(sexes.values()) < 0.6


def test_every_outcome_occurs_and_most_came_back(conn: Connection) -> None:
    outcomes = counts_by(conn, case_file.c.outcome, case_file.c.closed_on.is_not(None))
    assert set(outcomes) == {outcome.value for outcome in Outcome} - {Outcome.DEFERRED}
    assert 350 < sum(outcomes.values()) < 450
    assert outcomes[Outcome.FOLLOW_UP_PASSED] > sum(outcomes.values()) / 3


def test_second_dropouts_are_linked_and_counted(conn: Connection) -> None:
    before = case_file.alias()
    rows = conn.execute(
        select(
            case_file.c.child_id,
            before.c.child_id,
            case_file.c.relapse_count,
            before.c.relapse_count,
            before.c.outcome,
            before.c.closed_on,
            case_file.c.opened_on,
        ).join(before, before.c.id == case_file.c.relapse_of)
    ).all()
    assert len(rows) >= 8
    assert {row.relapse_count for row in rows} >= {1, 2}
    for now_child, then_child, times, times_then, outcome, closed_on, opened_on in rows:
        assert (now_child, times, outcome, closed_on) == (then_child, times_then + 1, "relapsed", opened_on)


def test_closed_cases_have_evidence_and_a_second_person_but_one(conn: Connection) -> None:
    papers: dict[int, set[str]] = {}
    for case_id, kind in conn.execute(select(paper.c.case_id, paper.c.kind).where(paper.c.case_id.is_not(None))):
        papers.setdefault(case_id, set()).add(kind)
    closings = conn.execute(
        select(case_file.c.id, case_file.c.outcome, case_event.c.actor, case_event.c.confirmed_by)
        .join(case_event, (case_event.c.case_id == case_file.c.id) & (case_event.c.kind == "closed"))
        .where(case_file.c.outcome != "relapsed")
    ).all()
    wrong = [
        case_id
        for case_id, outcome, actor, second in closings
        if not {kind.value for kind in EVIDENCE[Outcome(outcome)]} <= papers.get(case_id, set()) or not second or second == actor
    ]
    assert len(closings) > 350
    assert len(wrong) == 1


def test_missing_papers_make_the_child_count_as_lost(conn: Connection) -> None:
    owed = conn.execute(
        select(case_file.c.child_id, case_file.c.missing_paper).where(case_file.c.missing_paper.is_not(None))
    ).all()
    kinds = {"transfer_certificate", "suspension_approval"}
    assert kinds < {paper_kind for _, paper_kind in owed}
    lost = set(conn.execute(select(loss_spell.c.child_id).where(on(loss_spell))).scalars())
    assert {child_id for child_id, _ in owed} <= lost


def test_returned_children_are_followed_up_and_most_have_a_helper(conn: Connection) -> None:
    returned = set(
        conn.execute(select(case_interval.c.child_id).where(on(case_interval), case_interval.c.status == "returned")).scalars()
    )
    helped = set(conn.execute(select(pairing.c.child_id).where(on(pairing), pairing.c.kind == "helper_after_return")).scalars())
    assert returned & helped
    assert returned - helped
    assert {"study", "life", "mind"} == set(counts_by(conn, follow_up.c.dimension))


# --- rates --------------------------------------------------------------------------------------------------------------------


def test_rates_are_plausible_in_all_three_years(conn: Connection) -> None:
    lost = sum(
        school_count.c[name]
        for name in ("dropped_out", "unproven_transfer", "hosted_missing_papers", "suspended_unapproved", "other_loss")
    )
    rows = conn.execute(
        select(school_count.c.stage, school_count.c.school_year, func.sum(lost), func.sum(school_count.c.start_count))
        .where(on(school_count), school_count.c.school_year.in_([2024, 2025, 2026]))
        .group_by(school_count.c.stage, school_count.c.school_year)
    )
    rates = {(stage, year): float(Rate(numerator, denominator).fraction or 0) for stage, year, numerator, denominator in rows}
    for year in (2024, 2025, 2026):
        assert 0.003 <= rates["junior", year] <= 0.03
        assert rates["primary", year] < 0.001


def test_pupils_are_lost_between_primary_and_junior_school(conn: Connection) -> None:
    years = counts_by(conn, loss_spell.c.school_year, loss_spell.c.kind == "transition_loss", on(loss_spell))
    assert years == {2025: 8, 2024: 5}


def test_every_kind_of_movement_has_its_papers(conn: Connection) -> None:
    kinds = set(counts_by(conn, movement_event.c.kind))
    assert kinds >= {"transfer_in", "transfer_out", "hosted", "suspension", "resumption", "death", "abroad", "home_teaching"}
    with_papers = set(conn.execute(select(paper.c.movement_id).where(paper.c.movement_id.is_not(None))).scalars())
    assert len(with_papers) > 900


# --- visits, duties, reports --------------------------------------------------------------------------------------------------


def test_visits_at_the_door_and_by_telephone(conn: Connection) -> None:
    modes = counts_by(conn, home_visit.c.mode)
    assert set(modes) == {mode.value for mode in VisitMode}
    assert modes["doorstep"] > 5 * modes["online"]
    assert count(conn, home_visit, home_visit.c.mode == "phone", home_visit.c.case_id.is_not(None)) > 200
    late = count(conn, home_visit, home_visit.c.visited_on > TODAY)
    assert late == 1  # the one that contradicts


def test_those_who_must_come_stood_at_the_door(conn: Connection) -> None:
    roles: dict[int, set[str]] = {}
    for visit_id, role in conn.execute(select(visit_person.c.visit_id, visit_person.c.role)):
        roles.setdefault(visit_id, set()).add(role)
    rungs = conn.execute(select(home_visit.c.id, home_visit.c.rung).where(home_visit.c.rung.is_not(None))).all()
    principal = [roles[visit_id] for visit_id, rung in rungs if rung == 3 and visit_id in roles]
    assert principal
    assert all(DutyRole.PRINCIPAL in there for there in principal)


def test_both_lines_are_held_with_gaps(conn: Connection) -> None:
    assert set(counts_by(conn, responsibility.c.line)) == {"school", "government"}
    held = set(conn.execute(select(responsibility.c.class_id).where(on(responsibility))).scalars())
    now_taught = set(conn.execute(select(school_class.c.id).where(on(school_class), school_class.c.stage == "junior")).scalars())
    assert 0 < len(now_taught - held) < 0.2 * len(now_taught)
    villages = counts_by(conn, responsibility.c.area_code, on(responsibility), responsibility.c.role == "village_committee")
    assert 85 <= len(villages) < 99


def test_reports_come_in_with_zeros_gaps_and_one_silent_school(conn: Connection) -> None:
    daily = unit_report.c.duty == "daily_report"
    reporting = set(counts_by(conn, unit_report.c.unit_code, daily))
    assert len(set(conn.execute(select(school.c.code)).scalars()) - reporting) == 1
    days = set(counts_by(conn, unit_report.c.period_from, daily))
    assert len(days) == COUNTY.report_days + COUNTY.reported_rounds * ROUND_DAYS
    assert 0 < len(days) * len(reporting) - count(conn, unit_report, daily) < 60
    assert (
        count(conn, unit_report, daily, unit_report.c.truant == 0, unit_report.c.suspected == 0, unit_report.c.dropped == 0) > 300
    )


def test_reported_absentees_are_listed_one_by_one(conn: Connection) -> None:
    report, away = unit_report.c, absence_day.c
    listed = Counter(
        tuple(row)
        for row in conn.execute(
            select(child_place.c.school_code, away.on_date).join(
                child_place,
                (child_place.c.child_id == away.child_id)
                & (child_place.c.valid_from <= away.on_date)
                & (child_place.c.valid_to > away.on_date),
            )
        )
    )
    rows = conn.execute(
        select(report.unit_code, report.period_from, report.expected, report.present).where(report.duty == "daily_report")
    ).all()
    wrong = [row for row in rows if row.expected - row.present != listed[row.unit_code, row.period_from]]
    assert len(rows) > 700
    assert 1 <= len(wrong) <= 6  # one on purpose, and those of a child who stands on two registers


def test_targets_of_three_levels_and_none_for_one_school(conn: Connection) -> None:
    levels = counts_by(conn, target.c.level)
    assert set(levels) == {"county", "prefecture", "school"}
    stages = set(conn.execute(select(target.c.stage).where(target.c.indicator == "dropout_rate").distinct()).scalars())
    assert stages == {"primary", "junior"}
    assert count(conn, school, school.c.kind == "special") == 1


def test_rounds_of_march_and_september(conn: Connection) -> None:
    rounds = conn.execute(select(supervision_round.c.code, supervision_round.c.as_of).order_by(supervision_round.c.code)).all()
    assert [code for code, _ in rounds] == ["2025-03", "2025-09", "2026-03", "2026-09", "2027-03"]
    assert all(as_of.isoformat()[:7] == code for code, as_of in rounds)


# --- the summaries ------------------------------------------------------------------------------------------------------------


def test_villages_add_up_to_what_was_planned(conn: Connection) -> None:
    names = ("children", "at_risk", "left_behind")
    total = conn.execute(select(*(func.sum(village_count.c[name]) for name in names)).where(on(village_count))).one()
    assert total[0] > COUNTY.pupils
    assert tuple(total[1:]) == (COUNTY.open_cases, COUNTY.left_behind)
    nowhere = conn.execute(
        select(func.sum(village_count.c.at_risk)).where(on(village_count), village_count.c.home_code.is_(None))
    )
    assert nowhere.scalar_one() > 0


def test_nothing_lasts_beyond_the_end_of_time(conn: Connection) -> None:
    for table in (residence_spell, enrolment_spell, group_spell, guardian, responsibility):
        assert count(conn, table, table.c.valid_to > OPEN_END) == 0
        backwards = 1 if table is enrolment_spell else 0  # the one that contradicts
        assert count(conn, table, table.c.valid_from >= table.c.valid_to) == backwards
        assert count(conn, table, table.c.valid_from > TODAY + timedelta(days=1)) == 0


def test_cases_and_departures_name_the_school_of_that_day(conn: Connection) -> None:
    for table, day, code in (
        (case_file, case_file.c.opened_on, case_file.c.school_code),
        (movement_event, movement_event.c.on_date, movement_event.c.from_school),
    ):
        spell = enrolment_spell.c
        there = (spell.child_id == table.c.child_id) & (spell.school_code == code) & (spell.stage == table.c.stage)
        # the day a child leaves is the first day it is no longer there
        covered = there & (spell.valid_from <= day) & (spell.valid_to >= day)
        rows = conn.execute(select(table.c.id).where(code.is_not(None), ~select(spell.id).where(covered).exists())).all()
        assert rows == [], table.name


def test_units_have_officers_heads_points_and_a_register(conn: Connection) -> None:
    held = counts_by(conn, responsibility.c.role, on(responsibility))
    schools = count(conn, school)
    assert 0.7 * schools < held["data_officer"] < schools
    assert held["grade_head"] > held["monitoring_leader"] == 3
    assert set(counts_by(conn, unit_record.c.kind)) >= {"meeting", "circular", "talk", "acceptance"}
    assert count(conn, employment, employment.c.referred_on.is_not(None)) <= count(conn, employment)
