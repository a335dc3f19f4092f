"""Every kind of row out of order that `BadRows` makes, each with near misses that are in order."""

import json
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select, update

from data_access import schema
from tests.data_access.bad_rows import (
    COUNTY,
    DAY,
    JUNIOR,
    OTHER_JUNIOR,
    PRIMARY,
    TODAY,
    VILLAGE,
    BadRows,
    citizen,
)

HOSTED = ("application", "village_certificate", "host_acceptance")


def numbers(rows: BadRows) -> None:
    """Birth, sex and registry number against the citizen number; a J number with the right birth date is in order."""
    for off in (1, 400):
        wrong = rows.pupil(2)
        birth = rows.numbers[wrong][1] - timedelta(days=off)
        change(rows, wrong, birth_date=birth)
        rows.expect("birth_not_of_id", f"child:{wrong}")
    wrong = rows.pupil(2)
    sex = rows.conn.execute(select(schema.child.c.sex).where(schema.child.c.id == wrong)).scalar()
    other = "female" if sex == "male" else "male"
    change(rows, wrong, sex=other)
    rows.expect("sex_not_of_id", f"child:{wrong}")
    for kind, right in (("G", False), ("J", True), ("J", False), ("L", True)):
        child_id = rows.pupil(4)
        _, birth, serial = rows.numbers[child_id]
        tail = citizen(birth if right else birth + DAY, (serial + 7) % 999)
        text = f"{kind}{tail[:17]}0" if kind == "L" else f"{kind}{tail}"
        sealed = {"registry_no": rows.cipher.seal(text), "registry_mac": rows.cipher.mac(text)}
        change(rows, child_id, **sealed)
        if not right:
            rows.expect("registry_tail", f"child:{child_id}")
    child_id = rows.pupil(5)
    text = rows.numbers[child_id][0]
    bad = text[:17] + ("3" if text[17] != "3" else "4")
    sealed = rows.sealed(bad, f"G{bad}")
    change(rows, child_id, **sealed)
    rows.expect("id_unreadable", f"child:{child_id}")


def change(rows: BadRows, child_id: int, **values: object) -> None:
    """Change columns of a child."""
    rows.conn.execute(update(schema.child).where(schema.child.c.id == child_id).values(values))


def doubles(rows: BadRows) -> None:
    """One citizen number, or one registry number, on two children; merged records are one child."""
    one, two = rows.pupil(1), rows.pupil(6)
    kept = schema.child.c
    mac = rows.conn.execute(select(kept.id_no, kept.id_mac, kept.birth_date, kept.sex).where(kept.id == one)).one()
    rows.conn.execute(
        update(schema.child).where(kept.id == two).values(dict(mac._mapping) | {"registry_no": None, "registry_mac": None})
    )
    rows.wrong |= {("same_id_twice", f"child:{one}"), ("same_id_twice", f"child:{two}")}
    spell = schema.enrolment_spell.c
    first = rows.conn.execute(select(spell.id).where(spell.child_id == two)).scalar_one()
    rows.wrong |= {
        ("age_not_of_grade", f"child:{two}"),
        ("school_days_impossible", f"enrolment_spell:{first}"),
    }  # born too late now
    one, two = rows.pupil(3), rows.pupil(3)
    registry = rows.conn.execute(select(kept.registry_no, kept.registry_mac).where(kept.id == one)).one()
    rows.conn.execute(update(schema.child).where(kept.id == two).values(dict(registry._mapping)))
    rows.wrong |= {
        ("same_registry_twice", f"child:{one}"),
        ("same_registry_twice", f"child:{two}"),
        ("registry_tail", f"child:{two}"),
    }
    merged = rows.child(date(2018, 5, 5))
    rows.conn.execute(
        update(schema.child).where(kept.id == merged).values(merged_into=one, school_age_from=None, **dict(registry._mapping))
    )


