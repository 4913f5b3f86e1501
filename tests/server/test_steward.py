"""The steward: what a running server does for those who run it."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from chat.config import Config, WrongConfig, configured
from chat.net.log import Log
from chat.net.supervisor import Supervisor
from chat.server import steward
from chat.server.loop import Server
from chat.server.machine import Machine
from chat.server.steward import Steward, Surroundings
from tests.fakes import FakeClock, ImpatientPoller


class Office:
    """A server with nobody in it, its steward, its log, and a supervisor's ear."""

    def __init__(self, folder: Path, patience: float = 0.0) -> None:
        self.stack = ExitStack()
        self.ear = self.stack.enter_context(
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        )
        self.ear.bind(str(folder / "notify"))
        self.ear.setblocking(False)
        self.file = folder / "log"
        self.clock = FakeClock()
        # What the configuration file says next.
        self.says: Config | Exception = Config()
        log = Log.at(self.file)
        self.stack.callback(os.close, log._descriptor)
        machine = Machine(self.clock, ImpatientPoller(), 1000, log)
        self.server = Server(Config(), [], machine)
        self.stack.enter_context(closing(self.server))
        supervisor = Supervisor(self.ear.getsockname(), patience)
        around = Surroundings(log, self._reread, supervisor)
        self.steward = Steward(self.server, Config(), around)

    def _reread(self) -> Config:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    def rings(self, number: int) -> None:
        self.server.wakeup.ring(number)
        self.server.turn()

    def log(self) -> list[str]:
        """What is written in the log, without its times."""
        lines = self.file.read_text().splitlines()
        return [line.partition(" ")[2] for line in lines]

    def told(self) -> list[str]:
        """What the supervisor was told since the last look."""
        heard = []
        while True:
            try:
                heard.append(self.ear.recv(1000).decode())
            except BlockingIOError:
                return heard


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    with office.stack:
        yield office


def test_whoever_waits_for_it_is_told_that_it_serves(office: Office) -> None:
    office.steward.begin("127.0.0.1:2428")
    assert office.told() == [
        f"READY=1\nMAINPID={os.getpid()}\nSTATUS=Serving on 127.0.0.1:2428"
    ]


@pytest.mark.parametrize(
    ("user", "lines"), [(0, [steward.AS_ROOT]), (1000, [])], ids=["root", "anybody"]
)
def test_root_is_told_that_it_need_not_be(
    office: Office, monkeypatch: pytest.MonkeyPatch, user: int, lines: list[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    office.steward.begin("here")
    assert office.log() == lines


def test_a_hang_up_changes_what_can_be_changed(office: Office) -> None:
    office.says = configured(["limits.burst=40", "server.name=elsewhere"])
    office.rings(signal.SIGHUP)
    assert office.log() == [
        "server.name cannot change while running",
        "limits.burst: 20 -> 40",
    ]
    assert office.server._hearing.throttle.limits.burst == 40
    reloading, ready = office.told()
    word, _, when = reloading.partition("\nMONOTONIC_USEC=")
    assert (word, when.isdecimal(), ready) == ("RELOADING=1", True, "READY=1")


def test_what_cannot_change_is_said_each_time_and_what_has_only_once(
    office: Office,
) -> None:
    office.says = configured(["limits.burst=40", "server.name=elsewhere"])
    office.rings(signal.SIGHUP)
    office.rings(signal.SIGHUP)
    office.says = Config()
    office.rings(signal.SIGHUP)
    office.rings(signal.SIGHUP)
    assert office.log()[2:] == [
        "server.name cannot change while running",
        "limits.burst: 40 -> 20",
        "the configuration has not changed",
    ]


def test_a_broken_file_changes_nothing(office: Office) -> None:
    office.says = WrongConfig("chat.toml:3: limts: there is no such setting")
    office.rings(signal.SIGHUP)
    said = "chat.toml:3: limts: there is no such setting"
    assert office.log() == [f"the configuration stays as it was: {said}"]
    assert office.told()[-1] == "READY=1"


def test_nothing_in_a_configuration_makes_a_line_of_its_own(office: Office) -> None:
    office.says = configured(["server.motd=a\r\n2026 all is well\x1b[2J"])
    office.rings(signal.SIGHUP)
    office.says = WrongConfig("chat.toml:3: a\r\n2026 all is well\x1b[2J")
    office.rings(signal.SIGHUP)
    assert office.log() == [
        r'server.motd: "" -> "a\r\n2026 all is well\u001b[2J"',
        "the configuration stays as it was: chat.toml:3: a␍␊2026 all is well␛[2J",
    ]


def test_a_hang_up_follows_the_log(office: Office, tmp_path: Path) -> None:
    office.server.note("before")
    office.file.rename(tmp_path / "log.1")
    office.rings(signal.SIGHUP)
    assert office.log() == ["the configuration has not changed"]
    assert (tmp_path / "log.1").read_text().endswith(" before\n")


def test_without_a_new_log_the_old_one_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = office.steward._log
    monkeypatch.setattr(log, "_file", office.file.parent / "none" / "log")
    office.rings(signal.SIGHUP)
    assert office.log() == [
        "the log stays where it was: No such file or directory",
        "the configuration has not changed",
    ]


def test_on_a_signal_it_tells_how_it_is(office: Office) -> None:
    office.rings(signal.SIGUSR1)
    told = office.log()
    assert [line.partition(":")[0] for line in told] == [*office.server.statistics()]
    assert "faults: faults=0 lines_dropped=0" in told


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_leaving_is_told(office: Office, number: int) -> None:
    office.rings(number)
    assert office.told() == ["STOPPING=1"]
    assert office.log() == ["leaving, with 0 to say good-bye to"]


def test_it_ends_with_its_terminal(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.steward, "_ends_with_terminal", True)
    monkeypatch.setattr(steward, "_terminal_is_gone", lambda: True)
    office.rings(signal.SIGHUP)
    assert office.told() == ["STOPPING=1"]


def test_under_a_watchdog_it_gives_signs_of_life_twice_as_often(tmp_path: Path) -> None:
    office = Office(tmp_path, patience=30.0)
    with office.stack:
        office.steward.begin("here")
        assert office.told()[1:] == ["WATCHDOG=1"]
        signs = []
        for _ in range(4):
            office.clock.advance(7.5)
            office.server.turn()
            signs.append(office.told())
        assert signs == [[], ["WATCHDOG=1"], [], ["WATCHDOG=1"]]


def test_a_bug_in_what_the_steward_does_ends_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path, patience=30.0)
    with office.stack:
        office.steward.begin("here")
        office.told()
        with monkeypatch.context() as patch:
            patch.setattr(Supervisor, "tell", lambda *_: 1 / 0)
            office.clock.advance(15)
            office.server.turn()
            office.rings(signal.SIGHUP)
        assert office.log()[-1].startswith("FAULT ZeroDivisionError")
        office.clock.advance(15)
        office.server.turn()
        assert office.told() == ["WATCHDOG=1"]
