"""Delays: how long lines took, in a form that can be added up across processes."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

# Steps of ten microseconds: finer than anything that is printed.
_A_SECOND: Final = 100_000


class Delays:
    """How many lines took how long."""

    def __init__(self) -> None:
        self._counts: defaultdict[int, int] = defaultdict(int)

    def add(self, seconds: float, times: int = 1) -> None:
        """So many lines took so many *seconds*."""
        self._counts[int(seconds * _A_SECOND)] += times

    def clear(self) -> None:
        """Forget all."""
        self._counts.clear()

    def packed(self) -> dict[str, int]:
        """All of them, as JSON has it."""
        return {str(step): times for step, times in self._counts.items()}

    def merge(self, packed: Mapping[str, int]) -> None:
        """Add those that another process has `packed`."""
        for step, times in packed.items():
            self._counts[int(step)] += times

    def percentile(self, share: float) -> float:
        """What *share* of them stays below, in seconds; 0 of nothing."""
        left = sum(self._counts.values()) * share
        steps = sorted(self._counts)
        for step in steps:
            left -= self._counts[step]
            if left < 0:
                return step / _A_SECOND
        return steps[-1] / _A_SECOND if steps else 0.0
