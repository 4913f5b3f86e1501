"""Bystanders: what people on plain and on IRC get to read of what somebody sends.

A case is some bytes from somebody in the lobby.  Whatever they are, a person on plain
must never get a byte that a terminal obeys, an IRC client nothing below a space but
formatting, and nobody more lines than were sent.
"""

import re
from dataclasses import dataclass
from typing import Final

from tests.faults.chatd import Chatd
from tests.faults.people import Crowd, Person

_CONTROLS: Final = set(range(0x20)) | {0x7F} | set(range(0x80, 0xA0))
_BIDI: Final = {0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
FOR_NO_TERMINAL: Final = _CONTROLS | _BIDI | {0x2028, 0x2029}
# CTCP, bold, colours, reset, monospace, reverse, italic, struck out, underlined.
_FORMATTING: Final = {0x01, 0x02, 0x03, 0x04, 0x0F, 0x11, 0x16, 0x1D, 0x1E, 0x1F}
FOR_NO_CLIENT: Final = set(range(0x20)) - _FORMATTING


@dataclass(frozen=True, slots=True)
class Case:
    """What is sent, in what pieces, and what must come of it."""

    name: str
    pieces: tuple[bytes, ...]
    # How many lines of talk others may read of it.
    most: int
    # What the sender must be told.
    answer: bytes = b""
    # A pattern for all that bystanders read: on plain, and on IRC with tags.
    plain: bytes = b""
    irc: bytes = b""
    is_irc: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a case."""

    told: bytes
    plain: list[bytes]
    irc: list[bytes]


class Lobby:
    """A person on plain and one on IRC, who read; and a third who marks the ends."""

    def __init__(self, chatd: Chatd, crowd: Crowd) -> None:
        self._chatd, self._crowd = chatd, crowd
        self._cases = 0
        self._plain = crowd.comes("pat")
        crowd.all_see([self._plain], b"-- You are in", within=5.0)
        self._irc = crowd.comes("CAP REQ :message-tags", "NICK ira", "USER i 0 * :i")
        self._irc.says("CAP END", "JOIN #lobby")
        (self._marker,) = crowd.seat(1, "marker")
        crowd.all_see([self._irc], b":marker0!", within=5.0)

    def holds(self, case: Case) -> bool:
        """Whether everything that *case* promises is so."""
        report = self._report(case)
        talk = [sum(map(is_talk, lines)) for lines in (report.plain, report.irc)]
        return (
            max(talk) <= case.most
            and all(is_fit(line, FOR_NO_TERMINAL) for line in report.plain)
            and all(is_fit(line, FOR_NO_CLIENT) for line in report.irc)
            and case.answer in report.told
            and bool(re.search(case.plain, b"\n".join(report.plain)))
            and bool(re.search(case.irc, b"\n".join(report.irc)))
        )

    def _report(self, case: Case) -> Report:
        sender = self._sender(case)
        for piece in case.pieces:
            sender.sends(piece)
            self._settle(sender)
        if case.is_irc:
            sender.says("PING :heard")
        self._settle(sender)
        plain, irc = self._until_mark("end")
        sender.leave()
        self._crowd.all_see([self._plain], b"-- mal left", within=0.5)
        return Report(bytes(sender.inbox), plain, irc)

    def _sender(self, case: Case) -> Person:
        self._cases += 1
        if case.is_irc:
            tags = "CAP REQ :message-tags"
            mal = self._crowd.comes(tags, "NICK mal", "USER m 0 * :m", "CAP END")
            mal.says("JOIN #lobby")
            self._crowd.all_see([mal], b" 366 ", within=5.0)
        else:
            mal = self._crowd.comes("mal")
            self._crowd.all_see([mal], b"-- You are in", within=5.0)
        self._until_mark("begin")
        mal.inbox.clear()
        return mal

    def _settle(self, sender: Person) -> None:
        """Until the server has taken everything, and answered."""
        self._crowd.until(lambda: self._chatd.unread_of(sender) == 0, within=2.0)
        self._crowd.wait(0.03)

    def _until_mark(self, what: str) -> tuple[list[bytes], list[bytes]]:
        """What both have read, up to a line of the marker's."""
        mark = f"{what} of case {self._cases}"
        self._marker.says(f"PRIVMSG #lobby :{mark}")
        readers = [self._plain, self._irc]
        assert self._crowd.all_see(readers, mark.encode(), within=5.0) is not None
        plain, irc = (bytes(each.inbox).split(b"\r\n")[:-1] for each in readers)
        self._crowd.clear(readers)
        return plain[:-1], irc[:-1]


def is_talk(line: bytes) -> bool:
    """Whether *line* is more than that mal comes, goes or is called."""
    coming = re.fullmatch(rb"-- \S+ (is here|left.*|is now called .*)\.", line)
    going = re.match(rb"(@\S+ )?:mal!\S+ (JOIN|PART|QUIT|NICK) ", line)
    return not (coming or going)


def is_fit(line: bytes, banned: set[int]) -> bool:
    """Whether *line* is UTF-8, and has nothing of what is *banned*."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return False
    return not banned.intersection(map(ord, text))
