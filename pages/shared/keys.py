"""The keys that open identifiers, read once for this process."""

import streamlit as st

from data_access.keys import cipher_of
from data_access.secrets import Cipher
from pages.shared import cached


@st.cache_resource(show_spinner=False)
def cipher() -> Cipher:
    """The ring of this database. Raises ProblemError db.key_missing, db.key_wrong."""
    return cipher_of(cached.engine())
