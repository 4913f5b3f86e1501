"""Roles: what a member of a room may do.

Whoever creates a room runs it.  The table below is the whole of it: a power is
in a role's row or it is not.
"""

from enum import Enum
from typing import Final


class Role(Enum):
    """What a member is in one room."""

    # Enum's own is Python, and asked for at every line.
    __hash__ = object.__hash__

    OPERATOR = "operator"
    VOICED = "voiced"
    MEMBER = "member"


class Power(Enum):
    """Something that not every member may do."""

    # Enum's own is Python, and asked for at every line.
    __hash__ = object.__hash__

    SET_LOCKED_TOPIC = "change the topic of a room that guards it"
    SET_UP = "change how the room is set up, and who is what in it"
    PUT_OUT = "put somebody out of the room"
    INVITE_INTO_CLOSED = "invite into a room that only the invited enter"
    TALK_IN_MODERATED = "talk while the room is moderated, or is not heard"


POWERS: Final[dict[Role, frozenset[Power]]] = {
    Role.OPERATOR: frozenset(Power),
    Role.VOICED: frozenset({Power.TALK_IN_MODERATED}),
    Role.MEMBER: frozenset(),
}


def highest(*roles: Role) -> Role:
    """The one of *roles* that may do most."""
    return max(roles, key=lambda role: len(POWERS[role]))


def may(role: Role | None, power: Power) -> bool:
    """Whether a member with *role* has *power*; an outsider (None) has none."""
    return role is not None and power in POWERS[role]
