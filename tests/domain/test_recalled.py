"""Recalled: the closed vocabulary of what is told about what was said."""

import pytest

from chat.domain import recalled
from chat.domain.answers import Answer
from chat.domain.recalled import Excerpt, Recalled, Unread
from tests.domain.vocabularies import is_value, values_defined_in, words

PARTS = [Excerpt, Unread]


def test_every_answer_is_in_the_vocabulary() -> None:
    defined = [each for each in values_defined_in(recalled) if each not in PARTS]
    assert defined == words(Recalled)


def test_every_one_is_an_answer_like_any_other() -> None:
    assert set(words(Recalled)) <= set(words(Answer))


@pytest.mark.parametrize("word", [*PARTS, *words(Recalled)])
def test_an_answer_is_a_value(word: type) -> None:
    assert is_value(word)
