"""Enrolment: REGISTER, which makes an account, and VERIFY, which is never needed.

https://ircv3.net/specs/extensions/account-registration.  An account has the name one
goes by.  Who has none yet may have it early, but not in a house with a password: that
comes with NICK and USER, and would not have been asked for.
"""

from chat.dialects.dialect import Enrol, Heard
from chat.dialects.irc.client import Client
from chat.dialects.irc.message import Message
from chat.dialects.irc.words import word
from chat.domain.claims import Register
from chat.domain.names import fold
from chat.domain.refusals import (
    AccountTaken,
    AlreadyLoggedIn,
    Busy,
    LooksLike,
    NickImpossible,
    NickInUse,
    NickReserved,
    PasswordImpossible,
    Reason,
    RegistrationClosed,
    TooManyAccounts,
    TooManyGuesses,
    Unproven,
)


def register(client: Client, message: Message) -> Heard:
    """REGISTER: make an account of your nick; no e-mail address is kept."""
    account, _, password = message.params[:3]
    nick = client.speaks_for or client.newcomer.nick
    if code := _flaw(client, account, nick):
        return [_fail(client, *code)]
    name = "" if client.speaks_for else nick
    is_invited = not client.speaks_for and client.needs_invitation
    return [Enrol(password, Register(name=name, is_invited=is_invited))]


def verify(client: Client, message: Message) -> Heard:
    """VERIFY: nothing; an account is made at once."""
    account = message.params[0]
    if client.account:
        why = "You are logged in."
        return [_fail(client, "ALREADY_AUTHENTICATED", client.account, why, "VERIFY")]
    why = "No account waits for a code."
    return [_fail(client, "INVALID_CODE", account, why, "VERIFY")]


def succeeded(client: Client, account: str) -> bytes:
    """The account is made."""
    return client.from_house(f"REGISTER SUCCESS {account} :The account is yours.")


def failed(client: Client, reason: Reason, why: str) -> bytes:
    """There is no account for that *reason*, which is *why* in words."""
    nick = client.speaks_for or client.newcomer.nick
    return _fail(client, _code(reason), nick, why)


def _flaw(client: Client, account: str, nick: str) -> tuple[str, str, str] | None:
    """What stands against it that the hub need not be asked for."""
    if client.account:
        return "ALREADY_AUTHENTICATED", client.account, "You are logged in."
    is_locked = client.house.password and not client.speaks_for
    if is_locked and not client.needs_invitation:
        return "COMPLETE_CONNECTION_REQUIRED", "", "Come in first."
    if not nick:
        return "NEED_NICK", "*", "Choose a nick first."
    if fold(account) not in {"*", fold(nick), fold(client.own_name)}:
        why = "An account has the name that you go by."
        return "ACCOUNT_NAME_MUST_BE_NICK", account, why
    return None


def _code(reason: Reason) -> str:  # noqa: PLR0911 - flat
    match reason:
        case AccountTaken() | NickInUse() | NickReserved() | Unproven():
            return "ACCOUNT_EXISTS"
        case LooksLike() | NickImpossible():
            return "BAD_ACCOUNT_NAME"
        case AlreadyLoggedIn():
            return "ALREADY_AUTHENTICATED"
        case PasswordImpossible(is_weak=True):
            return "WEAK_PASSWORD"
        case PasswordImpossible():
            return "UNACCEPTABLE_PASSWORD"
        case RegistrationClosed():
            return "DISALLOWED"
        case Busy() | TooManyGuesses() | TooManyAccounts():
            return "TEMPORARILY_UNAVAILABLE"
        case _:
            return "UNKNOWN_ERROR"


def _fail(
    client: Client, code: str, about: str, why: str, command: str = "REGISTER"
) -> bytes:
    middle = f"{command} {code} {word(about)}" if about else f"{command} {code}"
    return client.from_house(f"FAIL {middle} :{why}")
