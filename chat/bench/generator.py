"""The generator: a process with a part of the people, who do what a scenario says.

It is told what to do a step at a time, so that all of them begin together, and answers
each step: a line of JSON in, a line out.  `Job` comes first; then ``settle``; then
``go``; and, where something is said, how many lines of each speaker must have come to
everybody in the end.
"""

import json
import sys
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, TextIO

from chat.bench.arriving import Arrivals
from chat.bench.conversation import Conversation
from chat.bench.crowd import Crowd, Gone
from chat.bench.ledger import Wrong
from chat.bench.neighbours import Neighbours
from chat.bench.scenarios import Kind, Scenario, packed, unpacked
from chat.bench.speech import IRC, Speech
from chat.net.address import Address
from chat.net.connection import Lost


@dataclass(frozen=True, slots=True)
class Job:
    """What one of so many *processes* has to do, and where."""

    scenario: Scenario
    host: str
    port: int
    # Where neighbours find one another.
    folder: str
    speech: Speech = IRC
    seconds: float = 5.0
    warm: float = 0.5
    quickack: bool = False
    number: int = 0
    processes: int = 1

    def people(self) -> list[tuple[int, int]]:
        """Those of this process, by number and room: whole rooms if there are many."""
        a_room = self.scenario.a_room
        everybody = ((n, n // a_room) for n in range(self.scenario.people))
        if self.is_divided:
            return [
                each for each in everybody if each[0] % self.processes == self.number
            ]
        return [each for each in everybody if each[1] % self.processes == self.number]

    @property
    def is_divided(self) -> bool:
        """Whether people of one room are in several processes."""
        return self.scenario.rooms < self.processes

    def packed(self) -> dict[str, Any]:
        """This job, as JSON has it."""
        return {
            "scenario": packed(self.scenario),
            "host": self.host,
            "port": self.port,
            "folder": self.folder,
            "caps": self.speech.caps,
            "is_plain": self.speech.is_plain,
            "seconds": self.seconds,
            "warm": self.warm,
            "quickack": self.quickack,
            "number": self.number,
            "processes": self.processes,
        }


def job(values: Mapping[str, Any]) -> Job:
    """The job that was `packed`."""
    others = {**values}
    speech = Speech(others.pop("caps"), others.pop("is_plain"))
    return Job(unpacked(others.pop("scenario")), speech=speech, **others)


class Generator:
    """The people of a *job*, and what they are told."""

    def __init__(self, todo: Job, told: TextIO, telling: TextIO) -> None:
        self._job = todo
        self._told = told
        self._telling = telling
        self._end = ExitStack()
        self._crowd = self._end.enter_context(
            closing(Crowd(Address(todo.host, todo.port), quickack=todo.quickack))
        )
        self._arrivals = Arrivals(self._crowd, todo.speech)

    def run(self) -> None:
        """Do it all, or tell what has gone wrong."""
        try:
            with self._end:
                self._run()
                # What is looked at now is a house with everybody in it.
                self._told.readline()
        except (Gone, Lost, Wrong) as error:
            self._tell(error=str(error))

    def _run(self) -> None:
        people, scenario = self._job.people(), self._job.scenario
        share = max(1, scenario.at_once // self._job.processes)
        if scenario.kind is Kind.ARRIVE:
            self._go()
            begin = monotonic()
            self._arrivals.arrive(people, share)
            self._tell(seconds=monotonic() - begin, took=self._arrivals.took)
            return
        self._arrivals.arrive(people, share)
        self._go()
        self._arrivals.settle()
        self._go()
        if scenario.is_spoken:
            self._talk()
        else:
            self._crowd.wait(self._job.seconds)
            self._tell()

    def _talk(self) -> None:
        neighbours = None
        if self._job.is_divided:
            neighbours = self._end.enter_context(
                closing(
                    Neighbours(
                        Path(self._job.folder), self._job.number, self._job.processes
                    )
                )
            )
        conversation = Conversation(
            self._crowd,
            self._job.scenario,
            self._job.speech,
            self._arrivals.people,
            neighbours,
        )
        delivered, seconds = conversation.talk(self._job.seconds, self._job.warm)
        delays = conversation.delays.packed()
        said = conversation.said()
        self._tell(said=[*said.items()])
        totals = json.loads(self._told.readline())
        conversation.finish(dict(totals["said"]))
        self._tell(delivered=delivered, seconds=seconds, delays=delays)

    def _go(self) -> None:
        """Tell that this is done, and wait until the others have done it too."""
        self._tell()
        self._told.readline()

    def _tell(self, **values: Any) -> None:
        self._telling.write(json.dumps(values) + "\n")
        self._telling.flush()


def main() -> None:
    """Do the job that standard input names."""
    Generator(job(json.loads(sys.stdin.readline())), sys.stdin, sys.stdout).run()


if __name__ == "__main__":
    main()
