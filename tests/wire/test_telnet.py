"""Telnet: what is text, what was meant, and what is answered."""

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.wire.telnet import Piece, Signal, Telnet

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
ECHO, SGA, TM, TTYPE, NAWS, LINEMODE = 1, 3, 6, 24, 31, 34

INTERRUPT: Final = Signal.INTERRUPT
ASKED: Final = bytes((IAC, DO, NAWS, IAC, DO, TTYPE))
SEND: Final = bytes((IAC, SB, TTYPE, 1, IAC, SE))

Cut: TypeAlias = Callable[[bytes], list[bytes]]


def in_one_piece(stream: bytes) -> list[bytes]:
    return [stream]


def byte_by_byte(stream: bytes) -> list[bytes]:
    return [stream[at : at + 1] for at in range(len(stream))]


@pytest.fixture(params=[in_one_piece, byte_by_byte])
def cut(request: pytest.FixtureRequest) -> Cut:
    how: Cut = request.param
    return how


def started() -> Telnet:
    """A telnet that has asked its questions, and whose asking is forgotten."""
    telnet = Telnet()
    telnet.start()
    telnet.take_answers()
    return telnet


def pieces_from(telnet: Telnet, arrivals: Iterable[bytes]) -> list[Piece]:
    """What comes out, with text that was only cut by the network put together."""
    pieces: list[Piece] = []
    for data in arrivals:
        for piece in telnet.receive(data):
            last = pieces[-1] if pieces else None
            if isinstance(piece, bytes) and isinstance(last, bytes):
                pieces[-1] = last + piece
            else:
                pieces.append(piece)
    return pieces


def answers_to(telnet: Telnet, *words: int) -> bytes:
    telnet.receive(bytes(words))
    return telnet.take_answers()


@pytest.mark.parametrize(
    ("stream", "pieces"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(b"hi\r\n", [b"hi\r\n"], id="text"),
        pytest.param(
            b"\xff\xfb\x1f\xff\xfb\x18NICK bob\r\n",
            [b"NICK bob\r\n"],
            id="IAC before any text",
        ),
        pytest.param(
            b"h\xff\xfb\x1fi\n", [b"hi\n"], id="IAC in mid-word leaves the word whole"
        ),
        pytest.param(
            b"junk\xff\xf4\xff\xfd\x06hi\r\n",
            [b"junk", INTERRUPT, b"hi\r\n"],
            id="DO TM after Ctrl-C",
        ),
        pytest.param(
            b"junk\xff\xf3\xff\xfd\x06hi", [b"junk", INTERRUPT, b"hi"], id="Ctrl-\\"
        ),
        pytest.param(
            b"\xff\xf1a\xff\xeeb\xff\xedc",
            [b"a", INTERRUPT, b"b", INTERRUPT, b"c"],
            id="ABORT and SUSP, once it is telnet",
        ),
        pytest.param(
            b"ab\xff\xf7c\xff\xf8d\xff\xf6",
            [
                b"ab",
                Signal.ERASE_CHARACTER,
                b"c",
                Signal.ERASE_LINE,
                b"d",
                Signal.ARE_YOU_THERE,
            ],
            id="AYT, EC, EL",
        ),
        pytest.param(
            b"a\xff\xf5b\xff\xf1c\xff\xf9d\xff\xf2e\xff\xefg\xff\xech\xff\xf0i",
            [b"abcdeghi"],
            id="AO, NOP, GA, DM, EOR, EOF and a stray SE",
        ),
        pytest.param(
            b"\xff\xf4\xff\xf2\xff\xfd\x06hi",
            [INTERRUPT, b"hi"],
            id="Urgent data (DM in the stream)",
        ),
        pytest.param(b"\xff\xff", [b"\xff"], id="byte 0xFF typed is doubled"),
        pytest.param(b"\xffa", [b"\xffa"], id="Latin-1: 0xFF and a letter"),
        pytest.param(b"a\xff\r\n", [b"a\xff\r\n"], id="Latin-1: 0xFF ends the line"),
        pytest.param(b"\xff\r\0", [b"\xff\r\n"], id="0xFF, CR NUL"),
        pytest.param(
            b"\xff\xec\xff\xed\xff\xee\xff\xef",
            [b"\xff\xec\xff\xed\xff\xee\xff\xef"],
            id="Latin-1 letters, while it is not telnet",
        ),
        pytest.param(b"a\nb\r\nc\r\0", [b"a\nb\r\nc\r\n"], id="CR LF, LF, CR NUL"),
        pytest.param(b"a\rb\r\rc", [b"a\rb\r\rc"], id="lone CR"),
        pytest.param(b"\r\0\0", [b"\r\n\0"], id="only one NUL belongs to a CR"),
        pytest.param(b"a\0b", [b"a\0b"], id="NUL alone is the line's business"),
        pytest.param(b"a\r\xff\xf1\0b", [b"a\r\nb"], id="CR, a command, NUL"),
        pytest.param(
            b"a\r\xff\xf4\0b", [b"a\r", INTERRUPT, b"\nb"], id="CR, a signal, NUL"
        ),
        pytest.param(
            b"a\xff\xfa\x18\0xterm\xff\xf0b",
            [b"ab"],
            id="sub-negotiation (Evennia 219)",
        ),
        pytest.param(
            b"a\xff\xfa\x1f\xff\xff\x50\0\x18\xff\xf0b", [b"ab"], id="IAC IAC inside SB"
        ),
        pytest.param(
            b"a\xff\xfa" + b"x" * 999 + b"\xff\xf0b", [b"ab"], id="IAC SB huge"
        ),
        pytest.param(b"a\xff\xfa" + b"x" * 999, [b"a"], id="IAC SB never closed"),
        pytest.param(
            b"a\xff\xfa\x18xxx\xff\xf4b",
            [b"a", INTERRUPT, b"b"],
            id="IAC SB not closed before the next command",
        ),
        pytest.param(
            b"a\xff\xfa\x1f\0\xff\0\x18\xff\xf0b", [b"ab"], id="0xFF not doubled in SB"
        ),
        pytest.param(b"a\xff\xfa\xff\xf0b", [b"ab"], id="empty sub-negotiation"),
        pytest.param(b"a\xff", [b"a"], id="half a command waits"),
    ],
)
def test_text_and_signals_come_out_however_they_arrive(
    cut: Cut, stream: bytes, pieces: list[Piece]
) -> None:
    assert pieces_from(Telnet(), cut(stream)) == pieces


