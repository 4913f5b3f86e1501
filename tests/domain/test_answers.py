"""Answers: the closed vocabulary of what somebody is told who has asked."""

from dataclasses import fields

import pytest

from chat.domain import answers
from chat.domain.answers import Answer, HouseIs, TimeIs
from chat.domain.recalled import ReadIs, Recalled
from tests.domain.vocabularies import is_value, values_defined_in, words


def test_every_answer_is_in_the_vocabulary() -> None:
    defined = [*values_defined_in(answers), *words(Recalled)]
    assert sorted(map(str, defined)) == sorted(map(str, words(Answer)))


@pytest.mark.parametrize("word", words(Answer))
def test_an_answer_is_a_value(word: type) -> None:
    assert is_value(word)


@pytest.mark.parametrize("word", words(Answer))
def test_an_answer_has_no_place_in_the_order(word: type) -> None:
    assert "id" not in [field.name for field in fields(word)]


@pytest.mark.parametrize(
    "word", [each for each in words(Answer) if each not in (TimeIs, ReadIs)]
)
def test_an_answer_has_no_time_unless_it_is_one(word: type) -> None:
    assert "at" not in [field.name for field in fields(word)]


def test_a_house_without_marks_is_told_in_three_words() -> None:
    assert HouseIs(2, 1, ("bob",)) == HouseIs(2, 1, ("bob",), 0, 0, 0, 0)
