"""cohort_count: each year group of a school from its first day on: who was there, joined, left with papers, is kept."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select

from data_access.bulk import streamed
from data_access.derive_losses import LOST
from data_access.schema import COHORT, OPEN_END, cohort_count, enrolment_spell, exam_sitting, loss_spell
from domain.grades import Stage

PROVEN = frozenset({"transfer_out_proven", "abroad"})
AT_ONCE = 100
GRADES = {Stage.PRIMARY.value: 6, Stage.JUNIOR.value: 3, Stage.SPECIAL.value: 9}
Key = tuple[str, str, int]  # school code, stage, entry year
Span = tuple[date, date]  # [from, to)
Step = tuple[date, str, int]  # what changes on a day, and by how much


class Spell(NamedTuple):
    """One enrolment of a child, cut at graduation."""

    key: Key
    begins: date
    ends: date
    graduates_on: date


def rebuild_cohorts(conn: Connection, schools: Collection[str] | None = None) -> None:
    """Write cohort_count anew, for all schools or for some.

    `entrants`: on the register on 1 September of the year of entry. `moved_in`: joined later. `moved_out`: left, and either
    with proof (a transfer, abroad) or found on another register of the same stage. `kept`: on the register and not lost, at
    graduation for good. `sitters`: who sat the exam of grade 9; None while there is no list (R158).
    A child counts once in each, so that entrants + moved_in - moved_out is whom the school has to answer for.
    """
    parts: Iterable[list[str] | None] = [None] if schools is None else batched(sorted(schools))
    for part in parts:
        chosen = delete(cohort_count)
        conn.execute(chosen if part is None else chosen.where(cohort_count.c.school_code.in_(part)))
        rows = list(_rows(conn, part))
        if rows:
            conn.execute(insert(cohort_count), rows)


def batched(schools: Sequence[str]) -> Iterator[list[str]]:
    """A few schools at a time, so that a statement never has more parameters than a database takes."""
    return (list(schools[start : start + AT_ONCE]) for start in range(0, len(schools), AT_ONCE))


def _rows(conn: Connection, part: list[str] | None) -> Iterator[dict[str, Any]]:
    steps: defaultdict[Key, defaultdict[date, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    losses, wanted = _losses(conn, part), None if part is None else set(part)
    lives = Counter((tuple(spells), tuple(losses.get(child_id, ()))) for child_id, spells in _spells(conn, part).items())
    for (spells, gone), children in lives.items():  # most of a class have been there on the same days
        for key in {spell.key for spell in spells if wanted is None or spell.key[0] in wanted}:
            for day, name, change in cohort_steps(key, spells, gone):
                steps[key][day][name] += change * children
    sitters = _sitters(conn, part)
    for key in sorted(steps):
        yield from _running(key, steps[key], sitters.get(key))


def _running(key: Key, steps: dict[date, dict[str, int]], sitters: tuple[date, int] | None) -> Iterator[dict[str, Any]]:
    now, sat = dict.fromkeys(COHORT, 0), None
    days = sorted({*steps, *({sitters[0]} if sitters else ())} - {OPEN_END})
    for day, until in zip(days, [*days[1:], OPEN_END], strict=True):
        for name, change in steps.get(day, {}).items():
            now[name] += change
        if sitters and sitters[0] == day:
            sat = sitters[1]
        names = dict(zip(("school_code", "stage", "entry_year"), key, strict=True))
        yield {**names, "valid_from": day, "valid_to": until, **now, "sitters": sat}


def cohort_steps(key: Key, spells: Sequence[Spell], losses: Sequence[tuple[str, date, date]]) -> Iterator[Step]:
    """What one child adds to one year group; `spells`: all its enrolments of the stage, in order; `losses`: kind and days."""
    own = [spell for spell in spells if spell.key == key]
    entry, graduates_on = date(key[2], 9, 1), own[0].graduates_on
    if any(begins <= entry < ends for _, begins, ends, _ in own):
        yield entry, "entrants", 1
    else:
        yield max(entry, own[0].begins), "moved_in", 1
    gone = [(begins, ends) for kind, begins, ends in losses if kind in LOST]
    for begins, ends in _without([(one.begins, one.ends) for one in own], gone):
        yield from _span("kept", begins, ends, graduates_on)
    others = [one for one in spells if one.key != key and one.key[1] == key[1] and one.begins >= own[0].begins]
    elsewhere = [(one.begins, one.ends) for one in others]
    proven = [(begins, ends) for kind, begins, ends in losses if kind in PROVEN and begins >= own[0].begins]
    for begins, ends in _without(_merged([*elsewhere, *proven]), [(one.begins, one.ends) for one in own]):
        yield from _span("moved_out", begins, ends, graduates_on)


def _span(name: str, begins: date, ends: date, graduates_on: date) -> Iterator[Step]:
    """A span that lasts to graduation stays in the count for good; one that begins then is another matter."""
    if begins < graduates_on:
        yield begins, name, 1
        if ends < graduates_on:
            yield ends, name, -1


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for begins, ends in sorted(spans):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
        elif begins < ends:
            merged.append((begins, ends))
    return merged


def _without(spans: Iterable[Span], gaps: Iterable[Span]) -> list[Span]:
    """The spans less the gaps."""
    left = _merged(spans)
    for gap_begins, gap_ends in gaps:
        left = [
            piece
            for begins, ends in left
            for piece in ((begins, min(ends, gap_begins)), (max(begins, gap_ends), ends))
            if piece[0] < piece[1]
        ]
    return left


def _spells(conn: Connection, part: list[str] | None) -> dict[int, list[Spell]]:
    """The enrolments of whoever was at the schools, those at other schools of the same stage and year group too."""
    spell = enrolment_spell.c
    columns = (spell.child_id, spell.school_code, spell.stage, spell.entry_year, spell.valid_from, spell.valid_to)
    chosen = select(*columns, spell.graduates_on).order_by(spell.child_id, spell.valid_from)
    if part is not None:
        chosen = chosen.where(spell.child_id.in_(select(spell.child_id).where(spell.school_code.in_(part))))
    found: defaultdict[int, list[Spell]] = defaultdict(list)
    for child_id, school_code, stage, entry_year, begins, ends, graduates_on in streamed(conn.execute(chosen)):
        found[child_id].append(Spell((school_code, stage, entry_year), begins, min(ends, graduates_on), graduates_on))
    return found


def _losses(conn: Connection, part: list[str] | None) -> dict[int, list[tuple[str, date, date]]]:
    loss = loss_spell.c
    chosen = select(loss.child_id, loss.kind, loss.valid_from, loss.valid_to).where(loss.kind.in_([*LOST, *PROVEN]))
    if part is not None:
        at_schools = select(enrolment_spell.c.child_id).where(enrolment_spell.c.school_code.in_(part))
        chosen = chosen.where(loss.child_id.in_(at_schools))
    found: defaultdict[int, list[tuple[str, date, date]]] = defaultdict(list)
    for child_id, kind, begins, ends in conn.execute(chosen):
        found[child_id].append((kind, begins, ends))
    return found


def _sitters(conn: Connection, part: list[str] | None) -> dict[Key, tuple[date, int]]:
    """Year group -> the day of its exam list and how many sat; junior groups sit at the end of their third year."""
    exam = exam_sitting.c
    chosen = select(exam.school_code, exam.school_year, exam.on_date, exam.sat)
    if part is not None:
        chosen = chosen.where(exam.school_code.in_(part))
    found: dict[Key, tuple[date, int]] = {}
    for school_code, school_year, on_date, sat in conn.execute(chosen):
        key = (school_code, Stage.JUNIOR.value, school_year - GRADES[Stage.JUNIOR.value] + 1)
        first, count = found.get(key, (on_date, 0))
        found[key] = min(first, on_date), count + bool(sat)
    return found
