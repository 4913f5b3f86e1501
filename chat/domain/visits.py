"""Visits: since when somebody may read what was said in a room, and how far he has.

A visit begins when he comes first, and a disconnect does not end it: in a room that
is *closed* (keyed, invite-only or off the record) he reads from there on whenever he
is inside.  It ends when he leaves or is put out, when he is banned while the room is
closed, and when the room is closed while he is not there: nobody can tell whether he
was meant to hear what was said then.  Who comes again begins anew.

An account's visits are written down; a guest takes his along when he logs in.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chat.domain import membership, remembered
from chat.domain.commands import Change, Setting
from chat.domain.effects import Effect, Keep
from chat.domain.holdings import Visit
from chat.domain.masks import MUTE, matches
from chat.domain.roles import Role
from chat.domain.state import Account, Room, Stamp, State, User
from chat.domain.views import Who

_SHUTS: Final = (Setting.KEY, Setting.INVITE_ONLY)
_BANS: Final = (Setting.BAN, Setting.EXEMPT)


def of(user: User) -> dict[int, Visit]:
    """The visits of *user*, by the ids of the rooms: his account's, if he has one."""
    return user.account.visits if user.account else user.visits


def read(user: User) -> dict[str, int]:
    """How far he has read with whom, by fold, in the same way."""
    return user.account.read if user.account else user.read


def is_first(user: User, room: Room) -> bool:
    """Whether *user* never was in *room* before."""
    visit = of(user).get(room.id)
    return visit is None or not visit.has_been


def away(account: Account) -> tuple[tuple[int, int], ...]:
    """From which rooms, by their ids, *account* is away, and since when."""
    visits = account.visits.items()
    return tuple((number, each.left) for number, each in visits if each.is_away)


def enter(state: State, user: User, room: Room, stamp: Stamp) -> list[Keep]:
    """*user* has come into *room*."""
    known = of(user)
    visit = _noted(known, room)
    if visit.has_been:
        visit.back = stamp.id
    visit.since = visit.since or stamp.id
    return _keep(state, user.account, known, room, stamp)


def leave(user: User, room: Room, stamp: Stamp, *, for_good: bool) -> list[Keep]:
    """*user* left *room* *for_good*, or was only disconnected."""
    visit = of(user).get(room.id)
    if visit is None:
        return []
    visit.left, visit.back = stamp.id, 0
    if for_good:
        visit.since = 0
    return remembered.visit(user.account, room.id, visit, stamp)


def mark(state: State, user: User, room: Room, at: int, stamp: Stamp) -> list[Keep]:
    """*user* has read *room* up to *at*."""
    known = of(user)
    visit = _noted(known, room)
    visit.read = at
    return _keep(state, user.account, known, room, stamp)


def mark_with(state: State, user: User, peer: str, at: int, stamp: Stamp) -> list[Keep]:
    """*user* has read up to *at* what he and *peer*, a fold, say to one another."""
    account, known = user.account, read(user)
    known.pop(peer, None)
    known[peer] = at
    marked = remembered.read(state, account, peer, at, stamp)
    return marked + remembered.forget_oldest_reads(state, account, known, stamp)


def _noted(known: dict[int, Visit], room: Room) -> Visit:
    """Of all that are *known* the visit to *room*: now the last to be forgotten."""
    visit = known.pop(room.id, None) or Visit(room.fold)
    known[room.id] = visit
    return visit


def _keep(
    state: State,
    account: Account | None,
    known: dict[int, Visit],
    room: Room,
    stamp: Stamp,
) -> list[Keep]:
    """Have the visit to *room* kept, if need be instead of another that is *known*."""
    noted = remembered.visit(account, room.id, known[room.id], stamp)
    return noted + _make_room(state, account, known, stamp)


def _make_room(
    state: State, account: Account | None, known: dict[int, Visit], stamp: Stamp
) -> list[Keep]:
    """Rooms that are no more are forgotten when there is no place, then the oldest."""
    if len(known) <= remembered.MOST:
        return []
    kept: list[Keep] = []
    for number in [each for each in known if not room(state, each, known[each])]:
        kept += remembered.forget_visit(account, known, number, stamp)
    return kept + remembered.forget_oldest_visits(account, known, stamp)


def room(state: State, number: int, visit: Visit) -> Room | None:
    """The room with that *number* that *visit* is of, unless it is no more."""
    found = state.rooms.get(visit.fold)
    return found if found is not None and found.id == number else None


