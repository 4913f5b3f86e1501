"""Sessions: how one becomes a user's, and how it ceases to be.

Somebody with an account may be here on several sessions and is one user all the
same: what one of them says or enters, all see.  The user goes with the last one,
unless the account is always on; then he stays where he is, and is away.
"""

from dataclasses import replace

from chat.domain import links, nicks, presence, recall, remembered, rooms
from chat.domain.answers import AwayIs
from chat.domain.commands import Mark
from chat.domain.effects import (
    Attach,
    Close,
    Deliver,
    Effect,
    Keep,
    ToNeighbours,
    ToSession,
)
from chat.domain.events import AwayChanged, Departed, MarkChanged
from chat.domain.presence import NOT_CONNECTED
from chat.domain.state import Account, Session, Stamp, State, User


def attach(opened: Session, user: User, stamp: Stamp) -> list[Effect]:
    """Make *opened* one more session of *user*, who is back if he had none."""
    was_left, opened.user = not user.sessions, user
    user.sessions[opened.id] = None
    effects: list[Effect] = [Attach(opened.id, user.id)]
    if not was_left:
        return effects
    user.address = opened.address
    if user.who.host != opened.host:
        user.who = replace(user.who, host=opened.host)
    is_back = user.away == NOT_CONNECTED
    if is_back:
        user.away = ""
    user.has_changed()
    if is_back:
        back = AwayChanged(stamp.id, stamp.at, user.who, "")
        effects.append(Deliver(back, to=ToNeighbours(user.id)))
    return effects


def look_around(
    state: State, opened: Session, user: User, stamp: Stamp, last: str = ""
) -> list[Effect]:
    """Tell a session what its user is and where, the room called *last* at the end.

    And what it has missed: for its account, and in each of these rooms.
    """
    told = [
        MarkChanged(stamp.id, stamp.at, user.who, mark, on=True) for mark in user.marks
    ]
    effects: list[Effect] = [Deliver(event, to=ToSession(opened.id)) for event in told]
    if user.away:
        effects.append(Deliver(AwayIs(is_away=True), to=ToSession(opened.id)))
    there = sorted(user.rooms.values(), key=lambda room: room.fold == last)
    effects += recall.news(state, opened, user, stamp)
    for room in there:
        found = rooms.found(state, user, room, stamp)
        effects.append(Deliver(found, to=ToSession(opened.id)))
        effects += recall.missed(state, opened.id, room, stamp.id)
    return effects


def come_in(
    state: State, user: User, opened: Session, room: str, stamp: Stamp
) -> list[Effect]:
    """Let *user* into the room that he was invited to, and into the one asked for."""
    if user.held_until is not None:
        user.wanted = room
        # He is in the house by now, if not in that room.
        return links.count(state, opened, stamp)
    effects = links.use(state, user, opened.id, stamp)
    if room:
        effects += nicks.shown_in(state, user, room, ToSession(opened.id), stamp)
    return effects


def end(
    state: State, number: int, reason: str, stamp: Stamp, *, stays: bool = True
) -> list[Effect]:
    """End a session; its user goes with the last one unless he *stays*."""
    departing = state.sessions.pop(number)
    presence.forget_watcher(state, departing)
    close = Close(number, reason)
    if departing.user is None:
        return [close]
    return [*let_go(state, departing, reason, stamp, stays=stays), close]


def let_go(
    state: State, session: Session, reason: str, stamp: Stamp, *, stays: bool = True
) -> list[Effect]:
    """Take *session* from its user, who goes with the last one unless he *stays*."""
    user = session.user
    assert user is not None, "it has one"
    del user.sessions[session.id]
    if user.sessions:
        return []
    if stays and _stays(user):
        return _leave_behind(user, stamp)
    return go(state, user, reason, stamp)


def _stays(user: User) -> bool:
    account = user.account
    return account is not None and account.is_always_on and not account.is_suspended


def _leave_behind(user: User, stamp: Stamp) -> list[Effect]:
    # Whoever logs in next has not shown that he runs the house.
    user.marks.pop(Mark.OPERATOR, None)
    was_away, user.away = user.away, user.away or NOT_CONNECTED
    user.has_changed()
    if was_away:
        return []
    away = AwayChanged(stamp.id, stamp.at, user.who, user.away)
    return [Deliver(away, to=ToNeighbours(user.id))]


def go(state: State, user: User, reason: str, stamp: Stamp) -> list[Effect]:
    """Have *user*, who has no session any more, leave altogether."""
    if reason.startswith("Quit:") and not all(
        room.hears(user) for room in user.rooms.values()
    ):
        # Parting words are words, and one departure is told to all rooms.
        reason = "Quit"
    departed = Departed(stamp.id, stamp.at, user.who, reason)
    effects = rooms.leave_all(state, user, departed)
    del state.users[user.fold]
    if user.account is not None and user.account.is_always_on:
        effects.append(Keep(remembered.account(user.account, None)))
    if user.held_until is not None:
        return effects
    state.past.append((user.fold, user.who, stamp.at))
    return [*effects, *presence.went(state, user.fold, user.who.nick)]


def put_out(state: State, user: User, reason: str, stamp: Stamp) -> list[Effect]:
    """Have *user* leave with all sessions; there may be none."""
    if not user.sessions:
        return go(state, user, reason, stamp)
    effects: list[Effect] = []
    for number in list(user.sessions):
        effects += end(state, number, reason, stamp, stays=False)
    return effects


def of(state: State, account: Account) -> list[Session]:
    """The sessions that are logged in to *account*."""
    return [each for each in state.sessions.values() if each.account is account]


def present(state: State, account: Account) -> User | None:
    """The user who is here under *account*."""
    user = state.users.get(account.fold)
    return None if user is None or user.account is not account else user


def throw_out(
    state: State, account: Account, reason: str, stamp: Stamp, but: int = 0
) -> list[Effect]:
    """End the sessions of *account*, *but* perhaps one; its user may yet stay."""
    effects: list[Effect] = []
    for each in of(state, account):
        if each.id != but:
            effects += end(state, each.id, reason, stamp)
    user = present(state, account)
    if user is not None and not user.sessions and not _stays(user):
        effects += go(state, user, reason, stamp)
    return effects


def keep(state: State, account: Account) -> Keep:
    """Have *account* written down as it is now."""
    return Keep(remembered.account(account, present(state, account)))
