"""Where the facts of each kind come from: a rule on a kind that is listed here needs nothing more than its function."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from data_access.check_aid import read_aid
from data_access.check_cases import read_absences, read_cases, read_visits
from data_access.check_counts import read_class_counts, read_school_counts
from data_access.check_lists import read_lists
from data_access.check_look import Look
from data_access.check_movements import read_moves
from data_access.check_people import read_ages, read_numbers, read_placements, read_spells, read_twins
from data_access.check_reports import read_reports
from domain.check_facts import (
    AbsenceFacts,
    AidFacts,
    CaseFacts,
    ClassFacts,
    GradeFacts,
    ListFacts,
    MoveFacts,
    NumberFacts,
    PlacementFacts,
    ReportFacts,
    SchoolFacts,
    SpellFacts,
    TwinFacts,
    VisitFacts,
)

SOURCES: Mapping[type, Callable[[Look], Iterator[Any]]] = {
    NumberFacts: read_numbers,
    TwinFacts: read_twins,
    GradeFacts: read_ages,
    SpellFacts: read_spells,
    PlacementFacts: read_placements,
    AidFacts: read_aid,
    AbsenceFacts: read_absences,
    CaseFacts: read_cases,
    VisitFacts: read_visits,
    MoveFacts: read_moves,
    ReportFacts: read_reports,
    ClassFacts: read_class_counts,
    SchoolFacts: read_school_counts,
    ListFacts: read_lists,
}
# The first half of the work: facts about children that are read from nothing but their own records.
OF_CHILDREN = (NumberFacts, TwinFacts, GradeFacts, SpellFacts, PlacementFacts, AidFacts, AbsenceFacts)
