"""The logbook: what an operator is told while the server runs.

A line for each event that is worth an eye, and none for what people say.  A
*fault*, a bug of ours, is told with the place where it happened, but a fault
that everybody can bring about must not fill the disk: the same place is told
once in `QUIET_SECONDS`, and then how often it was met meanwhile.
"""

from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb
from typing import Final

from chat.net.address import ADMIN
from chat.net.log import Level, Log
from chat.server.schedule import Schedule
from chat.server.session import Session

QUIET_SECONDS: Final = 60.0
# A turn that takes longer is told of, in milliseconds.
SLOW_TURN: Final = 50.0
# As many places are remembered; there are not that many bugs.
_PLACES: Final = 100


class Logbook:
    """Notes for the operator; without a log they go nowhere."""

    def __init__(self, log: Log | None, schedule: Schedule) -> None:
        self._log = log
        self._schedule = schedule
        self.faults = 0
        # How long the longest turn took, in milliseconds.
        self.longest = 0.0
        # And how long all of them took together, in milliseconds.
        self.busy = 0.0
        # By place: when it was told last, and how often it was met since.
        self._met: dict[str, tuple[float, int]] = {}

    def note(self, text: str, level: Level = Level.INFO) -> bool:
        """Write *text* as a line, if there is room for it; whether there was."""
        if self._log is None:
            return False
        return self._log.write(self._schedule.now.wall, text, level)

    def arrival(self, session: Session) -> None:
        """Write that *session* has come, where somebody wants to know it all."""
        if self._log is not None and self._log.level <= Level.DEBUG:
            # Not before that was asked: to describe it takes longer than to open it.
            self.note(f"{session!r} has come", Level.DEBUG)

    def obituary(self, session: Session) -> None:
        """Write who *session* was, and why it ended.

        A script may ask every minute how the house is, which is no news.
        """
        level = Level.DEBUG if session.door == ADMIN else Level.INFO
        self.note(session.obituary(self._schedule.now.monotonic), level)

    def note_often(self, what: str, text: str, level: Level = Level.INFO) -> None:
        """Tell of *what* anybody can bring about as often as he likes.

        Once in a while, with the *text* of one time and how many others there were.
        """
        self._tell_once(what, level, lambda more: text + more)

    def watched(self, act: Callable[[], None]) -> Callable[[], None]:
        """*act*, which is nobody's in particular: a bug in it is told of, no more."""

        def watched() -> None:
            try:
                act()
            except Exception as fault:  # noqa: BLE001 - so that nothing stops the loop
                self.fault("the house", fault)

        return watched

    def fault(self, where: object, fault: Exception) -> None:
        """Count a bug of ours, and tell of it; *where* is the session it met.

        Raises:
            Exception: the fault itself, if nobody would learn of it otherwise.
        """
        if self._log is None:
            raise fault
        self.faults += 1
        frames = [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in reversed(extract_tb(fault.__traceback__))
        ]
        place = frames[0] if frames else ""
        path = " < ".join(frames[:6])
        what = _described(fault)
        self._tell_once(
            place,
            Level.ERROR,
            lambda more: f"FAULT {what}{more} at {path}, for {where!r}",
        )

    def end_turn(self) -> None:
        """Remember how long the longest turn was; a slow one is told of."""
        took = self._schedule.spent() * 1000
        self.longest = max(self.longest, took)
        self.busy += took
        if took > SLOW_TURN:
            self.note(f"a turn took {took:.0f} ms", Level.WARNING)

    def turns(self) -> dict[str, int]:
        """How many turns there were, and how long the longest took."""
        turns, longest = self._schedule.turn, round(self.longest)
        return {"turns": turns, "longest_turn_ms": longest}

    def statistics(self) -> dict[str, int]:
        """How often something went wrong that is ours to mend."""
        dropped = 0 if self._log is None else self._log.dropped
        return {"faults": self.faults, "lines_dropped": dropped}

    def _tell_once(self, what: str, level: Level, line: Callable[[str], str]) -> None:
        """Write *line*, unless it was written lately; then count it."""
        if len(self._met) >= _PLACES:
            self._met.clear()
        now = self._schedule.now.monotonic
        told, count = self._met.get(what, (-QUIET_SECONDS, 0))
        self._met[what] = (told, count + 1)
        if now - told >= QUIET_SECONDS:
            more = f" (and {count} more)" if count else ""
            if self.note(line(more), level):
                self._met[what] = (now, 0)


def _described(fault: Exception) -> str:
    """What went wrong, without the words of people that it went wrong with."""
    kind = type(fault).__name__
    return kind if isinstance(fault, UnicodeError) else f"{kind}: {str(fault)[:80]}"