def ages(rows: BadRows) -> None:
    """Two years off is asked of nobody, three are; a child of five is; nobody is born tomorrow or at school at two."""
    for off in (1, 2):
        rows.pupil(4, age_off=off)
    for grade, off in ((4, 3), (9, 3), (6, -3), (1, -1)):
        rows.expect("age_not_of_grade", f"child:{rows.pupil(grade, age_off=off)}")
    unborn = rows.add(schema.child, county_code=COUNTY, name="甲未", birth_date=TODAY + DAY)
    rows.expect("birth_in_future", f"child:{unborn}")
    rows.add(schema.child, county_code=COUNTY, name="甲今", birth_date=TODAY)
    child_id = rows.pupil(5)
    backwards = rows.enrol(child_id, PRIMARY, "primary", 2022, date(2024, 5, 1), valid_to=date(2024, 4, 30))
    rows.expect("school_days_impossible", f"enrolment_spell:{backwards}")
    early = rows.child(date(2017, 11, 3))
    spell = rows.enrol(early, PRIMARY, "primary", 2019, date(2019, 10, 1), valid_to=date(2019, 12, 1))
    rows.expect("school_days_impossible", f"enrolment_spell:{spell}")
    rows.enrol(early, PRIMARY, "primary", 2023, date(2023, 9, 1))


def disabled(rows: BadRows) -> None:
    """Cards of another kind, level or person; a re-issued card is in order. A pupil of an ordinary class without registry."""
    for kind, level, own, right in ((1, 2, True, True), (5, 2, True, False), (1, 3, True, False), (1, 2, False, False)):
        child_id = rows.pupil(3, health="残疾")
        number = rows.numbers[child_id][0] if own else citizen(date(2016, 2, 2), 222)
        told = {"kind": "inclusive", "disability": "视力", "disability_level": 2, "valid_from": date(2026, 9, 1)}
        card = rows.cipher.seal(f"{number}{kind}{level}{'B1' if right else ''}")
        placed = rows.add(schema.placement, child_id=child_id, card=card, **told)
        if not right:
            rows.expect("card_not_of_disability", f"placement:{placed}")
    bare = rows.pupil(3, health="残疾", registry_no=None, registry_mac=None)
    rows.add(schema.placement, child_id=bare, kind="inclusive", valid_from=date(2026, 9, 1))
    rows.expect("inclusive_without_registry", f"child:{bare}")
    for placed, kind in ((True, "disabled"), (False, "disabled")):
        child_id = rows.pupil(4, health="残疾")
        rows.add(schema.group_spell, child_id=child_id, group_name=kind, detail="智力 二级", valid_from=date(2026, 9, 1))
        if placed:
            rows.add(schema.placement, child_id=child_id, kind="special_school", valid_from=date(2026, 9, 1))
        else:
            rows.expect("disabled_without_place", f"child:{child_id}")


def cases(rows: BadRows) -> None:
    """What a case says against what its child's other records say."""
    here = rows.pupil(8)
    rows.enrol(here, OTHER_JUNIOR, "junior", 2025, date(2025, 9, 1))
    case_id = rows.case(here, "dropout")
    rows.expect("dropout_at_school_elsewhere", f"case_file:{case_id}")
    there = rows.pupil(8)
    rows.enrol(there, OTHER_JUNIOR, "junior", 2025, date(2025, 9, 1))
    rows.case(there, "suspected")
    bare = rows.case(rows.pupil(8, registry_no=None, registry_mac=None), "persuasion")
    rows.expect("dropout_without_registry", f"case_file:{bare}")
    rows.case(rows.pupil(8, registry_no=None, registry_mac=None), "suspected")
    for reason, health, wrong in (
        ("06", "健康或良好", True),
        ("07", "健康或良好", True),
        ("06", "有慢性病", False),
        ("02", "健康或良好", False),
    ):
        case_id = rows.case(rows.pupil(9, health=health), "suspected", reason=reason)
        if wrong:
            rows.expect("ill_but_healthy", f"case_file:{case_id}")
    for birth, wrong in ((date(2010, 11, 20), True), (date(2010, 11, 21), False)):
        worker = rows.child(birth)
        rows.enrol(worker, JUNIOR, "junior", 2024, date(2024, 9, 1))
        case_id = rows.case(worker, "persuasion", reason="04")
        if wrong:
            rows.expect("labour_past_sixteen", f"case_file:{case_id}")
    rows.closed()
    rows.closed(returned=date(2026, 3, 9))
    rows.expect("returned_before_lost", f"case_file:{rows.closed(returned=date(2026, 3, 8))}")
    rows.expect("closed_without_evidence", f"case_file:{rows.closed(evidence=None)}")
    rows.expect("closed_without_evidence", f"case_file:{rows.closed(confirmed_by=None)}")
    late = rows.case(rows.pupil(8), "suspected", first_absent_on=date(2026, 11, 10))
    rows.expect("case_days_impossible", f"case_file:{late}")
    rows.case(rows.pupil(8), "suspected", first_absent_on=date(2026, 11, 9))
    taught = rows.case(rows.pupil(8, health="残疾"), "dropout")
    child_id = rows.conn.execute(select(schema.case_file.c.child_id).where(schema.case_file.c.id == taught)).scalar_one()
    rows.add(schema.placement, child_id=child_id, kind="home_teaching", valid_from=date(2026, 9, 1))
    rows.expect("dropout_while_taught_at_home", f"case_file:{taught}")


