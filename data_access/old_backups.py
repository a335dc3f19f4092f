"""Backups that are no longer needed: the oldest of a folder go, so that its disk does not fill."""

from pathlib import Path

from sqlalchemy import Engine

from data_access import audit
from data_access.backups import MAGIC
from domain.errors import ProblemError


def prune_backups(engine: Engine, newest: Path, keep: int, *, by: str) -> list[str]:
    """Remove the oldest backups beside `newest` until `keep` are left, and return their names; the audit knows them first.

    Only files that end as `newest` does and begin as backups do; `newest` itself stays. Raises ProblemError backup.keep
    for a number below one.
    """
    require_keep(keep)
    others = [one for one in newest.parent.glob(f"*{newest.suffix}") if one.name != newest.name and _is_backup(one)]
    oldest_first = sorted(others, key=lambda one: (one.stat().st_mtime, one.name))
    going = oldest_first[: max(0, len(others) - (keep - 1))]
    if going:
        audit.append(engine, user=by, role="", act="backup.pruned", filter=" ".join(one.name for one in going))
    for one in going:
        one.unlink()
    return [one.name for one in going]


def require_keep(keep: int) -> None:
    """Raise ProblemError backup.keep for a number of backups below one."""
    if keep < 1:
        raise ProblemError("backup.keep")


def _is_backup(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as begins:
        return begins.read(len(MAGIC)) == MAGIC
