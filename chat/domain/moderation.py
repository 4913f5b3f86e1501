"""Moderation: how a room is set up, who is what in it, and who is put out.

Those who run a room may do all this, and those who run the house may do it
everywhere.  IRC's ``MODE #tea +m-o bob`` and plain's ``/room quiet`` end here as
the same changes; each is carried out or declined by itself, and what was carried
out is told to the room as one event.
"""

from typing import TypeAlias

from chat.domain import lines, masks, membership, remembered, rooms, visits
from chat.domain.answers import Declined, Inviting, MasksAre, Unchanged
from chat.domain.commands import AskMasks, Change, Invite, Kick, SetRoom, Setting
from chat.domain.effects import Deliver, Effect, Keep, ToSession, ToUser
from chat.domain.events import Invited, Kicked, RoomChanged
from chat.domain.records import Act
from chat.domain.refusals import (
    AlreadyThere,
    InTooManyRooms,
    NoSuchMask,
    NotAllowed,
    NotAMember,
    NotLoggedIn,
    NotThere,
    Reason,
    Refused,
    TooManyMasks,
    ValueImpossible,
)
from chat.domain.roles import Power, Role, may
from chat.domain.state import Account, Room, Stamp, State, User
from chat.domain.views import Mask

# What came of one change: what was changed, which may be nothing; or why it was not.
_Outcome: TypeAlias = tuple[Change, ...] | Reason

_ROLES = {Setting.OPERATOR: Role.OPERATOR, Setting.VOICE: Role.VOICED}
# Rooms that one person is invited to at a time; the oldest is forgotten.
_INVITATIONS = 50


def set_room(
    state: State, session: int, command: SetRoom, stamp: Stamp
) -> list[Effect]:
    """Make the changes, one after the other.

    Who runs the room when the list begins makes all of it, though he may cease to
    run the room in the middle.

    Raises:
        Refused: there is no such room, or one does not run it.
    """
    user = state.introduced(session)
    room = state.visible_room(command.room, user)
    check(user, room, Power.SET_UP)
    was_closed = room.is_closed
    made: list[Change] = []
    declined: list[Effect] = []
    for change in command.changes:
        outcome = _change(state, room, user, change, stamp)
        if isinstance(outcome, tuple):
            made.extend(outcome)
        else:
            declined.append(Deliver(Declined(outcome), to=ToSession(session)))
    if not made:
        return declined or [Deliver(Unchanged(), to=ToSession(session))]
    room.has_changed()
    if room.empty_since is not None:
        # It may be kept now, or no longer.
        state.is_left(room, stamp.at)
    _withdraw_invitations(state, room, made)
    visited = visits.reckon(state, room, made, stamp, was_closed=was_closed)
    changed = RoomChanged(stamp.id, stamp.at, user.who, room.name, tuple(made))
    about = f"{room.name} {lines.written(changed.changes)}"
    return [
        Keep(remembered.room(room)),
        *visited,
        *lines.of(state, room, changed, user),
        *lines.audited(state, session, Act.CHANGED_ROOM, about, stamp),
        *rooms.told(changed, room, user, session),
        *declined,
    ]


def _withdraw_invitations(state: State, room: Room, made: list[Change]) -> None:
    """Who is shut out now is no longer let in by what was said before."""
    closed = Change(Setting.INVITE_ONLY, on=True) in made
    if not closed and not any(each.setting is Setting.BAN for each in made):
        return
    for user in state.users.values():
        if room.id in user.invitations and (closed or room.keeps_out(user)):
            del user.invitations[room.id]


