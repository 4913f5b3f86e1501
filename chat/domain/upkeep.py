"""Upkeep: what the house does by itself."""

from chat.domain.claims import (
    TellTrouble,
    Tidy,
)
from chat.domain.effects import Effect
from chat.domain.state import Stamp, State


def tidy(state: State, session: int, command: Tidy, stamp: Stamp) -> list[Effect]:
    """To be written."""
    raise NotImplementedError


def tell_trouble(
    state: State, session: int, command: TellTrouble, stamp: Stamp
) -> list[Effect]:
    """To be written."""
    raise NotImplementedError
