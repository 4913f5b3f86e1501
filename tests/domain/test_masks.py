"""Masks: patterns that people are matched against."""

import re
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.domain.masks import flaw, is_like, matches, whole
from chat.domain.views import Who

BOB = Who("Bob", "~bob", "3f2a.cloak", "Bob B.")
NOT_A_WORD = "a mask is one word, and does not begin with a colon"
NO_ACCOUNT = "an account stands behind a:"
TOO_LONG = "a mask has at most 250 bytes"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("bob", "", id="a nick"),
        pytest.param("*!*@192.0.2.0/24", "", id="a network"),
        pytest.param("2001:db8::/32", "", id="colons inside"),
        pytest.param("Zoë!*@*", "", id="any letters"),
        pytest.param("m:bob", "", id="not heard"),
        pytest.param("x" * 250, "", id="as long as can be"),
        pytest.param("m:" + "x" * 250, "", id="as long as can be, not heard"),
        pytest.param("a:bob", "", id="an account"),
        pytest.param("m:a:bob", "", id="an account, not heard"),
        pytest.param("a:", NO_ACCOUNT, id="no account"),
        pytest.param("m:a:", NO_ACCOUNT, id="no account, not heard"),
        pytest.param("a:bob smith", NOT_A_WORD, id="no account's name"),
        pytest.param("", NOT_A_WORD, id="nothing"),
        pytest.param("m:", NOT_A_WORD, id="nothing, not heard"),
        pytest.param("bob smith", NOT_A_WORD, id="two words"),
        pytest.param("bob\u3000smith", NOT_A_WORD, id="another space"),
        pytest.param(":bob", NOT_A_WORD, id="a colon first"),
        pytest.param("m::bob", NOT_A_WORD, id="a colon first, not heard"),
        pytest.param("m:m::bob", "", id="only one mark counts"),
        pytest.param("bob\r\nQUIT", NOT_A_WORD, id="control characters"),
        pytest.param("bob\u202e", NOT_A_WORD, id="turned round"),
        pytest.param("x" * 251, TOO_LONG, id="too long"),
        pytest.param("é" * 126, TOO_LONG, id="bytes count"),
    ],
)
def test_what_can_be_a_mask(text: str, why: str) -> None:
    assert flaw(text) == why


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        pytest.param("bob", "bob!*@*", id="a nick"),
        pytest.param("b*b?", "b*b?!*@*", id="a pattern"),
        pytest.param("bob!x", "bob!x@*", id="no host"),
        pytest.param("bob!", "bob!*@*", id="no user name"),
        pytest.param("!x@", "*!x@*", id="only a user name"),
        pytest.param("x@host", "*!x@host", id="no nick"),
        pytest.param("@host", "*!*@host", id="only a host"),
        pytest.param("bob@a@host", "*!bob@a@host", id="two signs"),
        pytest.param("bob!x@host", "bob!x@host", id="all of it"),
        pytest.param("a.cloak", "*!*@a.cloak", id="a cloak"),
        pytest.param("192.0.2.*", "*!*@192.0.2.*", id="some of an address"),
        pytest.param("192.0.2.0/24", "*!*@192.0.2.0/24", id="a network"),
        pytest.param("2001:db8::/32", "*!*@2001:db8::/32", id="a new network"),
        pytest.param("::1", "*!*@::1", id="an address"),
        pytest.param("m:bob", "m:bob!*@*", id="not heard"),
        pytest.param("a:bob", "a:bob", id="an account is whole"),
        pytest.param("m:a:bob", "m:a:bob", id="an account, not heard"),
        pytest.param("a!b", "a!b@*", id="no account"),
        pytest.param("m:192.0.2.7", "m:*!*@192.0.2.7", id="an address, not heard"),
        pytest.param("m:" * 2000 + "x", "m:*!*@" + "m:" * 1999 + "x", id="a trap"),
        pytest.param("", "*!*@*", id="nothing"),
    ],
)
def test_what_is_left_out_is_filled_in(text: str, mask: str) -> None:
    assert whole(text) == mask


@given(st.text("ab*?!@.:/m1", max_size=12))
def test_a_whole_mask_is_whole(text: str) -> None:
    once = whole(text)
    assert whole(once) == once


