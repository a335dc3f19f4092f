"""Dropout rates of the places in view, ready for a bullet chart: numerators and denominators summed, divided last."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from data_access.schools import SchoolRow
from domain.area_counts import HIDDEN, attach_counts
from domain.case_filter import CaseFilter
from domain.grades import Stage
from domain.key_units import sees_whole_towns
from domain.rates import Rate
from domain.scope import Scope
from domain.suppress import SuppressRule, suppress_rates
from domain.targets import Indicator, Target, Verdict, applying, judge, strictest
from pages.shared import cached
from pages.shared.charts import Bullet
from pages.shared.school_panel import is_missed_by_poor
from pages.shared.view import tell

RULE = SuppressRule()


def count_missed(scope: Scope, chosen: CaseFilter) -> int | None:
    """School x stage rows that miss their target; None where none has pupils yet, as in a term to come: that is not 0."""
    rows = cached.read_schools(scope, chosen)
    if rows and all(row.rate.fraction is None for row in rows):
        return None
    return sum(row.verdict is Verdict.MISSED for row in rows)


def rates_by_place(scope: Scope, chosen: CaseFilter, stage: Stage) -> list[Bullet]:
    """One bullet for each county (when several are in view) or town, the highest rate first, each against its own target.

    A school's target set lower down does not bind its town. For roles without children, small numbers are left out. Where
    only some schools of a town are in view, each stands for itself.
    """
    rows = [row for row in cached.read_schools(scope, chosen) if row.stage == stage.value]
    if scope.sees_children and not sees_whole_towns(scope, chosen):
        return [school_bullet(row) for row in rows]
    digits = 6 if len({row.town_code[:6] for row in rows}) > 1 else 9
    names = cached.read_names(scope)
    places: dict[str, list[SchoolRow]] = {}
    for row in rows:
        places.setdefault(row.town_code[:digits], []).append(row)
    if not scope.sees_children:
        places = _without_small(places)
    bullets = [place_bullet(names.get(code, code), code, parts, stage, chosen) for code, parts in places.items()]
    if not scope.sees_children:
        bullets = [replace(one, note="") for one in bullets]  # how many lost children are poor
    return sorted(bullets, key=lambda one: (one.verdict is not Verdict.MISSED, -(one.rate.fraction or Fraction(0)), one.label))


def school_bullet(row: SchoolRow) -> Bullet:
    """A school's rate against its target."""
    name = f"{row.school_name} · {tell(f'stage.{row.stage}')}"
    note = tell("schools.missed_poor") if is_missed_by_poor(row) else ""
    return Bullet(name, row.rate, row.target.value if row.target else None, row.verdict, note)


def _without_small(places: Mapping[str, Sequence[SchoolRow]]) -> dict[str, Sequence[SchoolRow]]:
    """The places whose rate may be shown beside the rate of all of them together, which the methods page tells."""
    rates = {code: Rate.total(row.rate for row in rows) for code, rows in places.items()}
    above = attach_counts({code: rate.numerator for code, rate in rates.items()}, places)
    below = attach_counts({code: rate.denominator for code, rate in rates.items()}, places)
    shown, _ = suppress_rates(above, below, RULE)
    return {code: rows for code, rows in places.items() if shown.totals[code] is not HIDDEN}


def place_bullet(label: str, code: str, rows: Sequence[SchoolRow], stage: Stage, chosen: CaseFilter) -> Bullet:
    """The rate of all `rows` together against the strictest target of the area `code`.

    As for a school, a child lost from a poor household misses the target whatever the rate (R003).
    """
    rate, target = Rate.total(row.rate for row in rows), read_target(code, stage, chosen)
    over, poor = all(row.year_over for row in rows), sum(row.poor_lost for row in rows)
    by_rate = judge(rate, target, over)
    note = tell("panel.poor_lost", count=poor) if poor and by_rate is not Verdict.MISSED else ""
    return Bullet(label, rate, target.value if target else None, judge(rate, target, over, poor), note)


def read_target(code: str, stage: Stage, chosen: CaseFilter) -> Target | None:
    """The target that binds an area in the filter's school year: its own, or the strictest from above."""
    if chosen.period is None or chosen.as_of is None:
        return None
    chain = [code[:length] for length in (9, 6, 4, 2) if len(code) >= length]
    year = chosen.period.school_year
    return strictest(
        applying(cached.read_targets(year, chosen.as_of), chain, stage, year, Indicator.DROPOUT_RATE, as_of=chosen.as_of)
    )
