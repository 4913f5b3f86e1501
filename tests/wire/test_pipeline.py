"""The pipeline: from bytes to lines, whatever kind of terminal sends them."""

import pytest

from chat.wire.lines import Line
from chat.wire.pipeline import Pipeline

IP, DO_TM, WONT_TM = b"\xff\xf4", b"\xff\xfd\x06", b"\xff\xfc\x06"
AYT, EC, EL = b"\xff\xf6", b"\xff\xf7", b"\xff\xf8"
DO_ECHO, DO_SGA = b"\xff\xfd\x01", b"\xff\xfd\x03"
DO_NAWS, DO_TTYPE = b"\xff\xfd\x1f", b"\xff\xfd\x18"
NAWS_40 = b"\xff\xfa\x1f\0\x28\0\x18\xff\xf0"


def lines_of(*arrivals: bytes) -> list[Line]:
    pipeline = Pipeline(100)
    for arrival in arrivals:
        pipeline.feed(arrival)
    return pipeline.lines.take(100)


def a_terminal_that_sends_every_key() -> Pipeline:
    pipeline = Pipeline(100)
    pipeline.feed(DO_ECHO + DO_SGA)
    return pipeline


@pytest.mark.parametrize(
    ("arrivals", "lines"),
    [
        pytest.param([b"hi\nho\n"], [b"hi", b"ho"], id="no telnet at all"),
        pytest.param([b"ab" + IP + DO_TM + b"hi\r\n"], [b"hi"], id="Ctrl-C"),
        pytest.param([b"ab", IP, DO_TM, b"hi\r\n"], [b"hi"], id="Ctrl-C, in pieces"),
        pytest.param([b"hx" + EC + b"i\r\n"], [b"hi"], id="erase character"),
        pytest.param(["hø".encode() + EC + b"i\r\n"], [b"hi"], id="erase two bytes"),
        pytest.param([EC + b"hi\r\n"], [b"hi"], id="erase nothing"),
        pytest.param([b"bye" + EL + b"hi\r\n"], [b"hi"], id="erase line"),
        pytest.param([b"h" + AYT + b"i\r\n"], [b"hi"], id="are you there"),
        pytest.param([b"hi\r\0"], [b"hi"], id="CR NUL"),
        pytest.param([b"\x04"], [b"\x04"], id="Ctrl-D"),
        pytest.param([b"h", b"\x04", b"i\n"], [b"h\x04i"], id="Ctrl-D in mid-line"),
        pytest.param([b"caf\xff\n"], [b"caf\xff\n"[:-1]], id="a letter in Latin-1"),
    ],
)
def test_lines(arrivals: list[bytes], lines: list[Line]) -> None:
    assert lines_of(*arrivals) == lines


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        pytest.param(b"hi\n", b"", id="text is not answered"),
        pytest.param(DO_TM, WONT_TM, id="Ctrl-C waits for this"),
        pytest.param(AYT, b"\r\n[Yes]\r\n", id="are you there"),
    ],
)
def test_answers(data: bytes, answer: bytes) -> None:
    assert Pipeline(100).feed(data).endswith(answer)


def test_nothing_is_sent_to_who_speaks_no_telnet() -> None:
    assert Pipeline(100).feed(b"alice\nhello\n") == b""


@pytest.mark.parametrize(
    "hello",
    [
        pytest.param([b"\x16\x03\x01" + IP + DO_TM], id="whole"),
        pytest.param([b"\x16", b"\x03\x01", IP, DO_TM], id="in pieces"),
    ],
)
def test_what_is_sealed_holds_no_telnet(hello: list[bytes]) -> None:
    pipeline = Pipeline(100)
    assert b"".join(map(pipeline.feed, hello)) == b""
    assert pipeline.lines.partial == b"".join(hello)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(b"alice\n", id="lines"),
        pytest.param(AYT, id="telnet"),
    ],
)
def test_nothing_is_sealed_that_began_otherwise(before: bytes) -> None:
    pipeline = Pipeline(100)
    pipeline.feed(before)
    assert pipeline.feed(b"\x16" + IP + DO_TM).endswith(WONT_TM)


def test_keys_are_edited_and_echoed_where_the_terminal_does_not() -> None:
    pipeline = a_terminal_that_sends_every_key()
    for key in b"hellp\x7fo\r\0":
        pipeline.feed(bytes([key]))
    assert pipeline.is_editing
    assert pipeline.lines.take(9) == [b"hello"]
    assert pipeline.dressed(b"") == b"hellp\b \bo\r\n"


def test_what_others_say_appears_above_the_line_being_typed() -> None:
    pipeline = a_terminal_that_sends_every_key()
    pipeline.feed(b"hel")
    assert pipeline.dressed(b"") == b"hel"
    assert pipeline.dressed(b"bob: hi\r\n") == b"\r\x1b[Kbob: hi\r\nhel"
    assert pipeline.dressed(b"") == b""


