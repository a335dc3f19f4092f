"""A person's list of the week as PDF, to take along: what is due, where, as what, with room to write what came of it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import BinaryIO

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Cm
from sqlalchemy import Engine

from data_access.engine import is_demo
from data_access.export_files import whole_of
from data_access.form_pdf import write_pdf
from data_access.form_templates import add_grid, write_line
from data_access.people import read_owner_name
from data_access.walls import open_scoped
from data_access.worklist import Task, end_of_week, read_worklist
from domain.case_filter import CaseFilter, owner_key
from domain.scope import Scope
from domain.terms import Lang, say

COLUMNS = ("due_date", "next_step", "child_name", "village_name", "school_name", "duty_part", "last_visit_on", "last_result")
WIDTHS = (26, 38, 18, 30, 36, 22, 22, 22, 52)  # millimetres; the last is left to write in
ROW_HEIGHT = 34  # points: two lines by hand


def stream_worklist(engine: Engine, scope: Scope, chosen: CaseFilter, lang: Lang) -> Callable[[BinaryIO], int]:
    """A writer for the spool of data_access.exports: the list as PDF, and how many tasks it has."""

    def write(out: BinaryIO) -> int:
        with open_scoped(engine, scope) as conn:
            tasks = read_worklist(conn, scope, chosen)
            names = read_owner_name(conn, scope, chosen.owner or 0)
            unit, mark = whole_of(conn, scope, lang), say("demo.banner", lang) if is_demo(conn) else ""
        day = chosen.as_of or date.min
        name = names.get(owner_key(chosen.owner or 0), "—")
        title = say("worklist.until", lang, name=name, until=end_of_week(day), count=len(tasks))
        out.write(write_pdf(_document(f"{unit} · {say('page.worklist', lang)}", title, tasks, lang), mark=mark, header=mark))
        return len(tasks)

    return write


def _document(head: str, title: str, tasks: Sequence[Task], lang: Lang):  # type: ignore[no-untyped-def]
    made = Document()
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(1.5)
    for text, size, bold in ((head, 15, True), (title, 10.5, False)):
        write_line(made.add_paragraph(), {"line": text, "size": size, "bold": bold, "after": 4})
    heads = [*(say(f"column.{name}", lang) for name in COLUMNS), say("worklist.came_of_it", lang)]
    rows = [heads, *([{"text": text, "align": "left"} for text in _texts(task, lang)] for task in tasks)]
    add_grid(made, {"grid": WIDTHS, "rows": rows, "height": ROW_HEIGHT, "head": 1, "size": 9})
    return made


def _texts(task: Task, lang: Lang) -> list[str]:
    row = task.case
    due = f"{row.due_on}" + (say("worklist.late", lang, days=row.days_overdue) if row.days_overdue else "")
    told = (
        due,
        say(f"nextstep.{row.next_step}", lang),
        row.child_name,
        row.village_name or say("filter.unlocated", lang),
        row.school_name,
        say(f"worklist.part.{task.part}", lang),
        row.last_visit_on,
        row.last_result,
        "",
    )
    return [str(value) if value is not None else "" for value in told]
