"""Fan-out: putting one event before many readers.

The hub says *what* happened and names an audience.  Who that is right now, on
which sessions and in what dialect, stands here, in an index that changes only
by the hub's effects (`Attach`, `Seat`, `Unseat`): looking nothing up, sharing
nothing.

A room's readers are filed by *kind*.  An event is drawn once for each kind, and
the very same bytes object goes into every outbox of that kind: nine hundred
readers cost one rendering and nine hundred list appends.  Nothing is sent here;
the loop speaks to everyone who has something new once the turn is over, so ten
lines said in one turn leave in one ``send`` for each reader.

Next: chat/dialects/irc/render.py
"""

from collections.abc import Iterable
from typing import TypeAlias

from chat.dialects.dialect import Kind
from chat.domain.effects import (
    Attach,
    Deliver,
    Seat,
    ToNeighbours,
    ToRoom,
    ToSession,
    ToUser,
    Unseat,
)
from chat.domain.events import Event
from chat.server.session import Session

Readers: TypeAlias = dict[int, Session]


class FanOut:
    """Who reads what, and who has something new to read."""

    def __init__(self) -> None:
        self._sessions: Readers = {}
        # A user's sessions, the rooms where a user is, and a room's readers by
        # kind.  A room that nobody reads has no entry.
        self._users: dict[int, Readers] = {}
        self._seats: dict[int, dict[int, None]] = {}
        self._rooms: dict[int, dict[Kind, Readers]] = {}
        self._owners: dict[int, int] = {}
        self._dirty: Readers = {}
        self._touched: dict[int, None] = {}

    def open(self, session: Session) -> None:
        """Take *session* into the index; it reads nothing yet."""
        self._sessions[session.id] = session

    def session(self, number: int) -> Session:
        """The session with that id."""
        return self._sessions[number]

    def carry_out(self, effect: Deliver | Attach | Seat | Unseat) -> None:
        """Do what the hub says is to be done."""
        match effect:
            case Deliver():
                self._deliver(effect)
            case Attach():
                session = self._sessions[effect.session]
                self._owners[session.id] = effect.user
                self._users.setdefault(effect.user, {})[session.id] = session
                session.kind = session.dialect.kind
            case Seat():
                self._seats.setdefault(effect.user, {})[effect.room] = None
                for session in self._users[effect.user].values():
                    self._file(session, effect.room)
            case Unseat():
                del self._seats[effect.user][effect.room]
                for session in self._users[effect.user].values():
                    self._unfile(session, effect.room)

    def close(self, session: Session) -> None:
        """Forget *session*.  The hub has emptied its seats if it was the last."""
        del self._sessions[session.id]
        owner = self._owners.pop(session.id, None)
        if owner is not None:
            for room in self._seats.get(owner, ()):
                self._unfile(session, room)
            del self._users[owner][session.id]
            if not self._users[owner]:
                del self._users[owner]
                self._seats.pop(owner, None)

    def put(self, session: Session, data: bytes) -> None:
        """Say *data* to one session, in its turn."""
        session.outbox.append(data)
        self._dirty[session.id] = session

    def refile(self, session: Session) -> None:
        """The session's kind may have changed: move it within its rooms."""
        if session.kind == session.dialect.kind:
            return
        owner = self._owners.get(session.id)
        rooms = [] if owner is None else list(self._seats.get(owner, ()))
        for room in rooms:
            self._unfile(session, room)
        session.kind = session.dialect.kind
        for room in rooms:
            self._file(session, room)

    def take_dirty(self) -> Iterable[Session]:
        """Everyone who was given something since this was last asked."""
        for room in self._touched:
            for readers in self._rooms.get(room, {}).values():
                self._dirty.update(readers)
        self._touched.clear()
        dirty, self._dirty = self._dirty, {}
        return dirty.values()

    def _deliver(self, effect: Deliver) -> None:
        match effect.to:
            case ToRoom(room):
                self._to_room(room, effect.event, effect.but)
            case ToSession(number):
                self._tell(self._sessions[number], effect.event)
            case ToUser(user):
                self._to_user(user, effect.event, effect.but)
            case ToNeighbours(user):
                self._to_neighbours(user, effect.event)

    def _to_room(self, room: int, event: Event, but: int | None) -> None:
        kinds = self._rooms.get(room)
        if kinds is None:
            return
        speaker = None if but is None else self._sessions[but]
        self._touched[room] = None
        for kind, readers in kinds.items():
            data = kind.render(event)
            if not data:
                continue
            silent = None if kind.echoes else speaker
            for session in readers.values():
                if session is not silent:
                    session.outbox.append(data)

    def _to_user(self, user: int, event: Event, but: int | None) -> None:
        for session in self._users[user].values():
            if session.id != but or session.kind.echoes:
                self._tell(session, event)

    def _to_neighbours(self, user: int, event: Event) -> None:
        neighbours: dict[Kind, Readers] = {}
        for room in self._seats.get(user, ()):
            for kind, readers in self._rooms[room].items():
                neighbours.setdefault(kind, {}).update(readers)
        own = self._users[user]
        for kind, readers in neighbours.items():
            data = kind.render(event)
            for session in readers.values():
                if session.id not in own:
                    self.put(session, data)

    def _tell(self, session: Session, event: Event) -> None:
        """Put *event* before one session, through its own dialect."""
        told = session.dialect.tell(event)
        if isinstance(told, bytes):
            self.put(session, told)
        else:
            session.outbox.draw_from(told)
            self._dirty[session.id] = session
        self.refile(session)

    def _file(self, session: Session, room: int) -> None:
        kinds = self._rooms.setdefault(room, {})
        kinds.setdefault(session.kind, {})[session.id] = session

    def _unfile(self, session: Session, room: int) -> None:
        # What was said to the room in this turn has still to be sent.
        self._dirty[session.id] = session
        kinds = self._rooms[room]
        readers = kinds[session.kind]
        del readers[session.id]
        if not readers:
            del kinds[session.kind]
        if not kinds:
            del self._rooms[room]
