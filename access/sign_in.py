"""Signing in and out, and setting one's own password."""

from collections.abc import Callable

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.flood import Flood
from access.forms import Field, read_form, write_form, write_switch
from access.page import escaped, is_navigation, local_target, read_lang, write_notice, write_page
from access.visits import VISITOR, Visits, client_of, drop_cookie, set_cookie
from data_access.accounts import has_administrator
from data_access.door_policy import DoorPolicy, read_policy
from data_access.sign_in import change_password, sign_in
from domain.errors import ProblemError
from domain.terms import Lang, say

HASHING = CapacityLimiter(2)  # passwords judged at a time: each takes 19 MiB and a core for 26 ms
NAME = Field("name", "access.sign_in.name", "text", "username")
PASSWORD = Field("password", "access.sign_in.password", "password", "current-password")
CODE = Field("code", "access.sign_in.code", "text", "one-time-code", required=False)
OLD = Field("old", "access.password.old", "password", "current-password")
NEW = Field("new", "access.password.new", "password", "new-password")
AGAIN = Field("again", "access.password.again", "password", "new-password")


class SignIn:
    """The pages `/sign-in`, `/password` and `/sign-out` of one door."""

    def __init__(self, visits: Visits) -> None:
        self.visits = visits
        self.base = visits.settings.base
        self.flood = Flood()

    def show_sign_in(self, request: Request) -> Response:
        """Answer GET `/sign-in`: the form; who is signed in already goes on."""
        if request.scope[VISITOR]:
            return RedirectResponse(self._target(request), 303)
        return self._write_sign_in(request)

    async def submit_sign_in(self, request: Request) -> Response:
        """Answer POST `/sign-in`: a new session, or the form again with one message for all that can be wrong."""
        form = await read_form(request)
        fields = (form.get("name", ""), form.get("password", ""), form.get("code", "").replace(" ", ""))

        def enter() -> str:
            self.visits.leave(request)
            return sign_in(self.visits.engine, self.visits.cipher(), *fields, client_of(request))

        return await self._try(request, enter, self._write_sign_in)

    def show_password(self, request: Request) -> Response:
        """Answer GET `/password`: the form to set one's own password."""
        return self._write_password(request)

    async def submit_password(self, request: Request) -> Response:
        """Answer POST `/password`: a new password and a new session."""
        form = await read_form(request)
        visitor = request.scope[VISITOR]

        def change() -> str:
            if form.get("new", "") != form.get("again", ""):
                raise ProblemError("access.password_differs")
            old, new = form.get("old", ""), form.get("new", "")
            return change_password(self.visits.engine, self.visits.cipher(), visitor, old, new, client_of(request))

        return await self._try(request, change, self._write_password)

    def sign_out(self, request: Request) -> Response:
        """Answer `/sign-out`: the session is over. Only as a page a person goes to, so that no picture in a text can do it."""
        if not is_navigation(request):
            return write_notice(read_lang(request), "not_found", 404, self.base)
        self.visits.leave(request)
        response = RedirectResponse(f"{self.base}/sign-in", 303)
        drop_cookie(response, request)
        return response

    async def _try(self, request: Request, act: Callable[[], str], again: Callable[[Request, str, int], Response]) -> Response:
        """Do what gives a token and go on with it; a problem is shown above the form."""
        if not self.flood.allows(client_of(request)):
            return write_notice(read_lang(request), "flood", 429, self.base)
        try:
            token = await to_thread.run_sync(act, limiter=HASHING)
        except ProblemError as problem:
            return await to_thread.run_sync(again, request, problem.say(read_lang(request)), 401)
        self.flood.forgive(client_of(request))
        response = RedirectResponse(self._target(request), 303)
        set_cookie(response, request, token)
        return response

    def _write_sign_in(self, request: Request, problem: str = "", status: int = 200) -> Response:
        lang, action, target = read_lang(request), f"{self.base}/sign-in", self._target(request)
        fields = (NAME, PASSWORD) if self._policy().second_factor == "off" else (NAME, PASSWORD, CODE)
        if not problem and not has_administrator(self.visits.engine):
            problem = say("access.sign_in.nobody", lang)
        form = write_form(action, lang, target, fields, "access.sign_in.submit", problem)
        body = f"{_small('access.sign_in.notice', lang)}{form}{write_switch(action, lang, target)}"
        return write_page(lang, say("access.sign_in.title", lang), body, status)

    def _write_password(self, request: Request, problem: str = "", status: int = 200) -> Response:
        lang, action, target = read_lang(request), f"{self.base}/password", self._target(request)
        policy = self._policy()
        rule = _small("access.password.rule", lang, length=policy.min_length, kinds=policy.min_kinds)
        form = write_form(action, lang, target, (OLD, NEW, AGAIN), "access.password.submit", problem)
        return write_page(lang, say("access.password.title", lang), f"{rule}{form}{write_switch(action, lang, target)}", status)

    def _policy(self) -> DoorPolicy:
        with self.visits.engine.connect() as conn:
            return read_policy(conn)

    def _target(self, request: Request) -> str:
        return local_target(request.query_params.get("next", ""), self.base)


def _small(key: str, lang: Lang, **params: object) -> str:
    return f'<p class="soft">{escaped(key, lang, **params)}</p>'
