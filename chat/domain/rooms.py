"""Rooms: entering, leaving, and what a room is about.

A room comes into being when somebody enters it, and that person runs it.  When
the last member leaves it is gone, all but the lobby, which is always there.
"""

from typing import Final

from chat.domain import names
from chat.domain.answers import (
    MembersAre,
    RoomIs,
    RoomsAre,
    TopicIs,
)
from chat.domain.commands import (
    AskMembers,
    AskRoom,
    AskRooms,
    AskTopic,
    Change,
    Join,
    Leave,
    Mark,
    Setting,
    SetTopic,
)
from chat.domain.effects import (
    Deliver,
    Effect,
    Seat,
    ToSession,
    ToUser,
    Unseat,
)
from chat.domain.events import (
    AwayChanged,
    Entered,
    Event,
    Joined,
    Left,
    RoomChanged,
    TopicChanged,
)
from chat.domain.limits import cut
from chat.domain.masks import is_like
from chat.domain.names import Name
from chat.domain.refusals import (
    Banned,
    CannotTalk,
    InTooManyRooms,
    InviteOnly,
    NotAllowed,
    NotAMember,
    Refused,
    RoomFull,
    WrongKey,
)
from chat.domain.roles import Power, Role, may
from chat.domain.state import Room, Stamp, State, User, is_known_to
from chat.domain.views import RoomRow, Topic

# How it is told that a member is something.
SETTING_OF: Final = {Role.OPERATOR: Setting.OPERATOR, Role.VOICED: Setting.VOICE}


def join(state: State, session: int, command: Join, stamp: Stamp) -> list[Effect]:
    """Enter the room, creating it if need be; nothing if already inside.

    Raises:
        Refused: no room can be called that, or one is kept out of it.
    """
    user = state.introduced(session)
    return enter(state, user, command.room, command.key, stamp)


def enter(
    state: State, user: User, room_name: str, key: str, stamp: Stamp
) -> list[Effect]:
    """Put *user* in the room and tell those inside, then the newcomer."""
    name = names.room(room_name, state.limits.room_length)
    if name.fold in user.rooms:
        return []
    most = state.limits.rooms_per_user
    if most is not None and len(user.rooms) >= most:
        raise Refused(InTooManyRooms(name.shown))
    if existing := state.rooms.get(name.fold):
        _check_may_enter(existing, user, key)
    room = _found_or_created(state, name, stamp)
    user.invitations.pop(room.id, None)
    runs_it = not room.members and room is not state.lobby
    room.members[user] = Role.OPERATOR if runs_it else Role.MEMBER
    user.rooms[room.fold] = room
    room.has_changed()
    joined = Joined(stamp.id, stamp.at, user.who, room.name)
    entered = Entered(
        stamp.id, stamp.at, user.who, room.name, room.topic, room.listing()
    )
    return [
        Deliver(joined, to=room.everyone),
        *_seen_away(user, room, stamp),
        Seat(user.id, room.id),
        Deliver(entered, to=ToUser(user.id)),
    ]


def _seen_away(user: User, room: Room, stamp: Stamp) -> list[Effect]:
    if not user.away:
        return []
    is_away = AwayChanged(stamp.id, stamp.at, user.who, user.away)
    return [Deliver(is_away, to=room.everyone)]


def _check_may_enter(room: Room, user: User, key: str) -> None:
    if room.id in user.invitations:
        return
    if room.keeps_out(user):
        raise Refused(Banned(room.name))
    if Setting.INVITE_ONLY in room.settings and not room.welcomes(user):
        raise Refused(InviteOnly(room.name))
    if room.key and key != room.key:
        raise Refused(WrongKey(room.name))
    if room.limit is not None and len(room.members) >= room.limit:
        raise Refused(RoomFull(room.name))


def leave(state: State, session: int, command: Leave, stamp: Stamp) -> list[Effect]:
    """Leave the room.

    Raises:
        Refused: there is no such room, or the user is not in it.
    """
    user = state.introduced(session)
    room = state.visible_room(command.room, user)
    if user not in room.members:
        raise Refused(NotAMember(room.name))
    # Parting words are words.
    reason = state.limits.cut_reason(command.reason) if room.hears(user) else ""
    forget(state, user, room)
    left = Left(stamp.id, stamp.at, user.who, room.name, reason)
    return [
        Unseat(user.id, room.id),
        Deliver(left, to=room.everyone),
        Deliver(left, to=ToUser(user.id)),
    ]


def forget(state: State, user: User, room: Room) -> None:
    """Take *user* off the room, and the room off the house if it is empty."""
    del room.members[user]
    del user.rooms[room.fold]
    room.has_changed()
    if not room.members and room is not state.lobby:
        del state.rooms[room.fold]


def recognise(_state: State, user: User, stamp: Stamp) -> list[Effect]:
    """Give *user* what his account is in the rooms where he is, now that he has one."""
    effects: list[Effect] = []
    for room in user.rooms.values():
        effects += _recognised_in(room, user, stamp)
    return effects


