"""Lines, wherever the network cuts them."""

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.wire.lines import ENDLESS, PATIENCE, TOO_LONG, Line, LineBuffer

LIMIT: Final = 4
ALL: Final = 1_000_000

Cut: TypeAlias = Callable[[bytes], list[bytes]]


def in_one_piece(stream: bytes) -> list[bytes]:
    return [stream]


def byte_by_byte(stream: bytes) -> list[bytes]:
    return [stream[at : at + 1] for at in range(len(stream))]


def with_a_tail(stream: bytes) -> list[bytes]:
    """The stream with the first letters of a further line behind it."""
    return [stream + b"ta", b"il"]


@pytest.fixture(params=[in_one_piece, byte_by_byte, with_a_tail])
def cut(request: pytest.FixtureRequest) -> Cut:
    how: Cut = request.param
    return how


def lines_from(arrivals: Iterable[bytes], limit: int = LIMIT) -> list[Line]:
    buffer = LineBuffer(limit)
    for data in arrivals:
        buffer.feed(data)
    return buffer.take(ALL)


@pytest.mark.parametrize(
    ("stream", "lines"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(b"hi\n", [b"hi"], id="LF ends a line"),
        pytest.param(b"hi\r\n", [b"hi"], id="CR LF ends a line"),
        pytest.param(b"a\nb\r\nc\n", [b"a", b"b", b"c"], id="three lines"),
        pytest.param(b"\n", [b""], id="an empty line is a line"),
        pytest.param(b"\r\n\n\r\n", [b"", b"", b""], id="three empty lines"),
        pytest.param(b"a\rb\n", [b"a\rb"], id="a lone CR ends nothing"),
        pytest.param(b"\ra\n", [b"\ra"], id="a CR in front stays"),
        pytest.param(b"a\r\r\n", [b"a\r"], id="only one CR belongs to the end"),
        pytest.param(
            b"a\n\rb\n", [b"a", b"\rb"], id="a CR after LF is the next line's"
        ),
        pytest.param(b"a\0b\n", [b"a\0b"], id="NUL is not an end"),
        pytest.param(b"\xff\xfe\n", [b"\xff\xfe"], id="any bytes will do"),
        pytest.param(b"abcd\n", [b"abcd"], id="exactly the limit, LF"),
        pytest.param(b"abcd\r\n", [b"abcd"], id="exactly the limit, CR LF"),
        pytest.param(b"abc\r\r\n", [b"abc\r"], id="the limit counts a CR that stays"),
        pytest.param(b"abcde\n", [TOO_LONG], id="one over, LF"),
        pytest.param(b"abcde\r\n", [TOO_LONG], id="one over, CR LF"),
        pytest.param(b"abcd\r\r\n", [TOO_LONG], id="one over, being a CR"),
        pytest.param(b"abcd\rx\n", [TOO_LONG], id="CR where the end might have been"),
        pytest.param(b"a" * 99 + b"\n", [TOO_LONG], id="far over is told once"),
        pytest.param(
            b"abcdefgh\nok\n", [TOO_LONG, b"ok"], id="then the conversation goes on"
        ),
        pytest.param(
            b"a\nabcdefgh\nb\n", [b"a", TOO_LONG, b"b"], id="told in its place"
        ),
        pytest.param(
            b"abcdef\nabcdef\n", [TOO_LONG, TOO_LONG], id="two are told as two"
        ),
    ],
)
def test_lines_come_out_however_they_arrive(
    cut: Cut, stream: bytes, lines: list[Line]
) -> None:
    assert lines_from(cut(stream)) == lines


@pytest.mark.parametrize(
    ("stream", "lines"),
    [
        pytest.param(b"hi", [], id="no end, no line"),
        pytest.param(b"hi\r", [], id="CR is half an end"),
        pytest.param(b"a\nhi", [b"a"], id="one and a half"),
        pytest.param(b"abcd\r", [], id="may yet turn out to fit"),
        pytest.param(b"abcdef", [TOO_LONG], id="too long is told before the end"),
    ],
)
@pytest.mark.parametrize("cut", [in_one_piece, byte_by_byte])
def test_an_unfinished_line_waits(cut: Cut, stream: bytes, lines: list[Line]) -> None:
    assert lines_from(cut(stream)) == lines


