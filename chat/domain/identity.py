"""Identity: sessions that open and end, and the users they become."""

from dataclasses import replace

from chat.domain import lines, names, presence, rooms
from chat.domain.answers import (
    Declined,
    HouseIs,
    PeopleAre,
)
from chat.domain.commands import (
    AskHouse,
    AskPeople,
    Depart,
    Introduce,
    Mark,
    Open,
    Rename,
    Setting,
)
from chat.domain.effects import (
    Attach,
    Close,
    Deliver,
    Effect,
    ToNeighbours,
    ToSession,
    ToUser,
)
from chat.domain.events import (
    Departed,
    Renamed,
    Welcomed,
)
from chat.domain.limits import cut
from chat.domain.masks import is_like
from chat.domain.names import Name
from chat.domain.refusals import AlreadyIntroduced, NickHeld, NickInUse, Refused
from chat.domain.roles import Power, may
from chat.domain.state import Session, Stamp, State, User
from chat.domain.views import Person, Who


def open_(state: State, session: int, command: Open, stamp: Stamp) -> list[Effect]:
    """Begin a session."""
    state.sessions[session] = Session(
        session,
        command.host,
        command.address,
        since=stamp.at,
        is_console=command.is_console,
    )
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
    realname = cut(command.realname, state.limits.realname_length)
    who = Who(name.shown, command.username, opened.host, realname)
    user = User(
        stamp.id,
        name.fold,
        who,
        sessions={session: None},
        address=opened.address,
        since=stamp.at,
        spoke=stamp.at,
    )
    opened.user = user
    state.users[user.fold] = user
    state.most_users = max(state.most_users, len(state.users))
    welcomed = Welcomed(stamp.id, stamp.at, who, len(state.users))
    effects: list[Effect] = [
        Attach(session, user.id),
        Deliver(welcomed, to=ToSession(session)),
        *presence.came(state, user),
    ]
    if command.room:
        effects += _shown_in(state, user, session, command.room, stamp)
    return effects


def _shown_in(
    state: State, user: User, session: int, room: str, stamp: Stamp
) -> list[Effect]:
    """Let the newcomer into the room; who is kept out of it has a name all the same."""
    try:
        return rooms.enter(state, user, room, "", stamp)
    except Refused as refused:
        return [Deliver(Declined(refused.reason), to=ToSession(session))]


def rename(state: State, session: int, command: Rename, stamp: Stamp) -> list[Effect]:
    """Go by another nick; the same nick in other letters is free to take.

    Raises:
        Refused: the nick is taken or impossible, or held by a ban.
    """
    user = state.introduced(session)
    name = _free_nick(state, command.nick, for_=user)
    if name.shown == user.who.nick:
        return []
    _check_may_rename(user)
    renamed = Renamed(stamp.id, stamp.at, user.who, name.shown)
    before = user.fold
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
    if before != user.fold:
        state.past.append((before, renamed.who, stamp.at))
        effects += presence.went(state, before, renamed.who.nick)
        effects += presence.came(state, user)
    return effects


def _check_may_rename(user: User) -> None:
    if user.is_in_office:
        return
    # Another name would be a way around the ban.
    for room in user.rooms.values():
        is_heard = may(room.members[user], Power.TALK_IN_MODERATED)
        if not is_heard and room.silences(user):
            raise Refused(NickHeld(user.who.nick, room.name))


def depart(state: State, session: int, command: Depart, stamp: Stamp) -> list[Effect]:
    """End the session; the user goes with the last one."""
    departing = state.sessions.pop(session)
    presence.forget_watcher(state, departing)
    user = departing.user
    reason = state.limits.cut_reason(command.reason)
    close = Close(session, reason)
    if user is None:
        return [close]
    del user.sessions[session]
    if user.sessions:
        return [close]
    if reason.startswith("Quit:") and not all(
        room.hears(user) for room in user.rooms.values()
    ):
        # Parting words are words, and one departure is told to all rooms.
        reason = "Quit"
    departed = Departed(stamp.id, stamp.at, user.who, reason)
    effects = rooms.leave_all(state, user, departed)
    del state.users[user.fold]
    state.past.append((user.fold, user.who, stamp.at))
    return [*effects, *presence.went(state, user.fold, user.who.nick), close]


def ask_people(
    state: State, session: int, command: AskPeople, _stamp: Stamp
) -> list[Effect]:
    """Tell who goes by the nick, which may be nobody, or who matches the mask."""
    asker = state.introduced(session)
    if found := state.users.get(names.fold(command.mask)):
        people: tuple[Person, ...] = (found.person(),)
    else:
        people = tuple(
            user.person()
            for user in state.users.values()
            if _is_meant(command.mask, user) and _may_find(asker, user)
        )
    answer = PeopleAre(command.mask, people, command.note)
    return [Deliver(answer, to=ToSession(session))]


def _is_meant(mask: str, user: User) -> bool:
    who = user.who
    texts = (who.nick, who.username, who.host, who.realname)
    return mask == "*" or any(is_like(mask, text) for text in texts)


def _may_find(asker: User, user: User) -> bool:
    """Whether *asker*, who does not know the nick, may come across *user*."""
    if Mark.INVISIBLE not in user.marks or asker is user or asker.is_in_office:
        return True
    return any(asker in room.members for room in user.rooms.values())


def ask_house(
    state: State, session: int, _command: AskHouse, _stamp: Stamp
) -> list[Effect]:
    """Tell how many are here; anybody may ask, before saying who he is.

    So nobody is named who is invisible, and nothing is counted that is secret.
    """
    open_rooms = [
        room
        for room in state.rooms.values()
        if room.is_shown() and Setting.SECRET not in room.settings
    ]
    in_lobby = tuple(
        user.who.nick
        for user in state.lobby.members
        if state.lobby in open_rooms and Mark.INVISIBLE not in user.marks
    )
    marks = [mark for user in state.users.values() for mark in user.marks]
    house = HouseIs(
        len(state.users),
        len(open_rooms),
        in_lobby,
        invisible=marks.count(Mark.INVISIBLE),
        operators=marks.count(Mark.OPERATOR),
        most_users=state.most_users,
        unknown=sum(each.user is None for each in state.sessions.values()),
    )
    return [Deliver(house, to=ToSession(session))]


def _free_nick(state: State, nick: str, for_: User | None) -> Name:
    name = names.nick(nick, state.limits.nick_length)
    owner = state.users.get(name.fold)
    if owner is not None and owner is not for_:
        raise Refused(NickInUse(owner.who.nick))
    return name