def absences(rows: BadRows) -> None:
    """A pupil taught at home who is listed truant; three days of the last five without a case, and two."""
    taught = rows.pupil(5, health="残疾")
    rows.add(schema.placement, child_id=taught, kind="home_teaching", valid_from=date(2026, 9, 10))
    rows.away(taught, date(2026, 9, 9))
    (since,) = rows.away(taught, date(2026, 9, 10))
    rows.away(taught, date(2026, 9, 11), state="sick")
    rows.expect("absent_while_taught_at_home", f"absence_day:{since}")
    week = [TODAY - n * DAY for n in range(5)]
    noticed, two, sick, gone = (rows.pupil(9) for _ in range(4))
    rows.case(noticed)
    rows.away(noticed, *week)
    rows.away(two, *week[:2])
    rows.away(sick, *week, state="sick")
    rows.away(gone, *week[1:4], state="unknown")
    rows.expect("absent_without_case", f"child:{gone}")


def visits(rows: BadRows) -> None:
    """Visits tomorrow, and to a pupil who had left; on the day itself and the day of leaving they are in order."""
    rows.visit(rows.pupil(3), TODAY)
    rows.expect("visit_in_future", f"home_visit:{rows.visit(rows.pupil(3), TODAY + DAY)}")
    gone = rows.leaver(date(2026, 3, 2))
    rows.move(gone, "transfer_out", date(2026, 3, 2), ("transfer_certificate",), from_school=PRIMARY, matched_on=date(2026, 3, 9))
    rows.visit(gone, date(2026, 3, 2))
    rows.expect("visit_after_transfer", f"home_visit:{rows.visit(gone, date(2026, 3, 3))}")
    back = rows.leaver(date(2026, 3, 2))
    rows.move(back, "transfer_out", date(2026, 3, 2), ("transfer_certificate",), from_school=PRIMARY, matched_on=date(2026, 3, 9))
    rows.enrol(back, PRIMARY, "primary", 2024, date(2026, 5, 4))
    rows.visit(back, date(2026, 5, 4))


