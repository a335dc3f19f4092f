"""What every role may see of a small county, worked out from the plain rows: no SQL condition, no wall, no code of the reads."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from data_access import schema
from data_access.measures import Measure
from domain.case_filter import Basis, CaseFilter
from domain.scope import Scope

FIRST_GRADE = {"primary": 1, "junior": 7}


class Plain:
    """All rows of a database in memory, asked one by one."""

    def __init__(self, conn: Connection) -> None:
        def rows(table: Any) -> list[Any]:
            return list(conn.execute(select(table)))

        self.children = {row.id: row for row in rows(schema.child)}
        self.places, self.spans, self.groups = rows(schema.child_place), rows(schema.case_interval), rows(schema.group_spell)
        self.visits, self.schools, self.stages = rows(schema.home_visit), rows(schema.school), rows(schema.school_stage)
        self.corrected = {row.corrects for row in self.visits}
        self.open_of: dict[int, list[Any]] = {}
        for span in self.spans:
            if span.status != "closed":
                self.open_of.setdefault(span.child_id, []).append(span)
        self._groups: dict[date, dict[int, set[str]]] = {}
        self._schools: dict[Scope, set[str]] = {}

    def schools_of(self, scope: Scope) -> set[str]:
        """The schools that stand in the scope's areas, and those it names."""
        if scope in self._schools:
            return self._schools[scope]
        found = self._schools[scope] = set(scope.schools)
        for school in self.schools:
            for area in scope.areas:
                if (school.town_code or "").startswith(area):  # a village sees its own children, no school
                    found.add(school.code)
        return found

    def is_inside(self, scope: Scope, row: Any) -> bool:
        """Whether a row with place columns lies in the scope."""
        if row.school_code in self.schools_of(scope):
            return True
        codes = [row.home_code or "", row.registered_code or ""]
        return any(
            code.startswith(area) for area in scope.areas for code in [*codes, *([row.county_code] if len(area) <= 6 else [])]
        )

    def ever(self, scope: Scope) -> set[int]:
        """The children that stand or stood in the scope: what the wall lets through at most."""
        return {row.child_id for row in self.places if self.is_inside(scope, row)}

    def chooses(self, chosen: CaseFilter, row: Any) -> bool:
        """Area, school, stage, grade and groups, on a row with place columns valid on the day."""
        at = row.registered_code if chosen.basis is Basis.REGISTERED else row.home_code
        if chosen.unlocated and at is not None:
            return False
        if chosen.area and not (at or "").startswith(chosen.area):
            whole = at is None and len(chosen.area) <= 6 and row.county_code.startswith(chosen.area)
            if not whole:
                return False
        if chosen.school and row.school_code != chosen.school:
            return False
        if chosen.stage and row.stage != chosen.stage.value:
            return False
        return self._grade_fits(chosen, row) and self._group_fits(chosen, row.child_id)

    def _grade_fits(self, chosen: CaseFilter, row: Any) -> bool:
        if not chosen.grade:
            return True
        day = day_of(chosen)
        year = day.year if day >= date(day.year, 9, 1) else day.year - 1
        stage = "primary" if chosen.grade < 7 else "junior"
        return row.stage == stage and row.entry_year is not None and FIRST_GRADE[stage] + year - row.entry_year == chosen.grade

    def _group_fits(self, chosen: CaseFilter, child_id: int) -> bool:
        wanted = {group.value for group in chosen.groups}
        return not wanted or bool(wanted & self.groups_on(child_id, day_of(chosen)))

    def groups_on(self, child_id: int, day: date) -> set[str]:
        """The groups a child is in."""
        if day not in self._groups:
            self._groups[day] = {}
            for row in valid(self.groups, day):
                self._groups[day].setdefault(row.child_id, set()).add(row.group_name)
        return self._groups[day].get(child_id, set())

    def case_fits(self, chosen: CaseFilter, span: Any) -> bool:
        """Status, reason, rung and overdue; without a status asked for, the open cases."""
        day = day_of(chosen)
        wanted = {status.value for status in chosen.statuses}
        if (span.status not in wanted) if wanted else span.status == "closed":
            return False
        if chosen.reasons and span.reason not in {reason.value for reason in chosen.reasons}:
            return False
        if chosen.rung and span.rung != chosen.rung:
            return False
        return not chosen.overdue or (span.overdue_from is not None and span.overdue_from <= day)

    def cases(self, scope: Scope, chosen: CaseFilter) -> list[Any]:
        """The case spans that the filter chooses."""
        return [
            span
            for span in valid(self.spans, day_of(chosen))
            if self.is_inside(scope, span) and self.chooses(chosen, span) and self.case_fits(chosen, span)
        ]

    def standing(self, scope: Scope, chosen: CaseFilter) -> list[Any]:
        """The places of the children that the filter chooses."""
        day = day_of(chosen)
        found = [row for row in valid(self.places, day) if self.is_inside(scope, row) and self.chooses(chosen, row)]
        if chosen.statuses or chosen.reasons or chosen.rung or chosen.overdue:
            having = {span.child_id for span in valid(self.spans, day) if self.case_fits(chosen, span)}
            found = [row for row in found if row.child_id in having]
        return found

    def counts_in(self, measure: Measure, child_id: int, day: date) -> bool:
        """Whether a child is counted."""
        child, groups = self.children[child_id], self.groups_on(child_id, day)
        of_age = child.school_age_to is None or child.school_age_to > day
        spans = valid(self.open_of.get(child_id, ()), day)
        return {
            Measure.CHILDREN: of_age and (child.school_age_from is None or child.school_age_from <= day),
            Measure.AT_RISK: bool(spans),
            Measure.OVERDUE: any(one.overdue_from and one.overdue_from <= day for one in spans),
            Measure.LEFT_BEHIND: "left_behind_education" in groups and of_age,
            Measure.LEFT_BEHIND_CIVIL: "left_behind_civil" in groups and (child.sixteen_on is None or child.sixteen_on > day),
        }[measure]

    def village_counts(self, scope: Scope, chosen: CaseFilter) -> dict[str | None, tuple[int, ...]]:
        """Village -> the five counts, villages with nothing left out."""
        found: dict[str | None, Counter[Measure]] = {}
        for row in self.standing(scope, chosen):
            at = row.registered_code if chosen.basis is Basis.REGISTERED else row.home_code
            counter = found.setdefault(at, Counter())
            counter.update(measure for measure in Measure if self.counts_in(measure, row.child_id, day_of(chosen)))
        return {at: numbers for at, counter in found.items() if any(numbers := tuple(counter[one] for one in Measure))}

    def visits_of(self, scope: Scope, chosen: CaseFilter) -> set[int]:
        """The visits that the filter chooses."""
        day = day_of(chosen)
        places = {row.child_id for row in valid(self.places, day) if self.is_inside(scope, row) and self.chooses(chosen, row)}
        begins = chosen.period.starts if chosen.period else date.min
        asked = chosen.statuses or chosen.reasons or chosen.rung or chosen.overdue
        having = {span.case_id for span in valid(self.spans, day) if self.case_fits(chosen, span)}
        return {
            row.id
            for row in self.visits
            if row.child_id in places
            and begins <= row.visited_on <= day
            and row.id not in self.corrected
            and (not asked or row.case_id in having)
        }

    def units(self, scope: Scope, chosen: CaseFilter) -> set[tuple[str, str]]:
        """The schools x stages that the filter chooses."""
        inside = self.schools_of(scope)
        stage = chosen.stage.value if chosen.stage else ("primary" if chosen.grade < 7 else "junior") if chosen.grade else None
        found = set()
        for school in valid(self.schools, day_of(chosen)):
            stands = school.village_code if chosen.area and len(chosen.area) == 12 else school.town_code
            fits = (stands or "").startswith(chosen.area or "") and chosen.school in (None, school.code)
            if school.code in inside and fits:
                found |= {(one.school_code, one.stage) for one in self.stages if one.school_code == school.code}
        return {unit for unit in found if stage in (None, unit[1])}


def valid(rows: Iterable[Any], day: date) -> list[Any]:
    """Rows valid on a day."""
    return [row for row in rows if row.valid_from <= day < row.valid_to]


def day_of(chosen: CaseFilter) -> date:
    """The as-of day."""
    assert chosen.as_of
    return chosen.as_of


def pick(random: Random, values: Iterable[Any], share: float) -> Any:
    """One of the values with that probability, else None."""
    return random.choice(list(values)) if random.random() < share else None
