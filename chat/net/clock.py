"""The clock: the only place that reads one.

There are two times.  *Monotonic* time never jumps, so deadlines are made of it.
*Wall* time is what people read; somebody may set it back an hour, so nothing is
ever measured with it.
"""

import time
from typing import NamedTuple


class Moment(NamedTuple):
    """One instant: `monotonic` in seconds, `wall` in milliseconds since 1970."""

    monotonic: float
    wall: int


class Clock:
    """The machine's clock."""

    def now(self) -> Moment:
        """The present moment; the loop asks once a turn and hands it down."""
        return Moment(time.monotonic(), time.time_ns() // 1_000_000)

    # Only the one of its two times; asked for every session that has something to say,
    # so it is the system's own.
    monotonic = staticmethod(time.monotonic)
