"""The librarian: what is searched aside, and what the loop is told of it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from chat.domain.extracts import Scope, Seek
from chat.domain.ports import Found, Trouble
from chat.domain.questions import Search
from chat.domain.recalled import FoundAre
from chat.domain.records import Deed, Line
from chat.domain.refusals import Busy, CannotRecall
from chat.net.log import Log
from chat.net.poller import SelectPoller
from chat.net.wakeup import Wakeup
from chat.server.ceilings import Act
from chat.server.librarian import (
    MOST,
    PATIENCE,
    RARELY,
    REST,
    ROUND,
    STINT,
    Answer,
    Librarian,
    Patience,
)
from chat.server.logbook import Logbook
from chat.server.offload import Offload
from chat.server.schedule import Schedule
from chat.server.session import Session
from chat.store.database import Database
from chat.store.memory import MemoryStore
from tests.fakes import FakeClock, FakeOffload
from tests.server.test_session import a_session

LINE = Line(10, 10, 0, Deed.SAY, "alice!a@host", "tea")
SEARCH = Search("tea")
SEEK = Seek((Scope("#lobby"),), 7, SEARCH)
FOUND = FoundAre(SEARCH, (("#lobby", LINE),))


def safely(act: Act, session: Session) -> None:
    act(session)


class Shelf(MemoryStore):
    """A store with as much to prepare as is said, that fails as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.slices = 0
        self.prepared = 0
        self.fails: Exception | None = None
        # What else happens while a slice is prepared.
        self.on_slice: Callable[[], None] = lambda: None
        self.write([LINE])

    def is_stale(self) -> bool:
        return self.slices > 0

    def index(self) -> bool:
        if self.fails:
            raise self.fails
        self.slices -= 1
        self.prepared += 1
        self.on_slice()
        return self.slices > 0

    def seek(
        self, seek: Seek, until: int, is_late: Callable[[], bool]
    ) -> Callable[[], Found]:
        if not self.fails:
            return super().seek(seek, until, is_late)
        fails = self.fails

        def fail() -> Found:
            raise fails

        return fail


class Library:
    """A librarian without a loop: each look is a turn."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.schedule = Schedule(self.clock)
        self.store = Shelf()
        self._file = folder / "log"
        self._log = Log.at(self._file)
        self.logbook = Logbook(self._log, self.schedule)
        self.librarian = Librarian(
            self.store, FakeOffload(lambda: None), self.schedule, self.logbook
        )
        self.session = a_session()
        self.told: list[Answer] = []

    def asks(self, account: int = 7, session: Session | None = None) -> None:
        sought = replace(SEEK, by=account)
        self.librarian.search(session or self.session, sought, 100, self.told.append)

    def goes_on(self, seconds: float = 0.0) -> list[Answer]:
        """The end of this turn, and the next, after so many seconds; what was told."""
        self.librarian.begin(safely)
        self.clock.advance(seconds)
        self.schedule.begin_turn()
        self.librarian.finish(safely)
        self.schedule.run()
        told, self.told = self.told, []
        return told

    def works_for_a_second(self) -> None:
        """The house has a second's work while the helper prepares a slice."""
        self.clock.advance(1.0)
        self.logbook.busy += 1000.0

    def log(self) -> list[str]:
        return [line.partition(" ")[2] for line in self._file.read_text().splitlines()]

    def close(self) -> None:
        self.librarian.close()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library(tmp_path)) as library:
        yield library


def test_what_is_found_is_told_in_a_later_turn(library: Library) -> None:
    library.asks()
    assert library.told == []
    assert library.librarian.statistics() == {"searches": 1, "waiting": 1, "cut": 0}
    assert library.goes_on() == [FOUND]
    assert library.goes_on() == []
    assert library.librarian.statistics() == {"searches": 1, "waiting": 0, "cut": 0}


def test_what_was_said_in_the_same_turn_is_found(library: Library) -> None:
    library.asks()
    later = replace(LINE, id=11)
    library.store.write([later])
    (found,) = library.goes_on()
    assert isinstance(found, FoundAre)
    assert [line for _, line in found.found] == [LINE, later]


def test_one_search_a_person_at_a_time(library: Library) -> None:
    library.asks(account=7)
    library.asks(account=7, session=a_session())
    library.asks(account=0)
    library.asks(account=0)
    library.asks(account=8)
    assert library.told == [Busy(), Busy()]
    assert library.goes_on() == [Busy(), Busy(), FOUND, FOUND, FOUND]
    library.asks(account=7)
    assert library.goes_on() == [FOUND]


