"""The connection: what comes of each ``recv`` and each ``send``."""

import errno
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.net.address import Address
from chat.net.connection import (
    READ_SIZE,
    READS_AT_THE_END,
    Connection,
    Lost,
    Short,
    connect,
    is_set_up,
    pair,
    send_all,
    set_up,
)
from chat.wire.outbox import Outbox
from tests.fakes import FakeSocket
from tests.net.fakes import (
    FakeStream,
    Stream,
    a_fake_stream,
    a_tcp_stream,
    a_unix_stream,
    tcp_pair,
)

# What the kernel says of a peer that is lost, and how we put it.
LOSSES = pytest.mark.parametrize(
    ("number", "words"),
    [
        pytest.param(errno.ECONNRESET, "Connection reset", id="ECONNRESET"),
        pytest.param(errno.ECONNABORTED, "Connection reset", id="ECONNABORTED"),
        pytest.param(errno.EPIPE, "Connection reset", id="EPIPE"),
        pytest.param(errno.ETIMEDOUT, "Connection timed out", id="ETIMEDOUT"),
        pytest.param(errno.EHOSTUNREACH, "No route to host", id="EHOSTUNREACH"),
        pytest.param(errno.ENETDOWN, "Network is down", id="ENETDOWN"),
        pytest.param(errno.ENOBUFS, "No buffer space available", id="ENOBUFS"),
    ],
)


@pytest.fixture(
    params=[
        pytest.param(a_fake_stream, id="fake"),
        pytest.param(a_unix_stream, id="unix"),
        pytest.param(a_tcp_stream, id="tcp"),
    ]
)
def stream(request: pytest.FixtureRequest) -> Iterator[Stream]:
    stream: Stream = request.param()
    yield stream
    stream.close()


@pytest.fixture
def tcp() -> Iterator[Stream]:
    stream = a_tcp_stream()
    yield stream
    stream.close()


@pytest.fixture
def fake() -> Iterator[FakeStream]:
    stream = a_fake_stream()
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
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = Connection(ours, "here")
        theirs.sendall(bytes(READ_SIZE + 1))
        assert connection.receive() == bytes(READ_SIZE)
        assert connection.receive() == b"\0"


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


def test_a_kernel_that_takes_part_leaves_the_rest_first_in_line(
    fake: FakeStream,
) -> None:
    outbox = an_outbox(b"abcde", b"fg")
    fake.kernel.takes(3, 3)
    fake.connection.flush(outbox)
    assert fake.reads() == b"abc"
    assert outbox.size() == 4
    fake.connection.flush(outbox)
    assert fake.reads() == b"def"
    fake.connection.flush(outbox)
    assert fake.reads() == b"g"
    assert not outbox


def test_a_full_kernel_takes_nothing_now_and_nothing_away(stream: Stream) -> None:
    outbox = an_outbox(bytes(10_000_000))
    sizes = [0, outbox.size()]
    while sizes[-1] != sizes[-2]:
        stream.connection.flush(outbox)
        sizes.append(outbox.size())
    assert len(sizes) > 3, "the kernel took nothing, and this test shows nothing"
    assert sizes[-1] > 0


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
    mouthful=st.integers(1, 8),
)
@settings(deadline=None, max_examples=50)
def test_how_little_the_kernel_takes_does_not_matter(
    said: list[bytes], mouthful: int
) -> None:
    stream = a_fake_stream()
    stream.kernel.mouthful = mouthful
    assert everything_that_leaves(stream, an_outbox(*said)) == b"".join(said)
    stream.close()


# What many are sent.


@pytest.fixture(
    params=[
        pytest.param(a_fake_stream, id="fake"),
        pytest.param(a_unix_stream, id="unix"),
        pytest.param(a_tcp_stream, id="tcp"),
    ]
)
def streams(request: pytest.FixtureRequest) -> Iterator[list[Stream]]:
    with ExitStack() as stack:
        yield [stack.enter_context(closing(request.param())) for _ in range(3)]


@pytest.fixture
def fakes() -> Iterator[list[FakeStream]]:
    with ExitStack() as stack:
        yield [stack.enter_context(closing(a_fake_stream())) for _ in range(4)]


