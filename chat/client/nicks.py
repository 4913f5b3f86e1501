"""Nicks: what to call ourselves when the first choice is not to be had.

A nick may be taken, and then a suffix helps; or the server may not like how it
is written, and then it is reduced to what every IRC server takes: nine ASCII
letters and digits, as RFC 1459 has it, and a letter first.  Nothing is random:
the same refusals lead to the same nick.

Next: chat/client/happenings.py
"""

from collections.abc import Iterator
from typing import Final

_SUFFIXES: Final = ("", "_", "2", "3", "4", "5", "6", "7", "8", "9")
_SHORT: Final = 9


def taken(nick: str) -> Iterator[str]:
    """What to try, in order, for somebody who would have liked *nick*."""
    return (nick + suffix for suffix in _SUFFIXES[1:])


def unwelcome(nick: str) -> Iterator[str]:
    """What to try when the server does not like how *nick* is written."""
    short = plain(nick)
    return (short[: _SHORT - len(suffix)] + suffix for suffix in _SUFFIXES)


def plain(nick: str) -> str:
    """*nick* as every server takes it, as a nick or as the name of a user."""
    letters = "".join(filter(_is_plain, nick)).lstrip("0123456789")
    return letters[:_SHORT] or "guest"


def _is_plain(character: str) -> bool:
    return character.isascii() and character.isalnum()
