"""Play the scenarios of ``tests/faults`` to real servers, and print what came of it.

    python -m tests.faults            all of them
    python -m tests.faults B1 C2      these

Each is played in a process of its own, which is ended when it takes too long.  Those
that only wait run side by side; those that measure run alone, after them.  The status
is 0 if nothing failed; what had to be skipped says why and has not failed.
"""

import os
import resource
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from typing import Final

from tests.faults.judge import FAILS, Scenario, played
from tests.faults.scenarios import SCENARIOS

PLAY: Final = "--play"
AT_ONCE: Final = 5


def main(arguments: Sequence[str]) -> int:
    """Play those that *arguments* name, or all."""
    by_name = {scenario.name: scenario for scenario in SCENARIOS}
    if arguments[:1] == [PLAY]:
        return _play(by_name[arguments[1]])
    if unknown := [name for name in arguments if name not in by_name]:
        _tell(f"no such scenario: {unknown[0]}; there are {' '.join(by_name)}")
        return 2
    chosen = [by_name[name] for name in arguments or by_name]
    _tell("| name | promised | seen | verdict |\n|---|---|---|---|")
    begin = time.monotonic()
    failed = [row for row in _rows(chosen) if row.endswith(f"| {FAILS} |")]
    took = time.monotonic() - begin
    _tell(f"\n{len(chosen)} scenarios in {took:.0f} s, {len(failed)} failed.")
    # Who shares the machine with others measures them, too.
    _tell(f"Load {os.getloadavg()[1]:.1f} on {os.cpu_count()} processors.")
    return 1 if failed else 0


def _play(scenario: Scenario) -> int:
    """Play it in this process."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    _tell(str(played(scenario)))
    return 0


def _rows(chosen: Sequence[Scenario]) -> Iterator[str]:
    for row in _patient_rows(chosen):
        _tell(row)
        yield row


def _patient_rows(chosen: Sequence[Scenario]) -> Iterator[str]:
    """First those that may run side by side, then the others one by one."""
    yield from _run([each for each in chosen if not each.is_alone], at_once=AT_ONCE)
    yield from _run([each for each in chosen if each.is_alone], at_once=1)


class Player:
    """A process that plays one scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.deadline = time.monotonic() + scenario.patience
        # In a session of its own, so that its servers can be ended with it.
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "tests.faults", PLAY, scenario.name],
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self.output = self._process.stdout

    def row(self) -> str:
        """Its row, once it has ended."""
        text = self.output.read().decode().strip()
        self.end()
        scenario = self.scenario
        late = f"not done after {scenario.patience:.0f} s, or crashed"
        return text or f"| {scenario.name} | {scenario.title} | {late} | {FAILS} |"

    def stop(self) -> None:
        """Tell it, and all that it has started, to come to an end."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)

    def end(self) -> None:
        """End it and all that it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.output.close()


def _run(chosen: Sequence[Scenario], at_once: int) -> Iterator[str]:
    """Play *chosen*, so many at once; their rows as they come."""
    waiting, playing = deque(chosen), dict[Player, None]()
    try:
        while waiting or playing:
            while waiting and len(playing) < at_once:
                playing[Player(waiting.popleft())] = None
            for player in _finished(playing):
                del playing[player]
                yield player.row()
    finally:
        for player in playing:
            player.stop()
            player.row()


def _finished(playing: dict[Player, None]) -> list[Player]:
    """Who has come to an end, perhaps by having taken too long."""
    with DefaultSelector() as selector:
        for player in playing:
            selector.register(player.output, EVENT_READ, player)
        done = [key.data for key, _ in selector.select(1.0)]
    for player in playing:
        if player.deadline < time.monotonic() and player not in done:
            player.stop()
    return done


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # Whoever is told to end puts away what it has made, and ends what it has started.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    sys.exit(main(sys.argv[1:]))
