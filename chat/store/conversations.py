"""Conversations: under which number is kept what two accounts say to one another."""

import sqlite3
from typing import Final

from chat.domain.pages import SAID
from chat.domain.records import Line

# Of so many the number is known without asking.
_REMEMBERED: Final = 10_000
_BEGIN: Final = """
    INSERT INTO conversations (id, a, b, last)
    SELECT ifnull(min(id), 0) - 1, ?, ?, 0 FROM conversations WHERE true
    ON CONFLICT (a, b) DO NOTHING
"""
_NUMBER: Final = "SELECT id FROM conversations WHERE (a, b) = (?, ?)"
_SAID_LAST: Final = "UPDATE conversations SET last = max(last, ?) WHERE id = ?"


class Conversations:
    """Finds them, and begins them, in the transactions of whoever writes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers: dict[tuple[int, int], int] = {}
        # The id of what was said last in each, where that is not written down yet.
        self._said_last: dict[int, int] = {}

    def of(self, line: Line) -> int:
        """The number of the one in which *line* was said; it begins if there is none.

        That something was said in it is to be written down (`write`).
        """
        between = min(line.account, line.peer), max(line.account, line.peer)
        number = self._number(between)
        if line.deed in SAID:
            self._said_last[number] = max(line.id, self._said_last.get(number, 0))
        return number

    def write(self) -> None:
        """Write down what was said last, where anything was."""
        if self._said_last:
            latest = [(line, number) for number, line in self._said_last.items()]
            self._connection.executemany(_SAID_LAST, latest)
            self._said_last.clear()

    def forget(self) -> None:
        """Know of none: they may have ended, or never begun."""
        self._numbers.clear()
        self._said_last.clear()

    def _number(self, between: tuple[int, int]) -> int:
        known = self._numbers.get(between)
        if known is None:
            self._connection.execute(_BEGIN, between)
            (known,) = self._connection.execute(_NUMBER, between).fetchone()
            if len(self._numbers) >= _REMEMBERED:
                self._numbers.clear()
            self._numbers[between] = known
        return int(known)
