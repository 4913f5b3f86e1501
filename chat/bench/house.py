"""The house that is measured: a server of its own, as a process, on loopback."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from chat.net import address
from chat.net.address import Address
from chat.net.clock import Clock

# One address may do what a crowd does, and nobody is slowed down.
_SETTINGS: Final = ("limits.enabled=false", "accounts.kdf_iterations=4096")
_LISTENS: Final = "Listening on "


class Unwell(Exception):
    """The server has not started, or has found a fault in itself; in its words."""


class House:
    """A server process on a folder of data, from its start to its end."""

    def __init__(
        self, data: Path, flags: Sequence[str] = (), source: Path | None = None
    ) -> None:
        """Start it, and wait until it listens: `started` says how long that took.

        *source* is a folder with another revision of it.
        """
        self._data = data
        self._source = source
        # Where there is another, it is the one that is imported.
        self._environment = {**os.environ}
        if source is not None:
            self._environment["PYTHONPATH"] = str(source)
        self._log = data / "bench.log"
        clock = Clock()
        begin = clock.now().monotonic
        settings = [part for each in _SETTINGS for part in ("--set", each)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [*self._chat("serve"), "--listen", "127.0.0.1:0", *settings, *flags],
                cwd=source,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self.pid: Final = self._process.pid
        with ExitStack() as failed:
            failed.callback(self.end)
            self.address: Final = self._listening()
            failed.pop_all()
        self.started: Final = clock.now().monotonic - begin

    def longest_turn(self) -> float:
        """How long its longest turn was so far, in seconds.

        Raises:
            Unwell: it does not say.
        """
        asked = subprocess.run(  # noqa: S603 - ourselves
            [*self._chat("status"), "--json"],
            capture_output=True,
            check=False,
            cwd=self._source,
            env=self._environment,
        )
        if asked.returncode:
            raise Unwell(self._last_words())
        status: dict[str, Any] = json.loads(asked.stdout)
        return int(status["statistics"]["loop"]["longest_turn_ms"]) / 1000

    def must_be_well(self) -> None:
        """Complain if it has died, or has logged a fault of its own."""
        if self._process.poll() is not None or b"Traceback" in self._log.read_bytes():
            raise Unwell(self._last_words())

    def end(self) -> None:
        """End it, whatever state it is in."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _listening(self) -> Address:
        assert self._process.stdout is not None
        first = self._process.stdout.readline().decode()
        if not first.startswith(_LISTENS):
            self.end()
            raise Unwell(self._last_words())
        where = first.removeprefix(_LISTENS).partition(",")[0].strip()
        return address.parse(where)[0]

    def _chat(self, verb: str) -> list[str]:
        return [sys.executable, "-m", "chat", verb, "--data", str(self._data)]

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()
        return (lines or ["(without a word)"])[-1]
