"""Readers for tests of fan-out: what they read, line by line, without a socket.

    crowd = Crowd(alice=RED, bob=RED, carol=BLUE)
    crowd.sit("alice bob carol", TEA)
    crowd.says("alice", TEA, "hello")
    assert crowd.reads("bob") == ["red hello"]

Everybody's session is a number from 1 on, and his user is that number and 100.
A line that begins with ``red`` was drawn by that kind of reader, one that begins
with ``you`` was put before one session alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from chat.dialects.dialect import Kind, Silent
from chat.domain.commands import Manner
from chat.domain.effects import (
    Attach,
    Audience,
    Deliver,
    Seat,
    ToNeighbours,
    ToRoom,
    ToSession,
    ToUser,
    Unseat,
)
from chat.domain.events import (
    Event,
    Said,
    Speech,
)
from chat.net.connection import Connection
from chat.server.fanout import FanOut
from chat.server.session import Session
from chat.wire.outbox import Outbox
from tests.domain.people import who

TEA: Final = 201
SEA: Final = 202
SKY: Final = 203


@dataclass(frozen=True, slots=True)
class Pen:
    """A kind of reader who remembers what was drawn for it.

    It draws nothing of what is said in a low voice, if it is `deaf`.
    """

    colour: str
    echoes: bool = False
    deaf: bool = False
    drawn: list[str] = field(default_factory=list, compare=False)

    def render(self, event: Event) -> bytes:
        """The text behind the colour."""
        if isinstance(event, Speech):
            return b"".join(map(self.render, event.each()))
        assert isinstance(event, Said)
        self.drawn.append(event.text)
        if self.deaf and event.text.startswith("low"):
            return b""
        return f"{self.colour} {event.text}\n".encode()


RED: Final = Pen("red")
BLUE: Final = Pen("blue")
LOUD: Final = Pen("loud", echoes=True)
DEAF: Final = Pen("deaf", deaf=True)


class Tongue(Silent):
    """A dialect that tells whatever it is told, perhaps in pieces.

    Having told something it becomes of the kind `then`, if there is one.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.then: Kind | None = None
        self.in_pieces = False

    def tell(self, event: Event) -> bytes | Iterator[bytes]:
        """The text, to this very session."""
        assert isinstance(event, Said)
        if self.then is not None:
            self.kind = self.then
        told = [b"you ", event.text.encode(), b"\n"]
        return iter(told) if self.in_pieces else b"".join(told)


class Nowhere(Connection):
    """A connection that fan-out has, and does not look at."""

    def __init__(self) -> None:
        self.descriptor = -1
        self.host = "nowhere"


def a_session(number: int, kind: Kind) -> Session:
    """A session that reads as *kind* does."""
    session = Session(number, Nowhere(), Outbox(soft=1000, hard=2000))
    session.dialect = Tongue(kind)
    return session


def a_word(text: str) -> Said:
    """Something that alice said."""
    return Said(1, 1, who("alice"), "#tea", text, Manner.SAY, "")


def a_speech(*texts: str) -> Speech:
    """Several things that alice said in one breath."""
    ones = [1] * len(texts)
    return Speech(ones, ones, texts, who("alice"), "#tea")


# What telnet:// opens with: tell me your window (NAWS) and your name (TTYPE).
OPENING = b"\xff\xfd\x1f\xff\xfd\x18"


def drained(session: Session) -> list[str]:
    """The lines in the outbox, which is empty afterwards."""
    return waiting_for(session).removeprefix(OPENING).decode().splitlines()


def waiting_for(session: Session) -> bytes:
    """The bytes in the outbox, which is empty afterwards."""
    got = b""
    while session.outbox:
        offer = session.outbox.peek()
        got += offer
        session.outbox.taken(len(offer))
    return got


def appended(session: Session) -> list[bytes]:
    """The very objects that were appended to the outbox since it was drained."""
    return list(session.outbox._fresh)


def left_behind(fanout: FanOut) -> list[str]:
    """The names of the indexes that are not empty."""
    return [
        name
        for name, value in vars(fanout).items()
        if isinstance(value, (dict, list)) and value
    ]


def handed_out(fanout: FanOut) -> list[Session]:
    """Everyone who has something new in his outbox: sheets are put there as well."""
    for data, connections in fanout.take_shared(()):
        for reader in fanout._readers.values():
            if reader.session.connection in connections:
                fanout.put_back(reader.session, data)
    return fanout.take_dirty()


