"""Telnet: taking the commands out of the text, and answering them.

A telnet program mixes its commands into what is typed: IAC (0xFF) begins one.
They are not text, so they go out here, below the lines, and what the person
meant by them (Ctrl-C, "are you there?") stands in their place as a `Signal`.
Some ask a question; the answers collect until the loop takes them.

The rules:

* nothing is sent to a peer that is not telnet: on ``nc`` it would be junk on the
  screen.  A peer is telnet once it has sent a command, or `start` was called;
* IAC and a byte that is no command is text, both bytes: 0xFF is a letter in
  Latin-1, and UTF-8 never contains it;
* options follow RFC 1143: a state for each in each direction, every request
  answered at most once, so that two programs cannot go on answering each other;
* ``DO TIMING-MARK`` is always answered.  A telnet that has sent Ctrl-C throws
  away all that it is sent until that answer comes;
* we never offer ECHO and SUPPRESS-GO-AHEAD together.  That would move a telnet
  from lines to single keys; only who asks for our echo gets both;
* CR NUL becomes CR LF, and a lone CR stays one (RFC 1123, section 3.3.1).

RFC 854 and 855 (telnet), 857 (ECHO), 858 (SGA), 860 (TIMING-MARK), 1073 (NAWS),
1091 (TTYPE), 1143 (options without loops), 1123 section 3.2 (for hosts).
"""

from collections.abc import Callable
from enum import Enum, IntEnum, auto
from typing import ClassVar, Final, TypeAlias

# RFC 854; the four below SE are RFC 1184's and RFC 885's.
_EOF, _SUSP, _ABORT, _EOR, _SE = 236, 237, 238, 239, 240
_BRK, _IP, _AYT, _EC, _EL, _SB = 243, 244, 246, 247, 248, 250
_WILL, _WONT, _DO, _DONT, _IAC = 251, 252, 253, 254, 255

_ECHO, _SGA, _TIMING_MARK, _TTYPE, _NAWS = 1, 3, 6, 24, 31
_TTYPE_IS, _TTYPE_SEND = 0, 1

# The longest honest sub-negotiation is a terminal's name: 40 letters.
_SUB_LIMIT: Final = 256
# A program negotiates a dozen options once.  Two hundred requests are a loop
# on the other side, or somebody who wants to see us work.
_REQUESTS_ANSWERED: Final = 200
# Four names are those that clients with a list of their features give.
_NAMES: Final = 4
_NAME_LENGTH: Final = 40
# Nobody reads in less, and a wider line no longer is one for the eye.
_COLUMNS: Final = range(20, 501)
_ROWS: Final = range(1, 501)
# What a telnet has that says 0, because it does not know: a window for ages.
_USUAL_COLUMNS: Final = 80
_USUAL_ROWS: Final = 24


class Signal(Enum):
    """What a person meant who pressed a key that is not text."""

    INTERRUPT = "forget the line"
    ERASE_CHARACTER = "forget its last character"
    ERASE_LINE = "forget the line, quietly"
    ARE_YOU_THERE = "say something"


_SIGNALS: Final = {
    _SUSP: Signal.INTERRUPT,
    _ABORT: Signal.INTERRUPT,
    _BRK: Signal.INTERRUPT,
    _IP: Signal.INTERRUPT,
    _AYT: Signal.ARE_YOU_THERE,
    _EC: Signal.ERASE_CHARACTER,
    _EL: Signal.ERASE_LINE,
}

Piece: TypeAlias = bytes | Signal


# Where in a command the last read ended: the step with which the next begins.
_TEXT, _COMMAND, _OPTION, _SUB, _SUB_COMMAND = range(5)
# What may follow a CR that is meant as itself.
_NUL: Final = 0


