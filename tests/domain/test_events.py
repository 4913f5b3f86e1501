"""Events: the closed vocabulary of what happened."""

from dataclasses import fields

import pytest

from chat.domain import events
from chat.domain.answers import Answer
from chat.domain.events import Event, Happened, KeepingChanged, ReadChanged
from tests.domain.vocabularies import is_value, values_defined_in, words

# It is not told who did it, since nobody did, or only oneself can have.
NOBODYS = (KeepingChanged, ReadChanged)


def test_every_event_is_in_the_vocabulary() -> None:
    assert values_defined_in(events) == words(Happened)


def test_an_event_happened_or_answers_somebody() -> None:
    assert words(Event) == [*words(Happened), *words(Answer)]


@pytest.mark.parametrize("word", words(Happened))
def test_an_event_is_a_value(word: type) -> None:
    assert is_value(word)


@pytest.mark.parametrize(
    "word", [each for each in words(Happened) if each not in NOBODYS]
)
def test_what_happened_has_a_place_in_the_order_and_a_time(word: type) -> None:
    assert [field.name for field in fields(word)][:3] == ["id", "at", "who"]


def test_nobody_makes_a_disk_full() -> None:
    names = [field.name for field in fields(KeepingChanged)]
    assert names == ["id", "at", "room", "is_kept", "lost"]


def test_how_far_one_has_read_is_nobody_elses_doing() -> None:
    names = [field.name for field in fields(ReadChanged)]
    assert names == ["id", "at", "target", "read"]
