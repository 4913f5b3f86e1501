"""The archivist: what a store on disk needs besides being written to.

What was committed has to be moved from the log to the database (a *checkpoint*,
see `store.checkpoints`).  That waits for the disk, so the helper thread does it,
each time that `GROWTH` was committed.  While every turn commits, the helper never
has all of it, and the log would grow for ever: beyond `TOO_LONG` the last frames are
moved here, as soon as they are few, so that the next commit begins the log again.
Then the loop does wait for the disk, but only for what the helper has left.

A log that begins again so is not cut off, but overwritten: to take new room on the
disk for each commit makes all of them a third slower.  It is cut off when it begins
again by itself, since people have rested for a moment.

What has been kept long enough is deleted, a slice at a time, and so is what is more
than a room, or the disk, shall hold.  Where that was, people write again; what is
more than that is given back to the disk.
"""

from collections import deque
from typing import Final

from chat.config import Config
from chat.domain.ports import Store, Trouble
from chat.net.log import Level
from chat.sections import HistoryConfig
from chat.server.logbook import Logbook
from chat.server.offload import Offload
from chat.server.schedule import Schedule
from chat.store.database import Database
from chat.store.memory import MemoryStore
from chat.store.retention import SLICE

# Bytes: the longer, the more often a page is in the log that is moved only once.
GROWTH: Final = 8 * 1024 * 1024
TOO_LONG: Final = 64 * 1024 * 1024
# So much the loop moves itself: a few milliseconds.
FEW: Final = 4 * 1024 * 1024

# Seconds between two looks at what is to be deleted, and between two slices of it.
ROUND: Final = 60.0
NEXT_SLICE: Final = 1.0
# Those of what was said are short, and more may be said in a second than one holds.
NEXT_OF_HISTORY: Final = 0.2

# Bytes of a page in the log: as long as SQLite makes them, and a head.
_FRAME: Final = 4096 + 24
# Later than all that ever happens (ms).
_EVER: Final = 2**62
_DAY: Final = 24 * 60 * 60 * 1000


class Archivist:
    """Looks after a store, if it is one on disk."""

    def __init__(
        self, store: Store, offload: Offload, schedule: Schedule, logbook: Logbook
    ) -> None:
        self._database = store if isinstance(store, Database) else None
        self._memory = store if isinstance(store, MemoryStore) else None
        self._offload = offload
        self._schedule = schedule
        self._logbook = logbook
        # For how many days the audit trail is kept; with none it is kept for ever.
        self.days: int | None = None
        # And what was said: for how many days, how many lines of a room, and bytes of
        # the database; 0 is any.
        self.history = HistoryConfig()
        # How much had been committed when the last checkpoint began, whether one is
        # under way, and what has come of it: frames in the log, and frames moved.
        self._began_at = 0
        self._is_busy = self._is_too_long = False
        self._done: deque[tuple[int, int] | Trouble] = deque()
        self._checkpoints = 0
        self._has_given_back = False
        if self._database is not None:
            self._trim_later(NEXT_SLICE)

    def configure(self, config: Config) -> None:
        """Let *config* hold from the next slice on."""
        self.days, self.history = config.audit.days, config.history
        if self._memory is not None:
            # It has an end by itself, and forgets what is old while people talk.
            self._memory.keep = self.history.keep * _DAY

    def look(self, *, in_need: bool = False) -> None:
        """Have a checkpoint made if it is time, or *in_need*.

        A log that is moved makes room on a full disk.
        """
        if self._database is None:
            return
        if self._is_busy:
            if not self._done:
                return
            self._is_busy = False
            self._heed(self._database, self._done.popleft())
        committed = self._database.committed
        if in_need or self._is_too_long or committed - self._began_at >= GROWTH:
            self._began_at, self._is_busy = committed, True
            self._offload.aside(self._checkpoint)

    def statistics(self) -> dict[str, int]:
        """How long the log is, and how often it was moved."""
        length = self._database.log_bytes() if self._database else 0
        return {"log_bytes": length, "checkpoints": self._checkpoints}

    def _checkpoint(self) -> None:
        """For the helper thread."""
        assert self._database is not None
        try:
            self._done.append(self._database.checkpoints.checkpoint())
        except Trouble as trouble:
            self._done.append(trouble)

    def _heed(self, database: Database, done: tuple[int, int] | Trouble) -> None:
        """Go on with what the helper has *done*."""
        if isinstance(done, Trouble):
            self._complain(done)
            return
        self._checkpoints += 1
        frames, moved = done
        since = database.committed - self._began_at
        self._is_too_long = frames * _FRAME + since > TOO_LONG
        is_nearly_done = (frames - moved) * _FRAME + since <= FEW
        try:
            if self._is_too_long and is_nearly_done:
                self._is_too_long = False
                database.reuse_log()
                database.finish()
            else:
                database.cut_log()
        except Trouble as trouble:
            self._complain(trouble)

    def _trim_later(self, seconds: float) -> None:
        self._schedule.later(seconds, self._logbook.watched(self._trim))

    def _trim(self) -> None:
        """Delete a slice of what is to go."""
        assert self._database is not None
        until_next = ROUND
        try:
            until_next = self._trim_one(self._database)
        except Trouble as trouble:
            self._complain(trouble)
        finally:
            self._trim_later(until_next)
        # Deleting fills the log as well, and perhaps nobody says anything.
        self.look()

    def _trim_one(self, database: Database) -> float:
        """Delete one slice; in how many seconds there may be more to go."""
        if forgetting := database.forgetting():
            database.trim_words(forgetting[0])
            return NEXT_SLICE
        if self.days is not None:
            before = self._schedule.now.wall - self.days * _DAY
            if database.trim_audit(before) == SLICE:
                return NEXT_SLICE
        if self._trim_history(database):
            return NEXT_OF_HISTORY
        if database.give_back():
            self._has_given_back = True
            return NEXT_OF_HISTORY
        if self._has_given_back:
            # The file is as long as it was until the log has been moved.
            self._has_given_back = False
            self.look(in_need=True)
        return ROUND

    def _trim_history(self, database: Database) -> bool:
        """Delete a slice of what was said; whether there may be more to go."""
        history, wall = self.history, self._schedule.now.wall
        deleted = 0
        has_more = False
        if history.keep:
            deleted = database.trim_oldest(wall - history.keep * _DAY)
        if not deleted and history.lines:
            deleted, has_more = database.trim_surplus(history.lines)
        if not (deleted or has_more) and 0 < history.bytes < database.used_bytes():
            deleted = database.trim_oldest(_EVER)
        return has_more or deleted > 0

    def _complain(self, trouble: Trouble) -> None:
        self._logbook.note_often("store", str(trouble), Level.WARNING)