def send_to(data: bytes, streams: Sequence[Stream]) -> list[Short]:
    return send_all(data, [stream.connection for stream in streams])


def test_all_are_sent_the_same(streams: list[Stream]) -> None:
    assert send_to(b"hello\n", streams) == []
    assert send_to(b"again\n", streams[1:]) == []
    assert streams[0].reads() == b"hello\n"
    assert [stream.reads() for stream in streams[1:]] == [b"hello\nagain\n"] * 2


def test_nobody_is_sent_nothing() -> None:
    assert send_all(b"hello\n", []) == []


def test_a_real_kernel_takes_part_and_then_nothing(streams: list[Stream]) -> None:
    full, data = streams[1], bytes(10_000_000)
    (short,) = send_to(data, [full])
    assert short.descriptor == full.connection.descriptor
    assert 0 < short.taken < len(data)
    assert short.lost is None
    while short.taken:
        (short,) = send_to(data, [full])
    assert short == Short(full.connection.descriptor, 0)
    assert send_to(b"hello\n", streams) == [short]
    assert streams[0].reads() == streams[2].reads() == b"hello\n"


def test_who_breaks_is_lost_and_the_others_are_served(streams: list[Stream]) -> None:
    streams[0].breaks()
    (short,) = send_to(b"hello\n", streams)
    assert short[:2] == (streams[0].connection.descriptor, 0)
    assert str(short.lost) == "Connection reset"
    assert [stream.reads() for stream in streams[1:]] == [b"hello\n"] * 2


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EINTR])
def test_not_now_is_nothing_taken_and_no_loss(
    fakes: list[FakeStream], number: int
) -> None:
    fakes[2].kernel.fails("send", number)
    assert send_to(b"hello\n", fakes) == [Short(fakes[2].connection.descriptor, 0)]
    assert [fakes[n].reads() for n in (0, 1, 3)] == [b"hello\n"] * 3
    assert send_to(b"again\n", fakes) == []
    assert fakes[2].reads() == b"again\n"


@LOSSES
def test_a_loss_among_many_has_words(
    fakes: list[FakeStream], number: int, words: str
) -> None:
    fakes[0].kernel.fails("send", number)
    (short,) = send_to(b"hello\n", fakes)
    assert (short.descriptor, short.taken) == (fakes[0].connection.descriptor, 0)
    assert str(short.lost) == words
    assert [fake.reads() for fake in fakes[1:]] == [b"hello\n"] * 3


def test_who_falls_short_is_named_in_order(fakes: list[FakeStream]) -> None:
    first, second, third, fourth = (fake.connection.descriptor for fake in fakes)
    fakes[0].kernel.takes(2)
    fakes[1].kernel.fails("send", errno.EAGAIN)
    fakes[2].kernel.fails("send", errno.EPIPE)
    fakes[3].kernel.takes(5)
    shorts = send_to(b"hello\n", fakes)
    assert [short[:2] for short in shorts] == [
        (first, 2),
        (second, 0),
        (third, 0),
        (fourth, 5),
    ]
    assert [bool(short.lost) for short in shorts] == [False, False, True, False]
    assert (fakes[0].reads(), fakes[3].reads()) == (b"he", b"hello")


@pytest.mark.parametrize("share", [0, 1, 3, 5])
def test_what_is_left_of_a_send_follows_from_an_outbox(
    fake: FakeStream, share: int
) -> None:
    if share:
        fake.kernel.takes(share)
    else:
        fake.kernel.fails("send", errno.EAGAIN)
    (short,) = send_to(b"hello\n", [fake])
    assert short.taken == share
    assert fake.connection.flush(an_outbox(b"hello\n"[share:]))
    assert fake.reads() == b"hello\n"


# What nobody hears.


def test_of_the_rest_no_more_than_a_bit_is_taken_in() -> None:
    ours, theirs = socket.socketpair()
    with theirs, Endless(ours) as kernel:
        Connection(kernel, "here").take_in_rest()
        assert kernel.reads == READS_AT_THE_END
        assert READS_AT_THE_END * READ_SIZE == 256 * 1024