class Telnet:
    """One peer's telnet: bytes in, text and signals out, answers aside."""

    def __init__(self) -> None:
        self.is_on = False
        # The peer's window; None until the peer has said a word about it.
        self.width: int | None = None
        self.height: int | None = None
        self._place = _TEXT
        self._after_cr = False
        self._verb = 0
        self._sub = bytearray()
        self._text: list[bytes] = []
        self._pieces: list[Piece] = []
        self._answers = bytearray()
        self._patience = _REQUESTS_ANSWERED
        self._us = _Side(_WILL, _WONT, agrees_to=_OURS)
        self._him = _Side(_DO, _DONT, agrees_to=_THEIRS)
        self._names: list[str] = []
        self._names_asked = 0
        self._hides = False
        self._wants_echo = False

    @property
    def is_character_mode(self) -> bool:
        """The terminal sends every key and shows only what we send back."""
        return self._us.is_on(_ECHO) and self._us.is_on(_SGA)

    @property
    def terminal_names(self) -> tuple[str, ...]:
        """What the peer calls its terminal, the best name first."""
        return tuple(self._names)

    def start(self) -> None:
        """Treat the peer as telnet from now on, and ask what we want to know."""
        if self.is_on:
            return
        self.is_on = True
        self._answers += self._him.ask(_NAWS, yes=True)
        self._answers += self._him.ask(_TTYPE, yes=True)
        self._settle_echo()

    def hide_input(self, *, on: bool) -> None:
        """Keep what is typed off the screen, for a password, or stop doing so.

        We promise to echo, and then do not: the terminal stops showing keys.  It
        still sends lines, unless it was in character mode before.
        """
        self._hides = on
        if self.is_on:
            self._settle_echo()

    def receive(self, data: bytes) -> list[Piece]:
        """The text in *data*, and signals where they stood; nothing is empty."""
        if not (self._place or _IAC in data or _NUL in data):
            # Only text: most of the time, and all that many ever send.
            self._after_cr = data.endswith(b"\r")
            return [data] if data else []
        at = 0
        while at < len(data):
            at = self._STEPS[self._place](self, data, at)
        self._end_text()
        pieces, self._pieces = self._pieces, []
        return pieces

    def take_answers(self) -> bytes:
        """What is to be sent to the peer as it is, and has not been taken yet."""
        if not self._answers:
            return b""
        answers = bytes(self._answers)
        self._answers.clear()
        return answers

    def encode(self, data: bytes) -> bytes:
        """*data* as it goes to the peer: to telnet, 0xFF is sent twice."""
        if self.is_on and b"\xff" in data:
            return data.replace(b"\xff", b"\xff\xff")
        return data

    def _read_text(self, data: bytes, at: int) -> int:
        end = data.find(_IAC, at)
        if end < 0:
            self._put(data[at:])
            return len(data)
        if end > at:
            self._put(data[at:end])
        self._place = _COMMAND
        return end + 1

    def _read_command(self, data: bytes, at: int) -> int:
        code = data[at]
        self._place = _TEXT
        if code == _IAC:
            self._put(b"\xff")
        elif code < (_EOF if self.is_on else _SE):
            # Until we know better, four more bytes could be Latin-1 letters.
            self._put(bytes((_IAC, code)))
        else:
            self.start()
            self._obey(code)
        return at + 1

    def _read_option(self, data: bytes, at: int) -> int:
        self._place = _TEXT
        self._negotiate(self._verb, data[at])
        return at + 1

    def _read_sub(self, data: bytes, at: int) -> int:
        end = data.find(_IAC, at)
        if end < 0:
            self._keep(data[at:])
            return len(data)
        self._keep(data[at:end])
        self._place = _SUB_COMMAND
        return end + 1

    def _read_sub_command(self, data: bytes, at: int) -> int:
        code = data[at]
        self._place = _SUB
        if code == _IAC:
            self._keep(b"\xff")
        elif code == _SE:
            self._place = _TEXT
            self._conclude(bytes(self._sub))
        elif code > _SE:
            # The end was forgotten.  Waiting for it would swallow the rest of
            # the conversation; 4.4BSD goes on with the command, and so do we.
            return self._read_command(data, at)
        return at + 1

    # Each step starts reading at `at`, and returns where the next one does.
    _STEPS: ClassVar[tuple[Callable[["Telnet", bytes, int], int], ...]] = (
        _read_text,
        _read_command,
        _read_option,
        _read_sub,
        _read_sub_command,
    )

    def _put(self, text: bytes) -> None:
        """*text* is what was typed, except that NUL may end a CR."""
        if self._after_cr and text.startswith(b"\0"):
            text = b"\n" + text[1:]
        self._after_cr = text.endswith(b"\r")
        self._text.append(text.replace(b"\r\0", b"\r\n"))

    def _end_text(self) -> None:
        if self._text:
            self._pieces.append(b"".join(self._text))
            self._text.clear()

    def _keep(self, data: bytes) -> None:
        """Keep *data* for `_conclude`, with one byte too many as a mark."""
        self._sub += data[: _SUB_LIMIT + 1 - len(self._sub)]

    def _obey(self, code: int) -> None:
        if code in _SIGNALS:
            self._end_text()
            self._pieces.append(_SIGNALS[code])
        elif code == _SB:
            self._sub.clear()
            self._place = _SUB
        elif code >= _WILL:
            self._verb = code
            self._place = _OPTION

    def _negotiate(self, verb: int, option: int) -> None:
        if (verb, option) == (_DO, _TIMING_MARK):
            self._answers += bytes((_IAC, _WONT, _TIMING_MARK))
            return
        side = self._us if verb in {_DO, _DONT} else self._him
        yes = verb in {_DO, _WILL}
        is_request = yes and side.is_off(option)
        if is_request and not self._patience:
            return
        self._patience -= is_request
        self._answers += side.hear(option, yes=yes)
        if side is self._him:
            self._learn(option)
        elif option == _ECHO:
            self._turn_echo(asked=is_request, on=yes)

    def _turn_echo(self, *, asked: bool, on: bool) -> None:
        """The peer has asked for our echo, agreed to it, or has had enough."""
        if asked:
            self._wants_echo = True
            # Were he to go on sending whole lines, nobody would show him keys.
            self._answers += self._us.ask(_SGA, yes=True)
        elif not on:
            self._wants_echo = False

    def _settle_echo(self) -> None:
        wanted = self._hides or self._wants_echo
        self._answers += self._us.ask(_ECHO, yes=wanted)

    def _learn(self, option: int) -> None:
        if option == _TTYPE and self._him.is_on(_TTYPE) and not self._names_asked:
            self._ask_name()

    def _ask_name(self) -> None:
        if self._names_asked < _NAMES:
            self._names_asked += 1
            self._answers += bytes((_IAC, _SB, _TTYPE, _TTYPE_SEND, _IAC, _SE))

    def _conclude(self, sub: bytes) -> None:
        """*sub* is a whole sub-negotiation; what is malformed means nothing."""
        if len(sub) > _SUB_LIMIT:
            return
        if sub.startswith(bytes((_TTYPE, _TTYPE_IS))):
            self._hear_name(sub[2:])
        elif sub.startswith(bytes((_NAWS,))) and len(sub) == 5:
            columns, rows = int.from_bytes(sub[1:3]), int.from_bytes(sub[3:5])
            self.width = _within(_COLUMNS, columns or _USUAL_COLUMNS)
            self.height = _within(_ROWS, rows or _USUAL_ROWS)

    def _hear_name(self, data: bytes) -> None:
        """The peer has a name for its terminal; a repeated one is the last."""
        letters = (chr(code) for code in data if 0x20 < code < 0x7F)
        name = "".join(letters)[:_NAME_LENGTH]
        is_due = len(self._names) < self._names_asked
        if is_due and name and name not in self._names:
            self._names.append(name)
            self._ask_name()


