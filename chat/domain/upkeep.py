"""Upkeep: what the house does by itself, and no session asks for."""

from itertools import islice
from typing import Final

from chat.domain import links, nicks, rooms
from chat.domain.claims import TellTrouble, Tidy
from chat.domain.effects import Deliver, Effect, ToUser
from chat.domain.events import KeepingChanged
from chat.domain.state import Stamp, State

# So much is forgotten in one go; each is a record, and a turn shall be short.
AT_ONCE: Final = 200


def tidy(state: State, _session: int, _command: Tidy, stamp: Stamp) -> list[Effect]:
    """Do what is due: rooms long empty, links run out, nicks held too long.

    What is left for lack of time is due again the next time.
    """
    effects: list[Effect] = []
    for room in list(islice(state.empty.values(), AT_ONCE)):
        if len(effects) >= AT_ONCE or not rooms.is_over(state, room, stamp.at):
            break
        effects += rooms.end(state, room)
    over = (link for link in state.links.values() if link.until <= stamp.at)
    effects += links.forget(state, *islice(over, max(0, AT_ONCE - len(effects))))
    return effects + nicks.release_held(state, stamp)


def tell_trouble(
    state: State, _session: int, command: TellTrouble, stamp: Stamp
) -> list[Effect]:
    """Tell the rooms, or those who run the house, whether what is said is kept."""
    over, lost = command.is_over, command.lost
    if not command.rooms:
        changed = KeepingChanged(stamp.id, stamp.at, "", over, lost)
        those_who_run_it = (user for user in state.users.values() if user.is_in_office)
        return [Deliver(changed, to=ToUser(user.id)) for user in those_who_run_it]
    concerned = frozenset(command.rooms)
    effects: list[Effect] = []
    for room in state.rooms.values():
        if room.id in concerned:
            changed = KeepingChanged(stamp.id, stamp.at, room.name, over, lost)
            effects.append(Deliver(changed, to=room.everyone))
    return effects
