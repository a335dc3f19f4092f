"""Contradictions about who a child is: numbers against each other, against birth and sex, age against grade, cards."""

from datetime import date

from domain.check_facts import AidFacts, GradeFacts, NumberFacts, PlacementFacts, SpellFacts, TwinFacts
from domain.checks import Ground, Owner, Severity, Side, Sides, count_text, day_text, rule

YOUNGEST, OLDEST = 6, 16  # full years by 31 August, at school
SLACK = 3  # years off the usual age of a grade: from so many on it is asked about
FIRST_AGE = 5  # plus the grade: the usual age
EARLIEST = 3  # nobody begins school before


@rule(Severity.ERROR, Owner.COUNTY, Ground.PEOPLE, "R183, R186", TwinFacts)
def same_id_twice(facts: TwinFacts, _day: date) -> Sides | None:
    """Two registers hold the same citizen number."""
    return _twins(facts) if facts.same_id else None


@rule(Severity.ERROR, Owner.COUNTY, Ground.PEOPLE, "R183", TwinFacts)
def same_registry_twice(facts: TwinFacts, _day: date) -> Sides | None:
    """Two children of different citizen numbers hold the same registry number."""
    return None if facts.same_id else _twins(facts)


def _twins(facts: TwinFacts) -> Sides:
    here = Side("registered_at", facts.unit or "", f"child:{facts.child_id}")
    return here, Side("registered_at", facts.other_unit or "", f"child:{facts.other_id}")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.PEOPLE, "R183", NumberFacts)
def registry_tail(facts: NumberFacts, _day: date) -> Sides | None:
    """A registry number with another number behind its letter than the citizen number (G), or another birth date (J, L)."""
    if facts.tail_fits is not False:
        return None
    number = Side("registry_tail", facts.registry_kind, f"child:{facts.child_id}")
    return number, Side("id_number", "", f"child:{facts.child_id}")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.PEOPLE, "R183", NumberFacts)
def birth_not_of_id(facts: NumberFacts, _day: date) -> Sides | None:
    """A birth date that the citizen number denies."""
    if facts.birth is None or facts.id_birth is None or facts.birth == facts.id_birth:
        return None
    return _own(facts, "birth", day_text(facts.birth)), _own(facts, "id_birth", day_text(facts.id_birth))


@rule(Severity.ERROR, Owner.SCHOOL, Ground.PEOPLE, "R183", NumberFacts)
def sex_not_of_id(facts: NumberFacts, _day: date) -> Sides | None:
    """A sex that the citizen number denies."""
    if facts.sex is None or facts.id_sex is None or facts.sex == facts.id_sex:
        return None
    return _own(facts, "sex", facts.sex), _own(facts, "id_sex", facts.id_sex)


@rule(Severity.ERROR, Owner.SCHOOL, Ground.PEOPLE, "R183", NumberFacts)
def id_unreadable(facts: NumberFacts, _day: date) -> Sides | None:
    """A citizen number that cannot be one: length, date or check character."""
    return None if facts.id_readable else (_own(facts, "id_number"), _own(facts, "id_rule"))


@rule(Severity.ERROR, Owner.SCHOOL, Ground.PEOPLE, "R183", NumberFacts)
def birth_in_future(facts: NumberFacts, day: date) -> Sides | None:
    """A child that is not born yet."""
    if facts.birth is None or facts.birth <= day:
        return None
    return _own(facts, "birth", day_text(facts.birth)), _own(facts, "today", day_text(day))


def _own(facts: NumberFacts, what: str, value: str = "") -> Side:
    return Side(what, value, f"child:{facts.child_id}")


@rule(Severity.WARNING, Owner.SCHOOL, Ground.PEOPLE, "R183", GradeFacts)
def age_not_of_grade(facts: GradeFacts, _day: date) -> Sides | None:
    """A pupil under 6 or over 16 by 31 August before the school year, or three and more years off the usual age of the grade."""
    usual = facts.grade + FIRST_AGE
    if YOUNGEST <= facts.age <= OLDEST and abs(facts.age - usual) < SLACK:
        return None
    return Side("age", count_text(facts.age), f"child:{facts.child_id}"), Side("grade", count_text(facts.grade))


@rule(Severity.ERROR, Owner.SCHOOL, Ground.PEOPLE, "R183", SpellFacts)
def school_days_impossible(facts: SpellFacts, _day: date) -> Sides | None:
    """At school before the third birthday, or until a day before the first."""
    begins = Side("at_school_from", day_text(facts.begins), f"enrolment_spell:{facts.spell_id}")
    if facts.ends < facts.begins:
        return begins, Side("at_school_until", day_text(facts.ends))
    if facts.birth is not None and facts.begins.year - facts.birth.year < EARLIEST:
        return begins, Side("birth", day_text(facts.birth), f"child:{facts.child_id}")
    return None


@rule(Severity.ERROR, Owner.SCHOOL, Ground.PEOPLE, "R183", PlacementFacts)
def card_not_of_disability(facts: PlacementFacts, _day: date) -> Sides | None:
    """A disability card of another person, kind or level than the one recorded."""
    if facts.card_fits is None:
        return None
    if not facts.card_fits:
        return Side("card_holder", "", facts.record), Side("id_number", "", f"child:{facts.child_id}")
    recorded, printed = _degree(facts.disability, facts.level), _degree(facts.card_kind, facts.card_level)
    if recorded == printed or facts.disability is None:
        return None
    return Side("card", printed, facts.record), Side("disability", recorded, facts.record)


def _degree(kind: str | None, level: int | None) -> str:
    return f"{kind or ''} {count_text(level)}".strip()


@rule(Severity.WARNING, Owner.SCHOOL, Ground.PEOPLE, "R106, R187", AidFacts)
def poor_without_aid(facts: AidFacts, _day: date) -> Sides | None:
    """Registry, poverty list and aid: a pupil of a poor household to whom no grant or living aid goes."""
    if not (facts.is_poor and facts.is_registered) or facts.aid:
        return None
    return Side("poverty_list", "listed", f"child:{facts.child_id}"), Side("aid_list")


@rule(Severity.WARNING, Owner.COUNTY, Ground.PEOPLE, "R106, R187", AidFacts)
def aid_without_registry(facts: AidFacts, _day: date) -> Sides | None:
    """A grant or living aid that goes to a child on no register."""
    if facts.is_registered or not facts.aid:
        return None
    return Side("aid_list", facts.aid, facts.record), Side("registry_list")


@rule(Severity.ERROR, Owner.SCHOOL, Ground.PEOPLE, "R079", PlacementFacts)
def inclusive_without_registry(facts: PlacementFacts, _day: date) -> Sides | None:
    """A disabled pupil of an ordinary class who stands on no registry."""
    if facts.placement != "inclusive" or facts.has_registry:
        return None
    return Side("placement", facts.placement, f"child:{facts.child_id}"), Side("registry_number")
