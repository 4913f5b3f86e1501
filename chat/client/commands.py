"""The commands: what a person can type, in one table.

Each row has a name, how it is used, one line of help and the function that does
it; ``/help`` is the table read aloud.  A line without a slash is said in the
room where we are; ``//text`` says ``/text``.  What cannot be done is answered
in place, in words, and nothing typed vanishes.  The first letters of a name are
enough if no other begins with them.

What NickServ is told is asked for, and never typed with a command: there it would
stay on the screen, and among what was typed before and what waits to be sent.

A function gets the state and what followed its name.  It changes neither the
room nor the nick: those change when the server says so.

Next: chat/client/pieces.py
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from chat.client.happenings import Ask, Effect, Manner, Note, Said, Send
from chat.client.pieces import LINE_BYTES, pieces, room_for_text
from chat.client.questions import QUESTIONS, Question
from chat.client.state import NICKSERV, Room, State
from chat.dialects.irc.message import Message, formatted

_CTCP: Final = "\x01"
_SEEN: Final = "If that was one, it has been seen; use another."
_Run: TypeAlias = Callable[[State, str], list[Effect]]


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table."""

    name: str
    usage: str
    help: str
    run: _Run


class Refused(Exception):
    """It cannot be done; the words say why."""


def obey(state: State, line: str) -> list[Effect]:
    """Do what *line* asks for, or say why not and what was not sent."""
    try:
        return _obey(state, line)
    except Refused as refused:
        return [Note(f"{refused} Not sent: {line}")]


def spelled_out(line: str) -> str:
    """*line* with the whole name of its command, if it can be only one."""
    if not line.startswith("/") or line.startswith("//"):
        return line
    word, space, rest = line[1:].partition(" ")
    meant = _meant(word)
    return f"/{meant[0]}{space}{rest}" if len(meant) == 1 else line


def _meant(word: str) -> list[str]:
    """The commands that *word* is the beginning of."""
    word = word.lower()
    if not word or word in COMMANDS:
        return [word] if word else []
    return [name for name in COMMANDS if name.startswith(word)]


def _obey(state: State, line: str) -> list[Effect]:
    if line.startswith("//"):
        return _speak(state, line[1:])
    if not line.startswith("/"):
        return _speak(state, line)
    name, _, rest = spelled_out(line)[1:].partition(" ")
    command = COMMANDS.get(name.lower())
    if command is None:
        return [Note(_no_such(name))]
    return command.run(state, rest.strip())


def _no_such(name: str) -> str:
    nearest = _meant(name) or difflib.get_close_matches(name.lower(), COMMANDS, n=1)
    names = " or ".join(f"/{known}" for known in nearest)
    hint = f"Did you mean {names}?" if nearest else "/help lists the commands."
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


def _reply(state: State, rest: str) -> list[Effect]:
    if not rest:
        return _usage("reply")
    if not state.last_whisperer:
        raise Refused("Nobody has whispered to you yet.")
    return _say(state, state.last_whisperer, rest)


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


def _room(state: State, rest: str) -> list[Effect]:
    if rest:
        rooms = state.rooms_like(rest)
    elif not (rooms := state.unread()):
        names = ", ".join(room.name for room in state.rooms.values())
        return [Note(f"You are in {names or 'no room'}. Nothing is unread.")]
    if not rooms:
        raise Refused(f"You are in no room like {rest}; /join enters one.")
    state.enter(rooms[0].name)
    return [Note(f"You are in {rooms[0].name}.")]


def _list(_state: State, rest: str) -> list[Effect]:
    return [_send("LIST", *rest.split()[:1])]


def _invite(state: State, rest: str) -> list[Effect]:
    nick, *room = rest.split()[:2] or [""]
    if not nick:
        return _usage("invite")
    return [_send("INVITE", nick, *(room or [_here(state).name]))]


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


# Keeping order.


def _kick(state: State, rest: str) -> list[Effect]:
    room, rest = _room_and_rest(state, rest)
    nick, _, reason = rest.partition(" ")
    if not nick:
        return _usage("kick")
    return [_send("KICK", room.name, nick, *filter(None, [reason.strip()]))]


def _role(name: str, change: str) -> _Run:
    """The command *name*, which makes *change* to those it names."""

    def run(state: State, rest: str) -> list[Effect]:
        room, nicks = _room_and_rest(state, rest)
        if not nicks:
            return _usage(name)
        return [_send("MODE", room.name, change, nick) for nick in nicks.split()]

    return run


def _listing(name: str, sign: str) -> _Run:
    """The command *name*, which puts those it names on a list or takes them off."""

    def run(state: State, rest: str) -> list[Effect]:
        room, nicks = _room_and_rest(state, rest)
        letter, form = ("b", "{}") if name.endswith("ban") else _muting(state)
        if not nicks:
            # Whoever asks for nobody asks who is on it.
            return [_send("MODE", room.name, "+b")]
        masks = [form.format(_mask(nick)) for nick in nicks.split()]
        return [_send("MODE", room.name, sign + letter, mask) for mask in masks]

    return run


