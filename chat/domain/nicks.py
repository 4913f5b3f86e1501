"""Nicks: who may go by which, and what follows when somebody goes by another.

A nick with an account is its owner's.  A guest who introduces himself under one
is let in, because he may be about to log in, but is *held*: nobody sees him or
hears of him until he has shown that he is the owner, or goes by another nick.
Who has not done so in time is given a nick of the house's making, ``guest-``
and a number, which nobody can make an account of.
"""

from dataclasses import replace
from itertools import count
from typing import Final

from chat.domain import lines, links, names, presence, rooms
from chat.domain.answers import Declined
from chat.domain.claims import (
    AskAccount,
    Identified,
    Redeem,
    Register,
    TellTrouble,
    Tidy,
)
from chat.domain.commands import (
    AskHouse,
    AskMasks,
    AskMembers,
    AskPast,
    AskPeople,
    AskPerson,
    AskPresent,
    AskRoom,
    AskRooms,
    AskTime,
    AskTopic,
    AskWatched,
    Command,
    Configure,
    Depart,
    Introduce,
    Open,
    Rename,
    Unwatch,
    Watch,
)
from chat.domain.effects import Audience, Deliver, Effect, ToNeighbours, ToUser
from chat.domain.events import Renamed
from chat.domain.limits import cut
from chat.domain.names import GUEST, Name
from chat.domain.refusals import (
    LooksLike,
    NickHeld,
    NickInUse,
    NickReserved,
    Refused,
    Unproven,
)
from chat.domain.roles import Power, may
from chat.domain.state import Account, Room, Stamp, State, User

# What somebody may do whose nick is not proven to be his: nobody notices it.
UNNOTICED: Final[frozenset[type[Command]]] = frozenset(
    {
        *(Open, Introduce, Depart, Configure, Tidy, TellTrouble),
        *(Identified, Register, Redeem, Rename, Watch, Unwatch, AskWatched),
        *(AskHouse, AskPeople, AskPerson, AskPast, AskPresent, AskTime),
        *(AskRooms, AskRoom, AskMembers, AskTopic, AskMasks, AskAccount),
    }
)
# Numbers of guests begin below this one, so that most have four digits.
_NUMBERS: Final = 10_000


def check_may_be_noticed(state: State, session: int, verb: type[Command]) -> None:
    """Let nobody be deceived by a guest on a nick that is an account's.

    Raises:
        Refused: others could notice it if he is let do what that *verb* does.
    """
    opened = state.sessions.get(session)
    user = opened.user if opened else None
    if user is None or user.held_until is None or verb in UNNOTICED:
        return
    raise Refused(Unproven(user.who.nick))


def check_is_free(state: State, name: Name, for_: User | None) -> None:
    """Let nobody go by a *name* that somebody goes by, but perhaps *for_* himself.

    Raises:
        Refused: somebody does.
    """
    owner = state.users.get(name.fold)
    if owner is not None and owner is not for_:
        taken = NickInUse if owner.account is None else NickReserved
        raise Refused(taken(owner.who.nick))


def for_guest(state: State, nick: str, for_: User | None, stamp: Stamp) -> Name:
    """The name of a guest who asks for *nick*; where guests are named, guest-nick.

    It may be an account's: then the guest is to be held, or refused.

    Raises:
        Refused: it is taken or impossible, or could be taken for an account's.
    """
    name = names.nick(nick, state.limits.nick_length)
    if state.limits.guests == "named" and not name.fold.startswith(GUEST):
        name = _marked(state, name, stamp)
    check_is_free(state, name, for_)
    check_is_no_lookalike(state, name)
    return name


def _marked(state: State, name: Name, stamp: Stamp) -> Name:
    most = state.limits.nick_length
    try:
        return names.nick(cut(GUEST + name.shown, most), most)
    except Refused:
        # What is written from right to left cannot stand behind that word.
        return free_guest(state, stamp)


