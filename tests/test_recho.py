"""The remote echo: every byte comes back, in order, however slow its peer."""

import inspect
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import IO

import pytest

from chat import recho
from chat.net.address import Address
from chat.net.connection import READ_SIZE, Connection, Lost
from chat.net.listener import Exhausted, Listener

MEGABYTE = bytes(range(256)) * 4096
# Small buffers in the kernel, so that a megabyte does not fit into them.
SMALL = 8192
MOST_TURNS = 20_000


class Crowded(Listener):
    """A listener on a machine without descriptors, as long as it is `full`."""

    full = False

    def accept(self) -> Connection | None:
        if self.full:
            raise Exhausted
        return super().accept()


class House:
    """An echo on loopback, turned by hand, and its peers."""

    def __init__(self) -> None:
        self.listener = Crowded(Address("127.0.0.1", 0))
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            # Who is accepted inherits them.
            self.listener._socket.setsockopt(socket.SOL_SOCKET, option, SMALL)
        self.echo = recho.Echo(self.listener)
        self._sockets: list[socket.socket] = []

    def peer(self) -> socket.socket:
        """Somebody who has connected, and never waits."""
        peer = socket.socket()
        self._sockets.append(peer)
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            peer.setsockopt(socket.SOL_SOCKET, option, SMALL)
        peer.connect(("127.0.0.1", self.listener.address.port))
        peer.setblocking(False)
        return peer

    def turns(self) -> Iterator[int]:
        """Turns, each of them short, until somebody is content or it is hopeless."""
        for number in range(MOST_TURNS):
            self.echo.turn(0.01)
            yield number
        raise AssertionError("it never comes")

    def echo_to(self, peer: socket.socket, length: int) -> bytes:
        """The next *length* bytes that come back, or all until the end."""
        heard = b""
        for _ in self.turns():
            data = received(peer)
            heard += data or b""
            if data == b"" or len(heard) >= length:
                return heard
        return heard

    def rests(self) -> None:
        """Turn a few times more, though nothing is expected."""
        for _ in range(5):
            self.echo.turn(0)

    def waiting(self) -> list[int]:
        """How many bytes wait for each peer."""
        return [outbox.size() for _, outbox in self.echo._peers.values()]

    def close(self) -> None:
        for each in self._sockets:
            each.close()
        self.echo.close()


def received(peer: socket.socket) -> bytes | None:
    """What has arrived; nothing at the end; None if nothing has yet."""
    try:
        return peer.recv(1 << 16)
    except BlockingIOError:
        return None


def sent(peer: socket.socket, data: bytes) -> int:
    """How much of *data* the kernel takes now."""
    try:
        return peer.send(data)
    except BlockingIOError:
        return 0


