"""What a file must hold by what the child is; what is missing, in order; exact shares of one file and of a class."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.file_completeness import NEEDED, FileKind, FilePart, class_rate, completeness
from domain.rates import Rate
from domain.terms import all_words

KINDS = st.sets(st.sampled_from(FileKind))
PARTS = st.sets(st.sampled_from(FilePart))


@given(KINDS, PARTS)
def test_missing_and_held_make_up_what_is_needed(kinds: set[FileKind], held: set[FilePart]) -> None:
    found = completeness(kinds, held)
    assert set(found.needed) == {part for kind in kinds for part in NEEDED[kind]}
    assert set(found.missing) == set(found.needed) - held
    assert list(found.needed) == [part for part in FilePart if part in found.needed]
    assert found.rate == Rate(len(set(found.needed) & held), len(found.needed))


@given(KINDS, PARTS, st.sampled_from(FilePart))
def test_holding_more_never_lowers_the_share(kinds: set[FileKind], held: set[FilePart], more: FilePart) -> None:
    before, after = completeness(kinds, held), completeness(kinds, held | {more})
    assert after.rate.numerator >= before.rate.numerator
    assert after.rate.denominator == before.rate.denominator


def test_a_returned_dropout_s_file_needs_all_its_parts() -> None:
    found = completeness({FileKind.PUPIL, FileKind.AT_RISK, FileKind.RETURNED}, {FilePart.IDENTITY, FilePart.FOLLOW_UP})
    assert found.rate == Rate(2, 10)
    assert found.missing[-1] is FilePart.RETURN_HELPER


def test_nothing_needed_is_no_share() -> None:
    assert completeness(set(), set()).rate.fraction is None


def test_a_class_file_sums_parts_before_it_divides() -> None:
    whole = completeness({FileKind.PUPIL}, set(NEEDED[FileKind.PUPIL]))
    half = completeness({FileKind.PUPIL}, set(NEEDED[FileKind.PUPIL][:3]))
    assert class_rate([whole, half]) == Rate(9, 12)
    assert class_rate([]).fraction is None


def test_every_part_is_needed_by_somebody_and_has_words() -> None:
    assert {part for parts in NEEDED.values() for part in parts} == set(FilePart)
    assert all(all(all_words()[f"filepart.{part}"]) for part in FilePart)


@pytest.mark.parametrize("kind", FileKind)
def test_a_kind_names_each_part_once(kind: FileKind) -> None:
    assert len(set(NEEDED[kind])) == len(NEEDED[kind])
