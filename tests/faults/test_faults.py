"""The checker itself: above all, whether it can say that something fails."""

import os
import signal
from dataclasses import replace

import pytest

from tests.faults import __main__ as checker
from tests.faults.chatd import UNLIMITED, house
from tests.faults.judge import (
    FAILS,
    HOLDS,
    YES,
    Bound,
    Scenario,
    Seen,
    Skipped,
    at_least,
    at_most,
    exactly,
    judged,
    played,
)
from tests.faults.scenarios import SCENARIOS

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


def scenario(**promises: Bound) -> Scenario:
    return Scenario("X1", "a fault", dict, promises)


@pytest.mark.parametrize(
    ("bound", "kept", "broken"),
    [
        (at_most(2), [2, 1.5, -1], [2.01, 999]),
        (at_least(2), [2, 3], [1.99, 0]),
        (exactly(0), [0, 0.0, False], [1, -1, 0.1]),
        (YES, [True, 1], [False, 0, 2]),
        (Bound(4, 6), [4, 5, 6], [3.9, 6.1]),
        (at_most(2), [], [float("nan")]),
    ],
    ids=str,
)
def test_a_bound(bound: Bound, kept: list[float], broken: list[float]) -> None:
    assert [n for n in [*kept, *broken] if n in bound] == kept


def test_a_row_says_what_was_promised_and_what_was_seen() -> None:
    row = judged(scenario(p99=at_most(2), cut=YES), {"p99": 1.234, "cut": True})
    assert str(row) == "| X1 | a fault: p99 <= 2; cut = 1 | p99 1.23; cut 1 | holds |"


def test_what_is_broken_is_marked() -> None:
    row = judged(scenario(p99=at_most(2), cut=YES), {"p99": 2.5, "cut": True})
    assert (row.seen, row.verdict) == ("!p99 2.5; cut 1", FAILS)


def test_what_was_not_seen_is_broken() -> None:
    row = judged(scenario(p99=at_most(2), cut=YES), {"p99": 1})
    assert (row.seen, row.verdict) == ("p99 1; !cut was not seen", FAILS)


@pytest.mark.parametrize(
    ("name", "promise"),
    [(each.name, promise) for each in SCENARIOS for promise in each.promises],
)
def test_every_promise_can_be_broken(name: str, promise: str) -> None:
    each = BY_NAME[name]
    good = {
        key: bound.low if bound.low > float("-inf") else bound.high
        for key, bound in each.promises.items()
    }
    assert judged(each, good).verdict == HOLDS
    bound = each.promises[promise]
    bad = bound.high + 1 if bound.high < float("inf") else bound.low - 1
    assert judged(each, good | {promise: bad}).verdict == FAILS


def test_names_are_not_used_twice() -> None:
    assert len(BY_NAME) == len(SCENARIOS)


def test_a_scenario_that_stumbles_has_failed() -> None:
    def stumbles() -> Seen:
        raise AssertionError("12 of 20\nwere | let in")

    row = played(replace(scenario(cut=YES), play=stumbles))
    assert (row.seen, row.verdict) == (
        "AssertionError: 12 of 20 were / let in",
        FAILS,
    )


def test_a_scenario_that_cannot_be_played_says_why() -> None:
    def cannot() -> Seen:
        raise Skipped("wants root")

    assert played(replace(scenario(cut=YES), play=cannot)).verdict == (
        "skipped: wants root"
    )


@pytest.mark.slow
def test_a_server_that_dies_has_failed() -> None:
    def dies() -> Seen:
        with house() as (chatd, crowd):
            (person,) = crowd.seat(1)
            os.kill(chatd.pid, signal.SIGKILL)
            crowd.all_end([person], within=2.0)
            return {"cut": True}

    row = played(replace(scenario(cut=YES), play=dies))
    # What it logged last comes after that, if it logged anything.
    assert row.seen.startswith("Unwell: ended with -9: ")
    assert row.verdict == FAILS


@pytest.mark.slow
def test_a_server_that_will_not_start_has_failed() -> None:
    def refuses() -> Seen:
        with house("limits.nonsense=1"):
            return {"cut": True}

    row = played(replace(scenario(cut=YES), play=refuses))
    assert row.verdict == FAILS
    assert "there is no such setting" in row.seen


@pytest.mark.slow
def test_a_promise_that_a_real_server_breaks() -> None:
    """The cap on one address is lifted, so more are let in than were promised."""

    def lifted() -> Seen:
        with house(UNLIMITED) as (_, crowd):
            people = [crowd.comes(source="127.0.0.5") for _ in range(70)]
            crowd.wait(0.3)
            return {"let in": sum(not person.ended for person in people)}

    row = played(replace(scenario(**{"let in": exactly(64)}), play=lifted))
    assert (row.seen, row.verdict) == ("!let in 70", FAILS)


@pytest.mark.slow
def test_a_scenario_that_takes_too_long_is_ended() -> None:
    endless = replace(BY_NAME["B3"], patience=0.5)
    (row,) = checker._run([endless], at_once=1)
    assert row.endswith("| not done after 0 s, or crashed | FAILS |")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["C4", "C8", "D4", "D11", "E4", "E5"])
def test_a_short_scenario_holds(name: str) -> None:
    assert played(BY_NAME[name]).verdict == HOLDS


def test_an_unknown_name_is_wrong_usage(capfd: pytest.CaptureFixture[str]) -> None:
    assert checker.main(["Z9"]) == 2
    assert capfd.readouterr().out.startswith("no such scenario: Z9; there are A1 ")


@pytest.mark.slow
def test_the_status_says_whether_anything_failed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert checker.main(["D12"]) == 0
    assert "| skipped: there is no TLS yet |" in capfd.readouterr().out
