"""The schedule: what time it is in this turn, and what is to be done later.

The clock is read once a turn and the answer handed round, so that everything
in a turn happens at one moment, and a test can say what moment that is.
"""

from collections.abc import Callable

from chat.net.clock import Moment
from chat.net.timers import Timer, Timers


class Schedule:
    """The present moment, the number of the turn, and the timers."""

    def __init__(self, now: Moment) -> None:
        self.now = now
        self.turn = 0
        self._timers = Timers()

    def begin_turn(self, now: Moment) -> None:
        """Another turn; what happens in it happens *now*."""
        self.now = now
        self.turn += 1

    def later(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Do *action* once *seconds* have gone by."""
        return self._timers.at(self.now.monotonic + seconds, action)

    def until_next(self) -> float | None:
        """Seconds until something is due; None if nothing ever will be."""
        return self._timers.until_next(self.now.monotonic)

    def run(self) -> None:
        """Do everything that is due."""
        self._timers.run(self.now.monotonic)
