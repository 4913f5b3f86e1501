"""The scroll: lines as they stand below one another.

One line knows nothing of the next.  Here they are put together: where another
day begins it is named, and people who come and go one right behind the other
share a line, because a whole office that loses its network is one event.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Final

from chat.client.words import Line, Move

# So many are named; the others are counted.
_MOST_NAMED: Final = 5


class Scroll:
    """All that is shown, from *today* on."""

    def __init__(self, today: date) -> None:
        self._day = today

    def laid(self, lines: Iterable[Line]) -> list[Line]:
        """*lines* as they follow what was shown before."""
        return [shown for line in _gathered(lines) for shown in self._dated(line)]

    def _dated(self, line: Line) -> Iterator[Line]:
        if line.day and line.day != self._day:
            self._day = line.day
            # Without a time in front, nobody else's line can look like it.
            yield Line("", "", "-- ", f"{_in_words(line.day)} --")
        yield line


def _in_words(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def _gathered(lines: Iterable[Line]) -> Iterator[Line]:
    """*lines*, with one for all who move in one room at one time."""
    alike = groupby(lines, lambda line: (bool(line.move), line.where, line.day))
    for (is_move, *_), group in alike:
        together = list(group)
        if not is_move or len(together) == 1:
            yield from together
        else:
            moves = [line.move for line in together if line.move]
            yield replace(together[-1], text=_moved(moves), move=None)


def _moved(moves: Iterable[Move]) -> str:
    """Who is here now, and who is not any more."""
    # Whoever has moved twice is where the last move led.
    last = {move.nick: move.is_here for move in moves}
    here = [nick for nick, is_here in last.items() if is_here]
    gone = [nick for nick, is_here in last.items() if not is_here]
    verb = "is" if len(here) == 1 else "are"
    parts = ([f"{_named(here)} {verb} here"] if here else []) + (
        [f"{_named(gone)} left"] if gone else []
    )
    return "; ".join(parts)


def _named(nicks: list[str]) -> str:
    names, others = nicks[:_MOST_NAMED], len(nicks) - _MOST_NAMED
    if others > 0:
        names = [*nicks[: _MOST_NAMED - 1], f"{others + 1} more"]
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
