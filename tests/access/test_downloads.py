"""The way out for a file."""

from collections.abc import Callable
from typing import BinaryIO
from urllib.parse import unquote

import pytest
from sqlalchemy import Engine

from data_access.exports import spool
from data_access.visitors import session_id_of
from domain.scope import Role, Scope
from tests.access.callers import Caller

Calling = Callable[..., Caller]
CONTENT = "编号\n".encode() * 100_000


def write(out: BinaryIO) -> int:
    out.write(CONTENT)
    return 100_000


def spooled(engine: Engine, person: Caller, name: str = "个案.csv", media_type: str = "text/csv; charset=utf-8") -> str:
    scope = Scope("zhang", Role.COUNTY, ("350430",))
    return spool(engine, scope, session_id_of(str(person.token)), name, media_type, write)


def test_its_owner_gets_it_once(signed_in: Calling, bureau: Engine) -> None:
    person = signed_in("zhang")
    token = spooled(bureau, person)
    answer = person.ask(f"/download/{token}")
    assert (answer.status, answer.body) == (200, CONTENT)
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["cache-control"] == "no-store, private"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert person.ask(f"/download/{token}").status == 404


@pytest.mark.parametrize("name", ["个案 名单 2026.xlsx", 'a"b;c.csv', "a\r\nX-Evil: 1.csv", "a/b.csv", "𠮷.csv", "plain.csv"])
def test_the_name_arrives_and_bends_no_header(name: str, signed_in: Calling, bureau: Engine) -> None:
    person = signed_in("zhang")
    answer = person.ask(f"/download/{spooled(bureau, person, name)}")
    shown = answer.headers["content-disposition"]
    assert shown.startswith('attachment; filename="')
    assert unquote(shown.partition("filename*=UTF-8''")[2]) == name
    assert "x-evil" not in answer.headers


def test_nobody_else_gets_it(signed_in: Calling, bureau: Engine) -> None:
    owner, other = signed_in("zhang"), signed_in("wang")
    token = spooled(bureau, owner)
    assert other.ask(f"/download/{token}").status == 404
    other.token = None
    assert other.ask(f"/download/{token}").status == 401
    again = signed_in("zhang")  # the same person in another session
    assert again.ask(f"/download/{token}").status == 404
    assert owner.ask(f"/download/{token}").status == 200


def test_a_look_ahead_does_not_use_it_up(signed_in: Calling, bureau: Engine) -> None:
    person = signed_in("zhang")
    token = spooled(bureau, person)
    assert person.ask(f"/download/{token}", "HEAD").status == 404
    assert person.ask(f"/download/{token}").status == 200


def test_after_sign_out_it_is_gone(signed_in: Calling, bureau: Engine) -> None:
    person = signed_in("zhang")
    token = spooled(bureau, person)
    person.look("/sign-out")
    assert person.ask(f"/download/{token}").status == 401


@pytest.mark.parametrize(
    ("path", "referer", "word"),
    [
        ("/download/x", "", "下载链接已失效"),
        ("/download/x?lang=en", "", "no longer there"),
        ("/download/x", "/cases?lang=en", "no longer there"),
    ],
)
def test_it_says_so_in_the_language_of_the_page(path: str, referer: str, word: str, signed_in: Calling) -> None:
    person = signed_in("zhang")
    answer = person.look(path, referer=f"http://localhost:8501{referer}")
    assert answer.status == 404
    assert word in answer.text


@pytest.mark.parametrize("token", ["..%2f..%2fetc%2fpasswd", "%00", "\x00", "中", "x" * 10_000])
def test_invented_tokens(token: str, signed_in: Calling) -> None:
    assert signed_in("zhang").ask(f"/download/{token}").status == 404
