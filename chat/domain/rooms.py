"""Rooms: entering, leaving, and what a room is about.

A room comes into being when somebody enters it, and that person runs it.  When
the last member leaves it is gone, all but the lobby, which is always there.
"""

from chat.domain import names
from chat.domain.answers import (
    MembersAre,
    RoomIs,
    TopicIs,
)
from chat.domain.commands import AskMembers, AskRoom, AskTopic, Join, Leave, SetTopic
from chat.domain.effects import (
    Deliver,
    Effect,
    Seat,
    ToSession,
    ToUser,
    Unseat,
)
from chat.domain.events import (
    Entered,
    Joined,
    Left,
    TopicChanged,
)
from chat.domain.names import Name
from chat.domain.refusals import InTooManyRooms, NotAllowed, NotAMember, Refused
from chat.domain.roles import Power, Role, may
from chat.domain.state import Room, Stamp, State, User
from chat.domain.views import Topic


def join(state: State, session: int, command: Join, stamp: Stamp) -> list[Effect]:
    """Enter the room, creating it if need be; nothing if already inside.

    Raises:
        Refused: no room can be called that.
    """
    user = state.introduced(session)
    return enter(state, user, command.room, stamp)


def enter(state: State, user: User, room_name: str, stamp: Stamp) -> list[Effect]:
    """Put *user* in the room and tell those inside, then the newcomer."""
    name = names.room(room_name, state.limits.room_length)
    if name.fold in user.rooms:
        return []
    most = state.limits.rooms_per_user
    if most is not None and len(user.rooms) >= most:
        raise Refused(InTooManyRooms(name.shown))
    room = _found_or_created(state, name, stamp)
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
        Seat(user.id, room.id),
        Deliver(entered, to=ToUser(user.id)),
    ]


def leave(state: State, session: int, command: Leave, stamp: Stamp) -> list[Effect]:
    """Leave the room.

    Raises:
        Refused: there is no such room, or the user is not in it.
    """
    user, room = _member(state, session, command.room)
    forget(state, user, room)
    left = Left(stamp.id, stamp.at, user.who, room.name, command.reason)
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


def set_topic(
    state: State, session: int, command: SetTopic, stamp: Stamp
) -> list[Effect]:
    """Change what the room is about; an over-long topic is cut at a character.

    Raises:
        Refused: not a member, or the room guards its topic.
    """
    user, room = _member(state, session, command.room)
    if room.guards_topic and not may(room.members[user], Power.SET_LOCKED_TOPIC):
        raise Refused(NotAllowed(room.name))
    limit = state.limits.topic_length
    text = command.topic.encode()[:limit].decode(errors="ignore")
    room.topic = Topic(text, user.who.nick, stamp.at) if text else None
    changed = TopicChanged(stamp.id, stamp.at, user.who, room.name, text)
    return [Deliver(changed, to=room.everyone)]


def ask_topic(
    state: State, session: int, command: AskTopic, _stamp: Stamp
) -> list[Effect]:
    """Tell what the room is about."""
    state.introduced(session)
    room = state.room(command.room)
    return [Deliver(TopicIs(room.name, room.topic), to=ToSession(session))]


def ask_room(
    state: State, session: int, command: AskRoom, _stamp: Stamp
) -> list[Effect]:
    """Tell how the room is set up."""
    state.introduced(session)
    room = state.room(command.room)
    room_is = RoomIs(room.name, room.guards_topic, room.since)
    return [Deliver(room_is, to=ToSession(session))]


def ask_members(
    state: State, session: int, command: AskMembers, _stamp: Stamp
) -> list[Effect]:
    """Tell who is in the room; nobody is in one that does not exist."""
    state.introduced(session)
    room = state.rooms.get(names.fold(command.room))
    name, members = (room.name, room.listing()) if room else (command.room, ())
    members_are = MembersAre(name, members, command.in_detail)
    return [Deliver(members_are, to=ToSession(session))]


def _found_or_created(state: State, name: Name, stamp: Stamp) -> Room:
    room = state.rooms.get(name.fold)
    if room is None:
        room = Room(stamp.id, stamp.at, name.shown, name.fold)
        state.rooms[room.fold] = room
    return room


def _member(state: State, session: int, room_name: str) -> tuple[User, Room]:
    user = state.introduced(session)
    room = state.room(room_name)
    if user not in room.members:
        raise Refused(NotAMember(room.name))
    return user, room
