"""A websocket that lives as long as its session: what the app behind it sees, and what it can still send."""

import asyncio
from typing import Any

import pytest

from access.named_paths import NamedPaths
from access.sockets import SIGNED_OUT, CheckedSocket

Message = dict[str, Any]


async def talk(messages: list[bytes], live: int, seen: list[Message]) -> list[Message]:
    """Send `messages` to an app that answers each and once more at the end; the session is over after `live` of them."""
    sent: list[Message] = []
    waiting = [{"type": "websocket.receive", "bytes": data} for data in messages]
    asked = 0

    async def why_over(used: bool) -> int | None:
        nonlocal asked
        asked += used
        return SIGNED_OUT if asked > live else None

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "websocket.disconnect", "code": 1001}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        while True:
            seen.append(await receive())
            await send({"type": "websocket.send", "bytes": b"answer"})
            if seen[-1]["type"] == "websocket.disconnect":
                return

    await CheckedSocket(receive, send, why_over).run(app, {}, NamedPaths(), "s1")
    return sent


@pytest.mark.parametrize("live", [0, 1, 2])
def test_after_its_end_nothing_comes_in_and_nothing_goes_out(live: int) -> None:
    seen: list[Message] = []
    sent = asyncio.run(talk([b"1", b"2", b"3"], live, seen))
    assert [message.get("bytes") for message in seen[:-1]] == [b"1", b"2", b"3"][:live]
    assert seen[-1] == {"type": "websocket.disconnect", "code": SIGNED_OUT}
    assert sent == [{"type": "websocket.send", "bytes": b"answer"}] * live + [{"type": "websocket.close", "code": SIGNED_OUT}]


def test_a_browser_that_leaves_is_not_closed_again() -> None:
    seen: list[Message] = []
    sent = asyncio.run(talk([b"1"], 5, seen))
    assert seen[-1] == {"type": "websocket.disconnect", "code": 1001}
    assert [message["type"] for message in sent] == ["websocket.send"] * 2
