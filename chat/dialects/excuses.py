"""Excuses: why not, in one friendly line that says what to do instead.

Next: chat/wire/text.py
"""

from typing import Final

from chat.dialects.switches import person
from chat.domain.refusals import (
    AccountSuspended,
    AccountTaken,
    AlreadyIntroduced,
    AlreadyLoggedIn,
    AlreadyThere,
    Banned,
    Busy,
    CannotRecall,
    CannotTalk,
    GuestsStayOut,
    InTooManyRooms,
    InviteOnly,
    LinkImpossible,
    LooksLike,
    MayNotRead,
    NameFixed,
    NickHeld,
    NickImpossible,
    NickInUse,
    NickReserved,
    NoSuchAccount,
    NoSuchLink,
    NoSuchMask,
    NoSuchNick,
    NoSuchRoom,
    NoSuchSession,
    NotAllowed,
    NotAMember,
    NotEncrypted,
    NotInOffice,
    NotIntroduced,
    NotLoggedIn,
    NotThere,
    PasswordImpossible,
    Reason,
    RegistrationClosed,
    RoomFull,
    RoomNameImpossible,
    TooManyAccounts,
    TooManyGuesses,
    TooManyMasks,
    TooManyWatched,
    Unproven,
    ValueImpossible,
    WrongKey,
    WrongPassword,
    WrongToken,
)
from chat.wire.text import harmless

ASK_NAME: Final = "What should we call you?"
NAME_FIRST: Final = "A name comes first. " + ASK_NAME
# What `CannotTalk` says unless it knows better.
_OUTSIDE: Final = CannotTalk("").why


def of_refusal(reason: Reason) -> str:  # noqa: C901, PLR0911, PLR0912, PLR0915 - flat
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
        case InTooManyRooms(room, are_kept):
            if are_kept:
                return f"Too many rooms are kept for you; {harmless(room)} cannot be."
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
        case NickReserved(nick):
            nick = harmless(nick)
            return f"{nick} has an account: /login {nick}, or try another name."
        case LooksLike(nick, other):
            nick, other = harmless(nick), harmless(other)
            return (
                f"{nick} could be taken for {other}, who has an account. Try another."
            )
        case AccountTaken(name):
            return (
                f"There is an account {harmless(name)} already. /login, if it is yours."
            )
        case NoSuchAccount(name):
            return f"There is no account {harmless(name)}."
        case NotLoggedIn():
            return "You have to be logged in for that: /login, or /register first."
        case AlreadyLoggedIn(account):
            return f"You are logged in as {harmless(account)}; /logout ends that."
        case NameFixed(account):
            return (
                f"You are logged in as {harmless(account)}; /logout before you change."
            )
        case RegistrationClosed():
            return "Here accounts are made by those who run the house; ask them."
        case GuestsStayOut():
            return (
                "Only who has an account, or an invitation, comes in: /login NAME,"
                " /register NAME, or join TOKEN."
            )
        case Unproven(nick):
            return (
                f"{harmless(nick)} has an account: /login first, or /nick another name."
            )
        case PasswordImpossible(why):
            return f"That cannot be a password: {harmless(why)}."
        case NotEncrypted():
            return (
                "Others could read a password on its way here, so none is taken. Come"
                " from this machine, or over ssh, to log in."
            )
        case TooManyGuesses():
            return "There were too many wrong passwords. Try again in a minute."
        case TooManyAccounts():
            return "Enough accounts were made from where you are. Try again in an hour."
        case AccountSuspended(account):
            return f"The account {harmless(account)} is closed for now."
        case NoSuchSession(number):
            return f"You have no session {number}; /sessions tells which you have."
        case NoSuchLink(room, number):
            return f"{harmless(room)} has no invitation {number}; see /invite-link."
        case LinkImpossible(room, why):
            return f"There is no such invitation to {harmless(room)}: {harmless(why)}."
        case WrongToken():
            return "That is no invitation, or it is one no longer; ask for another."
        case MayNotRead(target):
            return _may_not_read(target)
        case CannotRecall():
            return "What was said cannot be read just now. Try again in a minute."


def _may_not_read(target: str) -> str:
    name = harmless(target)
    if not target:
        return "There is nothing for you to read."
    if target.startswith("#"):
        return f"There is no room {name}, or you may not read what was said there."
    return (
        f"Nothing is kept between you and {name}: both need an account. (A room? Its"
        " name begins with #.)"
    )


def _not_in(room: str) -> str:
    room = harmless(room)
    return f"You are not in {room}. /join {room} lets you in."
