"""State: who is here and where, and nothing that could not be written down.

Sessions, users and rooms refer to each other, so they are objects with a life;
everything said about them to the outside is a value (`Who`, `Member`, events).
Members are kept in dicts, whose order is the order of arrival: a set would make
the order of effects depend on the run.

Next: chat/domain/names.py
"""

from collections import deque
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple

from chat.domain import names
from chat.domain.commands import Mark, Setting
from chat.domain.effects import ToRoom
from chat.domain.holdings import Link, Visit
from chat.domain.limits import Limits
from chat.domain.masks import MUTE, matches
from chat.domain.names import Name
from chat.domain.refusals import (
    NoSuchAccount,
    NoSuchNick,
    NoSuchRoom,
    NotIntroduced,
    Refused,
)
from chat.domain.roles import Power, Role, may
from chat.domain.views import Mask, Member, Person, Topic, Who

# So many who have gone are remembered.
PAST: Final = 500


def at_first() -> dict[Setting, None]:
    """How a room is set up that nobody has set up."""
    return {Setting.NO_OUTSIDERS: None, Setting.GUARDS_TOPIC: None}


def _no_masks() -> dict[Setting, dict[str, Mask]]:
    return {Setting.BAN: {}, Setting.EXEMPT: {}, Setting.WELCOME: {}}


class Stamp(NamedTuple):
    """When a command is handled: its place in the one order, and wall time."""

    id: int
    at: int


@dataclass(slots=True, eq=False)
class Account:
    """A name that is somebody's.  `id` is the stamp of its registration."""

    id: int
    name: str
    fold: str
    since: int
    # What checks the password, and what checks a one-time code while one is out.
    credential: str = field(repr=False)
    code: str = field(default="", repr=False)
    seen: int = 0
    is_suspended: bool = False
    is_always_on: bool = False
    # By the ids of the rooms; and how far one has read with whom, by fold (ms).
    visits: dict[int, Visit] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Room:
    """Where people talk.  `id` and `since` are the stamp of its creation."""

    id: int
    since: int
    name: str
    fold: str
    topic: Topic | None = None
    members: "dict[User, Role]" = field(default_factory=dict)
    # How it is set up.  Who makes a room runs it; the lobby, which nobody runs,
    # is open to everybody's topics.
    settings: dict[Setting, None] = field(default_factory=at_first)
    # The word that opens it; or, from before a restart, only what checks it, since
    # no such word is written down.
    key: str = ""
    key_check: str = ""
    limit: int | None = None
    # By kind (BAN, EXEMPT, WELCOME) and by what it is folded to.
    masks: dict[Setting, dict[str, Mask]] = field(default_factory=_no_masks)
    # What accounts are here, by their ids, also while they are not inside.
    roles: dict[int, Role] = field(default_factory=dict)
    # Since when nobody is inside (ms); and whether nobody but who made it ever was.
    empty_since: int | None = None
    is_fresh: bool = False
    # From which id on everybody may read what was said, while anybody may enter: that
    # of the change that opened it; 0 if it was never closed.
    opened: int = 0
    # Everyone in it, as effects name them: the same value each time.
    everyone: ToRoom = field(init=False)
    # Each member as a value, made again when something of him changes; None: not yet.
    _listing: "dict[User, Member] | None" = None
    # Which members are heard when they talk: asked once for each change.
    heard: "dict[User, bool]" = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.everyone = ToRoom(self.id)

    def listing(self) -> tuple[Member, ...]:
        """The members as values, in order of arrival."""
        if self._listing is None:
            self._listing = {user: self._member(user) for user in self.members}
        return tuple(self._listing.values())

    def _member(self, user: "User") -> Member:
        return Member(user.who, self.members[user], bool(user.away), tuple(user.marks))

    def hears(self, user: "User") -> bool:
        """Whether what *user* says is heard here, if he is inside."""
        if user in self.heard:
            return self.heard[user]
        is_heard = (
            may(self.members.get(user), Power.TALK_IN_MODERATED)
            or user.is_in_office
            or not (Setting.MODERATED in self.settings or self.silences(user))
        )
        if user in self.members:
            # An outsider changes, and goes, without the room's hearing of it.
            self.heard[user] = is_heard
        return is_heard

    def silences(self, user: "User") -> bool:
        """Whether *user* is banned or muted, and no exemption helps."""
        return self._matches_ban(user, muted=True)

    def keeps_out(self, user: "User") -> bool:
        """Whether *user* is banned, and no exemption helps."""
        return self._matches_ban(user, muted=False)

    @property
    def is_keyed(self) -> bool:
        """Whether who comes in has to know a word."""
        return bool(self.key or self.key_check)

    @property
    def is_closed(self) -> bool:
        """Whether what is said in it is not for everybody, or not kept."""
        is_shut = self.is_keyed or Setting.INVITE_ONLY in self.settings
        return is_shut or Setting.OFF_RECORD in self.settings

    def opens(self, key: str) -> bool:
        """Whether *key* is the word that opens it."""
        if self.key:
            return key == self.key
        return not self.key_check or self.check_of(key) == self.key_check

    def learn(self, key: str) -> None:
        """Somebody has said *key*: now it may be known again."""
        if self.key_check and self.opens(key):
            self.key, self.key_check = key, ""

    def check_of(self, key: str) -> str:
        """What checks *key*, and is another in each room."""
        return sha256(f"{self.id} {key}".encode(errors="replace")).hexdigest()

    def is_shown(self) -> bool:
        """Whether it is told of: somebody is inside, or it is to stay without."""
        return bool(self.members) or not self.id or Setting.KEPT in self.settings

    def welcomes(self, user: "User") -> bool:
        """Whether *user* needs no invitation."""
        return self._lists(Setting.WELCOME, user)

    def _matches_ban(self, user: "User", *, muted: bool) -> bool:
        for mask in self.masks[Setting.BAN].values():
            if mask.text.startswith(MUTE) and not muted:
                continue
            text = mask.text.removeprefix(MUTE)
            if matches(text, user.who, user.address):
                return not self._lists(Setting.EXEMPT, user)
        return False

    def _lists(self, kind: Setting, user: "User") -> bool:
        return any(
            matches(mask.text, user.who, user.address)
            for mask in self.masks[kind].values()
        )

    def has_changed(self, user: "User | None" = None) -> None:
        """*user* came, and is the last, or went, or is otherwise; or anything is."""
        self.heard.clear()
        if user is None or self._listing is None:
            self._listing = None
        elif user in self.members:
            self._listing[user] = self._member(user)
        else:
            self._listing.pop(user, None)