def _within(bounds: range, size: int) -> int:
    return min(max(size, bounds[0]), bounds[-1])


class _State(IntEnum):
    """RFC 1143, section 7: an option's state and its queue bit, as one."""

    NO = auto()
    YES = auto()
    WANT_NO = auto()
    WANT_NO_THEN_YES = auto()
    WANT_YES = auto()
    WANT_YES_THEN_NO = auto()


_Table: TypeAlias = dict[tuple[_State, bool], tuple[_State, bool | None]]

# What was heard -> the new state, and what to answer (None: nothing).  A request
# out of NO is not here: the answer depends on the option.
_HEARD: Final[_Table] = {
    (_State.NO, False): (_State.NO, None),
    (_State.YES, True): (_State.YES, None),
    (_State.YES, False): (_State.NO, False),
    # A refusal answered by a request: an error of the peer's, and RFC 1143 says
    # to believe that it has heard the refusal.
    (_State.WANT_NO, True): (_State.NO, None),
    (_State.WANT_NO, False): (_State.NO, None),
    (_State.WANT_NO_THEN_YES, True): (_State.YES, None),
    (_State.WANT_NO_THEN_YES, False): (_State.WANT_YES, True),
    (_State.WANT_YES, True): (_State.YES, None),
    (_State.WANT_YES, False): (_State.NO, None),
    (_State.WANT_YES_THEN_NO, True): (_State.WANT_NO, False),
    (_State.WANT_YES_THEN_NO, False): (_State.NO, None),
}

