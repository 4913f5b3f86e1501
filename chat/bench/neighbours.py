"""Neighbours: what processes that share a room tell one another.

A line is under way until everybody in the room has it, wherever he is.  So each process
tells the others how many lines of each speaker all of its readers have: a datagram
each time that more have come.  They count from the beginning, so one that was not
sent, because a neighbour did not listen, is made good by the next one.
"""

import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

# Who tells, of which room, and how many pairs follow: a speaker, and his lines.
_HEAD: Final = struct.Struct("=III")
_PAIR: Final = struct.Struct("=II")
_LONGEST: Final = 64 * 1024


class Neighbours:
    """The process with that *number* of so many *processes*, in one folder."""

    def __init__(self, folder: Path, number: int, processes: int) -> None:
        self._number = number
        self._others = {n: folder / f"{n}" for n in range(processes) if n != number}
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)  # noqa: FBT003 - the field's own word
        self._socket.bind(str(folder / f"{number}"))
        # By room and neighbour.
        self._heard: dict[int, dict[int, dict[int, int]]] = {}
        # What is still to be told, by room and neighbour.
        self._untold: dict[tuple[int, int], Mapping[int, int]] = {}

    @property
    def descriptor(self) -> int:
        """What is readable when there is something to hear."""
        return self._socket.fileno()

    def is_behind(self) -> bool:
        """Whether a neighbour has not been told everything."""
        return bool(self._untold)

    def tell(self, room: int, heard: Mapping[int, int]) -> None:
        """All of ours have *heard* so many lines of each speaker."""
        for other in self._others:
            self._untold[room, other] = heard
        self.go_on()

    def go_on(self) -> None:
        """Tell what has not been told."""
        for (room, other), heard in [*self._untold.items()]:
            pairs = b"".join(_PAIR.pack(*pair) for pair in heard.items())
            told = _HEAD.pack(self._number, room, len(heard)) + pairs
            with suppress(BlockingIOError, FileNotFoundError, ConnectionRefusedError):
                self._socket.sendto(told, str(self._others[other]))
                del self._untold[room, other]

    def listen(self) -> set[int]:
        """Hear what the others tell; the rooms it is about."""
        rooms = set()
        with suppress(BlockingIOError):
            while True:
                told = self._socket.recv(_LONGEST)
                other, room, count = _HEAD.unpack_from(told)
                pairs = _PAIR.iter_unpack(told[_HEAD.size :])
                self._heard.setdefault(room, {})[other] = dict(pairs)
                assert len(self._heard[room][other]) == count
                rooms.add(room)
        return rooms

    def everywhere(self, room: int, speaker: int, here: int) -> int:
        """How many lines of a *speaker* everybody has, if ours have those *here*."""
        heard = self._heard.get(room, {})
        return min((here, *(heard.get(n, {}).get(speaker, 0) for n in self._others)))

    def close(self) -> None:
        """Neither tell nor listen any more."""
        self._socket.close()
