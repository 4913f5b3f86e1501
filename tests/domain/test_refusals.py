"""Refusals: the closed vocabulary of why not."""

import pytest

from chat.domain import refusals
from chat.domain.refusals import NickInUse, Reason, Refused
from tests.domain.vocabularies import is_value, values_defined_in, words


def test_every_reason_is_in_the_vocabulary() -> None:
    assert values_defined_in(refusals) == words(Reason)


@pytest.mark.parametrize("word", words(Reason))
def test_a_reason_is_a_value(word: type) -> None:
    assert is_value(word)


def test_a_refusal_carries_its_reason() -> None:
    assert Refused(NickInUse("bob")).reason == NickInUse("bob")


def test_a_refusal_that_nobody_catches_says_why() -> None:
    assert str(Refused(NickInUse("bob"))) == "NickInUse(nick='bob')"
