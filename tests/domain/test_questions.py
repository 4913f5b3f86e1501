"""Questions: the closed vocabulary of what is asked about what was said."""

import pytest

from chat.domain import questions
from chat.domain.commands import Command
from chat.domain.questions import AskHistory, Page, Point, Question, Which
from tests.domain.vocabularies import is_value, values_defined_in, words


def test_every_question_is_in_the_vocabulary() -> None:
    assert values_defined_in(questions) == [Page, *words(Question)]


def test_every_question_is_a_command() -> None:
    assert set(words(Question)) <= set(words(Command))


@pytest.mark.parametrize("word", [Page, *words(Question)])
def test_a_question_is_a_value(word: type) -> None:
    assert is_value(word)


def test_who_does_not_say_how_much_asks_for_the_latest_page() -> None:
    assert AskHistory("#tea").page == Page(Which.LATEST, (), 100, has_events=False)


def test_a_point_is_named_by_an_id_or_by_a_time() -> None:
    assert (Point(id=7), Point(at=7)) == (Point(7, 0), Point(0, 7))
