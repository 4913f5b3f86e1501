"""Asked: in which room an answer belongs.

The server's answer to ``/whois bob`` says nothing about where it was asked, and
by the time it comes we may be in another room.  A server answers in order, so
the first question that an answer fits is the one it answers, until the numeric
comes that ends it.
"""

from collections import deque
from collections.abc import Iterable
from typing import Final

from chat.client.happenings import Effect, Send
from chat.dialects.irc.message import Message

# What each question brings, and what ends it: https://modern.ircdocs.horse
_ANSWERS: Final = {
    "WHOIS": (
        frozenset({"276", "301", "307", "310", "311", "312", "313", "317", "319"})
        | {"320", "330", "335", "338", "378", "379", "401", "402", "671"},
        frozenset({"318", "431"}),
    ),
    "LIST": (frozenset({"321", "322"}), frozenset({"323"})),
    "AWAY": (frozenset[str](), frozenset({"305", "306"})),
    "MODE": (frozenset({"367"}), frozenset({"368"})),
}
# The server does not answer the command that it names.
_NO_ANSWER: Final = frozenset({"263", "416", "421", "461"})


class Asked:
    """The questions that are out, in their order."""

    def __init__(self) -> None:
        self._rooms: dict[str, deque[str]] = {name: deque() for name in _ANSWERS}

    def note(self, effects: Iterable[Effect], room: str) -> None:
        """What *effects* ask for was asked for in *room*."""
        for effect in effects:
            if isinstance(effect, Send) and _is_question(effect.message):
                self._rooms[effect.message.command].append(room)

    def room_of(self, message: Message) -> str:
        """Where the question was asked that *message* answers; "" if nobody asked."""
        for name, rooms in self._rooms.items():
            answers, ends = _ANSWERS[name]
            is_end = message.command in ends or (
                message.command in _NO_ANSWER and message.params[1:2] == (name,)
            )
            if rooms and (is_end or message.command in answers):
                return rooms.popleft() if is_end else rooms[0]
        return ""


def _is_question(message: Message) -> bool:
    if message.command == "MODE":
        return message.params[1:] == ("+b",)
    return message.command in _ANSWERS
