"""What every part of the demo shares: the plan, the date, the dice, the calendar and the rows made so far."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.random import PCG64, Generator

from data_access.areas import AreaRow
from data_access.demo_areas import read_demo_areas
from data_access.demo_book import RowBook
from data_access.demo_plan import YEARS_OF_HISTORY, DemoPlan
from data_access.secrets import Cipher
from domain.calendar import SchoolCalendar, school_year_of, usual_calendar

ROUND_DAYS = 5  # on which an inspector looks for a school's reports


class Contradiction(NamedTuple):
    """Rows of a table that disagree with others on purpose (数据打架), and the rule they break."""

    rule: str
    table: str
    ids: tuple[int, ...]


@dataclass
class World:
    """One demo in the making."""

    plan: DemoPlan
    seed: int
    as_of: date
    cipher: Cipher
    book: RowBook = field(default_factory=RowBook)
    contradictions: list[Contradiction] = field(default_factory=list)

    def rng(self, subject: str) -> Generator:
        """Dice of its own for each subject, so that one more throw here changes nothing there."""
        return Generator(PCG64([self.seed, crc32(subject.encode())]))

    def contradict(self, rule: str, table: str, *ids: int) -> None:
        """Note rows that were made to contradict others."""
        self.contradictions.append(Contradiction(rule, table, ids))

    @property
    def calendar(self) -> SchoolCalendar:
        """The terms of the demo are the usual ones."""
        return usual_calendar()

    @cached_property
    def school_year(self) -> int:
        """The start year of the school year that contains the demo date."""
        return school_year_of(self.as_of)

    @cached_property
    def years(self) -> range:
        """The school years with history, the present one last."""
        return range(self.school_year - YEARS_OF_HISTORY + 1, self.school_year + 1)

    @cached_property
    def areas(self) -> tuple[AreaRow, ...]:
        """All areas of the demo."""
        return read_demo_areas(self.plan.size)

    @cached_property
    def counties(self) -> list[str]:
        """The county codes."""
        return [area.code for area in self.areas if area.level == "county"]

    @cached_property
    def towns(self) -> list[AreaRow]:
        """The towns in which people live."""
        return [area for area in self.areas if area.level == "town" and not area.is_virtual]

    @cached_property
    def villages(self) -> list[AreaRow]:
        """The villages in which people live."""
        return [area for area in self.areas if area.level == "village" and not area.is_virtual]

    @cached_property
    def school_days(self) -> list[date]:
        """The school days of the three years up to the demo date, in order."""
        first, last = date(self.years[0], 9, 1).toordinal(), self.as_of.toordinal()
        days = (date.fromordinal(number) for number in range(first, last + 1))
        return [day for day in days if self.calendar.is_school_day(day)]

    @cached_property
    def rounds(self) -> list[tuple[date, date]]:
        """First and last days of the inspections of March and September, from the first year of history to next spring (R116)."""
        months = [(year, month) for year in range(self.years[0] + 1, self.school_year + 2) for month in (3, 9)][:-1]
        return [(date(*of, 1), date(*of, monthrange(*of)[1])) for of in months]

    @cached_property
    def reported_days(self) -> list[date]:
        """The school days with daily reports: the latest of all, then the last of each of the latest rounds."""
        closed = [ends for _, ends in self.rounds if ends <= self.as_of][-self.plan.reported_rounds :]
        latest = self.school_days[-self.plan.report_days :]
        before = [day for ends in closed for day in [one for one in self.school_days if one <= ends][-ROUND_DAYS:]]
        return latest + [day for day in before if day not in latest]

    def school_days_of(self, school_year: int) -> list[date]:
        """The school days of one year up to the demo date."""
        return self._days_by_year.get(school_year, [])

    @cached_property
    def _days_by_year(self) -> dict[int, list[date]]:
        found: dict[int, list[date]] = {}
        for day in self.school_days:
            found.setdefault(school_year_of(day), []).append(day)
        return found

    def draw(self, subject: str, children: np.ndarray[tuple[int], np.dtype[np.int64]], count: int) -> list[int]:
        """`count` of the children, without doubles, in the order drawn."""
        picked: list[int] = self.rng(subject).permutation(children)[:count].tolist()
        return picked