@pytest.mark.parametrize(
    ("stream", "lines"),
    [
        pytest.param(
            b"a" * PATIENCE + b"\nhi\n", [TOO_LONG, b"hi"], id="just bearable"
        ),
        pytest.param(b"a" * (PATIENCE + 1), [TOO_LONG, ENDLESS], id="one byte more"),
        pytest.param(b"a" * 3 * PATIENCE, [TOO_LONG, ENDLESS], id="is told once"),
        pytest.param(
            b"a" * (PATIENCE + 1) + b"\nhi\nho\n",
            [TOO_LONG, ENDLESS],
            id="nothing follows it",
        ),
        pytest.param(
            b"hi\n" + b"a" * 2 * PATIENCE + b"\n" + b"b" * 2 * PATIENCE + b"\n",
            [b"hi", TOO_LONG, ENDLESS],
            id="it is the last word",
        ),
    ],
)
@pytest.mark.parametrize("size", [1, 1000, PATIENCE, 4 * PATIENCE])
def test_nobody_may_go_on_for_ever_without_an_end(
    size: int, stream: bytes, lines: list[Line]
) -> None:
    arrivals = (stream[at : at + size] for at in range(0, len(stream), size))
    assert lines_from(arrivals) == lines


@pytest.mark.parametrize(
    ("stream", "rest"),
    [
        pytest.param(b"", b"", id="nothing"),
        pytest.param(b"hi\n", b"", id="all lines had their ends"),
        pytest.param(b"hi", b"hi", id="no end"),
        pytest.param(b"hi\r", b"hi", id="half an end"),
        pytest.param(b"a\rb\r\r", b"a\rb\r", id="only one CR belongs to the end"),
        pytest.param(b"one\ntwo", b"two", id="after a line"),
        pytest.param(b"abcd", b"abcd", id="exactly the limit"),
        pytest.param(b"abcd\r", b"abcd", id="exactly the limit, and half an end"),
        pytest.param(b"abcde", b"", id="one over"),
        pytest.param(b"abcdefgh", b"", id="far over"),
        pytest.param(b"abcdefgh\nhi", b"hi", id="after a line that was too long"),
    ],
)
@pytest.mark.parametrize("cut", [in_one_piece, byte_by_byte])
def test_the_rest_is_what_never_got_its_end(
    cut: Cut, stream: bytes, rest: bytes
) -> None:
    buffer = LineBuffer(LIMIT)
    for data in cut(stream):
        buffer.feed(data)
    assert buffer.rest() == rest


def test_the_rest_is_given_once() -> None:
    buffer = LineBuffer(LIMIT)
    buffer.feed(b"hi")
    assert [buffer.rest(), buffer.rest()] == [b"hi", b""]


def test_lines_are_taken_oldest_first_and_no_more_than_asked_for() -> None:
    buffer = LineBuffer(LIMIT)
    buffer.feed(b"1\n2\n3\n4\n")
    assert [buffer.take(1), buffer.take(2), buffer.take(9), buffer.take(9)] == [
        [b"1"],
        [b"2", b"3"],
        [b"4"],
        [],
    ]


def test_its_length_is_the_number_of_lines_not_yet_taken() -> None:
    buffer = LineBuffer(LIMIT)
    buffer.feed(b"1\n2\n3\nunfinished")
    buffer.take(1)
    # Two lines, and the notice that the fourth is too long.
    assert len(buffer) == 3


def test_a_megabyte_without_an_end_leaves_nothing_behind() -> None:
    buffer = LineBuffer(512)
    kept = []
    for _ in range(256):
        buffer.feed(b"a" * 4096)
        kept.append(len(buffer._partial))
    assert set(kept) == {0}
    assert buffer.take(ALL) == [TOO_LONG, ENDLESS]


STREAMS: Final = st.lists(st.text("ab\r\n").map(str.encode))