# What we want now -> the new state, and what to send.  While an answer is due
# nothing is sent: the wish waits in the queue bit.
_WANTED: Final[_Table] = {
    (_State.NO, True): (_State.WANT_YES, True),
    (_State.YES, False): (_State.WANT_NO, False),
    (_State.WANT_NO, True): (_State.WANT_NO_THEN_YES, None),
    (_State.WANT_NO_THEN_YES, False): (_State.WANT_NO, None),
    (_State.WANT_YES, False): (_State.WANT_YES_THEN_NO, None),
    (_State.WANT_YES_THEN_NO, True): (_State.WANT_YES, None),
}

# What we do when asked, and what the peer may do.
_OURS: Final = frozenset({_ECHO, _SGA})
_THEIRS: Final = frozenset({_SGA, _TTYPE, _NAWS})


class _Side:
    """All the options of one direction: what we do, or what the peer does."""

    __slots__ = ("_agrees_to", "_no", "_states", "_yes")

    def __init__(self, yes: int, no: int, *, agrees_to: frozenset[int]) -> None:
        self._yes = yes
        self._no = no
        self._agrees_to = agrees_to
        # Only what was ever agreed to or asked for is kept; the rest is NO.
        self._states: dict[int, _State] = {}

    def is_on(self, option: int) -> bool:
        return self._states.get(option) is _State.YES

    def is_off(self, option: int) -> bool:
        return self._states.get(option, _State.NO) is _State.NO

    def hear(self, option: int, *, yes: bool) -> bytes:
        """The peer asks or answers *yes* or no; what is to be sent for it."""
        if yes and self.is_off(option):
            agreed = option in self._agrees_to
            if agreed:
                self._states[option] = _State.YES
            return self._say(option, yes=agreed)
        return self._move(_HEARD, option, yes=yes)

    def ask(self, option: int, *, yes: bool) -> bytes:
        """We want it on (*yes*) or off; what is to be sent for it."""
        return self._move(_WANTED, option, yes=yes)

    def _move(self, table: _Table, option: int, *, yes: bool) -> bytes:
        state = self._states.get(option, _State.NO)
        after, say = table.get((state, yes), (state, None))
        if after is not state:
            self._states[option] = after
        return b"" if say is None else self._say(option, yes=say)

    def _say(self, option: int, *, yes: bool) -> bytes:
        return bytes((_IAC, self._yes if yes else self._no, option))
