"""One child's file on screen: who it is, what is owed now, the timeline as lanes and as a table. Opening one is audited.

Whatever a ledger wrote stands in tables and charts, never in Markdown, where text can become a picture or a link.
"""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from data_access.child_file import ChildFile, Duty, view_child
from data_access.child_timeline import Entry, EntryKind, Word
from data_access.line_owners import LineOwner
from domain.assignment import NOBODY, OwnerState
from domain.case_filter import CaseFilter
from domain.grades import class_label, grade_label
from domain.masking import HIDDEN
from domain.scope import Scope
from domain.severity import SevereSign
from domain.terms import Lang, say
from pages.shared import cached
from pages.shared.charts import DARK, LIGHT, Colours, Spec, framed, is_dark
from pages.shared.panels import open_file
from pages.shared.reveal_panel import show_reveal
from pages.shared.table import Column, show_rows
from pages.shared.view import read_lang, tell

OPENED = "opened_file"
LATEST = 12
YEARS_SHOWN = 2  # school years before the present one, in the lanes
LANE_HEIGHT = 26  # pixels
GROUND = frozenset({EntryKind.ENROLMENT, EntryKind.GROUP, EntryKind.PLACEMENT, EntryKind.AID, EntryKind.HELPER})
SPELLS = GROUND | {EntryKind.ABSENCE, EntryKind.CASE}


def read_file(scope: Scope, chosen: CaseFilter, child_id: int) -> ChildFile | None:
    """The child's file as of the filter's day; None when there is none for this scope.

    One opening is one audit row, however often the page runs while the file stays open.
    """
    day = chosen.as_of or cached.moment().today
    wanted = (scope, day, cached.moment().version, child_id)
    held = st.session_state.get(OPENED)
    if held is None or held[0] != wanted:
        held = st.session_state[OPENED] = (wanted, view_child(cached.engine(), scope, child_id, day))
    found: ChildFile | None = held[1]
    return found


def show_file(scope: Scope, chosen: CaseFilter, child_id: int) -> None:
    """The file of the child that was clicked in a list, beside it, with the way to the whole file."""
    file = read_file(scope, chosen, child_id)
    if file is None:
        st.warning(tell("child_file.not_found"), icon=":material/search_off:")
        return
    show_summary(file)
    show_reveal(scope, chosen, child_id)
    if st.button(tell("child_file.open"), key="file.open", icon=":material/folder_open:"):
        open_file(child_id)


def show_summary(file: ChildFile) -> None:
    """The file beside a list: marks, what is owed, who, and what was done last."""
    show_marks(file)
    show_duty(file)
    show_identity(file)
    st.markdown(f"**{tell('child_file.latest')}**")
    show_entries("latest", [entry for entry in file.entries if entry.kind not in GROUND][:LATEST], short=True)
    show_note(file)


def show_note(file: ChildFile) -> None:
    """What is withheld from this role, and that the view is on record."""
    st.caption(tell("child_file.masked" if file.is_masked else "child_file.open_record"))


def show_marks(file: ChildFile) -> None:
    """Status, overdue and groups as marks; red only for what is overdue or has nobody, amber for a file with gaps."""
    with st.container(horizontal=True, gap="xsmall"):
        if file.duty:
            _show_duty_marks(file.duty)
        for group, _ in file.groups:
            st.badge(tell(f"group.{group}"), color="grey")
        if file.blanks:
            items = tell("panel.comma").join(tell(f"blank.{item}") for item in file.blanks)
            st.badge(tell("child_file.blanks", items=items), icon=":material/warning:", color="orange")


def _show_duty_marks(duty: Duty) -> None:
    st.badge(tell(f"casestatus.{duty.status}"), color="blue")
    if duty.days_overdue:
        st.badge(tell("child_file.overdue", days=duty.days_overdue), icon=":material/schedule:", color="red")
    _show_severity(duty)
    for line in ("school", "government"):
        if getattr(duty, line).name is None:
            st.badge(tell(f"child_file.nobody_{line}"), icon=":material/person_off:", color="red")
    if duty.relapse_count:
        st.badge(tell("child_file.relapses", count=duty.relapse_count), icon=":material/replay:", color="grey")


def _show_severity(duty: Duty) -> None:
    """That the case is severe and why, and whether the authority above knows (R121)."""
    if duty.severe:
        signs = tell("panel.comma").join(say_severe(duty.severe))
        st.badge(tell("child_file.severe", signs=signs), icon=":material/priority_high:", color="red")
    if duty.reported_up_on:
        st.badge(tell("child_file.reported_up", day=duty.reported_up_on), icon=":material/outgoing_mail:", color="grey")
    elif duty.severe:
        st.badge(tell("child_file.not_reported_up"), icon=":material/outgoing_mail:", color="orange")


