"""Results: the runs of each server in each scenario, as a table and as JSON.

Of several runs the median counts, of each figure by itself.  A ratio says how many
times better the first server is than the one of its row.
"""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import Any, Final

from chat.bench.figures import aligned
from chat.bench.measure import Run
from chat.bench.scenarios import Kind, Scenario, packed

_HEAD: Final = (
    "",
    "",
    "p50 ms",
    "p99 ms",
    "worst ms",
    "server %",
    "generators %",
    "others %",
    "CPU s/M",
    "MB",
    "turn ms",
    "ratio",
    "",
)
_MB: Final = 1e6
# Others have had more of a core than is left over for them.
_NOISE: Final = 0.25
_KIB: Final = 1024


@dataclass(frozen=True, slots=True)
class Result:
    """All *runs* of one server in one scenario."""

    scenario: Scenario
    server: str
    runs: Sequence[Run]

    @property
    def middle(self) -> Run:
        """The median of each figure in the runs without a fault."""
        good = [run for run in self.runs if not run.error] or [Run()]
        values: dict[str, Any] = {}
        for each in fields(Run):
            found = [getattr(run, each.name) for run in good]
            known = [value for value in found if isinstance(value, int | float)]
            values[each.name] = median(known) if known else found[0]
        values["is_saturated"] = any(run.is_saturated for run in good)
        return Run(**values)

    @property
    def figure(self) -> float:
        """What counts in this scenario."""
        middle = self.middle
        match self.scenario.kind:
            case Kind.TALK | Kind.ARRIVE:
                return middle.rate
            case Kind.PACE:
                return middle.p99
            case Kind.IDLE:
                return middle.a_person

    @property
    def errors(self) -> list[str]:
        """What has gone wrong, each in words."""
        where = f"{self.scenario.name} {self.server}"
        return [f"{where}: {run.error}" for run in self.runs if run.error]

    def in_words(self) -> str:
        """What counts, with its unit."""
        match self.scenario.kind:
            case Kind.TALK:
                return f"{self.figure:,.0f} lines/s"
            case Kind.ARRIVE:
                return f"{self.figure:,.0f} people/s"
            case Kind.PACE:
                return f"{self.figure * 1000:.2f} ms p99"
            case Kind.IDLE:
                return f"{self.figure / _KIB:.1f} KiB each"

    def better_than(self, other: "Result") -> float | None:
        """How many times better it is; None if that cannot be said."""
        if not self.figure or not other.figure:
            return None
        if self.scenario.more_is_better:
            return self.figure / other.figure
        return other.figure / self.figure

    def packed(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        return {
            "scenario": packed(self.scenario),
            "server": self.server,
            "median": self.middle.packed(),
            "runs": [run.packed() for run in self.runs],
        }


def table(results: Sequence[Result]) -> list[str]:
    """All *results* as lines, those of a scenario one below the other."""
    firsts: dict[Scenario, Result] = {}
    for each in results:
        firsts.setdefault(each.scenario, each)
    rows = [_cells(each, firsts[each.scenario]) for each in results]
    told = [f"{each.name}: {each}" for each in firsts]
    return [*aligned([_HEAD, *rows]), "", *told]


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def report(
    results: Sequence[Result], settings: Mapping[str, Any], at: int
) -> dict[str, Any]:
    """All *results* as JSON has them, with how they came to be and when."""
    return {
        "at": at,
        "machine": machine(),
        "settings": dict(settings),
        "results": [each.packed() for each in results],
    }


def _cells(result: Result, first: Result) -> tuple[str, ...]:
    middle = result.middle
    turn = "" if middle.longest_turn is None else f"{middle.longest_turn * 1000:.0f}"
    ratio = first.better_than(result)
    name = result.scenario.name if result is first else ""
    is_timed = result.scenario.kind is not Kind.IDLE
    times = (middle.p50, middle.p99, middle.worst)
    return (
        f"{name:<2}  {result.server}",
        result.in_words(),
        *(f"{each * 1000:.2f}" if is_timed else "" for each in times),
        f"{middle.server * 100:.1f}",
        f"{middle.generators * 100:.0f}",
        f"{middle.others * 100:.0f}",
        f"{middle.a_million:.2f}" if result.scenario.is_spoken else "",
        f"{middle.memory / _MB:.1f}",
        turn,
        "" if ratio is None else f"{ratio:.2f}",
        _note(result),
    )


def _note(result: Result) -> str:
    if errors := len(result.errors):
        return f"{errors} of {len(result.runs)} failed"
    if result.middle.is_saturated:
        return "generators saturated"
    return "not quiet" if result.middle.others > _NOISE else ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2] for line in lines if line.startswith("model name")]
    return names[0].strip() if names else platform.processor()
