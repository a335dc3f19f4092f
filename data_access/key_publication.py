"""The key list is published: from when, by when its units must have mended it, and on what paper (R115, R139-R140)."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Engine

from data_access import audit
from data_access.key_list import read_key_units
from data_access.reports import KEY_UNITS, read_list
from data_access.settings_write import allowed, put_setting
from data_access.writing import write
from domain.case_filter import CaseFilter
from domain.errors import ProblemError
from domain.key_units import ListedUnit, key_list
from domain.scope import Scope


def publish_key_list(
    engine: Engine, scope: Scope, county: str, chosen: CaseFilter, *, published_on: date, rectify_by: date, document: str
) -> int:
    """Publish the county's list as of the filter's day: every town and school over its line; how many they are.

    It takes the place of the list before, from the day of publication on; whoever stood there keeps the day since when. An
    empty list is a list. Raises ProblemError for a deadline before the publication or a publication before the day the list
    was drawn up for; ScopeError for a role or county that may not.
    """
    told = allowed(scope, county, published_on, document)
    if chosen.as_of is None or published_on < chosen.as_of:
        raise ProblemError("keyunit.published_before_day")
    with write(engine, county) as conn:
        before = {code: one.listed_since for code, one in (read_list(conn, county, published_on) or {}).items()}
        units = read_key_units(conn, scope, CaseFilter(area=county, as_of=chosen.as_of, period=chosen.period))
        listed = key_list({unit.unit_code: unit.listing for unit in units}, before, published_on, rectify_by)
        put_setting(conn, county, KEY_UNITS, _stored(listed), published_on, told, scope.user)
        what = f"{len(listed)}: {' '.join(one.unit_code for one in listed)} ({published_on} - {rectify_by})"
        audit.record(engine, scope, "key_list.publish", county=county, filter_text=what, reason=told)
    return len(listed)


def _stored(listed: tuple[ListedUnit, ...]) -> Mapping[str, Mapping[str, str]]:
    return {
        one.unit_code: {
            "mark": one.mark.value,
            "since": one.listed_since.isoformat(),
            "published_on": one.published_on.isoformat(),
            "rectify_by": one.rectify_by.isoformat(),
        }
        for one in listed
    }
