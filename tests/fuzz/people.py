"""People: the far end of a conversation, and what must never be read there.

Some read at once, some a little at a time or now and then, some never.  All that
is read is looked at, by the rules of the dialect that the conversation is in.
"""

import re
import socket
from contextlib import suppress
from random import Random
from typing import Final, NamedTuple

from chat.dialects.http import Http
from chat.dialects.irc.session import Irc
from chat.server.session import Session
from tests.fuzz.speech import Voice

# A line to an IRC client, without its end; and the tags before it.
_BODY: Final = 510
_TAGS: Final = 8191
# IRC's formatting and CTCP's 01 are all that an IRC client is sent below a space.
_NOT_FOR_IRC: Final = re.compile(rb"[\0\x05-\x09\x0b\x0c\x0e\x10\x12-\x15\x17-\x1c]")
# A terminal gets no control character in either form, and nothing that turns text
# around: but of that, who is shown his own keys gets back what he typed.
_CONTROLS: Final = re.compile("[\0-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_OVERRIDES: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
# What a silent peer is told before it turns out to speak IRC.
_GREETING: Final = b"Welcome to "
# Telnet's commands that a server may send, and the beginning of one.
_COMMAND: Final = re.compile(rb"\xff(?:[\xfb-\xfe].|\xfa\x18\x01\xff\xf0)", re.DOTALL)
_HALF_A_COMMAND: Final = re.compile(rb"\xff(?:[\xfb-\xfe]|\xfa(?:\x18\x01?\xff?)?)?\Z")
# How the editor draws a line that is being typed.
_DRAWN: Final = re.compile(rb"\r\x1b\[K|\x08 \x08|\x07")


class Flaw(Exception):
    """A promise that was not kept."""


class Habit(NamedTuple):
    """How somebody reads: how often, and how many bytes at most."""

    often: float
    most: int


HABITS: Final = (
    *[Habit(1, 1 << 20)] * 7,
    Habit(0.1, 1 << 20),
    Habit(0.5, 300),
    Habit(0, 0),
)


class Person:
    """Somebody with a voice and a habit; `is_gone` when it is over."""

    def __init__(
        self, mine: socket.socket, session: Session, voice: Voice, habit: Habit
    ) -> None:
        self.session = session
        self.is_gone = False
        self.speaks_telnet = False
        self._socket = mine
        self._voice = voice
        self._habit = habit
        self._unsaid = b""
        self._has_finished = False
        # What was read and is no whole line yet; half a telnet command before it.
        self._line = b""
        self._command = b""

    def speak(self, dice: Random) -> bytes:
        """Say the next thing, or the part of it up to any cut; what was taken."""
        if self._has_finished:
            return b""
        if not self._unsaid:
            self._unsaid = next(self._voice)
            # Who has said either is telnet from then on.
            asked = b"\xff" in self._unsaid or b"/telnet" in self._unsaid.lower()
            self.speaks_telnet |= asked
        cut = dice.choice((len(self._unsaid), dice.randint(0, len(self._unsaid))))
        taken = 0
        try:
            taken = self._socket.send(self._unsaid[:cut])
        except BlockingIOError:
            pass
        except OSError:
            self.vanish()
        said, self._unsaid = self._unsaid[:taken], self._unsaid[taken:]
        return said

    def listen(self, dice: Random) -> None:
        """Read, if it is a habit.

        Raises:
            Flaw: somebody should not have read that.
        """
        if dice.random() < self._habit.often:
            self._read(self._habit.most)

    def finish(self) -> None:
        """Say no more, and go on reading."""
        self._has_finished = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def vanish(self) -> None:
        """Be gone; with anything left unread, that is a reset."""
        self.is_gone = True
        self._socket.close()

    def _read(self, most: int) -> None:
        try:
            data = self._socket.recv(most)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._look_at(data)
        else:
            self.vanish()

    def _look_at(self, data: bytes) -> None:
        if self.speaks_telnet:
            data = self._without_commands(data)
        claim(b"\xff" not in data, "IAC for somebody who sent none", data)
        lines, end, self._line = (self._line + data).rpartition(b"\n")
        if not end or isinstance(self.session.dialect, Http):
            return
        lines += end
        if self.speaks_telnet:
            # What is being typed here, by whatever rules, may stand in any line.
            lines = _DRAWN.sub(b"", lines)
        check_any(lines)
        if isinstance(self.session.dialect, Irc):
            check_irc(lines, sees_own_keys=self.speaks_telnet)
        else:
            check_plain(lines, sees_own_keys=self.speaks_telnet)

    def _without_commands(self, data: bytes) -> bytes:
        data = _COMMAND.sub(b"", self._command + data)
        half = _HALF_A_COMMAND.search(data)
        self._command = half[0] if half else b""
        return data[: half.start()] if half else data


def check_any(lines: bytes) -> None:
    """Lines end in CR LF, neither is anywhere else, and all is UTF-8."""
    ends = lines.count(b"\r\n")
    claim(lines.count(b"\r") == ends == lines.count(b"\n"), "a lone CR or LF", lines)
    claim(_is_utf8(lines), "not UTF-8", lines)


def check_irc(lines: bytes, *, sees_own_keys: bool) -> None:
    """An IRC client reads short lines, and few control characters."""
    claim(not _NOT_FOR_IRC.search(lines), "control characters for IRC", lines)
    if sees_own_keys:
        return
    for line in lines.split(b"\r\n"):
        if len(line) > _BODY and not line.startswith(_GREETING):
            tags, _, body = (
                line.partition(b" ") if line[:1] == b"@" else (b"", b"", line)
            )
            fits = len(body) <= _BODY and len(tags) < _TAGS
            claim(fits, "too long a line for IRC", line)


def check_plain(lines: bytes, *, sees_own_keys: bool) -> None:
    """A terminal reads nothing that it would obey."""
    text = lines.decode()
    claim(not _CONTROLS.search(text), "control characters for a terminal", lines)
    is_turned = not sees_own_keys and _OVERRIDES.search(text)
    claim(not is_turned, "text turned around", lines)


def claim(holds: object, what: str, data: bytes) -> None:
    """Raise `Flaw` unless it holds."""
    if not holds:
        raise Flaw(f"{what}: {shown(data)}")


def shown(data: object) -> str:
    """It, or if it is long the end of it: what goes wrong is seldom far from there."""
    text = repr(data)
    return text if len(text) < 300 else f"... {text[-300:]}"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