def kick(state: State, session: int, command: Kick, stamp: Stamp) -> list[Effect]:
    """Put somebody out of the room.

    Raises:
        Refused: there is no such room or person in it, or one does not run it.
    """
    user = state.introduced(session)
    room = state.visible_room(command.room, user)
    check(user, room, Power.PUT_OUT)
    victim = state.user(command.nick)
    if victim not in room.members:
        raise Refused(NotThere(victim.who.nick, room.name))
    reason = state.limits.cut_reason(command.reason)
    kicked = Kicked(stamp.id, stamp.at, user.who, room.name, victim.who.nick, reason)
    about = f"{victim.who.nick} {room.name}"
    effects: list[Effect] = [
        *lines.of(state, room, kicked, user),
        *lines.audited(state, session, Act.KICKED, about, stamp),
        *rooms.forget(state, victim, room, stamp),
        Deliver(kicked, to=room.everyone),
        Deliver(kicked, to=ToUser(victim.id)),
    ]
    if user not in room.members and user is not victim:
        effects.append(Deliver(kicked, to=ToSession(session)))
    return effects


def invite(state: State, session: int, command: Invite, stamp: Stamp) -> list[Effect]:
    """Tell somebody of the room; who runs it lets them in, whatever its settings say.

    Raises:
        Refused: one is not in the room, or may not; or the other is there already.
    """
    user = state.introduced(session)
    guest = state.user(command.nick)
    room = state.visible_room(command.room, user)
    if user not in room.members and not user.is_in_office:
        raise Refused(NotAMember(room.name))
    if guest in room.members:
        raise Refused(AlreadyThere(guest.who.nick, room.name))
    if Setting.INVITE_ONLY in room.settings:
        check(user, room, Power.INVITE_INTO_CLOSED)
    if user.is_in_office or may(room.members.get(user), Power.INVITE_INTO_CLOSED):
        _let_in(guest, room)
    invited = Invited(stamp.id, stamp.at, user.who, room.name, guest.who.nick)
    return [
        Deliver(Inviting(room.name, guest.who.nick), to=ToSession(session)),
        Deliver(invited, to=ToUser(guest.id)),
        Deliver(invited, to=room.everyone),
    ]


def _let_in(guest: User, room: Room) -> None:
    guest.invitations.pop(room.id, None)
    guest.invitations[room.id] = None
    if len(guest.invitations) > _INVITATIONS:
        del guest.invitations[next(iter(guest.invitations))]


def ask_masks(
    state: State, session: int, command: AskMasks, _stamp: Stamp
) -> list[Effect]:
    """Tell which masks the room has; only the bans are for everybody's eyes."""
    user = state.introduced(session)
    room = state.visible_room(command.room, user)
    if command.kind is not Setting.BAN:
        check(user, room, Power.SET_UP)
    listed = tuple(room.masks[command.kind].values())
    masks_are = MasksAre(room.name, command.kind, listed)
    return [Deliver(masks_are, to=ToSession(session))]


def check(user: User, room: Room, power: Power) -> None:
    """See that *user* has *power* in *room*, or runs the house.

    Raises:
        Refused: he is not in it, or does not run it.
    """
    if user.is_in_office or may(room.members.get(user), power):
        return
    if user not in room.members:
        raise Refused(NotAMember(room.name))
    raise Refused(NotAllowed(room.name))


def _change(
    state: State, room: Room, by: User, change: Change, stamp: Stamp
) -> _Outcome:
    match change.setting:
        case Setting.KEY:
            return _set_key(state, room, change)
        case Setting.LIMIT:
            return _set_limit(room, change)
        case Setting.BAN | Setting.EXEMPT | Setting.WELCOME:
            return _change_masks(state, room, change, by.who.nick, stamp)
        case Setting.OPERATOR | Setting.VOICE:
            return _set_role(state, room, change)
        case Setting.KEPT:
            return _set_kept(state, room, by, change)
        case _:
            return _set_flag(room, change)


def _set_kept(state: State, room: Room, user: User, change: Change) -> _Outcome:
    """A room is kept for an account that runs it, and stays theirs."""
    if user.is_in_office and not change.on:
        return _set_flag(room, change)
    if user.account is None:
        return NotLoggedIn()
    if not membership.runs(room, user):
        return NotAllowed(room.name)
    most = state.limits.rooms_per_user
    is_new = change.on and Setting.KEPT not in room.settings
    if is_new and most is not None and _kept_for(state, user.account) >= most:
        return InTooManyRooms(room.name, are_kept=True)
    return _set_flag(room, change)


