"""The poller: which descriptors are ready, and the only place that waits.

``select`` is the oldest way to ask, and portable to every machine: three lists
go in, and those that are ready come out.  Two facts about it shape this file.

* It wants lists of descriptors at every call.  Plain ints are quickest (with
  900 of them 46 µs a call, with objects that have ``fileno`` 178), so ints are
  what we keep, and the list is made again only after interest has changed.
* It cannot see a descriptor of 1024 or more (``FD_SETSIZE``) and raises instead
  of answering.  `reach` says how far it sees, and whoever accepts connections
  stays below it.

Where that is not enough, Linux has ``epoll``: the kernel itself keeps who is of
interest, is told each change, and names those who are ready without looking at
the others.  It is asked level-triggered, which is to say like select, so nobody
else has to know which of the two it is.

Readable means that ``recv`` would not wait: there are bytes, or the peer has
finished talking, or it is lost.  Writable means that ``send`` would take at
least one byte, perhaps only one.  Nothing is ever waited for in the set of
exceptional conditions; TCP's urgent data is read in line.

Next: chat/net/connection.py
"""

import select
from dataclasses import dataclass
from typing import Final, Protocol


@dataclass(frozen=True, slots=True)
class Ready:
    """The descriptors that need not be waited for any longer."""

    readable: list[int]
    writable: list[int]


class Poller(Protocol):
    """Interest in descriptors, and a way to wait for them."""

    @property
    def reach(self) -> int:
        """It can watch the descriptors below that."""

    def read(self, descriptor: int) -> None:
        """Be interested in whether *descriptor* is readable."""

    def write(self, descriptor: int) -> None:
        """Be interested in whether *descriptor* is writable."""

    def stop_reading(self, descriptor: int) -> None:
        """Lose interest in reading; nothing if there was none."""

    def stop_writing(self, descriptor: int) -> None:
        """Lose interest in writing; nothing if there was none."""

    def forget(self, descriptor: int) -> None:
        """Lose all interest, because *descriptor* is about to be closed."""

    def wait(self, seconds: float | None) -> Ready:
        """Wait until something is ready, at most *seconds*; None is for ever.

        A signal does not end the wait by itself (PEP 475): the wakeup does,
        which is among the readable.
        """

    def look(self) -> Ready:
        """What is ready at this moment; it may be nothing."""

    def statistics(self) -> dict[str, int]:
        """How many descriptors are of interest, and how often was waited."""


class SelectPoller:
    """A poller on every machine, for about a thousand descriptors."""

    # FD_SETSIZE: a number compiled into the C library, 1024 nearly everywhere.
    reach: Final = 1024

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
        """Lose interest in reading."""
        if self._reading.pop(descriptor, descriptor) is None:
            self._read_list = None

    def stop_writing(self, descriptor: int) -> None:
        """Lose interest in writing."""
        if self._writing.pop(descriptor, descriptor) is None:
            self._write_list = None

    def forget(self, descriptor: int) -> None:
        """Lose all interest."""
        self.stop_reading(descriptor)
        self.stop_writing(descriptor)

    def wait(self, seconds: float | None) -> Ready:
        """Wait until something is ready."""
        self._waits += 1
        return self._select(seconds)

    def look(self) -> Ready:
        """What is ready at this moment."""
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


class EpollPoller:
    """A poller on Linux, for four times as many."""

    # It knows no end itself.  But who has news is told it within one turn, at some
    # 10 µs each, and a turn in which everybody has news must not take too long.
    reach: Final = 4 * 1024

    def __init__(self) -> None:
        # It closes its own descriptor when it goes.
        self._epoll = select.epoll()
        # What the kernel was told of each, so that it is told only changes.
        self._interest: dict[int, int] = {}
        self._waits = 0

    def read(self, descriptor: int) -> None:
        """Be interested in whether *descriptor* is readable."""
        self._change(descriptor, on=select.EPOLLIN)

    def write(self, descriptor: int) -> None:
        """Be interested in whether *descriptor* is writable."""
        self._change(descriptor, on=select.EPOLLOUT)

    def stop_reading(self, descriptor: int) -> None:
        """Lose interest in reading."""
        self._change(descriptor, off=select.EPOLLIN)

    def stop_writing(self, descriptor: int) -> None:
        """Lose interest in writing."""
        self._change(descriptor, off=select.EPOLLOUT)

    def forget(self, descriptor: int) -> None:
        """Lose all interest."""
        self._change(descriptor, off=select.EPOLLIN | select.EPOLLOUT)

    def wait(self, seconds: float | None) -> Ready:
        """Wait until something is ready."""
        self._waits += 1
        return self._poll(seconds)

    def look(self) -> Ready:
        """What is ready at this moment."""
        return self._poll(0)

    def statistics(self) -> dict[str, int]:
        """How many descriptors are of interest, and how often was waited."""
        interests = self._interest.values()
        return {
            "reading": sum(1 for each in interests if each & select.EPOLLIN),
            "writing": sum(1 for each in interests if each & select.EPOLLOUT),
            "waits": self._waits,
        }

    def _change(self, descriptor: int, *, on: int = 0, off: int = 0) -> None:
        """Tell the kernel of new interest, if it is new."""
        before = self._interest.get(descriptor, 0)
        after = before & ~off | on
        if after == before:
            return
        if not before:
            self._epoll.register(descriptor, after)
        elif after:
            self._epoll.modify(descriptor, after)
        else:
            # With no interest left it would still tell of a peer that is lost,
            # in each turn again.
            self._epoll.unregister(descriptor)
        if after:
            self._interest[descriptor] = after
        else:
            del self._interest[descriptor]

    def _poll(self, seconds: float | None) -> Ready:
        # Left to itself it names a thousand at most, and others the next time: but
        # whoever serves them in turn has to know of all.
        found = self._epoll.poll(seconds, len(self._interest) or 1)
        ready = Ready([], [])
        for descriptor, now in found:
            if now == select.EPOLLIN:
                ready.readable.append(descriptor)
            elif now == select.EPOLLOUT:
                ready.writable.append(descriptor)
            else:
                self._sort(descriptor, now, ready)
        return ready

    def _sort(self, descriptor: int, now: int, ready: Ready) -> None:
        """File one that is ready for both, or lost, under what was asked for.

        The kernel tells of a loss whatever is of interest.
        """
        wanted = self._interest[descriptor]
        if now & ~select.EPOLLOUT and wanted & select.EPOLLIN:
            ready.readable.append(descriptor)
        if now & ~select.EPOLLIN and wanted & select.EPOLLOUT:
            ready.writable.append(descriptor)


def named(name: str) -> type[SelectPoller] | type[EpollPoller]:
    """The poller of that *name*.

    Raises:
        ValueError: there is none, or not on this system; the end of a sentence.
    """
    if name == "select":
        return SelectPoller
    if name != "epoll":
        raise ValueError("it has to be select or epoll")
    if not hasattr(select, "epoll"):
        raise ValueError("this system has no epoll; every system has select")
    return EpollPoller
