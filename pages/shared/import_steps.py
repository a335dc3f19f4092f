"""The three steps of an import: choose a workbook, mend what is asked and what is wrong, confirm what will change."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st

from data_access.exports import spool
from data_access.import_apart import Order, import_apart
from data_access.import_files import Writer, marked_copy, problem_list
from data_access.import_ledger import Progress
from data_access.import_result import Action, HeaderColumn, ImportResult
from data_access.workbook_guard import LIMITS
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.ledgers import ledger, read_ledgers
from domain.scope import Role, Scope
from pages.shared import cached
from pages.shared.plain import plain
from pages.shared.scope import session_id
from pages.shared.table import Column, show_rows
from pages.shared.uploader import choose_file
from pages.shared.view import read_lang, tell, tell_problem

TRIED = "imports.tried"
WORKBOOKS = ["xlsx", "xls", "csv", "txt", "et"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
DOWNLOAD = "download/"
MOST_SHOWN = 200
MOST_ASKED = 40


@dataclass(frozen=True)
class Upload:
    """A workbook that was chosen, and what the clerk said about it."""

    name: str
    content: bytes
    ledger: str | None
    school: str | None
    as_of: date
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """The bytes in short: tells two uploads apart."""
        return sha256(self.content).hexdigest()[:16]


def choose_upload(scope: Scope, chosen: CaseFilter) -> Upload | None:
    """Step one: the file, and which ledger, school and day it stands for; None until a file is there."""
    st.markdown(f"**{tell('imports.step1')}**")
    given = choose_file(
        tell("imports.file"), WORKBOOKS, LIMITS.file_bytes // 1024**2, key="bring.file", help_text=tell("imports.file_help")
    )
    codes = ["", *read_ledgers()]
    with st.container(horizontal=True, gap="medium"):
        code = st.selectbox(tell("imports.ledger"), codes, format_func=say_ledger, key="bring.ledger", width=320)
        school = _choose_school(scope)
        day = st.date_input(
            tell("imports.as_of"), chosen.as_of or cached.moment().today, key="bring.day", width=160, format="YYYY-MM-DD"
        )
    if given is None or not isinstance(day, date):
        st.caption(tell("imports.nothing_yet"))
        return None
    content = given.getvalue()
    return _with_choices(Upload(given.name, content, code or None, school, day))


def say_ledger(code: str) -> str:
    """A ledger by code and title; without one, that it is found by its headers."""
    return f"{code} {tell(f'ledger.{code}')}" if code else tell("imports.by_header")


def _choose_school(scope: Scope) -> str | None:
    if scope.role is Role.SCHOOL and len(scope.schools) == 1:
        return scope.schools[0]
    names = {one.school_code: one.school_name for one in cached.list_schools(scope, cached.first_county(scope))}
    options = ["", *names]
    picked = st.selectbox(
        tell("imports.school"),
        options,
        format_func=lambda one: names.get(one, tell("imports.in_file")),
        key="bring.school",
        width=240,
        help=tell("imports.school_help"),
    )
    return picked or None


def _with_choices(upload: Upload) -> Upload:
    """The upload with what the clerk has decided about its headers so far."""
    start = f"bring.map.{upload.digest}."
    made = {str(key)[len(start) :]: value for key, value in st.session_state.items() if str(key).startswith(start)}
    kept = tuple(sorted((header, field) for header, field in made.items() if field is not None))
    return Upload(upload.name, upload.content, upload.ledger, upload.school, upload.as_of, kept)


def _run(scope: Scope, upload: Upload, progress: Progress = lambda _step, _share: None, **options: Any) -> ImportResult:
    with tempfile.TemporaryDirectory(prefix="kongchuo-") as folder:
        path = Path(folder) / "upload"
        path.write_bytes(upload.content)
        told = {"school": upload.school, "name": upload.name, "choices": dict(upload.choices), **options}
        order = Order(path, ledger(upload.ledger) if upload.ledger else None, upload.as_of, told)
        return import_apart(cached.engine(), scope, order, progress)


def try_upload(scope: Scope, upload: Upload) -> ImportResult | None:
    """What the import would do, worked out once for each file, choice and state of the data; nothing is written."""
    key = (upload.digest, upload.ledger, upload.school, upload.as_of, upload.choices, cached.moment().version)
    kept = st.session_state.get(TRIED)
    if kept is None or kept[0] != key:
        try:
            with st.spinner(tell("imports.trying")):
                kept = (key, _run(scope, upload, dry_run=True))
        except ProblemError as problem:
            st.error(tell_problem(problem), icon=":material/error:")
            return None
        st.session_state[TRIED] = kept
    result: ImportResult = kept[1]
    return result


def ask_ledger(tried: ImportResult) -> None:
    """The header fits several ledgers about equally: the clerk says which one it is before anything else is shown."""
    st.warning(tell("imports.which_ledger"), icon=":material/help:")
    with st.container(horizontal=True, gap="small"):
        for code in tried.alike:
            st.button(say_ledger(code), key=f"bring.alike.{code}", on_click=_choose_ledger, args=(code,))


def _choose_ledger(code: str) -> None:
    st.session_state["bring.ledger"] = code


def show_difference(tried: ImportResult) -> None:
    """What would change: new, changed, unchanged, gone and refused, and what is told besides."""
    st.markdown(f"**{tell('imports.step2')}**")
    st.caption(tell("imports.read_as", file=plain(tried.file), ledger=say_ledger(tried.ledger), rows=f"{tried.rows:,}"))
    counts: Mapping[str, int | None] = {
        **{one.value: tried.actions[one] for one in (Action.NEW, Action.CHANGED, Action.UNCHANGED)},
        "gone": tried.gone,
        "refused": tried.refused,
    }
    with st.container(horizontal=True, gap="small"):
        for name, count in counts.items():
            st.metric(
                tell(f"imports.{name}"), "—" if count is None else f"{count:,}", help=tell(f"imports.{name}.what"), border=True
            )
    if tried.same_file_on:
        st.info(tell("import.same_file_before", day=tried.same_file_on), icon=":material/content_copy:")
    for note in tried.notes:
        st.text(f"· {note.say(read_lang())}")


def show_mapping(upload: Upload, tried: ImportResult) -> None:
    """What each header is taken for: the asked ones in view, the others on demand; a choice is remembered for the unit."""
    if not tried.ledger:
        return
    decided = dict(upload.choices)
    headers = {column.field: column.header for column in ledger(tried.ledger).all_columns}
    one_each = {one.text: one for one in reversed(tried.headers)}.values()
    asked = [one for one in one_each if one.asked or decided.get(one.text)]
    unknown = [one for one in one_each if one.field is None and one not in asked][:MOST_ASKED]
    if asked:
        st.warning(tell("imports.asked"), icon=":material/help:")
    _choose_fields(upload, asked, headers)
    with st.expander(tell("imports.mapping", count=len(tried.headers) - len(asked))):
        _choose_fields(upload, unknown, headers)
        known = [{"cell": one.cell, "header": one.text, "field": headers.get(one.field or "")} for one in one_each if one.field]
        show_rows("mapping", known, [Column(name, tell(f"imports.map.{name}")) for name in ("cell", "header", "field")])


def _choose_fields(upload: Upload, columns: Sequence[HeaderColumn], headers: Mapping[str, str]) -> None:
    """A choice for each column: what it may mean, that it is left out, or any other field of the ledger."""
    words = {None: tell("imports.undecided"), "": tell("imports.no_column"), **headers}
    for one in columns:
        key = f"bring.map.{upload.digest}.{one.text}"
        fields = list(dict.fromkeys([None, *one.asked, "", *headers]))  # what it may mean before all it could be
        st.selectbox(plain(f"{one.cell} {one.text}"), fields, format_func=lambda field: words.get(field, ""), key=key, width=360)


def show_problems(scope: Scope, upload: Upload, tried: ImportResult) -> None:
    """Every problem at its cell with its mend, and the two files to mend by."""
    if not tried.problems:
        return
    lang = read_lang()
    st.markdown(f"**{tell('imports.problems', count=f'{len(tried.problems):,}')}**")
    names = ("sheet", "cell", "column", "value", "wrong", "mend")
    rows = [
        dict(zip(names, (*one.row(lang)[1:5], one.fault.say(lang), one.fault.mend(lang)), strict=True))
        for one in tried.problems[:MOST_SHOWN]
    ]
    show_rows("problems", rows, [Column(name, tell(f"imports.problem.{name}")) for name in names])
    if len(tried.problems) > MOST_SHOWN:
        st.caption(tell("imports.more", count=f"{len(tried.problems) - MOST_SHOWN:,}"))
    stem = Path(upload.name).stem
    with st.container(horizontal=True, gap="small"):
        marked = marked_copy(upload.content, upload.name, tried.problems, lang)
        offer_file(scope, "marked", f"{stem}_{tell('imports.marked_name')}.xlsx", XLSX, marked)
        offer_file(scope, "report", f"{stem}_{tell('imports.report_name')}.csv", CSV, problem_list(tried.problems, lang))


def offer_file(scope: Scope, what: str, file_name: str, media_type: str, writer: Writer) -> None:
    """A button that builds a file and then gives its address, which works once."""
    if not st.button(tell(f"imports.{what}"), key=f"bring.{what}", icon=":material/download:"):
        return
    try:
        told = {"act": f"import_{what}", "filter_text": f"import {what}"}
        token = spool(cached.engine(), scope, session_id(), file_name, media_type, writer, **told)
    except ProblemError as problem:
        st.error(tell_problem(problem))
    else:
        st.link_button(plain(file_name), f"{DOWNLOAD}{token}", icon=":material/download:", help=tell("export.once"))


def show_confirm(scope: Scope, upload: Upload, tried: ImportResult) -> None:
    """Step three: right rows now and wrong ones later, or all or nothing; then it is written."""
    st.markdown(f"**{tell('imports.step3')}**")
    if not tried.accepted:
        st.caption(tell("imports.nothing_to_write"))
        _offer_doubts(scope, upload, tried)
        return
    strict = False
    if tried.refused:
        ways = {False: tell("imports.right_now", count=f"{tried.accepted:,}"), True: tell("imports.all_or_nothing")}
        strict = bool(st.radio(tell("imports.way"), list(ways), format_func=lambda one: ways[one], key="bring.way"))
    is_sent = st.button(tell("imports.write"), type="primary", key="bring.write", disabled=strict, icon=":material/upload:")
    if is_sent and (done := _write(scope, upload)):
        told = {"number": done.batch_id, "accepted": f"{done.accepted:,}", "refused": f"{done.refused:,}"}
        st.success(tell("imports.done", **told), icon=":material/check:")


def _offer_doubts(scope: Scope, upload: Upload, tried: ImportResult) -> None:
    """A file of nothing but doubtful rows still has something to write: the questions for a person."""
    words = tell("imports.list_doubts", count=f"{tried.doubtful:,}")
    if tried.doubtful and st.button(words, key="bring.doubts") and _write(scope, upload):
        st.success(tell("imports.doubts_listed"), icon=":material/check:")


def _write(scope: Scope, upload: Upload) -> ImportResult | None:
    """The import, with its progress; None when the file as a whole was refused, and said so."""
    bar = st.progress(0.0, tell("imports.doing.reading"))
    try:
        done = _run(scope, upload, progress=lambda step, share: bar.progress(share, tell(f"imports.doing.{step}")))
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/error:")
        return None
    bar.empty()
    cached.begin_moment(scope)
    st.session_state.pop(TRIED, None)
    return done
