"""A small house with people in it, for tests of the domain.

The first person has session 1 and is user 101, the second has session 2 and is
user 102, and so on.  The lobby is room 0, the next room is room 201.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, TypeVar

import pytest

from chat.domain import snapshot
from chat.domain.commands import Mark, Setting
from chat.domain.effects import Bind, Deliver, Effect, Keep, Recall
from chat.domain.limits import Limits
from chat.domain.refusals import Reason, Refused
from chat.domain.roles import Role
from chat.domain.state import Account, Room, Session, Stamp, State, User, fresh
from chat.domain.views import Mask, Who

# The sessions of the people whom most scenes are about, in this order.
ALICE: Final = 1
BOB: Final = 2
CAROL: Final = 3
DAVE: Final = 4
# The session of somebody who has not said a name yet.
STRANGER: Final = 9

Said = TypeVar("Said")

# When what a test is about happens.
NOW: Final = Stamp(id=1000, at=5000)


def who(nick: str) -> Who:
    """Somebody whose other names can be told from the nick."""
    return Who(nick, f"~{nick}", f"{nick}.host", f"{nick} the person")


def a_house(people: str = "", limits: Limits | None = None, **rooms: str) -> State:
    """A house where *people* are, and, room by room, those who are in it.

    Everybody is on one session, and a room's first member runs it::

        a_house("alice bob", lobby="alice bob", tea="bob")
    """
    state = fresh(limits or Limits())
    for number, nick in enumerate(people.split(), start=1):
        session = Session(number, f"{nick}.host", f"192.0.2.{number}")
        session.user = User(
            100 + number,
            nick,
            who(nick),
            {number: None},
            address=session.address,
            since=4000,
            spoke=4000,
        )
        state.sessions[number] = session
        state.users[nick] = session.user
    for name, members in rooms.items():
        _put_in(state, f"#{name}", members.split())
    return state


def _put_in(state: State, name: str, members: list[str]) -> None:
    room = state.rooms.setdefault(name, Room(200 + len(state.rooms), 4000, name, name))
    role = Role.MEMBER if room is state.lobby else Role.OPERATOR
    for nick in members:
        user = state.users[nick]
        room.members[user] = role
        user.rooms[name] = room
        role = Role.MEMBER


def with_a_second_session(state: State, nick: str, session: int) -> State:
    """The same house, where *nick* is also on *session*."""
    user = state.users[nick]
    state.sessions[session] = Session(session, "elsewhere.host", "192.0.2.99", user)
    user.sessions[session] = None
    return state


def with_a_stranger(state: State) -> State:
    """The same house, with somebody at the door."""
    state.sessions[STRANGER] = Session(STRANGER, "stranger.host")
    return state


def in_office(state: State, nick: str) -> State:
    """The same house, which *nick* runs."""
    state.users[nick].marks[Mark.OPERATOR] = None
    return state


def invisible(state: State, nick: str) -> State:
    """The same house, where *nick* does not want to be found."""
    state.users[nick].marks[Mark.INVISIBLE] = None
    return state


def set_up(state: State, name: str, *settings: Setting) -> State:
    """The same house, where the room called *name* has more *settings*."""
    state.rooms[name].settings.update(dict.fromkeys(settings))
    return state


def listed(state: State, name: str, kind: Setting, *texts: str) -> State:
    """The same house, where the room called *name* has *texts* in one of its lists."""
    for text in texts:
        state.rooms[name].masks[kind][text.lower()] = Mask(text, "alice", 4500)
    return state


def said_in(effects: list[Effect], kind: type[Said]) -> list[Said]:
    """The events of one *kind* that are delivered."""
    delivered = [each.event for each in effects if isinstance(each, Deliver)]
    return [event for event in delivered if isinstance(event, kind)]


def told(effects: list[Effect]) -> list[Effect]:
    """*effects* but for what is to be kept, or to be read in what is kept."""
    aside = Keep | Bind | Recall
    return [each for each in effects if not isinstance(each, aside)]


def recalled(effects: list[Effect]) -> list[Recall]:
    """What the shell is to read, and for whom."""
    return [each for each in effects if isinstance(each, Recall)]


def bound(effects: list[Effect]) -> list[Bind]:
    """Whose sessions are from now on."""
    return [each for each in effects if isinstance(each, Bind)]


def kept(effects: list[Effect], kind: type[Said] | None = None) -> list[Said]:
    """The records, perhaps only those of one *kind*, that are to be kept."""
    records: list[Any] = [each.record for each in effects if isinstance(each, Keep)]
    return [each for each in records if kind is None or isinstance(each, kind)]


def logged_in(state: State, *nicks: str) -> State:
    """The same house, where *nicks* have accounts; the ids are 300 and their number."""
    for number, nick in enumerate(nicks, start=1):
        user = state.users[nick]
        user.account = Account(300 + number, nick, user.fold, 3000, "a credential")
        user.who = replace(user.who, account=nick)
        state.know(user.account)
        for session in user.sessions:
            state.sessions[session].account = user.account
    return state


def with_an_account(state: State, name: str) -> State:
    """The same house, where *name* has an account and is not here: number 300."""
    state.know(Account(300, name, name.lower(), 3000, "a credential"))
    return state


def always_on(state: State, name: str) -> State:
    """The same house, where the account called *name* stays without a session."""
    state.accounts[name].is_always_on = True
    return state


def held(state: State, nick: str, until: int = 35_000) -> State:
    """The same house, where *nick* is an account's and who goes by it a guest."""
    user = state.users[nick]
    state.know(Account(400 + user.id, nick, user.fold, 3000, "a credential"))
    user.held_until = until
    return state


@contextmanager
def refused(state: State, reason: Reason) -> Iterator[None]:
    """Inside, something is refused for *reason*, and leaves no trace."""
    before = snapshot.of(state)
    with pytest.raises(Refused) as declined:
        yield
    assert declined.value.reason == reason
    assert snapshot.of(state) == before
