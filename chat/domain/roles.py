"""Roles: what a member of a room may do.

Whoever creates a room runs it.  The table below is the whole of it: a power is
in a role's row or it is not.
"""

from enum import Enum
from typing import Final


class Role(Enum):
    """What a member is in one room."""

    OPERATOR = "operator"
    MEMBER = "member"


class Power(Enum):
    """Something that not every member may do."""

    SET_LOCKED_TOPIC = "change the topic of a room that guards it"


POWERS: Final[dict[Role, frozenset[Power]]] = {
    Role.OPERATOR: frozenset({Power.SET_LOCKED_TOPIC}),
    Role.MEMBER: frozenset(),
}


def may(role: Role, power: Power) -> bool:
    """Whether a member with *role* has *power*."""
    return power in POWERS[role]
