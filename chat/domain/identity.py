"""Identity: sessions that open and end, and the users they become."""

from dataclasses import replace

from chat.domain import names, rooms
from chat.domain.answers import (
    HouseIs,
    PeopleAre,
)
from chat.domain.commands import (
    AskHouse,
    AskPeople,
    Depart,
    Introduce,
    Open,
    Rename,
)
from chat.domain.effects import (
    Attach,
    Close,
    Deliver,
    Effect,
    ToNeighbours,
    ToSession,
    ToUser,
    Unseat,
)
from chat.domain.events import (
    Departed,
    Renamed,
    Welcomed,
)
from chat.domain.names import Name
from chat.domain.refusals import AlreadyIntroduced, NickInUse, Refused
from chat.domain.state import Session, Stamp, State, User
from chat.domain.views import Who


def open_(state: State, session: int, command: Open, _stamp: Stamp) -> list[Effect]:
    """Begin a session."""
    state.sessions[session] = Session(session, command.host)
    return []


def introduce(
    state: State, session: int, command: Introduce, stamp: Stamp
) -> list[Effect]:
    """Make the session a user's, and let the user into the room asked for.

    Raises:
        Refused: the nick is taken or impossible, or the session has a user.
    """
    opened = state.sessions[session]
    if opened.user is not None:
        raise Refused(AlreadyIntroduced())
    name = _free_nick(state, command.nick, for_=None)
    if command.room:
        # Looked at before anything changes: a refusal must leave no trace.
        names.room(command.room, state.limits.room_length)
    who = Who(name.shown, command.username, opened.host, command.realname)
    user = User(stamp.id, name.fold, who, sessions={session: None})
    opened.user = user
    state.users[user.fold] = user
    welcomed = Welcomed(stamp.id, stamp.at, who, len(state.users))
    effects: list[Effect] = [
        Attach(session, user.id),
        Deliver(welcomed, to=ToSession(session)),
    ]
    if command.room:
        effects += rooms.enter(state, user, command.room, stamp)
    return effects


def rename(state: State, session: int, command: Rename, stamp: Stamp) -> list[Effect]:
    """Go by another nick; the same nick in other letters is free to take.

    Raises:
        Refused: the nick is taken or impossible.
    """
    user = state.introduced(session)
    name = _free_nick(state, command.nick, for_=user)
    if name.shown == user.who.nick:
        return []
    renamed = Renamed(stamp.id, stamp.at, user.who, name.shown)
    del state.users[user.fold]
    user.fold = name.fold
    user.who = replace(user.who, nick=name.shown)
    state.users[user.fold] = user
    for room in user.rooms.values():
        room.has_changed()
    return [
        Deliver(renamed, to=ToUser(user.id)),
        Deliver(renamed, to=ToNeighbours(user.id)),
    ]


def depart(state: State, session: int, command: Depart, stamp: Stamp) -> list[Effect]:
    """End the session; the user goes with the last one."""
    user = state.sessions.pop(session).user
    close = Close(session, command.reason)
    if user is None:
        return [close]
    del user.sessions[session]
    if user.sessions:
        return [close]
    departed = Departed(stamp.id, stamp.at, user.who, command.reason)
    effects: list[Effect] = [Deliver(departed, to=ToNeighbours(user.id))]
    for room in list(user.rooms.values()):
        rooms.forget(state, user, room)
        effects.append(Unseat(user.id, room.id))
    del state.users[user.fold]
    return [*effects, close]


def ask_people(
    state: State, session: int, command: AskPeople, _stamp: Stamp
) -> list[Effect]:
    """Tell who goes by the nick, which may be nobody, or who is here at all."""
    state.introduced(session)
    if command.mask == "*":
        people = tuple(user.who for user in state.users.values())
    else:
        found = state.users.get(names.fold(command.mask))
        people = (found.who,) if found else ()
    return [Deliver(PeopleAre(command.mask, people), to=ToSession(session))]


def ask_house(
    state: State, session: int, _command: AskHouse, _stamp: Stamp
) -> list[Effect]:
    """Tell how many are here; anybody may ask, before saying who he is."""
    in_lobby = tuple(user.who.nick for user in state.lobby.members)
    house = HouseIs(len(state.users), len(state.rooms), in_lobby)
    return [Deliver(house, to=ToSession(session))]


def _free_nick(state: State, nick: str, for_: User | None) -> Name:
    name = names.nick(nick, state.limits.nick_length)
    owner = state.users.get(name.fold)
    if owner is not None and owner is not for_:
        raise Refused(NickInUse(owner.who.nick))
    return name
