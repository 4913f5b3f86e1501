"""Figures: what was measured, and how it is printed.

Everything is in seconds until it is printed.  A bar is what was promised; whether a
figure is above it is said in its row and changes nothing: machines differ.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# An answer has a beginning and an end, at least.
_LEAST: Final = 2
_HEAD: Final = ("", "times", "p50 ms", "p99 ms", "bar ms", "")


def percentile(took: Sequence[float], share: float) -> float:
    """What *share* of *took* stays below, or the worst; 0 of nothing."""
    if not took:
        return 0.0
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.  Without a *bar* nothing was promised."""

    name: str
    times: int
    p50: float | None
    p99: float
    bar: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether it took longer than was promised."""
        return self.bar is not None and self.p99 > self.bar

    def cells(self) -> tuple[str, ...]:
        """The row as texts."""
        bar = "" if self.bar is None else f"{self.bar * 1000:.0f}"
        p50 = "" if self.p50 is None else f"{self.p50 * 1000:.2f}"
        p99 = f"{self.p99 * 1000:.2f}"
        return self.name, str(self.times), p50, p99, bar, self._verdict()

    def _verdict(self) -> str:
        if self.bar is None:
            return ""
        if not self.times:
            return "none"
        return "over" if self.is_over else "ok"


def row(name: str, took: Sequence[float], bar: float | None = None) -> Row:
    """The row of all that *took* some time."""
    return Row(name, len(took), percentile(took, 0.5), percentile(took, 0.99), bar)


def table(rows: Sequence[Row]) -> list[str]:
    """*rows* as lines, their columns one below the other."""
    return aligned([_HEAD, *(each.cells() for each in rows)])


def aligned(cells: Sequence[Sequence[str]]) -> list[str]:
    """Rows of *cells* as lines; but for the first and the last they are numbers."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [_line(each, widths) for each in cells]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, *others, last = cells
    numbers = (
        f"{cell:>{width}}" for cell, width in zip(others, widths[1:-1], strict=True)
    )
    return "  ".join((f"{name:<{widths[0]}}", *numbers, last)).rstrip()


class Answers:
    """How long the answers to each kind of question took, and what was no answer."""

    def __init__(self, *kinds: str) -> None:
        # By kind and by variety of it.
        self.took: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._asked = dict.fromkeys(kinds, 0)
        self._lines: dict[str, int] = defaultdict(int)
        # The first refusal of each kind, in the house's words.
        self._refused: dict[str, str] = {}

    def asked(self, kind: str) -> None:
        """A question has been asked."""
        self._asked[kind] += 1

    def refused(self, kind: str, words: str) -> None:
        """It is not answered, but declined in these *words*."""
        self._refused.setdefault(kind, words)

    def answered(self, kind: str, variety: str, took: float, lines: int) -> None:
        """All of the answer has been read; it was so many *lines*."""
        if lines < _LEAST:
            self.refused(kind, f"an answer of {lines} lines")
            return
        self.took[kind, variety].append(took)
        self._lines[kind] += lines

    def of(self, kind: str) -> list[float]:
        """What the answers to all questions of a *kind* took."""
        return [
            each for (k, _), took in self.took.items() if k == kind for each in took
        ]

    def rows(self, kind: str, bar: float) -> list[Row]:
        """The row of a *kind*, and one for each variety."""
        varieties = sorted(variety for k, variety in self.took if k == kind and variety)
        return [
            row(kind, self.of(kind), bar),
            *(row(f"  {each}", self.took[kind, each]) for each in varieties),
        ]

    def told(self) -> list[str]:
        """How many lines the answers had, and what was not answered."""
        lines = [
            f"{kind}: {self._lines[kind] / len(took):.0f} lines an answer"
            for kind in self._asked
            if (took := self.of(kind))
        ]
        return [*lines, *self.unanswered()]

    def unanswered(self) -> list[str]:
        """What was not answered, and why, if that was said; one line a kind."""
        return [words for kind in self._asked if (words := self._what_is_missing(kind))]

    def _what_is_missing(self, kind: str) -> str:
        asked = self._asked[kind]
        if not asked:
            return f"{kind}: nobody has asked"
        if not (missing := asked - len(self.of(kind))):
            return ""
        why = f" ({self._refused[kind]})" if kind in self._refused else ""
        return f"{kind}: {missing} of {asked} not answered{why}"
