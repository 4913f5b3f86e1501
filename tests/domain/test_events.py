"""Events: the closed vocabulary of what happened."""

from dataclasses import fields

import pytest

from chat.domain import events
from chat.domain.answers import Answer
from chat.domain.commands import Manner
from chat.domain.events import (
    Event,
    Happened,
    KeepingChanged,
    ReadChanged,
    Said,
    Speech,
)
from tests.domain.people import who
from tests.domain.vocabularies import is_value, values_defined_in, words

# It is not told who did it, since nobody did, or only oneself can have.
NOBODYS = (KeepingChanged, ReadChanged)


def test_every_event_is_in_the_vocabulary() -> None:
    found = values_defined_in(events)
    assert [each for each in found if each is not Speech] == words(Happened)
    assert Speech in found


def test_an_event_happened_or_answers_somebody() -> None:
    assert words(Event) == [*words(Happened), Speech, *words(Answer)]


@pytest.mark.parametrize("word", [*words(Happened), Speech])
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


@pytest.mark.parametrize("is_bot", [True, False])
def test_what_is_said_in_one_breath_are_several_things(is_bot: bool) -> None:
    ids, times, texts, alice = range(7, 9), [5000, 5001], ["one", "two"], who("alice")
    speech = Speech(ids, times, texts, alice, "#tea", is_bot)
    assert list(speech.each()) == [
        Said(number, at, alice, "#tea", text, Manner.SAY, "", None, is_bot)
        for number, at, text in [(7, 5000, "one"), (8, 5001, "two")]
    ]


def test_each_thing_that_is_said_has_a_place() -> None:
    speech = Speech([7], [5000], ["one", "two"], who("alice"), "#tea")
    with pytest.raises(ValueError, match="argument 3 is longer"):
        list(speech.each())
