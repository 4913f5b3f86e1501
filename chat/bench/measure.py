"""Measuring: one scenario against one server, once.

The server's time is taken while people talk, not while they come; what is read then is
counted by the generators, each for itself.  A run in which the generators had all the
time that the machine could give them, and the server did not, says nothing about the
server, and says so.
"""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any, Final, Protocol

from chat.bench.crew import Crew, Failed
from chat.bench.delays import Delays
from chat.bench.figures import percentile
from chat.bench.generator import Job
from chat.bench.process import busy_seconds, cpu_seconds, memory
from chat.bench.scenarios import Kind, Scenario
from chat.bench.speech import IRC, Speech
from chat.net.address import Address

# What counts as all of a core: something else runs for a moment, always.
_ALL: Final = 0.9
# More connections than that are not for one process.
_MOST: Final = 900


class Server(Protocol):
    """A chat server that is measured."""

    @property
    def address(self) -> Address:
        """Where it listens."""
        ...

    @property
    def pid(self) -> int:
        """Which process it is."""
        ...

    def longest_turn(self) -> float | None:
        """Its longest turn so far, in seconds, if it can be asked."""
        ...

    def must_be_well(self) -> None:
        """Complain if it is not."""
        ...

    def end(self) -> None:
        """End it."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured; times in seconds, memory in bytes, shares of one core."""

    # Lines that were read in a second, people who came in a second, or nothing.
    rate: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    worst: float = 0.0
    server: float = 0.0
    generators: float = 0.0
    # What other programs had meanwhile: the more, the less the run says.
    others: float = 0.0
    # The server's time for a million lines that were read.
    a_million: float = 0.0
    memory: int = 0
    a_person: float = 0.0
    longest_turn: float | None = None
    is_saturated: bool = False
    # What has gone wrong, in words.
    error: str = ""

    def packed(self) -> dict[str, Any]:
        """This run, as JSON has it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Measure:
    """How it is measured."""

    speech: Speech = IRC
    seconds: float = 5.0
    warm: float = 0.5
    # How many generators there are; 0 for what the machine is good for.
    generators: int = 0
    # Whether readers acknowledge at once.
    quickack: bool = False

    def run(self, scenario: Scenario, server: Server) -> Run:
        """Put *server* through a *scenario*.

        Raises:
            Failed: it has lost something, or let somebody down.
            Unwell: it has died, or has complained of itself.
        """
        with TemporaryDirectory(prefix="chat-bench-") as folder:
            before = memory(server.pid)
            crew = Crew(self._jobs(scenario, server.address, folder))
            try:
                found = _Course(scenario, server, crew, self).run(before)
            finally:
                crew.end()
        # Their going, all at once, is part of what a house is put through.
        longest = server.longest_turn()
        server.must_be_well()
        return replace(found, longest_turn=longest)

    def _jobs(self, scenario: Scenario, where: Address, folder: str) -> list[Job]:
        count = self.processes(scenario)
        seconds = self.seconds * scenario.times
        return [
            Job(
                scenario,
                where.host,
                where.port,
                folder,
                speech=self.speech,
                seconds=seconds,
                warm=self.warm,
                quickack=self.quickack,
                number=number,
                processes=count,
            )
            for number in range(count)
        ]

    def processes(self, scenario: Scenario) -> int:
        """How many generators a *scenario* has."""
        wanted = self.generators or max(2, (os.cpu_count() or 1) - 1)
        # In each of them somebody must only read.
        silent = scenario.a_room - scenario.speakers
        most = silent if scenario.rooms < wanted else scenario.rooms
        return max(min(wanted, most), -(-scenario.people // _MOST))


USUAL: Final = Measure()


class _Course:
    """One run, from its beginning to its end."""

    def __init__(
        self, scenario: Scenario, server: Server, crew: Crew, measure: Measure
    ) -> None:
        self._scenario = scenario
        self._server = server
        self._crew = crew
        self._measure = measure

    def run(self, memory_before: int) -> Run:
        kind = self._scenario.kind
        if kind is Kind.ARRIVE:
            found = self._arrive()
        elif kind is Kind.IDLE:
            found = self._idle()
        else:
            found = self._talk()
        now = memory(self._server.pid)
        return Run(
            **{
                **found,
                "memory": now,
                "a_person": (now - memory_before) / self._scenario.people,
            }
        )

    def _arrive(self) -> dict[str, Any]:
        self._crew.answers()
        self._crew.tell()
        begin, used = monotonic(), self._used()
        answers = self._crew.answers()
        took = [each for answer in answers for each in answer["took"]]
        slowest = max(answer["seconds"] for answer in answers)
        return {
            "rate": self._scenario.people / slowest,
            "p50": percentile(took, 0.5),
            "p99": percentile(took, 0.99),
            "worst": max(took),
            **self._shares(used, monotonic() - begin),
        }

    def _idle(self) -> dict[str, Any]:
        self._come()
        begin, used = monotonic(), self._used()
        self._crew.answers()
        return self._shares(used, monotonic() - begin)

    def _talk(self) -> dict[str, Any]:
        self._come()
        sleep(self._measure.warm)
        used, seconds = self._used(), self._measure.seconds * self._scenario.times
        sleep(seconds)
        shares = self._shares(used, seconds)
        said = [pair for answer in self._crew.answers() for pair in answer["said"]]
        self._crew.tell(said=said)
        answers = self._crew.answers()
        delays = Delays()
        for each in answers:
            delays.merge(each["delays"])
        rate = sum(each["delivered"] / each["seconds"] for each in answers)
        if not rate:
            raise Failed("nothing was said while it was measured")
        return {
            "rate": rate,
            "p50": delays.percentile(0.5),
            "p99": delays.percentile(0.99),
            "worst": delays.percentile(1.0),
            "a_million": shares["server"] / rate * 1e6,
            **shares,
        }

    def _come(self) -> None:
        """Have everybody come, and wait until the house is quiet."""
        for _ in range(2):
            self._crew.answers()
            self._crew.tell()

    def _used(self) -> list[float]:
        """What the server, each generator and everybody together has had of a core."""
        pids = (self._server.pid, *self._crew.pids)
        return [*map(cpu_seconds, pids), busy_seconds()]

    def _shares(self, before: Sequence[float], seconds: float) -> dict[str, Any]:
        """Who has had how much of a core since then."""
        spent = [now - then for now, then in zip(self._used(), before, strict=True)]
        server, *others, everybody = (each / seconds for each in spent)
        generators = sum(others)
        cores = min(len(others), max(1, (os.cpu_count() or 1) - 1))
        return {
            "server": server,
            "generators": generators,
            # Time is counted in steps, for each by itself.
            "others": max(0.0, everybody - server - generators),
            "is_saturated": generators >= cores * _ALL and server < _ALL,
        }
