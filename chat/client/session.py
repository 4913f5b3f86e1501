"""The session: one conversation with one IRC server, without the network.

A state machine: `greet` says what to send first, `hear` takes what the server
says and `type` what the person types.  Each answers with effects: lines to send
and happenings to show.  There is no clock, no socket and no screen in here.

Nothing typed is lost.  Until we have arrived in a room, lines are kept and then
sent in their order; and because a line typed right behind ``/join #python`` is
meant for that room, every JOIN makes later lines wait again.  What ends the
waiting is our own JOIN coming back, or the answer to a PING sent right behind:
a server answers in order, so by then it has refused, in whatever words.

Next: chat/client/nicks.py
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

from chat.client import nicks
from chat.client.commands import obey
from chat.client.happenings import Effect, Note, Send
from chat.client.news import KNOWN, news
from chat.client.replies import in_words
from chat.client.state import State
from chat.dialects.irc.message import Message

_WANTED: Final = ("message-tags", "server-time", "echo-message")
# How many servers begin their last message, which says nothing that we do not.
_CLOSING: Final = re.compile(r"^Closing link: *", re.IGNORECASE)
_ENDS: Final = re.compile(r"[\r\n]+")


class Session:
    """What is going on between us and the server."""

    def __init__(self, *, nick: str, room: str) -> None:
        self.state = State(nick)
        # What was typed and could not be sent yet, oldest first.
        self.kept: deque[str] = deque()
        # Why the server, or we, gave up; "" while nobody has.
        self.farewell = ""
        self._home = room
        self._wanted_nick = nick
        self._spellings: Iterator[str] = nicks.taken(nick)
        self._is_simplified = False
        self._is_registered = False
        self._has_arrived = False
        self._offered: list[str] = []
        self._joins = 0
        self._is_waiting = True
        self._heard: Final[dict[str, Callable[[Message], list[Effect]]]] = {
            "PING": self._pinged,
            "PONG": self._ponged,
            "CAP": self._capabilities,
            "ERROR": self._dismissed,
            "001": self._welcomed,
            "376": self._arrived,
            "422": self._arrived,
            "432": self._nick_unwelcome,
            "433": self._nick_taken,
            "436": self._nick_taken,
            "437": self._nick_taken,
        }

    def greet(self) -> list[Effect]:
        """The first lines of the conversation."""
        nick = self.state.nick
        return [
            _send("CAP", "LS", "302"),
            _send("NICK", nick),
            _send("USER", nicks.plain(nick), "0", "*", nick),
        ]

    def hear(self, message: Message) -> list[Effect]:
        """Take in what the server says."""
        heard = self._heard.get(message.command, self._told)
        effects = heard(message)
        if message.command == "JOIN" and self.state.is_me(message.nick):
            self._is_waiting = False
        return effects + self._catch_up()

    def type(self, text: str) -> list[Effect]:
        """Take in what the person typed; what was pasted may hold several lines."""
        effects: list[Effect] = []
        for line in filter(str.strip, _ENDS.split(_encodable(text))):
            if self._must_wait(line):
                self.kept.append(line)
                effects.append(Note(f"Waiting to be sent: {line}"))
            else:
                effects += self._obey(line)
        return effects

    def _must_wait(self, line: str) -> bool:
        # Whoever has nothing left to say may go at any time.
        is_farewell = line.partition(" ")[0].lower() == "/quit"
        return self._is_waiting and not (is_farewell and not self.kept)

    def _catch_up(self) -> list[Effect]:
        effects: list[Effect] = []
        while self.kept and not self._is_waiting:
            effects += self._obey(self.kept.popleft())
        return effects

    def _obey(self, line: str) -> list[Effect]:
        effects: list[Effect] = []
        for effect in obey(self.state, line):
            effects.append(effect)
            if isinstance(effect, Send) and effect.message.command == "JOIN":
                effects.append(self._fence())
        return effects

    def _fence(self) -> Send:
        """A PING whose answer proves that the JOIN before it has been answered."""
        self._is_waiting = True
        self._joins += 1
        return _send("PING", f"join-{self._joins}")

    def _told(self, message: Message) -> list[Effect]:
        if message.command in KNOWN:
            return [*news(self.state, message)]
        if message.command.isdigit() and (text := in_words(message)):
            return [Note(text)]
        return []

    def _pinged(self, message: Message) -> list[Effect]:
        return [Send(Message("PONG", message.params))]

    def _ponged(self, message: Message) -> list[Effect]:
        if message.params[-1:] == (f"join-{self._joins}",):
            self._is_waiting = False
        return []

    def _dismissed(self, message: Message) -> list[Effect]:
        why = _CLOSING.sub("", " ".join(message.params))
        self.farewell = self.farewell or f"The server closed the connection: {why}"
        return []

    # Arriving: capabilities, a nick, and the room where everybody lands.

    def _capabilities(self, message: Message) -> list[Effect]:
        match message.params:
            case (_, "LS", "*", names):
                self._offered += names.split()
            case (_, "LS", names):
                return self._choose(self._offered + names.split())
            case (_, "ACK", names):
                self.state.echoes |= "echo-message" in names.split()
                return [_send("CAP", "END")]
            case (_, "NAK", _):
                return [_send("CAP", "END")]
            case (_, "DEL", names) if "echo-message" in names.split():
                self.state.echoes = False
        return []

    def _choose(self, offered: list[str]) -> list[Effect]:
        names = {name.partition("=")[0] for name in offered}
        chosen = [name for name in _WANTED if name in names]
        if not chosen:
            return [_send("CAP", "END")]
        return [_send("CAP", "REQ", " ".join(chosen))]

    def _welcomed(self, message: Message) -> list[Effect]:
        self._is_registered = True
        self.state.nick = "".join(message.params[:1]) or self.state.nick
        server = message.source or "the server"
        return [Note(f"Connected to {server} as {self.state.nick}.")]

    def _arrived(self, _message: Message) -> list[Effect]:
        if self._has_arrived:
            return []
        self._has_arrived = True
        return self._obey(f"/join {self._home}")

    def _nick_taken(self, message: Message) -> list[Effect]:
        if self._is_registered:
            return self._told(message)
        return self._try_next(f"{self.state.nick} is taken")

    def _nick_unwelcome(self, message: Message) -> list[Effect]:
        if self._is_registered:
            return self._told(message)
        if not self._is_simplified:
            self._is_simplified = True
            self._spellings = nicks.unwelcome(self._wanted_nick)
        return self._try_next(f"The server does not take {self.state.nick} as a nick")

    def _try_next(self, why: str) -> list[Effect]:
        nick = next(self._spellings, "")
        if not nick:
            self.farewell = f"{why}. Start again with --nick NAME."
            return [_send("QUIT")]
        self.state.nick = nick
        return [
            Note(f"{why}; trying {nick}. /nick NAME changes it."),
            _send("NICK", nick),
        ]


def _encodable(text: str) -> str:
    """*text* as UTF-8 can carry it: a terminal may send what is no character."""
    return text.encode(errors="replace").decode()


def _send(command: str, *params: str) -> Send:
    return Send(Message(command, params))
