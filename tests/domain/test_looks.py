"""Looks: which names are taken for each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.looks import is_mixed, skeleton


@pytest.mark.parametrize(
    ("name", "other"),
    [
        pytest.param("bob", "b0b", id="a nought"),
        pytest.param("bob", "b\u03bfb", id="a Greek omicron"),
        pytest.param("bob", "b\u043eb", id="a Cyrillic o"),
        pytest.param("bob", "\u042cob", id="a Cyrillic soft sign"),
        pytest.param("bob", "\u0412\u041e\u0412", id="all Cyrillic, and large"),
        pytest.param("paypal", "paypaI", id="a large i"),
        pytest.param("paypal", "paypa1", id="a one"),
        pytest.param("paypal", "p\u0430ypal", id="a Cyrillic a"),
        pytest.param("mike", "rnike", id="two letters for one"),
        pytest.param("zo\u00eb", "zoe\u0308", id="composed and not"),
        pytest.param("dig", "d\u0131g", id="no dot"),
    ],
)
def test_these_look_the_same(name: str, other: str) -> None:
    assert skeleton(name) == skeleton(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        pytest.param("bob", "rob", id="other letters"),
        pytest.param("ali", "all", id="a small i is no l"),
        pytest.param("zoe", "zo\u00eb", id="an accent"),
        pytest.param("bob", "bobb", id="one more"),
        pytest.param("\u592a\u90ce", "\u6b21\u90ce", id="Han"),
    ],
)
def test_these_do_not(name: str, other: str) -> None:
    assert skeleton(name) != skeleton(other)


@pytest.mark.parametrize(
    ("name", "mixes"),
    [
        pytest.param("bob", False, id="Latin"),
        pytest.param("bob-42_", False, id="signs and digits are of any"),
        pytest.param("\u041e\u043b\u044c\u0433\u0430", False, id="Cyrillic"),
        pytest.param("\u05e9\u05dc\u05d5\u05dd", False, id="Hebrew"),
        pytest.param("Yamada\u592a\u90ce\u3055\u3093", False, id="as in Japan"),
        pytest.param("\uae40\u592a Kim", False, id="as in Korea"),
        pytest.param("\u592a\u3105Bo", False, id="as in Taiwan"),
        pytest.param("b\u03bfb", True, id="Latin and Greek"),
        pytest.param("\u042cob", True, id="Latin and Cyrillic"),
        pytest.param("\u3055\uae40", True, id="Japanese and Korean"),
        pytest.param("a\U0010ffff", True, id="Latin and nothing"),
    ],
)
def test_who_mixes_alphabets(name: str, mixes: bool) -> None:
    assert is_mixed(name) == mixes


@given(st.text(st.characters(max_codepoint=127)))
def test_what_is_all_ascii_looks_as_it_does_beside_other_letters(text: str) -> None:
    assert skeleton(text) + skeleton("\u0436") == skeleton(text + "\u0436")
