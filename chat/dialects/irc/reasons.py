"""Reasons: why not, as IRC numbers it.

https://modern.ircdocs.horse/#numerics, from 400 on.
"""

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


def numbered(  # noqa: C901, PLR0911, PLR0912, PLR0915 - flat: a numeric for each reason
    reason: Reason,
) -> tuple[str, ...]:
    """The number that says *reason*, and its parameters after the client's nick."""
    match reason:
        case NickInUse(nick):
            return "433", nick, "Nickname is already in use."
        case NickImpossible(nick, why):
            return "432", nick, f"Erroneous nickname: {why}."
        case NotIntroduced():
            return "451", "You have not registered."
        case AlreadyIntroduced():
            return "462", "You may not reregister."
        case NoSuchNick(nick):
            return "401", nick, "No such nick."
        case NoSuchRoom(room):
            return "403", room, "No such channel."
        case RoomNameImpossible(room, why):
            return "476", room, f"Bad channel name: {why}."
        case InTooManyRooms(room, are_kept):
            if are_kept:
                return "405", room, "Too many channels are kept for you."
            return "405", room, "You have joined too many channels."
        case NotAMember(room):
            return "442", room, "You're not on that channel."
        case CannotTalk(room, why):
            return "404", room, f"Cannot send to channel: {why}."
        case NotAllowed(room):
            return "482", room, "You're not channel operator."
        case Banned(room):
            return "474", room, "Cannot join channel (+b): you are banned."
        case InviteOnly(room):
            return "473", room, "Cannot join channel (+i): you must be invited."
        case WrongKey(room):
            return "475", room, "Cannot join channel (+k): you need its key."
        case RoomFull(room):
            return "471", room, "Cannot join channel (+l): it is full."
        case NotThere(nick, room):
            return "441", nick, room, "They aren't on that channel."
        case AlreadyThere(nick, room):
            return "443", nick, room, "is already on channel."
        case NickHeld(nick, room):
            # As several servers say it; modern.ircdocs.horse has no number for it.
            return "435", nick, room, "Cannot change nickname while banned there."
        case TooManyMasks(room, mask):
            # https://defs.ircdocs.horse/defs/numerics.html has those of all servers.
            return "478", room, mask, "Channel list is full."
        case NoSuchMask(room, mask):
            return "696", room, "*", mask, "The list does not hold that mask."
        case TooManyWatched(limit, nicks):
            return "734", str(limit), ",".join(nicks), "Monitor list is full."
        case ValueImpossible(room, value, why):
            # Which letter it was the reason does not tell.
            return "696", room, "*", value, f"{why}."
        case NotInOffice():
            return "481", "Permission denied: you do not run this house."
        case Busy():
            return "263", "PASS", "This command could not be completed. Try again."
        case WrongPassword():
            return "464", "Password incorrect."
        case NickReserved(nick):
            return "433", nick, "Nickname is an account's; log in, or take another."
        case LooksLike(nick, other):
            return "432", nick, f"Erroneous nickname: it looks like {other}."
        case AccountTaken(name):
            return "433", name, "There is an account of that name."
        case NoSuchAccount(name):
            return "401", name, "No such account."
        case NotLoggedIn():
            return "481", "Permission denied: you are not logged in."
        case AlreadyLoggedIn(account):
            return "462", f"You are logged in as {account} already."
        case NameFixed(account):
            return "447", f"Who is logged in as {account} goes by that name."
        case RegistrationClosed():
            return "481", "Permission denied: accounts are not for everybody to make."
        case GuestsStayOut():
            return "465", "Only who has an account, or an invitation, comes in."
        case Unproven(nick):
            return "477", nick, "That nick is an account's: log in, or take another."
        case PasswordImpossible(why):
            return "400", "PASS", f"That cannot be a password: {why}."
        case NotEncrypted():
            return "464", "A password is not to be sent where others can read it."
        case TooManyGuesses():
            return "464", "There were too many wrong passwords. Try again in a minute."
        case TooManyAccounts():
            why = "Enough accounts were made from there. Try again in an hour."
            return "263", "REGISTER", why
        case AccountSuspended(account):
            return "465", f"The account {account} is closed for now."
        case NoSuchSession(number):
            return "400", "SESSION", f"You have no session {number}."
        case NoSuchLink(room, number):
            return "400", "INVITE", f"{room} has no invitation {number}."
        case LinkImpossible(room, why):
            return "400", "INVITE", f"There is no such invitation to {room}: {why}."
        case WrongToken():
            return "464", "That is no invitation, or it is one no longer."
        case MayNotRead(target):
            return "403", target, "There is no such history."
        case CannotRecall():
            return "400", "CHATHISTORY", "What was said cannot be read just now."
