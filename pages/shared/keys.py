"""The keys that open identifiers, read once for this process."""

import streamlit as st

from data_access.secrets import Cipher, key_file, read_cipher
from pages.shared import cached


@st.cache_resource(show_spinner=False)
def cipher() -> Cipher:
    """The ring of this database. Raises ProblemError db.key_missing."""
    opened = cached.engine()
    return read_cipher(key_file(opened.url.database if opened.dialect.name == "sqlite" else None))
