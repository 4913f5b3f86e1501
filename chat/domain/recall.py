"""Recall: who may read what was said, and the questions about it.

`floor` alone says what somebody may read of a room, and every question goes by it.
What was said between two accounts only these two may read.  What there is to read the
hub does not know: it names the place, and the shell reads what is kept.
"""

from collections.abc import Iterable
from dataclasses import replace

from chat.domain import membership, names, visits
from chat.domain.commands import Setting
from chat.domain.effects import Deliver, Effect, Recall, ToSession, ToUser
from chat.domain.events import ReadChanged
from chat.domain.extracts import (
    Extract,
    ReadDigest,
    ReadMissed,
    ReadPage,
    ReadPrivate,
    ReadTargets,
    ReadUnread,
    Scope,
    Seek,
)
from chat.domain.names import fold
from chat.domain.questions import (
    AskHistory,
    AskRead,
    AskTargets,
    CatchUp,
    MarkRead,
    Question,
    Search,
)
from chat.domain.recalled import ReadIs
from chat.domain.refusals import MayNotRead, Refused
from chat.domain.state import Room, Session, Stamp, State, User, is_known_to


def floor(state: State, user: User, room: Room) -> int | None:
    """From which id on *user* may read what was said in *room*; None for nothing.

    Who could not come in now reads nothing, nor does who is banned and inside.  In a
    closed room only who is inside reads, and from when he came first.  In an open one
    all read from when it was opened last, and who may have read before that, still.
    To run the house is to run it, and not to read what others say in it.
    """
    if not state.limits.history:
        return None
    visit = visits.of(user).get(room.id)
    since = visit.since if visit else 0
    if user not in room.members:
        if room.is_closed or Setting.SECRET in room.settings:
            return None
        if membership.obstacle(room, user, key="") is not None:
            return None
    elif membership.is_banned(room, user):
        return None
    if room.is_closed:
        return since or None
    return min(since, room.opened) if since else room.opened


def answer(
    state: State, session: int, question: Question, stamp: Stamp
) -> list[Effect]:
    """Have the shell look for what was asked for, as far as one may read it.

    Raises:
        Refused: there is nothing that one may read, or know of.
    """
    user = state.introduced(session)
    match question:
        case AskRead():
            name, at = _read(state, user, question.target)
            return [Deliver(ReadIs(name, at), to=ToSession(session))]
        case MarkRead():
            return _mark_read(state, session, user, question, stamp)
        case _:
            extract = _extract(state, user, question)
            return [Recall(session, extract, stamp.id)]


def _extract(
    state: State, user: User, question: AskHistory | AskTargets | Search | CatchUp
) -> Extract:
    if not state.limits.history:
        target = "" if isinstance(question, AskTargets) else question.target
        raise Refused(MayNotRead(target))
    most, own = state.limits.history_page, _account(user)
    match question:
        case AskHistory(target, page):
            # Who came and went is told to those inside: some are invisible to others.
            is_told = not target.startswith("#") or fold(target) in user.rooms
            has_events = page.has_events and is_told
            page = replace(page, most=min(page.most, most), has_events=has_events)
            return ReadPage(_scope_of(state, user, target), page)
        case AskTargets(first, second):
            where = _scopes(state, user, _visited(state, user))
            most = min(question.most, most)
            return ReadTargets(where, _account(user), first, second, most)
        case Search(target=target):
            asked = replace(question, most=min(question.most, most))
            if target:
                return Seek((_scope_of(state, user, target),), 0, asked, own)
            where = _scopes(state, user, state.rooms.values())
            return Seek(where, own, asked, own)
        case CatchUp(target):
            if target:
                return ReadUnread((_scope_of(state, user, target),))
            where = _scopes(state, user, _visited(state, user, goes_on=True))
            return ReadUnread(where, _account(user), _read_with(user))


def _account(user: User) -> int:
    return user.account.id if user.account else 0


def _read_with(user: User) -> tuple[tuple[str, int], ...]:
    return tuple(visits.read(user).items())


def _scope_of(state: State, user: User, target: str) -> Scope:
    """What *user* may read of *target*, a room or somebody he talks with."""
    if target.startswith("#"):
        room = state.rooms.get(fold(target))
        scope = None if room is None else scope_in(state, user, room)
    else:
        scope = _scope_with(state, user, target)
    if scope is None:
        raise Refused(MayNotRead(target))
    return scope


def _scope_with(state: State, user: User, nick: str) -> Scope | None:
    # Whoever has an account goes by its name, so this finds who is here as well.
    peer = state.accounts.get(fold(nick))
    if peer is None or user.account is None:
        return None
    read = visits.read(user).get(peer.fold, 0)
    return Scope(peer.name, peer=peer.id, account=user.account.id, read=read)


