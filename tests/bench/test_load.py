"""The load bench: servers in turns, and what becomes of those that fail."""

from dataclasses import replace
from pathlib import Path

import pytest

from chat.bench.house import Unwell
from chat.bench.load import Load, another, ours
from chat.bench.measure import Measure, Run, Server
from chat.bench.scenarios import SCENARIOS, Scenario, named
from chat.net.address import Address
from tests.bench.scripts import write_faulty


class FakeServer:
    """A server that does nothing, and remembers its end."""

    address = Address("127.0.0.1", 1)
    pid = 0

    def __init__(self, log: list[str], name: str) -> None:
        self._log = log
        self._name = name
        log.append(f"{name} begins")

    def longest_turn(self) -> None:
        return None

    def must_be_well(self) -> None:
        raise AssertionError

    def end(self) -> None:
        self._log.append(f"{self._name} ends")


class FakeMeasure(Measure):
    """A measure that takes no time."""

    def run(self, scenario: Scenario, server: Server) -> Run:
        assert server.pid == 0
        return Run(rate=scenario.people * (2.0 if self.quickack else 1.0))


def test_they_take_turns_each_with_a_fresh_server() -> None:
    log: list[str] = []
    servers = {name: lambda _data, n=name: FakeServer(log, n) for name in ("a", "b")}
    scenarios = [SCENARIOS["F1"], SCENARIOS["F2"]]
    load = Load(scenarios, servers, FakeMeasure(), repeats=2, note=log.append)
    found = load.run()
    assert log[:6] == [
        "a begins",
        "a ends",
        "F1 a 1/2: 100 lines/s",
        "b begins",
        "b ends",
        "F1 b 1/2: 100 lines/s",
    ]
    assert len(log) == 24
    assert [(each.scenario.name, each.server, each.figure) for each in found] == [
        ("F1", "a", 100),
        ("F1", "b", 100),
        ("F2", "a", 500),
        ("F2", "b", 500),
    ]


def test_readers_of_one_acknowledge_at_once() -> None:
    names = ("a", "a:quickack")
    servers = {name: lambda _data: FakeServer([], "a") for name in names}
    told: list[str] = []
    load = Load([SCENARIOS["F1"]], servers, FakeMeasure(), 1, note=told.append)
    assert [each.figure for each in load.run()] == [100, 200]


def test_one_that_does_not_start_fails_and_the_others_go_on() -> None:
    log: list[str] = []

    def broken(_data: Path) -> Server:
        raise Unwell("no")

    servers = {"broken": broken, "b": lambda _data: FakeServer(log, "b")}
    load = Load([SCENARIOS["F1"]], servers, FakeMeasure(), 1, note=log.append)
    found = load.run()
    assert [each.errors for each in found] == [["F1 broken: no"], []]
    assert log == ["F1 broken 1/1: no", "b begins", "b ends", "F1 b 1/1: 100 lines/s"]


@pytest.mark.slow
def test_ours_and_another_are_measured(tmp_path: Path) -> None:
    script = write_faulty(tmp_path, "cuts")
    servers = {
        "chatd": ours(["--no-store"]),
        "cuts": another(script),
    }
    talk = named("talk:people=8,a_room=8,speakers=2")
    measure = Measure(seconds=0.5, warm=0.05)
    heard: list[str] = []
    mine, theirs = Load([talk], servers, measure, 1, note=heard.append).run()
    assert mine.figure > 0
    assert mine.errors == []
    assert theirs.errors
    assert len(heard) == 2


@pytest.mark.slow
def test_another_revision_is_measured_with_its_own_source(tmp_path: Path) -> None:
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat" / "__init__.py").write_text("")
    (tmp_path / "chat" / "__main__.py").write_text("raise SystemExit('I am old')\n")
    with pytest.raises(Unwell, match="I am old"):
        ours([], tmp_path)(tmp_path)


def test_values_are_values() -> None:
    load = Load([], {}, repeats=5)
    assert replace(load, repeats=3).run() == []
