"""A websocket that is open only as long as the session behind it is live."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access.named_paths import NamedPaths

SIGNED_OUT = 4401  # close codes: the session is over; the database cannot be asked
UNAVAILABLE = 1013
LOOK_EVERY = 30.0  # seconds between looks at the session of a tab in which nothing happens


class CheckedSocket:
    """Passes messages on while `why_over(used)` gives None, else closes with the code it gives.

    Each message from the browser is checked before it is passed on, and counts as use of the session; a tab that says
    nothing is looked at every half minute, which does not count.
    """

    def __init__(self, receive: Receive, send: Send, why_over: Callable[[bool], Awaitable[int | None]]) -> None:
        self._receive = receive
        self._send = send
        self._why_over = why_over
        self._closed: int | None = None
        self._done = asyncio.Event()

    async def run(self, app: ASGIApp, scope: Scope, named: NamedPaths, session_id: str) -> None:
        """Run `app` behind this socket, noting the file addresses it names to the browser."""

        async def send(message: Message) -> None:
            if message["type"] == "websocket.send" and message.get("bytes"):
                named.note(session_id, message["bytes"])
            if self._closed is None:
                await self._send(message)

        watch = asyncio.create_task(self._watch())
        try:
            await app(scope, self._receive_checked, send)
        finally:
            self._done.set()  # not cancelled: a look at the database would go on in its thread
            await watch

    async def _receive_checked(self) -> Message:
        message = await self._receive()
        if message["type"] == "websocket.receive" and await self._close_if_over(used=True):
            return {"type": "websocket.disconnect", "code": self._closed}
        return message

    async def _watch(self) -> None:
        while not self._done.is_set() and not await self._close_if_over(used=False):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._done.wait(), LOOK_EVERY)

    async def _close_if_over(self, *, used: bool) -> bool:
        code = await self._why_over(used)
        if code is not None and self._closed is None:
            self._closed = code
            await self._send({"type": "websocket.close", "code": code})
        return code is not None