def test_few_searches_altogether(library: Library) -> None:
    for account in range(1, MOST + 2):
        library.asks(account)
    assert library.told == [Busy()]
    assert len(library.goes_on()) == MOST + 1


def test_a_helper_that_does_no_more_is_busy(library: Library) -> None:
    library.librarian.offload = closed = Offload(lambda: None)  # type: ignore[misc]
    closed.close()
    library.asks()
    library.asks()
    assert library.goes_on() == [Busy(), Busy()]


def test_who_waits_too_long_is_told_what_there_is(library: Library) -> None:
    library.asks()
    library.clock.advance(PATIENCE)
    assert library.goes_on() == [FoundAre(SEARCH, (), is_cut=True, is_end=False)]
    assert library.librarian.statistics()["cut"] == 1


def test_a_search_rests_longer_than_it_works() -> None:
    clock, rests = FakeClock(), list[float]()

    def rest(seconds: float) -> None:
        rests.append(seconds)
        clock.advance(seconds)

    is_late = Patience(Schedule(clock).stopwatch(), rest)
    asked = 0
    while not is_late():
        clock.advance(STINT / 4)
        asked += 1
    work = asked * STINT / 4
    assert work + sum(rests) == pytest.approx(PATIENCE, abs=0.01)
    assert sum(rests) == pytest.approx(work * REST / STINT, rel=0.01)
    assert sum(rests) > work


@pytest.mark.parametrize("gone", ["doom", "is_closing"])
def test_who_has_left_is_told_nothing(library: Library, gone: str) -> None:
    library.asks()
    setattr(library.session, gone, "lost")
    assert library.goes_on() == []
    assert library.librarian.statistics()["waiting"] == 0


def test_a_house_that_becomes_busy_meanwhile_has_the_rest_wait(
    library: Library,
) -> None:
    library.store.slices = 9
    library.store.on_slice = library.works_for_a_second
    library.goes_on(ROUND)
    assert (library.store.prepared, library.store.slices) == (1, 8)


@pytest.mark.parametrize(
    ("sorrow", "words"),
    [
        (Trouble("the disk fails"), "the disk fails"),
        (ZeroDivisionError(), "FAULT ZeroDivisionError"),
    ],
)
def test_what_goes_wrong_is_an_answer(
    library: Library, sorrow: Exception, words: str
) -> None:
    library.store.fails = sorrow
    library.asks()
    assert library.goes_on() == [CannotRecall()]
    (line,) = library.log()
    assert line.startswith(words)
    library.store.fails = None
    library.asks()
    assert library.goes_on() == [FOUND]


# What is new is prepared.


def test_what_is_new_is_prepared_until_there_is_no_more(library: Library) -> None:
    library.goes_on(ROUND)
    assert library.store.prepared == 0
    library.store.slices = 3
    library.goes_on(ROUND)
    assert (library.store.prepared, library.store.slices) == (3, 0)


def test_while_the_house_is_busy_a_slice_is_prepared_rarely(library: Library) -> None:
    library.store.slices = 9
    for rounds in range(1, 2 * RARELY + 1):
        library.logbook.busy += 600.0 * ROUND
        library.goes_on(ROUND)
        assert library.store.prepared == rounds // RARELY
    library.logbook.busy += 400.0 * ROUND
    library.goes_on(ROUND)
    assert (library.store.prepared, library.store.slices) == (9, 0)


@pytest.mark.parametrize(
    ("sorrow", "words"),
    [
        (Trouble("the disk fails"), "the disk fails"),
        (ZeroDivisionError(), "FAULT ZeroDivisionError"),
    ],
)
def test_what_cannot_be_prepared_is_told_and_tried_again(
    library: Library, sorrow: Exception, words: str
) -> None:
    library.store.slices = 1
    library.store.fails = sorrow
    library.goes_on(ROUND)
    library.store.fails = None
    library.goes_on(ROUND)
    (line,) = library.log()
    assert line.startswith(words)
    assert library.store.prepared == 1


def test_a_helper_thread_does_it(tmp_path: Path) -> None:
    wakeup, poller = Wakeup(), SelectPoller()
    told: list[Answer] = []
    poller.read(wakeup.descriptor)
    store = Database(tmp_path)
    store.write([LINE])
    schedule = Schedule(FakeClock())
    logbook = Logbook(None, schedule)
    with closing(store), closing(wakeup):
        librarian = Librarian(store, Offload(wakeup.ring), schedule, logbook)
        with closing(librarian):
            librarian.search(a_session(), SEEK, 100, told.append)
            librarian.begin(safely)
            while not told:
                assert poller.wait(10).readable, "nothing rings"
                wakeup.rung()
                librarian.finish(safely)
    assert told == [FOUND]