def resets(peer: socket.socket) -> None:
    """Be gone at once, as after a crash."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def stuff(house: House, peer: socket.socket) -> int:
    """How much of a megabyte fits, if *peer* only talks and never reads."""
    taken, idle = 0, 0
    for _ in house.turns():
        now = sent(peer, MEGABYTE[taken:])
        taken, idle = taken + now, 0 if now else idle + 1
        assert max(house.waiting(), default=0) <= READ_SIZE
        if idle > 20:
            break
    return taken


@pytest.fixture
def house() -> Iterator[House]:
    with closing(House()) as house:
        yield house


# The server.


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([b"hi\n"], id="a line"),
        pytest.param([b"half a li"], id="half a line"),
        pytest.param([b"h", b"i", b"\n"], id="byte by byte"),
        pytest.param([b"\x00\xff\r\r\n"], id="what no text holds"),
    ],
)
def test_what_is_said_comes_back(house: House, pieces: list[bytes]) -> None:
    alice = house.peer()
    for piece in pieces:
        alice.sendall(piece)
        assert house.echo_to(alice, len(piece)) == piece


def test_who_says_nothing_hears_nothing(house: House) -> None:
    alice, bob = house.peer(), house.peer()
    bob.sendall(b"hi")
    assert house.echo_to(bob, 2) == b"hi"
    house.rests()
    assert received(alice) is None


def test_everybody_hears_himself_and_nobody_else(house: House) -> None:
    peers = [house.peer() for _ in range(5)]
    for number in range(10):
        for name, peer in zip("abcde", peers, strict=True):
            peer.sendall(f"{name}{number} ".encode())
    echoes = [house.echo_to(peer, 30) for peer in peers]
    assert echoes == [
        b"a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 ",
        b"b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 ",
        b"c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 ",
        b"d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 ",
        b"e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 ",
    ]


def test_who_only_talks_is_soon_not_heard_any_more(house: House) -> None:
    alice = house.peer()
    assert stuff(house, alice) < len(MEGABYTE)


def test_who_only_talks_is_nobody_elses_trouble(house: House) -> None:
    alice, bob = house.peer(), house.peer()
    stuff(house, alice)
    bob.sendall(b"hi")
    assert house.echo_to(bob, 2) == b"hi"


def test_who_reads_late_reads_everything(house: House) -> None:
    alice = house.peer()
    taken, heard = stuff(house, alice), b""
    for _ in house.turns():
        heard += received(alice) or b""
        taken += sent(alice, MEGABYTE[taken:])
        if len(heard) == len(MEGABYTE):
            break
    assert heard == MEGABYTE


def test_who_finishes_talking_reads_the_rest_and_the_end(house: House) -> None:
    alice = house.peer()
    taken = stuff(house, alice)
    alice.shutdown(socket.SHUT_WR)
    assert house.echo_to(alice, len(MEGABYTE)) == MEGABYTE[:taken]
    assert house.echo._peers == {}


def test_a_reset_ends_one_conversation_and_no_other(house: House) -> None:
    alice, bob = house.peer(), house.peer()
    bob.sendall(b"hi")
    assert house.echo_to(bob, 2) == b"hi"
    resets(alice)
    bob.sendall(b"still here")
    assert house.echo_to(bob, 10) == b"still here"
    assert len(house.echo._peers) == 1


def test_a_reset_ends_a_conversation_in_which_an_echo_is_owed(house: House) -> None:
    alice = house.peer()
    stuff(house, alice)
    resets(alice)
    house.rests()
    assert house.echo._peers == {}


def test_who_comes_when_all_seats_are_taken_waits_for_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recho, "SEATS", 2)
    alice, bob, carol = house.peer(), house.peer(), house.peer()
    for peer in (carol, bob, alice):
        peer.sendall(b"hi")
    assert [house.echo_to(peer, 2) for peer in (alice, bob)] == [b"hi", b"hi"]
    house.rests()
    assert received(carol) is None
    alice.close()
    assert house.echo_to(carol, 2) == b"hi"


def test_a_machine_without_descriptors_lets_somebody_in_when_one_has_left(
    house: House,
) -> None:
    alice = house.peer()
    alice.sendall(b"hi")
    assert house.echo_to(alice, 2) == b"hi"
    house.listener.full = True
    bob = house.peer()
    bob.sendall(b"hi")
    house.rests()
    assert received(bob) is None
    house.listener.full = False
    alice.close()
    assert house.echo_to(bob, 2) == b"hi"


# The client.


def test_who_asks_says_it_finishes_and_hears_the_answer() -> None:
    mine, other = socket.socketpair()
    with other, closing(Connection(mine, "the other")) as connection:
        other.sendall(b"an answer")
        other.shutdown(socket.SHUT_WR)
        assert recho.ask(connection, b"a question") == b"an answer"
        assert other.recv(100) == b"a question"
        assert other.recv(100) == b""


def test_who_asks_nobody_is_told_so() -> None:
    mine, other = socket.socketpair()
    other.close()
    with closing(Connection(mine, "nobody")) as connection, pytest.raises(Lost):
        recho.ask(connection, b"is anybody there?")


# The program.


@contextmanager
def a_program(*words: object) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m chat.recho``, which is killed at the end if it still runs."""
    command = [sys.executable, "-W", "default", "-m", "chat.recho", *map(str, words)]
    with subprocess.Popen(  # noqa: S603 - our own
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def a_free_port() -> int:
    """A port on loopback where nobody listens now."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port: int = nobody.getsockname()[1]
    return port


def can_be_read(pipe: IO[bytes] | None, seconds: float) -> bool:
    """Whether something comes out of *pipe*, or its end, within *seconds*."""
    assert pipe is not None
    return bool(select.select([pipe], [], [], seconds)[0])


def dialled(port: int, process: subprocess.Popen[bytes]) -> socket.socket:
    """A connection to *process*, as soon as it listens."""
    for _ in range(1000):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except ConnectionRefusedError:
            # Wait a moment, or for its complaint.
            assert not can_be_read(process.stderr, 0.01), "it complains"
    raise AssertionError("it never listens")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("hi", id="a word"),
        pytest.param("grüß dich 👋", id="a word in another script"),
        pytest.param("x" * 100_000, id="more than fits on the way"),
    ],
)
def test_the_client_prints_the_echo(house: House, text: str) -> None:
    with a_program("127.0.0.1", house.listener.address.port, text) as client:
        # Until it prints something, or has come to its end.
        for _ in house.turns():
            if can_be_read(client.stdout, 0):
                break
        said, complaints = client.communicate(timeout=20)
    assert (said.decode(), complaints) == (f"{text}\n", b"")
    assert client.returncode == 0


def test_the_server_serves_until_it_is_interrupted() -> None:
    port = a_free_port()
    with a_program("serve", port) as server:
        with dialled(port, server) as alice:
            alice.sendall(b"hi")
            assert alice.recv(100) == b"hi"
            server.send_signal(signal.SIGINT)
            assert alice.recv(100) == b""
        said, complaints = server.communicate(timeout=20)
    assert (server.returncode, said, complaints) == (0, b"", b"")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param([], "give serve PORT, or HOST PORT TEXT", id="no words"),
        pytest.param(
            ["serve", "irc"],
            "127.0.0.1:irc: a port is a number from 0 to 65535",
            id="no port",
        ),
    ],
)
def test_wrong_usage_is_explained_in_one_line(words: list[str], complaint: str) -> None:
    with a_program(*words) as process:
        said, complaints = process.communicate(timeout=20)
    assert (process.returncode, said) == (1, b"")
    assert complaints.decode() == f"recho: {complaint}\n"


def test_a_server_that_is_not_there_is_one_line() -> None:
    with a_program("127.0.0.1", a_free_port(), "hi") as process:
        said, complaints = process.communicate(timeout=20)
    assert (process.returncode, said) == (1, b"")
    assert complaints == b"recho: Connection refused\n"


# The promise: each half can be read at one sitting.


@pytest.mark.parametrize(
    "half",
    [
        pytest.param(recho.Echo, id="the server"),
        pytest.param(recho.ask, id="the client"),
    ],
)
def test_each_half_has_fewer_than_eighty_lines(half: Callable[..., object]) -> None:
    assert len(inspect.getsource(half).splitlines()) < 80
