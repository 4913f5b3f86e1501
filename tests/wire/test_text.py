"""Text: what other people wrote, and what is left of it on a terminal."""
# ruff: noqa: RUF001 - scripts that look like others are what it is about

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.wire.text import for_irc, harmless, width, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\0b", "a␀b", id="NUL"),
        pytest.param("a\x01ACTION b\x01", "a␁ACTION b␁", id="CTCP"),
        pytest.param("a\x07b", "a␇b", id="BEL"),
        pytest.param("a\bb", "a␈b", id="backspace"),
        pytest.param("a\tb", "a b", id="a tab is a space"),
        pytest.param("a\nb", "a␊b", id="LF"),
        pytest.param("a\rb", "a␍b", id="CR"),
        pytest.param("a\x0bb\x0cc", "a␋b␌c", id="VT and FF"),
        pytest.param("a\x0eb", "a␎b", id="shift out"),
        pytest.param("a\x1bb", "a␛b", id="ESC"),
        pytest.param("a\x7fb", "a␡b", id="DEL"),
    ],
)
def test_a_control_character_becomes_its_picture(text: str, shown: str) -> None:
    assert harmless(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[31mred", "␛[31mred", id="colour"),
        pytest.param("\x1b[2J\x1b[H", "␛[2J␛[H", id="wipe the screen"),
        pytest.param("\x1b]0;root@host\x07", "␛]0;root@host␇", id="window's name"),
        pytest.param("\x1b]52;c;cm0K\x1b\\", "␛]52;c;cm0K␛\\", id="clipboard"),
        pytest.param("\x1b[6n", "␛[6n", id="make it type"),
        pytest.param("\x1bP+q\x1b\\", "␛P+q␛\\", id="ask it"),
        pytest.param("\x9b31mred", "�31mred", id="colour in one byte"),
        pytest.param("\x9d0;x\x9c", "�0;x�", id="window's name in one byte"),
    ],
)
def test_a_sequence_is_shown_and_not_obeyed(text: str, shown: str) -> None:
    assert harmless(text) == shown


@pytest.mark.parametrize(
    "character", [pytest.param(chr(code), id=f"{code:02x}") for code in range(128, 160)]
)
def test_c1_is_replaced(character: str) -> None:
    assert harmless(f"a{character}b") == "a�b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x02bold\x02", "bold", id="bold"),
        pytest.param("\x1ditalic\x1d", "italic", id="italic"),
        pytest.param("\x1funderline\x1f", "underline", id="underline"),
        pytest.param("\x1estruck\x1e", "struck", id="strikethrough"),
        pytest.param("\x11mono\x11", "mono", id="monospace"),
        pytest.param("\x16reverse\x16", "reverse", id="reverse"),
        pytest.param("\x0fplain", "plain", id="reset"),
        pytest.param("\x034red\x03", "red", id="a colour of one digit"),
        pytest.param("\x0304red\x03", "red", id="a colour of two digits"),
        pytest.param("\x034,12red", "red", id="on a background"),
        pytest.param("\x0304567", "567", id="no third digit is a colour's"),
        pytest.param("\x034,123", "3", id="nor a background's"),
        pytest.param("\x034, red", ", red", id="a comma alone is text"),
        pytest.param("\x03,4", ",4", id="no background without a colour"),
        pytest.param("\x04ff0000red\x04", "red", id="a colour in hex"),
        pytest.param("\x04FF0000,00ff00red", "red", id="and a background in hex"),
        pytest.param("\x04ff00", "ff00", id="too few for hex"),
        pytest.param("\x03\x02\x0f", "", id="nothing but codes"),
        pytest.param("\x03\x0312\x03", "", id="codes in a row"),
    ],
)
def test_formatting_vanishes_with_its_digits(text: str, shown: str) -> None:
    assert harmless(text) == shown


@pytest.mark.parametrize(
    "character",
    [
        pytest.param("\u202a", id="embed left to right"),
        pytest.param("\u202b", id="embed right to left"),
        pytest.param("\u202c", id="pop"),
        pytest.param("\u202d", id="override left to right"),
        pytest.param("\u202e", id="override right to left"),
        pytest.param("\u2066", id="isolate left to right"),
        pytest.param("\u2067", id="isolate right to left"),
        pytest.param("\u2068", id="isolate first strong"),
        pytest.param("\u2069", id="pop isolate"),
        pytest.param("\u200e", id="left-to-right mark"),
        pytest.param("\u200f", id="right-to-left mark"),
        pytest.param("\u061c", id="Arabic letter mark"),
    ],
)
def test_what_reorders_a_line_vanishes(character: str) -> None:
    assert harmless(f"a{character}b") == "ab"


@pytest.mark.parametrize(
    "character",
    [
        pytest.param("\u00ad", id="soft hyphen"),
        pytest.param("\u180e", id="Mongolian vowel separator"),
        pytest.param("\u200b", id="zero-width space"),
        pytest.param("\u2060", id="word joiner"),
        pytest.param("\u2063", id="invisible separator"),
        pytest.param("\ufeff", id="byte order mark"),
        pytest.param("\ufffa", id="interlinear annotation"),
        pytest.param("\U000e0041", id="a tag's letter"),
    ],
)
def test_what_cannot_be_seen_vanishes(character: str) -> None:
    assert harmless(f"a{character}b") == "ab"


@pytest.mark.parametrize("character", ["\u2028", "\u2029"])
def test_a_separator_of_lines_is_a_space(character: str) -> None:
    assert harmless(f"a{character}b") == "a b"


@pytest.mark.parametrize("code", [0xD800, 0xDBFF, 0xDC80, 0xDFFF])
def test_half_a_surrogate_pair_is_replaced(code: int) -> None:
    assert harmless(f"a{chr(code)}b") == "a�b"


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
