"""Roles: what a member of a room may do."""

from enum import Enum

import pytest

from chat.domain.commands import Manner, Mark, Setting
from chat.domain.records import Deed
from chat.domain.roles import POWERS, Power, Role, highest, may


@pytest.mark.parametrize("power", Power)
@pytest.mark.parametrize(
    ("role", "powers"),
    [
        pytest.param(Role.OPERATOR, set(Power), id="operator"),
        pytest.param(Role.VOICED, {Power.TALK_IN_MODERATED}, id="voiced"),
        pytest.param(Role.MEMBER, set(), id="member"),
        pytest.param(None, set(), id="outsider"),
    ],
)
def test_who_may_do_what(role: Role | None, powers: set[Power], power: Power) -> None:
    assert may(role, power) is (power in powers)


def test_every_role_has_a_row() -> None:
    assert set(POWERS) == set(Role)


def test_every_power_is_somebodys() -> None:
    assert frozenset().union(*POWERS.values()) == set(Power)


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ((Role.MEMBER, Role.VOICED), Role.VOICED),
        ((Role.VOICED, Role.OPERATOR), Role.OPERATOR),
        ((Role.OPERATOR, Role.MEMBER), Role.OPERATOR),
        ((Role.MEMBER, Role.MEMBER), Role.MEMBER),
    ],
)
def test_which_role_may_do_most(roles: tuple[Role, ...], role: Role) -> None:
    assert highest(*roles) is role


@pytest.mark.parametrize("kind", [Role, Power, Setting, Mark, Manner, Deed])
def test_what_is_looked_up_at_every_line_is_found_without_python(
    kind: type[Enum],
) -> None:
    assert kind.__hash__ is object.__hash__
