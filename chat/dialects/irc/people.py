"""People on IRC: who is here, who was, and what is true of oneself.

https://modern.ircdocs.horse/#user-based-queries, WHOX is
https://ircv3.net/specs/extensions/whox, MONITOR
https://ircv3.net/specs/extensions/monitor and SETNAME
https://ircv3.net/specs/extensions/setname.
"""

from typing import Final

from chat.dialects.dialect import Heard
from chat.dialects.irc import modes
from chat.dialects.irc.client import Client, Wrong
from chat.dialects.irc.message import Message
from chat.domain.commands import (
    AskMembers,
    AskPast,
    AskPeople,
    AskPerson,
    AskPresent,
    AskWatched,
    SetAway,
    SetMark,
    SetRealname,
    Unwatch,
    Watch,
)
from chat.domain.names import fold

# https://modern.ircdocs.horse/#userhost-message
_MOST_USERHOSTS: Final = 5


def who(_client: Client, message: Message) -> Heard:
    """WHO: of a room, of a nick, or of everyone."""
    mask, note = (*message.params, "", "")[:2]
    if mask.startswith("#"):
        return [AskMembers(mask, in_detail=True, note=note)]
    return [AskPeople("*" if mask in {"", "0"} else mask, note)]


def whois(client: Client, message: Message) -> Heard:
    """WHOIS: all about somebody; a server before the nick is not looked at."""
    nick = message.params[-1]
    if not nick:
        return [client.numeric("431", "No nickname given.")]
    return [AskPerson(nick)]


def whowas(client: Client, message: Message) -> Heard:
    """WHOWAS: who went by a nick, as many of them as one wants to hear of."""
    nick, *rest = message.params
    if not nick:
        return [client.numeric("431", "No nickname given.")]
    most = rest[0] if rest else ""
    is_number = most.isascii() and most.isdecimal() and len(most) <= 6
    return [AskPast(nick, (int(most) or None) if is_number else None)]


def userhost(_client: Client, message: Message) -> Heard:
    """USERHOST: who of up to five nicks is here, and where they come from."""
    return [AskPresent(_nicks(message)[:_MOST_USERHOSTS], in_detail=True)]


def ison(_client: Client, message: Message) -> Heard:
    """ISON: who of some nicks is here."""
    return [AskPresent(_nicks(message))]


def _nicks(message: Message) -> tuple[str, ...]:
    return tuple(nick for param in message.params for nick in param.split())


def away(_client: Client, message: Message) -> Heard:
    """AWAY: be away, and say why; without a word one is back."""
    return [SetAway(message.params[0] if message.params else "")]


def setname(client: Client, message: Message) -> Heard:
    """SETNAME: be described otherwise."""
    realname = message.params[0]
    most = client.house.limits.realname_length
    if not 0 < len(realname.encode()) <= most:
        fail = "FAIL SETNAME INVALID_REALNAME :Realname is not valid."
        return [client.from_house(fail)]
    return [SetRealname(realname)]


def monitor(_client: Client, message: Message) -> Heard:
    """MONITOR: be told when somebody comes or goes."""
    subcommand = message.params[0].upper()
    listed = message.params[1] if len(message.params) > 1 else ""
    nicks = tuple(nick for nick in listed.split(",") if nick)
    match subcommand:
        case "+" if nicks:
            return [Watch(nicks)]
        case "-" if nicks:
            return [Unwatch(nicks)]
        case "C":
            return [Unwatch()]
        case "L":
            return [AskWatched(is_list=True)]
        case "S":
            return [AskWatched()]
        case _:
            raise Wrong("461", "MONITOR", "Not enough parameters.")


def own_modes(client: Client, nick: str, wanted: list[str]) -> Heard:
    """What MODE asks of a person, who can only be oneself."""
    if fold(nick) != fold(client.speaks_for):
        return [client.numeric("502", "Cannot change mode for other users.")]
    if not wanted:
        return [client.numeric("221", modes.of_somebody(client.marks))]
    changes = dict(modes.signed(wanted[0]))
    known = {
        letter: on for letter, on in changes.items() if letter in modes.OWN_LETTERS
    }
    heard: Heard = [SetMark(modes.OWN_LETTERS[each], on) for each, on in known.items()]
    if len(known) < len(changes):
        heard.append(client.numeric("501", "Unknown MODE flag."))
    return heard