# PuTTY's opening: WILL NAWS, TSPEED, TTYPE, NEW-ENVIRON; DO ECHO; WILL SGA; DO SGA.
PUTTY: Final = bytes.fromhex("FFFB1F FFFB20 FFFB18 FFFB27 FFFD01 FFFB03 FFFD03")


@pytest.mark.parametrize(
    ("stream", "answers"),
    [
        pytest.param(b"NICK bob\r\n", b"", id="Unasked negotiation by us"),
        pytest.param(b"\xff\xff \xffa \xff\xed", b"", id="0xFF alone is not telnet"),
        pytest.param(b"\xff\xf1", ASKED, id="IAC NOP"),
        pytest.param(b"\xff\xff\xf6", b"", id="IAC IAC is not the start of AYT"),
        pytest.param(
            b"\xff\xf4\xff\xfd\x06",
            ASKED + bytes((IAC, WONT, TM)),
            id="DO TM after Ctrl-C",
        ),
        pytest.param(
            b"\xff\xfd\x06" * 3,
            ASKED + bytes((IAC, WONT, TM)) * 3,
            id="DO TM, each time",
        ),
        pytest.param(b"\xff\xfb\x1f" * 3, ASKED, id="NAWS, agreed to beforehand"),
        pytest.param(
            b"\xff\xfb\x22\xff\xfd\x22",
            ASKED + bytes((IAC, DONT, LINEMODE, IAC, WONT, LINEMODE)),
            id="LINEMODE is refused",
        ),
        pytest.param(
            b"\xff\xfd\x18\xff\xfd\x1f\xff\xfb\x01",
            ASKED + bytes((IAC, WONT, TTYPE, IAC, WONT, NAWS, IAC, DONT, ECHO)),
            id="what the peer may do, and we do not, and the other way round",
        ),
        pytest.param(
            b"\xff\xfc\x05\xff\xfe\x05", ASKED, id="a refusal needs no answer"
        ),
        pytest.param(
            b"\xff\xfb\x03\xff\xfd\x03" * 3,
            ASKED + bytes((IAC, DO, SGA, IAC, WILL, SGA)),
            id="Option loops: agreed to once",
        ),
        pytest.param(
            b"\xff\xfb\x03\xff\xfc\x03\xff\xfc\x03",
            ASKED + bytes((IAC, DO, SGA, IAC, DONT, SGA)),
            id="taken back, and confirmed once",
        ),
        pytest.param(
            PUTTY,
            ASKED
            + bytes((IAC, DONT, 32))
            + SEND
            + bytes((IAC, DONT, 39, IAC, WILL, ECHO, IAC, WILL, SGA, IAC, DO, SGA)),
            id="PuTTY's opening",
        ),
    ],
)
def test_answers(cut: Cut, stream: bytes, answers: bytes) -> None:
    telnet = Telnet()
    pieces_from(telnet, cut(stream))
    assert telnet.take_answers() == answers