def scope_in(
    state: State, user: User, room: Room, *, is_new: bool | None = None
) -> Scope | None:
    """What *user* may read of *room*; None for nothing.

    If his visit has only just begun it does not tell whether the room *is_new* to him.
    """
    begins = floor(state, user, room)
    if begins is None:
        return None
    visit = visits.of(user).get(room.id)
    if is_new is None:
        is_new = visit is None or not visit.has_been
    if visit is None:
        return Scope(room.name, room.id, floor=begins, is_new=is_new)
    return Scope(
        room.name,
        room.id,
        floor=begins,
        left=visit.left,
        back=visit.back,
        is_new=is_new,
        read=visit.read,
    )


def _scopes(state: State, user: User, rooms: Iterable[Room]) -> tuple[Scope, ...]:
    found = (scope_in(state, user, room) for room in rooms)
    return tuple(scope for scope in found if scope is not None)


def _visited(state: State, user: User, *, goes_on: bool = False) -> list[Room]:
    """The rooms where *user* is, or was; perhaps only those that he has not left."""
    rooms = {room.id: room for room in user.rooms.values()}
    for number, visit in visits.of(user).items():
        room = visits.room(state, number, visit)
        is_meant = visit.since if goes_on else visit.has_been
        if room is not None and is_meant:
            rooms.setdefault(number, room)
    return list(rooms.values())


def missed(
    state: State, session: int, room: Room, until: int, *, is_first: bool = False
) -> list[Effect]:
    """Have *session*, which is in *room* now, told what it has not been told.

    From the id *until* on it has.  *is_first* is the first visit of whoever it is.
    """
    if room.id >= until:
        return []
    scope = scope_in(state, state.introduced(session), room, is_new=is_first)
    if scope is None or scope.floor >= until:
        return []
    return [Recall(session, ReadMissed(scope), until)]


def missed_before(
    state: State, session: int, user: User, rooms: Iterable[Room]
) -> list[Effect]:
    """Have who was a guest told what his account has missed in *rooms*.

    That is what was said there before the guest came, who has heard the rest.
    """
    effects: list[Effect] = []
    for room in rooms:
        if visit := visits.of(user).get(room.id):
            effects += missed(state, session, room, visit.back or visit.since)
    return effects


def news(state: State, opened: Session, user: User, stamp: Stamp) -> list[Effect]:
    """Have a session that has come in told what there is for its account, once."""
    account = user.account
    is_told = account is None or opened.told == account.id
    if account is None or is_told or not state.limits.history:
        return []
    opened.told = account.id
    scopes = _scopes(state, user, _visited(state, user, goes_on=True))
    digest = ReadDigest(scopes, account.id, user.who.nick, _read_with(user))
    return [
        Recall(opened.id, digest, stamp.id),
        Recall(opened.id, ReadPrivate(account.id), stamp.id),
    ]


def read_in(user: User, room: Room) -> int:
    """How far (ms) *user* has said that he has read in *room*, 0 for not at all."""
    visit = visits.of(user).get(room.id)
    return visit.read if visit else 0


def _mark_read(
    state: State, session: int, user: User, command: MarkRead, stamp: Stamp
) -> list[Effect]:
    """One has read so far; of what is yet to come nobody has read anything."""
    target = command.target
    name, before = _read(state, user, target)
    at = min(command.at, stamp.at)
    if at <= before:
        return [Deliver(ReadIs(name, before), to=ToSession(session))]
    if target.startswith("#"):
        kept = visits.mark(state, user, state.room(target), at, stamp)
    else:
        kept = visits.mark_with(state, user, fold(target), at, stamp)
    changed = ReadChanged(stamp.id, stamp.at, name, at)
    return [*kept, Deliver(changed, to=ToUser(user.id))]


def _read(state: State, user: User, target: str) -> tuple[str, int]:
    """What *target* is called, and how far *user* has read there."""
    if not target.startswith("#"):
        return _called(state, target), visits.read(user).get(fold(target), 0)
    room = state.rooms.get(fold(target))
    if room is None or not is_known_to(room, user):
        raise Refused(MayNotRead(target))
    return room.name, read_in(user, room)


def _called(state: State, nick: str) -> str:
    found = state.found(nick)
    if found is not None:
        return found.who.nick
    account = state.accounts.get(fold(nick))
    if account is not None:
        return account.name
    try:
        return names.nick(nick, state.limits.nick_length).shown
    except Refused:
        raise Refused(MayNotRead(nick)) from None
