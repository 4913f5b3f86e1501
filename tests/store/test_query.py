"""Queries: what somebody means who types some words."""

from unicodedata import category, normalize

import pytest

from chat.store.query import Query, signs, tokens, understood


def test_terms_are_words_but_not_where_there_are_no_spaces() -> None:
    assert understood("  Green tea, 茶 ก็ワ  한국 :-) ") == Query(
        ("Green", "tea,"), ("茶", "ก็ワ", "한국", ":-)")
    )
    assert understood("\0 ") == Query()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Crème BRÛLÉE", ["creme", "brulee"]),
        ("don't_go, 2nd", ["don", "t", "go", "2nd"]),
        ("Ελλάς", ["ελλας"]),
        ("ёлка й ВЬЮ́ГА", ["елка", "и", "вьюга"]),
        ("שָׁלוֹם é", ["שלום", "e"]),
        ("...", []),
    ],
)
def test_case_and_marks_do_not_count(text: str, found: list[str]) -> None:
    assert tokens(text) == found


@pytest.mark.parametrize(
    ("asked", "text", "is_there"),
    [
        ("tea", "Green TEA!", True),
        ("tea", "teapot", False),
        ("creme", "crème", True),
        ("crème", "creme", True),
        ("don't", "we don't know", True),
        ("don't", "the don is t", False),
        ("tea pot", "pot of tea", True),
        ("tea cup", "pot of tea", False),
        ("お茶", "緑のお茶です", True),
        ("お茶", "お、茶", False),
        (":)", "well :)", True),
        (":)", "well", False),
        ("", "anything", True),
    ],
)
def test_a_text_has_all_of_it_or_not(asked: str, text: str, is_there: bool) -> None:
    assert understood(asked).is_in(text) is is_there


def test_marks_are_what_unicode_says() -> None:
    for first in range(0, 0x3000, 16):
        text = "".join(map(chr, range(first, first + 16)))
        bare = "".join(c for c in normalize("NFD", text) if category(c) != "Mn")
        assert tokens(text) == tokens(bare)
        assert "".join(tokens(text)) == "".join(c for c in bare.lower() if c.isalnum())


def test_words_may_be_parts_of_longer_ones() -> None:
    wider = understood("Tea of 茶").widened()
    assert wider == Query(("of",), ("茶", "tea"))
    assert wider.is_in("Teapots of 緑茶")
    assert wider.widened() is None
    assert understood("of").widened() is None


def test_what_is_written_without_spaces_is_known_character_by_character() -> None:
    assert signs("green お茶, 2") == "お 茶"
    assert signs("green") == ""
