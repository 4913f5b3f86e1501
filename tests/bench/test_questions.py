"""Questions: a real house answers each kind of them."""

from contextlib import closing
from pathlib import Path

import pytest

from chat.bench.crowd import Crowd
from chat.bench.figures import Answers
from chat.bench.house import House
from chat.bench.past import Past
from chat.bench.questions import (
    CATCH_UP,
    HISTORY,
    JOIN,
    KINDS,
    PAGE,
    PEOPLE,
    Questions,
)
from chat.net.clock import Clock

SECONDS, EVERY = 2.0, 0.25


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What came of two seconds of questions."""
    folder: Path = tmp_path_factory.mktemp("asked")
    past = Past(20_000, 10, Clock().now().wall, *Questions.accounts(SECONDS, 1, EVERY))
    past.write(folder)
    house = House(folder)
    try:
        found = Answers(*KINDS)
        with closing(Crowd(house.address)) as crowd:
            questions = Questions(crowd, past, found, EVERY)
            questions.ask(SECONDS)
            crowd.wait(SECONDS)
            assert crowd.until(questions.is_over, 10.0), found.unanswered()
        house.must_be_well()
    finally:
        house.end()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_asked_and_answered(answers: Answers, kind: str) -> None:
    took = answers.of(kind)
    assert len(took) > PEOPLE
    assert all(0 < each < 10 for each in took)


@pytest.mark.slow
def test_none_is_left_without_an_answer(answers: Answers) -> None:
    assert answers.unanswered() == []


@pytest.mark.slow
def test_pages_are_asked_for_in_several_ways(answers: Answers) -> None:
    varieties = {variety for kind, variety in answers.took if kind == HISTORY}
    assert varieties <= {"LATEST", "BEFORE", "AFTER", "AROUND", "BETWEEN"}
    assert len(varieties) > 1


@pytest.mark.slow
def test_answers_are_as_long_as_was_asked_for(answers: Answers) -> None:
    told = dict(line.split(": ", 1) for line in answers.told())
    lines = {kind: int(words.split()[0]) for kind, words in told.items()}
    assert PAGE / 2 < lines[HISTORY] <= PAGE + 2
    assert lines[JOIN] > 30
    assert lines[CATCH_UP] > 30
