"""A county small enough to count by hand: two towns, five villages, three schools, children in every state the pages show."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert

from data_access import schema
from data_access.areas import Bundle, write_bundle
from data_access.derive import rebuild_all
from data_access.schema import OPEN_END
from data_access.sessions import open_demo_session
from data_access.visitors import session_id_of
from data_access.writing import write, write_state
from domain.grades import Stage, school_age_from, school_age_to
from domain.scope import Role

COUNTY, TODAY = "350430", date(2026, 11, 20)
TOWNS = {"350430100": "甲镇", "350430200": "乙乡"}
VILLAGES = {
    "350430100001": "城南社区",
    "350430100201": "河东村",
    "350430100202": "河西村",
    "350430200201": "山前村",
    "350430200202": "山后村",
}
SCHOOLS = {
    "2135000001": ("甲镇小学", Stage.PRIMARY, "350430100"),
    "3135000002": ("甲镇中学", Stage.JUNIOR, "350430100"),
    "2135000003": ("乙乡小学", Stage.PRIMARY, "350430200"),
}
PUPILS_EACH = 40
OPEN_CASES = 6  # four of them overdue at TODAY
BEGINS = date(2024, 9, 1)


class TinyCounty:
    """Writes the county, row by row, in one transaction."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.children = 0

    def add(self, table: Any, **values: Any) -> None:
        """One row."""
        self.conn.execute(insert(table).values(**values))

    def write(self) -> None:
        """Everything, derived tables included."""
        self.add_places()
        self.add_people()
        for code, (_, stage, town) in SCHOOLS.items():
            homes = [village for village in VILLAGES if village.startswith(town)]
            for number in range(PUPILS_EACH):
                self.add_pupil(code, stage, None if number == 0 else homes[number % len(homes)], number)
        self.add_cases()
        self.add_targets()
        write_state(self.conn, "demo", "1")
        write_state(self.conn, "business_date", TODAY.isoformat())
        rebuild_all(self.conn)

    def add_places(self) -> None:
        named = {COUNTY: "建宁县", **TOWNS, **VILLAGES}
        for code, name in named.items():
            level = {6: "county", 9: "town", 12: "village"}[len(code)]
            self.add(
                schema.area,
                code=code,
                level=level,
                parent_code=code[: {6: 4, 9: 6, 12: 9}[len(code)]],
                county_code=COUNTY,
                name=name,
                lon=116.8 + int(code[-3:]) / 1000,
                lat=26.8,
                valid_from=BEGINS,
                valid_to=OPEN_END,
            )
        for level, codes in (("county", (COUNTY,)), ("town", tuple(TOWNS)), ("village", tuple(VILLAGES))):
            write_bundle(self.conn, Bundle(COUNTY, level, f"etag-{level}", codes, synthetic=True), b"")
        for code, (name, stage, town) in SCHOOLS.items():
            grades = (1, 6) if stage is Stage.PRIMARY else (7, 9)
            self.add(
                schema.school,
                code=code,
                name=name,
                category=code[:2],
                county_code=COUNTY,
                town_code=town,
                kind=stage.value,
                valid_from=BEGINS,
                valid_to=OPEN_END,
            )
            self.add(schema.school_stage, school_code=code, stage=stage.value, first_grade=grades[0], last_grade=grades[1])
        for code, starts in (("2026-09", date(2026, 9, 1)), ("2026-03", date(2026, 3, 1))):
            autumn = starts.month == 9
            self.add(
                schema.supervision_round,
                code=code,
                county_code=COUNTY,
                name=f"{starts.year}年{'秋' if autumn else '春'}季督导",
                starts=starts,
                ends=starts + timedelta(days=29),
                as_of=starts + timedelta(days=29),
                school_year=2026 if autumn else 2025,
                term=1 if autumn else 2,
            )

    def add_people(self) -> None:
        for number, (role, place) in enumerate(
            (("class_teacher", {"school_code": "3135000002"}), ("village_committee", {"area_code": "350430100201"})), 1
        ):
            line = "school" if number == 1 else "government"
            self.add(
                schema.person,
                id=number,
                county_code=COUNTY,
                name=f"干部{number}",
                role=role,
                valid_from=BEGINS,
                valid_to=OPEN_END,
                **place,
            )
            self.add(schema.responsibility, person_id=number, line=line, role=role, valid_from=BEGINS, valid_to=OPEN_END, **place)

    def add_pupil(self, school: str, stage: Stage, home: str | None, number: int) -> int:
        self.children += 1
        age, entry = (13, 2025) if stage is Stage.JUNIOR else (8, 2025)
        birth = date(TODAY.year - age, 3, 1 + number % 28)
        self.add(
            schema.child,
            id=self.children,
            county_code=COUNTY,
            name=f"测试{self.children}",
            sex="male" if number % 2 else "female",
            birth_date=birth,
            school_age_from=school_age_from(birth),
            school_age_to=school_age_to(birth),
            sixteen_on=birth.replace(year=birth.year + 16),
        )
        self.add(
            schema.residence_spell,
            child_id=self.children,
            home_code=home,
            home_text=None if home else "外村",
            registered_code=home,
            valid_from=BEGINS,
            valid_to=OPEN_END,
        )
        self.add(
            schema.enrolment_spell,
            child_id=self.children,
            school_code=school,
            stage=stage.value,
            entry_year=entry,
            class_no=1 + number % 2,
            graduates_on=date(2031 if stage is Stage.PRIMARY else 2028, 9, 1),
            valid_from=date(2025, 9, 1),
            valid_to=OPEN_END,
        )
        if number % 4 == 0:
            self.add(
                schema.group_spell,
                child_id=self.children,
                group_name="left_behind_education",
                detail="one_parent",
                checked_on=date(2026, 11, 1) if number % 8 else date(2026, 2, 1),
                valid_from=BEGINS,
                valid_to=OPEN_END,
            )
        if number % 5 == 0:
            self.add(
                schema.group_spell,
                child_id=self.children,
                group_name="left_behind_civil",
                checked_on=date(2026, 11, 1),
                valid_from=BEGINS,
                valid_to=OPEN_END,
            )
        return self.children

    def add_cases(self) -> None:
        """Six open cases among the junior pupils (children 41-46), the first four long absent, and one closed."""
        for number in range(OPEN_CASES):
            opened = date(2026, 10, 12) if number < 4 else TODAY
            self.add(
                schema.case_file,
                id=number + 1,
                child_id=41 + number,
                opened_on=opened,
                first_absent_on=opened,
                school_code="3135000002",
                stage="junior",
                reason="02",
            )
            self.add(schema.case_event, case_id=number + 1, on_date=opened, kind="dropout" if number < 2 else "suspected")

    def add_targets(self) -> None:
        for stage, value in (("primary", (0, 1)), ("junior", (8, 1000))):
            self.add(
                schema.target,
                level="county",
                unit_code=COUNTY,
                stage=stage,
                school_year=2026,
                indicator="dropout_rate",
                comparison="<=",
                value_num=value[0],
                value_den=value[1],
                document="县控辍保学方案",
                valid_from=BEGINS,
                valid_to=OPEN_END,
            )


def write_bare_county(engine: Engine) -> None:
    """A county of which only the name is known."""
    with write(engine, COUNTY) as conn:
        TinyCounty(conn).add(
            schema.area, code=COUNTY, level="county", county_code=COUNTY, name="建宁县", valid_from=BEGINS, valid_to=OPEN_END
        )
        write_state(conn, "demo", "1")
        write_state(conn, "business_date", TODAY.isoformat())


def write_tiny_county(engine: Engine) -> None:
    """Fill an empty database."""
    with write(engine, COUNTY, role=None) as conn:
        TinyCounty(conn).write()


def open_demo(engine: Engine, role: Role = Role.COUNTY) -> str:
    """The id of a session of the demo's account for a role."""
    return session_id_of(open_demo_session(engine, role, "127.0.0.1"))
