"""Talk: saying something to a room or to one person.

Next: chat/domain/events.py
"""

from chat.domain.commands import Say, Whisper
from chat.domain.effects import Deliver, Effect, ToUser
from chat.domain.events import (
    Said,
    Whispered,
)
from chat.domain.refusals import CannotTalk, Refused
from chat.domain.state import Stamp, State


def say(state: State, session: int, command: Say, stamp: Stamp) -> list[Effect]:
    """Say it to everyone in the room.

    Raises:
        Refused: there is no such room, or the speaker is not in it.
    """
    speaker = state.introduced(session)
    room = state.room(command.room)
    if speaker not in room.members:
        raise Refused(CannotTalk(room.name))
    said = Said(
        stamp.id,
        stamp.at,
        speaker.who,
        room.name,
        command.text,
        command.manner,
        command.tags,
    )
    return [Deliver(said, to=room.everyone, but=session)]


def whisper(state: State, session: int, command: Whisper, stamp: Stamp) -> list[Effect]:
    """Say it to one person.  The speaker's other sessions hear it too.

    Raises:
        Refused: nobody goes by that nick.
    """
    speaker = state.introduced(session)
    listener = state.user(command.nick)
    whispered = Whispered(
        stamp.id,
        stamp.at,
        speaker.who,
        listener.who.nick,
        command.text,
        command.manner,
        command.tags,
    )
    to_listener = Deliver(whispered, to=ToUser(listener.id))
    if listener is speaker:
        return [to_listener]
    return [to_listener, Deliver(whispered, to=ToUser(speaker.id), but=session)]
