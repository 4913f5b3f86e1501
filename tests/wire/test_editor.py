"""The editor: what is typed key by key, and what the screen then shows."""

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

import pyte
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.wire.editor import Editor

LIMIT: Final = 64
RUBOUT: Final = b"\b \b"

Cut: TypeAlias = Callable[[bytes], list[bytes]]


def in_one_piece(stream: bytes) -> list[bytes]:
    return [stream]


def byte_by_byte(stream: bytes) -> list[bytes]:
    return [stream[at : at + 1] for at in range(len(stream))]


@pytest.fixture(params=[in_one_piece, byte_by_byte])
def cut(request: pytest.FixtureRequest) -> Cut:
    how: Cut = request.param
    return how


def typed(
    arrivals: Iterable[bytes], limit: int = LIMIT, *, hidden: bool = False
) -> tuple[bytes, bytes]:
    """The lines that were finished, and what was echoed."""
    editor = Editor(limit)
    editor.hidden = hidden
    lines = b"".join([editor.receive(data) for data in arrivals])
    return lines, editor.take_echo()


def on_screen(shown: bytes) -> list[str]:
    """What a terminal of 40 by 8 shows, without what is empty below."""
    screen = pyte.Screen(40, 8)
    pyte.ByteStream(screen).feed(shown)
    rows = [row.rstrip() for row in screen.display]
    while rows and not rows[-1]:
        rows.pop()
    return rows


