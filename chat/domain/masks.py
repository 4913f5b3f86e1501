"""Masks: patterns that people are matched against, such as ``bob!*@*``.

A mask has three parts, a nick, a user name and a host, and in each ``*`` stands
for anything and ``?`` for one character.  The host is matched against the cloak
that everybody sees, and against the address that only the house knows, so that an
operator who has an address can ban it, or a whole network: ``*!*@192.0.2.0/24``.

Matching takes time that grows with the mask and the text, never with their
product's power: a pattern that backtracks, ``*a*a*a*b``, could stop a server for
minutes.  https://modern.ircdocs.horse/#masks
"""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final
from unicodedata import normalize

from chat.domain.views import Who

# Before a mask: who matches is not kept out, only not heard.
MUTE: Final = "m:"
_LONGEST: Final = 250


def whole(text: str) -> str:
    """*text* as a mask of three parts, with what people leave out filled in.

    bob  bob!*@*      192.0.2.0/24  *!*@192.0.2.0/24      *@x.cloak  *!*@x.cloak
    """
    if text.startswith(MUTE):
        return MUTE + whole(text.removeprefix(MUTE))
    text = text[:_LONGEST]
    if _network(text) is not None:
        return f"*!*@{text}"
    person, at, host = text.rpartition("@")
    if not at:
        person, host = text, "*"
    nick, mark, user = person.partition("!")
    if at and not mark:
        nick, user = "*", person
    return f"{nick or '*'}!{user or '*'}@{host or '*'}"


def matches(mask: str, who: Who, address: str) -> bool:
    """Whether the three-part *mask* is meant for *who*, who is at *address*."""
    person, _, host = mask.rpartition("@")
    nick, _, user = person.partition("!")
    return (
        is_like(nick, who.nick)
        and is_like(user, who.username)
        and (is_like(host, who.host) or _is_at(host, address))
    )


def is_like(pattern: str, text: str) -> bool:
    """Whether *text* is what *pattern* stands for, whatever its case."""
    pattern, text = _folded(pattern), _folded(text)
    if pattern == "*":
        return True
    here = there = 0
    # Where to go on when what follows the last `*` does not fit: one further.
    star, retry = -1, 0
    while there < len(text):
        if here < len(pattern) and pattern[here] == "*":
            star, retry = here, there
            here += 1
        elif here < len(pattern) and pattern[here] in ("?", text[there]):
            here, there = here + 1, there + 1
        elif star >= 0:
            here, retry = star + 1, retry + 1
            there = retry
        else:
            return False
    return not pattern[here:].strip("*")


def _is_at(host: str, address: str) -> bool:
    if not address:
        return False
    network = _network(host)
    if network is None:
        return is_like(host, address)
    try:
        return ip_address(address.partition("%")[0]) in network
    except ValueError:
        return False


@lru_cache(maxsize=1000)
def _network(text: str) -> IPv4Network | IPv6Network | None:
    if "/" not in text and "." not in text and ":" not in text:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=4000)
def _folded(text: str) -> str:
    return text.lower() if text.isascii() else normalize("NFC", text).lower()
