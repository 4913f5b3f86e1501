"""The cloak: one word for an address, and no way back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.server.cloak import Cloak

KEY = b"0123456789abcdef"


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::1"])
def test_an_address_has_one_cloak_while_the_server_runs(host: str) -> None:
    cloak = Cloak()
    assert cloak.of(host) == cloak.of(host)


def test_the_same_key_gives_the_same_cloak() -> None:
    assert Cloak(KEY).of("192.0.2.7") == Cloak(KEY).of("192.0.2.7")


def test_neighbours_differ() -> None:
    cloak = Cloak()
    assert cloak.of("192.0.2.7") != cloak.of("192.0.2.8")


def test_another_run_of_the_server_gives_another_cloak() -> None:
    assert Cloak().of("192.0.2.7") != Cloak().of("192.0.2.7")


@given(st.ip_addresses().map(str))
def test_every_cloak_is_a_word_that_shows_nothing_of_the_address(host: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{12}\.cloak", Cloak(KEY).of(host))