@pytest.mark.parametrize(
    ("keys", "lines", "echo"),
    [
        pytest.param(b"", b"", b"", id="nothing"),
        pytest.param(b"hi", b"", b"hi", id="a line that is not finished"),
        pytest.param(b"hi\r\n", b"hi\n", b"hi\r\n", id="CR LF (CR NUL, once filtered)"),
        pytest.param(b"hi\n", b"hi\n", b"hi\r\n", id="LF"),
        pytest.param(b"hi\r", b"hi\n", b"hi\r\n", id="lone CR"),
        pytest.param(b"hi\r\0", b"hi\n", b"hi\r\n", id="CR NUL"),
        pytest.param(b"a\rb\r", b"a\nb\n", b"a\r\nb\r\n", id="two lone CRs"),
        pytest.param(b"\r\n\r\n", b"\n\n", b"\r\n\r\n", id="Empty lines"),
        pytest.param(b"\n\n", b"\n\n", b"\r\n\r\n", id="LF LF is two"),
        pytest.param(b"\r\r\n", b"\n\n", b"\r\n\r\n", id="CR CR LF is two"),
        pytest.param(
            "né漢\r".encode(), "né漢\n".encode(), "né漢\r\n".encode(), id="UTF-8"
        ),
        pytest.param(b"ab\x08c\r", b"ac\n", b"ab" + RUBOUT + b"c\r\n", id="Backspace"),
        pytest.param(b"ab\x7fc\r", b"ac\n", b"ab" + RUBOUT + b"c\r\n", id="DEL"),
        pytest.param(b"\x7f\x08\x15\x17\r", b"\n", b"\r\n", id="nothing to erase"),
        pytest.param(
            "aé\x7f\r".encode(), b"a\n", "aé".encode() + RUBOUT + b"\r\n", id="é is one"
        ),
        pytest.param(
            "a漢\x7f\r".encode(),
            b"a\n",
            "a漢".encode() + RUBOUT * 2 + b"\r\n",
            id="wide characters take two columns",
        ),
        pytest.param(
            "e\u0301\x7f\r".encode(),
            b"e\n",
            "e\u0301\r\n".encode(),
            id="a combining mark takes none",
        ),
        pytest.param(
            b"a\xe9\x7fb\xe9\r",
            b"ab\xe9\n",
            b"a?" + RUBOUT + b"b?\r\n",
            id="Invalid UTF-8 (a Latin-1 terminal)",
        ),
        pytest.param(b"\xe2\x82\r", b"\xe2\x82\n", b"??\r\n", id="half a character"),
        pytest.param(b"ab\x15c\r", b"c\n", b"ab" + RUBOUT * 2 + b"c\r\n", id="^U"),
        pytest.param(
            b"to be  \x17or\r",
            b"to or\n",
            b"to be  " + RUBOUT * 4 + b"or\r\n",
            id="^W takes the word and the spaces behind it",
        ),
        pytest.param(b"be\x17\r", b"\n", b"be" + RUBOUT * 2 + b"\r\n", id="^W alone"),
        pytest.param(b"ab\x03c\r", b"c\n", b"ab^C\r\nc\r\n", id="0x03 Ctrl-C"),
        pytest.param(b"\x04", b"\x04\n", b"", id="Ctrl-D on an empty line"),
        pytest.param(b"ab\x04c\r", b"abc\n", b"abc\r\n", id="Ctrl-D in mid-line"),
        pytest.param(
            b"ab\x7f\x7f\x04", b"\x04\n", b"ab" + RUBOUT * 2, id="then Ctrl-D"
        ),
        pytest.param(
            b"a\0\x01\t\x07\x0b\x0c\x1cb\xc2\x9b\r",
            b"ab\n",
            b"ab\r\n",
            id="Terminal escapes: C0 and C1",
        ),
        pytest.param(b"a\x1b[Ab\r", b"ab\n", b"ab\r\n", id="arrow up"),
        pytest.param(b"a\x1b[1;5Cb\r", b"ab\n", b"ab\r\n", id="Ctrl and arrow right"),
        pytest.param(b"a\x1b[3~b\r", b"ab\n", b"ab\r\n", id="Delete"),
        pytest.param(b"a\x1bOPb\r", b"ab\n", b"ab\r\n", id="F1"),
        pytest.param(b"a\x1bO5Pb\r", b"ab\n", b"ab\r\n", id="Ctrl and F1"),
        pytest.param(b"a\x1b[[Ab\r", b"ab\n", b"ab\r\n", id="F1 on the console"),
        pytest.param(b"a\x1bfb\r", b"ab\n", b"ab\r\n", id="Alt and a letter"),
        pytest.param("a\x1béb\r".encode(), b"ab\n", b"ab\r\n", id="Alt and é"),
        pytest.param(b"a\x1b\x1b[Ab\r", b"ab\n", b"ab\r\n", id="Alt and arrow up"),
        pytest.param(b"a\x1b]0;x\x07b\r", b"ab\n", b"ab\r\n", id="OSC and BEL"),
        pytest.param(b"a\x1bP1$r0m\x1b\\b\r", b"ab\n", b"ab\r\n", id="DCS and ST"),
        pytest.param(b"a\x1b\r", b"a\n", b"a\r\n", id="Escape, then Enter"),
        pytest.param(b"a\x1b[12\rb", b"a\n", b"a\r\nb", id="Enter in mid-sequence"),
        pytest.param(
            b"a\x1b[" + b"0" * 99 + b"\r",
            b"a" + b"0" * 37 + b"\n",
            b"a" + b"0" * 37 + b"\r\n",
            id="a sequence without an end is bounded",
        ),
    ],
)
def test_keys(cut: Cut, keys: bytes, lines: bytes, echo: bytes) -> None:
    assert typed(cut(keys)) == (lines, echo)


@pytest.mark.parametrize(
    ("keys", "lines", "echo"),
    [
        pytest.param(b"abcd\r", b"abcd\n", b"abcd\r\n", id="exactly the limit"),
        pytest.param(b"abcdef\r", b"abcd\n", b"abcd\a\a\r\n", id="Over-long line"),
        pytest.param(
            b"abcde\x7ff\r", b"abcf\n", b"abcd\a" + RUBOUT + b"f\r\n", id="room again"
        ),
        pytest.param(
            "abcéd\r".encode(), b"abcd\n", b"abc\ad\r\n", id="half of é is not taken"
        ),
        pytest.param(
            b"abcde\x15f\r",
            b"f\n",
            b"abcd\a" + RUBOUT * 4 + b"f\r\n",
            id="and after ^U",
        ),
    ],
)
def test_the_line_is_bounded(cut: Cut, keys: bytes, lines: bytes, echo: bytes) -> None:
    assert typed(cut(keys), limit=4) == (lines, echo)


