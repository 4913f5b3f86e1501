"""Timers: what is to be done later, in the order of its deadlines.

A deadline is an instant on the monotonic clock.  The loop asks how long it may
sleep and then runs what is due; nothing here reads a clock.
"""

import heapq
from collections.abc import Callable
from itertools import count
from typing import Any, Final, TypeVarTuple

_Arguments = TypeVarTuple("_Arguments")

# Not worth clearing out.
_FEW: Final = 64


class Timer:
    """One thing to be done at its deadline, unless it is cancelled before."""

    __slots__ = ("_timers", "action", "arguments")

    def __init__(
        self,
        timers: "Timers",
        action: Callable[..., None],
        arguments: tuple[Any, ...],
    ) -> None:
        self._timers = timers
        self.action: Callable[..., None] | None = action
        self.arguments = arguments

    def cancel(self) -> None:
        """Never do it.  Cancelling twice, or too late, does nothing."""
        action, _ = self.take()
        self._timers.cancelled += action is not None

    def take(self) -> tuple[Callable[..., None] | None, tuple[Any, ...]]:
        """What is to be done, if anything is; and keep none of it in memory."""
        taken = self.action, self.arguments
        self.action, self.arguments = None, ()
        return taken


class Timers:
    """All the timers, the next one first."""

    def __init__(self) -> None:
        # The number keeps equal deadlines in order of arrival, and keeps heapq
        # from comparing timers.
        self._heap: list[tuple[float, int, Timer]] = []
        self._numbers = count()
        # How many of them will never be done.
        self.cancelled = 0

    def at(
        self,
        deadline: float,
        action: Callable[[*_Arguments], None],
        *arguments: *_Arguments,
    ) -> Timer:
        """Do *action* with *arguments* once *deadline* has come."""
        self._clear_out()
        timer = Timer(self, action, arguments)
        heapq.heappush(self._heap, (deadline, next(self._numbers), timer))
        return timer

    def until_next(self, now: float) -> float | None:
        """Seconds until something is due, 0 if it is; None if nothing will be."""
        while self._heap and self._heap[0][2].action is None:
            self._pop()
        if not self._heap:
            return None
        return max(0.0, self._heap[0][0] - now)

    def run(self, now: float) -> None:
        """Do everything that is due.

        What an action schedules for *now* waits for the next turn, so that no
        action can keep the loop here.
        """
        scheduled_now = next(self._numbers)
        while self._heap and self._heap[0][0] <= now:
            if self._heap[0][1] > scheduled_now:
                break
            action, arguments = self._pop().take()
            if action is not None:
                action(*arguments)

    def _pop(self) -> Timer:
        timer = heapq.heappop(self._heap)[2]
        self.cancelled -= timer.action is None
        return timer

    def _clear_out(self) -> None:
        """Forget the cancelled once they are most.

        Whoever comes and goes before his deadline would stay here until it is due.
        """
        if self.cancelled > _FEW and self.cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].action]
            heapq.heapify(self._heap)
            self.cancelled = 0
