"""NickServ: somebody to talk to about one's account, as IRC has it elsewhere.

    /msg NickServ IDENTIFY <password>

Nobody is there.  What is said to that nick is understood here, and goes nowhere else:
no user can have the nick, no line is echoed, and a text that holds a password and was
meant for others as well reaches none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from chat.dialects.dialect import Enrol, Heard, Prove
from chat.dialects.irc import sasl
from chat.dialects.irc.client import Client
from chat.dialects.irc.message import Message
from chat.dialects.irc.words import fitting
from chat.dialects.membership import invite_link
from chat.domain.claims import (
    AskAccount,
    AskAccounts,
    AskSessions,
    EndSession,
    Ghost,
    LogOut,
    Register,
    SetAlwaysOn,
    SetCredential,
    Unregister,
)
from chat.domain.names import fold
from chat.wire.text import for_irc

NAME: Final = "NickServ"
# The command in whose place `Client.doing` says that NickServ was spoken to.
DOING: Final = "NICKSERV"

_NOBODY: Final = "You are not logged in: IDENTIFY <password>"

Answer: TypeAlias = Callable[[Client, list[str]], Heard]


@dataclass(frozen=True, slots=True)
class Order:
    """Something that NickServ does: who does it, its words, and what it is for."""

    do: Answer
    usage: str
    meaning: str
    least: int = 0


def nickserv(client: Client, message: Message) -> Heard:
    """NICKSERV: say something to NickServ, who knows about accounts."""
    return hear(client, " ".join(message.params))


def ns(client: Client, message: Message) -> Heard:
    """NS: the same as NICKSERV."""
    return nickserv(client, message)


def is_meant(targets: str) -> bool:
    """Whether NickServ is among *targets*, which commas divide."""
    if NAME.lower() not in targets.lower():
        return False
    # Some write it as nick@server, so that nobody else can have it.
    nicks = (target.partition("@")[0] for target in targets.split(","))
    return any(fold(nick) == NAME.lower() for nick in nicks)


def hear(client: Client, text: str) -> Heard:
    """Do what *text* asks for."""
    client.doing = DOING
    name, *words = text.split() or [""]
    order = _ORDERS.get(name.upper())
    if order is None:
        # It is not said again: it may be a password.
        return [says(client, "HELP tells what I understand.")]
    if len(words) < order.least:
        return [says(client, f"It is: {name.upper()} {order.usage}")]
    return order.do(client, words)


def says(client: Client, *lines: str) -> bytes:
    """*lines* as NickServ says them to this client."""
    house = client.house.name
    head = f":{NAME}!{NAME}@{house} NOTICE {client.me} :"
    return b"".join(fitting(head + for_irc(line)) for line in lines)


def _register(client: Client, words: list[str]) -> Heard:
    secret, *others = words
    # An e-mail address may follow, as elsewhere; none is kept.
    if len(others) > 1 or any("@" not in each for each in others):
        # Or only the first word of it would be the password.
        return [says(client, "A password that you tell me has no spaces.")]
    return [Enrol(secret, Register())]


def _identify(client: Client, words: list[str]) -> Heard:
    if client.account:
        return [says(client, f"You are logged in as {client.account} already.")]
    if len(words) == 1:
        return [sasl.claim(client, client.own_name, words[0])]
    # A password that was made elsewhere may have spaces.
    account, *secret = words
    return [sasl.claim(client, account, " ".join(secret))]


def _log_out(_client: Client, _words: list[str]) -> Heard:
    return [LogOut()]


def _info(client: Client, words: list[str]) -> Heard:
    return [AskAccount(words[0] if words else client.own_name)]


def _ghost(client: Client, words: list[str]) -> Heard:
    if len(words) > 1 and not client.account:
        # Who comes in as himself has no ghost: he is where it was.
        return _identify(client, words)
    return [Ghost(words[0])]


def _set(client: Client, words: list[str]) -> Heard:
    what, *values = words
    match what.upper(), values:
        case "PASSWORD", [*old, new] if len(old) == 1 or client.must_set_password:
            return _set_password(client, "".join(old[:1]), new)
        case "ALWAYS-ON", [switch] if switch.upper() in {"ON", "OFF"}:
            return [SetAlwaysOn(switch.upper() == "ON")]
        case _:
            usage = _ORDERS["SET"].usage
            return [says(client, f"It is: SET {usage}")]


def _set_password(client: Client, old: str, new: str) -> Heard:
    if not client.account:
        return [says(client, _NOBODY)]
    enrol = Enrol(new, SetCredential())
    if client.must_set_password:
        # The code that proved it works no longer, and nobody knows the old one.
        return [enrol]
    return [Prove(old, enrol, account=client.account)]


def _sessions(client: Client, words: list[str]) -> Heard:
    match [word.upper() for word in words]:
        case []:
            return [AskSessions()]
        case ["END", "OTHERS"]:
            return [EndSession(0)]
        case ["END", number] if _is_number(number):
            return [EndSession(int(number))]
        case _:
            usage = _ORDERS["SESSIONS"].usage
            return [says(client, f"It is: SESSIONS {usage}")]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) > 0


def _drop(client: Client, words: list[str]) -> Heard:
    if not client.account:
        return [says(client, _NOBODY)]
    return [Prove(words[0], Unregister(), account=client.account)]


def _link(client: Client, words: list[str]) -> Heard:
    room, *rest = words
    # What may be asked for is the same in every language.
    return invite_link(room, " ".join(rest)) or [
        says(client, f"It is: LINK {_ORDERS['LINK'].usage}")
    ]


def _list(_client: Client, _words: list[str]) -> Heard:
    return [AskAccounts()]


def _help(client: Client, _words: list[str]) -> Heard:
    orders = (
        f"{f'{name} {order.usage}'.strip()}: {order.meaning}"
        for name, order in _ORDERS.items()
    )
    first = f"An account keeps your nick for you. /msg {NAME} and one of these:"
    return [says(client, first, *orders)]


_ORDERS: Final[dict[str, Order]] = {
    "REGISTER": Order(
        _register, "<password>", "make an account of the nick you go by", 1
    ),
    "IDENTIFY": Order(_identify, "[<account>] <password>", "log in", 1),
    "LOGOUT": Order(_log_out, "", "be a guest again"),
    "INFO": Order(_info, "[<account>]", "since when there is an account"),
    "GHOST": Order(_ghost, "<nick>", "put off it who holds your nick", 1),
    "RECOVER": Order(_ghost, "<nick>", "the same", 1),
    "SET": Order(
        _set,
        "PASSWORD <old> <new> | ALWAYS-ON ON | ALWAYS-ON OFF",
        "have another password, or stay in your rooms while you are not connected",
        1,
    ),
    "SESSIONS": Order(
        _sessions, "[END <number> | END OTHERS]", "from where you are logged in"
    ),
    "LINK": Order(
        _link,
        "<room> [<7d> [<uses>] | END <number>]",
        "invite whoever has the word, or list and take back what you have made",
        1,
    ),
    "DROP": Order(_drop, "<password>", "give the account up for good", 1),
    "LIST": Order(_list, "", "which accounts there are, for those who run the house"),
    "HELP": Order(_help, "", "this"),
}
