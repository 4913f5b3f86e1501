"""Talking: the verbs for who talks, where, and with whom.

Next: chat/dialects/moderating.py
"""

from typing import Final

from chat.dialects import words
from chat.dialects.conversation import Conversation, Group, Verb
from chat.dialects.dialect import Heard
from chat.dialects.excuses import NAME_FIRST
from chat.domain.claims import TOKEN, Redeem
from chat.domain.commands import (
    AskMembers,
    AskPerson,
    AskRooms,
    AskTopic,
    Depart,
    Invite,
    Join,
    Leave,
    Manner,
    Rename,
    Say,
    SetAway,
    SetTopic,
    Whisper,
)
from chat.domain.names import fold
from chat.wire.text import harmless


def say(talk: Conversation, rest: str) -> Heard | None:
    """Say it, as if it had been typed without a command."""
    return talk.say(rest) if rest else None


def me(talk: Conversation, rest: str) -> Heard | None:
    """Do something rather than say it."""
    return talk.say(rest, Manner.ACTION) if rest else None


def msg(_talk: Conversation, rest: str) -> Heard | None:
    """Say something to one person, or into another room of yours."""
    to, _, text = rest.partition(" ")
    text = text.strip()
    if not to or not text:
        return None
    return [Say(to, text) if to.startswith("#") else Whisper(to, text)]


def reply(talk: Conversation, rest: str) -> Heard | None:
    """Whisper back."""
    if not rest:
        return None
    if not talk.whisperer:
        return [
            talk.answer("-- Nobody has whispered to you yet. /msg NAME TEXT begins.")
        ]
    return [Whisper(talk.whisperer, rest)]


def join(talk: Conversation, rest: str) -> Heard | None:
    """Enter a room, or talk in one where you are already."""
    name, _, key = rest.partition(" ")
    key = key.strip()
    if not name or " " in key:
        return None
    if name.startswith(TOKEN) and not key:
        return [Redeem(name)]
    if not talk.speaks_for:
        return [talk.answer(f"-- {NAME_FIRST}")]
    room = _with_mark(name)
    if here := talk.rooms.get(fold(room)):
        talk.move_to(here)
        return [talk.answer(words.TALKING_IN.format(room=harmless(here)))]
    return [Join(room, key)]


def leave(talk: Conversation, rest: str) -> Heard | None:
    """Leave the room you talk in, or the one you name first."""
    first, _, others = rest.partition(" ")
    if room := talk.rooms.get(fold(_with_mark(first))):
        return [Leave(room, others.strip())]
    if first.startswith("#"):
        return [Leave(first)]
    if first and not others:
        # It may be a reason of one word, and it may be a slip; a room is soon left.
        return [talk.answer(words.LEAVE_WHICH.format(room=harmless(first)))]
    if not talk.current:
        return [talk.answer(words.IN_NO_ROOM)]
    return [Leave(talk.current, rest)]


def who(talk: Conversation, rest: str) -> Heard | None:
    """List the people in a room."""
    room = _with_mark(rest) if rest else talk.current
    # What has no mark may be meant for somebody's name.
    note = "" if room == rest else rest
    return [AskMembers(room, note=note) if room else talk.answer(words.IN_NO_ROOM)]


def whois(talk: Conversation, rest: str) -> Heard | None:
    """Tell about a person, or about oneself."""
    return None if " " in rest else [AskPerson(rest or talk.speaks_for)]


def rooms(_talk: Conversation, rest: str) -> Heard | None:
    """List the rooms whose names hold a word."""
    if " " in rest:
        return None
    return [AskRooms((rest if "*" in rest else f"*{rest}*",) if rest else ())]


def topic(talk: Conversation, rest: str) -> Heard | None:
    """Tell what the room is about, or change that."""
    first, _, others = rest.partition(" ")
    if first.startswith("#") and not others:
        return [AskTopic(first)]
    # "#1 fan club" is a topic, unless that is where one is.
    room = talk.rooms.get(fold(first)) if others else None
    if room is None:
        room, others = talk.current, rest
    if not room:
        return [talk.answer(words.IN_NO_ROOM)]
    return [_topic(room, others.strip())]


def invite(talk: Conversation, rest: str) -> Heard | None:
    """Invite somebody into the room you talk in, or another."""
    nick, _, room = rest.partition(" ")
    room = room.strip()
    if not nick or " " in room:
        return None
    if not room and not talk.current:
        return [talk.answer(words.IN_NO_ROOM)]
    return [Invite(nick, _with_mark(room) if room else talk.current)]