def as_the_rules_say(stream: bytes, limit: int) -> list[Line]:
    whole = [line.removesuffix(b"\r") for line in stream.split(b"\n")[:-1]]
    return [line if len(line) <= limit else TOO_LONG for line in whole]


@settings(deadline=None)
@given(STREAMS)
@example([b"a\r", b"\nb\r\n"])
def test_no_line_is_lost_or_repeated(arrivals: list[bytes]) -> None:
    stream = b"".join([*arrivals, b"\n"])
    assert lines_from([*arrivals, b"\n"], limit=9) == as_the_rules_say(stream, limit=9)


@settings(deadline=None)
@given(STREAMS, st.integers(0, 6))
def test_the_cuts_do_not_matter(arrivals: list[bytes], limit: int) -> None:
    assert lines_from(arrivals, limit) == lines_from([b"".join(arrivals)], limit)


@settings(deadline=None)
@given(STREAMS, st.integers(0, 6))
def test_the_cuts_do_not_matter_to_the_rest(arrivals: list[bytes], limit: int) -> None:
    cut, whole = LineBuffer(limit), LineBuffer(limit)
    for data in arrivals:
        cut.feed(data)
    whole.feed(b"".join(arrivals))
    assert cut.rest() == whole.rest()


@settings(deadline=None)
@given(STREAMS, st.integers(0, 6))
def test_what_is_kept_of_a_line_is_bounded_by_the_limit(
    arrivals: list[bytes], limit: int
) -> None:
    buffer = LineBuffer(limit)
    kept = [0]
    for data in arrivals:
        buffer.feed(data)
        kept.append(len(buffer._partial))
    # One more, because it may be the CR of a line that just fits.
    assert max(kept) <= limit + 1


@settings(deadline=None)
@given(STREAMS, st.lists(st.integers(0, 3)))
def test_it_does_not_matter_when_lines_are_taken(
    arrivals: list[bytes], takes: list[int]
) -> None:
    buffer = LineBuffer(LIMIT)
    taken: list[Line] = []
    for number, data in enumerate(arrivals):
        buffer.feed(data)
        taken += buffer.take(takes[number] if number < len(takes) else 1)
    assert taken + buffer.take(ALL) == lines_from(arrivals)


@pytest.mark.parametrize(
    ("arrivals", "partial"),
    [
        pytest.param([], b"", id="nothing yet"),
        pytest.param([b"on", b"e"], b"one", id="a line that has begun"),
        pytest.param([b"one\r"], b"one\r", id="perhaps half an end"),
        pytest.param([b"one\ntw"], b"tw", id="behind a line"),
        pytest.param([b"one\n"], b"", id="no line that has begun"),
        pytest.param([b"one\ntwelve"], b"", id="one that is too long"),
    ],
)
def test_what_has_begun_can_be_looked_at(arrivals: list[bytes], partial: bytes) -> None:
    buffer = LineBuffer(LIMIT)
    for data in arrivals:
        buffer.feed(data)
    assert (buffer.partial, buffer.partial) == (partial, partial)


def test_a_line_that_was_not_meant_is_forgotten() -> None:
    buffer = LineBuffer(10)
    buffer.feed(b"one\ntw")
    begun = buffer.has_partial
    buffer.forget_partial()
    assert (begun, buffer.has_partial) == (True, False)
    buffer.feed(b"three\n")
    assert buffer.take(9) == [b"one", b"three"]


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        pytest.param(b"ab", b"a", id="a byte"),
        pytest.param("aø".encode(), b"a", id="two bytes"),
        pytest.param("a☃".encode(), b"a", id="three bytes"),
        pytest.param("a🙂".encode(), b"a", id="four bytes"),
        pytest.param(b"", b"", id="nothing"),
        pytest.param(b"\x80\x80", b"", id="no character at all"),
    ],
)
def test_one_character_is_rubbed_out(typed: bytes, left: bytes) -> None:
    buffer = LineBuffer(10)
    buffer.feed(typed)
    buffer.rub_out()
    assert buffer.rest() == left
