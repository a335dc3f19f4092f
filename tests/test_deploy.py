"""What `deploy/` gives to systemd does what docs/operations.md says of it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def test_a_standing_contradiction_does_not_stop_the_nightly_backup() -> None:
    """`check` ends with 1 while one stands, and a oneshot service starts nothing after a command that failed."""
    commands = re.findall(r"^ExecStart=.*data_access (\w+)", read("kongchuo-nightly.service"), re.MULTILINE)
    assert commands == ["backup", "check"]


def test_the_nightly_backups_do_not_fill_the_disk() -> None:
    """Each is a whole copy: without a bound the night comes on which none is written."""
    assert re.search(r"data_access backup .*\.backup --keep [1-9]\d*'$", read("kongchuo-nightly.service"), re.MULTILINE)


def test_what_the_service_writes_lies_where_it_may_write() -> None:
    """ProtectSystem=strict leaves it the state directory alone."""
    settings = dict(line.split("=", 1) for line in read("environment").splitlines() if line and not line.startswith("#"))
    places = [settings[name] for name in ("DATABASE_URL", "KONGCHUO_KEY_FILE", "KONGCHUO_SPOOL", "KONGCHUO_ANCHORS")]
    assert all("/var/lib/kongchuo/" in place for place in places)


def test_the_guide_puts_every_file_in_its_place() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert all(
        name in guide
        for name in ("deploy/environment", "deploy/kongchuo.service", "deploy/kongchuo-nightly.*", "deploy/nginx.conf")
    )
    assert "enable --now kongchuo kongchuo-nightly.timer" in guide


def test_many_tabs_do_not_use_up_the_open_files() -> None:
    """systemd gives a service 1024 unless told otherwise: each tab and each idle connection holds one."""
    [files] = re.findall(r"^LimitNOFILE=(\d+)$", read("kongchuo.service"), re.MULTILINE)
    assert int(files) >= 16_384
