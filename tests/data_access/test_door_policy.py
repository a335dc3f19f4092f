"""The door's rules as a bureau sets them."""

import pytest
from sqlalchemy import Engine, insert

from data_access.door_policy import DoorPolicy, read_policy
from data_access.schema import app_state


def test_unset_rules_are_the_usual_ones(engine: Engine) -> None:
    with engine.connect() as conn:
        assert read_policy(conn) == DoorPolicy(8, 3, 90, 5, 15, 30, 12, "off")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("door.min_length", "12", DoorPolicy(min_length=12)),
        ("door.idle_minutes", "5", DoorPolicy(idle_minutes=5)),
        ("door.max_age_days", "0", DoorPolicy(max_age_days=0)),
        ("door.second_factor", "required", DoorPolicy(second_factor="required")),
        ("door.second_factor", "perhaps", DoorPolicy()),
        ("door.idle_minutes", "-5", DoorPolicy()),
        ("door.idle_minutes", "soon", DoorPolicy()),
        ("door.idle_minutes", "", DoorPolicy()),
        ("door.no_such_rule", "1", DoorPolicy()),
        ("doorxmin_length", "1", DoorPolicy()),
    ],
)
def test_a_set_rule_counts_if_it_makes_sense(name: str, value: str, expected: DoorPolicy, engine: Engine) -> None:
    with engine.begin() as conn:
        conn.execute(insert(app_state).values(name=name, value=value))
        assert read_policy(conn) == expected
