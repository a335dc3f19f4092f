"""The parts of the frame: the first line with the banner, menu, account."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from data_access.visitors import DEMO
from domain.scope import Role, Scope
from pages.shared import cached
from pages.shared.charts import is_dark
from pages.shared.page_list import DAILY, PAGES, Page, may_open
from pages.shared.view import change_view, read_asked, read_lang, read_view, tell

STYLE = """<style>
*:has(> .st-key-top) { margin-top: -5.0625rem; }
.st-key-top { height: 1.75rem; position: relative; z-index: 999990; pointer-events: none; }
.st-key-head h3 { padding: 0 0 0.25rem; }
.st-key-head > :only-child { padding-bottom: 0.75rem; }
@media (max-width: 768px) { .st-key-top { padding-left: 2.5rem; } }
@media (max-width: 640px) {
  .st-key-top { flex-wrap: nowrap; justify-content: flex-end; }
  .st-key-top > :first-child:not(:last-child) { display: none; }
  .st-key-head h3 { font-size: 1.25rem; padding: 0; margin: -2.75rem 0 0.25rem 2.5rem; max-width: calc(100% - 13rem);
    overflow: hidden; white-space: nowrap; text-overflow: ellipsis; position: relative; z-index: 999990; pointer-events: none; }
  .st-key-said { flex-wrap: nowrap; gap: 0.5rem; }
  .st-key-said > :first-child { flex: 1 1 auto; min-width: 0; }
  .st-key-said p { font-size: 0.8125rem; line-height: 1.35; }
  .st-key-switches { flex-wrap: nowrap; overflow-x: auto; }
  .st-key-switches > * { flex: 0 0 auto; } }
.st-key-account a { color: inherit; font-size: 0.875rem; }
</style>"""  # the first line stands beside Streamlit's own menu, not below it; on a phone the page's title stands there too
PRIMARY_DARK = "<style>[data-testid^=stBaseButton-primary] { color: #10161d; }</style>"  # white on the dark theme's blue is 2.5:1

FEW = 3  # a role with fewer pages of the morning finds the others unfolded


def show_top(scope: Scope) -> None:
    """The first line of every page: the app, and that the data are synthetic where they are the demo's."""
    st.html(STYLE + (PRIMARY_DARK if is_dark() else ""))
    with st.container(key="top", horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(tell("frame.app"), width="content")
        if cached.moment().demo:
            st.badge(tell("demo.banner"), icon=":material/science:", color="orange")


def show_menu(scope: Scope, here: str) -> None:
    """Links to the pages of this role, each with the filter that is set now; those of the morning first, the others folded.

    `here`: the address of the page that is open; empty for the first one.
    """
    listed = [page for page in PAGES if page.listed and may_open(scope, page.name)]
    daily, more = ([page for page in listed if (page.name in DAILY) is chosen] for chosen in (True, False))
    with st.sidebar:
        _show_pages(daily)
        if more:
            unfolded = here in {page.name for page in more} or len(daily) < FEW
            with st.expander(tell("frame.more"), expanded=unfolded, icon=":material/apps:"):
                _show_pages(more)


def _show_pages(pages: Sequence[Page]) -> None:
    query = read_asked().to_query() | read_view().elsewhere().to_query()
    for page in pages:
        st.page_link(page.file, label=tell(f"page.{page.name}"), icon=page.icon, query_params=query)


def show_account(scope: Scope) -> None:
    """The other language, who is looking, the demo's other roles or the way out."""
    other = "zh" if read_lang() == "en" else "en"
    with st.sidebar, st.container(key="account", gap="xsmall"):
        st.button(
            tell("frame.other_lang"),
            key="lang",
            type="tertiary",
            icon=":material/translate:",
            on_click=change_view,
            kwargs={"lang": other},
        )
        role = tell(f"role.{scope.role}")
        if scope.user.startswith(DEMO):
            st.caption(tell("frame.demo_role", role=role))
            _show_links({f"demo-role/{one}": tell(f"role.{one}") for one in Role if one is not scope.role})
        else:
            st.caption(f"{role} · {scope.user}")
            _show_links({"password": tell("frame.password"), "sign-out": tell("frame.sign_out")})


def _show_links(links: dict[str, str]) -> None:
    """Links to addresses that the door answers, opened in this tab; relative, so that a base path does not matter."""
    st.html(" · ".join(f'<a href="{escape(address)}">{escape(words)}</a>' for address, words in links.items()))
