"""Names: which ones are possible, and when two are the same.

A nick or a room's name is text that people choose, so it follows PRECIS
(RFC 8264, RFC 8265): it is *shown* as UsernameCasePreserved has it and
*folded* as UsernameCaseMapped has it, and two spellings with one fold are one
name.  On top of that come the characters that a line of chat needs for itself:
a nick with a space, a ``!`` or a ``:`` could not be told from what stands
around it.

Lengths are in bytes of UTF-8, because an IRC line is limited in bytes.

Next: chat/domain/refusals.py
"""

import re
from functools import lru_cache
from typing import Any, Final

from precis_i18n import get_profile

from chat.domain.looks import is_mixed, skeleton
from chat.domain.refusals import NickImpossible, Refused, RoomNameImpossible
from chat.domain.value import value

_SHOWN: Final = get_profile("UsernameCasePreserved")
_FOLDED: Final = get_profile("UsernameCaseMapped")

# What a nick must not hold: `!` and `@` divide an IRC source, `,` a list of
# targets; `*` and `?` are masks; `:` ends a speaker's name in plain; `#` begins
# a room's; a dot makes a server of it.
_NOT_IN_NICKS: Final = frozenset("!@,*?:#.")
# What a nick must not begin with: IRC's marks of rank, `$` for masks of
# servers, `/`, which begins a command in plain, and `-`, which begins the lines
# of the house itself.
_NOT_FIRST_IN_NICKS: Final = frozenset("~&%+$/-")
# Longer than any name may be set to be; PRECIS is not asked about such a text.
_LONGEST: Final = 128
# For each of these PRECIS looks at all the rest (RFC 5892, A.7 to A.9), which takes
# time that grows with the square.  No name has many: middle dots, also the narrow
# one that becomes one, and the digits of Arabic and Persian.
_DEAR: Final = re.compile("[\u30fb\uff65\u0660-\u0669\u06f0-\u06f9]")
_MOST_DEAR: Final = 8
# Names whose forms are remembered: those that are spoken of again and again.
_REMEMBERED: Final = 1024
# What PRECIS leaves as it is, and puts in small letters to fold it: nearly every name.
_PLAIN: Final = re.compile("[!-~]+")
_NOT_IN_ROOMS: Final = frozenset(",")
# Whom people on IRC tell their passwords, by the name alone: nobody goes by these.
_SERVICES: Final = (
    *("authserv", "botserv", "chanserv", "hostserv", "memoserv"),
    *("nickserv", "operserv", "saslserv"),
)
# How the nicks begin that the house gives to guests.
GUEST: Final = "guest-"


@value
class Name:
    """A name as it is shown, and the fold that decides whose it is."""

    shown: str
    fold: str


def fold(text: str) -> str:
    """The form under which two spellings are one name.

    For looking names up: what cannot be folded stands for itself, which is no
    possible name's fold, and so is simply not found.
    """
    if text.isascii():
        return text.lower()
    # PRECIS must not see the mark of a room: a name that is written from right to
    # left has to begin with a letter of its own.
    mark, name = ("#", text[1:]) if text.startswith("#") else ("", text)
    folded = _by_precis(_FOLDED, name)
    return text if folded is None else mark + folded


def unmarked(nick: str, guests: str) -> str:
    """*nick* without what the house has put before it, where *guests* are named.

    An account is called so, and whoever goes by such a nick means it.
    """
    is_marked = guests == "named" and fold(nick).startswith(GUEST)
    return nick[len(GUEST) :] if is_marked else nick


def appearances(name: Name) -> tuple[str, ...]:
    """What *name* looks like as it is shown, and in small letters.

    They differ: ``paypaI`` with a large i looks like ``paypal``, and with a small
    one does not.
    """
    if name.shown == name.fold:
        return (skeleton(name.shown),)
    return tuple(dict.fromkeys((skeleton(name.shown), skeleton(name.fold))))


def flaw_of_account(name: Name) -> str:
    """Why nobody can have an account of that *name*, to end a sentence; or nothing."""
    if any(looks.startswith(GUEST) for looks in appearances(name)):
        return f"names that begin with {GUEST} are for guests"
    if is_mixed(name.shown) or is_mixed(name.fold):
        return "it mixes letters of several alphabets"
    return ""


def nick(text: str, limit: int) -> Name:
    """*text* as somebody's nick of at most *limit* bytes.

    Raises:
        Refused: `NickImpossible`, and why.
    """
    why = _flaw(text, limit, _NOT_IN_NICKS)
    if why:
        raise Refused(NickImpossible(text, why))
    name = _name(text)
    if name.shown[0] in _NOT_FIRST_IN_NICKS:
        raise Refused(NickImpossible(text, f"it may not begin with {name.shown[0]}"))
    if not _looks_of_services().isdisjoint(appearances(name)):
        raise Refused(NickImpossible(text, "it is a service's"))
    return name


@lru_cache(1)
def _looks_of_services() -> frozenset[str]:
    return frozenset(map(skeleton, _SERVICES))


# Most who come enter rooms where others are.
@lru_cache(_REMEMBERED)
def room(text: str, limit: int) -> Name:
    """*text* as a room's name, ``#`` and all, of at most *limit* bytes.

    Raises:
        Refused: `RoomNameImpossible`, and why.
    """
    why = "it begins with #"
    if text.startswith("#"):
        why = _flaw(text[1:], limit, _NOT_IN_ROOMS, mark="#")
    if why:
        raise Refused(RoomNameImpossible(text, why))
    rest = _name(text[1:])
    return Name("#" + rest.shown, "#" + rest.fold)


def _name(text: str) -> Name:
    if text.isascii():
        return Name(text, text.lower())
    shown = _by_precis(_SHOWN, text)
    assert shown is not None, "it has a flaw, and that was looked for"
    return Name(shown, fold(text))


def _flaw(text: str, limit: int, forbidden: frozenset[str], mark: str = "") -> str:
    """What is wrong with *text* after its *mark*, to end a sentence; or nothing."""
    if not text:
        return "it is empty"
    # Before PRECIS, whose price grows with the length of what strangers send.
    if _PLAIN.fullmatch(text):
        return _flaw_when_shown(mark + text, limit, forbidden)
    if len(mark + text) > limit:
        return f"it is longer than {limit} bytes"
    if any(character.isspace() for character in text):
        return "it may not hold spaces"
    shown = _by_precis(_SHOWN, text)
    if shown is None or _by_precis(_FOLDED, text) is None:
        return "it holds characters that names cannot have"
    # What matters is what the name becomes, not how it was typed.
    return _flaw_when_shown(mark + shown, limit, forbidden)


@lru_cache(_REMEMBERED)
def _by_precis(profile: Any, text: str) -> str | None:
    """The form that *profile* gives *text*, or None if it forbids it."""
    if len(text) > _LONGEST or len(_DEAR.findall(text)) > _MOST_DEAR:
        return None
    try:
        form: str = profile.enforce(text)
    except UnicodeEncodeError:
        return None
    return form


def _flaw_when_shown(text: str, limit: int, forbidden: frozenset[str]) -> str:
    if len(text.encode()) > limit:
        return f"it is longer than {limit} bytes"
    if not forbidden.isdisjoint(text):
        first = next(each for each in text if each in forbidden)
        return f"it may not hold {first}"
    return ""
