"""Choosing a file: Streamlit's field, whose own words are English, with the words of the page's language."""

import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.shared.view import tell

STYLE = """<style>
.stFileUploader section > span button p,
.stFileUploader [data-testid=stFileUploaderDropzoneInstructions] span {{ display: none; }}
.stFileUploader section > input + div:not(:has(.stFileChip)) > * {{ font-size: 0; }}
.stFileUploader section > span button [data-testid=stMarkdownContainer]::after {{ content: {choose}; }}
.stFileUploader [data-testid=stFileUploaderDropzoneInstructions] > div::after {{ content: {limits}; font-size: 0.875rem;
  white-space: normal; }}
.stFileUploader section > input + div:not(:has(.stFileChip)) > *::after {{ content: {drop}; font-size: 1rem; }}
</style>"""  # the button, what may be chosen, and what is said while a file hangs over the field


def choose_file(label: str, kinds: Sequence[str], megabytes: int, key: str, help_text: str | None = None) -> Any:
    """The file that was chosen, or None. `kinds`: endings without their dot. One such field a page: its words are the page's."""
    words = {
        "choose": tell("upload.choose"),
        "limits": tell("upload.limits", size=megabytes, kinds=tell("panel.comma").join(kinds).upper()),
        "drop": tell("upload.drop"),
    }
    st.html(STYLE.format(**{name: json.dumps(text, ensure_ascii=False) for name, text in words.items()}))
    return st.file_uploader(label, list(kinds), key=key, help=help_text, max_upload_size=megabytes)
