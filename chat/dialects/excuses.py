"""Excuses: why not, in one friendly line that says what to do instead.

Next: chat/wire/text.py
"""

from typing import Final

from chat.dialects.switches import person
from chat.domain.refusals import (
    AlreadyIntroduced,
    AlreadyThere,
    Banned,
    Busy,
    CannotTalk,
    InTooManyRooms,
    InviteOnly,
    NickHeld,
    NickImpossible,
    NickInUse,
    NoSuchMask,
    NoSuchNick,
    NoSuchRoom,
    NotAllowed,
    NotAMember,
    NotInOffice,
    NotIntroduced,
    NotThere,
    Reason,
    RoomFull,
    RoomNameImpossible,
    TooManyMasks,
    TooManyWatched,
    ValueImpossible,
    WrongKey,
    WrongPassword,
)
from chat.wire.text import harmless

ASK_NAME: Final = "What should we call you?"
NAME_FIRST: Final = "A name comes first. " + ASK_NAME
# What `CannotTalk` says unless it knows better.
_OUTSIDE: Final = CannotTalk("").why


def of_refusal(reason: Reason) -> str:  # noqa: C901, PLR0911, PLR0912 - flat
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
        case NotAMember(room):
            return _not_in(room)
        case CannotTalk(room, why):
            if why == _OUTSIDE:
                return _not_in(room)
            return f"{harmless(room)} did not hear that: {harmless(why)}."
        case NotAllowed(room):
            return f"Only those who run {harmless(room)} may do that; /who tells who."
        case Banned(room):
            return f"You are kept out of {harmless(room)}. /rooms lists others."
        case InviteOnly(room):
            return (
                f"{harmless(room)} is for those who are invited; ask somebody inside."
            )
        case WrongKey(room):
            room = harmless(room)
            return f"{room} opens to a word, and not this one: /join {room} WORD."
        case RoomFull(room):
            return f"{harmless(room)} is full. Try again later; /rooms lists others."
        case NotThere(nick, room):
            return f"{harmless(nick)} is not in {harmless(room)}; /who tells who is."
        case AlreadyThere(nick, room):
            return f"{harmless(nick)} is in {harmless(room)} already."
        case NickHeld(nick, room):
            room = harmless(room)
            return f"You stay {harmless(nick)} while {room} does not want to hear you."
        case TooManyMasks(room, mask):
            return f"{harmless(room)} has no space for {person(mask)}; see /bans."
        case NoSuchMask(room, mask):
            return f"{harmless(room)} has no {person(mask)} on that list; see /bans."
        case TooManyWatched(limit, _):
            return f"You can watch no more than {limit} people."
        case ValueImpossible(room, value, why):
            return (
                f"{harmless(value)} does not do for {harmless(room)}: {harmless(why)}."
            )
        case NotInOffice():
            return "Only those who run the house may do that."
        case Busy():
            return "Too many have asked for that just now; try again in a moment."
        case WrongPassword():
            return "That is not the password."


def _not_in(room: str) -> str:
    room = harmless(room)
    return f"You are not in {room}. /join {room} lets you in."
