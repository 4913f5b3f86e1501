"""Talk: saying something to a room or to one person.

Next: chat/domain/events.py
"""

from chat.domain import lines
from chat.domain.answers import NotHere
from chat.domain.commands import Manner, Mark, Say, Setting, Whisper
from chat.domain.effects import Deliver, Effect, ToSession, ToUser
from chat.domain.events import (
    Said,
    Whispered,
)
from chat.domain.refusals import CannotTalk, Refused
from chat.domain.roles import Power, Role, may
from chat.domain.state import Room, Stamp, State, User

# Who hears what is said to those only who have a voice, or run the room.
_ABOVE = {
    Setting.OPERATOR: (Role.OPERATOR,),
    Setting.VOICE: (Role.OPERATOR, Role.VOICED),
}


def say(state: State, session: int, command: Say, stamp: Stamp) -> list[Effect]:
    """Say it to everyone in the room.

    Raises:
        Refused: there is no such room, or the speaker is not heard in it.
    """
    speaker = state.introduced(session)
    room = state.visible_room(command.room, speaker)
    _check_is_heard(room, speaker, command)
    _note_that_he_spoke(speaker, command.manner, stamp)
    said = Said(
        stamp.id,
        stamp.at,
        speaker.who,
        room.name,
        command.text,
        command.manner,
        command.tags,
        command.only,
        Mark.BOT in speaker.marks,
    )
    if command.only is None:
        return [
            *lines.of(state, room, said, speaker),
            Deliver(said, to=room.everyone, but=session),
        ]
    heard_by = _ABOVE[command.only]
    return [
        Deliver(said, to=ToUser(member.id), but=session)
        for member, role in room.members.items()
        if role in heard_by or member is speaker
    ]


def _check_is_heard(room: Room, speaker: User, command: Say) -> None:
    role = room.members.get(speaker)
    is_closed = Setting.NO_OUTSIDERS in room.settings or command.only is not None
    if role is None and is_closed:
        raise Refused(CannotTalk(room.name))
    if may(role, Power.TALK_IN_MODERATED) or speaker.is_in_office:
        return
    if Setting.MODERATED in room.settings:
        why = "only those with a voice talk there now"
        raise Refused(CannotTalk(room.name, why))
    if room.silences(speaker):
        raise Refused(CannotTalk(room.name, "those who run it have muted you"))


def _note_that_he_spoke(speaker: User, manner: Manner, stamp: Stamp) -> None:
    # To be typing is not yet to say something.
    if manner is not Manner.TAGS:
        speaker.spoke = stamp.at


def whisper(state: State, session: int, command: Whisper, stamp: Stamp) -> list[Effect]:
    """Say it to one person.  The speaker's other sessions hear it too.

    Raises:
        Refused: nobody goes by that nick.
    """
    speaker = state.introduced(session)
    listener = state.user(command.nick)
    _note_that_he_spoke(speaker, command.manner, stamp)
    whispered = Whispered(
        stamp.id,
        stamp.at,
        speaker.who,
        listener.who.nick,
        command.text,
        command.manner,
        command.tags,
        Mark.BOT in speaker.marks,
    )
    effects = lines.between(state, whispered, speaker, listener)
    effects.append(Deliver(whispered, to=ToUser(listener.id)))
    if listener is not speaker:
        effects.append(Deliver(whispered, to=ToUser(speaker.id), but=session))
    # A notice must never be answered, and tags say nothing.
    if listener.away and command.manner in (Manner.SAY, Manner.ACTION):
        not_here = NotHere(listener.who.nick, listener.away)
        effects.append(Deliver(not_here, to=ToSession(session)))
    return effects
