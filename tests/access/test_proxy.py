"""deploy/nginx.conf with a real nginx in front of the app as it runs: TLS, the cookie bound to it, websockets."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
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
from tests.access.live import ROOT, free_port, started, wait_healthy

pytestmark = pytest.mark.slow
NAME = "kongchuo.example.cn"


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


@pytest.fixture(scope="module")
def port(app_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """nginx with the project's configuration: only names, paths and ports are the test's."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        pytest.fail("nginx is missing. An administrator must run: apt-get update && apt-get install -y nginx-light")
    folder, secure, plain = tmp_path_factory.mktemp("nginx"), free_port(), free_port()
    write_certificate(folder)
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("/etc/kongchuo/", f"{folder}/"),
        ("127.0.0.1:8501", f"127.0.0.1:{app_port}"),
    ):
        assert old in site
        site = site.replace(old, new)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    temporary = " ".join(f"{one}_temp_path {folder}/{one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    head = f"pid {folder}/pid; error_log {folder}/error.log; daemon off; events {{}}"
    main = f"{head} http {{ {temporary} include {folder}/site.conf; }}"
    (folder / "main.conf").write_text(main, encoding="utf-8")
    command = [program, "-p", str(folder), "-c", str(folder / "main.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield secure
    running.terminate()
    running.wait(10)


def trust() -> ssl.SSLContext:
    """A client that does not ask who signed: the certificate is the test's own."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Browser:
    """Somebody who talks to nginx."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Any:
        conn = HTTPSConnection("127.0.0.1", self.port, context=trust(), timeout=20)
        told = {"Host": NAME, "Cookie": self.cookie, "Origin": f"https://{NAME}", "Sec-Fetch-Site": "same-origin"}
        told |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        conn.request(method, path, body, {**told, **headers})
        answer = conn.getresponse()
        answer.text = answer.read().decode("utf-8", "replace")  # type: ignore[attr-defined]
        conn.close()
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


def open_socket(port: int, cookie: str) -> ClientConnection:
    """A websocket through nginx under the app's name."""
    return connect(
        f"wss://{NAME}:{port}/_stcore/stream",
        sock=socket.create_connection(("127.0.0.1", port)),
        ssl=trust(),
        server_hostname=NAME,
        origin=Origin(f"https://{NAME}"),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": cookie},
    )