def movements(rows: BadRows) -> None:
    """Papers that are missing, matches that never came, suspensions that are over, and what the law does not know."""
    for days, wrong in ((30, False), (31, True)):
        on = TODAY - timedelta(days=days)
        number = rows.move(rows.leaver(on), "transfer_out", on, ("transfer_certificate",), from_school=PRIMARY)
        if wrong:
            rows.expect("transfer_unmatched", f"movement_event:{number}")
    on = date(2026, 10, 9)
    bare = rows.move(rows.pupil(4), "transfer_out", on, from_school=PRIMARY)
    rows.expect("transfer_without_proof", f"movement_event:{bare}")
    rows.move(rows.leaver(on), "transfer_out", on, from_school=PRIMARY, matched_on=on + DAY)
    for papers in (HOSTED, HOSTED[:2], HOSTED[1:], ()):
        number = rows.move(rows.pupil(4), "hosted", on, papers, from_school=PRIMARY)
        if papers != HOSTED:
            rows.expect("hosted_without_papers", f"movement_event:{number}")
    approval = {"approved_on": date(2026, 2, 26), "from_school": JUNIOR}
    for ends, resumed, wrong in ((TODAY, False, False), (TODAY - DAY, True, False), (TODAY - DAY, False, True)):
        child_id = rows.pupil(8)
        number = rows.move(child_id, "suspension", date(2026, 3, 2), ends_on=ends, **approval)
        if resumed:
            rows.move(child_id, "resumption", TODAY - DAY)
        if wrong:
            rows.expect("suspension_past_end", f"movement_event:{number}")
    number = rows.move(rows.pupil(8), "suspension", date(2026, 9, 21), ("medical", "application"), from_school=JUNIOR)
    rows.expect("suspension_without_approval", f"movement_event:{number}")
    for kind in ("expulsion", "withdrawal"):
        rows.expect("expelled", f"movement_event:{rows.move(rows.pupil(9), kind, on, from_school=JUNIOR)}")
    number = rows.move(rows.pupil(3), "class_change", TODAY + DAY)
    rows.expect("movement_days_impossible", f"movement_event:{number}")
    number = rows.move(rows.pupil(3), "hosted", on, HOSTED, ends_on=on - DAY, from_school=PRIMARY)
    rows.expect("movement_days_impossible", f"movement_event:{number}")


def daily_reports(rows: BadRows) -> None:
    """Reports of a day against themselves, the list of absentees, the register and the day before."""
    rows.daily()
    rows.expect("absentees_not_listed", f"unit_report:{rows.daily(present=3)}")
    rows.expect("absentees_not_listed", f"unit_report:{rows.daily(present=3, sick=1)}")  # nobody listed by name
    school = rows.new_school(4)
    rows.away(rows.pupil(2, school), TODAY, state="sick")
    rows.daily(5, school=school, present=4, sick=1)
    rows.expect("roll_not_register", f"unit_report:{rows.daily(4, expected=5, present=5)}")
    school = rows.new_school(3)
    rows.move(rows.pupil(2, school), "hosted", date(2026, 9, 21), HOSTED, from_school=school)
    rows.daily(3, school=school)
    rows.daily(4, school=school, day=TODAY - DAY)
    rows.expect("headcount_not_continued", f"unit_report:{rows.conn.execute(_report_of(school, TODAY)).scalar_one()}")
    school = rows.new_school(4)
    rows.daily(3, school=school, day=TODAY - DAY)
    rows.daily(4, school=school, moved_in=1)
    early = rows.daily(submitted_at=nine(TODAY - DAY))
    rows.expect("signed_before_period", f"unit_report:{early}")
    rows.daily(submitted_at=nine(TODAY))
    for changed in ({"suspended": -1}, {"moved_out": -2}):
        rows.expect("figure_out_of_range", f"unit_report:{rows.daily(**changed)}")
    rows.expect("blank_figure", f"unit_report:{rows.daily(truant=None)}")
    rows.daily(moved_in=None)
    rows.daily(submitted_at=None, truant=None)


def _report_of(school: str, day: date):  # type: ignore[no-untyped-def]
    report = schema.unit_report.c
    return select(report.id).where(report.unit_code == school, report.period_from == day)


def nine(day: date) -> datetime:
    """Nine in the morning."""
    return datetime(day.year, day.month, day.day, 9)


def rates(rows: BadRows) -> None:
    """Rates as written: a letter, no counts, wrong counts; one rounded right is in order."""
    rows.expect("letter_in_number", f"unit_report:{rows.monthly(rate_as_written='O.8%')}")
    rows.expect("letter_in_number", f"unit_report:{rows.monthly(rate_as_written='0.O%')}")
    bare = rows.monthly(rate_as_written="72%", expected=None)
    rows.wrong |= {("rate_without_base", f"unit_report:{bare}"), ("blank_figure", f"unit_report:{bare}")}
    rows.expect("rate_not_recomputed", f"unit_report:{rows.monthly(rate_as_written='1%')}")
    school = rows.new_school(2)
    rows.case(rows.pupil(2, school), "dropout", opened=date(2026, 10, 1), school_code=school, stage="primary")
    rows.monthly(school=school, expected=3, dropped=1, rate_as_written="33.33%")
    rows.monthly(rate_as_written="0%")


