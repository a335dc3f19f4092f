"""Forms of the door: read within narrow limits, written as plain HTML that needs no script."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, urlencode

from starlette.requests import ClientDisconnect, Request

from domain.terms import Lang, say

LARGEST = 4096  # bytes of a form


@dataclass(frozen=True)
class Field:
    """One line of a form; `label` is a key of the words, `kind` and `complete` are HTML's type and autocomplete."""

    name: str
    label: str
    kind: str
    complete: str
    required: bool = True


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields of a posted form; empty when it is larger than any of ours, or breaks off.

    One that breaks off is no error: thousands of them would fill the log with traces.
    """
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                return {}
    except ClientDisconnect:
        return {}
    fields = parse_qsl(body.decode("utf-8", "replace"))
    return {name: value.replace("\0", "") for name, value in fields}  # no database keeps that character


def write_form(action: str, lang: Lang, target: str, fields: Iterable[Field], submit: str, problem: str = "") -> str:
    """The HTML of a form that posts to `action` and goes on to `target`; `problem` stands above it."""
    shown = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    lines = "".join(_line(field, lang) for field in fields)
    url = escape(f"{action}?{urlencode({'lang': lang, 'next': target})}")
    return f'{shown}<form method="post" action="{url}">{lines}<button>{escape(say(submit, lang))}</button></form>'


def _line(field: Field, lang: Lang) -> str:
    needed = " required" if field.required else ""
    kind = f'name="{field.name}" type="{field.kind}" autocomplete="{field.complete}" maxlength="128"{needed}'
    return f"<label>{escape(say(field.label, lang))}<input {kind}></label>"


def write_switch(action: str, lang: Lang, target: str) -> str:
    """A link to the same form in the other language."""
    other = "en" if lang == "zh" else "zh"
    url = escape(f"{action}?{urlencode({'lang': other, 'next': target})}")
    return f'<p class="soft"><a href="{url}" lang="{other}">{escape(say("access.sign_in.other_lang", lang))}</a></p>'
