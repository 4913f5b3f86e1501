"""Wrap: long lines broken where a person would break them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client.wrap import width, wrap


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("abc", 3),
        ("äöü", 3),
        ("日本", 4),
        ("e\u0301", 1),
        pytest.param("\u2764\ufe0f", 2, id="a heart that may be drawn wide"),
    ],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("", [""], id="nothing"),
        pytest.param("one two", ["one two"], id="it fits"),
        pytest.param("one two 1234", ["one two 1234"], id="it just fits"),
        pytest.param("one two 12345", ["one two", "  12345"], id="one too many"),
        pytest.param(
            "http://example.org/x y",
            ["", "  http://example.org/x", "  y"],
            id="a link stays whole",
        ),
        pytest.param(
            "日本日本日本日本日",
            ["日本日本日本", "  日本日"],
            id="wide characters are cut",
        ),
        pytest.param(
            "hi" + " " * 13 + "10:14 bob  bye",
            ["hi", "  10:14 bob", "  bye"],
            id="no disguise by spaces",
        ),
    ],
)
def test_lines(text: str, lines: list[str]) -> None:
    assert wrap(text, 14, first=2, indent=2) == lines


def test_no_room_for_the_nick() -> None:
    assert wrap("hello", 10, first=12, indent=4) == ["", "    hello"]


def test_a_terminal_of_no_width_at_all() -> None:
    assert wrap("日b", 0, first=6, indent=6) == ["", "      日", "      b"]


@given(st.text("ab äé日\u00a0\ufe0f"), st.integers(10, 30), st.integers(0, 12))
def test_nothing_reaches_the_edge_but_words_of_ascii(
    text: str, columns: int, first: int
) -> None:
    head, *more = wrap(text, columns, first=first, indent=4)
    for line in [" " * first + head, *more]:
        assert width(line) <= columns or first > columns or line.split()[-1].isascii()
    assert all(line.startswith("    ") for line in more)


@given(st.text("ab 日é"), st.integers(10, 30))
def test_no_letter_is_lost(text: str, columns: int) -> None:
    lines = wrap(text, columns, first=6, indent=6)
    assert "".join("".join(lines).split()) == "".join(text.split())
