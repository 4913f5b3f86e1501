"""The ledger: which line of each speaker must come next to one who reads a room.

Every speaker counts his lines from nothing, so whoever reads all of them notices what
is lost, comes twice, has changed places or its words, or is put into the mouth of
somebody else.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from chat.bench.speech import SIZE, Speech

# Who said a line, and when, in microseconds.
Said: TypeAlias = tuple[int, int]
_PING: Final = b"PING "


class Wrong(Exception):
    """What has come is not what was said; the message says how."""


class Ledger:
    """How many lines of each speaker have been read, in one *room*."""

    def __init__(self, speech: Speech, room: int, heard: Mapping[int, int]) -> None:
        """Begin where of each speaker so many lines were *heard*."""
        self.heard = dict(heard)
        self._speech = speech
        self._room = b"%d" % room
        self._fullmatch = speech.pattern().fullmatch

    def take(self, line: bytes, answer: Callable[[bytes], None]) -> Said | None:
        """Who said *line*, without its LF, and when; None if it is no speech.

        A PING is answered.

        Raises:
            Wrong: it is not the line that has to come.
        """
        found = self._fullmatch(line)
        if found is None:
            self._take_notice(line, answer)
            return None
        who = self._who(found)
        number, due = int(found["number"]), self.heard.get(who, 0)
        if number != due:
            what = "lost" if number > due else "repeated, or out of order"
            raise Wrong(f"line {due} of c{who} is due and {number} came: {what}")
        self.heard[who] = due + 1
        return who, int(found["at"])

    def _who(self, found: re.Match[bytes]) -> int:
        who, room = found["who"], found["room"]
        if who != found["source"]:
            raise Wrong(
                f"what c{who.decode()} said came from c{_text(found, 'source')}"
            )
        if room is not None and room != self._room:
            raise Wrong(f"a line of #r{_text(found, 'room')} came to another room")
        if len(found["text"]) != SIZE:
            raise Wrong(f"not all words: {_text(found, 'text')}")
        return int(who)

    def _take_notice(self, line: bytes, answer: Callable[[bytes], None]) -> None:
        if line.startswith(_PING):
            answer(line.replace(b"PING", b"PONG", 1).rstrip() + b"\r\n")
        elif self._speech.is_speech(line):
            raise Wrong(f"nobody said that: {line[:200]!r}")


def _text(found: re.Match[bytes], name: str) -> str:
    return found[name].decode(errors="replace")
