"""Membership: who is what in a room, and what of it is remembered.

What an account is in a room is written down, and it is that again whenever it comes
back.  A guest is nobody once he has gone.
"""

from chat.domain import remembered
from chat.domain.commands import Change, Setting
from chat.domain.effects import Deliver, Effect, Keep
from chat.domain.events import RoomChanged
from chat.domain.refusals import Banned, InviteOnly, Reason, RoomFull, WrongKey
from chat.domain.roles import Role, highest
from chat.domain.state import Room, Stamp, State, User


def take_place(state: State, room: Room, user: User) -> bool:
    """Make *user* a member; whether that is something to remember."""
    if not room.members and _is_nobodys(room) and room is not state.lobby:
        role = Role.OPERATOR
    else:
        role = _role_of(room, user) or Role.MEMBER
    room.is_fresh = room.is_fresh and not room.members
    room.members[user] = role
    user.rooms[room.fold] = room
    state.is_entered(room)
    room.has_changed(user)
    return remember_role(room, user, role)


def _is_nobodys(room: Room) -> bool:
    return Setting.KEPT not in room.settings and (
        Role.OPERATOR not in room.roles.values()
    )


def runs(room: Room, user: User) -> bool:
    """Whether the account of *user* runs *room*, though he may not be inside."""
    return _role_of(room, user) is Role.OPERATOR


def obstacle(room: Room, user: User, key: str | None) -> Reason | None:
    """Why *user* cannot enter *room* now, if he cannot.

    Who needs no *key*, because he was asked in, has only bans to fear.
    """
    if room.id in user.invitations or runs(room, user):
        return None
    if room.keeps_out(user):
        return Banned(room.name)
    if key is None:
        return None
    if Setting.INVITE_ONLY in room.settings and not room.welcomes(user):
        return InviteOnly(room.name)
    if not room.opens(key):
        return WrongKey(room.name)
    is_full = room.limit is not None and len(room.members) >= room.limit
    return RoomFull(room.name) if is_full else None


def is_banned(room: Room, user: User) -> bool:
    """Whether *user*, who is inside, could not come back because of a ban."""
    return room.keeps_out(user) and not runs(room, user)


def stays(user: User) -> list[Effect]:
    """Who is always on is put back into the rooms where he is now."""
    if user.account is None or not user.account.is_always_on:
        return []
    return [Keep(remembered.account(user.account, user))]


def seen_as(user: User, room: Room, stamp: Stamp) -> list[Effect]:
    """Those inside hear what the newcomer is there; a newcomer sees it himself."""
    role = room.members[user]
    if role is Role.MEMBER or len(room.members) == 1:
        return []
    changes = raised(user.who.nick, Role.MEMBER, role)
    changed = RoomChanged(stamp.id, stamp.at, None, room.name, changes)
    return [Deliver(changed, to=room.everyone)]


def recognised(room: Room, user: User, stamp: Stamp) -> list[Effect]:
    """Now that *user* has an account let him, and it, be the more of what both were."""
    # A ban may be meant for the account.
    room.has_changed()
    has = room.members[user]
    role = highest(has, _role_of(room, user) or Role.MEMBER)
    kept: list[Effect] = []
    if remember_role(room, user, role):
        kept.append(Keep(remembered.room(room)))
    if role is has:
        return kept
    room.members[user] = role
    changes = raised(user.who.nick, has, role)
    changed = RoomChanged(stamp.id, stamp.at, None, room.name, changes)
    return [*kept, Deliver(changed, to=room.everyone)]


def raised(nick: str, has: Role, role: Role) -> tuple[Change, ...]:
    """What is told when *nick*, who was *has*, runs a room or has a voice there.

    One is one thing at a time, and nobody shall go on showing the other.
    """
    setting = Setting.OPERATOR if role is Role.OPERATOR else Setting.VOICE
    made = Change(setting, on=True, value=nick)
    if has is Role.VOICED:
        return made, Change(Setting.VOICE, on=False, value=nick)
    return (made,)


def let_lapse(room: Room) -> tuple[Change, ...]:
    """Have *room* be kept no longer if no account runs it: it counts for nobody."""
    if Setting.KEPT not in room.settings or Role.OPERATOR in room.roles.values():
        return ()
    del room.settings[Setting.KEPT]
    return (Change(Setting.KEPT, on=False),)


def _role_of(room: Room, user: User) -> Role | None:
    return room.roles.get(user.account.id) if user.account else None


def remember_role(room: Room, user: User, role: Role) -> bool:
    """Have the account of *user* be that in *room*, if there is one.

    Whether that is something new, to be written down.
    """
    if _role_of(room, user) is (None if role is Role.MEMBER else role):
        return False
    if user.account is None:
        return False
    if role is Role.MEMBER:
        del room.roles[user.account.id]
    else:
        room.roles[user.account.id] = role
    return True