def nick(talk: Conversation, rest: str) -> Heard | None:
    """Go by another name, or by a first one."""
    if not rest:
        return None
    return [Rename(rest)] if talk.speaks_for else talk.introduce(rest)


def away(_talk: Conversation, rest: str) -> Heard | None:
    """Be away, with a word for those who ask."""
    return [SetAway(rest or "away")]


def back(_talk: Conversation, _rest: str) -> Heard | None:
    """Be back."""
    return [SetAway("")]


def leave_altogether(_talk: Conversation, rest: str) -> Heard | None:
    """Leave the house."""
    return [Depart(f"Quit: {rest}" if rest else "Quit")]


def _topic(room: str, text: str) -> AskTopic | SetTopic:
    if not text:
        return AskTopic(room)
    return SetTopic(room, "" if text == "none" else text)


def _with_mark(room: str) -> str:
    return room if room.startswith("#") else f"#{room}"


VERBS: Final = (
    Verb(
        "/msg NAME TEXT",
        "say it to one person only",
        msg,
        "Nobody else reads it: /msg bob psst. With a room's name everybody there"
        " does: /msg #tea hello. Who has an account reads it later, if not here and if"
        " you have one as well.",
        aliases=("w", "whisper", "tell", "dm", "query", "m"),
    ),
    Verb(
        "/reply TEXT",
        "answer the last whisper",
        reply,
        "It goes to whoever whispered to you last: /reply psst yourself",
        aliases=("r", "answer"),
    ),
    Verb(
        "/me WAVES",
        "do something rather than say it",
        me,
        "For example: /me waves. Others read: * alice waves",
        aliases=("action", "emote", "do"),
    ),
    Verb(
        "/who [ROOM]",
        "who is in the room",
        who,
        "It tells who runs it and who is away, too. For another room: /who tea",
        aliases=("names", "users", "people", "ls"),
    ),
    Verb(
        "/whois NAME",
        "more about one person",
        whois,
        "It tells where somebody is and for how long: /whois bob. Alone it tells of"
        " you.",
        aliases=("finger", "whoami"),
    ),
    Verb(
        "/rooms [WORD]",
        "which rooms there are",
        rooms,
        "The fullest come first. With a word, those whose names hold it: /rooms tea",
        aliases=("list", "channels"),
    ),
    Verb(
        "/join ROOM [WORD]",
        "enter a room, or make a new one",
        join,
        "For example: /join tea. Whoever makes a room runs it. Where you are already,"
        " it turns your talk there. Some rooms open to a word: /join tea milk. An"
        " invitation works as well, before you have a name: join sb-...",
        aliases=("j", "enter", "go"),
        works_without_name=True,
    ),
    Verb(
        "/leave [ROOM]",
        "leave the room",
        leave,
        "Say why, if you like: /leave tea time to go",
        aliases=("part",),
    ),
    Verb(
        "/topic [TEXT]",
        "what the room is about",
        topic,
        "With a text it is about that: /topic how to make tea. /topic none takes the"
        " topic away.",
    ),
    Verb(
        "/invite NAME [ROOM]",
        "ask somebody in",
        invite,
        "They are told, and may come in even if the room is closed: /invite bob",
    ),
    Verb(
        "/nick NAME",
        "be called something else",
        nick,
        "For example: /nick alicia",
        aliases=("name",),
        works_without_name=True,
    ),
    Verb(
        "/away [TEXT]",
        "tell others so; /back ends it",
        away,
        "Whoever whispers to you is told, for example: /away back at four. You still"
        " read everything.",
        aliases=("afk", "brb"),
    ),
    Verb(
        "/back",
        "be there again",
        back,
        "It ends what /away began.",
        group=Group.MORE,
        aliases=("unaway",),
    ),
    Verb(
        "/quit [WHY]",
        "leave altogether",
        leave_altogether,
        "Others read why: /quit off to lunch. Ctrl-D does it, too.",
        aliases=("exit", "bye"),
        works_without_name=True,
    ),
    Verb(
        "/say TEXT",
        "say it",
        say,
        "As if you had typed the text alone, though it may begin with /. So does a"
        " second slash: //quit says /quit.",
        group=Group.MORE,
    ),
)
