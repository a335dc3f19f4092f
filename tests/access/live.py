"""A real `streamlit run app.py` with a shell of the test's own, and people who talk to it over sockets."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.access.callers import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
SHELL = """
import gc, sys
import numpy
import streamlit as st
from data_access.accounts import read_scope
from data_access.engine import open_engine
from data_access.exports import spool

engine = st.cache_resource(open_engine)()
session = st.user.get("session") or ""
scope = read_scope(engine, session)
st.text(f"user={scope.user if scope else None};")
st.text(f"frozen={gc.get_freeze_count() > 0}; folium={'streamlit_folium' in sys.modules};")
wanted = st.query_params.get("do")
if scope and wanted == "export":
    def write(out):
        return out.write((scope.user[0] * 2_000_000).encode())
    st.text("token=" + spool(engine, scope, session, "a.csv", "text/csv", write) + ";")
if scope and wanted == "picture":
    st.image(numpy.full((9, 9, 3), ord(scope.user[0]), "uint8"))
if scope and wanted == "fail":
    raise ValueError(f"no child {chr(24352)}{chr(19977)} for {scope.user}")
"""


@contextmanager
def started(folder: Path, environment: dict[str, str], *options: str) -> Iterator[tuple[int, subprocess.Popen[bytes], Path]]:
    """The app on a free port; port, process and log. Its process group ends with the block."""
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "_shell.py").write_text(SHELL)
    (folder / "pages" / "cases.py").write_text("import streamlit as st\nst.text('ran on its own')\n")
    (folder / "app.py").write_text((ROOT / "app.py").read_text())
    (folder / ".streamlit").symlink_to(ROOT / ".streamlit")
    for room in ("access", "data_access", "domain", "geo"):
        (folder / room).symlink_to(ROOT / room)
    port, log = free_port(), folder / "log"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), *options]
    with log.open("wb") as out:
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": out}
        process = subprocess.Popen(command, cwd=folder, env=os.environ | environment, start_new_session=True, **streams)
    try:
        yield port, process, log
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Reply:
    """What came back for a request."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Person:
    """Someone with a browser: cookies, requests, tabs."""

    port: int
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def cookie(self) -> dict[str, str]:
        return {"Cookie": f"kongchuo={self.token}"} if self.token else {}

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Reply:
        conn = HTTPConnection("localhost", self.port, timeout=30)
        told = self.cookie | self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            conn.request(method, path, body, told)
            answer = conn.getresponse()
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            conn.close()

    def sign_in(self, name: str) -> "Person":
        form = urlencode({"name": name, "password": PASSWORD}).encode()
        answer = self.ask("/sign-in", "POST", form, Origin=self.origin)
        assert answer.status == 303, answer.status
        self.token = answer.headers["set-cookie"].split(";")[0].partition("=")[2]
        return self

    def open_tab(self, streamlit_session: str = "", **headers: str) -> "Tab":
        told = self.cookie | self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        origin: Any = told.pop("Origin", self.origin)
        address = f"ws://localhost:{self.port}/_stcore/stream"
        asked: Any = ["streamlit", "x", *([streamlit_session] if streamlit_session else [])]
        return Tab(
            connect(address, origin=origin or None, subprotocols=asked, additional_headers=told, max_size=None).__enter__()
        )


@dataclass
class Tab:
    """A tab in which the app is open."""

    socket: ClientConnection
    session: str = ""

    def run(self, query: str = "", page: str = "") -> str:
        """Run the page and return every text it shows, with the addresses of its pictures."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        self.socket.send(message.SerializeToString())
        shown = []
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(self.socket.recv(60))
            if answer.WhichOneof("type") == "new_session":
                self.session = answer.new_session.initialize.session_id
            if answer.WhichOneof("type") == "delta":
                shown.append(str(answer.delta))
            if answer.WhichOneof("type") == "script_finished":
                return "\n".join(shown)

    def ask_upload_address(self) -> str:
        """Where the server wants a file to be put."""
        message = BackMsg()
        message.file_urls_request.request_id = "1"
        message.file_urls_request.file_names.append("a.csv")
        message.file_urls_request.session_id = self.session
        self.socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(self.socket.recv(60))
            if answer.WhichOneof("type") == "file_urls_response":
                return str(answer.file_urls_response.file_urls[0].upload_url)

    def why_closed(self) -> int:
        """The code with which the server closes the tab."""
        try:
            while True:
                self.socket.recv(60)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0


def wait_healthy(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the app answers."""
    deadline = time.monotonic() + 90
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if Person(port).ask("/_stcore/health").status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text()[-3000:] + json.dumps({"code": process.poll()}))
