"""Figures: what is printed of what was measured."""

import pytest

from chat.bench.figures import Answers, Row, percentile, row, table

HUNDRED = [number / 1000 for number in range(1, 101)]


@pytest.mark.parametrize(
    ("took", "share", "found"),
    [
        pytest.param([], 0.99, 0.0, id="of nothing"),
        pytest.param([0.5], 0.99, 0.5, id="of one"),
        pytest.param(HUNDRED, 0.5, 0.051, id="the middle"),
        pytest.param(HUNDRED, 0.99, 0.1, id="99 of a hundred"),
        pytest.param([*reversed(HUNDRED)], 0.5, 0.051, id="in any order"),
        pytest.param(HUNDRED, 1.0, 0.1, id="all"),
    ],
)
def test_percentiles(took: list[float], share: float, found: float) -> None:
    assert percentile(took, share) == found


def test_a_table_has_its_columns_one_below_the_other() -> None:
    rows = [
        row("history", HUNDRED, bar=0.2),
        row("  BEFORE", [0.25], bar=0.2),
        row("talk", [0.001, 0.003]),
        Row("the difference", 100, None, -0.0005, bar=0.002),
        row("search", [], bar=0.2),
    ]
    assert table(rows) == [
        "                times  p50 ms  p99 ms  bar ms",
        "history           100   51.00  100.00     200  ok",
        "  BEFORE            1  250.00  250.00     200  over",
        "talk                2    3.00    3.00",
        "the difference    100           -0.50       2  ok",
        "search              0    0.00    0.00     200  none",
    ]


def test_answers_are_told_by_kind_and_variety() -> None:
    answers = Answers("history", "search")
    for variety, took in (("BEFORE", 0.2), ("AFTER", 0.1), ("BEFORE", 0.4)):
        answers.asked("history")
        answers.answered("history", variety, took, lines=100)
    assert sorted(answers.of("history")) == [0.1, 0.2, 0.4]
    assert answers.rows("history", bar=0.3) == [
        Row("history", 3, 0.2, 0.4, 0.3),
        Row("  AFTER", 1, 0.1, 0.1),
        Row("  BEFORE", 2, 0.4, 0.4),
    ]
    assert answers.told() == [
        "history: 100 lines an answer",
        "search: nobody has asked",
    ]


def test_what_was_not_answered_is_told_with_the_first_reason() -> None:
    answers = Answers("search", "catch-up")
    for why in ("FAIL SEARCH", "another"):
        answers.asked("search")
        answers.refused("search", why)
    answers.asked("catch-up")
    answers.answered("catch-up", "", 0.1, lines=1)
    answers.asked("catch-up")
    assert answers.unanswered() == [
        "search: 2 of 2 not answered (FAIL SEARCH)",
        "catch-up: 2 of 2 not answered (an answer of 1 lines)",
    ]
    assert answers.told() == answers.unanswered()


def test_without_a_kind_that_was_asked_for_nothing_is_wrong() -> None:
    answers = Answers("join")
    answers.asked("join")
    assert answers.unanswered() == ["join: 1 of 1 not answered"]
    answers.answered("join", "", 0.1, lines=5)
    assert answers.unanswered() == []
