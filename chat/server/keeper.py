"""The keeper: what a turn has to write down, written before anybody reads of it.

A crash can then make nobody's memory better than ours.  When the disk fails people
keep talking: what cannot be written waits in the backlog, in order, and is written
once that works again.  A lock that another process holds for a moment is nobody's
business, so at first each turn tries again and nobody is told.  What lasts longer
is told to those who run the house, once a minute at most, and to each room of which
something is missing, once when it begins and once when it is over.

Trying costs little: a few records at first, and larger slices once those went well.

Next: chat/server/fanout.py
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from typing import Final

from chat.domain.claims import TellTrouble
from chat.domain.order import START
from chat.domain.ports import Store, Trouble
from chat.domain.records import Record, count, taken_apart
from chat.domain.state import Stamp
from chat.net.log import Level
from chat.server.archivist import Archivist
from chat.server.backlog import Backlog
from chat.server.logbook import Logbook
from chat.server.schedule import Schedule

# For so long each turn tries again, in seconds, and after that once in `PAUSE`.
AT_ONCE: Final = 0.1
PAUSE: Final = 1.0
# What is over sooner is told to nobody, unless something was lost.
NOBODYS_BUSINESS: Final = 1.0
# Who was told has peace for so long, though it comes and goes.
QUIET: Final = 60.0
# A house that closes waits no longer for a disk, in seconds.
LAST_TRIES: Final = 5.0
# Records written in one turn: to see whether it works, and once it does.
PROBE: Final = 50
SLICE: Final = 1000


class Keeper:
    """Collects records while the turn lasts, and commits them as one."""

    def __init__(
        self,
        store: Store,
        schedule: Schedule,
        logbook: Logbook,
        archivist: Archivist,
    ) -> None:
        self._store = store
        self._archivist = archivist
        self._schedule = schedule
        self._logbook = logbook
        # Has the hub tell people of a trouble; the exchange says how.
        self.tell: Callable[[TellTrouble], None] = _nobody
        # How far the order has come.
        self.reached: Callable[[], Stamp] = _start
        self._records: list[Record] = []
        # While something could not be written.
        self._trouble: _Trouble | None = None
        self._told_at = -QUIET
        self._deadline = inf
        # What has a later id, the store has not heard of; and up to which id it has
        # all, also while the backlog is being written and what comes first is there.
        self._last_id = self._complete = 0
        self._written = 0
        self._lost = 0
        self._longest = 0.0

    def begin(self, last_id: int) -> None:
        """The store has all up to that id, and nothing later."""
        self._last_id = self._complete = last_id

    def keep(self, record: Record) -> None:
        """Have *record* written with this turn."""
        self._records.append(record)

    def commit(self) -> None:
        """Write what the turn has to remember, in one transaction."""
        records, self._records = self._records, []
        if self._trouble is not None:
            self._go_on(self._trouble, records)
        elif records:
            try:
                self._write(records)
            except Trouble as words:
                self._begin(str(words), records)
            else:
                self._complete = self._last_id
                self._archivist.look()

    def leave(self) -> None:
        """The house closes: there is not much time left."""
        self._deadline = self._schedule.now.monotonic + LAST_TRIES

    def is_behind(self) -> bool:
        """Whether a house that closes should wait for what is not written yet."""
        is_late = self._schedule.now.monotonic >= self._deadline
        return self._trouble is not None and not is_late

    def durable(self) -> int:
        """Up to which id all that was to be kept is written down."""
        return sys.maxsize if self._trouble is None else self._complete

    def close(self) -> None:
        """Write what is left, or say how much is lost, and close the store."""
        if self._trouble is not None:
            self._trouble.next_try = 0.0
        self.commit()
        while self._trouble is not None and self._trouble.is_ending:
            self._go_on(self._trouble, [])
        if self._trouble is not None:
            waiting = len(self._trouble.backlog)
            words = self._trouble.words
            self._note(f"records that were never written: {waiting} ({words})")
        else:
            self._write_reached()
        self._store.close()

    def statistics(self) -> dict[str, int]:
        """How much was written, and how long the longest commit took."""
        trouble = self._trouble
        return {
            "written": self._written,
            "waiting": len(trouble.backlog) if trouble else 0,
            "lost": self._lost + (trouble.backlog.lost if trouble else 0),
            "longest_commit_us": round(self._longest * 1_000_000),
            **self._archivist.statistics(),
        }

    def _write(self, records: Sequence[Record]) -> None:
        """Have the store write *records*.

        What shows a fault of ours is left out: it would fail again each time.
        """
        began = self._schedule.spent()
        try:
            reached = self.reached()
            self._store.write(records, reached)
        except Trouble:
            raise
        except Exception as fault:  # noqa: BLE001 - so that nothing stops the loop
            self._write_around(records, fault)
        else:
            self._written += count(records)
            self._last_id = reached.id
        finally:
            took = self._schedule.spent() - began
            self._longest = max(self._longest, took)

    def _write_reached(self) -> None:
        """Write at least how far the order has come."""
        try:
            self._store.write((), self.reached())
        except Trouble as words:
            self._note(f"if the clock is set back, ids may be given again: {words}")

    def _write_around(self, records: Sequence[Record], fault: Exception) -> None:
        """Write all of *records* but the one with the *fault*."""
        records = [*taken_apart(records)]
        if len(records) > 1:
            half = len(records) // 2
            self._write(records[:half])
            self._write(records[half:])
            return
        self._lost += 1
        self._logbook.fault(type(records[0]).__name__, fault)

    # While it cannot be written.

    def _begin(self, words: str, records: list[Record]) -> None:
        now = self._schedule.now.monotonic
        backlog = Backlog(lambda: self._last_id)
        trouble = self._trouble = _Trouble(words, now, backlog)
        trouble.add(records)
        self._schedule.later(AT_ONCE, _have_a_turn)

    def _go_on(self, trouble: "_Trouble", records: list[Record]) -> None:
        """Have *records* wait; try again, if it is time; tell whoever must know."""
        trouble.add(records)
        now = self._schedule.now.monotonic
        if now >= trouble.next_try:
            self._try_again(trouble, now)
        if self._trouble is None or trouble.is_ending:
            return
        if self._is_worth_telling(trouble, now):
            self._tell_of_beginning(trouble, now)
        if trouble.is_told:
            self._tell_rooms(trouble)

    def _try_again(self, trouble: "_Trouble", now: float) -> None:
        """Write as much as may be written in a turn."""
        most = SLICE if trouble.is_ending else PROBE
        try:
            trouble.backlog.shift(most, self._write)
        except Trouble as words:
            trouble.words, trouble.is_ending = str(words), False
            if now - trouble.began >= AT_ONCE:
                self._pause(trouble, PAUSE)
                self._archivist.look(in_need=True)
            return
        self._archivist.look()
        trouble.is_ending = True
        if trouble.backlog:
            # It works: go on with the next turn, which is to come at once.
            self._pause(trouble, 0.0)
        else:
            self._end(trouble, now)

    def _pause(self, trouble: "_Trouble", seconds: float) -> None:
        """Try again after so many *seconds*, for which a turn is needed."""
        trouble.next_try = self._schedule.now.monotonic + seconds
        self._schedule.later(seconds, _have_a_turn)

    def _end(self, trouble: "_Trouble", now: float) -> None:
        self._trouble = None
        self._complete = self._last_id
        lost = trouble.backlog.lost
        self._lost += lost
        if not trouble.is_told and not lost:
            return
        missing = f", but {lost} are lost" if lost else ""
        took = now - trouble.began
        self._note(f"after {took:.0f} s the store keeps records again{missing}")
        self._tell(TellTrouble((), is_over=True, lost=lost))
        by_loss = defaultdict[int, list[int]](list)
        for room, lines in trouble.backlog.rooms.items():
            if room in trouble.rooms_told or lines:
                by_loss[lines].append(room)
        for lines, rooms in by_loss.items():
            self._tell(TellTrouble(tuple(rooms), is_over=True, lost=lines))

    def _is_worth_telling(self, trouble: "_Trouble", now: float) -> bool:
        return (
            not trouble.is_told
            and now - trouble.began >= NOBODYS_BUSINESS
            and now - self._told_at >= QUIET
        )

    def _tell_of_beginning(self, trouble: "_Trouble", now: float) -> None:
        trouble.is_told, self._told_at = True, now
        self._note(f"the store keeps nothing just now: {trouble.words}")
        self._tell(TellTrouble(()))

    def _tell_rooms(self, trouble: "_Trouble") -> None:
        """Tell the rooms of which something waits and that do not know it yet."""
        news = trouble.backlog.rooms.keys() - trouble.rooms_told.keys()
        if news:
            rooms = tuple(sorted(news))
            trouble.rooms_told.update(dict.fromkeys(rooms))
            self._tell(TellTrouble(rooms))

    def _tell(self, trouble: TellTrouble) -> None:
        self._logbook.watched(partial(self.tell, trouble))()

    def _note(self, text: str) -> None:
        self._logbook.note(text, Level.WARNING)


class _Trouble:
    """A time in which nothing can be written, or not everything."""

    def __init__(self, words: str, began: float, backlog: Backlog) -> None:
        self.words = words
        self.began = began
        self.backlog = backlog
        self.next_try = began
        # Whether it worked the last time, and only what has piled up is in the way.
        self.is_ending = False
        self.is_told = False
        self.rooms_told: dict[int, None] = {}

    def add(self, records: list[Record]) -> None:
        """Have *records* wait."""
        for record in records:
            self.backlog.add(record)


def _nobody(_trouble: TellTrouble) -> None:
    """Nobody is there who could be told."""


def _start() -> Stamp:
    """Nothing has happened."""
    return START


def _have_a_turn() -> None:
    """The turn in which this timer is due commits."""
