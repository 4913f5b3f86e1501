"""State: who is here and where, and nothing that could not be written down.

Sessions, users and rooms refer to each other, so they are objects with a life;
everything said about them to the outside is a value (`Who`, `Member`, events).
Members are kept in dicts, whose order is the order of arrival: a set would make
the order of effects depend on the run.

Next: chat/domain/names.py
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from chat.domain import names
from chat.domain.effects import ToRoom
from chat.domain.limits import Limits
from chat.domain.refusals import NoSuchNick, NoSuchRoom, NotIntroduced, Refused
from chat.domain.roles import Role
from chat.domain.views import (
    Member,
    Topic,
    Who,
)


class Stamp(NamedTuple):
    """When a command is handled: its place in the one order, and wall time."""

    id: int
    at: int


@dataclass(slots=True, eq=False)
class Room:
    """Where people talk.  `id` and `since` are the stamp of its creation."""

    id: int
    since: int
    name: str
    fold: str
    # Only operators change the topic.  The lobby, which nobody runs, is open.
    guards_topic: bool = True
    topic: Topic | None = None
    members: "dict[User, Role]" = field(default_factory=dict)
    # Everyone in it, as effects name them: the same value each time.
    everyone: ToRoom = field(init=False)
    _listing: tuple[Member, ...] | None = None

    def __post_init__(self) -> None:
        self.everyone = ToRoom(self.id)

    def listing(self) -> tuple[Member, ...]:
        """The members as values, in order of arrival.

        Made once for each change: a thousand people may ask a thousand times.
        """
        if self._listing is None:
            self._listing = tuple(
                Member(user.who, role) for user, role in self.members.items()
            )
        return self._listing

    def has_changed(self) -> None:
        """Somebody came, went, or is called something else."""
        self._listing = None


@dataclass(slots=True, eq=False)
class User:
    """Somebody present under a nick.  `id` is the stamp of the arrival."""

    id: int
    fold: str
    who: Who
    sessions: dict[int, None] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Session:
    """One conversation; there may be no user yet."""

    id: int
    host: str
    user: User | None = None


@dataclass(slots=True, eq=False)
class State:
    """All that the hub knows.  Users and rooms are found by their fold."""

    limits: Limits
    lobby: Room
    sessions: dict[int, Session] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)

    def introduced(self, session: int) -> User:
        """The user of *session*.

        Raises:
            Refused: it has none yet.
        """
        user = self.sessions[session].user
        if user is None:
            raise Refused(NotIntroduced())
        return user

    def room(self, name: str) -> Room:
        """The room called *name*, or `Refused`."""
        room = self.rooms.get(names.fold(name))
        if room is None:
            raise Refused(NoSuchRoom(name))
        return room

    def user(self, nick: str) -> User:
        """The user who goes by *nick*, or `Refused`."""
        user = self.users.get(names.fold(nick))
        if user is None:
            raise Refused(NoSuchNick(nick))
        return user


def fresh(limits: Limits, lobby: str = "#lobby", since: int = 0) -> State:
    """An empty house, built at *since* (ms).  The lobby always exists."""
    name = names.room(lobby, limits.room_length)
    room = Room(id=0, since=since, name=name.shown, fold=name.fold, guards_topic=False)
    return State(limits, room, rooms={room.fold: room})
