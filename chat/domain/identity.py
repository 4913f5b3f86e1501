"""Identity: sessions that open and end, and the users they become."""

from chat.domain import links, names, nicks, presence, recall, sessions
from chat.domain.answers import (
    HouseIs,
    NickWanted,
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
    Deliver,
    Effect,
    ToSession,
)
from chat.domain.events import (
    Welcomed,
)
from chat.domain.limits import cut
from chat.domain.masks import is_like
from chat.domain.names import Name
from chat.domain.refusals import (
    AlreadyIntroduced,
    GuestsStayOut,
    NameFixed,
    NickReserved,
    Refused,
)
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

    Who is logged in is the account's user, whatever nick he asks for.  A guest on
    an account's nick is held until he has shown that it is his.

    Raises:
        Refused: the nick is taken or impossible, or the session has a user; or it
            was to come in on an invitation that has ended.
    """
    opened = state.sessions[session]
    if opened.user is not None:
        raise Refused(AlreadyIntroduced())
    if command.is_invited:
        links.check_holds(state, opened, stamp)
    if opened.account is None:
        name = _name_of_guest(state, opened, command, stamp)
    else:
        name = Name(opened.account.name, opened.account.fold)
    fold = ""
    if command.room:
        # Looked at before anything changes: a refusal must leave no trace.
        fold = names.room(command.room, state.limits.room_length).fold
    owner = state.users.get(name.fold)
    if owner is not None and owner.account is not None:
        return [
            *_welcomed(state, opened, owner, stamp),
            *sessions.look_around(state, opened, owner, stamp, last=fold),
            *sessions.come_in(state, owner, opened, command.room, stamp),
        ]
    effects: list[Effect] = []
    if owner is not None:
        effects += nicks.put_off(state, owner, stamp)
    user = _new_user(state, opened, name, command, stamp)
    effects += _welcomed(state, opened, user, stamp)
    effects += recall.news(state, opened, user, stamp)
    if user.held_until is not None:
        seconds = state.limits.held_nick // 1000
        wanted = NickWanted(user.who.nick, seconds)
        effects.append(Deliver(wanted, to=ToSession(session)))
    effects += presence.came(state, user)
    return effects + sessions.come_in(state, user, opened, command.room, stamp)


def _name_of_guest(
    state: State, opened: Session, command: Introduce, stamp: Stamp
) -> Name:
    if not command.may_be_held:
        # Before anything else: he may be the owner, and is asked for the password.
        name = names.nick(command.nick, state.limits.nick_length)
        if name.fold in state.accounts:
            raise Refused(NickReserved(name.shown))
    if state.limits.guests == "none" and not links.holds(state, opened, stamp):
        raise Refused(GuestsStayOut())
    return nicks.for_guest(state, command.nick, for_=None, stamp=stamp)


def _new_user(
    state: State, opened: Session, name: Name, command: Introduce, stamp: Stamp
) -> User:
    account = opened.account
    realname = cut(command.realname, state.limits.realname_length)
    called = account.name if account else ""
    user = User(
        stamp.id,
        name.fold,
        Who(name.shown, command.username, opened.host, realname, called),
        address=opened.address,
        since=stamp.at,
        spoke=stamp.at,
        account=account,
    )
    if account is None and name.fold in state.accounts:
        user.held_until = stamp.at + state.limits.held_nick
    state.users[user.fold] = user
    state.most_users = max(state.most_users, len(state.users))
    return user


def _welcomed(state: State, opened: Session, user: User, stamp: Stamp) -> list[Effect]:
    attached, *back = sessions.attach(opened, user, stamp)
    welcomed = Welcomed(stamp.id, stamp.at, user.who, len(state.users))
    return [attached, Deliver(welcomed, to=ToSession(opened.id)), *back]


def rename(state: State, session: int, command: Rename, stamp: Stamp) -> list[Effect]:
    """Go by another nick; the same nick in other letters is free to take.

    Raises:
        Refused: the nick is taken or impossible, or held by a ban; who is logged
            in goes by the account's name.
    """
    user = state.introduced(session)
    name = _new_name(state, user, command.nick, stamp)
    if name.shown == user.who.nick:
        return []
    nicks.check_may_rename(user)
    return [
        *nicks.go_by(state, user, name, stamp),
        *nicks.let_in(state, user, stamp),
    ]


def _new_name(state: State, user: User, nick: str, stamp: Stamp) -> Name:
    if user.account is not None:
        name = names.nick(nick, state.limits.nick_length)
        if name.fold != user.account.fold:
            raise Refused(NameFixed(user.account.name))
        nicks.check_is_no_lookalike(state, name)
        return name
    name = nicks.for_guest(state, nick, for_=user, stamp=stamp)
    if name.fold in state.accounts and name.shown != user.who.nick:
        raise Refused(NickReserved(name.shown))
    return name


def depart(state: State, session: int, command: Depart, stamp: Stamp) -> list[Effect]:
    """End the session; the user goes with the last one, unless he stays for ever."""
    reason = state.limits.cut_reason(command.reason)
    return sessions.end(state, session, reason, stamp)


def ask_people(
    state: State, session: int, command: AskPeople, _stamp: Stamp
) -> list[Effect]:
    """Tell who goes by the nick, which may be nobody, or who matches the mask."""
    asker = state.introduced(session)
    if found := presence.found(state, asker, command.mask):
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
    if mask == "*":
        return True
    who = user.who
    return (
        is_like(mask, who.nick)
        or is_like(mask, who.username)
        or is_like(mask, who.host)
        or is_like(mask, who.realname)
    )


def _may_find(asker: User, user: User) -> bool:
    """Whether *asker*, who does not know the nick, may come across *user*."""
    if asker is user or asker.is_in_office:
        return True
    if user.held_until is not None:
        return False
    if Mark.INVISIBLE not in user.marks:
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
