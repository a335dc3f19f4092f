"""A browser's websocket without the browser: runs pages and says how long the server took and how much it sent."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPConnection
from time import perf_counter
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.FileUploader_pb2 import FileUploader
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

SECONDS = 300


class Wire(socket.socket):
    """A connection that counts what comes over it, packed as it travels."""

    received = 0

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """The next bytes."""
        found = super().recv(size, flags)
        self.received += len(found)
        return found


AGAIN = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN


@dataclass(frozen=True)
class Run:
    """One run of a page: milliseconds until the script has finished, bytes over the wire, whether it showed an error."""

    milliseconds: float
    size: int
    failed: bool


class Session:
    """One tab: it keeps its cookie and, like a browser, the large messages that it may be referred to."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        cookie = _first_cookie(parts.hostname or "", parts.port or 80)
        self.address, self.headers = address, {"Cookie": cookie} if cookie else {}
        self.wire = Wire()
        self.wire.connect((parts.hostname or "", parts.port or 80))
        self.socket = connect(
            f"ws://{parts.netloc}/_stcore/stream",
            sock=self.wire,
            origin=address,  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers=self.headers,
            compression="deflate",  # as browsers ask for
            max_size=None,
            open_timeout=SECONDS,
        )
        self.kept: set[str] = set()
        self.number = ""  # what the server calls the session
        self.uploaders: list[FileUploader] = []  # of the page that was run last

    def run(self, page: str, query: str = "", states: Iterable[WidgetState] = ()) -> Run:
        """Ask for a page (empty: the first one) with this query, as the browser does when the filter has changed."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        message.rerun_script.cached_message_hashes.extend(self.kept)
        message.rerun_script.widget_states.widgets.extend(states)
        self.uploaders = []
        begun, before = perf_counter(), self.wire.received
        self.socket.send(message.SerializeToString())
        return self._receive(begun, before)

    def _receive(self, begun: float, before: int) -> Run:
        failed = False
        while True:
            raw = self.socket.recv(timeout=SECONDS)
            assert isinstance(raw, bytes)
            message = ForwardMsg.FromString(raw)
            kind = message.WhichOneof("type")
            if message.metadata.cacheable and message.hash and kind != "ref_hash":
                self.kept.add(message.hash)
            if kind == "new_session":
                self.number = message.new_session.initialize.session_id or self.number
            if message.delta.new_element.WhichOneof("type") == "file_uploader":
                self.uploaders.append(message.delta.new_element.file_uploader)
            failed |= kind == "delta" and _is_error(message)
            if kind == "script_finished" and message.script_finished != AGAIN:
                return Run((perf_counter() - begun) * 1000, self.wire.received - before, failed)

    def close(self) -> None:
        self.socket.close()


def _is_error(message: ForwardMsg) -> bool:
    element = message.delta.new_element
    kind = element.WhichOneof("type")
    return kind == "exception" or (kind == "alert" and element.alert.format == element.alert.ERROR)


def _first_cookie(host: str, port: int) -> str:
    """The session that the door gives to whoever opens the demo; empty where there is no door."""
    conn = HTTPConnection(host, port, timeout=SECONDS)
    conn.request("GET", "/", headers={"Sec-Fetch-Mode": "navigate", "Accept": "text/html"})
    answer = conn.getresponse()
    answer.read()
    conn.close()
    return (answer.getheader("Set-Cookie") or "").partition(";")[0]
