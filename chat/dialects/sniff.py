"""Sniffing: which language a conversation is in.

One port speaks every language, so the first line has to tell.  An IRC client
opens with one of a few commands and as many parameters as they need; a browser
opens with a request line; anything else was typed by a person.

    NICK alice           IRC           nick alice   IRC (commands have no case)
    Nick                 a person of that name
    GET / HTTP/1.1       a browser     get out!     a person
    SSH-2.0-...          none of ours, and no name is made of it

Next: chat/dialects/dialect.py
"""

import re
from enum import Enum, auto
from typing import Final

from chat.dialects.dialect import Heard, Silent
from chat.domain.commands import Depart
from chat.wire.lines import Broken, Line


class Language(Enum):
    """What a first line was written in."""

    IRC = auto()
    HTTP = auto()
    PLAIN = auto()
    NONE = auto()


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


# Programs that knock on every port: SSH clients (RFC 4253, section 4.2), Redis
# clients (RESP arrays), and whatever speaks in NULs.
_PROBE: Final = re.compile(rb"SSH-.*|\*[0-9]+|.*\x00.*", re.DOTALL)


def language(first: Line) -> Language:
    """The language of a conversation that begins with *first*."""
    if isinstance(first, Broken) or _PROBE.fullmatch(first):
        # Also a line over the limit: it may be the long request line of a web
        # page that would have what follows spoken in its visitor's name.
        return Language.NONE
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


class Stranger(Silent):
    """Somebody whose language is not spoken here: told so, and let go."""

    def hear(self, _line: Line) -> Heard:
        """Whatever it is, there is one answer; ``ERROR`` is legal on IRC, too."""
        return [b"ERROR :That is no language of this house.\r\n", Depart("No language")]
