"""Presence: who is here, who is away, and who wants to hear of it."""

from dataclasses import replace
from typing import Final

from chat.domain import names
from chat.domain.answers import (
    AwayIs,
    PastIs,
    PersonIs,
    PresentAre,
    TimeIs,
    WatchedAre,
)
from chat.domain.commands import (
    AskPast,
    AskPerson,
    AskPresent,
    AskTime,
    AskWatched,
    Mark,
    SetAway,
    SetMark,
    SetRealname,
    Unwatch,
    Watch,
)
from chat.domain.effects import Deliver, Effect, ToNeighbours, ToSession, ToUser
from chat.domain.events import AwayChanged, MarkChanged, Redescribed
from chat.domain.limits import cut
from chat.domain.refusals import NoSuchNick, NotInOffice, Refused, TooManyWatched
from chat.domain.roles import Role
from chat.domain.state import Session, Stamp, State, User, is_known_to

# What those are told who ask for somebody who stays, and has no session.
NOT_CONNECTED: Final = "not connected"


def set_away(
    state: State, session: int, command: SetAway, stamp: Stamp
) -> list[Effect]:
    """Be away, or be back."""
    user = state.introduced(session)
    text = cut(command.text, state.limits.away_length)
    before, user.away = user.away, text
    effects: list[Effect] = [Deliver(AwayIs(bool(text)), to=ToUser(user.id))]
    if text == before:
        return effects
    user.has_changed()
    changed = AwayChanged(stamp.id, stamp.at, user.who, text)
    return [*effects, Deliver(changed, to=ToNeighbours(user.id))]


def set_realname(
    state: State, session: int, command: SetRealname, stamp: Stamp
) -> list[Effect]:
    """Be described otherwise."""
    user = state.introduced(session)
    realname = cut(command.realname, state.limits.realname_length)
    redescribed = Redescribed(stamp.id, stamp.at, user.who, realname)
    user.who = replace(user.who, realname=realname)
    user.has_changed()
    return [
        Deliver(redescribed, to=ToUser(user.id)),
        Deliver(redescribed, to=ToNeighbours(user.id)),
    ]


def set_mark(
    state: State, session: int, command: SetMark, stamp: Stamp
) -> list[Effect]:
    """Be something, or not any more; nobody makes himself an operator."""
    user = state.introduced(session)
    if command.on == (command.mark in user.marks):
        return []
    if command.on and command.mark is Mark.OPERATOR:
        raise Refused(NotInOffice())
    return mark(user, command.mark, stamp, on=command.on)


def mark(user: User, mark: Mark, stamp: Stamp, *, on: bool) -> list[Effect]:
    """Mark *user*, or take the mark away, and tell him."""
    if on:
        user.marks[mark] = None
    else:
        user.marks.pop(mark, None)
    user.has_changed()
    changed = MarkChanged(stamp.id, stamp.at, user.who, mark, on)
    return [Deliver(changed, to=ToUser(user.id))]


# Watching.


def watch(state: State, session: int, command: Watch, _stamp: Stamp) -> list[Effect]:
    """Tell who of *nicks* is here, and from now on whenever one comes or goes.

    Raises:
        Refused: they would be too many; then none is watched that was not before.
    """
    state.introduced(session)
    watcher = state.sessions[session]
    wanted = {names.fold(nick): nick for nick in command.nicks}
    new = {fold: nick for fold, nick in wanted.items() if fold not in watcher.watches}
    if len(watcher.watches) + len(new) > state.limits.watched:
        raise Refused(TooManyWatched(state.limits.watched, command.nicks))
    for fold, nick in new.items():
        watcher.watches[fold] = nick
        state.watchers.setdefault(fold, {})[session] = None
    return [_watched(state, wanted, session)]


def unwatch(
    state: State, session: int, command: Unwatch, _stamp: Stamp
) -> list[Effect]:
    """Tell no more of *nicks*, or with none of nobody."""
    state.introduced(session)
    watcher = state.sessions[session]
    folds = [names.fold(nick) for nick in command.nicks] or list(watcher.watches)
    for fold in folds:
        _stop_watching(state, watcher, fold)
    return []


