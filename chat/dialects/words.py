"""Words: every sentence that a person on plain can be shown.

They stand together so that one can read them together: they are the product as
most people meet it.  Everything that somebody else has written goes through
`harmless` here, on its way into the sentence.

Whoever speaks comes first in a line, and no nick holds a space or a colon:

    alice: hello            alice said it        * alice waves       she did it
    alice whispers: psst    to you alone         -- alice is here.   the house says it

so nobody can write a line that looks like somebody else's, or like the house's.

Next: chat/dialects/switches.py
"""

from typing import Final

from chat.dialects.answers import count, of_topic
from chat.dialects.dialect import House
from chat.dialects.excuses import ASK_NAME
from chat.dialects.switches import told
from chat.domain.answers import HouseIs
from chat.domain.commands import Manner, Mark
from chat.domain.events import (
    AccountChanged,
    AwayChanged,
    Departed,
    Entered,
    Event,
    Happened,
    Invited,
    Joined,
    KeepingChanged,
    Kicked,
    Left,
    MarkChanged,
    ReadChanged,
    Redescribed,
    Renamed,
    RoomChanged,
    Said,
    TopicChanged,
    Walloped,
    Welcomed,
    Whispered,
)
from chat.wire.text import harmless

TOO_LONG: Final = "-- That line was too long and nobody saw it. Try it in pieces."
ENDLESS: Final = "a line without an end"
NOT_UTF8: Final = (
    "-- Some of what you typed was not UTF-8 and shows as \ufffd."
    " If you can, set your terminal to UTF-8."
)
IN_NO_ROOM: Final = "-- You are in no room. /join one first, for example: /join lobby"
IN_NO_ROOM_NOW: Final = "-- You are in no room now. /join one, or /quit."
USAGE: Final = "-- Like this: {usage}"
LEAVE_WHICH: Final = (
    "-- You are in no room {room}. /leave leaves this one; a reason has two words."
)
TALKING_IN: Final = "-- What you type now goes to {room}."
SHOWS: Final = " It shows as you type it; on telnet, /telnet hides it."
NOW_HIDDEN: Final = "-- This is telnet now, and hides it. The password?"
ASK_PASSWORD: Final = "What is the password?"  # noqa: S105 - a question
ASK_ACCOUNT: Final = "What is the password of {name}?"
ASK_OWNER: Final = (
    "{name} has an account. Its password? (An empty line: choose another name.)"
)
ASK_OLD: Final = "What is your password now?"
ASK_NEW: Final = "Which password do you want?"
ONCE_MORE: Final = "And once more:"
ASK_WORD: Final = (
    "Then {name} is anybody's again, and all that it runs is not yours any more."
    " If you are sure, type: delete"
)
NEVER_MIND: Final = "-- Never mind, then."
NOT_THE_SAME: Final = "-- That was not the same twice, so nothing has changed."
NOT_THERE: Final = (
    "-- A password does not go there: type {command} alone, and you are asked for it."
    " If that was one, it has been seen; use another."
)
OWN_NAME: Final = (
    "-- An account is called as you are: /register makes {name} yours. For another"
    " one, /nick NAME first. If that was a password, it has been seen; use another."
)
NAME_BEFORE: Final = (
    "-- First say who you are and what the password is; then /register."
)
KEPT: Final = (
    "What is said in a room is kept{span}, to be read while the room is there, unless"
    " /room says otherwise."
)
NOT_KEPT: Final = "-- What is said in this room is not kept."
ACCOUNTS_ONLY: Final = "Here one needs an account, /login NAME, or an invitation."
ACCOUNTS_TO_HAVE: Final = (
    "Here one needs an account: /login NAME, or /register NAME for a new one."
)


def greeting(house: House, now: HouseIs) -> str:
    """The first lines that a person sees."""
    here = ", ".join(map(harmless, now.in_lobby[:20]))
    if len(now.in_lobby) > 20:
        here += f" and {len(now.in_lobby) - 20} more"
    present = f"Here now: {here}." if here else "Nobody else is here yet."
    lines = [f"Welcome to {house.network}, a place to chat. {present}"]
    if house.limits.history:
        lines.append(KEPT.format(span=kept_for(house)))
    if house.limits.guests == "none":
        is_open = house.limits.registration == "open"
        lines.append(ACCOUNTS_TO_HAVE if is_open else ACCOUNTS_ONLY)
    return "\n".join((*lines, ASK_NAME))


def kept_for(house: House) -> str:
    """For how long what is said is kept: `` for 30 days``, or nothing for ever."""
    days = house.limits.history_days
    spans = [f"for {count(days, 'day')}"] if days else []
    if not house.is_lasting:
        spans.append("until the server ends")
    return f" {' or '.join(spans)}" if spans else ""


def farewell(reason: str) -> str:
    """The last line that a person sees."""
    if reason.startswith("Quit"):
        return "-- Good-bye."
    return f"-- Good-bye: {harmless(reason)}."


