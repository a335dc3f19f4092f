"""The time on the wall here, for what the database keeps in UTC."""

from datetime import UTC, datetime

from data_access.engine import SHANGHAI


def local_time(moment: datetime) -> datetime:
    """A moment of the database (UTC without zone) as it is in Shanghai."""
    return moment.replace(tzinfo=UTC).astimezone(SHANGHAI)


def now_here() -> datetime:
    """This moment in Shanghai."""
    return datetime.now(SHANGHAI)
