"""Order: everything that happens gets one place in it, and a time.

An id is a 64-bit number that never repeats, also not after a restart: it begins
at the wall time in milliseconds, shifted to leave room for a million ids a
millisecond, so a later start begins higher.

The time told to people never runs backwards, also after a restart.  No two things
have one time, so that a time alone names a place in a history: what happens in one
millisecond is told a millisecond apart, and runs ahead of the clock, by a second at
most.  If somebody sets the clock back it goes on in that way from where it was, until
the clock has caught up.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

from chat.domain.state import Stamp

# Before anything has happened.
START: Final = Stamp(0, 0)

# 2**20 ids per millisecond of having run: nobody talks that fast.
_IDS_A_MILLISECOND_BITS: Final = 20

# So far (ms) the time that is told may run ahead of the clock.
AHEAD: Final = 1000

# Several `Stamp`, one after the other: their ids, and their times.
Stamps: TypeAlias = tuple[range, Sequence[int]]


def began(number: int) -> int:
    """When the order that gave the id *number* began, or somewhat later (ms)."""
    return number >> _IDS_A_MILLISECOND_BITS


class Order:
    """The server's one order, from *start* (wall time in ms) on.

    No id up to that of *last* is given again, and no time before its time, whatever
    the clock says by now.
    """

    def __init__(self, start: int, last: Stamp = START) -> None:
        self._id = max(start << _IDS_A_MILLISECOND_BITS, last.id)
        self._at = max(start - 1, last.at)
        # What the clock said last, and how far we have run ahead of its going.
        self._wall = start
        self._ran = 0

    def reached(self) -> Stamp:
        """The last place and time that were given."""
        return Stamp(self._id, self._at)

    def stamp(self, wall: int) -> Stamp:
        """The next place in the order, at *wall* (ms) or somewhat later."""
        self._go_on(wall)
        return Stamp(self._id, self._at)

    def stamps(self, wall: int, count: int) -> Stamps:
        """The next *count* places, at least one: what `stamp` gives for each."""
        self._go_on(wall)
        first, at = self._id, self._at
        # The clock has not gone on since the first, so the others run ahead of it.
        ahead = min(count - 1, AHEAD - self._ran)
        self._id += count - 1
        self._at += ahead
        self._ran += ahead
        times = [*range(at, at + ahead), *[at + ahead] * (count - ahead)]
        return range(first, first + count), times

    def _go_on(self, wall: int) -> None:
        self._id += 1
        if wall != self._wall:
            # Measured by how far the clock has gone, not by what it shows: it may have
            # been set back by hours, and still two things of one turn are told apart.
            self._ran -= min(self._ran, max(0, wall - self._wall))
            self._wall = wall
        if wall > self._at:
            self._at, self._ran = wall, 0
        elif self._ran < AHEAD:
            self._at += 1
            self._ran += 1
