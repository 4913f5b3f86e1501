"""Membership: the verbs for one's account, and for inviting people by a link.

No password is typed with a verb: it would be on the screen, and whoever is asked
for it alone can be asked so that it is not.  What somebody types there all the
same is not taken, and they are told to use another.
"""

import re
from typing import Final

from chat.dialects import words
from chat.dialects.conversation import (
    Conversation,
    Group,
    Verb,
    in_a_room,
)
from chat.dialects.dialect import Enrol, Heard, Prove
from chat.dialects.excuses import of_refusal
from chat.domain.claims import (
    AskAccount,
    AskLinks,
    AskSessions,
    EndSession,
    LogOut,
    MakeLink,
    Register,
    Revoke,
    SetAlwaysOn,
    SetCredential,
    Unregister,
)
from chat.domain.names import fold
from chat.domain.refusals import (
    AlreadyLoggedIn,
    NotEncrypted,
    NotLoggedIn,
    Reason,
    RegistrationClosed,
)
from chat.wire.text import harmless

# A number that a person would type.
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_TIME: Final = re.compile(r"([1-9][0-9]{0,4})([mhdw])", re.ASCII)
_SECONDS: Final = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SURE: Final = "delete"


def register(talk: Conversation, rest: str) -> Heard | None:
    """Make an account of one's name; whoever has none yet says which."""
    if reason := _why_not_register(talk):
        return [_no(talk, reason)]
    if talk.speaks_for:
        return _register_own(talk, rest)
    if not rest:
        return None
    if " " in rest:
        return [_not_there(talk, "/register NAME")]
    if not talk.is_let_in:
        return [talk.answer(words.NAME_BEFORE, *talk.asked())]
    return talk.ask_new(lambda secret: [Enrol(secret, Register(name=rest))])


def _register_own(talk: Conversation, rest: str) -> Heard:
    if rest and fold(rest) != fold(talk.speaks_for):
        name = harmless(talk.speaks_for)
        return [talk.answer(words.OWN_NAME.format(name=name))]
    return talk.ask_new(lambda secret: [Enrol(secret, Register())])


def login(talk: Conversation, rest: str) -> Heard | None:
    """Show that an account is one's own: the one of one's name, or another."""
    name = rest or talk.speaks_for
    if not name:
        return None
    if talk.account:
        return [_no(talk, AlreadyLoggedIn(talk.account))]
    if " " in name:
        return [_not_there(talk, "/login NAME")]
    if not talk.may_send_passwords:
        return [_no(talk, NotEncrypted())]
    return talk.ask_account(name)


def logout(_talk: Conversation, rest: str) -> Heard | None:
    """Be a guest again."""
    return None if rest else [LogOut()]


def password(talk: Conversation, rest: str) -> Heard | None:
    """Have another password."""
    if reason := _why_no_password(talk):
        return [_no(talk, reason)]
    if rest:
        return [_not_there(talk, "/password")]
    return change_password(talk)


def change_password(talk: Conversation) -> Heard:
    """Ask for the old password, unless there is none, and for the new one."""

    def change(old: str) -> Heard:
        account = talk.account
        return talk.ask_new(
            lambda new: [Prove(old, Enrol(new, SetCredential()), account=account)]
        )

    if talk.lacks_password:
        return talk.ask_new(lambda new: [Enrol(new, SetCredential())])
    return talk.ask(words.ASK_OLD, change)


def sessions(_talk: Conversation, rest: str) -> Heard | None:
    """Tell from where one is logged in, or end some of that."""
    match rest.lower().split():
        case []:
            return [AskSessions()]
        case ["end", "others"]:
            return [EndSession(0)]
        case ["end", number] if _NUMBER.fullmatch(number):
            return [EndSession(int(number))]
        case _:
            return None


def account(talk: Conversation, rest: str) -> Heard | None:
    """Tell about an account, or change something about one's own."""
    match rest.lower().split():
        case []:
            own = talk.account
            return [AskAccount(own) if own else _no(talk, NotLoggedIn())]
        case ["always-on", "on" | "off" as how]:
            return [SetAlwaysOn(how == "on")]
        case ["delete"]:
            return _delete(talk)
        case [_]:
            return [AskAccount(rest)]
        case _:
            return None


