"""Pages: which part of a history somebody means, as ids.

A history has two measures, ids and times, and both only grow.  So every place in it
is an id before which, or from which on, it lies: a time is that of the first line at
or after it.  What a page is taken from is then a window of ids, read from one of its
ends, and the store need not know in how many ways one can ask.
"""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, TypeAlias

from chat.domain import names
from chat.domain.ports import Extracted, Tally
from chat.domain.questions import Page, Point, Which
from chat.domain.records import Deed, Line

# Lines that a page may be longer than was asked for, to hold all of one time.
TIES: Final = 500
# Lines that are looked at to count what is new.
COUNTED: Final = 200
# What was said, or is missing of it; all else only happened.
SAID: Final = frozenset({Deed.SAY, Deed.ACTION, Deed.NOTICE, Deed.GAP})

# The id of the first line at or after a time (ms), or one after all lines.
First: TypeAlias = Callable[[int], int]
# When, by which account and what somebody said.
Said: TypeAlias = tuple[int, int, str]
# What is at and after an id: the id and the time of the next line, if there is one.
Probe: TypeAlias = Callable[[int], Point | None]


class Window(NamedTuple):
    """The ids from `low` on and below `high`, of which `most` lines are wanted.

    Counted are the first, or, with `is_back`, the last.
    """

    low: int
    high: int
    most: int
    is_back: bool


# The lines of a window, as many as are said, in the order in which they are counted.
Read: TypeAlias = Callable[[Window], list[Line]]


def collect(page: Page, floor: int, until: int, first: First, read: Read) -> Extracted:
    """The lines of *page*, oldest first, that are at or after *floor*, below *until*.

    Lines of one time stay together at the far end of a page, unless they are very
    many: for the next page may be asked for by that time.
    """
    lines: list[Line] = []
    is_end = True
    # The later part first: where nothing before it is wanted, its begin is an end too.
    for window in reversed(windows(page, floor, until, first)):
        found, is_all = _whole(window, read, lines[0].at if lines else None)
        lines = (found[::-1] if window.is_back else found) + lines
        is_end = is_end and is_all
    return Extracted(lines, is_end)


def windows(page: Page, floor: int, until: int, first: First) -> list[Window]:
    """Where the lines of *page* are, in the order of time."""
    low, high, most = floor, until, max(0, page.most)

    def within(number: int) -> int:
        # People name any number there is, and more.
        return min(max(number, floor), until)

    match page.which, page.points:
        case (Which.LATEST, ()):
            is_back = True
        case (Which.LATEST, (point,)):
            low, is_back = after(point, first), True
        case (Which.BEFORE, (point,)):
            high, is_back = _at(point, first), True
        case (Which.AFTER, (point,)):
            low, is_back = after(point, first), False
        case (Which.AROUND, (point,)):
            middle = within(_at(point, first))
            before = most // 2
            return [
                Window(floor, middle, before, is_back=True),
                Window(middle, until, most - before, is_back=False),
            ]
        case (Which.BETWEEN, (one, other)):
            low, high, is_back = _between(one, other, first)
        case _:
            raise ValueError(f"{page.which.value} with {len(page.points)} points")
    return [Window(within(low), within(high), most, is_back)]


def find(at: int, low: int, high: int, probe: Probe) -> int:
    """The id of the first line at or after *at*, of those from *low* on below *high*.

    That is *high* if there is none.  What is asked for is halved each time.
    """
    found = high
    while low < high:
        middle = (low + high) // 2
        line = probe(middle)
        if line is None or line.id >= found:
            high = middle
        elif line.at < at:
            low = line.id + 1
        else:
            found, high = line.id, middle
    return found


def counted(said: Iterable[Said], own: int, nick: str, *, is_least: bool) -> Tally:
    """How much is not by the account *own*, and how much of that names *nick*."""
    others = [each for each in said if not own or each[1] != own]
    mentions = sum(is_named(nick, text) for _, _, text in others)
    return Tally(len(others), mentions, others[0][0] if others else 0, is_least)


def is_named(nick: str, text: str) -> bool:
    """Whether *text* names whoever is called *nick*: not as a part of a word."""
    wanted, words = names.fold(nick), text.lower()
    start = words.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        beside = words[max(0, start - 1) : start] + words[end : end + 1]
        if not any(map(_is_word, beside)):
            return True
        start = words.find(wanted, start + 1)
    return False


def _is_word(character: str) -> bool:
    return character.isalnum() or character in {"_", "-"}


def after(point: Point, first: First) -> int:
    """Where a point has ended."""
    return point.id + 1 if point.id else first(point.at + 1)


def _between(one: Point, other: Point, first: First) -> tuple[int, int, bool]:
    """Between two points: from where, up to where, and whether backwards."""
    # Of the same measure, they need not be looked for to be told apart.
    is_back = bool(one.id) == bool(other.id) and one > other
    if not is_back:
        low, high = after(one, first), _at(other, first)
        if low <= high:
            return low, high, False
    return after(other, first), _at(one, first), True


def _at(point: Point, first: First) -> int:
    """Where a point begins."""
    return point.id or first(point.at)


def _whole(window: Window, read: Read, beside: int | None) -> tuple[list[Line], bool]:
    """What is wanted of a window, and whether that is all of it.

    What is already there begins at the time *beside* it.
    """
    most = window.most
    lines = read(window._replace(most=most + 1))
    if len(lines) <= most:
        return lines, True
    at = lines[most - 1].at if most else beside
    if lines[most].at == at:
        lines = read(window._replace(most=most + TIES + 1))
        while most < min(len(lines), window.most + TIES) and lines[most].at == at:
            most += 1
    return lines[:most], most == len(lines)
