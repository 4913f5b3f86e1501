"""Talk: what is said reaches everybody else in the room, and is timed."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chat.bench.crowd import Crowd, Gone
from chat.bench.house import House
from chat.bench.talk import Talk


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Crowd]:
    house = House(tmp_path)
    try:
        with closing(Crowd(house.address)) as made:
            yield made
        house.must_be_well()
    finally:
        house.end()


@pytest.mark.slow
def test_everybody_else_in_the_room_reads_it(crowd: Crowd) -> None:
    talk = Talk(crowd, ["#one", "#two", "#three"], people=4, rate=50)
    # Twice: what was said before is not counted again.
    for _ in range(2):
        took = talk.talk(0.5)
        # All four are in all three rooms, so each line is read by three.
        assert len(took) % 3 == 0
        assert 15 <= len(took) // 3 <= 27
        assert all(0 < each < 10 for each in took)


@pytest.mark.slow
def test_what_does_not_arrive_is_told_of(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk(crowd, ["#one"], people=2, rate=50)
    monkeypatch.setattr("chat.bench.talk._PATIENCE", 0.05)
    monkeypatch.setattr(talk, "_awaited", 0)
    (person, _), (other, _) = talk._seats
    person.hears = other.hears = lambda _line: None
    with pytest.raises(Gone, match="did not reach"):
        talk.talk(0.1)