def _recognised_in(room: Room, user: User, stamp: Stamp) -> list[Effect]:
    known = room.roles.get(user.account.id) if user.account else None
    has = room.members[user]
    if known is None or has in (known, Role.OPERATOR):
        return []
    room.members[user] = known
    room.has_changed()
    nick = user.who.nick
    changes = [Change(SETTING_OF[known], on=True, value=nick)]
    if has is Role.VOICED:
        changes.append(Change(Setting.VOICE, on=False, value=nick))
    changed = RoomChanged(stamp.id, stamp.at, None, room.name, tuple(changes))
    return [Deliver(changed, to=room.everyone)]


def set_topic(
    state: State, session: int, command: SetTopic, stamp: Stamp
) -> list[Effect]:
    """Change what the room is about; an over-long topic is cut at a character.

    Raises:
        Refused: not a member, or the room guards its topic; but who runs the
            house may do it anywhere.
    """
    user = state.introduced(session)
    room = state.visible_room(command.room, user)
    if not user.is_in_office:
        _check_may_set_topic(room, user)
    text = cut(command.topic, state.limits.topic_length)
    room.topic = Topic(text, user.who.nick, stamp.at) if text else None
    changed = TopicChanged(stamp.id, stamp.at, user.who, room.name, text)
    return told(changed, room, user, session)


def told(event: Event, room: Room, user: User, session: int) -> list[Effect]:
    """*event* for everyone in the room, and for *user*, who did it, in any case."""
    effects: list[Effect] = [Deliver(event, to=room.everyone)]
    if user not in room.members:
        effects.append(Deliver(event, to=ToSession(session)))
    return effects


def _check_may_set_topic(room: Room, user: User) -> None:
    if user not in room.members:
        raise Refused(NotAMember(room.name))
    may_always = may(room.members[user], Power.SET_LOCKED_TOPIC)
    if Setting.GUARDS_TOPIC in room.settings and not may_always:
        raise Refused(NotAllowed(room.name))
    if not room.hears(user):
        raise Refused(CannotTalk(room.name, "those who run it do not hear you now"))


def ask_topic(
    state: State, session: int, command: AskTopic, _stamp: Stamp
) -> list[Effect]:
    """Tell what the room is about."""
    room = state.visible_room(command.room, state.introduced(session))
    return [Deliver(TopicIs(room.name, room.topic), to=ToSession(session))]


def ask_room(
    state: State, session: int, command: AskRoom, _stamp: Stamp
) -> list[Effect]:
    """Tell how the room is set up."""
    user = state.introduced(session)
    room = state.visible_room(command.room, user)
    settings = (*room.settings, *((Setting.KEY,) if room.key else ()))
    key = room.key if user in room.members or user.is_in_office else ""
    room_is = RoomIs(room.name, settings, key, room.limit, room.since)
    return [Deliver(room_is, to=ToSession(session))]


def ask_members(
    state: State, session: int, command: AskMembers, _stamp: Stamp
) -> list[Effect]:
    """Tell who is in the room; nobody is in one that does not exist."""
    asker = state.introduced(session)
    members_are = _members(state, asker, command)
    return [Deliver(members_are, to=ToSession(session))]


def ask_rooms(
    state: State, session: int, command: AskRooms, stamp: Stamp
) -> list[Effect]:
    """Tell which rooms there are, but for those that one may not know of."""
    user = state.introduced(session)
    rows = tuple(
        RoomRow(room.name, len(room.members), room.topic.text if room.topic else "")
        for room in state.rooms.values()
        if is_known_to(room, user) and _is_asked_for(room, command, stamp.at)
    )
    return [Deliver(RoomsAre(rows), to=ToSession(session))]


def _is_asked_for(room: Room, asked: AskRooms, now: int) -> bool:
    if asked.masks and not any(is_like(mask, room.fold) for mask in asked.masks):
        return False
    if any(is_like(mask, room.fold) for mask in asked.but):
        return False
    topic_age = None if room.topic is None else (now - room.topic.at) / 1000
    return (
        _is_within(len(room.members), asked.least, asked.most)
        and _is_within((now - room.since) / 1000, asked.older, asked.newer)
        and _is_within(topic_age, asked.topic_older, asked.topic_newer)
    )


def _is_within(what: float | None, least: int | None, most: int | None) -> bool:
    if what is None:
        return least is None and most is None
    return (least is None or what >= least) and (most is None or what <= most)


def _members(state: State, asker: User, command: AskMembers) -> MembersAre:
    room = state.rooms.get(names.fold(command.room))
    if room is None or not is_known_to(room, asker):
        return MembersAre(command.room, (), command.in_detail, command.note)
    members = room.listing()
    if asker not in room.members and not asker.is_in_office:
        members = tuple(each for each in members if Mark.INVISIBLE not in each.marks)
    is_secret = Setting.SECRET in room.settings
    return MembersAre(room.name, members, command.in_detail, command.note, is_secret)


def _found_or_created(state: State, name: Name, stamp: Stamp) -> Room:
    room = state.rooms.get(name.fold)
    if room is None:
        room = Room(stamp.id, stamp.at, name.shown, name.fold)
        state.rooms[room.fold] = room
    return room
