"""What is remembered: rooms, accounts and links as records, and back.

A record holds what must outlive the process and nothing else: not who is inside,
but what accounts are there, since a guest is nobody once he has gone.  A house
that has loaded what another kept is set up as that one was, with nobody in it but
those who stay while they are away.
"""

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter
from typing import Final

from chat.domain import snapshot
from chat.domain.effects import Effect, Keep, Seat
from chat.domain.holdings import Link, Visit
from chat.domain.presence import NOT_CONNECTED
from chat.domain.records import (
    Kept,
    KeptAccount,
    KeptLink,
    KeptRead,
    KeptRoom,
    KeptVisit,
)
from chat.domain.roles import Role
from chat.domain.state import Account, Room, Stamp, State, User
from chat.domain.views import Who

# Where such a person is, of whom nothing but the account is known after a restart.
_NOWHERE: Final = "not.connected"
# So many rooms, and so many people to talk with, are remembered of anybody.
MOST: Final = 1000
_FORGOTTEN: Final = Visit("")


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


def forget_visit(
    account: Account | None, known: dict[int, Visit], room: int, stamp: Stamp
) -> list[Keep]:
    """Have the visit to the room of that id forgotten, here and in the store."""
    del known[room]
    return visit(account, room, _FORGOTTEN, stamp)


def forget_oldest_visits(
    account: Account | None, known: dict[int, Visit], stamp: Stamp
) -> list[Keep]:
    """Have those of *known*, the visits of *account*, forgotten that are too many."""
    kept: list[Keep] = []
    while len(known) > MOST:
        kept += forget_visit(account, known, next(iter(known)), stamp)
    return kept


def read(
    state: State, account: Account | None, peer: str, at: int, stamp: Stamp
) -> list[Keep]:
    """Have it written down that *account* has read so far with *peer*, a fold.

    Only between two accounts something is kept to be read, and there is no end to
    the names that nobody has.
    """
    if account is None or peer not in state.accounts:
        return []
    return [Keep(KeptRead(stamp.id, account.id, peer, at))]


def forget_oldest_reads(
    state: State, account: Account | None, known: dict[str, int], stamp: Stamp
) -> list[Keep]:
    """The same of how far *account* has read with whom."""
    kept: list[Keep] = []
    while len(known) > MOST:
        peer = next(iter(known))
        del known[peer]
        kept += read(state, account, peer, 0, stamp)
    return kept


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
    """Who was inside when the house ended, and is not now, left then at the latest.

    What is of nobody, or of nothing, is forgotten in the store as well.
    """
    accounts = {account.id: account for account in state.accounts.values()}
    effects: list[Effect] = []
    for row in sorted(kept.visits, key=attrgetter("id")):
        account, visited = accounts.get(row.account), rooms.get(row.room)
        if account is None or visited is None:
            effects.append(Keep(KeptVisit(stamp.id, row.account, row.room, 0)))
            continue
        loaded = Visit(visited.fold, row.since, row.left, row.back, row.read)
        account.visits[row.room] = loaded
        user = state.users.get(account.fold)
        if loaded.is_inside and user not in visited.members:
            loaded.left, loaded.back = stamp.id, 0
            effects += visit(account, row.room, loaded, stamp)
    effects += _load_reads(state, kept, accounts, stamp)
    for account in accounts.values():
        effects += forget_oldest_visits(account, account.visits, stamp)
        effects += forget_oldest_reads(state, account, account.read, stamp)
    return effects


def _load_reads(
    state: State, kept: Kept, accounts: dict[int, Account], stamp: Stamp
) -> Iterator[Effect]:
    for row in sorted(kept.reads, key=attrgetter("id")):
        account = accounts.get(row.account)
        if account is None or row.peer not in state.accounts:
            yield Keep(replace(row, id=stamp.id, at=0))
        else:
            account.read[row.peer] = row.at


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