def free_guest(state: State, stamp: Stamp) -> Name:
    """A nick for a guest who has none of his own choice.

    The number is longer than the limit rather than somebody else's.
    """
    most = state.limits.nick_length
    nicks = (
        GUEST[: max(0, most - len(str(number)))] + str(number)
        for number in count(stamp.id % _NUMBERS)
    )
    nick = next(
        each for each in nicks if each not in state.users and each not in state.accounts
    )
    return Name(nick, nick)


def check_is_no_lookalike(state: State, name: Name, but: Account | None = None) -> None:
    """Let nobody be taken for somebody else, who has an account.

    Raises:
        Refused: *name* looks like an account's, but neither *but*'s nor the very same.
    """
    for looks in names.appearances(name):
        other = state.lookalikes.get(looks)
        if other is not None and other is not but and other.fold != name.fold:
            raise Refused(LooksLike(name.shown, other.name))


def check_may_rename(user: User) -> None:
    """Let nobody out of a ban by another name.

    Raises:
        Refused: *user* is muted in a room where he is.
    """
    for room in muted_in(user):
        raise Refused(NickHeld(user.who.nick, room.name))


def muted_in(user: User) -> list[Room]:
    """The rooms where *user* is, and a ban keeps him from being heard."""
    if user.is_in_office:
        return []
    return [
        room
        for room in user.rooms.values()
        if not may(room.members[user], Power.TALK_IN_MODERATED) and room.silences(user)
    ]


def go_by(state: State, user: User, name: Name, stamp: Stamp) -> list[Effect]:
    """Have *user* go by *name*, which is free, and tell whom it concerns."""
    if name.shown == user.who.nick:
        return []
    renamed = Renamed(stamp.id, stamp.at, user.who, name.shown)
    before, was_held = user.fold, user.held_until is not None
    del state.users[before]
    user.fold = name.fold
    user.who = replace(user.who, nick=name.shown)
    state.users[user.fold] = user
    user.has_changed()
    effects: list[Effect] = [
        *lines.everywhere(state, renamed, user),
        Deliver(renamed, to=ToUser(user.id)),
        Deliver(renamed, to=ToNeighbours(user.id)),
    ]
    if before == user.fold:
        return effects
    user.held_until = None
    if not was_held:
        state.past.append((before, renamed.who, stamp.at))
        effects += presence.went(state, before, renamed.who.nick)
    return effects + presence.came(state, user)


def put_off(state: State, guest: User, stamp: Stamp) -> list[Effect]:
    """Have *guest*, whose nick is somebody else's, go by one of the house's making.

    He is let in by and by: one command is one line in a room and no more, and its
    owner may be on his way into the same room.
    """
    guest.is_waiting = True
    return go_by(state, guest, free_guest(state, stamp), stamp)


def release_held(state: State, stamp: Stamp) -> list[Effect]:
    """Put those off their nicks who have had time enough to prove them theirs.

    And let the first of them in who waits.
    """
    effects: list[Effect] = []
    for user in list(state.users.values()):
        if user.held_until is not None and user.held_until <= stamp.at:
            effects += put_off(state, user, stamp)
    waiting = next((user for user in state.users.values() if user.is_waiting), None)
    return effects + let_in(state, waiting, stamp) if waiting else effects


def let_in(state: State, user: User, stamp: Stamp) -> list[Effect]:
    """Let *user* into the rooms that he wanted before he could be let in."""
    user.is_waiting = False
    effects: list[Effect] = []
    for number in user.sessions:
        effects += links.use(state, user, number, stamp)
    room, user.wanted = user.wanted, ""
    if room:
        effects += shown_in(state, user, room, ToUser(user.id), stamp)
    return effects


def shown_in(
    state: State, user: User, room: str, asker: Audience, stamp: Stamp
) -> list[Effect]:
    """Let the newcomer into the room; who is kept out of it has a name all the same."""
    try:
        return rooms.enter(state, user, room, "", stamp)
    except Refused as refused:
        return [Deliver(Declined(refused.reason), to=asker)]
