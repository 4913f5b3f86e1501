"""Paging: somebody who reads a whole history, page by page, in any way there is.

He begins somewhere and goes on in both directions: with small pages and large ones,
with each selector, naming places by id and by time as it comes.  What he has read
grows at both ends, and is the whole when neither end has more.  Whoever is asked,
a store or a server, is a function from a page to its lines and whether it says that
the next one would be empty.
"""

from collections.abc import Callable
from random import Random
from typing import Final, NamedTuple, TypeAlias

from chat.domain.questions import Page, Point, Which


class Entry(NamedTuple):
    """A line of a history: its id and its time."""

    id: int
    at: int


Ask: TypeAlias = Callable[[Page], tuple[list[Entry], bool]]

LONG_AGO: Final = Point(at=1_000_000)
# In the year 2100.
FAR_AHEAD: Final = Point(at=4_102_444_800_000)
# Far more than it takes to read anything here.
_MOST_PAGES: Final = 2000


class Reader:
    """Reads it all, and complains of a page that does not fit to what it said."""

    def __init__(
        self, ask: Ask, random: Random, most: int, said: Callable[[], int]
    ) -> None:
        """Read pages of up to *most* lines, while so many are *said* by now."""
        self.read: list[Entry] = []
        self._ask_page = ask
        self._said = said
        self._random = random
        self._most = most
        # Of what is before (False) and behind (True): what the last page told, whether
        # there is no more; and whether that has been seen.
        self._told: dict[bool, bool | None] = {False: None, True: None}
        self._ends = {False: False, True: False}
        # Whether something was said while the last page was read.
        self._is_overtaken = False

    def whole(self, known: list[Entry]) -> list[Entry]:
        """All of it, of which some lines are *known*."""
        self._begin(known)
        for _ in range(_MOST_PAGES):
            open_ends = [way for way, is_end in self._ends.items() if not is_end]
            if not self.read or not open_ends:
                return self.read
            forwards = self._random.choice(open_ends)
            if forwards and self._random.random() < 0.2:
                self._leap()
            else:
                self._go_on(forwards=forwards)
        raise AssertionError("it never ends")

    def _begin(self, known: list[Entry]) -> None:
        ways = [
            Page(Which.LATEST, (), self._size()),
            Page(Which.AFTER, (LONG_AGO,), self._size()),
            Page(Which.BEFORE, (FAR_AHEAD,), self._size()),
            Page(Which.BETWEEN, (LONG_AGO, FAR_AHEAD), self._size()),
            Page(Which.BETWEEN, (FAR_AHEAD, LONG_AGO), self._size()),
        ]
        if known:
            entry = self._random.choice(known)
            around = Page(Which.AROUND, (self._point(entry),), self._size())
            page = self._random.choice([*ways, around, around])
        else:
            entry, page = None, self._random.choice(ways)
        self.read, _ = self._ask(page)
        if page.which is Which.AROUND:
            assert entry in self.read
        assert bool(self.read) or not known

    def _go_on(self, *, forwards: bool) -> None:
        """Read one page more at one end."""
        here = self._point(self.read[-1 if forwards else 0])
        there = FAR_AHEAD if forwards else LONG_AGO
        page = self._random.choice(
            [
                Page(Which.AFTER if forwards else Which.BEFORE, (here,), self._size()),
                Page(Which.BETWEEN, (here, there), self._size()),
            ]
        )
        lines, is_end = self._ask(page)
        self._take(lines, forwards=forwards)
        told = self._told[forwards]
        assert told is None or told == (not lines), "it has said otherwise"
        if not self._is_overtaken or not forwards:
            self._told[forwards], self._ends[forwards] = is_end, not lines

    def _leap(self) -> None:
        """Read the latest of what is missing, and then what is in between."""
        here = self.read[-1]
        lines, _ = self._ask(Page(Which.LATEST, (self._point(here),), self._size()))
        self._told[True] = None
        while lines:
            between = self._point(lines[0]), self._point(here)
            more, _ = self._ask(Page(Which.BETWEEN, between, self._size()))
            if not more:
                break
            lines = more + lines
        self._take(lines, forwards=True)

    def _take(self, lines: list[Entry], *, forwards: bool) -> None:
        self.read = self.read + lines if forwards else lines + self.read
        ids = [line.id for line in self.read]
        assert ids == sorted(set(ids)), f"out of order, or twice: {ids}"

    def _ask(self, page: Page) -> tuple[list[Entry], bool]:
        said = self._said()
        lines, is_end = self._ask_page(page)
        assert lines or is_end, "an empty page after which there is more"
        # Whatever was known of what is behind is not true any more.
        self._is_overtaken = self._said() != said
        if self._is_overtaken:
            self._told[True], self._ends[True] = None, False
        return lines, is_end

    def _size(self) -> int:
        return self._random.randint(1, self._most)

    def _point(self, entry: Entry) -> Point:
        if self._random.random() < 0.5:
            return Point(id=entry.id)
        return Point(at=entry.at)
