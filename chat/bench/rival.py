"""A rival: another chat server on this machine, started by a script of its own.

A folder holds scripts named ``start-NAME.sh``; each takes a port and stays in the
foreground, listening on 127.0.0.1.  A line ``# called: NAME 1.2`` in it says what is
to stand in a picture.
"""

import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from chat.bench.house import Unwell
from chat.net.address import Address

FOLDER: Final = Path("~/.cache/chat-peers")
_LOOPBACK: Final = "127.0.0.1"
_CALLED: Final = "# called: "
# How long it may take to listen, and how often is tried, in seconds.
_PATIENCE: Final = 15.0
_OFTEN: Final = 0.02
# How long it may take to end when it is asked to.
_FAREWELL: Final = 2.0


def script(folder: Path, name: str) -> Path:
    """What starts the server of that *name*."""
    return folder / f"start-{name}.sh"


def found_in(folder: Path) -> list[str]:
    """The names of all that can be started."""
    scripts = sorted(folder.glob("start-*.sh"))
    return [each.stem.removeprefix("start-") for each in scripts]


def called(start: Path) -> str:
    """What the server is called that the script *start* starts."""
    for line in start.read_text(errors="replace").splitlines():
        if line.startswith(_CALLED):
            return line.removeprefix(_CALLED).strip()
    return start.stem.removeprefix("start-")


class Rival:
    """A server process of others, from its start to its end."""

    def __init__(self, start: Path) -> None:
        """Run the script *start*, and wait until it listens."""
        port = _free_port()
        self.address: Final = Address(_LOOPBACK, port)
        self._process = subprocess.Popen(  # noqa: S603 - named by who measures
            [str(start), str(port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.pid: Final = self._process.pid
        with ExitStack() as failed:
            failed.callback(self.end)
            self._await(start)
            failed.pop_all()

    def longest_turn(self) -> float | None:
        """Nobody can ask it."""
        return None

    def must_be_well(self) -> None:
        """Complain if it has died."""
        if self._process.poll() is not None:
            raise Unwell("the server has ended")

    def end(self) -> None:
        """End it, whatever state it is in."""
        self._process.terminate()
        try:
            self._process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _await(self, start: Path) -> None:
        deadline = monotonic() + _PATIENCE
        while not self._listens():
            if self._process.poll() is not None or monotonic() > deadline:
                raise Unwell(f"{start.name} does not listen")
            sleep(_OFTEN)

    def _listens(self) -> bool:
        try:
            socket.create_connection((self.address.host, self.address.port)).close()
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.create_server((_LOOPBACK, 0)) as held:
        port: int = held.getsockname()[1]
        return port
