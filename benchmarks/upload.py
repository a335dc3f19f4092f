"""A file put into the uploader of a page, as the browser does it: asked for an address, sent there, and named in the next run."""

from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.session import SECONDS, Run, Session


def upload(session: Session, page: str, path: Path) -> Run:
    """Open `page`, put the file into its uploader, and run it again with the file: that run is what is measured."""
    session.run(page)
    fitting = next(one for one in session.uploaders if path.suffix in one.type)
    ask = BackMsg()
    ask.file_urls_request.request_id = "1"
    ask.file_urls_request.file_names.append(path.name)
    ask.file_urls_request.session_id = session.number
    session.socket.send(ask.SerializeToString())
    while True:
        raw = session.socket.recv(timeout=SECONDS)
        assert isinstance(raw, bytes)
        message = ForwardMsg.FromString(raw)
        if message.WhichOneof("type") == "file_urls_response":
            break
    urls = message.file_urls_response.file_urls[0]
    _send(session, urls.upload_url, path)
    state = WidgetState(id=fitting.id)
    told = state.file_uploader_state_value.uploaded_file_info.add()
    told.file_id, told.name, told.size = urls.file_id, path.name, path.stat().st_size
    told.file_urls.CopyFrom(urls)
    return session.run(page, states=[state])


def _send(session: Session, url: str, path: Path) -> None:
    parts = urlsplit(session.address)
    conn = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=SECONDS)
    conn.request("GET", "/_stcore/health", headers=session.headers)
    answer = conn.getresponse()
    answer.read()
    guard = (answer.getheader("Set-Cookie") or "").partition(";")[0]  # Streamlit's own against foreign sites
    cookies = {"Cookie": f"{session.headers.get('Cookie', '')}; {guard}", "X-Xsrftoken": guard.partition("=")[2]}
    line = "----benchmark"
    head = f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\nContent-Type: text/csv\r\n\r\n'
    body = head.encode() + path.read_bytes() + f"\r\n--{line}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={line}", "Origin": session.address, **cookies}
    conn.request("PUT", urlsplit(url).path, body, headers)
    answer = conn.getresponse()
    answer.read()
    assert answer.status < 300, answer.status
    conn.close()
