"""Order: everything that happens gets one place in it, and a time.

An id is a 64-bit number that never repeats, also not after a restart: it begins
at the wall time in milliseconds, shifted to leave room for a million ids a
millisecond, so a later start begins higher.  The wall time told to people is
clamped: if somebody sets the clock back, it stands still until the clock has
caught up, and what was said later never looks earlier, also after a restart.
"""

from typing import Final

from chat.domain.state import Stamp

# Before anything has happened.
START: Final = Stamp(0, 0)

# 2**20 ids per millisecond of having run: nobody talks that fast.
_IDS_A_MILLISECOND_BITS: Final = 20


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
        self._at = max(start, last.at)

    def reached(self) -> Stamp:
        """The last place and time that were given."""
        return Stamp(self._id, self._at)

    def stamp(self, wall: int) -> Stamp:
        """The next place in the order, at *wall* (ms) or at the last one's time."""
        self._id += 1
        self._at = max(self._at, wall)
        return Stamp(self._id, self._at)
