"""Responsibility letters on the supervision page: signed of all, by line and role (R207, R233)."""

import streamlit as st

from domain.case_filter import CaseFilter
from domain.rates import Rate
from domain.scope import Scope
from pages.shared import cached
from pages.shared.table import Column, show_rows
from pages.shared.view import read_lang, tell


def show_letters(scope: Scope, chosen: CaseFilter) -> None:
    """The share signed in all and by role; a sentence where nobody is entered as responsible."""
    held = cached.count_letters(scope, chosen)
    st.markdown(f"**{tell('letters.title')}**", help=tell("letters.what"))
    if not held:
        st.caption(tell("letters.none"))
        return
    whole, lang = Rate.total(held.values()), read_lang()
    st.caption(tell("letters.all", share=whole.show_with_counts(lang), missing=whole.denominator - whole.numerator))
    rows = [
        {
            "role": tell(f"dutyrole.{role}"),
            "line": tell(f"dutyline.{role.line}"),
            "share": rate.show_with_counts(lang),
            "missing": rate.denominator - rate.numerator or None,
        }
        for role, rate in held.items()
    ]
    columns = [Column("role", tell("letters.role"), pinned=True), Column("line", tell("letters.line"))]
    columns += [Column("share", tell("letters.share")), Column("missing", tell("letters.missing"), "number")]
    show_rows("letters", rows, columns)
