"""The schedule: what time it is in this turn, and what is to be done later.

The clock is read once a turn and the answer handed round, so that everything
in a turn happens at one moment, and a test can say what moment that is.
"""

from collections.abc import Callable
from typing import Final, Protocol, TypeVarTuple

from chat.net.clock import Moment
from chat.net.timers import Timer, Timers

_Arguments = TypeVarTuple("_Arguments")

# How long a turn listens, in seconds: what was heard must be spoken in time, and to
# speak to nine hundred takes longer than this.
LISTENING: Final = 0.01


class Time(Protocol):
    """What the schedule needs of a clock."""

    def now(self) -> Moment:
        """The present moment."""

    def monotonic(self) -> float:
        """Its monotonic time, for less."""


class Schedule:
    """The present moment, the number of the turn, and the timers."""

    def __init__(self, clock: Time) -> None:
        self._clock = clock
        # As it is, for `is_late` is asked most often of all.
        self._monotonic = clock.monotonic
        self.now = clock.now()
        self.turn = 0
        self._timers = Timers()

    def begin_turn(self) -> None:
        """Another turn; what happens in it happens now."""
        self.now = self._clock.now()
        self.turn += 1

    def spent(self) -> float:
        """How long this turn has taken so far, in seconds."""
        return self._monotonic() - self.now.monotonic

    def is_late(self) -> bool:
        """Whether this turn has listened for so long that it is time to speak."""
        return self._monotonic() - self.now.monotonic > LISTENING

    def stopwatch(self) -> Callable[[], float]:
        """What tells, on any thread, how many seconds have gone by since now."""
        begin = self.now.monotonic
        return lambda: self._monotonic() - begin

    def later(
        self,
        seconds: float,
        action: Callable[[*_Arguments], None],
        *arguments: *_Arguments,
    ) -> Timer:
        """Do *action* with *arguments* once *seconds* have gone by."""
        return self._timers.at(self.now.monotonic + seconds, action, *arguments)

    def every(self, seconds: float, action: Callable[[], None]) -> None:
        """Do *action* again and again, each time *seconds* have gone by."""

        def act() -> None:
            self.later(seconds, act)
            action()

        self.later(seconds, act)

    def until_next(self) -> float | None:
        """Seconds until something is due; None if nothing ever will be."""
        return self._timers.until_next(self.now.monotonic)

    def run(self) -> None:
        """Do everything that is due."""
        self._timers.run(self.now.monotonic)
