"""The crew: the generator processes of one run, told together what to do."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from chat.bench.generator import Job

_GENERATOR: Final = (sys.executable, "-m", "chat.bench.generator")


class Failed(Exception):
    """Something has gone wrong in the server or in a generator; in words."""


class Crew:
    """Generators for some *jobs*, one each."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._processes = [
            subprocess.Popen(  # noqa: S603 - ourselves
                _GENERATOR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in jobs
        ]
        self.pids: Final = [process.pid for process in self._processes]
        for process, job in zip(self._processes, jobs, strict=True):
            _write(process, job.packed())

    def tell(self, **values: Any) -> None:
        """Tell all of them to go on."""
        for process in self._processes:
            _write(process, values)

    def answers(self) -> list[dict[str, Any]]:
        """What each of them answers, once all have.

        Raises:
            Failed: one of them has seen a fault.
        """
        answers = [_read(process) for process in self._processes]
        for each in answers:
            if "error" in each:
                raise Failed(each["error"])
        return answers

    def end(self) -> None:
        """End them, whatever they are doing."""
        for process in self._processes:
            process.kill()
            process.wait()
            # It may have gone without reading what it was told.
            with suppress(BrokenPipeError):
                process.communicate()


def _write(process: "subprocess.Popen[str]", values: Mapping[str, Any]) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(values) + "\n")
        process.stdin.flush()
    except BrokenPipeError:
        # It has told why, or `answers` will find that it has not.
        return


def _read(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        return {"error": "a generator has ended without a word"}
    answer: dict[str, Any] = json.loads(line)
    return answer
