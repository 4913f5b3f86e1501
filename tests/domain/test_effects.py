"""Effects: the closed vocabulary of what the shell must do."""

import pytest

from chat.domain import effects
from chat.domain.answers import HouseIs
from chat.domain.effects import Audience, Deliver, Effect, ToRoom, ToSession
from tests.domain.vocabularies import is_value, values_defined_in, words

ALL = [*words(Audience), *words(Effect)]


def test_every_audience_and_every_effect_is_in_a_vocabulary() -> None:
    assert values_defined_in(effects) == ALL


@pytest.mark.parametrize("word", ALL)
def test_an_effect_is_a_value(word: type) -> None:
    assert is_value(word)


@pytest.mark.parametrize("word", words(Audience))
def test_an_audience_is_named_and_its_members_are_not(word: type) -> None:
    assert word.__annotations__ == {"id": int}


def test_audiences_of_one_number_are_still_two() -> None:
    assert len({audience(7) for audience in words(Audience)}) == 4


def test_nobody_is_left_out_unless_told() -> None:
    assert Deliver(HouseIs(0, 1, ()), to=ToSession(1)).but is None


def test_effects_are_compared_by_what_they_say() -> None:
    silence = HouseIs(0, 1, ())
    assert Deliver(silence, to=ToRoom(7)) != Deliver(silence, to=ToSession(7))
