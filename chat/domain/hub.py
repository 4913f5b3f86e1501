"""The hub: command in, effects out.

The hub is a deterministic state machine.  It has no clock, no randomness, no
sockets, and nothing in it depends on the order of a set: the same commands in
the same order, with the same stamps, give the same state and the same effects.
So a conversation can be replayed, a snapshot can be carried across a restart,
and a test needs no fakes.

What it does not do: speak a language, or know who listens.  A dialect made the
command, and fan-out finds the audience.

Next: chat/domain/state.py
"""

from typing import Any

from chat.domain import identity, rooms, snapshot, talk
from chat.domain.commands import (
    AskHouse,
    AskMembers,
    AskPeople,
    AskRoom,
    AskTopic,
    Command,
    Configure,
    Depart,
    Introduce,
    Join,
    Leave,
    Open,
    Rename,
    Say,
    SetTopic,
    Whisper,
)
from chat.domain.effects import Effect
from chat.domain.limits import Limits
from chat.domain.state import Stamp, fresh


class Hub:
    """Everything that is known about who is here and where."""

    def __init__(self, limits: Limits, lobby: str = "#lobby", since: int = 0) -> None:
        self._state = fresh(limits, lobby, since)

    def handle(  # noqa: C901, PLR0911, PLR0912 - flat: a verb for each command
        self, session: int, command: Command, stamp: Stamp
    ) -> list[Effect]:
        """Carry out *command* at its place and time in the server's one order.

        Raises:
            Refused: and then nothing has changed.
        """
        state = self._state
        match command:
            case Say():
                return talk.say(state, session, command, stamp)
            case Whisper():
                return talk.whisper(state, session, command, stamp)
            case Open():
                return identity.open_(state, session, command, stamp)
            case Introduce():
                return identity.introduce(state, session, command, stamp)
            case Rename():
                return identity.rename(state, session, command, stamp)
            case Join():
                return rooms.join(state, session, command, stamp)
            case Leave():
                return rooms.leave(state, session, command, stamp)
            case SetTopic():
                return rooms.set_topic(state, session, command, stamp)
            case AskTopic():
                return rooms.ask_topic(state, session, command, stamp)
            case AskRoom():
                return rooms.ask_room(state, session, command, stamp)
            case AskMembers():
                return rooms.ask_members(state, session, command, stamp)
            case AskPeople():
                return identity.ask_people(state, session, command, stamp)
            case AskHouse():
                return identity.ask_house(state, session, command, stamp)
            case Depart():
                return identity.depart(state, session, command, stamp)
            case Configure():
                state.limits = command.limits
                return []

    def snapshot(self) -> dict[str, Any]:
        """Everything known, as plain values that JSON can hold."""
        return snapshot.of(self._state)

    @classmethod
    def restore(cls, saved: dict[str, Any], limits: Limits) -> "Hub":
        """The hub that *saved* was taken of."""
        hub = cls(limits, saved["lobby"])
        hub._state = snapshot.state(saved, limits)
        return hub
