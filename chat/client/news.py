"""News: what a message from the server changes, and what there is to show.

One table, from the message's command to a function that brings the state up to
date and returns what happened.  A message that is too short to mean anything
is no news, and so is a command that the table does not know: numerics have
their own words in ``replies``.

Next: chat/client/replies.py
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from chat.client.happenings import (
    Happening,
    Joined,
    Kicked,
    Left,
    Listed,
    Manner,
    Note,
    Parted,
    Renamed,
    Said,
    Topic,
    When,
)
from chat.client.state import NICKSERV, State
from chat.dialects.irc.message import Message

_CTCP: Final = "\x01"
# To whom, and what.
_LEAST_TO_SAY: Final = 2
# A mask that says only which nick is meant ends like this.
_WHATEVER: Final = "!*@*"
# What people do to one another with MODE, in everyday words.
_DEEDS: Final = {
    "+o": "lets {} run the room",
    "-o": "no longer lets {} run it",
    "+v": "gives {} a voice",
    "-v": "takes the voice from {}",
    "+b": "keeps {} out",
    "-b": "no longer keeps {} out",
}


def news(state: State, message: Message) -> list[Happening]:
    """Bring *state* up to date with *message*; answer what happened."""
    least, told = _NEWS.get(message.command, (0, _nothing))
    if len(message.params) < least:
        return []
    return told(state, message)


def _nothing(_state: State, _message: Message) -> list[Happening]:
    return []


def is_speech(message: Message) -> bool:
    """*message* says something to somebody."""
    is_whole = len(message.params) >= _LEAST_TO_SAY
    return is_whole and message.command in {"PRIVMSG", "NOTICE"}


def old_news(state: State, message: Message, when: When) -> list[Happening]:
    """What *message*, which is speech, told at the time; it changes nothing now."""
    told = _said if message.command == "PRIVMSG" else _announced
    return told(state, message, when)


def _spoken(state: State, message: Message) -> list[Happening]:
    told = _said(state, message)
    if told:
        _heard(state, message.nick, message.params[0], message.params[-1])
    return told


def _said(state: State, message: Message, when: When = When.NOW) -> list[Happening]:
    to, text = message.params[0], message.params[-1]
    if state.is_me(message.nick) and state.fold(to) == state.fold(NICKSERV):
        # Servers that echo would show the password again that one has just hidden.
        return []
    if not text.startswith(_CTCP):
        return [Said(message.nick, to, text, when=when)]
    verb, _, rest = text.strip(_CTCP).partition(" ")
    if verb == "ACTION":
        return [Said(message.nick, to, rest, Manner.ACTION, when)]
    # Other client-to-client requests ask for our version or our time.  They
    # are shown and never answered.
    return [Note(f"{message.nick} asks your client: {verb} {rest}".rstrip())]


def _heard(state: State, nick: str, to: str, text: str) -> None:
    """*nick* has said something, in a room or to us."""
    if state.is_me(to) and not state.is_me(nick):
        state.last_whisperer = nick
    room = state.room(to) or state.room(to.lstrip(state.role_marks))
    if room is None:
        return
    room.speak(state.fold(nick))
    if room is not state.current and not state.is_me(nick):
        room.unread += 1
        room.is_calling |= state.names_me(text)


def _announced(
    _state: State, message: Message, when: When = When.NOW
) -> list[Happening]:
    to, text = message.params[0], message.params[-1]
    if "!" not in message.source:
        return [Note(text)]
    return [Said(message.nick, to, text.strip(_CTCP), Manner.NOTICE, when)]


def _joined(state: State, message: Message) -> list[Happening]:
    name, nick = message.params[0], message.nick
    if state.is_me(nick):
        state.enter(name)
    if room := state.room(name):
        room.members[state.fold(nick)] = nick
    return [Joined(nick, name)]


def _parted(state: State, message: Message) -> list[Happening]:
    name, *reason = message.params
    _gone(state, message.nick, name)
    return [Parted(message.nick, name, "".join(reason[:1]))]


def _kicked(state: State, message: Message) -> list[Happening]:
    name, nick, *reason = message.params
    _gone(state, nick, name)
    return [Kicked(nick, name, message.nick, "".join(reason[:1]))]


def _gone(state: State, nick: str, name: str) -> None:
    if state.is_me(nick):
        state.leave(name)
    elif room := state.room(name):
        room.lose(state.fold(nick))


def _left(state: State, message: Message) -> list[Happening]:
    state.forget(message.nick)
    return [Left(message.nick, "".join(message.params[:1]))]


def _renamed(state: State, message: Message) -> list[Happening]:
    new = message.params[0]
    state.rename(message.nick, new)
    return [Renamed(message.nick, new)]


def _topic_set(state: State, message: Message) -> list[Happening]:
    return _topic(state, message.params[0], message.params[1], by=message.nick)


def _topic_is(state: State, message: Message) -> list[Happening]:
    return _topic(state, message.params[1], message.params[2], by="")


def _topic_is_not(state: State, message: Message) -> list[Happening]:
    return _topic(state, message.params[1], "", by="")


def _topic(state: State, name: str, text: str, *, by: str) -> list[Happening]:
    if room := state.room(name):
        room.topic = text
    return [Topic(name, text, by)]


def _some_names(state: State, message: Message) -> list[Happening]:
    *_, name, names = message.params
    state.listings.setdefault(state.fold(name), []).extend(names.split())
    return []


def _all_names(state: State, message: Message) -> list[Happening]:
    name = message.params[1]
    names = state.listings.pop(state.fold(name), [])
    room = state.room(name)
    if room is None:
        return [Listed(name, tuple(names))]
    nicks = [listed.lstrip(state.role_marks) for listed in names]
    room.members = {state.fold(nick): nick for nick in nicks}
    entering, room.is_new = room.is_new, False
    return [Listed(room.name, tuple(names), entering)]


def _invited(_state: State, message: Message) -> list[Happening]:
    name = message.params[1]
    return [Note(f"{message.nick} invites you: /join {name}")]


def _moded(state: State, message: Message) -> list[Happening]:
    name, *changes = message.params
    if not state.is_room(name):
        return []
    match changes:
        case [change, who] if change in _DEEDS:
            told = f"{message.nick} {_deed(state, change, who)}."
        case _:
            told = f"{message.nick} sets {' '.join(changes)}"
    return [Note(told, name)]


def _deed(state: State, change: str, who: str) -> str:
    deed, mute = _DEEDS[change], state.mute_form.removesuffix("{}")
    if change[1] == "b" and mute and who.startswith(mute):
        who = who.removeprefix(mute)
        deed = "does not let {} speak" if change == "+b" else "lets {} speak again"
    return deed.replace("{}", who.removesuffix(_WHATEVER))


def _announces_itself(state: State, message: Message) -> list[Happening]:
    for token in message.params[1:-1]:
        state.learn(token)
    return []


_Told: TypeAlias = Callable[[State, Message], list[Happening]]

# The command, the fewest parameters that make sense of it, and what it tells.
_NEWS: Final[dict[str, tuple[int, _Told]]] = {
    "PRIVMSG": (_LEAST_TO_SAY, _spoken),
    "NOTICE": (_LEAST_TO_SAY, _announced),
    "JOIN": (1, _joined),
    "PART": (1, _parted),
    "KICK": (2, _kicked),
    "QUIT": (0, _left),
    "NICK": (1, _renamed),
    "TOPIC": (2, _topic_set),
    "INVITE": (2, _invited),
    "MODE": (2, _moded),
    "005": (2, _announces_itself),
    "331": (2, _topic_is_not),
    "332": (3, _topic_is),
    "353": (3, _some_names),
    "366": (2, _all_names),
}

KNOWN: Final = frozenset(_NEWS)