def test_answers_are_taken_once() -> None:
    telnet = Telnet()
    assert answers_to(telnet, IAC, DO, TM) == ASKED + bytes((IAC, WONT, TM))
    assert telnet.take_answers() == b""


def test_it_is_telnet_from_its_first_command() -> None:
    telnet = Telnet()
    telnet.receive(b"\xff\xff\xff")
    assert not telnet.is_on
    telnet.receive(b"\xf1")
    assert telnet.is_on


def test_it_is_telnet_when_the_listener_says_so_and_asks_once() -> None:
    telnet = Telnet()
    telnet.start()
    telnet.start()
    telnet.receive(b"\xff\xf1")
    assert telnet.take_answers() == ASKED


def test_nothing_we_start_with_moves_a_telnet_out_of_line_mode() -> None:
    telnet = Telnet()
    telnet.start()
    telnet.hide_input(on=True)
    assert telnet.take_answers() == ASKED + bytes((IAC, WILL, ECHO))


# Character mode.


@pytest.mark.parametrize(
    ("stream", "is_character_mode"),
    [
        pytest.param(b"", False, id="nc"),
        pytest.param(b"\xff\xfd\x03", False, id="SGA without ECHO"),
        pytest.param(b"\xff\xfd\x01", False, id="ECHO, and SGA not yet agreed to"),
        pytest.param(b"\xff\xfd\x01\xff\xfd\x03", True, id="both"),
        pytest.param(b"\xff\xfd\x01\xff\xfe\x03", False, id="SGA is refused"),
        pytest.param(
            b"\xff\xfd\x01\xff\xfd\x03\xff\xfe\x01", False, id="ECHO is taken back"
        ),
        pytest.param(PUTTY, True, id="PuTTY"),
    ],
)
def test_character_mode(stream: bytes, is_character_mode: bool) -> None:
    telnet = Telnet()
    telnet.receive(stream)
    assert telnet.is_character_mode == is_character_mode


# Passwords.


def test_a_password_is_hidden_and_then_typing_shows_again() -> None:
    telnet = started()
    telnet.hide_input(on=True)
    assert telnet.take_answers() == bytes((IAC, WILL, ECHO))
    assert answers_to(telnet, IAC, DO, ECHO) == b""
    assert not telnet.is_character_mode
    telnet.hide_input(on=False)
    assert telnet.take_answers() == bytes((IAC, WONT, ECHO))
    assert answers_to(telnet, IAC, DONT, ECHO) == b""


def test_nothing_is_hidden_where_nobody_speaks_telnet() -> None:
    telnet = Telnet()
    telnet.hide_input(on=True)
    assert telnet.take_answers() == b""


def test_who_turns_out_to_be_telnet_at_the_password_has_it_hidden() -> None:
    telnet = Telnet()
    telnet.hide_input(on=True)
    assert answers_to(telnet, IAC, 241) == ASKED + bytes((IAC, WILL, ECHO))


def test_a_terminal_that_we_echo_is_not_asked_again() -> None:
    telnet = Telnet()
    telnet.receive(PUTTY)
    telnet.take_answers()
    telnet.hide_input(on=True)
    telnet.hide_input(on=False)
    assert telnet.take_answers() == b""
    assert telnet.is_character_mode


def test_a_password_given_up_before_the_peer_agreed_is_shown_again() -> None:
    telnet = started()
    telnet.hide_input(on=True)
    telnet.hide_input(on=False)
    assert telnet.take_answers() == bytes((IAC, WILL, ECHO))
    assert answers_to(telnet, IAC, DO, ECHO) == bytes((IAC, WONT, ECHO))
    assert answers_to(telnet, IAC, DONT, ECHO) == b""