def test_telnets_signals_edit_too() -> None:
    pipeline = a_terminal_that_sends_every_key()
    pipeline.feed(b"x" + IP + b"hx" + EC + b"i" + b"\r\0")
    assert pipeline.lines.take(9) == [b"hi"]
    pipeline.feed(b"x" + EL + b"ho\r\0")
    assert pipeline.lines.take(9) == [b"ho"]


def test_nothing_is_dressed_for_who_shows_himself_what_he_types() -> None:
    assert Pipeline(100).dressed(b"bob: hi\r\n") == b"bob: hi\r\n"


def test_irc_needs_no_filter() -> None:
    pipeline = Pipeline(100)
    pipeline.speaks_irc()
    assert pipeline.feed(AYT + b"\n") == b""
    assert pipeline.lines.take(9) == [AYT]


def test_irc_typed_into_telnet_does() -> None:
    pipeline = Pipeline(100)
    pipeline.feed(DO_TM)
    pipeline.speaks_irc()
    assert pipeline.feed(b"NICK x" + IP + DO_TM + b"NICK bob\r\n") == WONT_TM
    assert pipeline.lines.take(9) == [b"NICK bob"]


def test_what_never_got_its_end() -> None:
    pipeline = Pipeline(100)
    pipeline.feed(b"one\ntwo")
    keys = a_terminal_that_sends_every_key()
    keys.feed(b"thr")
    assert (pipeline.rest(), keys.rest()) == (b"two", b"thr")


def test_a_terminal_may_go_back_to_lines() -> None:
    keys = a_terminal_that_sends_every_key()
    keys.feed(b"ha")
    keys.feed(bytes.fromhex("fffe01 fffe03") + b"lf\r\n")
    assert not keys.is_editing
    assert keys.lines.take(9) == [b"half"]


def test_the_window_is_as_wide_as_telnet_says() -> None:
    pipeline = Pipeline(100)
    assert pipeline.columns is None
    pipeline.feed(NAWS_40)
    assert pipeline.columns == 40


def test_telnet_can_be_turned_on_once() -> None:
    pipeline = Pipeline(100)
    assert pipeline.start_telnet() == DO_NAWS + DO_TTYPE
    assert pipeline.start_telnet() == b""
    pipeline.speaks_irc()
    assert pipeline.feed(DO_TM) == WONT_TM


def test_it_cannot_where_there_is_no_filter_for_it() -> None:
    pipeline = Pipeline(100)
    pipeline.speaks_irc()
    assert pipeline.start_telnet() == b""
    assert pipeline.feed(DO_TM) == b""
    assert pipeline.columns is None


WILL_ECHO, WONT_ECHO = b"\xff\xfb\x01", b"\xff\xfc\x01"


def test_telnet_is_listened_for_and_counts_once_it_is_spoken() -> None:
    fresh, spoken, irc = Pipeline(100), Pipeline(100), Pipeline(100)
    spoken.feed(AYT)
    irc.speaks_irc()
    assert [p.is_filtering for p in (fresh, spoken, irc)] == [False, True, False]


def test_a_telnet_that_sends_lines_is_asked_not_to_show_them() -> None:
    pipeline = Pipeline(100)
    pipeline.start_telnet()
    assert pipeline.hide_input(on=True) == WILL_ECHO
    pipeline.feed(DO_ECHO)
    assert pipeline.feed(b"sesame\r\n") == b""
    assert pipeline.lines.take(9) == [b"sesame"]
    assert pipeline.hide_input(on=False) == WONT_ECHO


def test_a_terminal_that_sends_keys_is_not_shown_them() -> None:
    pipeline = a_terminal_that_sends_every_key()
    pipeline.feed(b"a")
    assert pipeline.dressed(b"") == b"a"
    pipeline.hide_input(on=True)
    pipeline.dressed(b"")
    pipeline.feed(b"secret")
    assert pipeline.dressed(b"") == b""
    pipeline.hide_input(on=False)
    pipeline.feed(b"b")
    assert pipeline.dressed(b"") == b"b"


def test_keys_that_begin_while_nothing_is_shown_are_not_shown_either() -> None:
    pipeline = Pipeline(100)
    pipeline.start_telnet()
    pipeline.hide_input(on=True)
    pipeline.feed(DO_ECHO + DO_SGA)
    pipeline.feed(b"secret")
    assert pipeline.dressed(b"") == b""


def test_what_speaks_no_telnet_cannot_be_asked() -> None:
    pipeline = Pipeline(100)
    pipeline.speaks_irc()
    assert pipeline.hide_input(on=True) == b""
    assert pipeline.start_telnet() == b""
    nc = Pipeline(100)
    assert nc.hide_input(on=True) == b""


def test_nothing_stands_before_the_lines_of_who_speaks_irc_only() -> None:
    pipeline = Pipeline(100)
    assert not pipeline.is_bare
    pipeline.speaks_irc()
    assert pipeline.is_bare
