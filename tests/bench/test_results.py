"""Results: medians, ratios, and how they are printed."""

import json

import pytest

from chat.bench.measure import Run
from chat.bench.results import Result, machine, report, table
from chat.bench.scenarios import SCENARIOS

F1, F4, C1, I1 = (SCENARIOS[name] for name in ("F1", "F4", "C1", "I1"))

QUICK = Run(
    rate=2e6,
    p50=0.001,
    p99=0.002,
    worst=0.004,
    server=0.9,
    generators=0.5,
    others=0.3,
    a_million=0.45,
    memory=40_000_000,
    a_person=4096.0,
    longest_turn=0.012,
)
SLOW = Run(rate=1e6, p50=0.002, p99=0.004, worst=0.1, memory=8_000_000, a_person=2048.0)
FAILED = Run(error="line 3 of c4 is due and 4 came: lost")


def test_each_figure_has_its_median() -> None:
    other = Run(rate=1.0, longest_turn=0.5, is_saturated=True)
    middle = Result(F1, "chatd", [QUICK, SLOW, other]).middle
    assert (middle.rate, middle.p50) == (1e6, 0.001)
    # Two of them could be asked.
    assert middle.longest_turn == pytest.approx(0.256)
    # One such run is enough to doubt it.
    assert middle.is_saturated


def test_a_run_that_failed_does_not_count_but_is_told() -> None:
    result = Result(F1, "chatd", [QUICK, FAILED])
    assert result.figure == 2e6
    assert result.errors == ["F1 chatd: line 3 of c4 is due and 4 came: lost"]


@pytest.mark.parametrize(
    ("scenario", "words", "ratio"),
    [
        pytest.param(F1, "2,000,000 lines/s", 2.0, id="more is better"),
        pytest.param(F4, "2.00 ms p99", 2.0, id="sooner is better"),
        pytest.param(C1, "2,000,000 people/s", 2.0, id="more people"),
        pytest.param(I1, "4.0 KiB each", 0.5, id="less is better"),
    ],
)
def test_what_counts(scenario: object, words: str, ratio: float) -> None:
    assert scenario in (F1, F4, C1, I1)
    one, other = (
        Result(SCENARIOS[getattr(scenario, "name", "")], "", [each])
        for each in (QUICK, SLOW)
    )
    assert one.in_words() == words
    assert one.better_than(other) == ratio


def test_of_nothing_there_is_no_ratio() -> None:
    one, none = Result(F1, "chatd", [QUICK]), Result(F1, "other", [FAILED])
    assert one.better_than(none) is None


def test_the_table() -> None:
    saturated = Run(rate=1e6, is_saturated=True)
    lines = table(
        [
            Result(F1, "chatd", [QUICK]),
            Result(F1, "other", [saturated]),
            Result(F1, "broken", [FAILED]),
            Result(I1, "chatd", [QUICK]),
        ]
    )
    rows = [line.split("  ") for line in lines]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert cells[1:] == [
        [
            *("F1", "chatd", "2,000,000 lines/s", "1.00", "2.00", "4.00"),
            *("90.0", "50", "30", "0.45", "40.0", "12", "1.00", "not quiet"),
        ],
        [
            *("other", "1,000,000 lines/s", "0.00", "0.00", "0.00"),
            *("0.0", "0", "0", "0.00", "0.0", "2.00", "generators saturated"),
        ],
        [
            *("broken", "0 lines/s", "0.00", "0.00", "0.00"),
            *("0.0", "0", "0", "0.00", "0.0", "1 of 1 failed"),
        ],
        [
            "I1",
            "chatd",
            "4.0 KiB each",
            *("90.0", "50", "30", "40.0", "12", "1.00"),
            "not quiet",
        ],
        [],
        ["F1: 100 talk, in one room, 10 speaking, window 8"],
        ["I1: 900 idle, 30 a room"],
    ]


def test_all_of_it_fits_into_json() -> None:
    said = report([Result(F1, "chatd", [QUICK, FAILED])], {"cap": "batch"}, at=123)
    read = json.loads(json.dumps(said))
    assert (read["at"], read["settings"]) == (123, {"cap": "batch"})
    assert read["machine"] == machine()
    (result,) = read["results"]
    assert result["scenario"]["name"] == "F1"
    assert result["median"]["rate"] == 2e6
    assert [run["error"] for run in result["runs"]] == ["", FAILED.error]
