"""Words: what others wrote, made to fit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.dialects.irc.words import fitting, pieces, rows, word


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a b", "ab", id="a space"),
        pytest.param("", "*", id="nothing"),
        pytest.param("  ", "*", id="only spaces"),
        pytest.param("::x", "x", id="colons"),
        pytest.param("a\rb\nc\0d", "abcd", id="an end of line"),
        pytest.param("a\u2028b", "ab", id="a separator"),
    ],
)
def test_a_word_is_one_word(text: str, shown: str) -> None:
    assert word(text) == shown


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(["a"], ["a"], id="one"),
        pytest.param(["aaaa", "bbbb"], ["aaaa,bbbb"], id="two that fit"),
        pytest.param(["aaaa", "bbbb", "c"], ["aaaa,bbbb", "c"], id="one too many"),
        pytest.param(["a" * 20, "b"], ["a" * 20, "b"], id="one that is too long"),
        pytest.param(["ééé", "b", "c"], ["ééé,b", "c"], id="bytes count"),
    ],
)
def test_words_in_rows(words: list[str], lines: list[str]) -> None:
    assert list(rows(words, ",", 9)) == lines


@given(st.lists(st.text("aé☕", min_size=1, max_size=6)), st.integers(6, 40))
def test_rows_lose_nobody(words: list[str], size: int) -> None:
    assert " ".join(rows(words, size=size)).split() == words


def one_by_one(words: list[str], size: int) -> list[list[str]]:
    """*words* in rows, each as full as it can be."""
    found: list[list[str]] = []
    for each in words:
        if found and len(" ".join([*found[-1], each]).encode()) <= size:
            found[-1].append(each)
        else:
            found.append([each])
    return found


@given(st.lists(st.text("aé☕", min_size=1, max_size=9)), st.integers(1, 40))
def test_rows_are_as_full_as_they_can_be(words: list[str], size: int) -> None:
    assert list(rows(words, size=size)) == list(map(" ".join, one_by_one(words, size)))


@pytest.mark.parametrize(
    ("line", "fitted"),
    [
        pytest.param("", b"\r\n", id="nothing"),
        pytest.param("a" * 510, b"a" * 510 + b"\r\n", id="just"),
        pytest.param("a" * 511, b"a" * 510 + b"\r\n", id="one too many"),
        pytest.param("a" * 509 + "é", b"a" * 509 + b"\r\n", id="half a character"),
    ],
)
def test_a_line_is_made_to_fit(line: str, fitted: bytes) -> None:
    assert fitting(line) == fitted


@pytest.mark.parametrize(
    ("text", "room", "cut"),
    [
        ("", 4, []),
        ("abc", 4, ["abc"]),
        ("abcdef", 4, ["abcd", "ef"]),
        ("aéé", 4, ["aé", "é"]),
        ("☕☕", 4, ["☕", "☕"]),
        ("😀😀", 4, ["😀", "😀"]),
        ("a😀b", 4, ["a", "😀", "b"]),
        pytest.param("☕é", 1, ["☕", "é"], id="no room for a character"),
        pytest.param("abcdef", -70, ["abcd", "ef"], id="names that fill the line"),
    ],
)
def test_pieces(text: str, room: int, cut: list[str]) -> None:
    assert pieces(text, room) == cut


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(4, 50))
@settings(deadline=None, max_examples=100)
def test_pieces_make_the_text_and_fit(text: str, room: int) -> None:
    cut = pieces(text, room)
    assert "".join(cut) == text
    assert all(0 < len(piece.encode()) <= room for piece in cut)


@given(st.text())
def test_what_is_a_word_already_is_what_would_be_made_of_it(text: str) -> None:
    # What cannot be printed is left out, and has all of it looked at.
    assert word(text) == word("\0" + text)