def ask_watched(
    state: State, session: int, command: AskWatched, _stamp: Stamp
) -> list[Effect]:
    """Tell whom one watches, and who of them is here."""
    state.introduced(session)
    wanted = state.sessions[session].watches
    return [_watched(state, wanted, session, is_list=command.is_list)]


def forget_watcher(state: State, session: Session) -> None:
    """The session is over, and hears of nobody."""
    for fold in list(session.watches):
        _stop_watching(state, session, fold)


def came(state: State, user: User) -> list[Effect]:
    """Tell those who watch for *user* that he is here, if the nick is his."""
    if user.held_until is not None or user.fold not in state.watchers:
        return []
    seen = WatchedAre(here=(user.who,), not_here=())
    return _to_watchers(state, user.fold, seen)


def went(state: State, fold: str, nick: str) -> list[Effect]:
    """Tell those who watch for *nick* that nobody goes by it any more."""
    if fold not in state.watchers:
        return []
    return _to_watchers(state, fold, WatchedAre(here=(), not_here=(nick,)))


def _watched(
    state: State, wanted: dict[str, str], session: int, *, is_list: bool = False
) -> Effect:
    users = [(nick, state.found(fold)) for fold, nick in wanted.items()]
    here = tuple(user.who for _, user in users if user is not None)
    gone = tuple(nick for nick, user in users if user is None)
    return Deliver(WatchedAre(here, gone, is_list), to=ToSession(session))


def _to_watchers(state: State, fold: str, event: WatchedAre) -> list[Effect]:
    # Sorted, for a restored house does not know who watched first.
    watchers = sorted(state.watchers[fold])
    return [Deliver(event, to=ToSession(session)) for session in watchers]


def _stop_watching(state: State, watcher: Session, fold: str) -> None:
    if watcher.watches.pop(fold, None) is None:
        return
    del state.watchers[fold][watcher.id]
    if not state.watchers[fold]:
        del state.watchers[fold]


# Asking.


def found(state: State, asker: User, nick: str) -> User | None:
    """Who goes by *nick*; a guest who has yet to prove that he may finds himself."""
    return asker if names.fold(nick) == asker.fold else state.found(nick)


def ask_person(
    state: State, session: int, command: AskPerson, stamp: Stamp
) -> list[Effect]:
    """Tell all about somebody, but for the rooms that one may not know of.

    Raises:
        Refused: nobody goes by that nick.
    """
    asker = state.introduced(session)
    user = found(state, asker, command.nick)
    if user is None:
        raise Refused(NoSuchNick(command.nick))
    rooms = tuple(
        (room.name, room.members[user])
        for room in user.rooms.values()
        if _may_see_in(asker, user, room.members) and is_known_to(room, asker)
    )
    may_see_address = asker is user or asker.is_in_office
    person_is = PersonIs(
        user.person(),
        rooms,
        user.away,
        user.since,
        user.spoke,
        stamp.at,
        user.address if may_see_address else "",
    )
    return [Deliver(person_is, to=ToSession(session))]


def ask_past(
    state: State, session: int, command: AskPast, _stamp: Stamp
) -> list[Effect]:
    """Tell who went by the nick, the latest first; with no *most* above 0, all."""
    state.introduced(session)
    fold = names.fold(command.nick)
    found = [(who, at) for past, who, at in reversed(state.past) if past == fold]
    most = command.most if command.most and command.most > 0 else None
    past_is = PastIs(command.nick, tuple(found[:most]))
    return [Deliver(past_is, to=ToSession(session))]


def ask_present(
    state: State, session: int, command: AskPresent, _stamp: Stamp
) -> list[Effect]:
    """Tell who of the nicks is here."""
    asker = state.introduced(session)
    them = [found(state, asker, nick) for nick in command.nicks]
    people = tuple(user.person() for user in them if user is not None)
    present_are = PresentAre(people, command.in_detail)
    return [Deliver(present_are, to=ToSession(session))]


def ask_time(
    _state: State, session: int, _command: AskTime, stamp: Stamp
) -> list[Effect]:
    """Tell what time it is."""
    return [Deliver(TimeIs(stamp.at), to=ToSession(session))]


def _may_see_in(asker: User, user: User, members: dict[User, Role]) -> bool:
    """Whether *asker* may know that *user* is among *members*."""
    is_visible = Mark.INVISIBLE not in user.marks or asker is user
    return is_visible or asker in members or asker.is_in_office
