"""账号: who may sign in, as what, for which areas and schools."""

import streamlit as st

from pages.shared.keeper_panels import show_accounts, show_desk, show_new_account
from pages.shared.panels import show_title
from pages.shared.scope import require_scope
from pages.shared.view import tell

scope = require_scope("accounts")

show_title("accounts")
st.caption(tell("account.what"))
show_new_account(scope)
chosen = show_accounts(scope)
if chosen is not None:
    show_desk(scope, chosen)
