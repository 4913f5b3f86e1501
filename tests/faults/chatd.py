"""The server under test: a real process, seen from outside through ``/proc``."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.faults.ledger import Ledger
from tests.faults.people import Address, Crowd, Person

ROOT: Final = Path(__file__).parents[2]
MIB: Final = 1024 * 1024

# One address may do what a crowd does, and one person may talk without pause.
UNLIMITED: Final = "limits.enabled=false"


class Unwell(Exception):
    """The server has died, or has logged a fault of its own."""


class Chatd:
    """A server process, from its start to its end."""

    def __init__(
        self,
        settings: Sequence[str],
        *,
        host: str = "127.0.0.1",
        prefix: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        data: Path | None = None,
    ) -> None:
        """Start it; what it writes is removed at the end, unless *data* says where."""
        self._folder = tempfile.TemporaryDirectory(prefix="chat-faults-")
        self.data = data or Path(self._folder.name)
        self._log = Path(self._folder.name, "log")
        flags = [part for setting in settings for part in ("--set", setting)]
        serve = ["-m", "chat", "serve", "--listen", f"{host}:0"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [*prefix, sys.executable, *serve, "--data", self.data, *flags],
                cwd=ROOT,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self.pid = self._process.pid
        self.address: Address = (host, self._port())

    def _port(self) -> int:
        """Where it listens, as its first line says."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline().decode()
        if not line.startswith("Listening on "):
            self.end()
            said = self._said()
            self.forget()
            raise Unwell(said)
        return int(line.partition(",")[0].rpartition(":")[2])

    def rss(self) -> float:
        """Resident memory in MiB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize() / MIB

    def forget_peak(self) -> None:
        """Let `peak` begin anew (proc(5), clear_refs)."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5\n")

    def peak(self) -> float:
        """The most memory it had resident at once, in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def cpu(self) -> float:
        """Seconds of processor time used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def descriptors(self) -> int:
        """How many it holds."""
        return sum(1 for _ in Path(f"/proc/{self.pid}/fd").iterdir())

    def given(self) -> int:
        """How many of them are for no file in its data folder.

        What searches opens its files there once something was said, and keeps them.
        """
        held = map(_leads_to, Path(f"/proc/{self.pid}/fd").iterdir())
        return sum(bool(to) and not to.startswith(f"{self.data}/") for to in held)

    def allow_descriptors(self, most: int) -> None:
        """Let it have no more than *most* from now on."""
        _, hard = resource.prlimit(self.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.pid, resource.RLIMIT_NOFILE, (most, hard))

    def ledger(self) -> Ledger:
        """What the kernel holds of its conversations now."""
        return Ledger(self.address)

    def unread_of(self, person: Person) -> int:
        """Bytes that *person* has sent and the server has not taken."""
        return len(person.outgoing) + self.ledger().to_server(person)

    def log(self) -> bytes:
        """All that it has logged."""
        return self._log.read_bytes()

    def must_be_well(self) -> None:
        """Complain if it has died or found a bug in itself."""
        if self._is_dying():
            # Its sockets are closed a moment before its status can be had.
            self._process.wait(timeout=5.0)
        if (status := self._process.poll()) is not None:
            raise Unwell(f"ended with {status}: {self._said()}")
        if b"FAULT" in self.log() or b"Traceback" in self.log():
            raise Unwell(self._said())

    def _is_dying(self) -> bool:
        try:
            return self.descriptors() == 0
        except OSError:
            return True

    def end(self) -> None:
        """End it, whatever state it is in."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def forget(self) -> None:
        """Remove what it has written."""
        self._folder.cleanup()

    def _said(self) -> str:
        """What it said of its trouble, or else said last."""
        lines = self.log().decode(errors="replace").splitlines()
        troubles = [each for each in lines if "FAULT" in each or "Error" in each]
        return (troubles or lines or ["(without a word)"])[-1][:300]


def _leads_to(link: Path) -> str:
    """Where *link* leads, unless it is gone by now."""
    try:
        return str(link.readlink())
    except OSError:
        return ""


@contextmanager
def house(
    *settings: str,
    host: str = "127.0.0.1",
    prefix: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    data: Path | None = None,
) -> Iterator[tuple[Chatd, Crowd]]:
    """A server and the people outside its door; at the end it has to be well."""
    chatd = Chatd(
        settings, host=host, prefix=prefix, environment=environment, data=data
    )
    try:
        with Crowd(chatd.address) as crowd:
            yield chatd, crowd
            chatd.must_be_well()
    finally:
        chatd.end()
        chatd.forget()
