"""Which of Streamlit's own file addresses belong to whom.

Streamlit serves `/media/<content hash>` and takes uploads at `/_stcore/upload_file/<tab>/<file>` for whoever knows the
address. Here an address is good only for the session to which the server itself named it.
"""

import re
from collections import OrderedDict
from typing import Any

NAMED = re.compile(rb"/media/([0-9a-f]{32,64})\.|/_stcore/upload_file/([0-9a-f-]{36}/[0-9a-f-]{36})")
ASKED = re.compile(r"/media/([0-9a-f]{32,64})\.\w+|/_stcore/upload_file/([0-9a-f-]{36}/[0-9a-f-]{36})")
SESSIONS = 2000  # the longest unused are forgotten first
NAMES = 2000


class NamedPaths:
    """Remembers, per session, the addresses that went out to it in this process (where the files are kept, too)."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()

    def note(self, session_id: str, frame: bytes) -> None:
        """Remember the addresses in a frame on its way to the browser of `session_id`."""
        for media, upload in NAMED.findall(frame):
            names = self._of.setdefault(session_id, OrderedDict())
            _put(names, (media or upload).decode(), None, NAMES)
            _put(self._of, session_id, names, SESSIONS)

    def open_to(self, session_id: str, path: str) -> bool:
        """Whether the server named this address to this session."""
        asked = ASKED.fullmatch(path)
        return asked is not None and (asked[1] or asked[2]) in self._of.get(session_id, ())


def _put(kept: OrderedDict[str, Any], name: str, value: Any, limit: int) -> None:
    kept[name] = value
    kept.move_to_end(name)
    if len(kept) > limit:
        kept.popitem(last=False)