def of_event(event: Event) -> str:  # noqa: C901, PLR0911, PLR0912 - flat
    """What a bystander is told; nothing if it is not for him.

    The room is not named: who is in several is shown it before the line.
    """
    if not isinstance(event, Happened):
        # An answer: who asked is told, and nobody else.  (To find that it is none
        # of two dozen answers would take longer than all the rest.)
        return ""
    match event:
        case Said():
            return _said(event)
        case Whispered():
            return _whispered(event)
        case Joined():
            return f"-- {harmless(event.who.nick)} is here."
        case Left() | Departed():
            return f"-- {_went(event.who.nick, event.reason)}"
        case Renamed():
            old, new = harmless(event.who.nick), harmless(event.nick)
            return f"-- {old} is now called {new}."
        case TopicChanged():
            return _topic_changed(event)
        case RoomChanged():
            who = harmless(event.who.nick) if event.who else "The house"
            return "\n".join(f"-- {told(who, change)}" for change in event.changes)
        case Kicked():
            by, nick = harmless(event.who.nick), harmless(event.nick)
            return f"-- {by} put {nick} out{_because(event.reason)}."
        case Invited():
            return f"-- {harmless(event.who.nick)} invites {harmless(event.nick)}."
        case Walloped():
            return f"-- {harmless(event.who.nick)} to the house: {harmless(event.text)}"
        case KeepingChanged():
            return _keeping(event)
        case AwayChanged() | Redescribed() | AccountChanged() | ReadChanged():
            # Who wants to know asks; or writes, and is told then.
            return ""
        case Welcomed() | Entered() | MarkChanged():
            # These are for one's own eyes: see `of_own_event`.
            return ""


def of_own_event(event: Event) -> str:  # noqa: C901, PLR0911 - flat
    """What you are told of what you did yourself, or of what was done to you."""
    match event:
        case Welcomed():
            nick = harmless(event.who.nick)
            return f"-- You are {nick}. Type to talk; /help helps, /quit leaves."
        case Entered():
            return _entered(event)
        case Left():
            return f"-- You left {harmless(event.room)}."
        case Kicked():
            by, room = harmless(event.who.nick), harmless(event.room)
            return f"-- {by} put you out of {room}{_because(event.reason)}."
        case Invited():
            by, room = harmless(event.who.nick), harmless(event.room)
            return f"-- {by} invites you: /join {room}"
        case Renamed():
            return f"-- You are now called {harmless(event.nick)}."
        case AccountChanged():
            return _account_changed(event)
        case MarkChanged():
            return f"-- {_MARKS[event.mark][0 if event.on else 1]}"
        case _:
            return of_event(event)


_MARKS: Final[dict[Mark, tuple[str, str]]] = {
    Mark.INVISIBLE: (
        "Only who is in a room with you, or knows your name, finds you now.",
        "Everybody finds you now.",
    ),
    Mark.BOT: ("You are a program now.", "You are no program any more."),
    Mark.OPERATOR: (
        "You run the house now: /kill and /wallops are yours.",
        "You do not run the house any more.",
    ),
}


def _account_changed(event: AccountChanged) -> str:
    if not event.account:
        return "-- You are logged out, and a guest."
    return f"-- You are logged in as {harmless(event.account)}."


def _keeping(event: KeepingChanged) -> str:
    where = "here" if event.room else "in the house"
    if not event.is_kept:
        return (
            f"-- What is said {where} cannot be kept just now; it will be, once it can."
        )
    lost = "nothing is lost"
    if event.lost:
        lost = f"{count(event.lost, 'line')} could not be kept"
    return f"-- What is said {where} is kept again; {lost}."


def _said(event: Said) -> str:
    nick = harmless(event.who.nick)
    few = "" if event.only is None else " (not to all)"
    match event.manner:
        case Manner.SAY:
            return _unless_ctcp(f"{nick}{few}: ", event.text)
        case Manner.ACTION:
            return f"* {nick}{few} {harmless(event.text)}"
        case Manner.NOTICE:
            return _unless_ctcp(f"-{nick}-{few} ", event.text)
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


def from_elsewhere(event: Whispered) -> str:
    """What you whispered yourself, where another of your terminals shows it."""
    return own_whisper(event, "-- You, elsewhere, to")


def own_whisper(event: Whispered, beginning: str) -> str:
    """What you whispered yourself, as a line that begins like that."""
    to = f"{beginning} {harmless(event.to)}: "
    match event.manner:
        case Manner.TAGS:
            return ""
        case Manner.ACTION:
            return f"{to}* {harmless(event.text)}"
        case _:
            return _unless_ctcp(to, event.text)


def _unless_ctcp(prefix: str, text: str) -> str:
    # One program asking another its version is no business of a person's.
    return "" if text.startswith("\x01") else prefix + harmless(text)


def _went(nick: str, reason: str) -> str:
    return f"{harmless(nick)} left{_because(reason)}."


def _because(reason: str) -> str:
    return f" ({harmless(reason)})" if reason else ""


def _entered(event: Entered) -> str:
    own = event.who.nick
    others = [harmless(m.who.nick) for m in event.members if m.who.nick != own]
    line = f"-- You are in {harmless(event.room)}, {_company(others)}."
    if event.topic:
        line += "\n" + of_topic(event.room, event.topic)
    return line


def _company(others: list[str]) -> str:
    if not others:
        return "with nobody else yet"
    if len(others) > 20:
        return f"with {', '.join(others[:20])} and {len(others) - 20} more"
    return f"with {', '.join(others)}"


def _topic_changed(event: TopicChanged) -> str:
    nick = harmless(event.who.nick)
    if not event.topic:
        return f"-- {nick} took away the topic."
    return f"-- {nick} changed the topic: {harmless(event.topic)}"
