"""The librarian: searches, and prepares what is new for searching, aside.

Both take longer than a turn may, so a helper thread does them, one after the other,
on connections that nobody else has; it is not the one that checks passwords, for
whoever comes in must not wait for those who look something up.  The loop hands a
search over, and is rung when there is an answer.  A search rests longer than it works,
so that the loop need not wait for it.

What is new is prepared a slice at a time, begun from here now and then, and
hardly ever while the house is busy: it would take a part of what people share.  A
search comes after the slice that is under way, and before the next.  What was just
said is found all the same: a search begins with a few slices of what is new.  Where
that is more, it says that it may lack something.

Nobody can have the house search for him all day: there is one search a person at a
time, few altogether, and whoever would wait for too long is told what there is.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Final, NamedTuple, TypeAlias

from chat.domain.extracts import Seek
from chat.domain.ports import Found, Store, Trouble
from chat.domain.recalled import FoundAre
from chat.domain.records import Line
from chat.domain.refusals import Busy, CannotRecall
from chat.net.log import Level
from chat.server.ceilings import Act
from chat.server.logbook import Logbook
from chat.server.offload import Offload
from chat.server.schedule import Schedule
from chat.server.session import Session

# Seconds from the question to the answer, waiting for others included.
PATIENCE: Final = 2.0
# Searches that wait for one another.
MOST: Final = 16
# Seconds that a search works before it rests, and for which it does.
STINT: Final = 0.00025
REST: Final = 0.001
# Seconds between two looks at whether something is new: when the house tidies up.
ROUND: Final = 2.0
# In a house that is busy for more than this share of the time one slice in so many
# rounds is enough: what is new can wait, and people who talk cannot.
BUSY: Final = 0.5
RARELY: Final = 5

Answer: TypeAlias = FoundAre | Busy | CannotRecall
Told: TypeAlias = Callable[[Answer], None]
# An account, or a guest's session.
_Who: TypeAlias = tuple[int, int]


class _Question(NamedTuple):
    """What is sought, until when, and who is told."""

    seek: Seek
    until: int
    is_late: Callable[[], bool]
    told: Told


class Librarian:
    """Has searches done aside.  What follows from them is in `offload.finished`."""

    def __init__(
        self, store: Store, offload: Offload, schedule: Schedule, logbook: Logbook
    ) -> None:
        self.offload: Final = offload
        self._store = store
        self._schedule = schedule
        self._logbook = logbook
        # Whoever has a search under way: accounts, and guests' sessions.
        self._asking: dict[_Who, None] = {}
        # What was asked in this turn.
        self._asked: deque[tuple[Session, Act]] = deque()
        self._is_preparing = False
        # Whether the next slice waits for a later round, since the house is busy; how
        # busy it had been by the last one, in milliseconds; rounds since a slice began.
        self._is_put_off = False
        self._is_busy = False
        self._busy, self._elapsed = 0.0, schedule.stopwatch()
        self._rounds = 0
        # Where a search rests; set when there is no time for that.
        self._pause = Event()
        # What went wrong aside, until the loop looks.
        self._sorrows: deque[Exception] = deque()
        self._searches = 0
        self._cut = 0
        schedule.every(ROUND, logbook.watched(self._look))

    def search(self, session: Session, seek: Seek, until: int, told: Told) -> None:
        """Search for *session*, and have it *told*, once, now or in a later turn.

        `Busy` it is told at once.  When it has left meanwhile it is told nothing.
        """
        who = (seek.by, 0 if seek.by else session.id)
        if who in self._asking or len(self._asking) >= MOST:
            told(Busy())
            return
        self._asking[who] = None
        self._searches += 1
        is_late = Patience(self._schedule.stopwatch(), self._pause.wait)
        question = _Question(seek, until, is_late, told)
        self._asked.append((session, partial(self._begin, who, question)))

    def begin(self, safely: Callable[[Act, Session], None]) -> None:
        """Have done what was asked in this turn; for the loop, after its commit.

        What somebody has said just before he asks is to be found as well.
        """
        while self._asked:
            session, act = self._asked.popleft()
            safely(act, session)

    def finish(self, safely: Callable[[Act, Session], None]) -> None:
        """Tell those whose searches are done; for the loop, when it was rung."""
        for session, act in self.offload.finished():
            safely(act, session)

    def close(self) -> None:
        """Begin nothing more, and wait for what has been begun."""
        # Nobody is served any more: there is nothing to rest for.
        self._pause.set()
        self.offload.close()

    def statistics(self) -> dict[str, int]:
        """How many searches there were, how many are waiting and how many were cut."""
        return {
            "searches": self._searches,
            "waiting": len(self._asking),
            "cut": self._cut,
        }

    def _begin(self, who: _Who, question: "_Question", session: Session) -> None:
        """Hand a search over to the helper."""
        search = _Search(self._store, question)
        end = partial(self._end, who, search, question.told)
        if not self.offload.do(session, search.work, if_so=end, if_not=end):
            del self._asking[who]
            question.told(Busy())

    def _end(self, who: _Who, search: "_Search", told: Told, session: Session) -> None:
        """What follows from a search, on the loop."""
        del self._asking[who]
        if search.fault is not None:
            self._logbook.fault(session, search.fault)
        if search.trouble:
            self._complain(search.trouble)
        answer = search.answer
        self._cut += isinstance(answer, FoundAre) and answer.is_cut
        if not (session.doom or session.is_closing):
            told(answer)

    # What is new is prepared for searching.

    def _look(self) -> None:
        """Begin with what is new, unless that is under way."""
        while self._sorrows:
            sorrow = self._sorrows.popleft()
            if isinstance(sorrow, Trouble):
                self._complain(str(sorrow))
            else:
                self._logbook.fault("the librarian", sorrow)
        self._is_busy = self._has_been_busy()
        self._busy, self._elapsed = self._logbook.busy, self._schedule.stopwatch()
        self._rounds += 1
        if self._is_busy and self._rounds < RARELY:
            return
        if self._is_put_off or (not self._is_preparing and self._store.is_stale()):
            self._is_preparing, self._is_put_off = True, False
            self._rounds = 0
            self.offload.aside(self._prepare)

    def _prepare(self) -> None:
        """Prepare a slice, and the next one after those who search; for the helper."""
        try:
            has_more = self._store.index()
        except Exception as sorrow:  # noqa: BLE001 - it would end the thread
            self._sorrows.append(sorrow)
            has_more = False
        self._is_preparing = has_more
        if has_more and (self._is_busy or self._has_been_busy()):
            self._is_put_off = True
        elif has_more:
            self.offload.aside(self._prepare)

    def _has_been_busy(self) -> bool:
        """Whether the house was, since the last round; asked on both threads."""
        return self._logbook.busy - self._busy > self._elapsed() * 1000 * BUSY

    def _complain(self, words: str) -> None:
        self._logbook.note_often("search", words, Level.WARNING)


class Patience:
    """Tells a search whether it is late, and has it rest while it asks.

    It and the loop have one interpreter, and each time that the loop speaks to somebody
    the search may take it: so a turn would wait as often as there are listeners.
    """

    def __init__(
        self, elapsed: Callable[[], float], rest: Callable[[float], object]
    ) -> None:
        """*elapsed* tells the seconds since it was asked for; *rest* takes some."""
        self._elapsed = elapsed
        self._rest = rest
        self._rested = 0.0

    def __call__(self) -> bool:
        """Whether it is late."""
        if self._elapsed() - self._rested >= STINT:
            self._rest(REST)
            self._rested = self._elapsed()
        return self._elapsed() >= PATIENCE


class _Search:
    """A search, which a helper thread carries out."""

    def __init__(self, store: Store, question: _Question) -> None:
        seek, until, is_late, _ = question
        self._asked = seek.asked
        self._seek = store.seek(seek, until, is_late)
        self.fault: Exception | None = None
        self.trouble = ""
        # Until it is known, and if it never will be.
        self.answer: FoundAre | CannotRecall = CannotRecall(seek.asked.target)

    def work(self) -> bool:
        """Search; what has come of it is left here for the loop."""
        try:
            self.answer = FoundAre(self._asked, *_as_told(self._seek()))
        except Trouble as trouble:
            self.trouble = str(trouble)
        except Exception as fault:  # noqa: BLE001 - it is told of on the loop
            self.fault = fault
        return True


def _as_told(found: Found) -> tuple[tuple[tuple[str, Line], ...], bool, bool]:
    return tuple(found.found), found.is_cut, found.is_end
