"""File addresses belong to whom they were named."""

import pytest

from access import named_paths
from access.named_paths import NamedPaths

DIGEST = "0123456789abcdef" * 2
TAB, FILE = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"
MEDIA, UPLOAD = f"/media/{DIGEST}.png", f"/_stcore/upload_file/{TAB}/{FILE}"


@pytest.mark.parametrize("path", [MEDIA, UPLOAD])
@pytest.mark.parametrize("after", [b"", b'"', b"2\x08", b"0", b" "])
def test_named_in_a_frame(path: str, after: bytes) -> None:
    named = NamedPaths()
    named.note("s1", b"\x0a\x2f" + path.encode() + after)
    assert named.open_to("s1", path)
    assert not named.open_to("s2", path)


@pytest.mark.parametrize(
    "path",
    [
        "/media/", "/media/x.png", f"/media/{DIGEST[:-1]}0.png", f"/media/../{DIGEST}.png", f"{MEDIA}/x", f"/media/{DIGEST}",
        f"/_stcore/upload_file/{TAB}/{FILE[:-1]}1", f"/_stcore/upload_file/{FILE}/{TAB}", f"{UPLOAD}/..", "/_stcore/upload_file/",
    ],
)  # fmt: skip
def test_what_was_not_named(path: str) -> None:
    named = NamedPaths()
    named.note("s1", f"{MEDIA} {UPLOAD}".encode())
    assert not named.open_to("s1", path)


def test_several_in_one_frame() -> None:
    named = NamedPaths()
    others = [f"/media/{number:032x}.jpg" for number in range(20)]
    named.note("s1", " ".join(others).encode())
    assert all(named.open_to("s1", path) for path in others)


def test_it_forgets_the_oldest_not_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named_paths, "NAMES", 3)
    monkeypatch.setattr(named_paths, "SESSIONS", 2)
    named = NamedPaths()
    paths = [f"/media/{number:032x}.jpg" for number in range(5)]
    for path in paths:
        named.note("s1", path.encode())
    assert [named.open_to("s1", path) for path in paths] == [False, False, True, True, True]
    named.note("s2", MEDIA.encode())
    named.note("s3", MEDIA.encode())
    assert [named.open_to(session, MEDIA) for session in ("s2", "s3")] == [True, True]
    assert not named.open_to("s1", paths[4])