def test_changing_ones_mind_twice_asks_once() -> None:
    telnet = started()
    for on in (True, False, True):
        telnet.hide_input(on=on)
    assert telnet.take_answers() == bytes((IAC, WILL, ECHO))
    assert answers_to(telnet, IAC, DO, ECHO) == b""


def test_a_peer_that_will_not_hide_its_typing_is_believed() -> None:
    telnet = started()
    telnet.hide_input(on=True)
    telnet.take_answers()
    assert answers_to(telnet, IAC, DONT, ECHO) == b""
    telnet.hide_input(on=False)
    assert telnet.take_answers() == b""


@pytest.mark.parametrize(
    ("reply", "then", "answers"),
    [
        pytest.param(DONT, [], (IAC, WILL, ECHO), id="confirmed: now ask again"),
        pytest.param(DO, [], (), id="an error of the peer's: it is on after all"),
        pytest.param(DONT, [False], (), id="the second wish was taken back"),
    ],
)
def test_the_next_password_waits_for_the_end_of_the_last(
    reply: int, then: list[bool], answers: tuple[int, ...]
) -> None:
    telnet = started()
    telnet.hide_input(on=True)
    telnet.receive(bytes((IAC, DO, ECHO)))
    telnet.hide_input(on=False)
    telnet.take_answers()
    for on in [True, *then]:
        telnet.hide_input(on=on)
    assert telnet.take_answers() == b""
    assert answers_to(telnet, IAC, reply, ECHO) == bytes(answers)


def test_a_peer_that_agrees_to_the_end_is_taken_to_have_ended() -> None:
    telnet = started()
    telnet.hide_input(on=True)
    telnet.receive(bytes((IAC, DO, ECHO)))
    telnet.hide_input(on=False)
    telnet.take_answers()
    assert answers_to(telnet, IAC, DO, ECHO) == b""
    telnet.hide_input(on=True)
    assert telnet.take_answers() == bytes((IAC, WILL, ECHO))


# Windows and terminals.


@pytest.mark.parametrize(
    ("body", "size"),
    [
        pytest.param(b"\0\x50\0\x18", (80, 24), id="80 by 24"),
        pytest.param(b"\0\0\0\0", (80, 24), id="NAWS 0x0 is unknown, so as usual"),
        pytest.param(b"\0\x64\0\0", (100, 24), id="only the height is unknown"),
        pytest.param(b"\0\xff\xff\0\x18", (255, 24), id="NAWS 0xFF doubled"),
        pytest.param(b"\xff\xff\xff\xff\0\x18", (500, 24), id="NAWS 65535 wide"),
        pytest.param(b"\0\x01\0\x01", (20, 1), id="1 by 1"),
        pytest.param(b"\0\x64\x10\0", (100, 500), id="4096 high"),
        pytest.param(b"\0\x50\0", (None, None), id="too short is ignored"),
        pytest.param(b"\0\x50\0\x18\0", (None, None), id="too long is ignored"),
        pytest.param(b"\0\x50\0\x18" + b"\0" * 999, (None, None), id="huge"),
    ],
)
def test_windows(cut: Cut, body: bytes, size: tuple[int | None, int | None]) -> None:
    telnet = started()
    pieces_from(telnet, cut(b"\xff\xfb\x1f\xff\xfa\x1f" + body + b"\xff\xf0"))
    assert (telnet.width, telnet.height) == size


def test_a_window_that_changes_is_measured_again() -> None:
    telnet = started()
    telnet.receive(b"\xff\xfa\x1f\0\x50\0\x18\xff\xf0")
    telnet.receive(b"\xff\xfa\x1f\0\x64\0\x32\xff\xf0")
    assert (telnet.width, telnet.height) == (100, 50)


def its_name_is(name: bytes) -> bytes:
    return bytes((IAC, SB, TTYPE, 0)) + name + bytes((IAC, SE))


WILL_TTYPE: Final = bytes((IAC, WILL, TTYPE))