@dataclass(slots=True, eq=False)
class User:
    """Somebody present under a nick.  `id` is the stamp of the arrival."""

    id: int
    fold: str
    who: Who
    sessions: dict[int, None] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    # Where the first session came from, when, and when it last said something.
    address: str = ""
    since: int = 0
    spoke: int = 0
    # What those are told who ask for somebody who is away; empty for who is here.
    away: str = ""
    marks: dict[Mark, None] = field(default_factory=dict)
    # The ids of the rooms into which one was invited by who runs them.
    invitations: dict[int, None] = field(default_factory=dict)
    account: Account | None = None
    # What a guest remembers, who has no account to remember it.
    visits: dict[int, Visit] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)
    # When a guest has to be off a nick that is an account's (ms), and which room he
    # enters then.
    held_until: int | None = None
    wanted: str = ""
    # Whether he was put off a nick and is not let in yet, which is done later.
    is_waiting: bool = False

    @property
    def is_in_office(self) -> bool:
        """Whether he runs the whole house."""
        return Mark.OPERATOR in self.marks

    def person(self) -> Person:
        """The user, as others may see him."""
        return Person(self.who, bool(self.away), tuple(self.marks))

    def has_changed(self) -> None:
        """His rooms show something of him that is otherwise now."""
        for room in self.rooms.values():
            room.has_changed(self)


