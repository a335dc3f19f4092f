"""What answers tell the browser."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from access.headers import ALWAYS, content_policy
from access.settings import DoorSettings
from tests.access.callers import Caller

Calling = Callable[..., Caller]


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nothing", "/_stcore/metrics", "/vendor/none.js", "/_stcore/health"])
def test_every_answer_carries_them(path: str, caller: Calling, bureau: Engine) -> None:
    answer = caller(bureau).look(path)
    assert {name: answer.headers.get(name.lower()) for name in ALWAYS} == ALWAYS
    assert answer.headers["content-security-policy"]
    assert "access-control-allow-origin" not in answer.headers


def directives(policy: str) -> dict[str, list[str]]:
    return {name: rest for name, *rest in (part.split() for part in policy.split("; "))}


def test_nothing_comes_from_elsewhere() -> None:
    told = directives(content_policy("localhost:8501", ()))
    assert told["default-src"] == ["'self'"]
    assert told["connect-src"] == ["'self'", "ws://localhost:8501", "wss://localhost:8501"]
    assert told["object-src"] == ["'none'"]
    assert told["frame-ancestors"] == ["'self'"]
    sources = {source for rest in told.values() for source in rest}
    assert {source for source in sources if "//" in source} == {"ws://localhost:8501", "wss://localhost:8501"}
    assert "*" not in sources


def test_tile_hosts_may_give_pictures_and_nothing_else() -> None:
    told = directives(content_policy("h", ("https://t0.tianditu.gov.cn",)))
    assert told.pop("img-src") == ["'self'", "data:", "blob:", "https://t0.tianditu.gov.cn"]
    assert not [rest for rest in told.values() if "https://t0.tianditu.gov.cn" in rest]


@pytest.mark.parametrize("host", ["", "a; script-src *", "a b", "a,b", "h\r\nx: y"])
def test_a_bent_host_bends_no_policy(host: str) -> None:
    assert directives(content_policy(host, ()))["connect-src"] == ["'self'"]


@pytest.mark.parametrize(("scheme", "told"), [("http", False), ("https", True)])
def test_tls_is_asked_for_where_it_is_spoken(scheme: str, told: bool, caller: Calling, bureau: Engine) -> None:
    answer = caller(bureau, DoorSettings(), scheme=scheme).look("/sign-in")
    assert ("strict-transport-security" in answer.headers) == told