class Endless(FakeSocket):
    """A kernel that has always more to read."""

    def __init__(self, real: socket.socket) -> None:
        super().__init__(real)
        self.reads = 0

    def recv(self, size: int, _flags: int = 0, /) -> bytes:
        self.reads += 1
        return bytes(size)


def test_the_rest_is_taken_in_until_nothing_has_arrived(stream: Stream) -> None:
    stream.says(b"x" * 1000)
    stream.connection.take_in_rest()
    assert stream.connection.receive() is None
    stream.says(b"more")
    assert stream.connection.receive() == b"more"


def test_the_rest_is_taken_in_until_the_end(stream: Stream) -> None:
    stream.says(b"bye\n")
    stream.finishes()
    stream.connection.take_in_rest()
    assert stream.connection.receive() == b""


def test_the_rest_is_taken_in_until_a_loss(fake: FakeStream) -> None:
    fake.kernel.fails("recv", errno.ECONNRESET)
    fake.says(b"hi")
    fake.connection.take_in_rest()
    assert fake.kernel.has_failed_as_told()
    assert fake.connection.receive() == b"hi"


# How it ends.


def test_a_reset_is_noticed_when_reading(stream: Stream) -> None:
    stream.breaks()
    with pytest.raises(Lost, match=r"\AConnection reset\Z"):
        stream.connection.receive()


def test_a_reset_is_noticed_when_sending(stream: Stream) -> None:
    stream.breaks()
    with pytest.raises(Lost, match=r"\AConnection reset\Z"):
        stream.connection.flush(an_outbox(b"anybody?"))


@LOSSES
def test_any_failure_of_the_network_is_a_loss_in_words(
    fake: FakeStream, number: int, words: str
) -> None:
    fake.kernel.fails("recv", number)
    fake.kernel.fails("send", number)
    with pytest.raises(Lost, match=rf"\A{words}\Z"):
        fake.connection.receive()
    with pytest.raises(Lost, match=rf"\A{words}\Z"):
        fake.connection.flush(an_outbox(b"x"))


class Speechless(FakeSocket):
    """A kernel that fails and does not say why."""

    def recv(self, _size: int, _flags: int = 0, /) -> bytes:
        raise OSError


def test_a_loss_without_words_is_a_loss() -> None:
    ours, theirs = socket.socketpair()
    connection = Connection(Speechless(ours), "here")
    with theirs, closing(connection), pytest.raises(Lost) as lost:
        connection.receive()
    assert str(lost.value) == "Connection lost"


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EINTR])
def test_not_now_is_no_loss(fake: FakeStream, number: int) -> None:
    fake.says(b"hi")
    outbox = an_outbox(b"ho")
    fake.kernel.fails("recv", number)
    fake.kernel.fails("send", number)
    assert fake.connection.receive() is None
    assert not fake.connection.flush(outbox)
    assert fake.connection.receive() == b"hi"
    assert outbox.size() == 2
    assert fake.connection.flush(outbox)
    assert fake.reads() == b"ho"


def test_finishing_talking_is_not_the_end_of_listening(stream: Stream) -> None:
    stream.connection.finish_talking()
    assert stream.reads() == b""
    stream.says(b"and you?")
    assert stream.connection.receive() == b"and you?"


def test_who_has_finished_talking_cannot_go_on(stream: Stream) -> None:
    stream.connection.finish_talking()
    with pytest.raises(Lost, match=r"\AConnection reset\Z"):
        stream.connection.flush(an_outbox(b"one more thing"))


def test_the_end_may_be_nobodys_business(fake: FakeStream) -> None:
    fake.kernel.fails("shutdown", errno.ENOTCONN)
    fake.connection.finish_talking()
    assert fake.kernel.has_failed_as_told()


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


def test_over_tcp_nothing_is_held_back(tcp: Stream) -> None:
    assert tcp.ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


