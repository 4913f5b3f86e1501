"""Speech: what people, programs and vandals send, all of it decided by dice.

There are three ways to make it, and they are mixed:

* *grammar*: lines that are nearly right.  Commands come from the dialects' own
  tables, so a new command is spoken as soon as it exists;
* *mutation*: what was said, or what a real program once sent, with bits flipped,
  pieces cut out, repeated or spliced in;
* *noise*: bytes, mostly those that mean something.

A *voice* speaks in one way without end: an iterator of bytes.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from random import Random
from typing import Final, TypeAlias, TypeVar

from chat.dialects.irc import caps
from chat.dialects.irc.commands import COMMANDS
from chat.dialects.verbs import VERBS
from tests.fuzz import recordings, traps

T = TypeVar("T")
Voice: TypeAlias = Iterator[bytes]

# Different lines in a round, of each dialect; they are said in any order.
_POOL: Final = 1500
_CAPS: Final = " ".join(caps.OFFERED).encode()

# What nobody would guess.  Who is not named here gets names and texts.
_HINTS: Final[dict[str, tuple[bytes, ...]]] = {
    "CAP": (
        *(b"LS", b"LS 302", b"LIST", b"END", b"REQ :" + _CAPS, b"REQ :-" + _CAPS),
        *(
            b"REQ echo-message",
            b"REQ :-echo-message",
            b"REQ :sasl",
            b"REQ",
            b"ls 3\xc2",
        ),
    ),
    "MODE": (b"#lobby", b"#a +b", b"alice +i", b"#a +o alice", b"#a -v+k x y"),
    "USER": (b"u 0 * :Real Name", b"u 0 * :\x02\xe2\x80\xae", b"\xc2\xb2 0 * x"),
    "WHO": (b"*", b"0", b"#lobby", b"%s"),
}
# What changes a conversation for good is said less often than the rest.
_RARE: Final = {"QUIT": 0.1, "quit": 0.1, "telnet": 0.05}
_STRANGE_COMMANDS: Final = (
    *(b"WHOIS", b"AUTHENTICATE", b"001", b"", b"\xc3\x9f", b"privmsg\x0b", b"X" * 600),
    *(b"ERROR", b"PRIVMSG\xc2\xa0", b"\xe2\x80\xa8QUIT", b"GET", b"CAP\0"),
)
_ENDS: Final = (*[b"\r\n"] * 30, *[b"\n"] * 6, b"\r\0", b"\r\r\n", b"\n\r", b"\r", b"")

_IAC_PIECES: Final = (
    *(b"\xff" + bytes((code,)) for code in range(236, 251)),
    *(bytes((255, verb, n)) for verb in range(251, 255) for n in (0, 1, 3, 6, 24, 31)),
    *(b"\xff\xff", b"\xff", b"\xff\xfa\x18\0XTERM\xff\xf0", b"\xff\xfa\x18\0"),
    *(b"\xff\xfa\x1f\0\x50\0\x18\xff\xf0", b"\xff\xfa" + bytes(600) + b"\xff\xf0"),
    *(b"\xff\xfd\x0a", b"\xff\xfb\x0d", b"\xff\xfd\x01\xff\xfd\x03", b"\xff\xfe\x01"),
)
_KEYS: Final = (
    *(b"\x7f", b"\b" * 9, b"\x15", b"\x17", b"\x03", b"\x04", b"\t", b"\x1b", b"\r"),
    *(b"\x1b[A", b"\x1bOP", b"\x1b[15~", b"\x1b[[A", b"\x1b]0;", b"\x1b[" + b"1;" * 50),
    *(b"\xc3", b"\xa4\x7f", b"\xc2\x9b", b"\xe2\x80\xae", b"\xcc\x81\x7f", b"\r\n"),
)
_LOUD: Final = bytes((255, 255, 10, 10, 10, 13, 0, 27, 4, 250, 240, 253, 0xC3, 0xE2))


class Speech:
    """Everything that can be said in one round."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._commands = list(COMMANDS)
        self._verbs = [verb.name for verb in VERBS]
        self._irc = [self._irc_line() + self._end() for _ in range(_POOL)]
        self._plain = [self._plain_line() + self._end() for _ in range(_POOL)]

    def voice(self, nick: str) -> Voice:
        """Somebody's voice, of any kind."""
        (voice,) = self._dice.choices(list(_VOICES), list(_VOICES.values()))
        return voice(self, nick.encode())

    # Voices.

    def irc(self, nick: bytes) -> Voice:
        """An IRC client."""
        cap = self._dice.choice(
            (b"", b"", b"CAP LS 302\r\nCAP REQ :" + _CAPS + b"\r\n")
        )
        yield cap + b"NICK %b\r\nUSER u 0 * :Real\r\n" % self._new(nick)
        yield b"CAP END\r\nNICK %b\r\nJOIN #lobby,%b\r\n" % (nick, self._room())
        while True:
            yield self._changed(self._some(self._irc))

    def plain(self, nick: bytes) -> Voice:
        """Somebody on ``nc``."""
        yield self._sometimes(b"x" * 5000 + b"\n", b"", 0.05)
        yield b"%b\n/nick %b\n" % (self._new(nick), nick)
        while True:
            # Ctrl-D counts only when it comes alone.
            yield self._sometimes(b"\x04", b"", 0.02)
            yield self._changed(self._some(self._plain))

    def telnet(self, nick: bytes) -> Voice:
        """A telnet that sends lines, and its commands between any two bytes."""
        yield recordings.TELNET_OPENING
        yield b"%b\r\0/nick %b\r\0" % (self._new(nick), nick)
        while True:
            yield self._with(_IAC_PIECES, self._changed(self._some(self._plain)))

    def keys(self, nick: bytes) -> Voice:
        """A terminal that sends every key."""
        yield recordings.PUTTY_OPENING + b"%b\r/nick %b\r" % (self._new(nick), nick)
        while True:
            lines = self._some(self._plain).replace(b"\r\n", b"\r\0")
            yield self._changed(self._with(_KEYS, self._with(_IAC_PIECES, lines)))

    def parrot(self, nick: bytes) -> Voice:
        """The same line or key again and again, to learn what it costs."""
        voice = self._dice.choice((self.irc, self.plain, self.keys))
        yield from islice(voice(nick), 2)
        while True:
            some = self._dice.choice((self._irc, self._plain, _IAC_PIECES, _KEYS))
            piece = self._dice.choice(some)
            yield piece * min(150, 16_000 // max(len(piece), 1))

    def recorded(self, _nick: bytes) -> Voice:
        """A program's recording, not quite as it was, and then other ones."""
        while True:
            recording = self._dice.choice(recordings.EVERYTHING)
            yield self._changed(self._changed(recording, chance=0.8), chance=0.8)
            yield self._some(self._dice.choice((self._irc, self._plain)))

    def noise(self, _nick: bytes) -> Voice:
        """Bytes; now and then far too many without an end of line."""
        while True:
            loud = bytes(self._dice.choices(_LOUD, k=self._dice.randint(1, 400)))
            yield loud + self._dice.randbytes(self._dice.randint(0, 200))
            yield self._some(self._dice.choice((self._irc, self._plain)))
            if self._dice.random() < 0.7:
                yield b"x" * 90_000
                yield self._dice.choice((b"x", b"\xff\xff", b"\0")) * 90_000

    # Lines.

    def _irc_line(self) -> bytes:
        dice = self._dice
        name = self._one_of(self._commands)
        command = self._sometimes(name.lower().encode(), name.encode(), 0.2)
        command = self._sometimes(dice.choice(_STRANGE_COMMANDS), command, 0.02)
        if name in _HINTS and dice.random() < 0.8:
            return self._tags() + command + b" " + dice.choice(_HINTS[name])
        few = dice.choice((0, 1, 1, 1, 1, 2, 3, 17))
        words = [self._name() for _ in range(few)]
        text = (b":" + self._text(),) if dice.random() < 0.6 else ()
        return self._tags() + b" ".join((command, *words, *text))

    def _tags(self) -> bytes:
        if self._dice.random() < 0.85:
            return self._sometimes(b":" + self._name() + b" ", b"", 0.05)
        keys = (b"+a", b"+draft/reply", b"time", b"label", b"+a", self._name())
        value = self._text() if self._dice.random() < 0.2 else b"v\\s\\:\\\\\\x\\"
        tags = [key + b"=" + value for key in self._dice.choices(keys, k=3)]
        return b"@" + b";".join(tags) + b" "

    def _plain_line(self) -> bytes:
        dice = self._dice
        if dice.random() < 0.4:
            return self._text()
        name = self._one_of(self._verbs)
        verb = self._sometimes(name.upper().encode(), name.encode(), 0.1)
        words = self._sometimes((self._text(),), (self._name(),), 0.2)
        text = (self._text(),) if dice.random() < 0.5 else ()
        return b"/" + b" ".join((verb, *words, *text))

    def _one_of(self, names: list[str]) -> str:
        while True:
            name = self._dice.choice(names)
            if self._dice.random() < _RARE.get(name, 1):
                return name

    def _name(self) -> bytes:
        dice = self._dice
        name = dice.choice(traps.NICKS + traps.ROOMS * 3)
        if dice.random() < 0.85:
            return name.encode()
        if dice.random() < 0.3:
            return b",".join((name.encode(), self._room(), self._name()))
        return self._sometimes(dice.choice(traps.TEXTS), traps.near(name, dice), 0.5)

    def _new(self, nick: bytes) -> bytes:
        """Much like *nick*, but hardly anybody has it: all get in by some name."""
        return nick + b"%d" % self._dice.randint(100, 9999)

    def _room(self) -> bytes:
        return self._dice.choice(traps.ROOMS).encode()

    def _text(self) -> bytes:
        dice, chance = self._dice, self._dice.random()
        if chance < 0.6:
            return dice.choice(traps.PHRASES)
        if chance < 0.97:
            phrase = self._sometimes(dice.choice(traps.PHRASES), b"", 0.5)
            return phrase + dice.choice(traps.TEXTS)
        return traps.long(dice)

    def _end(self) -> bytes:
        return self._dice.choice(_ENDS)

    def _some(self, lines: list[bytes]) -> bytes:
        return b"".join(self._dice.choices(lines, k=self._dice.randint(1, 40)))

    # Changes.

    def _sometimes(self, rarely: T, mostly: T, chance: float) -> T:
        return rarely if self._dice.random() < chance else mostly

    def _with(self, pieces: tuple[bytes, ...], data: bytes) -> bytes:
        """*data* with a few of *pieces* between its bytes."""
        for piece in self._dice.choices(pieces, k=self._dice.randint(0, 6)):
            at = self._dice.randint(0, len(data))
            data = data[:at] + piece + data[at:]
        return data

    def _changed(self, data: bytes, chance: float = 0.1) -> bytes:
        if not data or self._dice.random() >= chance:
            return data
        start = self._dice.randrange(len(data))
        end = min(len(data), start + self._dice.choice((1, 2, 10, 100, 10_000)))
        return self._dice.choice(_CHANGES)(self._dice, data, start, end)


_VOICES: Final[dict[Callable[[Speech, bytes], Voice], int]] = {
    Speech.irc: 8,
    Speech.plain: 8,
    Speech.telnet: 3,
    Speech.keys: 3,
    Speech.parrot: 2,
    Speech.recorded: 2,
    Speech.noise: 3,
}


def _cut(_dice: Random, data: bytes, start: int, end: int) -> bytes:
    return data[:start] + data[end:]


def _repeated(_dice: Random, data: bytes, start: int, end: int) -> bytes:
    return data[:end] + data[start:end] * 2 + data[end:]


def _flipped(dice: Random, data: bytes, start: int, _end: int) -> bytes:
    flipped = bytes((data[start] ^ (1 << dice.randrange(8)),))
    return data[:start] + flipped + data[start + 1 :]


def _spliced(dice: Random, data: bytes, start: int, end: int) -> bytes:
    other = dice.choice(recordings.EVERYTHING)
    return data[:start] + other[: end - start] + data[end:]


def _loud(dice: Random, data: bytes, start: int, end: int) -> bytes:
    loud = bytes(dice.choices(_LOUD, k=min(4, end - start)))
    return data[:start] + loud + data[end:]


_CHANGES: Final = (_cut, _repeated, _flipped, _spliced, _loud)
