"""The logbook: what an operator is told while the server runs.

A line for each event that is worth an eye, and none for what people say.  A
*fault*, a bug of ours, is told with the place where it happened, but a fault
that everybody can bring about must not fill the disk: the same place is told
once in `QUIET_SECONDS`, and then how often it was met meanwhile.
"""

from traceback import extract_tb
from typing import Final

from chat.net.log import Level, Log
from chat.server.schedule import Schedule

QUIET_SECONDS: Final = 60.0
# As many places are remembered; there are not that many bugs.
_PLACES: Final = 100


class Logbook:
    """Notes for the operator; without a log they go nowhere."""

    def __init__(self, log: Log | None, schedule: Schedule) -> None:
        self._log = log
        self._schedule = schedule
        self.faults = 0
        # By place: when it was told last, and how often it was met since.
        self._met: dict[str, tuple[float, int]] = {}

    def note(self, text: str, level: Level = Level.INFO) -> None:
        """Write *text* as a line, if there is anywhere to write to."""
        if self._log is not None:
            self._log.write(self._schedule.now.wall, text, level)

    def fault(self, where: object, fault: Exception) -> None:
        """Count a bug of ours, and tell of it; *where* is the session it met.

        Raises:
            Exception: the fault itself, if nobody would learn of it otherwise.
        """
        if self._log is None:
            raise fault
        self.faults += 1
        frames = extract_tb(fault.__traceback__)
        place = str(frames[-1]) if frames else ""
        if again := self._times_since_told(place):
            told = f" (and {again - 1} more)" if again > 1 else ""
            path = " < ".join(map(str, reversed(frames)))
            self.note(f"FAULT {fault!r}{told} {where!r} {path}", Level.ERROR)

    def statistics(self) -> dict[str, int]:
        """How often something went wrong that is ours to mend."""
        dropped = 0 if self._log is None else self._log.dropped
        return {"faults": self.faults, "lines_dropped": dropped}

    def _times_since_told(self, place: str) -> int:
        """How often it was met since it was told last; 0 to keep quiet."""
        now = self._schedule.now.monotonic
        told, count = self._met.get(place, (now - QUIET_SECONDS, 0))
        if now - told < QUIET_SECONDS:
            self._met[place] = (told, count + 1)
            return 0
        if len(self._met) >= _PLACES:
            self._met.clear()
        self._met[place] = (now, 0)
        return count + 1
