"""Sniffing: which language a conversation is in.

One port speaks every language, so the first line has to tell.  An IRC client
opens with one of a few commands and as many parameters as they need; a browser
opens with a request line; anything else was typed by a person.

    NICK alice           IRC           nick alice   IRC (commands have no case)
    Nick                 a person of that name
    GET / HTTP/1.1       a browser     get out!     a person

Next: chat/dialects/dialect.py
"""

import re
from enum import Enum, auto
from typing import Final

from chat.wire.lines import Broken, Line


class Language(Enum):
    """What a first line was written in."""

    IRC = auto()
    HTTP = auto()
    PLAIN = auto()


# The commands that an IRC client may open with, and the least words that must
# follow (https://modern.ircdocs.horse/#connection-registration).
_OPENINGS: Final = {
    b"CAP": 1,
    b"NICK": 1,
    b"USER": 4,
    b"PASS": 1,
    b"PING": 1,
    b"AUTHENTICATE": 1,
    b"WEBIRC": 4,
}

# RFC 9112, section 3: method SP request-target SP HTTP-version.
_REQUEST_LINE: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ \S+ HTTP/\d\.\d")


def language(first: Line) -> Language:
    """The language of a conversation that begins with *first*."""
    if isinstance(first, Broken):
        return Language.PLAIN
    if _REQUEST_LINE.fullmatch(first):
        return Language.HTTP
    words = first.split()
    if not words:
        return Language.PLAIN
    if words[0].startswith((b"@", b":")) and len(words) > 1:
        return Language.IRC
    needed = _OPENINGS.get(words[0].upper())
    if needed is not None and len(words) > needed:
        return Language.IRC
    return Language.PLAIN
