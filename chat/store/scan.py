"""Scan: a search in lines that are in memory, from the newest to the oldest.

It finds what the index would find (see `store.index`), and looks at every line for
it: there are never very many.
"""

from collections.abc import Callable, Mapping, Sequence

from chat.domain.extracts import Seek
from chat.domain.names import fold
from chat.domain.ports import Found
from chat.domain.records import Deed, Line
from chat.store.query import Query, understood

_SAID = Deed.SAY, Deed.ACTION, Deed.NOTICE


class Scan:
    """A search that is to be done."""

    def __init__(
        self,
        lines: Sequence[Line],
        names: Mapping[int, str],
        seek: Seek,
        until: int,
        is_late: Callable[[], bool],
    ) -> None:
        """Search in *lines*, the oldest first, with the *names* of all accounts."""
        self._lines = lines
        self._names = names
        self._seek = seek
        self._asked = seek.asked
        self._until = until
        self._is_late = is_late
        self._speaker = fold(seek.asked.speaker)
        self._is_cut = False
        self._rooms = {each.room: each for each in seek.scopes if not each.peer}
        self._talks = {
            frozenset((each.account, each.peer)): each
            for each in seek.scopes
            if each.peer
        }

    def found(self) -> Found:
        """What there is, the oldest first."""
        query: Query | None = understood(self._asked.text)
        found: list[tuple[str, Line]] = []
        while query is not None and not found and not self._is_cut:
            # Words may be parts of longer ones, if they are nowhere by themselves.
            all_there = self._matching(query)
            found = [
                each
                for each in all_there
                if not self._asked.below or each[1].id < self._asked.below
            ]
            query = None if all_there else query.widened()
        most = self._asked.most
        is_end = not self._is_cut and len(found) <= most
        return Found(found[:most][::-1], self._is_cut, is_end)

    def _matching(self, query: Query) -> list[tuple[str, Line]]:
        """What fits *query*, the newest first."""
        found = []
        for line in reversed(self._lines):
            if self._is_late():
                self._is_cut = True
                break
            name = self._where(line)
            if name is not None and self._fits(line) and query.is_in(line.text):
                found.append((name, line))
        return found

    def _where(self, line: Line) -> str | None:
        """What the room or the person is called; None where one may not search."""
        if not line.peer:
            scope = self._rooms.get(line.room)
        else:
            both = line.account, line.peer
            if self._seek.account in both:
                other = both[both[0] == self._seek.account]
                # Of whose account is gone the name may be somebody else's now.
                return self._names.get(other)
            scope = self._talks.get(frozenset(both))
        return scope.name if scope and line.id >= scope.floor else None

    def _fits(self, line: Line) -> bool:
        """Whether *line* is what was asked for, but for its words."""
        asked = self._asked
        return (
            line.deed in _SAID
            and line.id < self._until
            and asked.after <= line.at
            and (not asked.before or line.at <= asked.before)
            and (
                not self._speaker
                or fold(line.source.partition("!")[0]) == self._speaker
            )
        )
