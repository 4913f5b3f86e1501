"""Fakes: stand-ins that keep the promises of what they stand for."""

from dataclasses import replace

from chat.net.clock import Moment
from chat.net.poller import Ready, SelectPoller


class FakeClock:
    """A clock that stands still until it is advanced, or set."""

    def __init__(self, wall: int = 1_700_000_000_000) -> None:
        self._now = Moment(monotonic=1000.0, wall=wall)

    def now(self) -> Moment:
        return self._now

    def advance(self, seconds: float) -> None:
        """Let *seconds* go by, on both of its faces."""
        wall = self._now.wall + round(seconds * 1000)
        self._now = Moment(self._now.monotonic + seconds, wall)

    def set_wall(self, wall: int) -> None:
        """Somebody changes the date; monotonic time does not care."""
        self._now = replace(self._now, wall=wall)


class ImpatientPoller(SelectPoller):
    """A poller that never waits, and remembers whether it found anything."""

    def __init__(self) -> None:
        super().__init__()
        self.found_something = False

    def wait(self, seconds: float | None) -> Ready:
        ready = super().wait(0)
        # Who asks for no wait at all has work left over from the last turn.
        self.found_something = bool(ready.readable or ready.writable) or seconds == 0
        return ready
