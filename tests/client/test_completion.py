"""Completion: what the word before the cursor may become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client.completion import completions
from chat.client.state import State

COMMANDS = ("whois", "join", "who")


@pytest.fixture
def state() -> State:
    """Alice is in #tea and, now, in #lobby, where carl and then Bob have spoken."""
    state = State("alice")
    state.enter("#tea")
    state.enter("#Lobby")
    nicks = ("alice", "alan", "Bob", "[bo]", "carl", "carol", "carla")
    room = state.rooms["#lobby"]
    room.members = {state.fold(nick): nick for nick in nicks}
    for nick in ("carla", "gone", "carl", "bob"):
        room.speakers[nick] = None
    return state


@pytest.mark.parametrize(
    ("text", "word", "becomes"),
    [
        pytest.param("b", "b", ["Bob: "], id="at the start of a line"),
        pytest.param("hi B", "B", ["Bob "], id="later in it"),
        pytest.param("ca", "ca", ["carl: ", "carla: ", "carol: "], id="speakers first"),
        pytest.param("{", "{", ["[bo]: "], id="as the server folds names"),
        pytest.param("al", "al", ["alan: "], id="not oneself"),
        pytest.param("gone", "gone", [], id="not who has left"),
        pytest.param(
            "hi ",
            "",
            ["Bob ", "carl ", "carla ", "alan ", "carol ", "[bo] "],
            id="everybody",
        ),
        pytest.param("/msg b", "b", ["Bob "], id="behind a command"),
        pytest.param("/wh", "/wh", ["/who ", "/whois "], id="a command"),
        pytest.param("/J", "/J", ["/join "], id="a command in capitals"),
        pytest.param("see /j", "/j", [], id="a command only at the start"),
        pytest.param("/join #l", "#l", ["#Lobby "], id="a room"),
        pytest.param("#", "#", ["#Lobby ", "#tea "], id="any room"),
        pytest.param("/search from:B", "from:B", ["from:Bob "], id="who said it"),
        pytest.param("/search in:#l", "in:#l", ["in:#Lobby "], id="where"),
        pytest.param("/search tea:", "tea:", [], id="neither"),
        pytest.param("/search b", "b", ["Bob "], id="a word that is looked for"),
        pytest.param("see in:#l", "in:#l", [], id="only in a search"),
        pytest.param("nobody", "nobody", [], id="nothing fits"),
    ],
)
def test_what_it_may_become(
    state: State, text: str, word: str, becomes: list[str]
) -> None:
    assert completions(state, text, COMMANDS) == (word, becomes)


def test_in_no_room_there_is_nobody() -> None:
    assert completions(State("alice"), "b", COMMANDS) == ("b", [])


def test_of_a_crowd_some_are_enough(state: State) -> None:
    crowd = {f"guest{number}": f"guest{number}" for number in range(100)}
    state.rooms["#lobby"].members.update(crowd)
    assert len(completions(state, "gue", COMMANDS)[1]) == 50


@given(st.text())
def test_every_completion_begins_with_the_word(text: str) -> None:
    state = State("alice", casemapping="ascii")
    state.enter("#lobby")
    state.rooms["#lobby"].members = {"bob": "BOB", "/x": "/X", "é": "é"}
    word, found = completions(state, text, COMMANDS)
    assert text.endswith(word)
    assert all(state.fold(one).startswith(state.fold(word)) for one in found)
