"""The text of a ledger's line, whose fingerprint must stay what it was for the same row to be known again."""

import json

from hypothesis import given
from hypothesis import strategies as st

from data_access.ledger_lines import _write


@given(st.dictionaries(st.sampled_from(["origin", "registry_aux", "enrol_ym"]), st.text()))
def test_a_line_is_json_with_its_keys_in_order(told: dict[str, str]) -> None:
    assert _write(told) == json.dumps(told, ensure_ascii=False, sort_keys=True)
