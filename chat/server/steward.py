"""The steward: between the house and those who run it.

Whoever runs a server edits a file and sends SIGHUP, moves the log away and sends
SIGHUP, or lets a supervisor do both.  A broken file changes nothing; what cannot
change while people are here is said to need a restart.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from chat.config import Config, WrongConfig
from chat.configfile import changed
from chat.domain.ports import Store
from chat.net.clock import Clock
from chat.net.log import Level, Log
from chat.net.supervisor import Supervisor
from chat.server.loop import Server
from chat.store.memory import MemoryStore

AS_ROOT: Final = "running as root, which a chat server has no need to do"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a server runs, and what it stands on.

    `reread` tells what it should be by now.
    """

    log: Log
    reread: Callable[[], Config]
    supervisor: Supervisor = field(default_factory=Supervisor)
    store: Store = field(default_factory=MemoryStore)


class Steward:
    """Does for a server what those who run it ask for."""

    def __init__(self, server: Server, config: Config, around: Surroundings) -> None:
        self._server = server
        self._config = config
        self._log = around.log
        self._reread = around.reread
        self._supervisor = around.supervisor
        # Whoever said nohup, or has no terminal, is not to end with it.
        self._ends_with_terminal = (
            signal.getsignal(signal.SIGHUP) != signal.SIG_IGN
            and not _terminal_is_gone()
        )
        server.on[signal.SIGUSR1] = self._tell
        server.on[signal.SIGHUP] = self._hang_up
        for number in (signal.SIGTERM, signal.SIGINT):
            server.on[number] = self._leave

    def begin(self, where: str) -> None:
        """The server serves, *where* its listeners are."""
        if os.geteuid() == 0:
            self._server.note(AS_ROOT, Level.WARNING)
        status = f"STATUS=Serving on {where}"
        self._supervisor.tell("READY=1", f"MAINPID={os.getpid()}", status)
        self._give_a_sign()

    def _tell(self) -> None:
        """SIGUSR1: how the house is, room by room."""
        for name, facts in self._server.statistics().items():
            told = " ".join(f"{fact}={value}" for fact, value in facts.items())
            # Who has asked is told, whatever else is kept quiet or is too much.
            self._server.note(f"{name}: {told}", Level.ERROR)

    def _hang_up(self) -> None:
        """SIGHUP: look at everything once more, or go with the terminal."""
        if self._ends_with_terminal and _terminal_is_gone():
            self._leave()
            return
        now = round(Clock().now().monotonic * 1_000_000)
        self._supervisor.tell("RELOADING=1", f"MONOTONIC_USEC={now}")
        self._reopen_log()
        self._reconfigure()
        self._supervisor.tell("READY=1")

    def _reopen_log(self) -> None:
        try:
            self._log.reopen()
        except OSError as error:
            what = f"the log stays where it was: {error.strerror}"
            self._server.note(what, Level.WARNING)

    def _reconfigure(self) -> None:
        try:
            wanted = self._reread()
        except (WrongConfig, ValueError) as wrong:
            what = f"the configuration stays as it was: {wrong}"
            self._server.note(what, Level.WARNING)
            return
        self._config, differences = changed(self._config, wanted)
        self._server.configure(self._config)
        for difference in differences or ["the configuration has not changed"]:
            self._server.note(difference)

    def _leave(self) -> None:
        self._supervisor.tell("STOPPING=1")
        self._server.leave()

    def _give_a_sign(self) -> None:
        """Be alive, twice as often as the supervisor wants to hear of it."""
        if patience := self._supervisor.patience:
            self._server.later(patience / 2, self._give_a_sign)
            self._supervisor.tell("WATCHDOG=1")


def _terminal_is_gone() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return True
    return False
