"""How complete a file is: of one child (一生一档) and of a class (一班一档), with the parts that are missing."""

import streamlit as st

from domain.case_filter import CaseFilter
from domain.file_completeness import Completeness, FilePart, class_rate
from domain.grades import grade_label
from domain.rates import Rate, show_percent
from domain.scope import Scope
from pages.shared import cached
from pages.shared.panels import open_file
from pages.shared.table import Column, show_rows
from pages.shared.view import read_lang, tell


def say_rate(rate: Rate) -> tuple[str, str]:
    """A rate as per cent and as the exact fraction; a dash where nothing is needed."""
    percent = show_percent(rate.fraction) if rate.fraction is not None else "—"
    return percent, f"{rate.numerator}/{rate.denominator}"


def say_parts(parts: tuple[FilePart, ...]) -> str:
    """Parts in words."""
    return tell("panel.comma").join(tell(f"filepart.{part}") for part in parts)


def show_completeness(found: Completeness) -> None:
    """The share of the parts that the file holds, and the missing ones by name."""
    percent, fraction = say_rate(found.rate)
    st.progress(float(found.rate.fraction or 0), tell("completeness.title", percent=percent, fraction=fraction))
    if found.missing:
        st.caption(tell("completeness.missing", parts=say_parts(found.missing)))
    else:
        st.caption(tell("completeness.whole"))


def show_class_files(scope: Scope, chosen: CaseFilter) -> None:
    """The class files of the filter's school and grade: each class's share, and its pupils with what their files lack."""
    if chosen.school is None or chosen.grade is None:
        st.caption(tell("completeness.choose"))
        return
    numbers = sorted({row.class_no for row in cached.read_classes(scope, chosen) if row.class_no})
    words = {None: tell("completeness.everybody"), **{one: f"{one}" for one in numbers}}
    class_no = st.selectbox(tell("cases.class"), list(words), format_func=lambda one: words.get(one, str(one)), key="files.class")
    files = cached.read_class_files(scope, chosen, class_no)
    percent, fraction = say_rate(class_rate(one.completeness for one in files))
    label = grade_label(chosen.grade, read_lang()) + (f" {class_no}" if class_no else "")
    st.markdown(f"**{tell('completeness.class', label=label, percent=percent, fraction=fraction)}**")
    rows = [
        {
            "name": one.name,
            "rate": float(one.completeness.rate.fraction or 0),
            "missing": say_parts(one.completeness.missing),
        }
        for one in files
    ]
    columns = [
        Column("name", tell("child_file.name"), width=110),
        Column("rate", tell("completeness.rate"), "percent", width=90),
        Column("missing", tell("completeness.parts"), width="large"),
    ]
    picked = show_rows("files.class", rows, columns, selectable=True)
    if picked is not None:
        open_file(files[picked].child_id)
