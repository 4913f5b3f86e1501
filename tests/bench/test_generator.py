"""The generator: its part of the people, and what it is told step by step."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from chat.bench import generator
from chat.bench.generator import Generator, Job, job
from chat.bench.rival import Rival
from chat.bench.scenarios import SCENARIOS, named
from chat.bench.speech import Speech
from tests.bench.scripts import write_faulty

GO: dict[str, Any] = {}


@pytest.fixture
def rival(tmp_path: Path) -> Iterator[Rival]:
    made = Rival(write_faulty(tmp_path, "nothing"))
    try:
        yield made
    finally:
        made.end()


def do(what: str, rival: Rival, *told: dict[str, Any]) -> list[dict[str, Any]]:
    """What a generator answers to what it is told."""
    where = rival.address
    todo = Job(named(what), where.host, where.port, "", seconds=0.2, warm=0.05)
    telling = io.StringIO()
    lines = "".join(json.dumps(each) + "\n" for each in told)
    Generator(todo, io.StringIO(lines), telling).run()
    return [json.loads(line) for line in telling.getvalue().splitlines()]


@pytest.mark.slow
def test_talk(rival: Rival, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.bench.conversation.STALL", 0.1)
    come, settled, said, fault = do(
        "talk:people=4,a_room=4", rival, GO, GO, {"said": [[0, 1_000_000]]}
    )
    assert (come, settled) == ({}, {})
    assert [number for number, _ in said["said"]] == [0]
    assert fault["error"].startswith("lost at the end: all have ")


@pytest.mark.slow
def test_talk_to_its_end(rival: Rival) -> None:
    *_, found = do("talk:people=4,a_room=4", rival, GO, GO, {"said": [[0, 1]]})
    assert found["delivered"] > 0
    assert found["seconds"] >= 0.2
    assert sum(found["delays"].values()) >= found["delivered"]


@pytest.mark.slow
def test_arriving(rival: Rival) -> None:
    ready, found = do("arrive:people=12,a_room=4", rival, GO)
    assert ready == {}
    assert len(found["took"]) == 12
    assert max(found["took"]) <= found["seconds"]


@pytest.mark.slow
def test_idling(rival: Rival) -> None:
    assert do("idle:people=12,a_room=4", rival, GO, GO) == [{}, {}, {}]


class Looking(io.StringIO):
    """What a generator is told, and whether its people were there at each line."""

    def __init__(self, lines: int) -> None:
        super().__init__("{}\n" * lines)
        self.made: Generator | None = None
        self.were_there: list[bool] = []

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        assert self.made is not None
        people = self.made._arrivals.people.values()
        sockets = [person.connection._socket for person in people]
        self.were_there.append(bool(sockets) and all(s.fileno() >= 0 for s in sockets))
        return super().readline(size)


@pytest.mark.slow
def test_they_stay_until_they_are_told_to_go(rival: Rival) -> None:
    where, told = rival.address, Looking(3)
    todo = Job(named("idle:people=4,a_room=4"), where.host, where.port, "", seconds=0.1)
    told.made = Generator(todo, told, io.StringIO())
    told.made.run()
    assert told.were_there == [True, True, True]


def test_what_has_gone_wrong_is_an_answer(tmp_path: Path) -> None:
    rival = Rival(write_faulty(tmp_path, "nothing"))
    rival.end()
    (answer,) = do("idle", rival)
    assert "efused" in answer["error"] or "pipe" in answer["error"].lower()


@pytest.mark.parametrize("name", SCENARIOS)
def test_everybody_is_in_one_process_and_so_are_whole_rooms(name: str) -> None:
    alone = Job(SCENARIOS[name], "host", 1, "folder")
    parts = [replace(alone, number=n, processes=3).people() for n in range(3)]
    assert sorted(chain(*parts)) == alone.people()
    assert max(map(len, parts)) - min(map(len, parts)) <= alone.scenario.a_room
    rooms = [{room for _, room in part} for part in parts]
    is_divided = replace(alone, processes=3).is_divided
    assert is_divided == (alone.scenario.rooms < 3)
    assert is_divided or not rooms[0] & rooms[1]


def test_a_job_fits_into_json() -> None:
    todo = Job(
        *(SCENARIOS["F1"], "host", 1, "folder", Speech("batch"), 2.0, 0.1),
        quickack=True,
        number=1,
        processes=2,
    )
    assert job(json.loads(json.dumps(todo.packed()))) == todo


@pytest.mark.slow
def test_the_job_is_on_standard_input(
    rival: Rival, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = rival.address
    todo = Job(named("arrive:people=3,a_room=3"), where.host, where.port, "")
    said = f"{json.dumps(todo.packed())}\n{{}}\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    generator.main()
    _, found = capsys.readouterr().out.splitlines()
    assert len(json.loads(found)["took"]) == 3
