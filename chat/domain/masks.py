"""Masks: patterns that people are matched against, such as ``bob!*@*``.

A mask has three parts, a nick, a user name and a host, and in each ``*`` stands
for anything and ``?`` for one character.  The host is matched against the cloak
that everybody sees, and against the address that only the house knows, so that an
operator who has an address can ban it, or a whole network: ``*!*@192.0.2.0/24``.

Matching takes time that grows with the mask and the text and not with a power of
them: a pattern that backtracks, ``*a*a*a*b``, could stop a server for minutes.
https://modern.ircdocs.horse/#wildcard-expressions
"""

import re
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final
from unicodedata import normalize

from chat.domain.views import Who

# Before a mask: who matches is not kept out, only not heard.
MUTE: Final = "m:"
# In bytes: with a nick, a host and a room it still is one line of IRC.
_LONGEST: Final = 250


def flaw(text: str) -> str:
    """Why *text* cannot be a mask, to end a sentence; or nothing."""
    text = text.removeprefix(MUTE)
    if not text or " " in text or not text.isprintable() or text.startswith(":"):
        return "a mask is one word, and does not begin with a colon"
    if len(text.encode()) > _LONGEST:
        return f"a mask has at most {_LONGEST} bytes"
    return ""


def whole(text: str) -> str:
    """*text* as a mask of three parts, with what people leave out filled in.

    bob  bob!*@*      192.0.2.0/24  *!*@192.0.2.0/24      *@x.cloak  *!*@x.cloak
    """
    before = MUTE if text.startswith(MUTE) else ""
    text = text.removeprefix(MUTE)
    if "!" not in text and "@" not in text and ("." in text or ":" in text):
        # No nick holds a dot or a colon.
        text = f"@{text}"
    person, at, host = text.rpartition("@")
    if not at:
        person, host = text, "*"
    nick, mark, user = person.partition("!")
    if at and not mark:
        nick, user = "*", person
    return f"{before}{nick or '*'}!{user or '*'}@{host or '*'}"


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
    return _compiled(pattern).fullmatch(_folded(text)) is not None


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> re.Pattern[str]:
    """*pattern* as an expression that never tries anything twice.

    What follows a `*` is looked for from left to right, and where it is found
    first it stays: ``(?>...)`` gives nothing back.
    """
    if len(pattern) > 2 * _LONGEST:
        return re.compile("(?!)")
    first, *others = (_literally(part) for part in re.split(r"\*+", _folded(pattern)))
    if not others:
        return re.compile(first)
    between = "".join(f"(?>.*?{part})" for part in others[:-1])
    return re.compile(f"{first}{between}.*{others[-1]}", re.DOTALL)


def _literally(part: str) -> str:
    return "".join("." if each == "?" else re.escape(each) for each in part)


def _is_at(host: str, address: str) -> bool:
    if not address:
        return False
    network = _network(host)
    if network is None:
        return is_like(host, address)
    try:
        at = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    # Who speaks IPv4 to a listener for both looks like this: ::ffff:192.0.2.1
    return (getattr(at, "ipv4_mapped", None) or at) in network


@lru_cache(maxsize=1000)
def _network(text: str) -> IPv4Network | IPv6Network | None:
    # An address with a scope is one machine on one wire, and no network.
    if "%" in text or not ("." in text or ":" in text):
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=4000)
def _folded(text: str) -> str:
    return text.lower() if text.isascii() else normalize("NFC", text).lower()
