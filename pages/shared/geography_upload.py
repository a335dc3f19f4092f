"""Loading a bureau's own areas: choose, see everything that was found, then load; and villages that merged."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from data_access.areas import AreaRow
from data_access.geography import Merge, load_areas, merge_villages
from data_access.workbook_in import read_workbook
from domain.errors import ProblemError, ScopeError
from domain.scope import Scope
from geo import bundles
from geo.area_upload import Cells, read_upload
from geo.boundary_checks import CheckedAreas, FindingKind
from geo.crs import Datum
from pages.shared import cached
from pages.shared.table import Column, show_rows
from pages.shared.uploader import choose_file
from pages.shared.view import read_lang, tell, tell_problem

KINDS = ["csv", "xlsx", "geojson", "json", "zip"]
SHOWN = 200  # findings listed; the counts stand above


def show_upload(scope: Scope, county: str) -> None:
    """A file with its coordinate system, what the checks found, and the button that loads what stands."""
    st.caption(tell("geography.upload_help"))
    file = choose_file(tell("geography.file"), KINDS, st.get_option("server.maxUploadSize"), key="geography.file")
    names = {one: tell(f"geography.datum.{one}") for one in Datum}
    datum = st.radio(
        tell("geography.datum"), list(Datum), index=None, format_func=lambda one: names.get(one, one), horizontal=True
    )
    if file is None or datum is None:
        return
    try:
        checked = _read(scope, file.name, file.getvalue(), Datum(datum))
    except ProblemError as problem:
        st.error(tell_problem(problem), icon=":material/error:")
        return
    _show_findings(checked)
    if checked.rows and st.button(tell("geography.load", count=f"{len(checked.rows):,}"), type="primary", key="geography.load"):
        _load(scope, county, checked)


def _read(scope: Scope, name: str, content: bytes, datum: Datum) -> CheckedAreas:
    known = {row.code: (row.lon, row.lat) for row in cached.read_areas(scope) if row.lon is not None and row.lat is not None}
    with TemporaryDirectory(prefix="kongchuo-") as folder:
        path = Path(folder) / f"areas{Path(name).suffix.lower()}"
        path.write_bytes(content)
        try:
            return read_upload(path, datum, read_cells, cached.read_outline, known)
        except ProblemError as problem:
            raise ProblemError(problem.key, **problem.params | {"file": name}) from None  # not as we called it


def read_cells(path: Path) -> Cells:
    """The cells of the first sheet."""
    return read_workbook(path).sheets[0].rows


def _show_findings(checked: CheckedAreas) -> None:
    counts = {kind: sum(one.kind is kind for one in checked.findings) for kind in FindingKind}
    st.text(
        tell("geography.found", rows=f"{len(checked.rows):,}", **{kind.value: f"{count:,}" for kind, count in counts.items()})
    )
    told = [{"kind": tell(f"geography.{one.kind}"), "what": one.say(read_lang())} for one in checked.findings[:SHOWN]]
    if told:
        show_rows("findings", told, [Column("kind", tell("geography.kind"), width=80), Column("what", tell("geography.what"))])


def _load(scope: Scope, county: str, checked: CheckedAreas) -> None:
    rows = [AreaRow(**row) for row in checked.rows]
    if any(not row.code.startswith(county[: len(row.code)]) for row in rows):
        st.error(tell("geography.not_here"), icon=":material/error:")
        return
    try:
        new, changed, placed = load_areas(cached.engine(), scope, rows, bundles)
    except (ProblemError, ScopeError) as problem:
        st.error(tell_problem(problem), icon=":material/error:")
    else:
        st.success(
            tell("geography.loaded", new=f"{new:,}", changed=f"{changed:,}", placed=f"{placed:,}"), icon=":material/check:"
        )


def show_merge(scope: Scope, county: str) -> None:
    """One village that became part of another; more at once by the command line."""
    st.caption(tell("geography.merge_help"))
    names = cached.read_names(scope)
    villages = [row.code for row in cached.read_areas(scope) if row.level == "village" and row.code.startswith(county)]
    words = {code: f"{names.get(code[:9], '')} {names[code]}" for code in villages}
    with st.form("geography.merge"):
        codes = [
            st.selectbox(
                tell(f"geography.{part}"),
                villages,
                index=None,
                format_func=lambda code: words.get(code, code),
                key=part,
                placeholder="",
            )
            for part in ("merge_old", "merge_new")
        ]
        day = st.date_input(tell("geography.merge_day"), value=cached.moment().today, format="YYYY-MM-DD")
        document = st.text_input(tell("geography.merge_document"), max_chars=120)
        if st.form_submit_button(tell("geography.merge_button"), type="primary") and all(codes) and isinstance(day, date):
            try:
                merge_villages(cached.engine(), scope, [Merge(str(codes[0]), str(codes[1]), day, document)], bundles)
            except (ProblemError, ScopeError) as problem:
                st.error(tell_problem(problem), icon=":material/error:")
            else:
                st.success(tell("geography.merged"), icon=":material/check:")
