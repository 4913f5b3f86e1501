"""The editor: a line as it is typed, for a terminal that sends every key.

In character mode (PuTTY asks for it) a terminal shows nothing of its own: what
the person sees of his line is what we send back.  So the line is edited here,
keys in and finished lines out, and the echoes collect until the loop takes them.

The rules:

* what is erased is a whole character by its code point, never a byte of one, and
  as many columns as it took.  A combining mark takes none;
* Enter is CR LF, LF or CR alone: here a CR is a key, and forges nothing;
* a key that is not for editing (arrows, Home, F1) is swallowed whole, and so is
  every other control character: nothing typed here can command a terminal;
* bytes that are not UTF-8 stay in the line, where the dialect says what is wrong
  with them, and show as ``?``;
* the line is bounded: a key too many is refused with a bell;
* what is typed while `hidden` is on is never shown, not even later.

A line that is wider than the window can be edited, but the terminal does not go
back over its edge: what was erased beyond it stays on the screen until Enter.
"""

import re
from codecs import getincrementaldecoder
from typing import Final

from wcwidth import wcwidth

_DECODER: Final = getincrementaldecoder("utf-8")

# One control character (C0, DEL or C1), or a run of anything else.
_RUNS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]|[^\x00-\x1f\x7f-\x9f]+")

# ESC and one of these begin what goes on: CSI and SS3 are keys; DCS, OSC, SOS,
# PM and APC are what a terminal answers (ECMA-48, section 5.6).
_KEYS: Final = "[O"
_STRINGS: Final = "P]X^_"
# Longer than any key.  Whoever pressed Alt and ] by mistake gets his text back.
_ESCAPE_LIMIT: Final = 64

_BELL: Final = b"\a"
_NEW_LINE: Final = b"\r\n"
# Back to the left edge, and erase what is there (ECMA-48: EL).
_CLEAR: Final = b"\r\x1b[K"
_GOOD_BYE: Final = b"\x04\n"


