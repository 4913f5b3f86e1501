"""Scenarios: values, and what they are in words."""

import json

import pytest

from chat.bench.scenarios import (
    SCENARIOS,
    Kind,
    Scenario,
    named,
    packed,
    smaller,
    unpacked,
)


@pytest.mark.parametrize(
    ("name", "words", "rooms"),
    [
        ("F1", "100 talk, in one room, 10 speaking, window 8", 1),
        ("F2", "500 talk, in one room, 20 speaking, window 8", 1),
        ("F3", "900 talk, in one room, 4 speaking, window 1", 1),
        ("F4", "300 read 200 lines a second", 1),
        ("R1", "800 talk, 8 a room, 1 speaking in each, window 4", 100),
        ("C1", "900 arrive, 50 at a time, in one room", 1),
        ("C2", "900 arrive, 50 at a time, 30 a room", 30),
        ("I1", "900 idle, 30 a room", 30),
    ],
)
def test_ours(name: str, words: str, rooms: int) -> None:
    assert str(SCENARIOS[name]) == words
    assert SCENARIOS[name].rooms == rooms
    assert named(name) is SCENARIOS[name]


def test_none_is_missing() -> None:
    assert [*SCENARIOS] == ["F1", "F2", "F3", "F4", "R1", "C1", "C2", "I1"]
    spoken = [name for name, each in SCENARIOS.items() if each.is_spoken]
    more = [name for name, each in SCENARIOS.items() if each.more_is_better]
    assert more == ["F1", "F2", "F3", "R1", "C1", "C2"]
    assert spoken == ["F1", "F2", "F3", "F4", "R1"]


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda each: each.name)
def test_it_fits_into_json(scenario: Scenario) -> None:
    assert unpacked(json.loads(json.dumps(packed(scenario)))) == scenario


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda each: each.name)
def test_a_smaller_one_is_the_same_with_fewer_people(scenario: Scenario) -> None:
    small = smaller(scenario)
    assert small.people == scenario.people // 10
    assert small.speakers < small.a_room <= small.people
    assert (small.kind, small.window) == (scenario.kind, scenario.window)
    assert small.at_once > 0


def test_one_that_is_small_already_has_a_room_full_of_people() -> None:
    small = smaller(named("talk:people=9,a_room=9,speakers=8"))
    assert (small.people, small.a_room, small.speakers) == (8, 8, 4)


def test_somebody_has_one_of_his_own() -> None:
    text = "talk:people=60,a_room=6,speakers=2,window=1"
    assert named(text) == Scenario(
        text, Kind.TALK, 60, 6, speakers=2, window=1, rate=100
    )
    assert named("idle").speakers == 0
    assert named("pace:rate=12.5").rate == 12.5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("F9", "'F9' is none of F1, F2", id="no such one"),
        pytest.param("talk:size=3", "'size' is none of people", id="no such detail"),
        pytest.param("talk:people=many", "many", id="no number"),
        pytest.param("talk:speakers=100", "must only read", id="nobody listens"),
        pytest.param("talk:people=5", "each room be full", id="a room half empty"),
    ],
)
def test_one_that_cannot_be(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        named(text)
