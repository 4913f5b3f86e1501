"""Words: every sentence that a person on plain can be shown.

They stand together so that one can read them together: they are the product as
most people meet it.  Everything that somebody else has written goes through
`harmless` here, on its way into the sentence.

Whoever speaks comes first in a line, and no nick holds a space or a colon:

    alice: hello            alice said it        * alice waves       she did it
    alice whispers: psst    to you alone         -- alice is here.   the house says it

so nobody can write a line that looks like somebody else's, or like the house's.

Next: chat/wire/text.py
"""

from typing import Final

from chat.domain.answers import (
    HouseIs,
    MembersAre,
    PeopleAre,
    RoomIs,
    TopicIs,
)
from chat.domain.commands import Manner
from chat.domain.events import (
    Departed,
    Entered,
    Event,
    Joined,
    Left,
    Renamed,
    Said,
    TopicChanged,
    Welcomed,
    Whispered,
)
from chat.domain.refusals import (
    AlreadyIntroduced,
    CannotTalk,
    InTooManyRooms,
    NickImpossible,
    NickInUse,
    NoSuchNick,
    NoSuchRoom,
    NotAllowed,
    NotAMember,
    NotIntroduced,
    Reason,
    RoomNameImpossible,
)
from chat.domain.roles import Role
from chat.domain.views import (
    Member,
    Topic,
)
from chat.wire.text import harmless

ASK_NAME: Final = "What should we call you?"
NAME_FIRST: Final = "A name comes first. " + ASK_NAME
TOO_LONG: Final = "-- That line was too long and nobody saw it. Try it in pieces."
ENDLESS: Final = "a line without an end"
NOT_UTF8: Final = (
    "-- Some of what you typed was not UTF-8 and shows as \ufffd."
    " If you can, set your terminal to UTF-8."
)
IN_NO_ROOM: Final = "-- You are in no room. /join one first, for example: /join lobby"
IN_NO_ROOM_NOW: Final = "-- You are in no room now. /join one, or /quit."
NO_SUCH_COMMAND: Final = "-- There is no /{name}. /help lists what there is."
USAGE: Final = "-- Like this: {usage}"
HELP_FIRST: Final = (
    "-- Just type and press Enter: everyone in the room reads it.",
    "-- A line that begins with / is a command:",
)
HELP_ROW: Final = "--   {usage:<22} {meaning}"
TELNET: Final = "-- Speaking telnet. If your terminal does, lines will fit its window."
TALKING_IN: Final = "-- What you type now goes to {room}."


def greeting(house_name: str, house: HouseIs) -> str:
    """The first lines that a person sees."""
    here = ", ".join(map(harmless, house.in_lobby[:20]))
    if len(house.in_lobby) > 20:
        here += f" and {len(house.in_lobby) - 20} more"
    present = f"Here now: {here}." if here else "Nobody else is here yet."
    return f"Welcome to {house_name}, a place to chat. {present}\n{ASK_NAME}"


def farewell(reason: str) -> str:
    """The last line that a person sees."""
    if reason.startswith("Quit"):
        return "-- Good-bye."
    return f"-- Good-bye: {harmless(reason)}."


def of_event(event: Event) -> str:  # noqa: C901, PLR0911, PLR0912 - flat
    """What a bystander is told; nothing if it is not for him."""
    match event:
        case Said():
            return _spoken(event.who.nick, event.manner, event.text)
        case Whispered():
            return _whispered(event)
        case Joined():
            return f"-- {harmless(event.who.nick)} is here."
        case Left():
            return f"-- {_went(event.who.nick, event.reason)}"
        case Departed():
            return f"-- {_went(event.who.nick, event.reason)}"
        case Renamed():
            old, new = harmless(event.who.nick), harmless(event.nick)
            return f"-- {old} is now called {new}."
        case TopicChanged():
            return _topic_changed(event)
        case TopicIs():
            return _topic(event.room, event.topic)
        case RoomIs():
            return f"-- {harmless(event.room)} is a room."
        case MembersAre():
            return _members(event)
        case PeopleAre():
            return _people(event)
        case Welcomed() | Entered() | HouseIs():
            # These are for one's own eyes: see `of_own_event`.
            return ""


