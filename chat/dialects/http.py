"""HTTP: a short, correct answer, and good-bye.

A browser that finds its way to this port is told in its own language where it
is.  A connection that began as HTTP never becomes chat: a web page can make a
visitor's browser post whatever it likes to any address (a *cross-protocol*
request), and a body full of commands would otherwise speak in his name.
"""

from typing import Final

from chat.dialects.dialect import Heard, Silent
from chat.domain.commands import Depart
from chat.wire.lines import Line

_BODY: Final = (
    b"This is a chat server, not a web site.\n"
    b"Reach it with a terminal: nc, telnet, or any IRC client, on this very port.\n"
)

# 400 rather than 404, because no request at all is understood here; the header
# fields are those that RFC 9110 asks of a server that closes.
ANSWER: Final = (
    b"HTTP/1.1 400 Bad Request\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: %d\r\n"
    b"Connection: close\r\n"
    b"X-Content-Type-Options: nosniff\r\n"
    b"\r\n%s" % (len(_BODY), _BODY)
)


class Http(Silent):
    """A browser's conversation: one answer, whatever it asks."""

    def __init__(self, *, was_greeted: bool) -> None:
        # After words for people nothing that we send would be HTTP any more.
        self._answer = b"" if was_greeted else ANSWER

    def hear(self, _line: Line) -> Heard:
        """Any line is answered with the one answer, and the end."""
        return [self._answer, Depart("HTTP")]