def group_figures(rows: BadRows) -> None:
    """Parts larger than their whole; equal ones are in order."""
    for group in ("dropped_poor", "dropped_disabled"):
        school = rows.new_school(3)
        for child_id in (rows.pupil(2, school), rows.pupil(2, school)):
            rows.add(schema.group_spell, child_id=child_id, group_name="poor", valid_from=date(2026, 9, 1))
            rows.add(schema.aid, child_id=child_id, kind="boarding_aid", valid_from=date(2026, 9, 1))
        rows.expect("poor_more_than_all", f"unit_report:{rows.monthly(school=school, **{group: 1})}")
    school = rows.new_school(2)
    rows.case(rows.pupil(2, school), "dropout", opened=date(2026, 10, 1), school_code=school, stage="primary")
    number = rows.monthly(school=school, expected=3, dropped=1, dropped_poor=1)
    rows.expect("poor_dropouts_over_poor", f"unit_report:{number}")
    rows.expect("dropouts_not_rows", f"unit_report:{rows.monthly(dropped=1)}")
    rows.expect("dropouts_not_rows", f"unit_report:{rows.monthly(suspected=2)}")


def periods(rows: BadRows) -> None:
    """Figures copied from the month before; two quiet months are alike in order. A period that ends before it begins."""
    for told, wrong in (({"truant": 2, "sick": 3, "on_leave": 1}, True), ({"truant": 2}, False), ({}, False)):
        school = rows.new_school(7)
        figures = {"expected": 7, "suspected": 0, "dropped": 0} | told
        rows.report(school, "monthly_ledger", date(2026, 9, 1), date(2026, 9, 30), **figures)
        number = rows.report(school, "monthly_ledger", date(2026, 10, 1), date(2026, 10, 31), **figures)
        if wrong:
            rows.expect("identical_figures", f"unit_report:{number}")
    school = rows.new_school(2)
    number = rows.report(school, "weekly_report", date(2026, 10, 12), date(2026, 10, 5), submitted_at=None)
    rows.expect("period_impossible", f"unit_report:{number}")


def sums(rows: BadRows) -> None:
    """A school against its classes, a town against its schools, a class against its register."""
    for told, wrong in ((4, False), (5, True)):
        school = rows.new_school(4)
        number = rows.report(school, "term_report", date(2026, 9, 1), date(2026, 9, 10), expected=told)
        if wrong:
            rows.expect("school_not_classes", f"unit_report:{number}")
    for at, wrong in enumerate((False, True)):
        town = f"35990120{at}"
        rows.add(schema.area, code=town, level="town", county_code=COUNTY, name=f"丙{at}", valid_from=date(2010, 1, 1))
        total = 0
        for pupils in (3, 5):
            school = rows.new_school(pupils)
            rows.conn.execute(update(schema.school).where(schema.school.c.code == school).values(town_code=town))
            rows.monthly(pupils, school=school)
            total += pupils
        number = rows.report(town, "written_report", date(2026, 10, 1), date(2026, 10, 31), expected=total + wrong)
        if wrong:
            rows.expect("town_not_schools", f"unit_report:{number}")
    fixed = rows.new_school(6)
    rows.miscounted = fixed
    arrived = rows.new_school(5)
    late = rows.child(date(2018, 12, 1))
    rows.enrol(late, arrived, "primary", 2025, date(2026, 10, 12))
    rows.move(
        late, "transfer_in", date(2026, 10, 12), ("transfer_certificate",), to_school=arrived, matched_on=date(2026, 10, 12)
    )
    rows.crept_in = rows.new_school(5)
    rows.enrol(rows.child(date(2018, 12, 2)), rows.crept_in, "primary", 2025, date(2026, 10, 12))