class Editor:
    """Keys in, finished lines out; what the person is to see goes aside."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._pending: list[str] = []
        # How many bytes the pending characters are.
        self._size = 0
        self._decoder = _DECODER("surrogateescape")
        # The escape sequence that has begun; empty when none has.
        self._escape = ""
        self._after_cr = False
        self._hidden = False
        self._finished = bytearray()
        self._echo = bytearray()

    @property
    def hidden(self) -> bool:
        """Whether nothing that is typed is shown: it is a password."""
        return self._hidden

    @hidden.setter
    def hidden(self, on: bool) -> None:
        if on == self._hidden:
            return
        # A password typed ahead vanishes from the screen and remains typed; a
        # half-typed one that is no longer asked for must not come to light.
        if on:
            self._rub_out("".join(self._pending))
        else:
            self._forget()
            self._decoder.reset()
        self._hidden = on

    def receive(self, data: bytes) -> bytes:
        r"""The lines that *data* finishes, each with ``\n``, for a line buffer."""
        self._press(self._decoder.decode(data))
        finished = bytes(self._finished)
        self._finished.clear()
        return finished

    def take_echo(self) -> bytes:
        """What the terminal is to show, and has not been taken yet."""
        echo = bytes(self._echo)
        self._echo.clear()
        return echo

    def around(self, text: bytes) -> bytes:
        """*text*, whole lines, so that it appears above the line being typed."""
        if self._hidden or not self._pending:
            return text
        return _CLEAR + text + _shown("".join(self._pending))

    def rest(self) -> bytes:
        """Give out what was typed and not entered, and forget it, unshown."""
        rest = _encoded("".join(self._pending))
        self._forget()
        return rest

    def drop(self) -> None:
        """Forget the line and go on in a new one: the peer was interrupted."""
        self._settle()
        self._interrupt()

    def erase_character(self) -> None:
        """Forget the last character, however many bytes it has."""
        self._settle()
        self._erase(1)

    def erase_line(self) -> None:
        """Forget the line, and rub it out."""
        self._settle()
        self._erase(len(self._pending))

    def _settle(self) -> None:
        """Something that is no key was sent: what it cut in two stays cut."""
        self._press(self._decoder.decode(b"", final=True))
        self._escape = ""

    def _press(self, keys: str) -> None:
        for match in _RUNS.finditer(keys):
            run = match[0]
            if _is_control(run):
                # It ends an escape sequence: Enter works whatever was before it.
                self._escape = ""
                self._control(run)
            else:
                self._type(self._after_escape(run) if self._escape else run)

    def _after_escape(self, run: str) -> str:
        """What is left of *run* behind the escape sequence that has begun."""
        for index, character in enumerate(run, start=1):
            self._escape += character
            if _is_whole(self._escape):
                self._escape = ""
                return run[index:]
        return ""

    def _type(self, text: str) -> None:
        self._after_cr = False
        size = _size(text)
        if self._size + size <= self.limit:
            self._pending += text
            self._size += size
            self._show(_shown(text))
        elif len(text) == 1:
            self._show(_BELL)
        else:
            for character in text:
                self._type(character)

    def _control(self, key: str) -> None:
        was_after_cr, self._after_cr = self._after_cr, key == "\r"
        match key:
            case "\r":
                self._enter()
            case "\n" if not was_after_cr:
                self._enter()
            case "\x1b":
                self._escape = key
            case "\x03":
                self._interrupt()
            case "\x04" if not self._pending:
                self._finished += _GOOD_BYE
            case _:
                self._erase(self._erased_by(key))

    def _erased_by(self, key: str) -> int:
        """How many characters *key* takes back."""
        match key:
            case "\b" | "\x7f":
                return 1
            case "\x15":
                return len(self._pending)
            case "\x17":
                return self._last_word()
            case _:
                return 0

    def _last_word(self) -> int:
        """The length of the last word, with the spaces behind it."""
        start = len(self._pending)
        while start and self._pending[start - 1] == " ":
            start -= 1
        while start and self._pending[start - 1] != " ":
            start -= 1
        return len(self._pending) - start

    def _enter(self) -> None:
        self._finished += _encoded("".join(self._pending)) + b"\n"
        self._forget()
        self._show(_NEW_LINE)

    def _interrupt(self) -> None:
        self._forget()
        self._show(b"^C" + _NEW_LINE)

    def _forget(self) -> None:
        self._pending.clear()
        self._size = 0

    def _erase(self, count: int) -> None:
        start = max(0, len(self._pending) - count)
        erased = "".join(self._pending[start:])
        del self._pending[start:]
        self._size -= _size(erased)
        self._rub_out(erased)

    def _rub_out(self, erased: str) -> None:
        self._show(b"\b \b" * _columns(erased))

    def _show(self, echo: bytes) -> None:
        if not self._hidden:
            self._echo += echo


def _is_control(run: str) -> bool:
    """Whether it is one control character: C0, DEL or C1."""
    return run < " " or "\x7f" <= run < "\xa0"


def _is_whole(sequence: str) -> bool:
    """Whether nothing more belongs to an escape sequence of two or more."""
    kind = sequence[1]
    if len(sequence) == _ESCAPE_LIMIT:
        return True
    if kind not in _KEYS:
        return kind not in _STRINGS
    # Parameters go before, one letter ends it.  The Linux console's F1 is ESC [ [ A.
    return len(sequence) > 2 and sequence[-1] >= "@" and sequence != "\x1b[["


def _encoded(text: str) -> bytes:
    """*text* as the bytes that were typed."""
    return text.encode(errors="surrogateescape")


def _shown(text: str) -> bytes:
    """*text* with ``?`` for each byte that is not UTF-8."""
    return text.encode(errors="replace")


def _size(text: str) -> int:
    """How many bytes *text* was."""
    return len(text) if text.isascii() else len(_encoded(text))


def _columns(text: str) -> int:
    """How many columns *text* takes as it is shown."""
    if text.isascii():
        return len(text)
    # What is not UTF-8 shows as one question mark for each byte.
    shown = _shown(text).decode()
    return sum(max(0, wcwidth(character)) for character in shown)
