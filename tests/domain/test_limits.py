"""Limits: how long and how many."""

from dataclasses import FrozenInstanceError, asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.limits import Limits, cut


def test_what_holds_unless_the_operator_says_otherwise() -> None:
    assert asdict(Limits()) == {
        "nick_length": 32,
        "room_length": 64,
        "topic_length": 390,
        "rooms_per_user": 100,
        "away_length": 200,
        "reason_length": 300,
        "realname_length": 150,
        "key_length": 23,
        "masks_per_list": 100,
        "watched": 100,
        "registration": "open",
        "guests": "open",
        "held_nick": 30_000,
        "empty_room": 0,
        "history": True,
        "history_days": 0,
        "history_page": 100,
    }


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("abcdef", "abcdef", id="exactly the limit"),
        pytest.param("abcdefg", "abcdef", id="one over"),
        pytest.param("abcdeé", "abcde", id="between characters"),
        pytest.param("太郎太", "太郎", id="bytes count"),
    ],
)
def test_what_is_too_long_is_cut_at_a_character(text: str, kept: str) -> None:
    assert cut(text, 6) == Limits(reason_length=6).cut_reason(text) == kept


def test_nobody_changes_a_limit_under_way() -> None:
    limits = Limits()
    with pytest.raises(FrozenInstanceError):
        limits.nick_length = 99  # type: ignore[misc]


@given(st.text("aé☕😀", max_size=9), st.integers(0, 40))
def test_what_is_short_enough_for_any_letters_is_cut_no_otherwise(
    text: str, most: int
) -> None:
    assert cut(text, most) == text.encode()[:most].decode(errors="ignore")
