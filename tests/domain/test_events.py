"""Events: the closed vocabulary of what happened."""

from dataclasses import fields

import pytest

from chat.domain import events
from chat.domain.events import Event
from chat.domain.views import (
    Member,
    Topic,
    Who,
)
from tests.domain.vocabularies import is_value, values_defined_in, words

ANSWERS = [word for word in words(Event) if word.__name__.endswith(("Is", "Are"))]
HAPPENINGS = [word for word in words(Event) if word not in ANSWERS]


def test_every_event_is_in_the_vocabulary() -> None:
    assert values_defined_in(events) == [Who, Member, Topic, *words(Event)]


@pytest.mark.parametrize("word", [Who, Member, Topic, *words(Event)])
def test_an_event_is_a_value_and_holds_values(word: type) -> None:
    assert is_value(word)


@pytest.mark.parametrize("word", HAPPENINGS)
def test_what_happened_has_a_place_in_the_order_and_a_time(word: type) -> None:
    assert [field.name for field in fields(word)][:3] == ["id", "at", "who"]


@pytest.mark.parametrize("word", ANSWERS)
def test_an_answer_did_not_happen_to_anybody(word: type) -> None:
    assert not {"id", "at"} & {field.name for field in fields(word)}
