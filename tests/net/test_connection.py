"""The connection: what comes of each ``recv`` and each ``send``."""

import errno
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.net.address import Address
from chat.net.connection import READ_SIZE, Connection, Lost, connect
from chat.wire.outbox import Outbox
from tests.net.fakes import (
    FakeStream,
    RealStream,
    Stream,
    a_tcp_stream,
    a_unix_stream,
)


@pytest.fixture(
    params=[
        pytest.param(FakeStream, id="fake"),
        pytest.param(a_unix_stream, id="unix"),
        pytest.param(a_tcp_stream, id="tcp"),
    ]
)
def stream(request: pytest.FixtureRequest) -> Iterator[Stream]:
    stream: Stream = request.param()
    yield stream
    stream.close()


@pytest.fixture
def tcp() -> Iterator[RealStream]:
    stream = a_tcp_stream()
    yield stream
    stream.close()


def an_outbox(*said: bytes) -> Outbox:
    outbox = Outbox(soft=2**30, hard=2**30)
    for data in said:
        outbox.append(data)
    return outbox


# What arrives.


def test_nothing_has_arrived(stream: Stream) -> None:
    assert stream.connection.receive() is None


def test_what_has_arrived_is_received_once(stream: Stream) -> None:
    stream.says(b"hello\nwor")
    assert stream.connection.receive() == b"hello\nwor"
    assert stream.connection.receive() is None


def test_a_peer_who_has_finished_talking_sends_no_bytes_for_ever(
    stream: Stream,
) -> None:
    stream.finishes()
    assert [stream.connection.receive() for _ in range(3)] == [b"", b"", b""]


def test_what_was_said_comes_before_the_end(stream: Stream) -> None:
    stream.says(b"bye\n")
    stream.finishes()
    assert [stream.connection.receive() for _ in range(2)] == [b"bye\n", b""]


def test_who_has_finished_talking_can_still_be_talked_to(stream: Stream) -> None:
    stream.finishes()
    stream.connection.flush(an_outbox(b"ok\n"))
    assert stream.reads() == b"ok\n"


def test_one_read_is_bounded() -> None:
    stream = FakeStream()
    stream.says(bytes(READ_SIZE + 1))
    assert stream.connection.receive() == bytes(READ_SIZE)
    assert stream.connection.receive() == b"\0"


# What leaves.


def test_what_fits_leaves_at_once(stream: Stream) -> None:
    outbox = an_outbox(b"h", b"i\n")
    stream.connection.flush(outbox)
    assert stream.reads() == b"hi\n"
    assert not outbox


def test_an_empty_outbox_is_no_trouble(stream: Stream) -> None:
    outbox = an_outbox()
    stream.connection.flush(outbox)
    stream.connection.flush(an_outbox(b"x"))
    assert stream.reads() == b"x"


def test_a_kernel_that_takes_part_leaves_the_rest_first_in_line() -> None:
    stream = FakeStream(room=3)
    outbox = an_outbox(b"abcde", b"fg")
    stream.connection.flush(outbox)
    assert stream.reads() == b"abc"
    assert outbox.size() == 4
    stream.connection.flush(outbox)
    assert stream.reads() == b"def"
    stream.connection.flush(outbox)
    assert stream.reads() == b"g"
    assert not outbox


def test_a_kernel_that_takes_nothing_now_takes_nothing_away() -> None:
    stream = FakeStream(room=3)
    outbox = an_outbox(b"abcdef")
    stream.connection.flush(outbox)
    for _ in range(3):
        stream.connection.flush(outbox)
    assert outbox.size() == 3
    assert stream.reads() == b"abc"
    stream.connection.flush(outbox)
    assert stream.reads() == b"def"


def everything_that_leaves(stream: Stream, outbox: Outbox) -> bytes:
    """What the peer reads while the outbox is offered again and again."""
    read = bytearray()
    while outbox:
        stream.connection.flush(outbox)
        read += stream.reads()
    return bytes(read)


def test_every_byte_of_a_big_outbox_leaves_once_and_in_order(stream: Stream) -> None:
    # Numbers, so that a lost, doubled or moved piece would show.
    lines = [b"%d\n" % number for number in range(20_000)]
    outbox = an_outbox(*lines)
    stream.connection.flush(outbox)
    assert outbox, "the kernel took all of it at once, and this test shows nothing"
    read = stream.reads() + everything_that_leaves(stream, outbox)
    read += after_the_end(stream, read, b"".join(lines))
    assert read == b"".join(lines)


def after_the_end(stream: Stream, read: bytes, expected: bytes) -> bytes:
    """What was still under way when the outbox was empty."""
    late = b""
    while len(read) + len(late) < len(expected):
        late += stream.reads()
    return late