# macOS has it under another name.
KEEPIDLE = "TCP_KEEPIDLE" if hasattr(socket, "TCP_KEEPIDLE") else "TCP_KEEPALIVE"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        pytest.param(KEEPIDLE, 45, id="after a while of silence"),
        pytest.param("TCP_KEEPINTVL", 10, id="every ten seconds"),
        pytest.param("TCP_KEEPCNT", 3, id="three times"),
        pytest.param("TCP_USER_TIMEOUT", 75_000, id="as long as all of that"),
    ],
)
def test_the_kernel_asks_whether_the_peer_is_there(
    tcp: Stream, option: str, value: int
) -> None:
    assert tcp.ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0
    if not hasattr(socket, option):
        pytest.skip(f"this system has no {option}")
    number = getattr(socket, option)
    assert tcp.ours.getsockopt(socket.IPPROTO_TCP, number) == value


def test_one_option_that_is_refused_is_no_reason_to_leave_out_the_others() -> None:
    ours, theirs = tcp_pair()
    kernel = FakeSocket(ours)
    # What macOS answers when the peer has left before it was looked at.
    kernel.fails("setsockopt", errno.EINVAL)
    with theirs, closing(Connection(kernel, "here")):
        assert kernel.has_failed_as_told()
        assert kernel.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0
        assert kernel.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0


def test_closing_gives_the_descriptor_back(tcp: Stream) -> None:
    tcp.connection.close()
    assert tcp.ours.fileno() == -1


@pytest.mark.parametrize("number", [errno.EIO, errno.EINTR])
def test_a_kernel_that_complains_about_closing_is_not_heard(
    fake: FakeStream, number: int
) -> None:
    fake.kernel.fails("close", number)
    fake.connection.close()
    assert fake.kernel.fileno() == -1
    assert fake.kernel.has_failed_as_told()


def test_closing_twice_does_nothing(stream: Stream) -> None:
    stream.connection.close()
    stream.connection.close()
    assert stream.ours.fileno() == -1


def test_it_names_itself_for_the_log(stream: Stream) -> None:
    descriptor = stream.ours.fileno()
    assert repr(stream.connection) == f"<Connection {descriptor} here>"
    assert stream.connection.host == "here"
    assert stream.connection.descriptor == descriptor


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


def a_file(path: Path) -> Address:
    return Address("", 0, "unix", path=str(path))


def test_connecting_to_a_file_finds_who_listens(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(str(path))
        door.listen()
        connection = connect(a_file(path))
        accepted, _ = door.accept()
    with accepted:
        connection.flush(an_outbox(b"hello"))
        assert accepted.recv(5) == b"hello"
    assert connection.host == "unix"
    connection.close()


def test_connecting_to_a_file_that_is_not_there_is_a_loss(tmp_path: Path) -> None:
    with pytest.raises(Lost, match=r"\ANo such file or directory\Z"):
        connect(a_file(tmp_path / "s"))


def test_both_ends_can_be_in_one_process() -> None:
    one, other = pair()
    one.flush(an_outbox(b"hello"))
    assert other.receive() == b"hello"
    assert (one.host, other.host) == ("unix", "unix")
    one.close()
    assert other.receive() == b""
    other.close()


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("unix", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("192.0.2.7", False),
        ("2001:db8::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:192.0.2.7", False),
    ],
)
def test_what_never_leaves_this_machine(host: str, is_local: bool) -> None:
    ours, theirs = socket.socketpair()
    with theirs, closing(Connection(ours, host)) as connection:
        assert connection.is_local == is_local


def test_who_is_set_up_like_another_need_not_be_again() -> None:
    (ours, theirs), (like, other) = tcp_pair(), tcp_pair()
    with ours, theirs, like, other:
        assert not is_set_up(ours, like)
        set_up(like)
        assert not is_set_up(ours, like)
        set_up(ours)
        assert is_set_up(ours, like)


def test_nothing_is_known_of_one_who_cannot_be_asked() -> None:
    (ours, theirs), (like, other) = tcp_pair(), tcp_pair()
    with theirs, like, other:
        set_up(like)
        ours.close()
        assert not is_set_up(ours, like)


def test_on_a_unix_socket_there_is_nothing_to_be_set_up() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        set_up(ours)
        assert is_set_up(ours, theirs)
