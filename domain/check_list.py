"""All contradiction rules: importing the modules in which they stand makes them known."""

from collections.abc import Mapping
from types import MappingProxyType

from domain import checks_cases, checks_counts, checks_lists, checks_movements, checks_people, checks_reports
from domain.checks import Ground, Rule, registered

MODULES = (checks_people, checks_cases, checks_movements, checks_reports, checks_counts, checks_lists)
RULES: Mapping[str, Rule] = MappingProxyType(registered())


def rules_for(facts: type) -> tuple[Rule, ...]:
    """The rules that look at that kind of record."""
    return tuple(rule for rule in RULES.values() if rule.facts is facts)


def comparisons() -> tuple[Rule, ...]:
    """The six lists of 四查三比对."""
    return tuple(rule for rule in RULES.values() if rule.ground is Ground.LISTS)