def _kept_for(state: State, account: Account) -> int:
    """How many rooms stay for ever because *account* runs them."""
    return sum(
        Setting.KEPT in room.settings and room.roles.get(account.id) is Role.OPERATOR
        for room in state.rooms.values()
    )


def _set_flag(room: Room, change: Change) -> _Outcome:
    if change.on == (change.setting in room.settings):
        return ()
    if change.on:
        room.settings[change.setting] = None
    else:
        del room.settings[change.setting]
    return (Change(change.setting, change.on),)


def _set_key(state: State, room: Room, change: Change) -> _Outcome:
    key = change.value
    if not change.on:
        if not room.is_keyed:
            return ()
        room.key = room.key_check = ""
        # The word itself is nobody's business any more.
        return (Change(Setting.KEY, on=False, value="*"),)
    if why := _flaw_of_key(key, state.limits.key_length):
        return ValueImpossible(room.name, key, why)
    if room.is_keyed and room.opens(key):
        return ()
    room.key, room.key_check = key, ""
    return (Change(Setting.KEY, on=True, value=key),)


def _flaw_of_key(key: str, limit: int) -> str:
    if not key or not key.isprintable() or any(mark in key for mark in " ,:"):
        return "a key is one word, without commas and colons"
    if len(key.encode()) > limit:
        return f"a key has at most {limit} bytes"
    return ""


def _set_limit(room: Room, change: Change) -> _Outcome:
    if not change.on:
        had, room.limit = room.limit, None
        return (Change(Setting.LIMIT, on=False),) if had else ()
    digits = change.value
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 7
    if not is_number or int(digits) == 0:
        return ValueImpossible(room.name, digits, "a limit is a number from 1 on")
    if room.limit == int(digits):
        return ()
    room.limit = int(digits)
    return (Change(Setting.LIMIT, on=True, value=str(room.limit)),)


def _change_masks(
    state: State, room: Room, change: Change, by: str, stamp: Stamp
) -> _Outcome:
    if why := masks.flaw(change.value):
        return ValueImpossible(room.name, change.value, why)
    mask = Mask(masks.whole(change.value), by, stamp.at)
    if not change.on:
        return _remove_mask(room, change.setting, mask)
    if mask.text.startswith(masks.MUTE) and change.setting is not Setting.BAN:
        why = f"only a ban can begin with {masks.MUTE}"
        return ValueImpossible(room.name, change.value, why)
    return _add_mask(state, room, change.setting, mask)


def _add_mask(state: State, room: Room, kind: Setting, mask: Mask) -> _Outcome:
    listed = room.masks[kind]
    if mask.text.lower() in listed:
        return ()
    if len(listed) >= state.limits.masks_per_list:
        return TooManyMasks(room.name, mask.text)
    listed[mask.text.lower()] = mask
    return (Change(kind, on=True, value=mask.text),)


def _remove_mask(room: Room, kind: Setting, mask: Mask) -> _Outcome:
    found = room.masks[kind].pop(mask.text.lower(), None)
    if found is None:
        return NoSuchMask(room.name, mask.text)
    return (Change(kind, on=False, value=found.text),)


def _set_role(state: State, room: Room, change: Change) -> _Outcome:
    try:
        member = state.user(change.value)
    except Refused as refused:
        return refused.reason
    has = room.members.get(member)
    if has is None:
        return NotThere(member.who.nick, room.name)
    role = _ROLES[change.setting]
    # Who runs the room has a voice, and nothing is gained or lost by being told so.
    if change.on == (has is role) or (change.on and has is Role.OPERATOR):
        return ()
    now = role if change.on else Role.MEMBER
    room.members[member] = now
    is_news = membership.remember_role(room, member, now)
    if change.on:
        return membership.raised(member.who.nick, has, now)
    lowered = Change(change.setting, on=False, value=member.who.nick)
    ran_it = is_news and has is Role.OPERATOR
    return (lowered, *(membership.let_lapse(room) if ran_it else ()))
