"""A small county with random people, for tests that hold derived tables against a recount."""

from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, insert

from data_access import schema
from data_access.schema import OPEN_END
from data_access.writing import write, write_state
from domain.grades import Stage, school_age_from, school_age_to

COUNTY = "359901"
TOWNS = ("359901100", "359901101")
VILLAGES = tuple(f"{town}{number}" for town in TOWNS for number in (200, 201, 202))
OUTSIDE = "359902100200"
SCHOOLS = {"2135000001": Stage.PRIMARY, "2135000002": Stage.PRIMARY, "3135000003": Stage.JUNIOR}
FIRST, LAST = date(2024, 9, 1), date(2027, 6, 1)


def lay_out(engine: Engine, today: date) -> None:
    """The areas and schools of the small county, nobody in them, on a day."""
    with write(engine, COUNTY) as conn:
        write_state(conn, "business_date", today.isoformat())
        SmallWorld(conn, 0)


class SmallWorld:
    """Writes areas, schools and any number of children with spells, movements and cases, from a seed."""

    def __init__(self, conn: Connection, seed: int) -> None:
        self.conn, self.random = conn, Random(seed)
        self.child = self.case = self.movement = 0
        self._frame()

    def _add(self, table: Any, **values: Any) -> None:
        self.conn.execute(insert(table).values(**values))

    def _frame(self) -> None:
        areas = [(COUNTY, "county"), *((code, "town") for code in TOWNS), *((code, "village") for code in VILLAGES)]
        for code, level in areas:
            county = code[:6]
            self._add(
                schema.area,
                code=code,
                level=level,
                parent_code=code[: {12: 9, 9: 6, 6: 4}[len(code)]],
                county_code=county,
                name=f"甲{code[-3:]}",
                valid_from=FIRST,
                valid_to=OPEN_END,
            )
        for number, (code, stage) in enumerate(SCHOOLS.items()):
            grades = (1, 6) if stage is Stage.PRIMARY else (7, 9)
            self._add(
                schema.school,
                code=code,
                name=f"测试{number}校",
                category=code[:2],
                county_code=COUNTY,
                town_code=TOWNS[number % 2],
                village_code=VILLAGES[number],
                kind=stage.value,
                valid_from=FIRST,
                valid_to=OPEN_END,
            )
            self._add(schema.school_stage, school_code=code, stage=stage.value, first_grade=grades[0], last_grade=grades[1])

    def day(self, first: date = FIRST, last: date = LAST) -> date:
        """Any day of the span."""
        return first + timedelta(days=self.random.randrange((last - first).days))

    def add_child(self) -> int:
        """One child with everything that may happen to it."""
        self.child += 1
        random = self.random
        birth = date(random.randint(2009, 2019), random.randint(1, 12), random.randint(1, 28))
        known = random.random() < 0.95
        self._add(
            schema.child,
            id=self.child,
            county_code=COUNTY,
            name=f"测试{self.child}",
            sex="male",
            birth_date=birth if known else None,
            school_age_from=school_age_from(birth) if known else None,
            school_age_to=school_age_to(birth) if known else None,
            sixteen_on=date(birth.year + 16, birth.month, birth.day) if known else None,
        )
        self._add_residences()
        self._add_enrolments()
        for group in ("left_behind_education", "left_behind_civil", "poor"):
            if random.random() < 0.4:
                begins = self.day()
                self._add(
                    schema.group_spell, child_id=self.child, group_name=group, valid_from=begins, valid_to=self._end_after(begins)
                )
        if random.random() < 0.4:
            self._add_cases()
        if random.random() < 0.3:
            self._add_movement()
        return self.child

    def _end_after(self, begins: date) -> date:
        return OPEN_END if self.random.random() < 0.5 else begins + timedelta(days=self.random.randint(1, 500))

    def _add_residences(self) -> None:
        begins = FIRST
        for _ in range(self.random.randint(1, 3)):
            ends = self._end_after(begins)
            outside = self.random.random() < 0.1
            home = None if outside or self.random.random() < 0.1 else self.random.choice(VILLAGES)
            registered = self.random.choice((*VILLAGES, OUTSIDE, None))
            self._add(
                schema.residence_spell,
                child_id=self.child,
                home_code=home,
                outside=outside,
                registered_code=registered,
                valid_from=begins,
                valid_to=ends,
            )
            if ends == OPEN_END:
                return
            begins = ends + timedelta(days=self.random.choice((0, 0, 20)))

    def _add_enrolments(self) -> None:
        begins = self.random.choice((FIRST, self.day()))
        for _ in range(self.random.randint(0, 2)):
            code, stage = self.random.choice(list(SCHOOLS.items()))
            entry = begins.year - self.random.randint(0, 5 if stage is Stage.PRIMARY else 2)
            graduates = date(entry + (6 if stage is Stage.PRIMARY else 3), 9, 1)
            ends = self._end_after(begins)
            self._add(
                schema.enrolment_spell,
                child_id=self.child,
                school_code=code,
                stage=stage.value,
                entry_year=entry,
                class_no=1,
                graduates_on=graduates,
                valid_from=begins,
                valid_to=ends,
            )
            begins = min(ends, graduates) + timedelta(days=self.random.choice((0, 0, 30, -10)))
            if begins.year > 2027:
                return

    def _add_cases(self) -> None:
        opened, before = self.day(), None
        for count in range(self.random.randint(1, 2)):
            self.case += 1
            returned = opened + timedelta(days=self.random.randint(3, 120)) if self.random.random() < 0.6 else None
            closed = returned + timedelta(days=self.random.randint(1, 200)) if returned and self.random.random() < 0.7 else None
            self._add(
                schema.case_file,
                id=self.case,
                child_id=self.child,
                opened_on=opened,
                first_absent_on=opened - timedelta(days=1),
                reason="02",
                relapse_of=before,
                relapse_count=count,
                closed_on=closed,
                outcome="relapsed" if closed else None,
            )
            for day, kind in ((opened, "at_risk"), (returned, "returned"), (closed, "closed")):
                if day:
                    self._add(schema.case_event, case_id=self.case, on_date=day, kind=kind)
            for _ in range(self.random.randint(0, 3)):
                self._add(
                    schema.home_visit,
                    child_id=self.child,
                    case_id=self.case,
                    visited_on=opened + timedelta(days=self.random.randint(0, 40)),
                    mode=self.random.choice(("doorstep", "phone")),
                    visitors="测试",
                )
            if closed is None:
                return
            opened, before = closed + timedelta(days=self.random.choice((0, 30))), self.case

    def _add_movement(self) -> None:
        self.movement += 1
        kind = self.random.choice(("transfer_out", "hosted", "suspension", "death", "abroad", "transfer_in"))
        code, stage = self.random.choice(list(SCHOOLS.items()))
        on = self.day()
        self._add(
            schema.movement_event,
            id=self.movement,
            child_id=self.child,
            kind=kind,
            on_date=on,
            from_school=code,
            to_school=code,
            stage=stage.value,
            approved_on=self.random.choice((None, on, on + timedelta(days=30))),
            ends_on=self.random.choice((None, on + timedelta(days=200))),
        )
        for paper in ("application", "village_certificate", "host_acceptance", "transfer_certificate", "passport"):
            if self.random.random() < 0.6:
                self._add(
                    schema.paper,
                    child_id=self.child,
                    movement_id=self.movement,
                    kind=paper,
                    dated_on=on + timedelta(days=self.random.randint(-5, 60)),
                )
