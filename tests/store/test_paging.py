"""Any way of paging through a history is the whole of it, on disk and in memory."""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.extracts import Scope
from chat.domain.ports import Archive, Store
from chat.domain.questions import Page
from chat.domain.records import Deed, Line
from chat.store.database import Database
from chat.store.memory import MemoryStore
from tests.paging import Entry, Reader

ALICE, BOB = 7, 8
WHEN = 1_700_000_000_000
EVENTS = (Deed.JOIN, Deed.LEAVE, Deed.TOPIC, Deed.TAGS)
SAID = (Deed.SAY, Deed.ACTION, Deed.NOTICE, Deed.GAP)
# Each example has places of its own in the store, in which nothing was said before.
numbers = count(1000)


@pytest.fixture(scope="module", params=["disk", "memory"])
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("paged")
    made = Database(folder) if request.param == "disk" else MemoryStore()
    with closing(made) as opened:
        yield opened


class House:
    """A room, or what two say to one another, in which things go on happening."""

    def __init__(self, store: Store, random: Random, *, is_private: bool) -> None:
        self.store = store
        self.random = random
        self.id = next(numbers) << 20
        self.scope = Scope("#tea", room=self.id)
        if is_private:
            self.scope = Scope("bob", peer=self.id, account=ALICE)
        self.at = WHEN
        self.lines: list[Line] = []

    def goes_on(self, most: int) -> None:
        """A turn: some things happen here and elsewhere, a few at one time."""
        begun = len(self.lines)
        # Two turns never share a time.
        self.at += self.random.choice((1, 1, 5))
        for _ in range(self.random.randint(0, most)):
            self.at += self.random.choice((0, 0, 1, 3))
            self.id += self.random.choice((1, 1, 2))
            self.lines.append(self._line(self.random.choice((True, True, False))))
        self.store.write(self.lines[begun:])

    def _line(self, is_here: bool) -> Line:
        deed = self.random.choice((*SAID, *SAID, *EVENTS))
        room, account, peer = self.scope.room, 0, 0
        if self.scope.peer:
            # Both speak, and each with others too.
            room, account, peer = 0, ALICE, self.scope.peer
            if self.random.random() < 0.5:
                account, peer = peer, account
            deed = self.random.choice(SAID)
        if not is_here:
            room, account, peer = (0, ALICE, BOB) if peer else (room + 1, 0, 0)
        return Line(
            self.id, self.at, room, deed, "a!b@c", "tea", account=account, peer=peer
        )

    def is_in(self, line: Line, *, has_events: bool) -> bool:
        is_seen = has_events or line.deed in SAID
        if self.scope.peer:
            return is_seen and self.scope.peer in (line.account, line.peer)
        return is_seen and line.room == self.scope.room and not line.peer

    def all(self, floor: int, until: int, *, has_events: bool) -> list[Entry]:
        return [
            Entry(line.id, line.at)
            for line in self.lines
            if floor <= line.id < until and self.is_in(line, has_events=has_events)
        ]


def asking(
    archive: Archive,
    scope: Scope,
    until: Callable[[], int],
    meanwhile: Callable[[], None],
    *,
    has_events: bool,
) -> Callable[[Page], tuple[list[Entry], bool]]:
    def ask(page: Page) -> tuple[list[Entry], bool]:
        page = Page(page.which, page.points, page.most, has_events)
        found = archive.page(scope, page, until())
        meanwhile()
        return [Entry(line.id, line.at) for line in found.lines], found.is_end

    return ask


@given(
    random=st.randoms(use_true_random=True),
    most=st.integers(1, 30),
    has_events=st.booleans(),
    is_private=st.booleans(),
)
def test_all_ways_of_paging_lead_to_the_whole(
    store: Store, random: Random, most: int, has_events: bool, is_private: bool
) -> None:
    house = House(store, random, is_private=is_private)
    for _ in range(random.randint(0, 12)):
        house.goes_on(6)
    has_floor = house.lines and random.random() < 0.5
    floor = random.choice(house.lines).id if has_floor else 0
    scope = Scope(
        house.scope.name,
        house.scope.room,
        house.scope.peer,
        house.scope.account,
        floor=floor,
    )
    # People talk while he reads, but not for ever.
    later = iter(range(random.randint(0, 8)))

    def meanwhile() -> None:
        if next(later, None) is not None:
            house.goes_on(3)

    def until() -> int:
        return house.id + 1

    ask = asking(store, scope, until, meanwhile, has_events=has_events)
    reader = Reader(ask, random, most, lambda: len(house.lines))
    known = house.all(floor, until(), has_events=has_events)
    read = reader.whole(known)
    if known:
        assert read == house.all(floor, until(), has_events=has_events)


@given(random=st.randoms(use_true_random=True), most=st.integers(1, 5))
def test_nothing_is_told_from_now_on(store: Store, random: Random, most: int) -> None:
    house = House(store, random, is_private=False)
    for _ in range(6):
        house.goes_on(5)
    now = house.id
    ask = asking(store, house.scope, lambda: now, lambda: None, has_events=True)
    known = house.all(0, now, has_events=True)
    assert Reader(ask, random, most, lambda: 0).whole(known) == known
