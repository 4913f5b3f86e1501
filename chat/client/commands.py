"""The commands: what a person can type, in one table.

Each row has a name, how it is used, one line of help and the function that does
it; ``/help`` is the table read aloud.  A line without a slash is said in the
room where we are; ``//text`` says ``/text``.  What cannot be done is answered
in place, in words, and nothing typed vanishes.

A function gets the state and what followed its name.  It changes neither the
room nor the nick: those change when the server says so.

Next: chat/client/pieces.py
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chat.client.happenings import Effect, Manner, Note, Said, Send
from chat.client.pieces import LINE_BYTES, pieces, room_for_text
from chat.client.state import Room, State
from chat.dialects.irc.message import Message, formatted

_CTCP: Final = "\x01"


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table."""

    name: str
    usage: str
    help: str
    run: Callable[[State, str], list[Effect]]


class Refused(Exception):
    """It cannot be done; the words say why."""


def obey(state: State, line: str) -> list[Effect]:
    """Do what *line* asks for, or say why not and what was not sent."""
    try:
        return _obey(state, line)
    except Refused as refused:
        return [Note(f"{refused} Not sent: {line}")]


def _obey(state: State, line: str) -> list[Effect]:
    if line.startswith("//"):
        return _speak(state, line[1:])
    if not line.startswith("/"):
        return _speak(state, line)
    name, _, rest = line[1:].partition(" ")
    command = COMMANDS.get(name.lower())
    if command is None:
        return [Note(_no_such(name))]
    return command.run(state, rest.strip())


def _no_such(name: str) -> str:
    longer = [known for known in COMMANDS if name and known.startswith(name.lower())]
    nearest = longer or difflib.get_close_matches(name.lower(), COMMANDS, n=1)
    hint = f"Did you mean /{nearest[0]}?" if nearest else "/help lists the commands."
    return f"No /{name}. {hint}"


# Talking.


def _speak(state: State, text: str) -> list[Effect]:
    return _say(state, _here(state).name, text)


def _here(state: State) -> Room:
    if state.current is None:
        raise Refused("You are in no room; /join one first.")
    return state.current


def _say(
    state: State, to: str, text: str, manner: Manner = Manner.PLAIN
) -> list[Effect]:
    form = f"{_CTCP}ACTION {{}}{_CTCP}" if manner is Manner.ACTION else "{}"
    effects: list[Effect] = []
    for part in pieces(text, room_for_text("PRIVMSG", to, form)):
        effects.append(_send("PRIVMSG", to, form.replace("{}", part)))
        if not state.echoes:
            effects.append(Said(state.nick, to, part, manner))
    return effects


def _message(state: State, rest: str) -> list[Effect]:
    to, _, text = rest.partition(" ")
    if not text.strip():
        return _usage("msg")
    return _say(state, to, text.lstrip())


def _act(state: State, rest: str) -> list[Effect]:
    if not rest:
        return _usage("me")
    return _say(state, _here(state).name, rest, Manner.ACTION)


# Rooms.


def _join(state: State, rest: str) -> list[Effect]:
    name, *key = rest.split()[:2] or [""]
    if not name:
        return _usage("join")
    if not state.is_room(name):
        name = "#" + name
    if room := state.room(name):
        state.enter(room.name)
        return [Note(f"You are in {room.name}.")]
    return [_send("JOIN", name, *key)]


def _part(state: State, rest: str) -> list[Effect]:
    room, reason = _room_and_rest(state, rest)
    return [_send("PART", room.name, *filter(None, [reason]))]


def _topic(state: State, rest: str) -> list[Effect]:
    room, text = _room_and_rest(state, rest)
    return [_send("TOPIC", room.name, *filter(None, [text]))]


def _names(state: State, rest: str) -> list[Effect]:
    name = rest.partition(" ")[0] or _here(state).name
    return [_send("NAMES", name)]


def _room_and_rest(state: State, rest: str) -> tuple[Room, str]:
    """The room that *rest* begins with, or else the current one; and the rest."""
    first, _, more = rest.partition(" ")
    if not state.is_room(first):
        return _here(state), rest
    room = state.room(first)
    if room is None:
        raise Refused(f"You are not in {first}.")
    return room, more.strip()


# Oneself.


def _nick(state: State, rest: str) -> list[Effect]:
    if not rest:
        return [Note(f"You are {state.nick}.")]
    return [_send("NICK", rest.split(maxsplit=1)[0])]


def _help(_state: State, rest: str) -> list[Effect]:
    command = COMMANDS.get(rest.removeprefix("/").lower())
    if command:
        return [Note(f"{command.usage}  {command.help}")]
    width = max(len(command.usage) for command in COMMANDS.values())
    return [
        *(
            Note(f"{command.usage:{width}}  {command.help}")
            for command in COMMANDS.values()
        ),
        Note("Anything else is said in the room. //text says /text."),
    ]


def _quit(state: State, rest: str) -> list[Effect]:
    state.leaving = True
    return [_send("QUIT", *filter(None, [rest]))]


def _usage(name: str) -> list[Effect]:
    return [Note(f"Like this: {COMMANDS[name].usage}")]


def _send(command: str, *params: str) -> Send:
    """Send it whole and as it was meant, or not at all."""
    message = Message(command, params)
    if any(param.startswith(":") for param in params[:-1]):
        raise Refused("No name begins with a colon.")
    excess = len(formatted(message).encode()) - LINE_BYTES
    if excess > 0:
        raise Refused(f"That is {excess} bytes more than IRC can carry.")
    return Send(message)


COMMANDS: Final = {
    command.name: command
    for command in (
        Command("join", "/join ROOM [KEY]", "enter a room, or go back to it", _join),
        Command("part", "/part [ROOM] [REASON]", "leave this room, or ROOM", _part),
        Command("msg", "/msg NICK TEXT", "say it to one person only", _message),
        Command("me", "/me TEXT", "say what you do: * alice waves", _act),
        Command("nick", "/nick [NAME]", "go by another name", _nick),
        Command("names", "/names [ROOM]", "who is in this room, or in ROOM", _names),
        Command("topic", "/topic [TEXT]", "what this room is about; set it", _topic),
        Command("help", "/help [COMMAND]", "this list", _help),
        Command("quit", "/quit [REASON]", "leave; so does Ctrl-D", _quit),
    )
}
