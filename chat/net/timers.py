"""Timers: what is to be done later, in the order of its deadlines.

A deadline is an instant on the monotonic clock.  The loop asks how long it may
sleep and then runs what is due; nothing here reads a clock.
"""

import heapq
from collections.abc import Callable
from itertools import count


class Timer:
    """One thing to be done at its deadline, unless it is cancelled before."""

    __slots__ = ("action", "deadline")

    def __init__(self, deadline: float, action: Callable[[], None]) -> None:
        self.deadline = deadline
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Never do it.  Cancelling twice, or too late, does nothing."""
        self.action = None


class Timers:
    """All the timers, the next one first."""

    def __init__(self) -> None:
        # The number keeps equal deadlines in order of arrival, and keeps heapq
        # from comparing timers.
        self._heap: list[tuple[float, int, Timer]] = []
        self._numbers = count()

    def at(self, deadline: float, action: Callable[[], None]) -> Timer:
        """Do *action* once *deadline* has come."""
        timer = Timer(deadline, action)
        heapq.heappush(self._heap, (deadline, next(self._numbers), timer))
        return timer

    def until_next(self, now: float) -> float | None:
        """Seconds until something is due, 0 if it is; None if nothing will be."""
        while self._heap and self._heap[0][2].action is None:
            heapq.heappop(self._heap)
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
            timer = heapq.heappop(self._heap)[2]
            if timer.action is not None:
                timer.action()
