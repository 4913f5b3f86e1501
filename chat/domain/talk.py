"""Talk: saying something to a room or to one person.

Next: chat/domain/events.py
"""

from collections.abc import Sequence
from typing import Final

from chat.domain import lines
from chat.domain.answers import NotHere
from chat.domain.commands import Manner, Mark, Say, Setting, Whisper
from chat.domain.effects import Deliver, Effect, Keep, ToSession, ToUser
from chat.domain.events import (
    Said,
    Speech,
    Whispered,
)
from chat.domain.names import fold
from chat.domain.order import Stamps
from chat.domain.refusals import CannotTalk, NoSuchNick, Refused
from chat.domain.roles import Role
from chat.domain.state import Room, Stamp, State, User

# Who hears what is said to those only who have a voice, or run the room.
_ABOVE = {
    Setting.OPERATOR: (Role.OPERATOR,),
    Setting.VOICE: (Role.OPERATOR, Role.VOICED),
}

# Asked for at every line: to find a member in its Enum costs four times as much.
_TAGS: Final = Manner.TAGS
_BOT: Final = Mark.BOT
# A notice must never be answered, and tags say nothing.
_ANSWERED: Final = (Manner.SAY, Manner.ACTION)
_MODERATED: Final = "only those with a voice talk there now"
_MUTED: Final = "those who run it have muted you"
_READS_LATER: Final = "your message waits until {name} is here"


def say(state: State, session: int, command: Say, stamp: Stamp) -> list[Effect]:
    """Say it to everyone in the room.

    Raises:
        Refused: there is no such room, or the speaker is not heard in it.
    """
    speaker = state.introduced(session)
    room = _where_heard(state, speaker, command.room, command.only)
    # To be typing is not yet to say something.
    if command.manner is not _TAGS:
        speaker.spoke = stamp.at
    said = Said(
        stamp.id,
        stamp.at,
        speaker.who,
        room.name,
        command.text,
        command.manner,
        command.tags,
        command.only,
        _BOT in speaker.marks,
    )
    if command.only is None:
        delivered = Deliver(said, room.everyone, but=session)
        if lines.is_recorded(state, room) and (
            line := lines.of_talk(said, room.id, speaker)
        ):
            return [Keep(line), delivered]
        return [delivered]
    heard_by = _ABOVE[command.only]
    return [
        Deliver(said, to=ToUser(member.id), but=session)
        for member, role in room.members.items()
        if role in heard_by or member is speaker
    ]


def say_all(
    state: State,
    session: int,
    to: str,
    texts: Sequence[str],
    stamps: Stamps,
) -> list[Effect]:
    """Say all *texts*, none of them empty, to everyone in the room *to*, in order.

    What follows is what would follow if `say` were asked for each of them.

    Raises:
        Refused: there is no such room, or the speaker is not heard in it.
    """
    speaker = state.introduced(session)
    room = _where_heard(state, speaker, to)
    ids, times = stamps
    speaker.spoke = times[-1]
    is_bot = _BOT in speaker.marks
    speech = Speech(ids, times, texts, speaker.who, room.name, is_bot)
    delivered = Deliver(speech, room.everyone, but=session)
    if lines.is_recorded(state, room):
        return [Keep(lines.of_speech(speech, room.id, speaker)), delivered]
    return [delivered]


def _where_heard(
    state: State, speaker: User, name: str, only: Setting | None = None
) -> Room:
    """The room called *name*, if *speaker* is heard there by *only* those, or all."""
    room = state.room(name)
    if room.heard.get(speaker) and only is None:
        return room
    state.visible_room(name, speaker)
    is_closed = Setting.NO_OUTSIDERS in room.settings or only is not None
    if speaker not in room.members and is_closed:
        raise Refused(CannotTalk(room.name))
    if not room.hears(speaker):
        is_moderated = Setting.MODERATED in room.settings
        raise Refused(CannotTalk(room.name, _MODERATED if is_moderated else _MUTED))
    return room


def whisper(state: State, session: int, command: Whisper, stamp: Stamp) -> list[Effect]:
    """Say it to one person.  The speaker's other sessions hear it too.

    Who is not here, and has an account, may read it later if the speaker has one.

    Raises:
        Refused: nobody goes by that nick, or nobody will read it.
    """
    speaker = state.introduced(session)
    listener = state.found(command.nick)
    if listener is None:
        return _leave_word(state, session, command, stamp)
    whispered = _whispered(speaker, listener.who.nick, command, stamp)
    effects = lines.between(state, whispered, speaker, listener.account)
    effects.append(Deliver(whispered, to=ToUser(listener.id)))
    if listener is not speaker:
        effects.append(Deliver(whispered, to=ToUser(speaker.id), but=session))
    if listener.away and command.manner in _ANSWERED:
        not_here = NotHere(listener.who.nick, listener.away)
        effects.append(Deliver(not_here, to=ToSession(session)))
    return effects


def _whispered(speaker: User, to: str, command: Whisper, stamp: Stamp) -> Whispered:
    if command.manner is not _TAGS:
        speaker.spoke = stamp.at
    return Whispered(
        stamp.id,
        stamp.at,
        speaker.who,
        to,
        command.text,
        command.manner,
        command.tags,
        _BOT in speaker.marks,
    )


def _leave_word(
    state: State, session: int, command: Whisper, stamp: Stamp
) -> list[Effect]:
    """Say it to an account, for when somebody is here under it again."""
    speaker = state.introduced(session)
    owner = state.accounts.get(fold(command.nick))
    is_read = owner is not None and not owner.is_suspended and state.limits.history
    is_word = command.manner is not _TAGS and speaker.account is not None
    if owner is None or not is_read or not is_word:
        raise Refused(NoSuchNick(command.nick))
    whispered = _whispered(speaker, owner.name, command, stamp)
    effects: list[Effect] = [
        *lines.between(state, whispered, speaker, owner),
        Deliver(whispered, to=ToUser(speaker.id), but=session),
    ]
    if command.manner in _ANSWERED:
        not_here = NotHere(owner.name, _READS_LATER.format(name=owner.name))
        effects.append(Deliver(not_here, to=ToSession(session)))
    return effects
