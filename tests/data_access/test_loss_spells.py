"""What the end of a loss is: a return, a paper that came, or neither; and who is back from an earlier school year."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from data_access.derive_losses import Loss, movement_losses, resumptions, settle
from data_access.schema import OPEN_END

SCHOOL = ("3135000003", "junior")
LOST = Loss(1, *SCHOOL, "dropped_out", date(2026, 3, 2), date(2026, 5, 6))


def kinds(*losses: Loss) -> list[tuple[str, date, int]]:
    return [(one.kind, one.valid_from, one.school_year) for one in resumptions(settle(losses))]


def test_a_death_is_no_return() -> None:
    assert settle([LOST])[0].back_until == OPEN_END
    assert settle([replace(LOST, ends_in_school=False)])[0].back_until is None


@pytest.mark.parametrize(
    ("kind", "back", "found"),
    [
        ("dropped_out", date(2026, 8, 31), []),  # back in its own year
        ("dropped_out", date(2026, 9, 1), [("resumed", date(2026, 9, 1), 2026)]),
        ("suspended_approved", date(2026, 9, 1), [("resumed", date(2026, 9, 1), 2026)]),
        ("suspended_approved", OPEN_END, []),
        ("unproven_transfer", date(2026, 9, 1), []),  # a paper came: the child did not
        ("death", OPEN_END, []),
    ],
)
def test_who_is_back_from_an_earlier_year(kind: str, back: date, found: list[object]) -> None:
    assert kinds(replace(LOST, kind=kind, valid_to=back)) == found


def test_a_suspension_that_lapses_is_no_resumption() -> None:
    lapsed = replace(LOST, kind="suspended_approved", valid_to=date(2026, 9, 10))
    lost = replace(LOST, kind="suspended_unapproved", valid_from=date(2026, 9, 10), valid_to=OPEN_END)
    assert kinds(lapsed, lost) == []


def test_lost_again_after_a_return_from_an_earlier_year() -> None:
    again = replace(LOST, valid_from=date(2026, 10, 9), valid_to=OPEN_END)
    assert kinds(replace(LOST, valid_to=date(2026, 9, 1)), again) == [("resumed", date(2026, 9, 1), 2026)]


@pytest.mark.parametrize(
    ("approved_on", "number", "unapproved_until"),
    [
        (None, None, OPEN_END),
        (date(2026, 10, 1), None, date(2026, 10, 1)),
        (None, "建教〔2026〕3号", date(2026, 9, 10)),
        (date(2026, 10, 1), "建教〔2026〕3号", date(2026, 10, 1)),
    ],
)
def test_an_approval_is_a_day_or_a_number(approved_on: date | None, number: str | None, unapproved_until: date) -> None:
    """A suspension written with the number of its approval alone is approved from its own day on (R191-R192)."""
    told = {"child_id": 1, "id": 7, "kind": "suspension", "on_date": date(2026, 9, 10), "ends_on": None, "matched_on": None}
    move = SimpleNamespace(**told, approved_on=approved_on, approval_no=number)
    losses = list(movement_losses(move, SCHOOL, (), ()))
    lost = [one.valid_to for one in losses if one.kind == "suspended_unapproved"]
    assert lost == ([] if unapproved_until == move.on_date else [unapproved_until])
