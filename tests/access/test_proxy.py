"""deploy/nginx.conf and deploy/Caddyfile with a real nginx and Caddy before the app: TLS, cookie, websockets, files both ways."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from data_access.accounts import add_user, set_password
from data_access.engine import open_engine
from domain.scope import Role
from tests.access.callers import PASSWORD
from tests.access.live import ROOT, Tab, free_port, started, wait_healthy

pytestmark = pytest.mark.slow
NAME = "kongchuo.example.cn"
BOUNDARY = "kongchuoboundary"


def write_certificate(folder: Path) -> None:
    """A self-signed certificate for the name."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "tls.key").write_bytes(key.private_bytes(*plain))


@pytest.fixture(scope="module")
def app_port(sqlite_store: Any, migrated_of: Any, key_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The app with an account, answering to the name."""
    home, url = tmp_path_factory.mktemp("proxied"), sqlite_store.create(like=migrated_of(sqlite_store))
    engine = open_engine(url)
    add_user(engine, "zhang", PASSWORD, Role.COUNTY, ["350430"])
    set_password(engine, "zhang", PASSWORD, must_change=False)
    engine.dispose()
    told = {"DATABASE_URL": url, "KONGCHUO_KEY_FILE": str(key_file), "KONGCHUO_HOSTS": NAME}
    told |= {"KONGCHUO_SPOOL": str(home / "spool"), "KONGCHUO_ANCHORS": str(home / "anchors.txt")}
    with started(home / "home", told) as (port, process, log):
        wait_healthy(port, process, log)
        yield port


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def port(request: pytest.FixtureRequest, app_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A proxy with the project's configuration: only paths and ports are the test's."""
    name = str(request.param)
    program = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        pytest.fail(f"{name} is missing. An administrator must run: apt-get update && apt-get install -y {name}")
    folder, secure, plain = tmp_path_factory.mktemp(name), free_port(), free_port()
    write_certificate(folder)
    write = {"nginx": write_nginx, "caddy": write_caddy}[name]
    checking, starting = write(program, folder, app_port, secure, plain)
    told = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    subprocess.run(checking, check=True, capture_output=True, env=told)
    running = subprocess.Popen(starting, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=told)
    wait_listening(secure)
    yield secure
    running.terminate()
    running.wait(10)


Commands = tuple[list[str], list[str]]  # what checks the configuration, and what runs it


def changed(name: str, changes: tuple[tuple[str, str], ...]) -> str:
    """A file of deploy/ with the test's paths and ports."""
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def write_nginx(program: str, folder: Path, app_port: int, secure: int, plain: int) -> Commands:
    """nginx with a main file of its own around the project's."""
    site = changed(
        "nginx.conf",
        (
            ("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("/etc/kongchuo/", f"{folder}/"),
            ("127.0.0.1:8501", f"127.0.0.1:{app_port}"),
        ),
    )
    (folder / "site.conf").write_text(site, encoding="utf-8")
    temporary = " ".join(f"{one}_temp_path {folder}/{one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    head = f"pid {folder}/pid; error_log {folder}/error.log; daemon off; events {{}}"
    head = f"user root; {head}" if os.geteuid() == 0 else head  # else its workers may not keep a large body in the folder
    main = f"{head} http {{ {temporary} include {folder}/site.conf; }}"
    (folder / "main.conf").write_text(main, encoding="utf-8")
    command = [program, "-p", str(folder), "-c", str(folder / "main.conf")]
    return [*command, "-t"], command


def write_caddy(program: str, folder: Path, app_port: int, secure: int, plain: int) -> Commands:
    """Caddy on the test's ports, without its administration port."""
    changes = (
        (f"{NAME} {{", f"{{\n\tadmin off\n\thttp_port {plain}\n\thttps_port {secure}\n}}\n{NAME} {{"),
        ("/etc/kongchuo/", f"{folder}/"),
        ("127.0.0.1:8501", f"127.0.0.1:{app_port}"),
    )
    (folder / "Caddyfile").write_text(changed("Caddyfile", changes), encoding="utf-8")
    named = ["--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    return [program, "validate", *named], [program, "run", *named]


def wait_listening(port: int) -> None:
    """Return when somebody listens."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the proxy did not start")


def trust() -> ssl.SSLContext:
    """A client that does not ask who signed: the certificate is the test's own."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class NamedConnection(HTTPSConnection):
    """To the test's port, under the site's name: Caddy picks the certificate by it."""

    def connect(self) -> None:
        self.sock = trust().wrap_socket(socket.create_connection(("127.0.0.1", self.port), 60), server_hostname=NAME)


class Browser:
    """Somebody who talks to nginx."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""

    def ask(self, method: str, path: str, body: str | bytes | None = None, **headers: str) -> Any:
        conn = NamedConnection(NAME, self.port, timeout=60)
        told = {"Host": f"{NAME}:{self.port}", "Cookie": self.cookie, "Origin": f"https://{NAME}:{self.port}"}
        told["Sec-Fetch-Site"] = "same-origin"
        told |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        with closing(conn):
            conn.request(method, path, body, {**told, **headers})
            answer = conn.getresponse()
            answer.content = answer.read()  # type: ignore[attr-defined]
        answer.text = answer.content.decode("utf-8", "replace")  # type: ignore[attr-defined]
        return answer

    def sign_in(self) -> Any:
        answer = self.ask("POST", "/sign-in", urlencode({"name": "zhang", "password": PASSWORD}))
        self.cookie = str(answer.getheader("Set-Cookie")).partition(";")[0]
        return answer


def test_nobody_comes_in_without_signing_in_and_health_says_nothing(port: int) -> None:
    browser = Browser(port)
    assert browser.ask("GET", "/_stcore/health").text == "ok"
    assert browser.ask("GET", "/cases", **{"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}).status in {302, 303, 307, 401}
    claimed = {"X-App-Session": "0" * 64, "X-App-Proxy-User": "zhang"}
    assert browser.ask("GET", "/_stcore/metrics", **claimed).status in {401, 403, 404}


def test_the_cookie_is_bound_to_tls_and_the_browser_is_told_to_stay(port: int) -> None:
    answer = Browser(port).sign_in()
    cookie = str(answer.getheader("Set-Cookie"))
    assert cookie.startswith("__Host-kongchuo=")
    assert {"secure", "httponly", "samesite=strict"} <= {part.strip().lower() for part in cookie.split(";")}
    assert "max-age" in str(answer.getheader("Strict-Transport-Security"))


def test_the_websocket_passes_for_who_is_in_and_for_no_one_else(port: int) -> None:
    browser = Browser(port)
    with pytest.raises(InvalidStatus) as refused, open_socket(port, ""):
        pass
    assert refused.value.response.status_code in {401, 403}
    browser.sign_in()
    with open_socket(port, browser.cookie) as opened:
        opened.ping().wait(20)


def test_a_file_comes_through_once_and_is_kept_by_nobody(port: int) -> None:
    browser, other = Browser(port), Browser(port)
    browser.sign_in()
    other.sign_in()
    with open_socket(port, browser.cookie) as opened:
        token = re.search(r"token=([\w-]+);", Tab(opened).run("do=export"))
        assert token
        assert other.ask("GET", f"/download/{token[1]}").status == 404, "another session of the same account"
        answer = browser.ask("GET", f"/download/{token[1]}")
        assert (answer.status, answer.content) == (200, b"z" * 2_000_000)
        assert answer.getheader("Cache-Control") == "no-store, private"
        assert browser.ask("GET", f"/download/{token[1]}").status == 404


def test_a_file_goes_in_where_it_was_asked_for_and_none_that_is_too_large(port: int) -> None:
    browser = Browser(port)
    browser.sign_in()
    with open_socket(port, browser.cookie) as opened:
        tab = Tab(opened)
        tab.run()
        address = tab.ask_upload_address()
        xsrf = re.search(r"_streamlit_xsrf=([^;]+)", str(browser.ask("GET", "/_stcore/health").getheader("Set-Cookie")))
        assert xsrf
        cookie = f"{browser.cookie}; _streamlit_xsrf={xsrf[1]}"
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        told = {"Cookie": cookie, "Content-Type": kind, "X-Xsrftoken": xsrf[1]}
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'.encode()
        tail = f"\r\n--{BOUNDARY}--\r\n".encode()
        assert browser.ask("PUT", address, head + b"x" * 3_000_000 + tail, **told).status == 204
        assert (
            Browser(port).ask("PUT", address, head + b"x" + tail, **{**told, "Cookie": f"_streamlit_xsrf={xsrf[1]}"}).status
            == 404
        )
        try:
            status = browser.ask("PUT", address, head + b"x" * 60_000_000 + tail, **told).status
        except OSError:  # it hangs up on what is too long instead of reading it to its end
            status = 413
        assert status == 413


def test_answers_carry_the_headers_of_the_app(port: int) -> None:
    answer = Browser(port).ask("GET", "/sign-in", Accept="text/html")
    assert answer.status == 200
    assert answer.getheader("X-Frame-Options") == "SAMEORIGIN"
    assert "default-src 'none'" in str(answer.getheader("Content-Security-Policy"))
    assert "nginx/" not in str(answer.getheader("Server"))


def open_socket(port: int, cookie: str) -> ClientConnection:
    """A websocket through nginx under the app's name."""
    return connect(
        f"wss://{NAME}:{port}/_stcore/stream",
        sock=socket.create_connection(("127.0.0.1", port)),
        ssl=trust(),
        server_hostname=NAME,
        origin=Origin(f"https://{NAME}:{port}"),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": cookie},
    )
