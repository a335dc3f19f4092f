"""The classes of a school: baselines, losses, the arithmetic of their assessment, visits at the door."""

from itertools import groupby

import streamlit as st

from domain.bureau_settings import class_line_of, money_of, penalty_of
from domain.case_filter import CaseFilter
from domain.class_arithmetic import assessed_headcount, coefficient, excess_losses, grade_rate, money, teacher_is_eligible
from domain.grades import Stage, grade_label
from domain.key_units import Completeness, badge
from domain.rates import Rate, show_decimal
from domain.scope import Scope
from pages.shared import cached
from pages.shared.case_panel import say_class
from pages.shared.school_panel import school_columns
from pages.shared.table import Column, show_rows
from pages.shared.view import read_lang, tell

NOTHING_KNOWN = Completeness(0, 0, 0, False)


def show_classes(scope: Scope, here: CaseFilter) -> None:
    """The classes of this stage: baseline, losses, the teacher's eligibility, visits at the door this term."""
    classes = cached.read_classes(scope, here)
    pupils, visited = sum(one.pupils for one in classes), sum(one.visited for one in classes)
    st.caption(tell("schools.visited_share", share=Rate(visited, pupils).show_with_counts(read_lang())))
    names = ["class", "pupils", "baseline", "unassessed", "lost", "class_rate", "eligible", "coefficient"]
    names += ["visited", "open_cases", "badge"]
    rows = list_classes(scope, here)
    if any("deduction" in row for row in rows):
        names[8:8] = ["deduction", "reward"]
    show_rows("school.classes", rows, school_columns(*names))
    show_grades(scope, here)


def show_grades(scope: Scope, here: CaseFilter) -> None:
    """The grades with who answers for each, assessed together with their classes (R214)."""
    values = cached.read_settings(cached.first_county(scope), here.as_of or cached.moment().today)
    line, heads = class_line_of(values), cached.read_grade_heads(scope, here)
    if not heads:
        st.caption(tell("grades.none"))
        return
    rows = []
    for grade, classes in groupby(cached.read_classes(scope, here), key=lambda one: one.grade):
        mine = list(classes)
        rate = grade_rate([(one.lost, one.baseline) for one in mine])
        eligible = teacher_is_eligible(rate, line) if here.stage is Stage.JUNIOR else None
        rows.append(
            {
                "grade": grade_label(grade, read_lang()),
                "head": [heads.get((mine[0].stage, grade), tell("grades.nobody"))],
                "classes": len(mine),
                "lost": sum(one.lost for one in mine) or None,
                "rate": rate.show(read_lang()),
                "eligible": None if eligible is None else tell("setting.yes" if eligible else "setting.no"),
            }
        )
    columns = [
        Column("grade", tell("grades.grade"), pinned=True),
        Column("head", tell("grades.head"), "tags", red=(tell("grades.nobody"),)),
    ]
    columns += [Column(name, tell(f"grades.{name}"), "number") for name in ("classes", "lost")]
    show_rows("school.grades", rows, [*columns, *(Column(name, tell(f"grades.{name}")) for name in ("rate", "eligible"))])


def list_classes(scope: Scope, here: CaseFilter) -> list[dict[str, object]]:
    """The classes as rows; the arithmetic is that of the settings in force (R005, R161, R169).

    Money stands in them only where the bureau has turned it on (R164-R165).
    """
    complete = cached.read_completeness(scope, here).get(here.school or "", NOTHING_KNOWN)
    values = cached.read_settings(cached.first_county(scope), here.as_of or cached.moment().today)
    line, penalty, rules = class_line_of(values), penalty_of(values), money_of(values)
    found: list[dict[str, object]] = []
    for one in cached.read_classes(scope, here):
        eligible = teacher_is_eligible(one.rate, line) if here.stage is Stage.JUNIOR else None
        assessed = None if one.baseline is None else assessed_headcount(one.baseline, one.unassessed, one.unassessed)
        share = None if assessed is None else coefficient(excess_losses(one.lost, assessed, penalty), penalty)
        paid = money(one.lost, one.back, rules)
        found.append(
            {
                "class": say_class(one.grade, one.class_no, read_lang()),
                "pupils": one.pupils,
                "baseline": one.baseline,
                "unassessed": one.unassessed or None,
                "lost": one.lost or None,
                "class_rate": one.rate.show(read_lang()),
                "eligible": None if eligible is None else tell("setting.yes" if eligible else "setting.no"),
                "coefficient": None if share is None else show_decimal(share),
                "visited": one.visited,
                "open_cases": one.open_cases or None,
                "badge": tell(f"badge.{badge(one.lost, complete, year_over=False)}"),
                **({"deduction": paid.deduction or None, "reward": paid.reward or None} if paid else {}),
            }
        )
    return found