@pytest.mark.parametrize(
    ("told", "names", "asked"),
    [
        pytest.param([], (), 1, id="not told"),
        pytest.param([b"XTERM"], ("XTERM",), 2, id="the first, and is there more"),
        pytest.param([b"XTERM", b"XTERM"], ("XTERM",), 2, id="a repeated one is last"),
        pytest.param([b"a", b"b", b"a"], ("a", "b"), 3, id="once round"),
        pytest.param(
            [b"a", b"b", b"c", b"d", b"e"], ("a", "b", "c", "d"), 4, id="at most four"
        ),
        pytest.param([b"x" * 99], ("x" * 40,), 2, id="at most 40 letters"),
        pytest.param([b"\x1b[2J\xe9 \tvt\x00100\x7f"], ("[2Jvt100",), 2, id="harmless"),
        pytest.param([b"", b"xterm"], ("xterm",), 2, id="no name at all"),
        pytest.param([b"x" * 300], (), 1, id="huge"),
    ],
)
def test_terminals(
    cut: Cut, told: list[bytes], names: tuple[str, ...], asked: int
) -> None:
    telnet = started()
    pieces_from(telnet, cut(WILL_TTYPE + b"".join(map(its_name_is, told))))
    assert telnet.terminal_names == names
    assert telnet.take_answers() == SEND * asked


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(its_name_is(b"xterm"), id="a name nobody asked for"),
        pytest.param(bytes((IAC, SB, TTYPE, 1, IAC, SE)), id="SEND is ours to say"),
        pytest.param(bytes((IAC, WONT, TTYPE)), id="it has no name"),
        pytest.param(bytes((IAC, SB, 201, 1, 2, 3, IAC, SE)), id="GMCP"),
    ],
)
def test_what_tells_us_nothing_is_not_answered(stream: bytes) -> None:
    telnet = started()
    telnet.receive(stream)
    assert (telnet.terminal_names, telnet.take_answers()) == ((), b"")


def test_a_terminal_that_comes_and_goes_is_asked_its_name_once() -> None:
    telnet = started()
    telnet.receive(WILL_TTYPE + bytes((IAC, WONT, TTYPE)) + WILL_TTYPE)
    confirmed = bytes((IAC, DONT, TTYPE, IAC, DO, TTYPE))
    assert telnet.take_answers() == SEND + confirmed


# What goes out.


def test_to_telnet_0xff_is_sent_twice() -> None:
    assert started().encode(b"a\xffb\xff") == b"a\xff\xffb\xff\xff"


@pytest.mark.parametrize(
    ("telnet", "data"),
    [
        pytest.param(Telnet(), b"a\xffb", id="not telnet"),
        pytest.param(started(), "höflich".encode(), id="no 0xFF in it"),
    ],
)
def test_what_need_not_change_is_the_same_object(telnet: Telnet, data: bytes) -> None:
    assert telnet.encode(data) is data


# A peer that goes on and on.


def test_after_two_hundred_requests_we_have_said_enough() -> None:
    telnet = started()
    answers = [answers_to(telnet, IAC, WILL, 99) for _ in range(1000)]
    assert answers == [bytes((IAC, DONT, 99))] * 200 + [b""] * 800
    assert answers_to(telnet, IAC, DO, SGA) == b""
    assert not telnet.is_character_mode


def test_even_then_ctrl_c_is_answered_and_a_password_hidden() -> None:
    telnet = started()
    telnet.receive(bytes((IAC, WILL, 99)) * 1000)
    telnet.take_answers()
    assert answers_to(telnet, IAC, DO, TM) == bytes((IAC, WONT, TM))
    telnet.hide_input(on=True)
    assert answers_to(telnet, IAC, DO, ECHO) == bytes((IAC, WILL, ECHO))
    telnet.hide_input(on=False)
    assert telnet.take_answers() == bytes((IAC, WONT, ECHO))


# Properties.

CODES: Final = [0, 1, 3, 6, 10, 13, 24, 31, 65, *range(236, 256)]
STREAMS: Final = st.lists(
    st.lists(st.sampled_from(CODES) | st.integers(0, 255)).map(bytes)
)


@settings(deadline=None)
@given(STREAMS)
@example([b"\r", b"\0"])
@example([b"\xff", b"\xfa", b"\x1f\0\x50\xff", b"\xff\0\xff", b"\xf0x"])
def test_the_cuts_do_not_matter(arrivals: list[bytes]) -> None:
    cut, whole = Telnet(), Telnet()
    pieces = pieces_from(cut, arrivals)
    assert pieces == whole.receive(b"".join(arrivals))
    assert cut.take_answers() == whole.take_answers()
    assert (cut.is_on, cut.is_character_mode) == (whole.is_on, whole.is_character_mode)
    assert (cut.width, cut.height, cut.terminal_names) == (
        whole.width,
        whole.height,
        whole.terminal_names,
    )


