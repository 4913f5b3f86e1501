"""Lines: what is kept of what happens, for who was not there or looks after it.

A line is made of the event that everybody is told, so that what is read later is
what was heard.  The words that open a room are no part of any line.
"""

from typing import Final, TypeAlias

from chat.domain.commands import Change, Manner, Setting
from chat.domain.effects import Effect, Keep
from chat.domain.events import (
    Departed,
    Joined,
    Kicked,
    Left,
    Renamed,
    RoomChanged,
    Said,
    Speech,
    TopicChanged,
    Whispered,
)
from chat.domain.records import Act, Audited, Deed, Line, Lines
from chat.domain.state import Account, Room, Session, Stamp, State, User
from chat.domain.views import Who

Done: TypeAlias = (
    Joined | Left | Departed | Kicked | Renamed | TopicChanged | RoomChanged
)

_DEEDS: Final = {
    Manner.SAY: Deed.SAY,
    Manner.ACTION: Deed.ACTION,
    Manner.NOTICE: Deed.NOTICE,
    Manner.TAGS: Deed.TAGS,
}
# As in `talk`: asked for at every line.
_OFF_RECORD: Final = Setting.OFF_RECORD
# The tags that name what is answered; the second is what the first shall become.
_REPLIES: Final = frozenset({"+draft/reply", "+reply"})


def of(state: State, room: Room, event: Done, by: User) -> list[Effect]:
    """Have it kept that *by* did that in *room*, unless nothing is to be kept there."""
    if not is_recorded(state, room):
        return []
    deed, text, target = _deed(event)
    source = _source(event.who or by.who)
    account = _account(by)
    line = Line(event.id, event.at, room.id, deed, source, text, account, target=target)
    return [Keep(line)]


def is_recorded(state: State, room: Room) -> bool:
    """Whether what is said in *room* is kept."""
    return state.limits.history and _OFF_RECORD not in room.settings


def everywhere(state: State, event: Departed | Renamed, by: User) -> list[Effect]:
    """Have it kept in each room where *by* is."""
    return [keep for room in by.rooms.values() for keep in of(state, room, event, by)]


def between(
    state: State, event: Whispered, speaker: User, listener: Account | None
) -> list[Effect]:
    """Have a whisper kept, if both are somebody who can come back for it."""
    both_last = speaker.account is not None and listener is not None
    if not both_last or not state.limits.history:
        return []
    line = of_talk(event, 0, speaker, listener)
    return [Keep(line)] if line else []


def of_talk(
    event: Said | Whispered, room: int, by: User, to: Account | None = None
) -> Line | None:
    """What is kept of that, which *by* said; nothing if it is of the moment."""
    text, tags, who, account = event.text, event.tags, event.who, by.account
    if not text and _is_of_the_moment(tags):
        return None
    return Line(
        event.id,
        event.at,
        room,
        _DEEDS[event.manner],
        f"{who.nick}!{who.username}@{who.host}",
        text,
        account.id if account else 0,
        to.id if to else 0,
        event.to if isinstance(event, Whispered) else "",
        tags,
        _replied_to(tags, event.id) if tags else 0,
    )


def of_speech(speech: Speech, room: int, by: User) -> Lines:
    """What is kept of all that *by* said in one breath."""
    return Lines(
        speech.ids,
        speech.times,
        speech.texts,
        room,
        _source(speech.who),
        _account(by),
    )


def _deed(event: Done) -> tuple[Deed, str, str]:  # noqa: PLR0911 - flat
    """What kind of line *event* makes, its text, and whom it is about."""
    match event:
        case Joined():
            return Deed.JOIN, "", ""
        case Left():
            return Deed.LEAVE, event.reason, ""
        case Departed():
            return Deed.DEPART, event.reason, ""
        case Kicked():
            return Deed.KICK, event.reason, event.nick
        case Renamed():
            return Deed.RENAME, "", event.nick
        case TopicChanged():
            return Deed.TOPIC, event.topic, ""
        case RoomChanged():
            return Deed.SETTINGS, written(event.changes), ""


def written(changes: tuple[Change, ...]) -> str:
    """*changes* as text: ``+MODERATED +BAN=bob!*@* +KEY=* -LIMIT``."""
    return " ".join(map(_written, changes))


def _written(change: Change) -> str:
    value = "*" if change.setting is Setting.KEY else change.value
    equals = "=" if value else ""
    return f"{'+' if change.on else '-'}{change.setting.name}{equals}{value}"


def _is_of_the_moment(tags: str) -> bool:
    """Whether *tags* tell nothing later: who was typing types no more."""
    return not tags or all(tag.startswith("+typing=") for tag in tags.split(";"))


def _replied_to(tags: str, before: int) -> int:
    """The id that *tags* say is answered, if it can be that of something earlier."""
    for tag in tags.split(";"):
        name, _, value = tag.partition("=")
        if name in _REPLIES:
            return _msgid(value, before)
    return 0


def _msgid(text: str, before: int) -> int:
    try:
        number = int(text, 16)
    except ValueError:
        return 0
    # One has one spelling, and what is yet to come cannot be answered.
    return number if f"{number:x}" == text and 0 < number < before else 0


def _source(who: Who) -> str:
    return f"{who.nick}!{who.username}@{who.host}"


def _account(user: User) -> int:
    return user.account.id if user.account else 0


def audited(
    state: State, session: int, act: Act, about: str, stamp: Stamp
) -> list[Effect]:
    """Have it written down who on *session* did that, and from where."""
    opened = state.sessions[session]
    who = _called(opened)
    return [Keep(Audited(stamp.id, stamp.at, act, who, about, opened.address))]


def _called(opened: Session) -> str:
    if opened.account is not None:
        return opened.account.name
    if opened.user is not None:
        return opened.user.who.nick
    return "the console" if opened.is_console else ""