@given(
    said=st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=10),
    room=st.integers(1, 8),
)
@settings(deadline=None, max_examples=50)
def test_how_little_the_kernel_takes_does_not_matter(
    said: list[bytes], room: int
) -> None:
    stream = FakeStream(room)
    assert everything_that_leaves(stream, an_outbox(*said)) == b"".join(said)


# How it ends.


def test_a_reset_is_noticed_when_reading(stream: Stream) -> None:
    stream.breaks()
    with pytest.raises(Lost, match=r"\AConnection reset\Z"):
        stream.connection.receive()


def test_a_reset_is_noticed_when_sending(stream: Stream) -> None:
    stream.breaks()
    with pytest.raises(Lost, match=r"\AConnection reset\Z"):
        stream.connection.flush(an_outbox(b"anybody?"))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(
            TimeoutError(errno.ETIMEDOUT, "Connection timed out"),
            "Connection timed out",
            id="ETIMEDOUT",
        ),
        pytest.param(
            OSError(errno.EHOSTUNREACH, "No route to host"),
            "No route to host",
            id="EHOSTUNREACH",
        ),
        pytest.param(
            BrokenPipeError(errno.EPIPE, "Broken pipe"), "Connection reset", id="EPIPE"
        ),
        pytest.param(OSError(), "Connection lost", id="without words"),
    ],
)
def test_any_failure_of_the_network_is_a_loss_in_words(
    error: OSError, words: str
) -> None:
    stream = FakeStream()
    stream.socket.error = error
    with pytest.raises(Lost, match=rf"\A{words}\Z"):
        stream.connection.receive()
    with pytest.raises(Lost, match=rf"\A{words}\Z"):
        stream.connection.flush(an_outbox(b"x"))


@pytest.mark.parametrize(
    "error",
    [
        BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"),
        InterruptedError(errno.EINTR, "Interrupted system call"),
    ],
)
def test_not_now_is_no_loss(error: OSError) -> None:
    stream = FakeStream()
    stream.says(b"hi")
    outbox = an_outbox(b"ho")
    stream.socket.error = error
    assert stream.connection.receive() is None
    stream.connection.flush(outbox)
    stream.socket.error = None
    assert stream.connection.receive() == b"hi"
    assert outbox.size() == 2


def test_finishing_talking_is_not_the_end_of_listening(stream: Stream) -> None:
    stream.connection.finish_talking()
    assert stream.reads() == b""
    stream.says(b"and you?")
    assert stream.connection.receive() == b"and you?"


def test_who_has_finished_talking_cannot_go_on(stream: Stream) -> None:
    stream.connection.finish_talking()
    with pytest.raises(Lost, match=r"\AConnection reset\Z"):
        stream.connection.flush(an_outbox(b"one more thing"))


def test_there_may_be_nobody_left_to_be_told_of_the_end(stream: Stream) -> None:
    stream.breaks()
    with pytest.raises(Lost):
        stream.connection.receive()
    stream.connection.finish_talking()
    with pytest.raises(Lost):
        stream.connection.flush(an_outbox(b"x"))


# What it is made of.


def test_a_connection_never_waits() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        Connection(ours, "host")
        assert ours.gettimeout() == 0


def test_over_tcp_nothing_is_held_back(tcp: RealStream) -> None:
    assert tcp.ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_closing_gives_the_descriptor_back(tcp: RealStream) -> None:
    tcp.connection.close()
    assert tcp.ours.fileno() == -1


def test_it_names_itself_for_the_log() -> None:
    stream = FakeStream()
    assert repr(stream.connection) == "<Connection 4000 fake>"
    assert stream.connection.host == "fake"
    assert stream.connection.descriptor == 4000


def test_a_peer_who_has_left_before_it_was_looked_at_is_no_fault() -> None:
    refusing = FakeStream().socket
    refusing.family = socket.AF_INET
    connection = Connection(refusing, "gone")  # type: ignore[arg-type]
    assert connection.host == "gone"


# Connecting.


def test_connecting_finds_who_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        connection = connect(Address("127.0.0.1", door.getsockname()[1]))
        accepted, _ = door.accept()
    with accepted:
        connection.flush(an_outbox(b"hello"))
        assert accepted.recv(5) == b"hello"
    assert connection.host == "127.0.0.1"
    connection.close()


def test_connecting_to_nobody_is_a_loss_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        nobody = Address("127.0.0.1", door.getsockname()[1])
    with pytest.raises(Lost, match=r"\AConnection refused\Z"):
        connect(nobody)