def test_echoes_are_taken_once() -> None:
    editor = Editor(LIMIT)
    editor.receive(b"hi")
    assert [editor.take_echo(), editor.take_echo()] == [b"hi", b""]


# Passwords.


def test_a_password_is_edited_and_never_shown(cut: Cut) -> None:
    keys = b"secrex\x7ft\x03junk\x15se crex\x17cret\x04\r"
    assert typed(cut(keys), hidden=True) == (b"se cret\n", b"")


def test_not_even_that_it_is_too_long_is_shown() -> None:
    assert typed([b"secret\r"], limit=4, hidden=True) == (b"secr\n", b"")


def test_a_password_typed_ahead_vanishes_from_the_screen() -> None:
    editor = Editor(LIMIT)
    editor.receive(b"sec")
    editor.hidden = True
    assert on_screen(b"Password:" + editor.take_echo()) == ["Password:"]
    assert editor.receive(b"ret\r") == b"secret\n"


def test_half_a_password_does_not_come_to_light() -> None:
    editor = Editor(LIMIT)
    editor.hidden = True
    editor.receive(b"secr\xc3")
    editor.hidden = False
    assert editor.around(b"bob: hi\r\n") == b"bob: hi\r\n"
    assert editor.receive(b"hello\r") == b"hello\n"
    assert editor.take_echo() == b"hello\r\n"


def test_saying_again_that_it_is_shown_changes_nothing() -> None:
    editor = Editor(LIMIT)
    editor.receive(b"hel")
    editor.hidden = False
    assert not editor.hidden
    assert editor.receive(b"lo\r") == b"hello\n"


# What others say while a line is being typed.


def test_what_others_say_appears_above_the_line_being_typed() -> None:
    editor = Editor(LIMIT)
    editor.receive("hello, 漢".encode())
    shown = editor.take_echo()
    shown += editor.around(b"bob: hi\r\ncarol: ho\r\n")
    editor.receive(b"\x7fworld")
    shown += editor.take_echo()
    assert on_screen(shown) == ["bob: hi", "carol: ho", "hello, world"]


def test_what_others_say_goes_out_as_it_is_when_nothing_is_being_typed() -> None:
    editor = Editor(LIMIT)
    editor.receive(b"hi\r")
    text = b"bob: hi\r\n"
    assert editor.around(text) is text


def test_a_password_is_not_drawn_again() -> None:
    editor = Editor(LIMIT)
    editor.hidden = True
    editor.receive(b"secret")
    assert editor.around(b"bob: hi\r\n") == b"bob: hi\r\n"


def test_the_line_is_cleared_before_and_drawn_after() -> None:
    editor = Editor(LIMIT)
    editor.receive(b"h\xe9l")
    assert editor.around(b"bob: hi\r\n") == b"\r\x1b[Kbob: hi\r\nh?l"


# What telnet's own keys do.


def test_ctrl_c_as_a_signal_does_what_the_key_does() -> None:
    by_key, by_signal = Editor(LIMIT), Editor(LIMIT)
    by_key.receive(b"junk\x03")
    by_signal.receive(b"junk")
    by_signal.drop()
    assert by_signal.take_echo() == by_key.take_echo() == b"junk^C\r\n"
    assert by_signal.receive(b"hi\r") == b"hi\n"


