"""The poller: which descriptors are ready, and the only place that waits.

``select`` is the oldest way to ask, and portable to every machine: three lists
go in, and those that are ready come out.  Two facts about it shape this file.

* It wants lists of descriptors at every call.  Plain ints are quickest (with
  900 of them 46 µs a call, with objects that have ``fileno`` 178), so ints are
  what we keep, and the list is made again only after interest has changed.
* It cannot see a descriptor of 1024 or more (``FD_SETSIZE``) and raises instead
  of answering.  `ROOM` says how far it reaches, and whoever accepts connections
  stays below it.

Readable means that ``recv`` would not wait: there are bytes, or the peer has
finished talking, or it is lost.  Writable means that ``send`` would take at
least one byte, perhaps only one.  Nothing is ever waited for in the set of
exceptional conditions; TCP's urgent data is read in line.

Next: chat/net/connection.py
"""

import select
from dataclasses import dataclass
from typing import Final

# FD_SETSIZE: a number compiled into the C library, 1024 nearly everywhere.
ROOM: Final = 1024


@dataclass(frozen=True, slots=True)
class Ready:
    """The descriptors that need not be waited for any longer."""

    readable: list[int]
    writable: list[int]


class SelectPoller:
    """Interest in descriptors, and a way to wait for them."""

    def __init__(self) -> None:
        # Dicts, because a list takes a scan to remove from; the lists that
        # select wants are made of them when they have changed.
        self._reading: dict[int, None] = {}
        self._writing: dict[int, None] = {}
        self._read_list: list[int] | None = None
        self._write_list: list[int] | None = None
        self._waits = 0

    def read(self, descriptor: int) -> None:
        """Be interested in whether *descriptor* is readable."""
        self._reading[descriptor] = None
        self._read_list = None

    def write(self, descriptor: int) -> None:
        """Be interested in whether *descriptor* is writable."""
        if descriptor not in self._writing:
            self._writing[descriptor] = None
            self._write_list = None

    def stop_reading(self, descriptor: int) -> None:
        """Lose interest in reading; nothing if there was none."""
        if self._reading.pop(descriptor, descriptor) is None:
            self._read_list = None

    def stop_writing(self, descriptor: int) -> None:
        """Lose interest in writing; nothing if there was none."""
        if self._writing.pop(descriptor, descriptor) is None:
            self._write_list = None

    def forget(self, descriptor: int) -> None:
        """Lose all interest, because *descriptor* is about to be closed."""
        self.stop_reading(descriptor)
        self.stop_writing(descriptor)

    def wait(self, seconds: float | None) -> Ready:
        """Wait until something is ready, at most *seconds*; None is for ever.

        A signal does not end the wait by itself (PEP 475): the wakeup does,
        which is among the readable.
        """
        self._waits += 1
        return self._select(seconds)

    def look(self) -> Ready:
        """What is ready at this moment; it may be nothing."""
        return self._select(0)

    def statistics(self) -> dict[str, int]:
        """How many descriptors are of interest, and how often was waited."""
        return {
            "reading": len(self._reading),
            "writing": len(self._writing),
            "waits": self._waits,
        }

    def _select(self, seconds: float | None) -> Ready:
        if self._read_list is None:
            self._read_list = list(self._reading)
        if self._write_list is None:
            self._write_list = list(self._writing)
        readable, writable, _ = select.select(
            self._read_list, self._write_list, (), seconds
        )
        return Ready(readable, writable)
