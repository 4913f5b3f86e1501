"""Pieces: a long text in parts that IRC can carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client.pieces import pieces, room_for_text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("short", ["short"], id="it fits"),
        pytest.param("12345678", ["12345678"], id="it just fits"),
        pytest.param("one two three", ["one two ", "three"], id="at a space"),
        pytest.param("a bcdefghijk", ["a bcdefg", "hijk"], id="no space is near"),
        pytest.param("ääääää", ["ääää", "ää"], id="two bytes each"),
        pytest.param("x😀😀", ["x😀", "😀"], id="between characters"),
    ],
)
def test_parts(text: str, parts: list[str]) -> None:
    assert pieces(text, 8) == parts


@given(st.text(), st.integers(4, 40))
def test_nothing_is_lost_and_everything_fits(text: str, most: int) -> None:
    parts = pieces(text, most)
    assert "".join(parts) == text
    assert all(0 < len(part.encode()) <= most for part in parts)


def test_room_is_left_for_the_prefix_that_the_server_adds() -> None:
    assert room_for_text("PRIVMSG", "#lobby") == 510 - 100 - len("PRIVMSG #lobby :")


def test_a_name_that_fills_the_line_leaves_room_for_one_character() -> None:
    assert room_for_text("PRIVMSG", "#" * 600) == 4
