"""Text: what other people wrote, and what is left of it on a terminal."""
# ruff: noqa: RUF001 - scripts that look like others are what it is about

import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.wire.text import for_irc, harmless, width, wrap
from tests.wire.hostile import CLASSES, HOSTILE, TAMED, leftovers


@pytest.mark.parametrize(("text", "shown"), CLASSES.values(), ids=CLASSES)
def test_what_is_hostile_is_tamed(text: str, shown: str) -> None:
    assert harmless(text) == shown
    assert leftovers(shown) == set()


def test_all_at_once_is_tamed_as_well() -> None:
    assert harmless(HOSTILE) == TAMED


# What has a shape of its own, or is needed: signs before Arabic, Syriac and Kaithi
# numbers, what arranges hieroglyphs, and what joins letters or keeps them apart.
NEEDED = {
    *range(0x600, 0x606),
    *(0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x200C, 0x200D, 0x110BD, 0x110CD),
    *range(0x13430, 0x13440),
}


def test_no_format_character_is_left_but_those_that_scripts_need() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    left = {ord(c) for c in harmless(every) if unicodedata.category(c) == "Cf"}
    assert left <= NEEDED


ORDINARY = [
    pytest.param("", id="nothing"),
    pytest.param("hello, world!", id="English"),
    pytest.param("naïve façade, 50 °C", id="Latin-1"),
    pytest.param("Grüße aus Köln", id="German"),
    pytest.param("Καλημέρα κόσμε", id="Greek"),
    pytest.param("Привет, мир", id="Russian"),
    pytest.param("שלום עולם", id="Hebrew"),
    pytest.param("مرحبا بالعالم", id="Arabic"),
    pytest.param("می\u200cخواهم", id="Persian, with its ZWNJ"),
    pytest.param("नमस्ते क्\u200dष", id="Hindi, with its ZWJ"),
    pytest.param("สวัสดีชาวโลก", id="Thai"),
    pytest.param("你好，世界", id="Chinese"),
    pytest.param("こんにちは\u3000世界", id="Japanese, with its wide space"),
    pytest.param("안녕하세요", id="Korean"),
    pytest.param("👩\u200d💻 ❤️ 🇩🇪", id="emoji, with their ZWJ"),
    pytest.param("e\u0301 combines", id="combining marks"),
    pytest.param("10\u00a0000", id="a space that does not break"),
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_goes_to_irc_as_it_is(text: str) -> None:
    assert for_irc(text) == text


def test_irc_keeps_its_codes_and_no_other_control_character() -> None:
    every = "".join(map(chr, range(0x20)))
    assert for_irc(every) == "\x01\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f"


def test_irc_readers_see_colours() -> None:
    assert for_irc("\x034,12red\x03\r\n") == "\x034,12red\x03"


# Everything, and much of what matters.
TEXTS = st.text(st.characters() | st.characters(max_codepoint=0xA0)) | st.text(
    "\x02\x03\x04\x0f,0123456789abcdef\x1b\u202e\u200d"
)


@settings(deadline=None)
@given(TEXTS)
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    kinds = {unicodedata.category(character) for character in harmless(text)}
    # Control characters, surrogates, line and paragraph separators.
    assert not kinds & {"Cc", "Cs", "Zl", "Zp"}


@settings(deadline=None)
@given(TEXTS)
def test_it_is_one_line(text: str) -> None:
    assert len(harmless(text).splitlines()) <= 1


@settings(deadline=None)
@given(TEXTS)
def test_nothing_that_reorders_is_left(text: str) -> None:
    orders = {unicodedata.bidirectional(character) for character in harmless(text)}
    overrides = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert not orders & overrides


@settings(deadline=None)
@given(TEXTS)
@example("\x03\x0312")
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)


@settings(deadline=None)
@given(TEXTS)
def test_a_harmless_text_can_be_sent(text: str) -> None:
    assert harmless(text).encode().decode() == harmless(text)


@settings(deadline=None)
@given(TEXTS)
def test_what_is_fit_for_irc_stays_as_it_is(text: str) -> None:
    assert for_irc(for_irc(text)) == for_irc(text)


@settings(deadline=None)
@given(TEXTS)
def test_irc_loses_nothing_but_control_characters(text: str) -> None:
    kept = [character for character in text if character >= " "]
    assert [character for character in for_irc(text) if character >= " "] == kept


