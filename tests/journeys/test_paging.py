"""Any way of paging through a room's history, from a client, is the whole of it.

Others go on talking meanwhile, also in the very turn in which a page is asked for,
and somebody sets the clock back and forth.  What the whole is the reader knows from
having been there: he has heard every line when it was said.
"""

import re
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.domain.ports import Store
from chat.domain.questions import Page, Point
from chat.store.database import Database
from chat.store.memory import MemoryStore
from tests.journeys.table import Person, Table
from tests.paging import Entry, Reader

CAPS = "batch server-time message-tags draft/chathistory"
LINE = re.compile(r"(?:@(?P<tags>\S+) )?(?::\S+ )?(?P<verb>\S+)(?: (?P<rest>.*))?")
SAID = {"PRIVMSG", "NOTICE"}
EVENTS = {"JOIN", "PART", "TOPIC", "MODE", "NICK"}
END = "draft/chathistory-end"


def tags_of(line: str) -> dict[str, str]:
    found = LINE.fullmatch(line)
    assert found
    pairs = (tag.partition("=") for tag in (found["tags"] or "").split(";"))
    return {name: value for name, _, value in pairs}


def parts_of(line: str) -> tuple[str, str]:
    found = LINE.fullmatch(line)
    assert found
    return found["verb"], found["rest"] or ""


def entry_of(line: str) -> Entry:
    tags = tags_of(line)
    at = datetime.fromisoformat(tags["time"])
    return Entry(int(tags["msgid"], 16), round(at.timestamp() * 1000))


class House:
    """A room with talkers, and a reader who hears all that they say."""

    def __init__(self, table: Table, random: Random, *, has_events: bool) -> None:
        self.table = table
        self.random = random
        self.kinds = SAID | EVENTS if has_events else SAID
        caps = f"{CAPS} draft/event-playback" if has_events else CAPS
        (self.reader,) = table.seat_irc("reader", caps=caps)
        self.talkers = table.seat_irc("alice", "bob")
        self.heard: list[Entry] = []
        self.typed = 0
        # What they read is what the reader reads.
        table.ignores_everybody()
        for person in (self.reader, *self.talkers):
            person.types("JOIN #tea")
        self._listen(self.reader.sees())

    def goes_on(self, most: int) -> None:
        """Time goes by, and up to so many things are done in one turn."""
        clock = self.table.clock
        hours = self.random.choice((0, 0, 0, -1, 1))
        clock.set_wall(clock.now().wall + hours * 3_600_000)
        # Clocks that are set go on all the same.
        clock.advance(self.random.choice((0.001, 0.003, 2.0)))
        for _ in range(self.random.randint(0, most)):
            self._does(self.random.choice(self.talkers))

    def settles(self) -> None:
        """All of it is carried out."""
        self.table.settle()
        self._listen(self.reader.sees())

    def asks(self, page: Page) -> tuple[list[Entry], bool]:
        """What a page holds, and whether it is said to be the last."""
        points = " ".join(map(point, page.points)) or "*"
        self.reader.types(f"CHATHISTORY {page.which.value} #tea {points} {page.most}")
        before, opening, batch, after = batch_in(self.reader.sees())
        assert parts_of(opening)[1].endswith(" chathistory #tea")
        self._listen([*before, *after])
        assert all(parts_of(line)[0] in self.kinds for line in batch)
        return [entry_of(line) for line in batch], END in tags_of(opening)

    def _does(self, person: Person) -> None:
        self.typed += 1
        things = ["PRIVMSG #tea :tea?", "PRIVMSG #tea :\1ACTION waits\1"] * 2
        things += ["NOTICE #tea :milk", f"TOPIC #tea :tea {self.typed}", "PART #tea"]
        line = self.random.choice(things)
        # Nothing is carried out before it is somebody's turn.
        person.socket.sendall(f"{line}\r\n".encode())
        if line.startswith("PART"):
            person.socket.sendall(b"JOIN #tea\r\n")

    def _listen(self, lines: list[str]) -> None:
        for line in lines:
            if parts_of(line)[0] in self.kinds and " #tea" in line:
                self.heard.append(entry_of(line))


def point(place: Point) -> str:
    if place.id:
        return f"msgid={place.id:x}"
    at = datetime.fromtimestamp(place.at // 1000, UTC)
    return f"timestamp={at:%Y-%m-%dT%H:%M:%S}.{place.at % 1000:03}Z"


def batch_in(lines: list[str]) -> tuple[list[str], str, list[str], list[str]]:
    """What stands before a batch, its opening, what is in it, and what behind it."""
    (begin,) = [n for n, line in enumerate(lines) if parts_of(line)[1].startswith("+")]
    reference = parts_of(lines[begin])[1].split(" ")[0][1:]
    end = next(
        n for n, line in enumerate(lines) if parts_of(line)[1] == f"-{reference}"
    )
    batch = lines[begin + 1 : end]
    assert all(tags_of(line)["batch"] == reference for line in batch)
    return lines[:begin], lines[begin], batch, lines[end + 1 :]


@pytest.fixture(scope="module", params=["disk", "memory"])
def new_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Store]:
    def made() -> Store:
        folder: Path = tmp_path_factory.mktemp("paged")
        return Database(folder) if request.param == "disk" else MemoryStore()

    return made


@pytest.mark.slow
@settings(max_examples=40)
@given(
    random=st.randoms(use_true_random=True),
    most=st.integers(1, 12),
    has_events=st.booleans(),
)
def test_all_ways_of_paging_lead_to_the_whole(
    new_store: Callable[[], Store], random: Random, most: int, has_events: bool
) -> None:
    table = Table("limits.enabled=false", store=new_store())
    with closing(table):
        house = House(table, random, has_events=has_events)
        for _ in range(random.randint(1, 10)):
            house.goes_on(5)
            house.settles()
        later = iter(range(random.randint(0, 8)))

        def ask(page: Page) -> tuple[list[Entry], bool]:
            house.goes_on(3 if next(later, None) is not None else 0)
            return house.asks(page)

        known = [*house.heard]
        read = Reader(ask, random, most, lambda: house.typed).whole(known)
        house.settles()
        assert read == (house.heard if known else [])