def known_to(user: User, account: Account) -> list[Room]:
    """The rooms where *user*, a guest, is, and where *account* was before."""
    known = {number for number, visit in account.visits.items() if visit.has_been}
    return [room for room in user.rooms.values() if room.id in known]


def hand_over(state: State, user: User, account: Account, stamp: Stamp) -> list[Effect]:
    """What *user* remembered as a guest is the account's from now on.

    What the account may read of a room it may read on, and begins anew where it
    could not.
    """
    effects: list[Effect] = []
    for number, visit in user.visits.items():
        merged = _merged(account.visits.get(number), visit, stamp)
        account.visits[number] = merged
        effects += remembered.visit(account, number, merged, stamp)
    for peer, at in user.read.items():
        if at > account.read.get(peer, 0):
            account.read[peer] = at
            effects += remembered.read(state, account, peer, at, stamp)
    user.visits, user.read = {}, {}
    effects += _make_room(state, account, account.visits, stamp)
    effects += remembered.forget_oldest_reads(state, account, account.read, stamp)
    return effects


def _merged(own: Visit | None, guests: Visit, stamp: Stamp) -> Visit:
    if own is None or not own.has_been:
        return replace(guests, read=max(guests.read, own.read if own else 0))
    merged = replace(own, read=max(guests.read, own.read))
    if guests.is_inside:
        merged.since = own.since or guests.since
        merged.back = guests.back or guests.since or stamp.id
    return merged


def reckon(
    state: State, room: Room, made: list[Change], stamp: Stamp, *, was_closed: bool
) -> list[Effect]:
    """The changes *made* to *room* give, or take, what may be read in it."""
    if not room.is_closed:
        if was_closed:
            room.opened = stamp.id
        return []
    bans = any(change.setting in _BANS for change in made)
    shuts = any(change.on and change.setting in _SHUTS for change in made)
    effects: list[Effect] = []
    if bans or not was_closed:
        effects += _reckon_members(room, stamp)
    if bans or shuts:
        lifted = [change.value for change in made if _lifts(change)]
        effects += _reckon_absent(state, room, lifted, stamp, is_shut=shuts)
    return effects


def _reckon_members(room: Room, stamp: Stamp) -> Iterator[Keep]:
    for user in room.members:
        visit = of(user).get(room.id)
        if visit is None:
            continue
        since = 0 if membership.is_banned(room, user) else visit.since or stamp.id
        if since != visit.since:
            visit.since = since
            yield from remembered.visit(user.account, room.id, visit, stamp)


def _reckon_absent(
    state: State, room: Room, lifted: list[str], stamp: Stamp, *, is_shut: bool
) -> Iterator[Keep]:
    inside = frozenset(user.account.id for user in room.members if user.account)
    for account in state.accounts.values():
        visit = account.visits.get(room.id)
        if visit is None or not visit.since or account.id in inside:
            continue
        if room.roles.get(account.id) is Role.OPERATOR:
            continue
        if is_shut or _is_banned(state, room, account, lifted):
            visit.since = 0
            yield from remembered.visit(account, room.id, visit, stamp)


def _lifts(change: Change) -> bool:
    is_mute = change.value.startswith(MUTE)
    return change.setting is Setting.BAN and not change.on and not is_mute


def _is_banned(state: State, room: Room, account: Account, lifted: list[str]) -> bool:
    """Whether a ban is meant for *account*, which is not in *room*, or was until now.

    Of who is not in the house only the name is known, and not where he comes from.
    """
    user = state.users.get(account.fold)
    if user is None or user.account is not account:
        return _is_banned_by_name(room, account)
    return _is_kept_out(room, user, lifted) or _is_banned_by_name(room, account)


def _is_kept_out(room: Room, user: User, lifted: list[str]) -> bool:
    """Whether a ban, or one of the *lifted*, keeps out *user*, who is in the house."""
    if room.keeps_out(user):
        return True
    was_banned = any(matches(text, user.who, user.address) for text in lifted)
    exempt = (mask.text for mask in room.masks[Setting.EXEMPT].values())
    return was_banned and not any(
        matches(text, user.who, user.address) for text in exempt
    )


def _is_banned_by_name(room: Room, account: Account) -> bool:
    """The same, wherever it would come from."""
    who = Who(account.name, "", "", "", account.name)
    texts = (mask.text for mask in room.masks[Setting.BAN].values())
    return any(not text.startswith(MUTE) and matches(text, who, "") for text in texts)
