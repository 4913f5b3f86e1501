"""Speech: how one arrives and speaks, on IRC and on plain, and how it is read.

A spoken line says by whom it is, which of his it is and when it was said, in
microseconds, and is filled up to its size:

    PRIVMSG #r3 :24 117 81234567890 ~~~~~~~~~~~~~~~~~
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

# Bytes of text in a line.
SIZE: Final = 64
# What one says, and what must come before one goes on.
Step: TypeAlias = tuple[Sequence[str], bytes]

_SAID: Final = rb"(?P<text>(?P<who>\d+) (?P<number>\d+) (?P<at>\d+) ~*)\r?"
_IRC: Final = rb"(?:@\S+ )?:c(?P<source>\d+)[!@ ]\S* ?PRIVMSG #r(?P<room>\d+) :" + _SAID
_PLAIN: Final = rb"(?:\[#r(?P<room>\d+)\] )?c(?P<source>\d+): " + _SAID


def nick(number: int) -> str:
    """What the person of that *number* is called."""
    return f"c{number}"


def words(who: int, number: int, at: int) -> bytes:
    """The text of a line: *who* says it, his *number*, *at* so many microseconds."""
    return (b"%d %d %d " % (who, number, at)).ljust(SIZE, b"~")


@dataclass(frozen=True, slots=True)
class Speech:
    """One way to speak; *caps* is what readers negotiate on IRC."""

    caps: str = ""
    is_plain: bool = False

    def arrival(self, number: int, room: int) -> list[Step]:
        """How a person comes into a room, in steps."""
        if self.is_plain:
            return [
                ([nick(number)], b"-- You are in "),
                ([f"/join #r{room}", "/leave #lobby"], b"-- You are in #r%d" % room),
            ]
        name = nick(number)
        lines = [f"NICK {name}", f"USER {name} 0 * :{name}"]
        if self.caps:
            # One by one: a server that lacks one of them would refuse them all.
            wanted = [f"CAP REQ :{cap}" for cap in self.caps.split()]
            lines = [*wanted, *lines, "CAP END"]
        return [(lines, b" 001 "), ([f"JOIN #r{room}"], b" 366 ")]

    @property
    def is_echoed(self) -> bool:
        """Whether those who speak want to be told that as well."""
        return "echo-message" in self.caps.split()

    def before(self, room: int) -> bytes:
        """What stands before the words of a line that one says."""
        return b"" if self.is_plain else b"PRIVMSG #r%d :" % room

    def pattern(self) -> re.Pattern[bytes]:
        """A spoken line, as it is read."""
        return re.compile(_PLAIN if self.is_plain else _IRC)

    def is_speech(self, line: bytes) -> bool:
        """Whether *line* must be one that was spoken: it is no notice of the house."""
        if self.is_plain:
            return not re.match(rb"(?:\[\S+\] )?(?:-- |\r?$)", line)
        return b" PRIVMSG " in line


IRC: Final = Speech()