class Crowd:
    """People by name, each on one session, before one fan-out.

    Those `aside`, by session, are sent nothing but from their own outbox.
    """

    def __init__(self, **kinds: Kind) -> None:
        self.fanout = FanOut()
        self.aside: dict[int, None] = {}
        # What each was sent directly in the last turn, and what he took of it.
        self.sent: dict[str, bytes] = {}
        self._took: dict[str, bytes] = {}
        self.sessions: dict[str, Session] = {}
        for number, (name, kind) in enumerate(kinds.items(), start=1):
            self.sessions[name] = a_session(number, kind)
            self.fanout.open(self.sessions[name])
            self.fanout.carry_out(Attach(number, 100 + number))

    def second_session(self, name: str) -> Session:
        """Another session of the same user and kind: ``NAME's phone``."""
        first = self.sessions[name]
        second = a_session(first.id + 50, first.dialect.kind)
        self.sessions[f"{name}'s phone"] = second
        self.fanout.open(second)
        self.fanout.carry_out(Attach(second.id, self._user(name)))
        return second

    def tongue(self, name: str) -> Tongue:
        """Somebody's dialect, to be told how to tell things."""
        dialect = self.sessions[name].dialect
        assert isinstance(dialect, Tongue)
        return dialect

    def sit(self, names: str, *rooms: int) -> None:
        """Each of *names* enters *rooms*."""
        for name in names.split():
            for room in rooms:
                self.fanout.carry_out(Seat(self._user(name), room))

    def rise(self, names: str, *rooms: int) -> None:
        """Each of *names* leaves *rooms*."""
        for name in names.split():
            for room in rooms:
                self.fanout.carry_out(Unseat(self._user(name), room))

    def says(self, name: str, room: int, text: str) -> None:
        """Somebody in the crowd says *text*."""
        self._deliver(text, ToRoom(room), but=self.sessions[name].id)

    def recites(self, name: str, room: int, *texts: str) -> None:
        """Somebody in the crowd says all of *texts* in one breath."""
        to, source = ToRoom(room), self.sessions[name].id
        self.fanout.deliver(Deliver(a_speech(*texts), to, source))

    def hear(self, room: int, text: str) -> None:
        """All who are in the room hear *text*, and none of them has said it."""
        self._deliver(text, ToRoom(room))

    def tell(self, name: str, text: str) -> None:
        """Somebody is told *text*, and nobody else is."""
        self._deliver(text, ToSession(self.sessions[name].id))

    def whisper(self, name: str, text: str, but: str | None = None) -> None:
        """All of somebody's sessions are told *text*, but the one it came from."""
        source = None if but is None else self.sessions[but].id
        self._deliver(text, ToUser(self._user(name)), but=source)

    def cry(self, name: str, text: str) -> None:
        """Somebody's neighbours are told *text*."""
        self._deliver(text, ToNeighbours(self._user(name)))

    def becomes(self, name: str, kind: Kind) -> None:
        """Somebody reads as another kind does, from now on."""
        session = self.sessions[name]
        session.dialect = Tongue(kind)
        self.fanout.refile(session)

    def goes(self, name: str) -> None:
        """Somebody's session is closed; with his last one he leaves his rooms."""
        session = self.sessions[name]
        user = self.fanout._owners[session.id]
        if [each.session for each in self.fanout._users.get(user, ())] == [session]:
            for room in self.fanout._seats.get(user, ()):
                self.fanout.carry_out(Unseat(user, room))
        self.fanout.close(session)

    def sets_aside(self, name: str, *, on: bool = True) -> None:
        """Somebody is set aside, or is no more."""
        if on:
            self.aside[self.sessions[name].id] = None
        else:
            self.aside.pop(self.sessions[name].id, None)

    def turn(self, share: float = 1.0) -> list[str]:
        """Who has something new to read when the turn is over.

        Whoever is sent a sheet takes that *share* of it.
        """
        names = {session.id: name for name, session in self.sessions.items()}
        whose = {each.connection: each for each in self.sessions.values()}
        self.sent = {}
        for data, connections in self.fanout.take_shared(self.aside):
            for connection in connections:
                session = whose[connection]
                name = names[session.id]
                assert name not in self.sent, "who reads one sheet is sent one"
                self.sent[name] = data
                if share == 1:
                    session.outbox.append(data)
                else:
                    self._takes(name, data, int(len(data) * share))
        dirty = [names[session.id] for session in self.fanout.take_dirty()]
        return [*(name for name in self.sent if name not in dirty), *dirty]

    def reads(self, name: str) -> list[str]:
        """What somebody has read when the turn is over, since the last look."""
        self.turn()
        return self.finds(name)

    def finds(self, name: str) -> list[str]:
        """What somebody has taken since the last look, and finds in his outbox."""
        took = self._took.pop(name, b"").decode()
        waiting = waiting_for(self.sessions[name]).decode()
        return (took + waiting).splitlines()

    def _takes(self, name: str, data: bytes, count: int) -> None:
        self._took[name] = self._took.get(name, b"") + data[:count]
        self.fanout.put_back(self.sessions[name], data[count:])

    def _deliver(self, text: str, to: Audience, but: int | None = None) -> None:
        self.fanout.deliver(Deliver(a_word(text), to, but))

    def _user(self, name: str) -> int:
        return 100 + self.sessions[name].id