def files_and_lists(rows: BadRows) -> None:
    """Files and children, key units, households, poverty list, graduates, exam list."""
    for more, wrong in ((0, False), (1, True)):
        school = rows.new_school(3)
        left = rows.pupil(2, school)
        rows.add(schema.group_spell, child_id=left, group_name="left_behind_education", valid_from=date(2026, 9, 1))
        others = [rows.pupil(2, school) for _ in range(more)]
        for child_id in (left, *others):
            rows.add(schema.document, child_id=child_id, kind="left_behind_file", issued_on=date(2026, 10, 1))
        if wrong:
            rows.expect("files_over_children", f"unit:{school}")
    reported, silent = rows.new_school(2), rows.new_school(2)
    rows.report(reported, "key_unit_report", date(2026, 10, 1), date(2026, 10, 31), expected=2, suspected=0, dropped=0)
    told = {"mark": "key_unit", "since": "2026-10-01", "published_on": "2026-10-01", "rectify_by": "2027-01-31"}
    listed = json.dumps({reported: told, silent: told})
    rows.add(schema.setting, county_code=COUNTY, name="key_units", value=listed, valid_from=date(2026, 1, 1))
    rows.expect("key_unit_without_report", f"unit:{silent}")
    rows.expect("never_enrolled", f"child:{rows.child(date(2018, 4, 4))}")
    rows.child(date(2021, 4, 4))
    deferred = rows.child(date(2020, 3, 3))
    rows.move(deferred, "deferral", date(2026, 8, 20), ("medical", "application", "deferral_approval"))
    outside = rows.child(date(2018, 4, 4))
    spell = schema.residence_spell
    rows.conn.execute(
        update(spell).where(spell.c.child_id == outside).values(outside=True, home_code=None, registered_code=VILLAGE)
    )
    aided, unaided, nowhere = rows.pupil(3), rows.pupil(3), rows.child(date(2018, 5, 5))
    since = date(2026, 9, 1)
    for child_id in (aided, unaided):
        rows.add(schema.group_spell, child_id=child_id, group_name="poor", valid_from=since)
    rows.add(schema.aid, child_id=aided, kind="grant", valid_from=since)
    rows.add(schema.aid, child_id=unaided, kind="tuition_waiver", valid_from=since)
    rows.add(schema.aid, child_id=rows.pupil(3), kind="grant", valid_from=since)
    rows.expect("poor_without_aid", f"child:{unaided}")
    rows.expect("aid_without_registry", f"aid:{rows.add(schema.aid, child_id=nowhere, kind='boarding_aid', valid_from=since)}")
    rows.add(schema.aid, child_id=nowhere, kind="grant", valid_from=since, valid_to=date(2026, 10, 1))
    rows.expect("never_enrolled", f"child:{nowhere}")
    for status, poor, wrong in (("dropout", True, True), ("dropout", False, False), ("suspected", True, False)):
        child_id = rows.pupil(8)
        if poor:
            rows.add(schema.group_spell, child_id=child_id, group_name="poor", valid_from=date(2026, 9, 1))
            rows.add(schema.aid, child_id=child_id, kind="grant", valid_from=since)
        case_id = rows.case(child_id, status)
        if wrong:
            rows.expect("poor_dropout", f"case_file:{case_id}")
    for went_on in (True, False):
        graduate = rows.child(date(2013, 10, 10))
        rows.enrol(graduate, PRIMARY, "primary", 2020, date(2020, 9, 1))
        if went_on:
            rows.enrol(graduate, JUNIOR, "junior", 2026, date(2026, 9, 1))
        else:
            rows.expect("graduate_in_no_grade_seven", f"child:{graduate}")
    for entered in (True, False):
        leaver = rows.child(date(2010, 10, 20))
        rows.enrol(leaver, JUNIOR, "junior", 2023, date(2023, 9, 1))
        if entered:
            told = {"county_code": COUNTY, "school_year": 2025, "listed_on": date(2026, 4, 10), "name": "甲"}
            rows.conn.execute(insert(schema.exam_entry).values(child_id=leaver, **told))
        else:
            rows.expect("not_on_exam_list", f"child:{leaver}")


KINDS = (
    *(numbers, doubles, ages, disabled, cases, absences, visits, movements, daily_reports, rates, group_figures),
    *(periods, sums, files_and_lists),
)
