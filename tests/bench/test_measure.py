"""Measuring: each kind of scenario, with the real server, and what spoils it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chat.bench.crew import Failed
from chat.bench.house import House
from chat.bench.measure import Measure, Run
from chat.bench.rival import Rival
from chat.bench.scenarios import named
from chat.bench.speech import Speech
from tests.bench.scripts import write_faulty

SOON = Measure(seconds=0.3, warm=0.05)
TALK = "talk:people=8,a_room=8,speakers=2"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("measured")
    made = House(folder)
    try:
        yield made
    finally:
        made.end()


@pytest.mark.slow
@pytest.mark.parametrize(
    "measure",
    [
        pytest.param(SOON, id="irc"),
        pytest.param(
            replace(SOON, speech=Speech("server-time message-tags batch")), id="tags"
        ),
        pytest.param(replace(SOON, speech=Speech(is_plain=True)), id="plain"),
        pytest.param(replace(SOON, generators=1), id="one generator"),
    ],
)
def test_talk(house: House, measure: Measure) -> None:
    run = measure.run(named(TALK), house)
    assert run.rate > 100
    assert 0 < run.p50 <= run.p99 <= run.worst < 1
    assert run.generators > 0
    assert run.memory > 10_000_000
    assert run.longest_turn is not None
    assert run.error == ""


@pytest.mark.slow
def test_rooms_are_not_divided(house: House) -> None:
    run = SOON.run(named("talk:people=16,a_room=4,speakers=1"), house)
    assert run.rate > 100


@pytest.mark.slow
def test_pace(house: House) -> None:
    run = SOON.run(named("pace:people=8,a_room=8,speakers=2,rate=100"), house)
    # Seven read each of the lines.
    assert 500 < run.rate < 900


@pytest.mark.slow
def test_arriving(house: House) -> None:
    run = SOON.run(named("arrive:people=20,a_room=5"), house)
    assert run.rate > 10
    assert 0 < run.p50 <= run.worst < 10


@pytest.mark.slow
def test_idling(house: House) -> None:
    run = SOON.run(named("idle:people=20,a_room=5"), house)
    assert run.rate == 0
    assert run.a_person < 1_000_000


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["loses", "confuses", "hangs up"])
def test_a_faulty_server_fails(tmp_path: Path, fault: str) -> None:
    rival = Rival(write_faulty(tmp_path, fault))
    try:
        with pytest.raises(Failed):
            replace(SOON, seconds=0.5).run(named(TALK), rival)
    finally:
        rival.end()


@pytest.mark.parametrize(
    ("what", "wanted", "used"),
    [
        pytest.param("talk:people=100,a_room=100", 3, 3, id="as many as wanted"),
        pytest.param("talk:people=4,a_room=4,speakers=2", 3, 2, id="a reader in each"),
        pytest.param("talk:people=8,a_room=4", 9, 3, id="rooms that must be divided"),
        pytest.param("idle:people=3000,a_room=30", 1, 4, id="too many for one"),
    ],
)
def test_how_many_generators(what: str, wanted: int, used: int) -> None:
    assert Measure(generators=wanted).processes(named(what)) == used


def test_a_run_fits_into_json() -> None:
    assert Run(rate=1.0).packed()["rate"] == 1.0
