"""Rooms: entering, leaving, and what a room is about.

A room comes into being when somebody enters it, and that person runs it.  When
the last member has left it stays for a while as it is, or for ever if those who run
it have asked for that; then it is gone, all but the lobby, which is always there.
What an account is in a room it is again whenever it comes back.
"""

from dataclasses import replace
from typing import Final

from chat.domain import lines, membership, names, recall, remembered, visits
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
    Join,
    Leave,
    Mark,
    Setting,
    SetTopic,
)
from chat.domain.effects import (
    Deliver,
    Effect,
    Keep,
    Seat,
    ToNeighbours,
    ToSession,
    ToUser,
    Unseat,
)
from chat.domain.events import (
    AwayChanged,
    Departed,
    Entered,
    Event,
    Joined,
    Left,
    TopicChanged,
)
from chat.domain.limits import cut
from chat.domain.masks import is_like
from chat.domain.records import ForgottenLink
from chat.domain.refusals import (
    CannotTalk,
    InTooManyRooms,
    NotAllowed,
    NotAMember,
    Refused,
)
from chat.domain.roles import Power, may
from chat.domain.state import Room, Stamp, State, User, at_first, is_known_to
from chat.domain.views import RoomRow, Topic

# So many empty rooms wait for somebody to come back.
MOST_EMPTY: Final = 1000


def join(state: State, session: int, command: Join, stamp: Stamp) -> list[Effect]:
    """Enter the room, creating it if need be; nothing if already inside.

    Raises:
        Refused: no room can be called that, or one is kept out of it.
    """
    user = state.introduced(session)
    return enter(state, user, command.room, command.key, stamp)


def enter(
    state: State, user: User, room_name: str, key: str | None, stamp: Stamp
) -> list[Effect]:
    """Put *user* in the room and tell those inside, then the newcomer.

    Who needs no *key*, because he was asked in, has only bans to fear.
    """
    name = names.room(room_name, state.limits.room_length)
    if name.fold in user.rooms:
        return []
    most = state.limits.rooms_per_user
    if most is not None and len(user.rooms) >= most:
        raise Refused(InTooManyRooms(name.shown))
    effects: list[Effect] = []
    room = state.rooms.get(name.fold)
    if room is None:
        effects += _make_way(state)
        room = _make(state, name, stamp)
    elif why := membership.obstacle(room, user, key):
        raise Refused(why)
    room.learn(key or "")
    user.invitations.pop(room.id, None)
    if membership.take_place(state, room, user) or room.id == stamp.id:
        effects.append(Keep(remembered.room(room)))
    is_first = visits.is_first(user, room)
    visited = visits.enter(state, user, room, stamp)
    joined = Joined(stamp.id, stamp.at, user.who, room.name)
    effects += [
        *membership.stays(user),
        *visited,
        *lines.of(state, room, joined, user),
        Deliver(joined, to=room.everyone),
        *membership.seen_as(user, room, stamp),
        *_seen_away(user, room, stamp),
        Seat(user.id, room.id),
        Deliver(found(state, user, room, stamp), to=ToUser(user.id)),
    ]
    for session in user.sessions:
        effects += recall.missed(state, session, room, stamp.id, is_first=is_first)
    return effects


def _make(state: State, name: names.Name, stamp: Stamp) -> Room:
    room = Room(stamp.id, stamp.at, name.shown, name.fold)
    room.is_fresh = True
    state.rooms[room.fold] = room
    return room


def found(state: State, user: User, room: Room, stamp: Stamp) -> Entered:
    """What *user*, who is in *room*, finds there."""
    return Entered(
        stamp.id,
        stamp.at,
        user.who,
        room.name,
        room.topic,
        room.listing(),
        recall.read_in(user, room),
        lines.is_recorded(state, room),
    )


def _make_way(state: State) -> list[Effect]:
    """Whoever makes room after room ends the old ones, and not what others wait for."""
    if len(state.empty) < MOST_EMPTY:
        return []
    return end(state, next(iter(state.empty.values())))


def _seen_away(user: User, room: Room, stamp: Stamp) -> list[Effect]:
    if not user.away:
        return []
    is_away = AwayChanged(stamp.id, stamp.at, user.who, user.away)
    return [Deliver(is_away, to=room.everyone)]


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
    return take_off(state, user, room, reason, stamp)


def take_off(
    state: State, user: User, room: Room, reason: str, stamp: Stamp
) -> list[Effect]:
    """Have *user* leave the room."""
    left = Left(stamp.id, stamp.at, user.who, room.name, reason)
    return [
        *lines.of(state, room, left, user),
        *forget(state, user, room, stamp),
        Deliver(left, to=room.everyone),
        Deliver(left, to=ToUser(user.id)),
    ]


def leave_all(state: State, user: User, departed: Departed) -> list[Effect]:
    """Take *user* off all rooms, and tell those who were in one with him."""
    effects = lines.everywhere(state, departed, user)
    effects.append(Deliver(departed, to=ToNeighbours(user.id)))
    stamp = Stamp(departed.id, departed.at)
    for room in list(user.rooms.values()):
        effects += forget(state, user, room, stamp, for_good=False)
    return effects


def forget(
    state: State, user: User, room: Room, stamp: Stamp, *, for_good: bool = True
) -> list[Effect]:
    """Take *user* off the room, and the room off the house if nobody is left.

    He leaves *for_good*, or was only disconnected: see `visits`.
    """
    del room.members[user]
    del user.rooms[room.fold]
    room.has_changed(user)
    effects: list[Effect] = [
        Unseat(user.id, room.id),
        *membership.stays(user),
        *visits.leave(user, room, stamp, for_good=for_good),
    ]
    if room.members or room is state.lobby:
        return effects
    state.is_left(room, stamp.at)
    return [*effects, *(end(state, room) if is_over(state, room, stamp.at) else [])]


def is_over(state: State, room: Room, at: int) -> bool:
    """Whether *room* is gone: empty for so long, or of no use to anybody."""
    if room.empty_since is None or Setting.KEPT in room.settings:
        return False
    if is_as_made(room) and room.id not in state.links_into:
        return True
    return at - room.empty_since >= state.limits.empty_room


def is_as_made(room: Room) -> bool:
    """Whether there is nothing in it, nor about it, that anybody could miss."""
    has_a_word = bool(room.is_keyed or room.topic or room.limit)
    is_somebodys = bool(room.roles or any(room.masks.values()))
    is_plain = room.settings == at_first() and not has_a_word
    return room.is_fresh and is_plain and not is_somebodys


def end(state: State, room: Room) -> list[Effect]:
    """Have *room* be no more, nor any link to it, and its history be closed."""
    del state.rooms[room.fold]
    state.empty.pop(room.id, None)
    links = list(state.links_into.get(room.id, {}).values())
    state.drop(*links)
    return [
        Keep(replace(remembered.room(room), is_sealed=True)),
        *(Keep(ForgottenLink(link.id)) for link in links),
    ]


def recognise(user: User, stamp: Stamp) -> list[Effect]:
    """Now that *user* has an account he is what it is in his rooms, and the reverse.

    Who ran a room as a guest runs it with his account, and the rooms are told.
    """
    effects: list[Effect] = []
    for room in user.rooms.values():
        effects += membership.recognised(room, user, stamp)
    return effects


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
    return [
        Keep(remembered.room(room)),
        *lines.of(state, room, changed, user),
        *told(changed, room, user, session),
    ]


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
    settings = (*room.settings, *((Setting.KEY,) if room.is_keyed else ()))
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
        if room.is_shown()
        and is_known_to(room, user)
        and _is_asked_for(room, command, stamp.at)
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
