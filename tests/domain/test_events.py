"""Events: the closed vocabulary of what happened."""

from dataclasses import fields

import pytest

from chat.domain import events
from chat.domain.answers import Answer
from chat.domain.events import Event, Happened, KeepingChanged
from tests.domain.vocabularies import is_value, values_defined_in, words


def test_every_event_is_in_the_vocabulary() -> None:
    assert values_defined_in(events) == words(Happened)


def test_an_event_happened_or_answers_somebody() -> None:
    assert words(Event) == [*words(Happened), *words(Answer)]


@pytest.mark.parametrize("word", words(Happened))
def test_an_event_is_a_value(word: type) -> None:
    assert is_value(word)


@pytest.mark.parametrize(
    "word", [each for each in words(Happened) if each is not KeepingChanged]
)
def test_what_happened_has_a_place_in_the_order_and_a_time(word: type) -> None:
    assert [field.name for field in fields(word)][:3] == ["id", "at", "who"]


def test_nobody_makes_a_disk_full() -> None:
    names = [field.name for field in fields(KeepingChanged)]
    assert names == ["id", "at", "room", "is_kept", "lost"]
