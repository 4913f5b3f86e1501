"""Masks: patterns that people are matched against, such as ``bob!*@*``.

A mask has three parts, a nick, a user name and a host, and in each ``*`` stands
for anything and ``?`` for one character.  The host is matched against the cloak
that everybody sees, and against the address that only the house knows, so that an
operator who has an address can ban it, or a whole network: ``*!*@192.0.2.0/24``.
A mask such as ``a:bob`` has one part, and is for who is logged in as bob, wherever
he comes from (https://ircv3.net/specs/extensions/account-extban).

Matching takes time that grows with the mask and the text and not with a power of
them: a pattern that backtracks, ``*a*a*a*b``, could stop a server for minutes.  So
regular expressions are made of what stands between two `*`, and of nothing else.
https://modern.ircdocs.horse/#wildcard-expressions
"""

import re
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from re import Pattern
from typing import Final
from unicodedata import normalize

from chat.domain.views import Who

# Before a mask: who matches is not kept out, only not heard.
MUTE: Final = "m:"
# Before an account.
ACCOUNT: Final = "a:"
# In bytes: with a nick, a host and a room it still is one line of IRC.
_LONGEST: Final = 250


def flaw(text: str) -> str:
    """Why *text* cannot be a mask, to end a sentence; or nothing."""
    text = text.removeprefix(MUTE)
    if not text or " " in text or not text.isprintable() or text.startswith(":"):
        return "a mask is one word, and does not begin with a colon"
    if len(text.encode()) > _LONGEST:
        return f"a mask has at most {_LONGEST} bytes"
    if text == ACCOUNT:
        return f"an account stands behind {ACCOUNT}"
    return ""


def whole(text: str) -> str:
    """*text* as a whole mask, with what people leave out filled in.

    bob  bob!*@*      192.0.2.0/24  *!*@192.0.2.0/24      *@x.cloak  *!*@x.cloak
    """
    before = MUTE if text.startswith(MUTE) else ""
    text = text.removeprefix(MUTE)
    if text.startswith(ACCOUNT):
        return before + text
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
    """Whether the whole *mask* is meant for *who*, who is at *address*."""
    if mask.startswith(ACCOUNT):
        # Nobody is a guest by name.
        return bool(who.account) and is_like(mask.removeprefix(ACCOUNT), who.account)
    person, _, host = mask.rpartition("@")
    nick, _, user = person.partition("!")
    return (
        is_like(nick, who.nick)
        and is_like(user, who.username)
        and (is_like(host, who.host) or _is_at(host, address))
    )


def is_like(pattern: str, text: str) -> bool:
    """Whether *text* is what *pattern* stands for, whatever its case.

    What stands between two `*` is looked for from left to right, and where it is
    found first it stays: nothing that comes later could want it further back.
    """
    if len(pattern) > 2 * _LONGEST:
        return False
    first, between, last = _taken_apart(pattern)
    # Whoever looks somebody up has four texts of everybody looked at.
    text = text.lower() if text.isascii() else _folded(text)
    if last is None:
        return _fits(first, text)
    start, end = len(first), len(text) - len(last)
    if start > end or not (_fits(first, text[:start]) and _fits(last, text[end:])):
        return False
    for part in between:
        found = _find(part, text, start, end)
        if found < 0:
            return False
        start = found + len(part)
    return True


@lru_cache(maxsize=1000)
def _taken_apart(pattern: str) -> tuple[str, list[str], str | None]:
    """What stands before the first `*`, between them, and behind the last if any is."""
    first, *others = _folded(pattern).split("*")
    if not others:
        return first, [], None
    *between, last = others
    return first, [part for part in between if part], last


def _fits(part: str, text: str) -> bool:
    """Whether *text* is *part*, where `?` stands for anything."""
    if "?" not in part:
        return part == text
    return _compiled(part).fullmatch(text) is not None


def _find(part: str, text: str, start: int, end: int) -> int:
    if "?" not in part:
        return text.find(part, start, end)
    found = _compiled(part).search(text, start, end)
    return found.start() if found else -1


@lru_cache(maxsize=1000)
def _compiled(part: str) -> Pattern[str]:
    # One dot for each `?` and nothing that repeats: there is nowhere to go back to.
    return re.compile(re.escape(part).replace(r"\?", "."), re.DOTALL)


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
    return normalize("NFC", text).lower()
