"""The session: one conversation with one IRC server, without the network.

A state machine: `greet` says what to send first, `hear` takes what the server
says and `type` what the person types.  Each answers with effects: lines to send
and happenings to show.  There is no clock, no socket and no screen in here.

Nothing typed is lost: ``unsent`` keeps every line until the server has proved
that it heard it, beyond this conversation if need be.  Until we have arrived in
a room, lines wait, and are then sent in their order; and because a line typed
right behind ``/join #python`` is meant for that room, every JOIN makes later
lines wait again.  What ends the waiting is our own JOIN coming back, or the
answer to a PING sent right behind: a server answers in order, so by then it has
refused, in whatever words.

Next: chat/client/unsent.py
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from chat.client import login as login_
from chat.client import nicks
from chat.client.asked import Asked
from chat.client.capabilities import Capabilities
from chat.client.commands import obey, spelled_out
from chat.client.happenings import Effect, Note, Send
from chat.client.history import History
from chat.client.login import Login
from chat.client.news import KNOWN, news
from chat.client.replies import in_words, is_reply
from chat.client.seen import Seen
from chat.client.state import State
from chat.client.unsent import Line, Unsent
from chat.dialects.irc.message import Message
from chat.wire.text import for_irc, harmless

# How many servers begin their last message, which says nothing that we do not.
_CLOSING: Final = re.compile(r"^Closing link: *", re.IGNORECASE)
_ENDS: Final = re.compile(r"[\r\n]+")
# Answers that something typed was not passed on, and do not say to whom.
_NAMELESS: Final = frozenset({"411", "412", "413", "414", "415", "417"})


class Session:
    """What is going on between us and the server."""

    def __init__(
        self,
        *,
        nick: str,
        room: str,
        also: Sequence[str] = (),
        unsent: Unsent | None = None,
        login: Login | None = None,
    ) -> None:
        """Be called *nick*, enter the rooms *also* and then *room*, and stay there.

        Behind a room's name there may be its key.  *login* is the only way in.
        """
        self.state = State(nick)
        self.unsent = Unsent() if unsent is None else unsent
        # Why the server, or we, gave up; "" while nobody has.
        self.farewell = ""
        self.home = _marked(self.state, room)
        self._also = also
        self.wanted_nick = nick
        self._spellings, self._login = nicks.taken(nick), login
        self._is_simplified = False
        self._is_registered = False
        self._has_arrived = False
        self._capabilities = Capabilities(self.state, login)
        # What the person has read, on this connection and on those before.
        self.seen = Seen()
        self._history = History(self.state, self.seen, self.unsent)
        self._joins = 0
        self._is_waiting = True
        # The room that the last JOIN asked for, and the keys of all of them.
        self._asked_for = ""
        self._keys: dict[str, str] = {}
        self._asked = Asked()
        # A PING is out that will prove what became of the lines before it.
        self._has_asked = False
        self._heard: Final[dict[str, Callable[[Message], list[Effect]]]] = {
            "PING": self._pinged,
            "PONG": self._ponged,
            "CAP": self._negotiated,
            "ERROR": self._dismissed,
            "001": self._welcomed,
            "376": self._arrived,
            "422": self._arrived,
            "432": self._nick_unwelcome,
            "433": self._nick_taken,
            "436": self._nick_taken,
            "437": self._nick_taken,
            "AUTHENTICATE": lambda _: login.answer() if login else [],
            "903": self._logged_in,
            **dict.fromkeys(login_.FAILURES, self._not_logged_in),
        }

    def succeed(self, former: "Session") -> None:
        """Know what was known when the connection of *former* broke."""
        self.state.last_whisperer = former.state.last_whisperer
        self.seen = former.seen
        self._history = History(self.state, self.seen, self.unsent)

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
        before = len(self.unsent.refused)
        played = self._history.hear(message)
        effects = self._heard_now(message) if played is None else played
        effects += (Note(f"Not sent: {it}") for it in self.unsent.refused[before:])
        return effects + self.catch_up()

    def _heard_now(self, message: Message) -> list[Effect]:
        is_mine = self.state.is_me(message.nick)
        heard = self._heard.get(message.command, self._told)
        effects = heard(message)
        if is_mine:
            self._heard_of_me(message)
        elif message.command[:1] in {"4", "5"}:
            self._refused(message)
        return effects

    def _heard_of_me(self, message: Message) -> None:
        match message:
            case ("JOIN", (name, *_), _, _) if self._is(name, self._asked_for):
                # What is played back now may prove what is in doubt, and must not
                # be taken for the answer to what the person has asked meanwhile.
                is_again = self.unsent.is_in_doubt or bool(self.state.left_off)
                self._is_waiting = self.state.batches and is_again
            case ("NICK", (nick, *_), _, _):
                self.wanted_nick = nick
            case ("PRIVMSG", (to, *_, text), _, _) if self.state.echoes:
                # Servers change or drop what no terminal shows.
                shown = harmless(text)
                self.unsent.came_back(
                    lambda who, said: self._is(who, to) and harmless(said) == shown
                )

    def _refused(self, message: Message) -> None:
        self.unsent.complained(
            echoes=self.state.echoes,
            is_meant=lambda who: (
                message.command in _NAMELESS
                or any(self._is(who, name) for name in message.params[1:-1])
            ),
        )

    def _is(self, name: str, other: str) -> bool:
        return self.state.fold(name) == self.state.fold(other)

    def type(self, text: str, *, at: float = 0.0) -> list[Effect]:
        """Take in what the person typed; what was pasted may hold several lines."""
        return [effect for line in lines(text) for effect in self._take_in(line, at)]

    def _take_in(self, text: str, at: float) -> list[Effect]:
        text = spelled_out(text)
        word = text.partition(" ")[0]
        # Help is there at any time, and whoever has nothing left to say may go.
        if word == "/help" or (word == "/quit" and self._may_go()):
            return obey(self.state, text)
        is_behind = bool(self.unsent.waiting)
        line = self.unsent.add(text, room=self._room_meant(), at=at)
        effects = self.catch_up()
        if line in self.unsent.waiting and (is_behind or word != "/quit"):
            effects.append(Note(f"Waiting to be sent: {text}"))
        return effects

    def _may_go(self) -> bool:
        return not len(self.unsent) or self.unsent.is_held

    def _room_meant(self) -> str:
        if self._is_waiting:
            # Behind a JOIN that was typed it is the room that this leads to.
            return "" if self.state.rooms or self._has_typed_a_join() else self.home
        return self.state.current.name if self.state.current else ""

    def _has_typed_a_join(self) -> bool:
        return any(line.text.lower().startswith("/join") for line in self.unsent)

    def catch_up(self) -> list[Effect]:
        """Send of what waits as much as may be sent now."""
        effects: list[Effect] = []
        while not self._is_waiting and self.unsent.may_send():
            if self.unsent.under_way and self.unsent.waiting[0].is_farewell:
                break
            effects += self._send_next()
        if self.unsent.waiting and self.unsent.under_way and not self._is_waiting:
            effects += self._ask()
        return effects

    def _ask(self) -> list[Effect]:
        """Have it proved what became of the lines that have brought no echo."""
        if self._has_asked or not self.state.echoes:
            return []
        self._has_asked = True
        return [_receipt(self.unsent.under_way[-1])]

    def _send_next(self) -> list[Effect]:
        line = self.unsent.send()
        effects = self._obey(line)
        line.parts.extend(
            (effect.message.params[0], effect.message.params[1])
            for effect in effects
            if isinstance(effect, Send) and effect.message.command == "PRIVMSG"
        )
        line.was_sent = True
        if not line.parts:
            line.is_refused = line.is_speech
            self.unsent.settle(line)
        elif not self.state.echoes:
            effects.append(_receipt(line))
        return effects

    def _obey(self, line: Line) -> list[Effect]:
        """Do what *line* asks for in its own room, less what is done already."""
        here = self.state.current_key
        if line.room and line.is_speech and not self.state.room(line.room):
            if self.state.current:
                return [Note(f"You are not in {line.room}. Not sent: {line.text}")]
        elif line.room and self.state.room(line.room):
            self.state.current_key = self.state.fold(line.room)
        there = self.state.current_key
        effects = self._fenced(obey(self.state, line.text))
        if room := self.state.current:
            self._asked.note(effects, room.name)
        self._history.note(effects)
        if self.state.current_key == there:
            self.state.current_key = here
        return _less(effects, line.heard) if line.was_sent else effects

    def _fenced(self, effects: list[Effect]) -> list[Effect]:
        """*effects*, with a PING behind each JOIN that proves it was answered."""
        fenced: list[Effect] = []
        for effect in effects:
            fenced.append(effect)
            if isinstance(effect, Send) and effect.message.command == "JOIN":
                room = effect.message.params[0]
                fenced += self._history.ask_for_missed(room)
                fenced.append(self._fence(*effect.message.params))
        return fenced

    def _fence(self, name: str, key: str = "") -> Send:
        self._is_waiting = True
        self._joins += 1
        self._asked_for = name
        self._keys[self.state.fold(name)] = key
        return _send("PING", f"join-{self._joins}")

    @property
    def is_turned_away(self) -> bool:
        """Every JOIN has been answered, and we are in no room."""
        return bool(self._joins) and not self._is_waiting and not self.state.rooms

    def itinerary(self) -> tuple[list[str], str]:
        """Where to be after this conversation: other rooms, and the one to stay in.

        A room whose JOIN has not been answered is one of them.  While we have
        not arrived, the itinerary is what it was.
        """
        if not self.state.rooms:
            return list(self._also), self._with_key(self.home)
        here = self._asked_for if self._is_waiting else ""
        here = here or (self.state.current.name if self.state.current else self.home)
        others = [room.name for room in self.state.rooms.values()]
        also = [self._with_key(name) for name in others if not self._is(name, here)]
        return also, self._with_key(here)

    def _with_key(self, name: str) -> str:
        return f"{name} {self._keys.get(self.state.fold(name), '')}".rstrip()

    def _told(self, message: Message) -> list[Effect]:
        if message.command in KNOWN:
            return [*news(self.state, message)]
        if self._history.failed(message) or not is_reply(message):
            return []
        # What is not shown may still end an answer.
        room = self._asked.room_of(message)
        text = in_words(message)
        return [Note(text, room)] if text else []

    def _pinged(self, message: Message) -> list[Effect]:
        return [Send(Message("PONG", message.params))]

    def _ponged(self, message: Message) -> list[Effect]:
        what, _, number = "".join(message.params[-1:]).partition("-")
        if what == "join" and number == str(self._joins):
            self._is_waiting = False
        elif what == "line" and number.isdecimal():
            self._has_asked = False
            self.unsent.passed(int(number), echoes=self.state.echoes)
        return []

    def _dismissed(self, message: Message) -> list[Effect]:
        why = _CLOSING.sub("", " ".join(message.params))
        self.farewell = self.farewell or f"The server closed the connection: {why}"
        return []

    # Arriving: capabilities, a nick, and the room where everybody lands.

    def _negotiated(self, message: Message) -> list[Effect]:
        effects = self._capabilities.hear(message)
        trouble = self._capabilities.trouble
        return self._give_up(trouble) if trouble else effects

    def _logged_in(self, _message: Message) -> list[Effect]:
        return [] if self._is_registered else [_send("CAP", "END")]

    def _not_logged_in(self, message: Message) -> list[Effect]:
        if self._login is None or self._is_registered:
            return self._told(message)
        return self._give_up(self._login.failed(message))

    def _give_up(self, why: str) -> list[Effect]:
        self.farewell = f"{why}."
        return [_send("QUIT")]

    def _welcomed(self, message: Message) -> list[Effect]:
        self._is_registered = True
        self.state.nick = "".join(message.params[:1]) or self.state.nick
        server = message.source or "the server"
        return [Note(f"Connected to {server} as {self.state.nick}.")]

    def _arrived(self, _message: Message) -> list[Effect]:
        if self._has_arrived:
            return []
        self._has_arrived = True
        rooms = (*self._also, self.home)
        return [
            effect
            for room in rooms
            for effect in self._fenced(obey(self.state, f"/join {room}"))
        ]

    def _nick_taken(self, message: Message) -> list[Effect]:
        if self._is_registered:
            return self._told(message)
        return self._try_next(f"{self.state.nick} is taken")

    def _nick_unwelcome(self, message: Message) -> list[Effect]:
        if self._is_registered:
            return self._told(message)
        if not self._is_simplified:
            self._is_simplified = True
            self._spellings = nicks.unwelcome(self.wanted_nick)
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


def lines(text: str) -> list[str]:
    """The lines in what was typed, which a terminal may send in no characters.

    Only what IRC carries stays: servers drop or change the rest, and by its echo
    nobody could tell whether such a line was heard.
    """
    typed = _ENDS.split(text.encode(errors="replace").decode())
    carried = (for_irc(line.expandtabs()) for line in typed)
    return list(filter(str.strip, carried))


def _marked(state: State, room: str) -> str:
    return room if state.is_room(room) else f"#{room}"


def _less(effects: list[Effect], heard: int) -> list[Effect]:
    """*effects* of a line that is sent again, less the parts that were *heard*."""
    # What it said stands on the screen already.
    return [*[effect for effect in effects if isinstance(effect, Send)][heard:]]


def _receipt(line: Line) -> Send:
    """A PING whose answer proves that *line*, sent before it, has been handled."""
    return _send("PING", f"line-{line.number}")


def _send(command: str, *params: str) -> Send:
    return Send(Message(command, params))