def invite_link(room: str, rest: str) -> Heard | None:
    """Make an invitation that can be handed on, list them, or take one back."""
    match rest.lower().split():
        case []:
            return [AskLinks(room)]
        case ["end", number] if _NUMBER.fullmatch(number):
            return [Revoke(room, int(number))]
        case [time] if found := _TIME.fullmatch(time):
            return [MakeLink(room, int(found[1]) * _SECONDS[found[2]])]
        case [time, uses] if (found := _TIME.fullmatch(time)) and _NUMBER.fullmatch(
            uses
        ):
            return [MakeLink(room, int(found[1]) * _SECONDS[found[2]], int(uses))]
        case _:
            return None


def _delete(talk: Conversation) -> Heard:
    if reason := _why_no_password(talk):
        return [_no(talk, reason)]
    name = talk.account

    def ask_whether(secret: str) -> Heard:
        def make_sure(word: str) -> Heard:
            if word.strip().lower() != _SURE:
                return [talk.answer(words.NEVER_MIND)]
            return [Prove(secret, Unregister(), account=name)]

        return talk.ask_openly(words.ASK_WORD.format(name=harmless(name)), make_sure)

    return talk.ask(words.ASK_PASSWORD, ask_whether)


def _why_not_register(talk: Conversation) -> Reason | None:
    if talk.account:
        return AlreadyLoggedIn(talk.account)
    who_may = talk.house.limits.registration
    if who_may == "closed" or (who_may == "invited" and not talk.is_invited):
        return RegistrationClosed()
    return None if talk.may_send_passwords else NotEncrypted()


def _why_no_password(talk: Conversation) -> Reason | None:
    if not talk.account:
        return NotLoggedIn()
    return None if talk.may_send_passwords else NotEncrypted()


def _no(talk: Conversation, reason: Reason) -> bytes:
    return talk.answer(f"-- {of_refusal(reason)}", *talk.asked())


def _not_there(talk: Conversation, command: str) -> bytes:
    return talk.answer(words.NOT_THERE.format(command=command), *talk.asked())


VERBS: Final = (
    Verb(
        "/register",
        "make your name an account, so that nobody else is called so",
        register,
        "You are asked for a password. Before you have a name: /register NAME",
        group=Group.ACCOUNT,
        works_without_name=True,
    ),
    Verb(
        "/login [NAME]",
        "show that an account is yours",
        login,
        "You are asked for its password: /login bob. It works from several places at"
        " once, and what you hear in one you hear in all.",
        group=Group.ACCOUNT,
        aliases=("identify", "auth"),
        works_without_name=True,
    ),
    Verb(
        "/logout",
        "be a guest again",
        logout,
        "You leave your rooms, and stay under another name; /quit leaves altogether.",
        group=Group.ACCOUNT,
    ),
    Verb(
        "/password",
        "have another password",
        password,
        "You are asked for the old one first. Where else you are logged in, that ends.",
        group=Group.ACCOUNT,
        aliases=("passwd",),
    ),
    Verb(
        "/sessions [end N]",
        "from where you are logged in",
        sessions,
        "/sessions end 2 ends the one with that number, /sessions end others all but"
        " this one.",
        group=Group.ACCOUNT,
    ),
    Verb(
        "/account [NAME]",
        "about your account, or another",
        account,
        "/account always-on on keeps you in your rooms while you are not connected;"
        " /account delete gives the account up.",
        group=Group.ACCOUNT,
    ),
    Verb(
        "/invite-link [TIME]",
        "invite whoever has the link",
        in_a_room(invite_link),
        "/invite-link 7d lasts seven days (m, h, d and w work), /invite-link 7d 5 for"
        " five people. Alone it lists what is out; /invite-link end 2 takes one back.",
        group=Group.ROOM,
        aliases=("invitelink", "link"),
    ),
)
