"""The load bench: scenarios, and servers that go through them in turns.

Each run has a fresh server.  The servers take turns (A, B, A, B, ...), because the
machine is quicker at one time than at another; so only ratios of one measurement count.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from chat.bench.crew import Failed
from chat.bench.house import House, Unwell
from chat.bench.measure import USUAL, Measure, Run, Server
from chat.bench.results import Result
from chat.bench.rival import Rival
from chat.bench.scenarios import Scenario

# What starts a server that may keep its data in a folder.
Start: TypeAlias = Callable[[Path], Server]
OURS: Final = "chatd"
# Behind a name: its readers acknowledge at once.
QUICKACK: Final = ":quickack"


@dataclass(frozen=True, slots=True)
class Load:
    """Some *scenarios* for some *servers*, by name; the first is who it is about."""

    scenarios: Sequence[Scenario]
    servers: Mapping[str, Start]
    measure: Measure = USUAL
    repeats: int = 3
    # Tells whoever waits what has been measured.
    note: Callable[[str], None] = print

    def run(self) -> list[Result]:
        """Measure all of it."""
        return [result for each in self.scenarios for result in self._compare(each)]

    def _compare(self, scenario: Scenario) -> list[Result]:
        runs: dict[str, list[Run]] = {name: [] for name in self.servers}
        for number in range(1, self.repeats + 1):
            for name, start in self.servers.items():
                run = self._once(scenario, name, start)
                runs[name].append(run)
                words = run.error or Result(scenario, name, [run]).in_words()
                self.note(f"{scenario.name} {name} {number}/{self.repeats}: {words}")
        return [Result(scenario, name, found) for name, found in runs.items()]

    def _once(self, scenario: Scenario, name: str, start: Start) -> Run:
        measure = replace(self.measure, quickack=name.endswith(QUICKACK))
        try:
            with _started(start) as server:
                return measure.run(scenario, server)
        except (Failed, Unwell) as error:
            return Run(error=str(error))


def ours(flags: Sequence[str], source: Path | None = None) -> Start:
    """Our own server with some *flags*; *source* holds another revision of it."""
    return lambda data: House(data, flags, source)


def another(script: Path) -> Start:
    """The server of others that a *script* starts."""
    return lambda _data: Rival(script)


@contextmanager
def _started(start: Start) -> Iterator[Server]:
    with TemporaryDirectory(prefix="chat-bench-") as data:
        server = start(Path(data))
        try:
            yield server
        finally:
            server.end()