def of_own_event(event: Event) -> str:
    """What you are told of what you did yourself, or of what you asked."""
    match event:
        case Welcomed():
            nick = harmless(event.who.nick)
            return f"-- You are {nick}. Type to talk; /help helps, /quit leaves."
        case Entered():
            return _entered(event)
        case Left():
            return f"-- You left {harmless(event.room)}."
        case Renamed():
            return f"-- You are now called {harmless(event.nick)}."
        case _:
            return of_event(event)


def of_refusal(reason: Reason) -> str:  # noqa: C901, PLR0911 - flat
    """Why not, and what to do instead."""
    match reason:
        case NickInUse(nick):
            return f"{harmless(nick)} is taken; try another."
        case NickImpossible(nick, why):
            return f"{harmless(nick)} cannot be a name: {harmless(why)}. Try another."
        case NotIntroduced():
            return NAME_FIRST
        case AlreadyIntroduced():
            return "You have a name already; /nick changes it."
        case NoSuchNick(nick):
            return f"Nobody here is called {harmless(nick)}. /who tells who is here."
        case NoSuchRoom(room):
            return f"There is no room {harmless(room)}. /join would make it."
        case RoomNameImpossible(room, why):
            return f"{harmless(room)} cannot be a room: {harmless(why)}."
        case InTooManyRooms(room):
            return f"You are in too many rooms for {harmless(room)}; /leave one first."
        case NotAMember(room) | CannotTalk(room):
            room = harmless(room)
            return f"You are not in {room}. /join {room} lets you in."
        case NotAllowed(room):
            return f"Only those who run {harmless(room)} may do that."


def _spoken(nick: str, manner: Manner, text: str) -> str:
    nick = harmless(nick)
    match manner:
        case Manner.SAY:
            return _unless_ctcp(f"{nick}: ", text)
        case Manner.ACTION:
            return f"* {nick} {harmless(text)}"
        case Manner.NOTICE:
            return _unless_ctcp(f"-{nick}- ", text)
        case Manner.TAGS:
            return ""


def _whispered(event: Whispered) -> str:
    nick = harmless(event.who.nick)
    match event.manner:
        case Manner.SAY:
            return _unless_ctcp(f"{nick} whispers: ", event.text)
        case Manner.ACTION:
            return f"{nick} whispers: * {nick} {harmless(event.text)}"
        case Manner.NOTICE:
            return _unless_ctcp(f"{nick} whispers: -{nick}- ", event.text)
        case Manner.TAGS:
            return ""


def _unless_ctcp(prefix: str, text: str) -> str:
    # One program asking another its version is no business of a person's.
    return "" if text.startswith("\x01") else prefix + harmless(text)


def _went(nick: str, reason: str) -> str:
    nick = harmless(nick)
    return f"{nick} left ({harmless(reason)})." if reason else f"{nick} left."


def _entered(event: Entered) -> str:
    own = event.who.nick
    others = [harmless(m.who.nick) for m in event.members if m.who.nick != own]
    line = f"-- You are in {harmless(event.room)}, {_company(others)}."
    if event.topic:
        line += "\n" + _topic(event.room, event.topic)
    return line


def _company(others: list[str]) -> str:
    if not others:
        return "with nobody else yet"
    if len(others) > 20:
        return f"with {', '.join(others[:20])} and {len(others) - 20} more"
    return f"with {', '.join(others)}"


def _topic(room: str, topic: Topic | None) -> str:
    if topic is None:
        return f"-- {harmless(room)} has no topic."
    return f"-- {harmless(room)} is about: {harmless(topic.text)}"


def _topic_changed(event: TopicChanged) -> str:
    nick, room = harmless(event.who.nick), harmless(event.room)
    if not event.topic:
        return f"-- {nick} took away the topic of {room}."
    return f"-- {nick} changed the topic of {room}: {harmless(event.topic)}"


def _members(event: MembersAre) -> str:
    room = harmless(event.room)
    if not event.members:
        return f"-- Nobody is in {room}."
    return f"-- In {room}: {', '.join(map(_member, event.members))}"


def _member(member: Member) -> str:
    nick = harmless(member.who.nick)
    return f"{nick} (runs it)" if member.role is Role.OPERATOR else nick


def _people(event: PeopleAre) -> str:
    nicks = ", ".join(harmless(who.nick) for who in event.people)
    return f"-- Here: {nicks or 'nobody'}"