@pytest.mark.parametrize(
    ("before", "line", "echo"),
    [
        pytest.param(b"", b"\n", b"", id="nothing"),
        pytest.param("né".encode(), b"n\n", "né".encode() + RUBOUT, id="EC"),
        pytest.param(b"n\xc3", b"n\n", b"n?" + RUBOUT, id="EC after half a character"),
        pytest.param(b"ab\x1b[", b"a\n", b"ab" + RUBOUT, id="EC after half an arrow"),
    ],
)
def test_erase_character(before: bytes, line: bytes, echo: bytes) -> None:
    editor = Editor(LIMIT)
    editor.receive(before)
    editor.erase_character()
    assert editor.take_echo() == echo
    assert editor.receive(b"\r") == line


def test_erase_line() -> None:
    editor = Editor(LIMIT)
    editor.receive("ab漢".encode())
    editor.erase_line()
    assert editor.take_echo() == "ab漢".encode() + RUBOUT * 4
    assert editor.receive(b"c\r") == b"c\n"


# Properties.

KEYS: Final = st.lists(
    st.lists(
        st.sampled_from(
            list(b"ab \r\n\b\x7f\x15\x17\x03\x04\x1b[O]A5~\xc3\xa9\xe6\xbc")
        )
        | st.integers(0, 255)
    ).map(bytes)
)


@settings(deadline=None)
@given(KEYS, st.integers(0, 9), st.booleans())
@example([b"\x03\xc3", b"\xa9"], 9, False)
@example([b"\r", b"\n"], 9, False)
def test_the_cuts_do_not_matter(keys: list[bytes], limit: int, hidden: bool) -> None:
    whole = typed([b"".join(keys)], limit, hidden=hidden)
    assert typed(keys, limit, hidden=hidden) == whole


@settings(deadline=None)
@given(KEYS, st.integers(0, 9))
def test_what_is_kept_is_bounded(keys: list[bytes], limit: int) -> None:
    editor = Editor(limit)
    for data in keys:
        for line in editor.receive(data).split(b"\n"):
            assert len(line) <= max(limit, 1)
        assert editor._size == len(
            "".join(editor._pending).encode(errors="surrogateescape")
        )
        assert editor._size <= limit
        assert len(editor._escape) < 64
        assert len(editor.take_echo()) <= 9 * (len(data) + 3 + limit)


@settings(deadline=None)
@given(KEYS)
def test_no_key_can_command_the_terminal(keys: list[bytes]) -> None:
    lines, echo = typed(keys)
    commands = {byte for byte in echo if byte < 0x20 or byte == 0x7F}
    assert commands <= set(b"\b\a\r\n")
    assert {byte for byte in lines if byte < 0x20} <= set(b"\n\x04")
    echo.decode()


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a", " ", "é", "漢", "\x7f", "\x15", "\x17"])))
def test_the_screen_shows_the_line_as_it_is(keys: list[str]) -> None:
    editor = Editor(LIMIT)
    pressed = "".join(keys[:20])
    editor.receive(pressed.encode())
    shown = on_screen(b">" + editor.take_echo())
    line = editor.receive(b"\r").decode().rstrip()
    # pyte keeps an empty cell behind a wide character.
    assert "".join(shown).replace(" ", "") == ">" + line.replace(" ", "")


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(b"a", id="a letter"),
        pytest.param(b"\xe9", id="not UTF-8"),
        pytest.param(b"\x1b", id="Escape"),
        pytest.param(b"\x1b]", id="an OSC that never ends"),
        pytest.param(b"\x17", id="^W"),
        pytest.param(b"a \x17", id="a word and ^W"),
        pytest.param(b"a\x7f", id="a letter and DEL"),
    ],
)
def test_a_great_deal_of_it_takes_linear_time(keys: bytes) -> None:
    """A quadratic editor would take minutes, and the time limit would say so."""
    editor = Editor(4096)
    editor.receive(b"a " * 2048)
    for _ in range(8):
        assert editor.receive(keys * 3_000) == b""
    assert editor._size <= 4096


def test_what_was_not_entered_can_be_given_out_once() -> None:
    editor = Editor(100)
    editor.receive("hø".encode())
    assert (editor.rest(), editor.rest()) == ("hø".encode(), b"")
