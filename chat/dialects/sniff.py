"""Sniffing: which language a conversation is in.

One port speaks every language, so the first line has to tell.  An IRC client
opens with one of a few commands and as many parameters as they need; a browser
opens with a request line; anything else was typed by a person.

    NICK alice           IRC           nick alice   IRC (commands have no case)
    Nick                 a person of that name
    GET / HTTP/1.1       a browser     get out!     a person
    16 03 ...            TLS, which is known before any line ends
    SSH-2.0-...          none of ours, and no name is made of it

Some doors settle it beforehand: behind ``irc://`` nobody is a person, behind
``plain://`` and ``telnet://`` nobody an IRC client.  HTTP, TLS and the probes
are told apart at every door, or a web page could make its visitor's browser
speak at one of them.

Where in doubt between a person and a program that means no chat, the question
is what a mistake costs.  A name cannot be made of most probes anyhow, while a
person who is shown the door does not come back; so only what no keyboard sends
is shown it.  With HTTP it is the other way round: whatever a lenient parser
would take for a request is one.

Next: chat/dialects/dialect.py
"""

import re
from enum import Enum, auto
from typing import Final

from chat.dialects.dialect import Heard, Silent
from chat.domain.commands import Depart
from chat.wire.lines import Broken, Line


class Language(Enum):
    """What a conversation is in."""

    IRC = auto()
    HTTP = auto()
    TLS = auto()
    PLAIN = auto()
    NONE = auto()


# What editors on Windows put before a text.  It belongs to no language.
BOM: Final = b"\xef\xbb\xbf"

# The doors, by the scheme of their listener, that are meant for one language.
FOR_PEOPLE: Final = frozenset({"plain", "telnet"})
FOR_IRC: Final = frozenset({"irc"})

# A TLS record that holds a handshake, of any version (RFC 8446, section 5.1).
_HANDSHAKE: Final = b"\x16\x03"

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

# RFC 9112, section 3: method SP request-target SP HTTP-version.  A lenient parser
# divides at any white space and has more of it in the target.
_HTTP_VERSION: Final = re.compile(rb"HTTP/\d+(\.\d+)?", re.IGNORECASE)
# Requests without a version went out with HTTP/0.9, and browsers send none.  But
# probes do; so does somebody who tries the port by hand, and he is told what it
# is; and in one whose version got lost the header would follow as if it were talk.
_BARE_REQUEST: Final = re.compile(rb"(?:GET|HEAD|POST|PUT) /\S*\s*")

# Programs that knock on every port.  In capitals, as they all send it, because
# "helo bob" is how some people greet.
_PROBE: Final = re.compile(
    rb"SSH-\d.*"  # SSH (RFC 4253, section 4.2)
    rb"|\*\d+"  # Redis, an array of RESP
    rb"|[A-Z-]+ \S+ [A-Z]+/\d\.\d"  # SIP, RTSP, ICAP: requests that are not HTTP's
    rb"|(?:EHLO|HELO) \S+"  # SMTP (RFC 5321, section 4.1.1.1)
    rb"|PROXY (?:TCP4|TCP6|UNKNOWN)(?: .*)?",  # PROXY protocol, version 1
    re.DOTALL,
)

# NUL ends no name and no line; binary protocols are full of it.  The other five
# (^Q ^S ^V ^Z ^\) a terminal that sends lines keeps for itself.  It lets the rest
# through: people press arrows, ^A and ^G, and who edits by himself sends ^C.
_NUL: Final = b"\0"
_NEVER_TYPED: Final = re.compile(rb"[\x11\x13\x16\x1a\x1c]")


def language(first: Line, door: str = "auto") -> Language | None:
    """The language of a conversation that begins with *first*, at a *door*.

    None if it tells nothing: an empty line is a person's Enter, or one of those
    that may precede a request (RFC 9112, section 2.2) or a PROXY header.
    """
    if isinstance(first, Broken):
        # It may be the long request line of a web page that would have what
        # follows spoken in its visitor's name.
        return Language.NONE
    spoken = opening(first) or _of_words(first)
    if spoken is Language.IRC and door in FOR_PEOPLE:
        return Language.PLAIN
    if spoken is Language.PLAIN and door in FOR_IRC:
        return Language.IRC
    return spoken


def opening(first: bytes) -> Language | None:
    """What is certain already though *first* has not ended; None if nothing is.

    Whatever follows, and wherever it is cut, `language` will say the same.
    """
    if first.startswith(_HANDSHAKE):
        return Language.TLS
    # Among them the signature of the PROXY protocol, version 2.
    return Language.NONE if _NUL in first else None


def _of_words(first: bytes) -> Language | None:
    words = first.split()
    if not words:
        return None
    if _is_request(first, words):
        return Language.HTTP
    if _PROBE.fullmatch(first):
        return Language.NONE
    if _is_irc(words):
        return Language.IRC
    # Behind IRC, in whose colours two of the five have a meaning.
    return Language.NONE if _NEVER_TYPED.search(first) else Language.PLAIN


def _is_request(first: bytes, words: list[bytes]) -> bool:
    # Few lines have one, and no request is without.
    if b"/" not in first:
        return False
    if len(words) > 2 and _HTTP_VERSION.fullmatch(words[-1]):
        return True
    return _BARE_REQUEST.fullmatch(first) is not None


def _is_irc(words: list[bytes]) -> bool:
    if words[0].startswith((b"@", b":")):
        return len(words) > 1
    needed = _OPENINGS.get(words[0].upper())
    return needed is not None and len(words) > needed


class Stranger(Silent):
    """Somebody whose language is not spoken here: told so, and let go."""

    def hear(self, _line: Line) -> Heard:
        """Whatever it is, there is one answer; ``ERROR`` is legal on IRC, too."""
        return [b"ERROR :That is no language of this house.\r\n", Depart("No language")]


# A record that holds a fatal alert, handshake_failure (RFC 8446, section 6; RFC
# 5246, section 7.2).  Its version is the one that every client still reads.
_ALERT: Final = b"\x15\x03\x01\x00\x02\x02\x28"


class Sealed(Silent):
    """A TLS client's conversation, which nobody here can open: told so in TLS."""

    def __init__(self, *, was_greeted: bool) -> None:
        # Whoever has read words for people would not find the alert in them.
        self._answer = b"" if was_greeted else _ALERT

    def hear(self, _line: Line) -> Heard:
        """Whatever is in it, there is one answer."""
        return [self._answer, Depart("No TLS here")]
