"""Roles: what a member of a room may do."""

import pytest

from chat.domain.roles import POWERS, Power, Role, may


@pytest.mark.parametrize(
    ("role", "power", "has_it"),
    [
        pytest.param(Role.OPERATOR, Power.SET_LOCKED_TOPIC, True, id="operator, topic"),
        pytest.param(Role.MEMBER, Power.SET_LOCKED_TOPIC, False, id="member, topic"),
    ],
)
def test_who_may_do_what(role: Role, power: Power, has_it: bool) -> None:
    assert may(role, power) is has_it


def test_every_role_has_a_row() -> None:
    assert set(POWERS) == set(Role)


def test_every_power_is_somebodys() -> None:
    assert frozenset().union(*POWERS.values()) == set(Power)