@dataclass(slots=True, eq=False)
class Session:
    """One conversation; there may be no user yet."""

    id: int
    host: str
    address: str = ""
    user: User | None = None
    since: int = 0
    is_console: bool = False
    # Who it is logged in as, and on which invitation it came; whether that was
    # counted, so that it holds though it ends, has led into its room, and has made
    # an account.
    account: Account | None = None
    link: Link | None = None
    is_counted: bool = False
    has_used_link: bool = False
    has_registered: bool = False
    # The account, by its id, whose news it has been told on coming in.
    told: int = 0
    # The nicks that it wants to hear of, by fold.
    watches: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class State:
    """All that the hub knows.  Users and rooms are found by their fold."""

    limits: Limits
    lobby: Room
    sessions: dict[int, Session] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    # By the fold of the name, and by what it looks like, in that and as it is shown.
    accounts: dict[str, Account] = field(default_factory=dict)
    lookalikes: dict[str, Account] = field(default_factory=dict)
    # Those that will end if nobody enters them, by id, the longest empty first.
    empty: dict[int, Room] = field(default_factory=dict)
    # By what the token is hashed to; and by the room as well.
    links: dict[str, Link] = field(default_factory=dict)
    links_into: dict[int, dict[str, Link]] = field(default_factory=dict)
    # By the fold of a nick: the sessions that watch it.
    watchers: dict[str, dict[int, None]] = field(default_factory=dict)
    # Who has gone, under which fold and when, the latest last.
    past: deque[tuple[str, Who, int]] = field(
        default_factory=lambda: deque(maxlen=PAST)
    )
    most_users: int = 0

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

    def visible_room(self, name: str, user: User) -> Room:
        """The room called *name*, if *user* may know of it, or `Refused`."""
        room = self.room(name)
        if not is_known_to(room, user):
            raise Refused(NoSuchRoom(name))
        return room

    def is_left(self, room: Room, at: int) -> None:
        """Nobody is in *room*, since *at*, and unless it is kept it will end."""
        room.empty_since = at
        self.empty.pop(room.id, None)
        if Setting.KEPT not in room.settings:
            self.empty[room.id] = room

    def is_entered(self, room: Room) -> None:
        """Somebody is in *room*."""
        room.empty_since = None
        self.empty.pop(room.id, None)

    def add(self, link: Link) -> None:
        """Have *link* found by its token and by its room."""
        self.links[link.digest] = link
        self.links_into.setdefault(link.room, {})[link.digest] = link

    def drop(self, *links: Link) -> None:
        """Have nobody come in on *links* any more who is not in."""
        gone = frozenset(links)
        for link in links:
            del self.links[link.digest]
            into = self.links_into[link.room]
            del into[link.digest]
            if not into:
                del self.links_into[link.room]
        for session in self.sessions.values() if gone else ():
            if session.link in gone and not session.is_counted:
                session.link = None

    def found(self, nick: str) -> User | None:
        """The user who goes by *nick*, if others may take him for its owner."""
        user = self.users.get(names.fold(nick))
        return None if user is None or user.held_until is not None else user

    def user(self, nick: str) -> User:
        """The same, or `Refused`."""
        user = self.found(nick)
        if user is None:
            raise Refused(NoSuchNick(nick))
        return user

    def account(self, name: str) -> Account:
        """The account called *name*, or `Refused`."""
        account = self.accounts.get(names.fold(name))
        if account is None:
            raise Refused(NoSuchAccount(name))
        return account

    def know(self, account: Account) -> None:
        """Have *account* found by its name, and by whatever looks like it."""
        self.accounts[account.fold] = account
        for looks in names.appearances(Name(account.name, account.fold)):
            self.lookalikes.setdefault(looks, account)

    def forget(self, account: Account) -> None:
        """Have the name free again."""
        del self.accounts[account.fold]
        for looks in names.appearances(Name(account.name, account.fold)):
            if self.lookalikes.get(looks) is account:
                del self.lookalikes[looks]


def is_known_to(room: Room, user: User) -> bool:
    """Whether *user* may know that there is such a room."""
    is_open = Setting.SECRET not in room.settings
    return is_open or user in room.members or user.is_in_office


def fresh(limits: Limits, lobby: str = "#lobby", since: int = 0) -> State:
    """An empty house, built at *since* (ms).  The lobby always exists."""
    name = names.room(lobby, limits.room_length)
    room = Room(id=0, since=since, name=name.shown, fold=name.fold)
    del room.settings[Setting.GUARDS_TOPIC]
    return State(limits, room, rooms={room.fold: room})