@pytest.mark.parametrize(
    ("mask", "address", "is_meant"),
    [
        pytest.param("bob!*@*", "", True, id="nick"),
        pytest.param("BOB!*@*", "", True, id="nick in other letters"),
        pytest.param("bobo!*@*", "", False, id="longer nick"),
        pytest.param("bo!*@*", "", False, id="shorter nick"),
        pytest.param("*!~bob@*", "", True, id="user name"),
        pytest.param("*!bob@*", "", False, id="another user name"),
        pytest.param("*!*@3F2A.cloak", "", True, id="cloak"),
        pytest.param("*!*@*.cloak", "", True, id="any cloak"),
        pytest.param("*!*@0000.cloak", "", False, id="another cloak"),
        pytest.param("b?b!?bob@*2a.cloak", "", True, id="all three"),
        pytest.param("b?b!?bob@*2b.cloak", "", False, id="two of three"),
        pytest.param("*!*@192.0.2.7", "192.0.2.7", True, id="address"),
        pytest.param("*!*@192.0.2.8", "192.0.2.7", False, id="another address"),
        pytest.param("*!*@192.0.2.*", "192.0.2.7", True, id="some of an address"),
        pytest.param("*!*@192.0.2.0/24", "192.0.2.7", True, id="network"),
        pytest.param("*!*@192.0.2.9/24", "192.0.2.7", True, id="network, not begun"),
        pytest.param("*!*@192.0.2.0/29", "192.0.2.8", False, id="next network"),
        pytest.param("*!*@192.0.2.0/33", "192.0.2.7", False, id="no network"),
        pytest.param("*!*@192.0.2.0/24", "", False, id="network and no address"),
        pytest.param("*!*@192.0.2.0/24", "unix:/x", False, id="network and no number"),
        pytest.param("*!*@unix:*", "unix:/x", True, id="an address that is none"),
        pytest.param("*!*@2001:db8::/32", "2001:db8::7", True, id="new network"),
        pytest.param("*!*@2001:db8::/32", "2001:db9::7", False, id="next new network"),
        pytest.param("*!*@2001:DB8:0::7", "2001:db8::7", True, id="written otherwise"),
        pytest.param("*!*@2001:db8::/32", "192.0.2.7", False, id="new and old"),
        pytest.param("*!*@192.0.2.0/24", "2001:db8::7", False, id="old and new"),
        pytest.param("*!*@192.0.2.0/24", "::ffff:192.0.2.7", True, id="old in new"),
        pytest.param("*!*@fe80::/10", "fe80::7%eth0", True, id="with a scope"),
        pytest.param("*!*@fe80::7%eth0", "fe80::7%eth0", True, id="of a scope"),
        pytest.param("*!*@fe80::7%eth1", "fe80::7%eth0", False, id="other scope"),
    ],
)
def test_whom_a_mask_is_meant_for(mask: str, address: str, is_meant: bool) -> None:
    assert matches(mask, BOB, address) is is_meant


@pytest.mark.parametrize(
    ("mask", "account", "is_meant"),
    [
        pytest.param("a:robert", "Robert", True, id="the account"),
        pytest.param("a:ROBERT", "Robert", True, id="in other letters"),
        pytest.param("a:bob", "Robert", False, id="a nick is none"),
        pytest.param("a:rob", "Robert", False, id="some of it"),
        pytest.param("a:rob*", "Robert", True, id="a pattern"),
        pytest.param("a:*", "Robert", True, id="any account"),
        pytest.param("a:*", "", False, id="a guest has none"),
        pytest.param("bob!*@*", "Robert", True, id="the other kind"),
        pytest.param("robert!*@*", "Robert", False, id="an account is no nick"),
    ],
)
def test_whom_a_mask_of_an_account_is_meant_for(
    mask: str, account: str, is_meant: bool
) -> None:
    assert matches(mask, replace(BOB, account=account), "192.0.2.7") is is_meant


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        pytest.param("", "", True, id="nothing"),
        pytest.param("", "a", False, id="nothing and something"),
        pytest.param("*", "", True, id="anything is nothing too"),
        pytest.param("?", "", False, id="one is not nothing"),
        pytest.param("**", "ab", True, id="two stars"),
        pytest.param("a*c", "abc", True, id="something between"),
        pytest.param("a*c", "ac", True, id="nothing between"),
        pytest.param("a*c", "acb", False, id="something behind"),
        pytest.param("*ab*ab", "ab", False, id="never the same twice"),
        pytest.param("*ab*ab", "abab", True, id="one after the other"),
        pytest.param("*a?c*", "xabaacx", True, id="the second place that fits"),
        pytest.param("a.c", "abc", False, id="a dot is a dot"),
        pytest.param("a\\?c", "a\\bc", True, id="a backslash is a backslash"),
        pytest.param("[ab]", "a", False, id="brackets are brackets"),
        pytest.param("a*b", "a\nb", True, id="over lines"),
        pytest.param("Zoë", "zoë", True, id="composed"),
        pytest.param("ZOË*", "zoe\u0308y", True, id="composed and not"),
        pytest.param("?", "é", True, id="one character, not one byte"),
        pytest.param("é" * 501, "é" * 501, False, id="no mask is so long"),
    ],
)
def test_what_a_pattern_stands_for(pattern: str, text: str, fits: bool) -> None:
    assert is_like(pattern, text) is fits


@settings(max_examples=500)
@given(st.text("abA*?", max_size=8), st.text("abA", max_size=8))
def test_a_pattern_is_a_simple_expression(pattern: str, text: str) -> None:
    model = "".join({"*": ".*", "?": "."}.get(each, each) for each in pattern)
    is_model = re.fullmatch(model, text, re.IGNORECASE) is not None
    assert is_like(pattern, text) is is_model


@given(st.lists(st.text("ab.", max_size=3), min_size=1), st.text("ab.", max_size=9))
def test_what_is_made_of_a_pattern_fits_it(parts: list[str], filling: str) -> None:
    assert is_like("*".join(parts), filling.join(parts))


def test_nothing_that_was_found_is_looked_for_again() -> None:
    # So many stars, given back one after the other, would outlast the universe.
    pattern = "*a" * 124 + "*b"
    assert is_like(pattern, "a" * 10_000) is False
    assert is_like("*a?" * 50 + "*b", "a" * 10_000) is False


@pytest.mark.parametrize("pattern", ["*a?c*", "?" * 100 + "*b?*", "*" + "a?" * 60])
def test_no_place_is_looked_at_in_python(pattern: str) -> None:
    calls: list[str] = []
    is_like(pattern, "a" * 10_000)
    sys.setprofile(lambda _frame, event, _arg: calls.append(event))
    try:
        is_like(pattern, "a" * 10_000)
    finally:
        sys.setprofile(None)
    assert len(calls) < 100
