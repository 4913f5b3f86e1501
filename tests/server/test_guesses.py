"""Guesses: so many wrong passwords a minute, and no more."""

import pytest

from chat.server.guesses import (
    HOUR,
    HOUSE,
    INVITATION,
    MINUTE,
    ROOM,
    Claimed,
    Guesses,
    Key,
    Of,
    origin,
)

NOW = 1_700_000_000_000
BOB = ("ACCOUNT", "bob")


def an_account(name: str) -> Key:
    return "ACCOUNT", name


def test_as_many_as_there_may_be_are_too_many() -> None:
    guesses = Guesses(3)
    found = []
    for _ in range(4):
        found.append(guesses.are_over(BOB, NOW))
        guesses.count(BOB, NOW)
    assert found == [False, False, False, True]


def test_after_a_minute_one_may_try_again() -> None:
    guesses = Guesses(2)
    guesses.count(BOB, NOW)
    guesses.count(BOB, NOW + 30_000)
    assert guesses.are_over(BOB, NOW + MINUTE - 1)
    assert not guesses.are_over(BOB, NOW + MINUTE)
    guesses.count(BOB, NOW + MINUTE)
    # In no minute were there more than two.
    assert guesses.are_over(BOB, NOW + MINUTE)
    assert guesses.are_over(BOB, NOW + MINUTE + 29_999)
    assert not guesses.are_over(BOB, NOW + MINUTE + 30_000)


def test_what_was_made_counts_for_an_hour() -> None:
    made = Guesses(1, HOUR)
    made.count(origin("192.0.2.7"), NOW)
    assert made.are_over(origin("192.0.2.7"), NOW + HOUR - 1)
    assert not made.are_over(origin("192.0.2.8"), NOW)
    assert not made.are_over(origin("192.0.2.7"), NOW + HOUR)


def test_each_is_counted_for_itself() -> None:
    guesses = Guesses(1)
    guesses.count(BOB, NOW)
    assert guesses.are_over(BOB, NOW)
    for other in (an_account("eve"), ("OPERATOR", "bob"), ("ADDRESS", "bob")):
        assert not guesses.are_over(other, NOW)


def test_who_sets_the_clock_back_locks_nobody_out_for_long() -> None:
    guesses = Guesses(1)
    guesses.count(BOB, NOW)
    assert not guesses.are_over(BOB, NOW - 3_600_000)


def test_a_limit_that_is_lowered_holds_at_once() -> None:
    guesses = Guesses(5)
    for _ in range(3):
        guesses.count(BOB, NOW)
    guesses.most = 2
    assert guesses.are_over(BOB, NOW)


def test_what_is_long_ago_takes_no_room() -> None:
    guesses = Guesses(3)
    for number in range(100):
        guesses.count(an_account(str(number)), NOW)
    guesses.count(BOB, NOW + MINUTE)
    assert len(guesses) == 1


def test_who_has_not_guessed_for_longest_is_forgotten_first() -> None:
    guesses = Guesses(1)
    guesses.count(BOB, NOW)
    guesses.count(an_account("eve"), NOW)
    guesses.count(BOB, NOW)
    for number in range(ROOM - 1):
        guesses.count(an_account(str(number)), NOW)
    assert len(guesses) == ROOM
    assert guesses.are_over(BOB, NOW)
    assert not guesses.are_over(an_account("eve"), NOW)


# What one wrong password counts for.


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        pytest.param("192.0.2.7", "192.0.2.7", True, id="one address"),
        pytest.param("192.0.2.7", "192.0.2.8", False, id="two"),
        pytest.param("2001:db8::1", "2001:db8::2", True, id="one network"),
        pytest.param("2001:db8::1", "2001:db8:0:1::1", False, id="two networks"),
        pytest.param("unix", "unix", True, id="this machine"),
    ],
)
def test_where_a_guess_comes_from(one: str, other: str, is_same: bool) -> None:
    assert (HOUSE.keys(one) == HOUSE.keys(other)) == is_same


HERE = ("ADDRESS", "unix")


@pytest.mark.parametrize(
    ("claimed", "keys"),
    [
        pytest.param(HOUSE, [HERE], id="the house"),
        pytest.param(INVITATION, [HERE], id="an invitation"),
        pytest.param(Claimed(Of.ACCOUNT, "Bob"), [HERE, BOB], id="an account"),
        pytest.param(
            Claimed(Of.OPERATOR, "Bob"), [HERE, ("OPERATOR", "Bob")], id="an operator"
        ),
        pytest.param(
            Claimed(Of.ACCOUNT, "x" * 5000),
            [HERE, ("ACCOUNT", "x" * 64)],
            id="a long name, as far as it is remembered",
        ),
        pytest.param(
            Claimed(Of.OPERATOR, "x" * 5000),
            [HERE, ("OPERATOR", "x" * 64)],
            id="a long operator's",
        ),
    ],
)
def test_what_a_guess_counts_for(claimed: Claimed, keys: list[Key]) -> None:
    assert claimed.keys("unix") == keys
