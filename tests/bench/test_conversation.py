"""The conversation: a closed loop over real connections, and what goes wrong in it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chat.bench import conversation as module
from chat.bench.arriving import Arrivals
from chat.bench.conversation import Conversation
from chat.bench.crowd import Crowd, Gone
from chat.bench.ledger import Wrong
from chat.bench.neighbours import Neighbours
from chat.bench.rival import Rival
from chat.bench.scenarios import Scenario, named
from chat.bench.speech import IRC
from tests.bench.scripts import write_faulty

TALK = named("talk:people=8,a_room=4,speakers=2,window=3")


@pytest.fixture
def fault() -> str:
    return "nothing"


@pytest.fixture
def crowd(tmp_path: Path, fault: str) -> Iterator[Crowd]:
    rival = Rival(write_faulty(tmp_path, fault))
    try:
        with closing(Crowd(rival.address)) as made:
            yield made
    finally:
        rival.end()


def come(
    crowd: Crowd, scenario: Scenario, neighbours: Neighbours | None = None
) -> Conversation:
    arrivals = Arrivals(crowd, IRC)
    everybody = [(n, n // scenario.a_room) for n in range(scenario.people)]
    arrivals.arrive(everybody, at_once=4)
    return Conversation(crowd, scenario, IRC, arrivals.people, neighbours)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["nothing", "pings"])
def test_everybody_reads_all_that_is_said(crowd: Crowd) -> None:
    talking = come(crowd, TALK)
    read, seconds = talking.talk(0.2, warm=0.05)
    said = talking.said()
    talking.finish(said)
    assert 0.2 <= seconds < 1
    assert 0 < read <= talking.delivered
    # Two speak in each of two rooms of four.
    assert [*said] == [0, 1, 4, 5]
    assert talking.delivered == 3 * sum(said.values())
    assert talking.delays.percentile(0.5) > 0


@pytest.mark.slow
def test_at_a_pace_so_much_is_said_and_no_more(crowd: Crowd) -> None:
    talking = come(crowd, named("pace:people=4,a_room=4,speakers=2,rate=100"))
    talking.talk(0.3, warm=0.1)
    said = talking.said()
    talking.finish(said)
    assert 38 <= sum(said.values()) <= 42
    assert talking.delivered == 3 * sum(said.values())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("loses", "lost"),
        ("repeats", "repeated"),
        ("cuts", "not all words"),
        ("changes", "nobody said that"),
        ("confuses", "came from c99"),
    ],
)
def test_what_the_server_does_wrong_is_told(crowd: Crowd, told: str) -> None:
    with pytest.raises(Wrong, match=told):
        come(crowd, TALK).talk(5.0, warm=0.0)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["echoes"])
def test_who_is_told_what_he_says_is_noticed_at_the_end_as_well(crowd: Crowd) -> None:
    talking = come(crowd, named("talk:people=4,a_room=4,speakers=1"))
    talking.talk(0.1, warm=0.0)
    with pytest.raises(Wrong, match="repeated"):
        talking.finish(talking.said())


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["hangs up"])
def test_who_is_put_out_is_told_of(crowd: Crowd) -> None:
    with pytest.raises(Gone, match="closed a connection"):
        come(crowd, TALK).talk(5.0, warm=0.0)


@pytest.mark.slow
def test_what_does_not_come_is_not_waited_for_long(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STALL", 0.05)
    talking = come(crowd, TALK)
    talking.talk(0.1, warm=0.0)
    talking.finish(talking.said())
    more = {**talking.said(), 0: 1_000_000}
    with pytest.raises(Gone, match=r"all have \d+ of 1000000 lines of c0"):
        talking.finish(more)


@pytest.mark.slow
def test_where_a_neighbour_has_heard_nothing_no_more_is_said(
    crowd: Crowd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STALL", 0.1)
    with closing(Neighbours(tmp_path, 0, 2)) as ours:
        talking = come(crowd, TALK, ours)
        with pytest.raises(Gone, match="nothing has come"):
            talking.talk(5.0, warm=0.0)
        assert {*talking.said().values()} == {3}


@pytest.mark.slow
def test_what_a_neighbour_has_heard_makes_room(crowd: Crowd, tmp_path: Path) -> None:
    with (
        closing(Neighbours(tmp_path, 0, 2)) as ours,
        closing(Neighbours(tmp_path, 1, 2)) as theirs,
    ):
        talking = come(crowd, TALK, ours)
        for room in (0, 1):
            theirs.tell(room, dict.fromkeys((0, 1, 4, 5), 4))
        talking.talk(1.0, warm=0.0)
        assert {*talking.said().values()} == {7}
        talking.finish(talking.said())
        theirs.listen()
        assert [theirs.everywhere(0, who, 9) for who in (0, 1)] == [7, 7]