def show_identity(file: ChildFile) -> None:
    """Who the child is; what is not known or withheld is left out."""
    comma = tell("panel.comma")
    sex = tell(f"sex.{file.sex}") if file.sex else None
    age = tell("child_file.years", age=file.age) if file.age is not None else None
    groups = [
        tell("panel.bracketed", text=tell(f"group.{group}"), more=_say(detail)) if detail else tell(f"group.{group}")
        for group, detail in file.groups
    ]
    st.markdown(f"**{tell('child_file.who')}**")
    show_pairs(
        "who",
        [
            ("name", file.name),
            ("about", _dotted(sex, age, file.birth_date)),
            ("school", _dotted(file.school_name, say_class(file.grade, file.class_no, read_lang()))),
            ("home", _dotted(file.town_name, file.village_name) or tell("filter.unlocated")),
            ("place_text", file.place_text),
            ("groups", comma.join(groups)),
            ("helpers", comma.join(file.helpers)),
        ],
    )


def _dotted(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def say_class(grade: int | None, class_no: int | None, lang: Lang) -> str | None:
    """八年级（5）班, as far as it is known."""
    if grade is None:
        return None
    return class_label(grade, class_no, lang) if class_no else grade_label(grade, lang)


def show_duty(file: ChildFile) -> None:
    """The step that is owed on the open case, by when, and by whom on both lines."""
    st.markdown(f"**{tell('child_file.duty')}**")
    duty = file.duty
    if duty is None:
        st.caption(tell("child_file.no_duty"))
        return
    pairs: list[tuple[str, object]] = [
        ("next_step", tell(f"nextstep.{duty.next_step}") if duty.next_step else None),
        ("due_on", duty.due_on),
        ("rung", tell("cases.rung", rung=duty.rung) if duty.rung else None),
        ("school_owner", say_owner(duty.school)),
        ("government_owner", say_owner(duty.government)),
        ("visits_done", duty.visits_done),
    ]
    show_pairs("duty", pairs)


def say_owner(owner: LineOwner) -> str:
    """The owner on a line with his or her role; in whose place, where somebody stands in; why there is none."""
    if owner.name is None or owner.role is None:
        return tell(f"cases.nobody.{owner.state}") if owner.state else ""
    role, asked = tell(f"dutyrole.{owner.role}"), tell(f"dutyrole.{owner.asked}")
    if owner.state is OwnerState.ORPHANED:
        return tell("cases.owner_orphaned", name=owner.name, role=role, gone=owner.gone or asked)
    if owner.state is OwnerState.FALLBACK:
        return tell("cases.owner_stands_in", name=owner.name, role=role, asked=asked)
    return tell("cases.owner", name=owner.name, role=role)


def say_red_owners() -> tuple[str, ...]:
    """The words of say_owner that are shown in red: nobody answers."""
    return tuple(tell(f"cases.nobody.{state}") for state in sorted(NOBODY))


def say_severe(signs: Sequence[SevereSign] = tuple(SevereSign)) -> list[str]:
    """Why a case is severe, in words (R121); without an argument every reason there is."""
    return [tell(f"severesign.{sign}") for sign in signs]


def show_pairs(name: str, pairs: Sequence[tuple[str, object]]) -> None:
    """Names and values as a table of two columns, blanks left out; the words are `child_file.<name>`."""
    rows = [{"item": tell(f"child_file.{key}"), "value": str(value)} for key, value in pairs if value not in (None, "")]
    columns = [Column("item", tell("child_file.item"), width=110), Column("value", tell("child_file.value"))]
    show_rows(f"file.{name}", rows, columns)


def show_family(file: ChildFile) -> None:
    """The parents and guardians, whoever looks after the child first."""
    st.markdown(f"**{tell('child_file.family')}**")
    if not file.carers:
        st.caption(tell("child_file.no_family"))
        return
    able = {None: None, True: tell("child_file.able_yes"), False: tell("child_file.able_no")}
    rows = [
        {
            "carer_name": carer.name,
            "relation": tell(f"carer.{carer.relation}") if carer.relation else None,
            "is_carer": carer.is_carer,
            "away_place": carer.away_place,
            "able": able[carer.able],
        }
        for carer in file.carers
    ]
    names = ("carer_name", "relation", "is_carer", "away_place", "able")
    show_rows(
        "file.family",
        rows,
        [Column(name, tell(f"child_file.{name}"), "flag" if name == "is_carer" else "text") for name in names],
    )


# --- the timeline ---------------------------------------------------------------------------------------------------------------


def show_entries(name: str, entries: Sequence[Entry], *, short: bool = False) -> None:
    """The entries as a table in the order given; `short` leaves out the kind."""
    if not entries:
        st.caption(tell("child_file.no_entries"))
        return
    rows = [
        {"when": entry.on, "kind": tell(f"entrykind.{entry.kind}"), "what": _say(entry.what), "facts": say_facts(entry)}
        for entry in entries
    ]
    columns = [
        Column("when", tell("child_file.when"), "date", width=100),
        *([] if short else [Column("kind", tell("child_file.kind"), width=80)]),
        Column("what", tell("child_file.what"), width=110),
        Column("facts", tell("child_file.facts"), width="large"),
    ]
    show_rows(f"file.{name}", rows, columns)


def say_facts(entry: Entry) -> str:
    """Until when it held, and the facts in words, those withheld from this role left out."""
    told = [
        tell("child_file.fact", name=tell(f"fact.{name}"), value=_say(value)) for name, value in entry.facts if value != HIDDEN
    ]
    if entry.kind in SPELLS and entry.until != entry.on:
        told.insert(0, tell("child_file.until", day=entry.until) if entry.until else tell("child_file.lasting"))
    return tell("child_file.joint").join(told)


def _say(value: Word | str | int | date) -> str:
    """A value in words; a code that has none yet shows its last part."""
    if not isinstance(value, Word):
        return str(value)
    words = tell(value)
    return value.rpartition(".")[2] if words == value else words


def show_lanes(file: ChildFile) -> None:
    """The entries of this school year and the two before as lanes: spells are bars, single days are points."""
    st.markdown(f"**{tell('child_file.lanes')}**")
    lanes = draw_lanes(file, read_lang(), DARK if is_dark() else LIGHT)
    st.vega_lite_chart(lanes, width="stretch", alt=tell("child_file.lanes"))


def draw_lanes(file: ChildFile, lang: Lang, colours: Colours) -> Spec:
    """The chart of show_lanes: a lane for each kind that has entries, the time before its first day cut off."""
    first = date(file.as_of.year - YEARS_SHOWN - (file.as_of.month < 9), 9, 1)
    shown = [entry for entry in file.entries if (entry.until or file.as_of) >= first]
    rows = [_lane_row(entry, first, file.as_of, lang) for entry in shown]
    lanes = [say(f"entrykind.{kind}", lang) for kind in EntryKind if any(entry.kind is kind for entry in shown)]
    days = {
        "field": "starts", "type": "temporal", "scale": {"domain": [first.isoformat(), file.as_of.isoformat()]},
        "axis": {"format": "%Y-%m", "title": None, "labelFlush": True, "tickCount": 8, "gridOpacity": 0.5},
    }  # fmt: skip
    lane = {"field": "lane", "type": "nominal", "sort": lanes, "title": None}
    inner = {
        "data": {"values": rows},
        "encoding": {
            "y": lane | {"axis": {"ticks": False, "domain": False, "labelColor": colours.ink}},
            "color": {"field": "weight", "type": "nominal", "scale": _weights(colours), "legend": None},
            "tooltip": {"value": None},
        },
        "layer": [
            {
                "mark": {"type": "bar", "height": 8, "cornerRadius": 2, "opacity": 0.75},
                "transform": [{"filter": "datum.bar"}],
                "encoding": {"x": days, "x2": {"field": "ends"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 0.9},
                "transform": [{"filter": "!datum.bar"}],
                "encoding": {"x": days},
            },
        ],
    }
    return framed(inner, LANE_HEIGHT * max(1, len(lanes)), colours)


def _weights(colours: Colours) -> Spec:
    return {"domain": ["ground", "event"], "range": [colours.grey, colours.blue]}


def _lane_row(entry: Entry, first: date, last: date, lang: Lang) -> dict[str, object]:
    return {
        "lane": say(f"entrykind.{entry.kind}", lang),
        "starts": max(entry.on, first).isoformat(),
        "ends": (entry.until or last).isoformat(),
        "bar": entry.kind in SPELLS and entry.until != entry.on,
        "weight": "ground" if entry.kind in GROUND else "event",
    }