def _muting(state: State) -> tuple[str, str]:
    """The letter of the list of those who may not speak, and how they stand on it."""
    if not state.mute_letter:
        raise Refused("This server cannot mute one person.")
    return state.mute_letter, state.mute_form


def _mask(who: str) -> str:
    """Who is meant, as servers write it: a nick is whoever goes by it."""
    return who if set(who) & set("!@*?") else f"{who}!*@*"


# Oneself.


def _whois(_state: State, rest: str) -> list[Effect]:
    if not rest:
        return _usage("whois")
    return [_send("WHOIS", rest.split(maxsplit=1)[0])]


def _away(_state: State, rest: str) -> list[Effect]:
    # Without a text it would mean the contrary.
    return [_send("AWAY", rest or "away")]


def _back(_state: State, _rest: str) -> list[Effect]:
    return [_send("AWAY")]


def _nick(state: State, rest: str) -> list[Effect]:
    if not rest:
        return [Note(f"You are {state.nick}.")]
    return [_send("NICK", rest.split(maxsplit=1)[0])]


def _confiding(name: str, order: str, *, asks: str) -> _Run:
    """The command *name*, which tells NickServ a password behind *order*."""

    def run(state: State, rest: str) -> list[Effect]:
        account = rest or state.nick
        if " " in rest or (rest and name == "register"):
            # Not as a refusal, which would show it once more.
            return [Note(f"{COMMANDS[name].usage} asks for the password. {_SEEN}")]
        words = [order, account] if name == "login" else [order]

        def answered(secret: str) -> list[Effect]:
            if not secret:
                return [Note("Never mind, then.")]
            if len(secret.split()) != 1:
                return [Note("NickServ takes no spaces; see chat --account NAME.")]
            return [Send(Message("PRIVMSG", (NICKSERV, " ".join((*words, secret)))))]

        return [Ask(asks.format(account), answered)]

    return run


# What was said before.


def _asking(name: str, ask: Question) -> _Run:
    """The command *name*, which sends what it is to *ask*."""

    def run(state: State, rest: str) -> list[Effect]:
        asked = ask(state, rest)
        if asked is None:
            return _usage(name)
        if isinstance(asked, Note):
            return [asked]
        return [_send(asked.command, *asked.params)]

    return run


def _help(_state: State, rest: str) -> list[Effect]:
    meant = _meant(rest.removeprefix("/"))
    if len(meant) == 1 and (command := COMMANDS.get(meant[0])):
        return [Note(f"{command.usage}  {command.help}")]
    width = max(len(command.usage) for command in COMMANDS.values())
    return [
        *(
            Note(f"{command.usage:{width}}  {command.help}")
            for command in COMMANDS.values()
        ),
        Note("The first letters are enough: /w bob. Tab completes names."),
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
        Command("room", "/room [NAME]", "go to where something is unread", _room),
        Command("part", "/part [ROOM] [REASON]", "leave this room, or ROOM", _part),
        Command("rooms", "/rooms [PATTERN]", "which rooms there are", _list),
        Command("names", "/names [ROOM]", "who is in this room, or in ROOM", _names),
        Command("topic", "/topic [TEXT]", "what this room is about; set it", _topic),
        Command("msg", "/msg NICK TEXT", "say it to one person only", _message),
        Command("reply", "/reply TEXT", "say it to who whispered last", _reply),
        Command("me", "/me TEXT", "say what you do: * alice waves", _act),
        Command("nick", "/nick [NAME]", "go by another name", _nick),
        Command("whois", "/whois NICK", "who that is", _whois),
        Command("away", "/away [TEXT]", "say that you are not here", _away),
        Command("back", "/back", "say that you are here again", _back),
        Command("invite", "/invite NICK [ROOM]", "ask somebody in", _invite),
        Command("kick", "/kick NICK [REASON]", "throw somebody out", _kick),
        Command(
            "ban", "/ban [NICK]", "let nobody of that name in", _listing("ban", "+")
        ),
        Command("unban", "/unban NICK", "let them in again", _listing("unban", "-")),
        Command("mute", "/mute NICK", "let them listen only", _listing("mute", "+")),
        Command("unmute", "/unmute NICK", "let them speak", _listing("unmute", "-")),
        Command("op", "/op NICK", "let them run the room too", _role("op", "+o")),
        Command("deop", "/deop NICK", "and not any more", _role("deop", "-o")),
        Command("voice", "/voice NICK", "let them always speak", _role("voice", "+v")),
        Command("devoice", "/devoice NICK", "not any more", _role("devoice", "-v")),
        Command(
            "register",
            "/register",
            "make your nick an account, with a password",
            _confiding("register", "REGISTER", asks="A password for {}"),
        ),
        Command(
            "login",
            "/login [ACCOUNT]",
            "show that an account is yours",
            _confiding("login", "IDENTIFY", asks="The password of {}"),
        ),
        *(
            Command(name, usage, help_, _asking(name, ask))
            for name, usage, help_, ask in QUESTIONS
        ),
        Command("help", "/help [COMMAND]", "this list", _help),
        Command("quit", "/quit [REASON]", "leave; so does Ctrl-D", _quit),
    )
}
