"""Nicks: what to call ourselves when the first choice is not to be had."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client.nicks import plain, taken, unwelcome


def test_a_taken_nick_gets_a_suffix() -> None:
    assert list(islice(taken("alice"), 3)) == ["alice_", "alice2", "alice3"]


@pytest.mark.parametrize(
    ("nick", "tries"),
    [
        pytest.param("zoë", ["zo", "zo_", "zo2"], id="ASCII only"),
        pytest.param("alice.b", ["aliceb", "aliceb_", "aliceb2"], id="no signs"),
        pytest.param("2pac", ["pac", "pac_", "pac2"], id="no digit first"),
        pytest.param(
            "alexandria", ["alexandri", "alexandr_", "alexandr2"], id="nine letters"
        ),
        pytest.param("王", ["guest", "guest_", "guest2"], id="nothing left of it"),
    ],
)
def test_an_unwelcome_nick_is_simplified(nick: str, tries: list[str]) -> None:
    assert list(islice(unwelcome(nick), 3)) == tries


@given(st.text())
def test_whatever_was_wished_every_server_takes_it(nick: str) -> None:
    for tried in unwelcome(nick):
        assert tried.isascii()
        assert tried[0].isalpha()
        assert len(tried) <= 9


def test_the_name_of_a_user_is_plain() -> None:
    assert plain("zoë.van.der.berg") == "zovanderb"


def test_nobody_tries_for_ever() -> None:
    assert len(list(taken("alice"))) == 9
    assert len(list(unwelcome("alice"))) == 10
