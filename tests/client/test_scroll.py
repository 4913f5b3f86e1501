"""The scroll: lines as they stand below one another."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client.scroll import Scroll
from chat.client.words import Line, Move

TODAY = date(2026, 11, 21)
YESTERDAY = date(2026, 11, 20)


def said(text: str, day: date = TODAY) -> Line:
    """Somebody said it."""
    return Line("10:14 ", "", "bob  ", text, day=day)


def moved(move: str, where: str = "", day: date = TODAY) -> Line:
    """``+bob`` came and ``-bob`` left."""
    text = f"{move[1:]} moved"
    return Line(
        "10:14 ", where, "-- ", text, day=day, move=Move(move[1:], move[0] == "+")
    )


def read(lines: list[Line]) -> list[str]:
    """What a person sees of them."""
    return [line.time + line.where + line.who + line.text for line in lines]


@pytest.mark.parametrize(
    ("moves", "text"),
    [
        ("+bob", "bob moved"),
        ("+bob +carol", "bob and carol are here"),
        ("+a +b +c +d +e", "a, b, c, d and e are here"),
        ("+a +b +c +d +e +f", "a, b, c, d and 2 more are here"),
        ("-a -b", "a and b left"),
        ("+alice +bob -carol", "alice and bob are here; carol left"),
        ("+alice -carol", "alice is here; carol left"),
        ("+bob -bob", "bob left"),
        ("-bob +bob", "bob is here"),
        ("+a +b -c -d -e -f -g -h -i", "a and b are here; c, d, e, f and 3 more left"),
    ],
)
def test_who_moves_together_shares_a_line(moves: str, text: str) -> None:
    lines = Scroll(TODAY).laid(map(moved, moves.split()))
    assert read(lines) == [f"10:14 -- {text}"]


def test_what_comes_between_keeps_them_apart() -> None:
    lines = [moved("+a"), moved("+b"), said("hi"), moved("-a"), moved("-b", "[#tea] ")]
    assert read(Scroll(TODAY).laid(lines)) == [
        "10:14 -- a and b are here",
        "10:14 bob  hi",
        "10:14 -- a moved",
        "10:14 [#tea] -- b moved",
    ]


def test_another_day_is_named_once() -> None:
    scroll = Scroll(TODAY)
    assert read(
        scroll.laid([said("long ago", YESTERDAY), said("older", YESTERDAY)])
    ) == [
        "-- Friday, 20 November 2026 --",
        "10:14 bob  long ago",
        "10:14 bob  older",
    ]
    assert read(scroll.laid([said("now")])) == [
        "-- Saturday, 21 November 2026 --",
        "10:14 bob  now",
    ]


def test_midnight_parts_those_who_move() -> None:
    lines = [moved("+a", day=YESTERDAY), moved("+b"), moved("+c")]
    assert read(Scroll(YESTERDAY).laid(lines)) == [
        "10:14 -- a moved",
        "-- Saturday, 21 November 2026 --",
        "10:14 -- b and c are here",
    ]


def test_nothing_is_nothing() -> None:
    assert Scroll(TODAY).laid([]) == []


@given(st.lists(st.sampled_from(["hi", "+a", "-a", "+b"])))
def test_what_was_said_is_never_swallowed(script: list[str]) -> None:
    lines = [moved(each) if each[0] in "+-" else said(each) for each in script]
    shown = Scroll(TODAY).laid(lines)
    assert [line for line in shown if line.who == "bob  "] == [
        line for line in lines if line.who == "bob  "
    ]
