"""What a bureau sets about its door."""

import pytest

from access.settings import DoorSettings, host_name, is_loopback, read_settings


def test_nothing_set() -> None:
    assert read_settings({}) == DoorSettings()


def test_all_set() -> None:
    environ = {
        "KONGCHUO_HOSTS": " Kongchuo.Example , 10.0.0.5 ,",
        "KONGCHUO_PROXY_SECRET": "s",
    }
    assert read_settings(environ, "/kc/") == DoorSettings(frozenset({"kongchuo.example", "10.0.0.5"}), (), "/kc", "s")


@pytest.mark.parametrize(("base", "expected"), [("", ""), ("/", ""), ("kc", "/kc"), ("/a/b/", "/a/b")])
def test_base(base: str, expected: str) -> None:
    assert read_settings({}, base).base == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("::ffff:127.0.0.1", True), ("localhost", True),
        ("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("::ffff:10.0.0.1", False), ("", False),
        ("localhost.evil.example", False), ("127.0.0.1.evil.example", False), ("testclient", False),
    ],
)  # fmt: skip
def test_loopback(address: str, expected: bool) -> None:
    assert is_loopback(address) == expected


@pytest.mark.parametrize(
    ("host", "name"),
    [("LocalHost:8501", "localhost"), ("[::1]:8501", "::1"), ("a.b", "a.b"), ("", ""), ("[", ""), ("a@127.0.0.1", "127.0.0.1")],
)
def test_host_name(host: str, name: str) -> None:
    assert host_name(host) == name


@pytest.mark.parametrize(
    ("host", "known"), [("k.example", True), ("K.EXAMPLE:8501", True), ("localhost", True), ("evil", False), ("", False)]
)
def test_known_hosts(host: str, known: bool) -> None:
    assert DoorSettings(hosts=frozenset({"k.example"})).knows_host(host) == known
    assert DoorSettings().knows_host(host)
