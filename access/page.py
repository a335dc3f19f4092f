"""The few pages the door shows itself: plain HTML without script, in the language of the page people come from."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from urllib.parse import parse_qs, urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from domain.terms import Lang, parse_lang, say

STYLE = """
:root{color-scheme:light dark;--ink:#1b2733;--soft:#5a6b7b;--ground:#f4f6f8;
--card:#fff;--line:#cfd8e0;--blue:#1f5f99;--red:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9fb0c0;--ground:#10161d;
--card:#1a222b;--line:#36434f;--blue:#6aa9e0;--red:#f2877f}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--ground);color:var(--ink);
font:16px/1.6 "Noto Sans SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",system-ui,sans-serif}
main{width:100%;max-width:24rem;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:1.5rem}
h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:.5rem 0}.soft{color:var(--soft);font-size:.875rem}.problem{color:var(--red)}
label{display:block;margin-top:.75rem}
input{width:100%;font:inherit;padding:.55rem .6rem;border:1px solid var(--line);border-radius:6px;
background:var(--ground);color:var(--ink)}
button{width:100%;margin-top:1.25rem;border:0;
font:inherit;font-weight:600;padding:.65rem;border-radius:6px;background:var(--blue);color:var(--card)}
a{color:var(--blue)}:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
"""
_STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
PAGE_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def read_lang(conn: HTTPConnection) -> Lang:
    """The language asked for by `lang` in the URL, else of the page to go on to, else of the one before, else Chinese."""
    asked = conn.query_params.get("lang") or _lang_of(conn.query_params.get("next", ""))
    return parse_lang(asked or _lang_of(conn.headers.get("referer", "")))


def _lang_of(address: str) -> str:
    return parse_qs(urlsplit(address).query).get("lang", [""])[0]


def is_navigation(conn: HTTPConnection) -> bool:
    """Whether a browser asks for a page to show, and not a page for one of its parts."""
    mode = conn.headers.get("sec-fetch-mode")
    return conn.scope["method"] == "GET" and (mode == "navigate" if mode else "text/html" in conn.headers.get("accept", ""))


def escaped(key: str, lang: Lang, **params: object) -> str:
    """The words of `key` as HTML text."""
    return escape(say(key, lang, **params))


def local_target(text: str, base: str) -> str:
    """A place of this app to go on to; the start for anything that a browser would take for another site."""
    inside = text.startswith(f"{base}/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if inside else f"{base}/"


def write_page(lang: Lang, title: str, body: str, status: int = 200, head: str = "") -> HTMLResponse:
    """A page of the door: `title` is text, `body` and `head` are HTML made here."""
    html = (
        f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">{head}'
        f"<title>{escape(title)} · {escaped('access.app', lang)}</title><style>{STYLE}</style></head>"
        f'<body><main><p class="soft">{escaped("access.app", lang)}</p><h1>{escape(title)}</h1>{body}</main></body></html>'
    )
    return HTMLResponse(html, status, {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store"})


def write_notice(lang: Lang, key: str, status: int, base: str = "") -> HTMLResponse:
    """A page that says one thing (`access.<key>.title` and `.text`) and leads back to the start."""
    back = f'<a href="{escape(base)}/">{escaped("access.back", lang)}</a>'
    body = f"<p>{escaped(f'access.{key}.text', lang)}</p><p>{back}</p>"
    return write_page(lang, say(f"access.{key}.title", lang), body, status)


def write_returning(lang: Lang) -> HTMLResponse:
    """A page that loads itself again: after a click on another site the browser sends our cookie only then (SameSite=Strict)."""
    return write_page(lang, say("access.returning", lang), "", head='<meta http-equiv="refresh" content="0">')
