"""Limits: how long and how many."""

from dataclasses import FrozenInstanceError

import pytest

from chat.domain.limits import Limits


def test_what_holds_unless_the_operator_says_otherwise() -> None:
    assert Limits() == Limits(nick_length=32, room_length=64, topic_length=390)


def test_nobody_changes_a_limit_under_way() -> None:
    limits = Limits()
    with pytest.raises(FrozenInstanceError):
        limits.nick_length = 99  # type: ignore[misc]
