"""Rules: what a value may be, whatever the setting."""

import pytest

from chat.rules import (
    Rule,
    a_hash,
    a_password,
    checked,
    one_line,
    one_of,
    one_word,
    read,
)

HASH = "scrypt$16384$8$1$c2FsdA==$aGFzaA=="


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        pytest.param("5", int, 5, id="a whole number"),
        pytest.param("5", float, 5.0, id="a number"),
        pytest.param("5", str, "5", id="a text of digits"),
        pytest.param("1.5", float, 1.5, id="a fraction"),
        pytest.param("1.5", int, "1.5", id="no whole number"),
        pytest.param("1_0", int, "1_0", id="what only Python reads as a number"),
        pytest.param("٣", int, "٣", id="a digit of another script"),
        pytest.param("true", bool, True, id="true"),
        pytest.param("True", bool, "True", id="no truth of TOML's"),
        pytest.param("a,b", tuple, ["a", "b"], id="a list"),
    ],
)
def test_a_text_is_read_as_toml_would_give_it(
    text: str, kind: type, value: object
) -> None:
    found = read(text, kind)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("value", "is_good"),
    [
        pytest.param(0, False, id="below"),
        pytest.param(1, True, id="the least"),
        pytest.param(9, True, id="the most"),
        pytest.param(10, False, id="above"),
        pytest.param(True, False, id="True, an int to Python"),
        pytest.param("5", False, id="a text"),
    ],
)
def test_a_number_has_bounds(value: object, is_good: bool) -> None:
    rule = Rule(least=1, most=9)
    if is_good:
        assert checked(value, int, rule) == value
        return
    with pytest.raises(ValueError, match=r"^it has to be a whole number from 1 to 9$"):
        checked(value, int, rule)


@pytest.mark.parametrize("text", ["", "a b", "a\nb", "a\x1bb", "a\u00a0b"])
def test_a_word_is_one(text: str) -> None:
    one_word("irc.here")
    with pytest.raises(ValueError, match="one word"):
        one_word(text)


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\x1bb", "a\u2028b", "\x9b"])
def test_a_line_is_one(text: str) -> None:
    one_line("Some words, and none at all: ")
    with pytest.raises(ValueError, match="one line"):
        one_line(text)


def test_a_password_is_plain_or_a_whole_hash() -> None:
    a_password("")
    a_password("open sesame")
    a_password(HASH)
    a_hash(HASH)
    for text in ("scrypt$16384", "two\nlines"):
        with pytest.raises(ValueError, match=r"^it has to be"):
            a_password(text)
    with pytest.raises(ValueError, match="chatd hash-password"):
        a_hash("open sesame")


@pytest.mark.parametrize(
    ("value", "kind", "found"),
    [
        pytest.param("a", str, "a", id="a text"),
        pytest.param(["a", "b"], tuple, ("a", "b"), id="a list"),
        pytest.param(True, bool, True, id="true"),
        pytest.param(1, float, 1.0, id="a number"),
    ],
)
def test_what_is_of_its_kind_is_as_it_was(
    value: object, kind: type, found: object
) -> None:
    assert checked(value, kind, Rule()) == found


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        pytest.param(1, str, 'it has to be a text in quotes, "like this"', id="text"),
        pytest.param("\ud800", str, "it has to be UTF-8", id="half a character"),
        pytest.param("a b", str, "it has to be one word", id="a form"),
        pytest.param(["a b"], tuple, "it has to be one word", id="a form in a list"),
        pytest.param(
            [], tuple, 'it has to be a list of texts, ["like", "this"]', id="list"
        ),
        pytest.param(1, bool, "it is either true or false", id="truth"),
    ],
)
def test_what_is_not_is_told_what_it_has_to_be(
    value: object, kind: type, said: str
) -> None:
    with pytest.raises(ValueError, match=r"^it ") as wrong:
        checked(value, kind, Rule(form=one_word))
    assert str(wrong.value) == said


def test_one_of_a_few_words() -> None:
    form = one_of("open", "named", "none")
    form("named")
    with pytest.raises(ValueError, match="it has to be open, named or none"):
        form("Named")