# Wrapping.


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("abc", 3, id="ASCII"),
        pytest.param("äöü", 3, id="Latin-1"),
        pytest.param("日本", 4, id="wide characters"),
        pytest.param("e\u0301", 2, id="a mark that has a column on some terminals"),
        pytest.param("\u2764\ufe0f", 2, id="a heart that may be drawn wide"),
        pytest.param("👩\u200d💻", 5, id="an emoji that may be drawn as two"),
        pytest.param("🇩🇪", 4, id="a flag that may be drawn as letters"),
        pytest.param("𝐛", 2, id="two columns on Windows"),
    ],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("", [""], id="nothing"),
        pytest.param("one two", ["one two"], id="it fits"),
        pytest.param("one two 12", ["one two 12"], id="it just fits"),
        pytest.param("one two 123", ["one two", "  123"], id="one too many"),
        pytest.param("one two   ", ["one two"], id="spaces at the end need no room"),
        pytest.param("one two 12 ", ["one two 12"], id="nor past the edge"),
        pytest.param(
            "hi" + " " * 13 + "10:14 bob  bye",
            ["hi", "  10:14 bob", "  bye"],
            id="no disguise by spaces",
        ),
        pytest.param(
            "日本日本日本日本日",
            ["日本日本日", "  本日本日"],
            id="wide characters are cut where the line ends",
        ),
        pytest.param(
            "hi 日本日本日本日本日",
            ["hi 日本日", "  本日本日本日"],
            id="a long word begins where it stands",
        ),
        pytest.param(
            "hi 日本日本日", ["hi", "  日本日本日"], id="a shorter one is moved"
        ),
        pytest.param(
            "ä" * 9 + "e\u0301bc",
            ["äääääääää", "  e\u0301bc"],
            id="no letter is cut from its marks",
        ),
        pytest.param(
            "e" + "\u0301" * 25,
            ["e" + "\u0301" * 9, "  " + "\u0301" * 12, "  " + "\u0301" * 4],
            id="unless it has too many",
        ),
    ],
)
@pytest.mark.parametrize("keep_links", [True, False])
def test_wrapped(text: str, lines: list[str], keep_links: bool) -> None:
    assert wrap(text, 14, first=4, indent=2, keep_links=keep_links) == lines


@pytest.mark.parametrize(
    ("keep_links", "lines"),
    [
        (True, ["see", "  http://example.org/x", "  y"]),
        (False, ["see http:/", "  /example.org", "  /x y"]),
    ],
)
def test_a_link_stays_whole_if_that_is_wanted(
    keep_links: bool, lines: list[str]
) -> None:
    text = "see http://example.org/x y"
    assert wrap(text, 14, first=4, indent=2, keep_links=keep_links) == lines


def test_a_link_without_anything_before_it_begins_in_the_first_line() -> None:
    link = "http://example.org/x"
    assert wrap(link, 14, indent=2, keep_links=True) == [link]


def test_no_room_for_the_nick() -> None:
    assert wrap("hello", 10, first=12, indent=4, keep_links=True) == ["", "    hello"]


def test_a_window_of_no_width_at_all() -> None:
    lines = wrap("日b", 0, first=6, indent=6, keep_links=True)
    assert lines == ["", "      日", "      b"]


@given(
    text=st.text("ab äé日\u00a0\ufe0f\u0301"),
    columns=st.integers(10, 30),
    first=st.integers(0, 12),
)
def test_nothing_goes_past_the_edge(text: str, columns: int, first: int) -> None:
    head, *more = wrap(text, columns, first=first, indent=4, keep_links=False)
    assert first > columns or first + width(head) <= columns
    assert all(width(line) <= columns for line in more)
    assert all(line.startswith("    ") for line in more)


@given(st.text("ab äé日 "), st.integers(10, 30), st.integers(0, 12), st.booleans())
def test_what_fits_stays_in_one_line(
    text: str, columns: int, first: int, keep_links: bool
) -> None:
    text = text.rstrip(" ")
    lines = wrap(text, columns, first=first, indent=4, keep_links=keep_links)
    assert lines == [text] or width(text) > columns - first


@given(st.text("ab äé日\u00a0\ufe0f"), st.integers(10, 30), st.integers(0, 12))
def test_nothing_goes_past_the_edge_but_words_of_ascii(
    text: str, columns: int, first: int
) -> None:
    head, *more = wrap(text, columns, first=first, indent=4, keep_links=True)
    for line in [" " * first + head, *more]:
        assert width(line) <= columns or first > columns or line.split()[-1].isascii()


@given(st.text("ab 日é\u0301"), st.integers(10, 30), st.booleans())
def test_no_letter_is_lost(text: str, columns: int, keep_links: bool) -> None:
    lines = wrap(text, columns, first=6, indent=6, keep_links=keep_links)
    assert "".join("".join(lines).split()) == "".join(text.split())
