"""What is remembered: rooms, accounts and links as records, and back.

A record holds what must outlive the process and nothing else: not who is inside,
but what accounts are there, since a guest is nobody once he has gone.  A house
that has loaded what another kept is set up as that one was, with nobody in it but
those who stay while they are away.
"""

from dataclasses import replace
from operator import attrgetter
from typing import Final

from chat.domain import snapshot
from chat.domain.effects import Effect, Keep, Seat
from chat.domain.holdings import Link, Visit
from chat.domain.presence import NOT_CONNECTED
from chat.domain.records import Kept, KeptAccount, KeptLink, KeptRoom, KeptVisit
from chat.domain.roles import Role
from chat.domain.state import Account, Room, Stamp, State, User
from chat.domain.views import Who

# Where such a person is, of whom nothing but the account is known after a restart.
_NOWHERE: Final = "not.connected"


def room(room: Room) -> KeptRoom:
    """*room* as it is written down: of the word that opens it only what checks it."""
    state = snapshot.set_up(room)
    if room.key:
        state.update(key="", key_check=room.check_of(room.key))
    return KeptRoom(room.id, room.name, room.fold, state)


def account(account: Account, user: User | None) -> KeptAccount:
    """*account* as it is written down; *user* is who is present under it."""
    stays = account.is_always_on and user is not None
    return KeptAccount(
        account.id,
        account.name,
        account.fold,
        account.since,
        account.credential,
        account.seen,
        account.is_suspended,
        account.is_always_on,
        account.code,
        tuple(each.id for each in user.rooms.values()) if user and stays else (),
    )


def link(link: Link) -> KeptLink:
    """*link* as it is written down."""
    return KeptLink(link.id, link.room, link.digest, link.by, link.until, link.uses)


def visit(account: Account | None, room: int, visit: Visit, stamp: Stamp) -> list[Keep]:
    """Have *visit* to the room of that id written down, unless it is a guest's."""
    if account is None:
        return []
    since, left, back = visit.since, visit.left, visit.back
    return [Keep(KeptVisit(stamp.id, account.id, room, since, left, back, visit.read))]


def load(state: State, kept: Kept, stamp: Stamp) -> list[Effect]:
    """Furnish a *state* in which nothing has happened with what was *kept*.

    A room whose name has become the lobby's in the meantime is sealed.
    """
    effects: list[Effect] = []
    for each in kept.rooms:
        effects += _load_room(state, each, stamp)
    lobby = room(state.lobby)
    if lobby not in kept.rooms:
        effects.append(Keep(lobby))
    rooms = {each.id: each for each in state.rooms.values()}
    for saved in kept.links:
        state.add(
            Link(saved.id, saved.room, saved.digest, saved.by, saved.until, saved.uses)
        )
    for row in kept.accounts:
        effects += _load_account(state, row, rooms, stamp)
    return effects + _load_visits(state, kept, rooms, stamp)


def _load_visits(
    state: State, kept: Kept, rooms: dict[int, Room], stamp: Stamp
) -> list[Effect]:
    """Who was inside when the house ended, and is not now, left then at the latest."""
    accounts = {account.id: account for account in state.accounts.values()}
    effects: list[Effect] = []
    for row in sorted(kept.visits, key=attrgetter("id")):
        account, visited = accounts.get(row.account), rooms.get(row.room)
        if account is None or visited is None:
            continue
        loaded = Visit(visited.fold, row.since, row.left, row.back, row.read)
        account.visits[row.room] = loaded
        user = state.users.get(account.fold)
        if loaded.is_inside and user not in visited.members:
            loaded.left, loaded.back = stamp.id, 0
            effects += visit(account, row.room, loaded, stamp)
    for mark in sorted(kept.reads, key=attrgetter("id")):
        if mark.account in accounts:
            accounts[mark.account].read[mark.peer] = mark.at
    return effects


def _load_room(state: State, kept: KeptRoom, stamp: Stamp) -> list[Effect]:
    if kept.is_sealed:
        return []
    if kept.id == state.lobby.id:
        snapshot.set_up_again(state.lobby, kept.state)
        return []
    if kept.fold in state.rooms:
        return [Keep(replace(kept, is_sealed=True))]
    loaded = Room(kept.id, 0, kept.name, kept.fold)
    snapshot.set_up_again(loaded, kept.state)
    state.rooms[loaded.fold] = loaded
    state.is_left(loaded, stamp.at)
    return []


def _load_account(
    state: State, kept: KeptAccount, rooms: dict[int, Room], stamp: Stamp
) -> list[Effect]:
    loaded = Account(
        kept.id,
        kept.name,
        kept.fold,
        kept.since,
        kept.credential,
        kept.code,
        kept.seen,
        kept.is_suspended,
        kept.is_always_on,
    )
    state.know(loaded)
    if not loaded.is_always_on or loaded.is_suspended:
        return []
    # No command is at work yet: the account's own id is nobody else's.
    who = Who(loaded.name, loaded.fold, _NOWHERE, loaded.name, loaded.name)
    user = User(loaded.id, loaded.fold, who, since=stamp.at, spoke=stamp.at)
    user.account, user.away = loaded, NOT_CONNECTED
    state.users[user.fold] = user
    effects: list[Effect] = []
    for inside in filter(None, map(rooms.get, kept.rooms)):
        inside.members[user] = inside.roles.get(loaded.id, Role.MEMBER)
        user.rooms[inside.fold] = inside
        state.is_entered(inside)
        effects.append(Seat(user.id, inside.id))
    return effects
