"""Upkeep: what is due now and then, though nobody has asked for it.

The hub has no clock, so somebody has to tell it that time goes by: that a room was
empty for long enough, or that a guest has held another's nick for too long.
"""

from collections.abc import Callable
from typing import Final

from chat.domain.claims import Tidy
from chat.server.logbook import Logbook
from chat.server.schedule import Schedule

# Nobody minds these seconds, and an idle house should not wake up more often.
EVERY: Final = 5.0


class Upkeep:
    """Has the hub tidy up, every few seconds."""

    def __init__(
        self, see_to: Callable[[Tidy], None], schedule: Schedule, logbook: Logbook
    ) -> None:
        self._see_to = see_to
        self._schedule = schedule
        self._logbook = logbook
        schedule.later(EVERY, self._tidy)

    def _tidy(self) -> None:
        self._schedule.later(EVERY, self._tidy)
        try:
            self._see_to(Tidy())
        except Exception as fault:  # noqa: BLE001 - nobody's in particular
            self._logbook.fault("upkeep", fault)