@settings(deadline=None)
@given(st.lists(st.binary(), min_size=1))
def test_without_0xff_only_cr_nul_is_changed(arrivals: list[bytes]) -> None:
    stream = b"".join(arrivals).replace(b"\xff", b"")
    telnet = Telnet()
    text = stream.replace(b"\r\0", b"\r\n")
    assert telnet.receive(stream) == ([text] if text else [])
    assert telnet.take_answers() == b""


@settings(deadline=None)
@given(STREAMS, st.lists(st.booleans()))
def test_what_is_kept_and_answered_is_bounded(
    arrivals: list[bytes], wishes: list[bool]
) -> None:
    telnet = started()
    said = 0
    for number, data in enumerate(arrivals):
        telnet.receive(data)
        if number < len(wishes):
            telnet.hide_input(on=wishes[number])
        said += telnet.take_answers().count(IAC)
        assert len(telnet._sub) <= 257
        assert telnet._text == telnet._pieces == []
    commands = b"".join(arrivals).count(IAC)
    # A request may be answered for ECHO and SGA, a name by SEND with two IACs, and
    # a wish of ours may have one more to say when the answer to the last comes.
    assert said <= 2 * commands + 2 * len(wishes)


def requests_in(answers: bytes) -> int:
    """How many WILL, WONT, DO and DONT there are."""
    return len(answers.replace(SEND, b"")) // 3


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([WILL, WONT, DO, DONT]),
            st.sampled_from([ECHO, SGA, TTYPE, NAWS, LINEMODE]),
        )
    )
)
def test_every_request_of_an_adversary_is_answered_at_most_once(
    requests: list[tuple[int, int]],
) -> None:
    telnet = started()
    for verb, option in requests:
        answers = answers_to(telnet, IAC, verb, option)
        # Our own wish for SGA goes with the first agreement to ECHO.
        assert requests_in(answers) <= 1 + ((verb, option) == (DO, ECHO))


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["start", "hide", "show"]))))
def test_two_of_us_always_come_to_an_end(wishes: list[tuple[bool, str]]) -> None:
    """Two telnets in conversation, each of which wants this and that at any time."""
    pair = {True: Telnet(), False: Telnet()}
    for who, wish in wishes:
        if wish == "start":
            pair[who].start()
        else:
            pair[who].hide_input(on=wish == "hide")
        # One half of the exchange may still be under way at the next wish.
        pair[not who].receive(pair[who].take_answers())
    rounds = exchange(pair[True], pair[False])
    assert rounds <= 10


def exchange(ours: Telnet, theirs: Telnet) -> int:
    """Carry answers to and fro until nobody has any; how often that was."""
    for rounds in range(1000):
        there, back = ours.take_answers(), theirs.take_answers()
        if not there and not back:
            return rounds
        theirs.receive(there)
        ours.receive(back)
    return 1000


@pytest.mark.parametrize("size", [1, 7, 64 * 1024])
def test_an_endless_sub_negotiation_leaves_little_behind(size: int) -> None:
    telnet = started()
    telnet.receive(bytes((IAC, SB)))
    stream = b"x\xff\xff" * 30_000
    for at in range(0, len(stream), size):
        assert telnet.receive(stream[at : at + size]) == []
    assert len(telnet._sub) == 257


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param(b"\xff\xff", id="IAC IAC"),
        pytest.param(b"\xff\xf4", id="Ctrl-C"),
        pytest.param(b"\xff\xfd\x06", id="DO TM"),
        pytest.param(b"\r\0", id="CR NUL"),
        pytest.param(b"\xffa", id="Latin-1"),
        pytest.param(b"\xff\xfa\xff\xf0", id="empty sub-negotiations"),
    ],
)
def test_a_read_full_of_it_comes_out_whole(unit: bytes) -> None:
    """A quadratic filter would take minutes, and the time limit would say so."""
    once = Telnet().receive(unit)
    often = Telnet().receive(unit * 20_000)
    joined = [b"".join(p for p in often if isinstance(p, bytes))]
    if once and isinstance(once[0], bytes):
        assert joined == [once[0] * 20_000]
    else:
        assert often == once * 20_000
