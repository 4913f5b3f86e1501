"""Judging: what was promised, what was seen, and whether the one covers the other.

A scenario plays something to a server and tells what it saw as named numbers.  Its
promises are bounds with the same names, and the judge compares the two and knows
nothing else.  A number that was promised and is missing counts as broken.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

Number: TypeAlias = float | int | bool
Seen: TypeAlias = Mapping[str, Number]


class Skipped(Exception):
    """It cannot be played here; the message says why."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Which numbers keep a promise: those from *low* to *high*."""

    low: float
    high: float

    def __contains__(self, number: Number) -> bool:
        return self.low <= number <= self.high

    def __str__(self) -> str:
        if self.low == self.high:
            return f"= {shown(self.low)}"
        if self.low == -inf:
            return f"<= {shown(self.high)}"
        if self.high == inf:
            return f">= {shown(self.low)}"
        return f"{shown(self.low)} to {shown(self.high)}"


def at_most(high: float) -> Bound:
    """No more than *high*."""
    return Bound(-inf, high)


def at_least(low: float) -> Bound:
    """No less than *low*."""
    return Bound(low, inf)


def exactly(number: float) -> Bound:
    """Nothing else."""
    return Bound(number, number)


# Something that either happened or did not.
YES = exactly(1)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A fault, how it is brought about, and what is promised then."""

    name: str
    title: str
    play: Callable[[], Seen]
    promises: Mapping[str, Bound]
    # It measures latency, so nothing else may run beside it.
    is_alone: bool = False
    # After so many seconds it is ended and counts as failed.
    patience: float = 90.0


@dataclass(frozen=True, slots=True)
class Row:
    """What a scenario came to, as a row of the table that is printed."""

    name: str
    promised: str
    seen: str
    verdict: str

    def __str__(self) -> str:
        return f"| {self.name} | {self.promised} | {self.seen} | {self.verdict} |"


HOLDS, FAILS = "holds", "FAILS"


def played(scenario: Scenario) -> Row:
    """Play *scenario* here and now, whatever comes of it, and judge."""
    try:
        seen = scenario.play()
    except Skipped as skipped:
        return _row(scenario, "", f"skipped: {skipped}")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the result
        return _row(scenario, f"{type(error).__name__}: {error}", FAILS)
    return judged(scenario, seen)


def judged(scenario: Scenario, seen: Seen) -> Row:
    """Compare what was *seen* with what was promised; ``!`` marks what is broken."""
    broken = [
        name
        for name, bound in scenario.promises.items()
        if name not in seen or seen[name] not in bound
    ]
    told = [
        f"{'!' if name in broken else ''}{name} {shown(number)}"
        for name, number in seen.items()
    ]
    told += [f"!{name} was not seen" for name in broken if name not in seen]
    return _row(scenario, "; ".join(told), FAILS if broken else HOLDS)


def shown(number: Number) -> str:
    """*number* as a person would write it."""
    if isinstance(number, bool) or not isinstance(number, float):
        return str(int(number))
    return f"{number:.3g}" if abs(number) < 1000 else f"{number:.0f}"


def _row(scenario: Scenario, seen: str, verdict: str) -> Row:
    bounds = (f"{name} {bound}" for name, bound in scenario.promises.items())
    promised = f"{scenario.title}: {'; '.join(bounds)}"
    # A row is one line, and a cell has no bars in it.
    cell = " ".join(seen.split()).replace("|", "/")
    return Row(scenario.name, promised, cell, verdict)
