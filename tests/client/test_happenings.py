"""Happenings: everything that can happen, as values."""

from typing import get_args

import pytest

from chat.client.happenings import Ask, Effect, Happening, Note, Said, Send
from chat.dialects.irc.message import Message


def test_the_same_happening_is_equal() -> None:
    assert Said("bob", "#lobby", "hi") == Said("bob", "#lobby", "hi")
    assert Note("hi") != Note("hi", "#lobby")


@pytest.mark.parametrize("kind", get_args(Happening), ids=lambda kind: kind.__name__)
def test_every_happening_says_what_it_means(kind: type) -> None:
    assert kind.__doc__
    assert not kind.__doc__.startswith(kind.__name__ + "(")


def test_an_effect_is_a_happening_or_something_to_send() -> None:
    assert set(get_args(Effect)) == {*get_args(Happening), Send, Ask}
    assert Send(Message("QUIT")) == Send(Message("QUIT"))
