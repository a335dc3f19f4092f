"""A county in order, and rows put out of order one by one: what each breaks is written down while it is made.

Written against the list of contradictions, not against the rules' code: citizen numbers, headcounts and reports are made here
by arithmetic of their own. Beside each bad row stands a near miss that is in order and must not be found.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from data_access import schema
from data_access.schema import OPEN_END
from data_access.secrets import Cipher

TODAY = date(2026, 11, 20)  # a Friday
YEAR, TERM_BEGINS = 2026, date(2026, 9, 1)
COUNTY, TOWN = "359901", "359901100"
VILLAGE = f"{TOWN}200"
PRIMARY, JUNIOR, OTHER_JUNIOR = "2135000001", "3135000002", "3135000003"
WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]
DAY = timedelta(days=1)
FIGURES = ("sick", "on_leave", "truant", "moved_in", "moved_out", "suspended", "resumed", "suspected", "dropped", "returned")


def citizen(birth: date, serial: int) -> str:
    """A citizen number of a region that does not exist; odd serials are male."""
    body = f"999999{birth:%Y%m%d}{serial:03}"
    rest = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[rest]


class BadRows:
    """Writes the county; `wrong` holds (rule, record) of everything that is out of order."""

    def __init__(self, conn: Connection, cipher: Cipher) -> None:
        self.conn, self.cipher = conn, cipher
        self.wrong: set[tuple[str, str]] = set()
        self.serial = self.schools = 0
        self.miscounted = self.crept_in = ""  # schools with a wrong baseline, and with a pupil who came without a movement
        self.numbers: dict[int, tuple[str, date, int]] = {}
        self.classes: Counter[tuple[str, str, int]] = Counter()
        self._frame()

    def add(self, table: Any, **values: Any) -> int:
        key = self.conn.execute(insert(table).values(**values)).inserted_primary_key
        return int(key[0]) if key and "id" in table.columns else 0

    def expect(self, rule: str, record: str) -> None:
        self.wrong.add((rule, record))

    def _frame(self) -> None:
        for code, level in ((COUNTY, "county"), (TOWN, "town"), (VILLAGE, "village")):
            self.add(schema.area, code=code, level=level, county_code=COUNTY, name=f"乙{code[-3:]}", valid_from=date(2010, 1, 1))
        for code in (PRIMARY, JUNIOR, OTHER_JUNIOR):
            self._school(code, "primary" if code == PRIMARY else "junior")

    def _school(self, code: str, stage: str) -> None:
        told = {"category": code[:2], "county_code": COUNTY, "town_code": TOWN, "village_code": VILLAGE, "kind": stage}
        self.add(schema.school, code=code, name=f"校{code[-4:]}", valid_from=date(2010, 1, 1), **told)

    def new_school(self, pupils: int) -> str:
        """A primary school of its own, with so many pupils in one class of grade 2."""
        self.schools += 1
        code = f"21359{self.schools:05}"
        self._school(code, "primary")
        for _ in range(pupils):
            self.pupil(2, code)
        return code

    # --- people ---

    def child(self, birth: date, sex: str = "male", **given: Any) -> int:
        """A child whose columns agree with its numbers, at home in the village."""
        self.serial += 1
        number = citizen(birth, self.serial % 498 * 2 + (1 if sex == "male" else 0))
        values = self.sealed(number, f"G{number}") | self._ages(birth) | {"sex": sex, "health": "健康或良好"} | given
        child_id = self.add(schema.child, county_code=COUNTY, name=f"甲{self.serial}", **values)
        self.numbers[child_id] = (number, birth, self.serial)
        self.add(schema.residence_spell, child_id=child_id, home_code=VILLAGE, registered_code=VILLAGE, valid_from=birth)
        return child_id

    def sealed(self, id_no: str | None, registry: str | None) -> dict[str, Any]:
        seal, mac = self.cipher.seal, self.cipher.mac
        return {"id_no": seal(id_no), "id_mac": mac(id_no), "registry_no": seal(registry), "registry_mac": mac(registry)}

    def _ages(self, birth: date) -> dict[str, date]:
        turns = {"school_age_from": 6, "school_age_to": 16}
        found = {name: date(birth.year + years + (birth >= date(birth.year, 9, 1)), 9, 1) for name, years in turns.items()}
        return {"birth_date": birth, **found, "sixteen_on": birth.replace(year=birth.year + 16)}

    def pupil(self, grade: int = 3, school: str = "", *, since: date | None = None, age_off: int = 0, **given: Any) -> int:
        """A pupil of the usual age in the first class of its grade, since the first grade of its school or since a day."""
        stage = "primary" if grade <= 6 else "junior"
        entry = YEAR - (grade - 1 if grade <= 6 else grade - 7)
        birth = date(YEAR - grade - 6 - age_off, 11, 2 + self.serial % 9)
        child_id = self.child(birth, "female" if self.serial % 2 else "male", **given)
        self.enrol(child_id, school or (PRIMARY if grade <= 6 else JUNIOR), stage, entry, since or date(entry, 9, 1))
        return child_id

    def enrol(self, child_id: int, school: str, stage: str, entry: int, since: date, **more: Any) -> int:
        ends = date(entry + (6 if stage == "primary" else 3), 9, 1)
        if since <= TERM_BEGINS < min(ends, more.get("valid_to", OPEN_END)):
            self.classes[(school, stage, entry)] += 1
        told = {"school_code": school, "stage": stage, "entry_year": entry, "graduates_on": ends, "class_no": 1}
        return self.add(schema.enrolment_spell, child_id=child_id, valid_from=since, **{**told, "mode": "ordinary", **more})

    # --- cases, movements, visits ---

    def case(self, child_id: int, status: str | None = None, *, opened: date | None = None, **given: Any) -> int:
        """A case of a pupil of junior high, opened the day after the first absence; a suspected one is too young for more."""
        opened = opened or (date(2026, 11, 9) if status in (None, "suspected") else date(2026, 10, 12))
        values = {"school_code": JUNIOR, "stage": "junior", "first_absent_on": opened - DAY, "reason": "02"} | given
        case_id = self.add(schema.case_file, child_id=child_id, opened_on=opened, **values)
        self.event(case_id, "at_risk", opened)
        if status:
            self.event(case_id, status, opened + timedelta(days=7 if status == "suspected" else 20))
        return case_id

    def event(self, case_id: int, kind: str, on: date, **given: Any) -> None:
        self.add(schema.case_event, case_id=case_id, kind=kind, on_date=on, **given)

    def closed(self, *, returned: date = date(2026, 3, 20), **given: Any) -> int:
        """A case that was closed in order: returned, looked after, closed with evidence by two people."""
        told = {"evidence": "复学档案", "confirmed_by": "县教育局"} | given
        case_id = self.case(self.pupil(8), opened=date(2026, 3, 10), closed_on=date(2026, 9, 20), outcome="follow_up_passed")
        self.event(case_id, "returned", returned)
        self.event(case_id, "closed", date(2026, 9, 20), **told)
        return case_id

    def move(self, child_id: int, kind: str, on: date, papers: tuple[str, ...] = (), **given: Any) -> int:
        number = self.add(schema.movement_event, child_id=child_id, kind=kind, on_date=on, **given)
        for paper in papers:
            self.add(schema.paper, child_id=child_id, movement_id=number, kind=paper, dated_on=on)
        return number

    def leaver(self, on: date) -> int:
        """A pupil whose register ended on a day."""
        child_id = self.child(date(2018, 3, 3), "female")
        self.enrol(child_id, PRIMARY, "primary", 2024, date(2024, 9, 1), valid_to=on)
        return child_id

    def visit(self, child_id: int, on: date) -> int:
        return self.add(schema.home_visit, child_id=child_id, visited_on=on, mode="doorstep", visitors="教师")

    def away(self, child_id: int, *days: date, state: str = "truant") -> list[int]:
        return [self.add(schema.absence_day, child_id=child_id, on_date=day, state=state) for day in days]

    # --- reports ---

    def report(self, unit: str, duty: str, begins: date, ends: date, **figures: Any) -> int:
        signed = figures.pop("submitted_at", datetime.combine(ends, datetime.min.time()).replace(hour=16))
        told = {"unit_code": unit, "duty": duty, "period_from": begins, "period_to": ends, "submitted_at": signed}
        return self.add(schema.unit_report, **told, **figures)

    def daily(self, pupils: int = 4, day: date = TODAY, school: str = "", **changed: Any) -> int:
        """A daily report of a school of its own, everybody there, but for what is changed."""
        figures = dict.fromkeys(FIGURES, 0) | {"expected": pupils, "present": pupils} | changed
        return self.report(school or self.new_school(pupils), "daily_report", day, day, **figures)

    def monthly(self, pupils: int = 4, school: str = "", **changed: Any) -> int:
        figures = {"expected": pupils, "suspected": 0, "dropped": 0} | changed
        return self.report(school or self.new_school(pupils), "monthly_ledger", date(2026, 10, 1), date(2026, 10, 31), **figures)

    def close_classes(self) -> None:
        """The baseline of every class: its pupils on 1 September; of one school two too many."""
        for (school, stage, entry), pupils in sorted(self.classes.items()):
            its = {"school_code": school, "stage": stage, "entry_year": entry, "class_no": 1, "valid_from": date(entry, 9, 1)}
            class_id = self.add(schema.school_class, **its, valid_to=date(entry + (6 if stage == "primary" else 3), 9, 1))
            told = {"school_year": YEAR, "term": 1, "kind": "term_start", "as_of": TERM_BEGINS}
            number = self.add(schema.class_baseline, class_id=class_id, pupils=pupils + 2 * (school == self.miscounted), **told)
            if school == self.miscounted:
                self.expect("classes_not_the_school", f"class_baseline:{number}")
            if school == self.crept_in:
                self.expect("class_headcount", f"class_baseline:{number}")
