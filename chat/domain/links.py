"""Links: invitations for whoever holds a token."""

from chat.domain.claims import (
    AskLinks,
    MakeLink,
    Redeem,
    Revoke,
)
from chat.domain.effects import Effect
from chat.domain.state import Stamp, State, User


def make_link(
    state: State, session: int, command: MakeLink, stamp: Stamp
) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def ask_links(
    state: State, session: int, command: AskLinks, stamp: Stamp
) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def revoke(state: State, session: int, command: Revoke, stamp: Stamp) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def redeem(state: State, session: int, command: Redeem, stamp: Stamp) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def use(state: State, user: User, session: int, stamp: Stamp) -> list[Effect]:
    """To be written."""
    raise NotImplementedError
