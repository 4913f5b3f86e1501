"""The crowd: many connections in one loop, and scripts that wait for lines."""

import re
import socket
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from chat.bench.crowd import Crowd, Gone, Person, Script
from chat.net.address import Address


class Server:
    """Somebody who listens on loopback, and does what the test says."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = Address(*self.socket.getsockname()[:2])
        self._accepted: list[socket.socket] = []

    def accept(self) -> socket.socket:
        peer, _ = self.socket.accept()
        self._accepted.append(peer)
        return peer

    def close(self) -> None:
        for each in (*self._accepted, self.socket):
            each.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with closing(Server()) as made:
        yield made


@pytest.fixture
def crowd(server: Server) -> Iterator[Crowd]:
    with closing(Crowd(server.address)) as made:
        yield made


def test_lines_are_heard_whole_however_they_come(server: Server, crowd: Crowd) -> None:
    person = crowd.comes()
    heard: list[bytes] = []
    person.hears = heard.append
    peer = server.accept()
    for part in (b"on", b"e\r\ntwo\r\nth", b"ree\r\n"):
        peer.sendall(part)
        crowd.turn(1.0)
    assert crowd.until(lambda: len(heard) == 3, 5.0)
    assert heard == [b"one\r", b"two\r", b"three\r"]
    assert person.heard == 3


def test_what_is_said_arrives_and_a_ping_is_answered(
    server: Server, crowd: Crowd
) -> None:
    person = crowd.comes()
    peer = server.accept()
    person.says("hello", "there")
    assert peer.recv(100) == b"hello\r\nthere\r\n"
    peer.sendall(b"PING :abc\r\nmore\r\n")
    assert crowd.until(lambda: person.heard == 2, 5.0)
    assert peer.recv(100) == b"PONG :abc\r\n"


def test_more_than_the_kernel_takes_goes_out_in_turns(
    server: Server, crowd: Crowd
) -> None:
    person = crowd.comes()
    peer = server.accept()
    peer.setblocking(False)
    line = "x" * 1_000_000
    person.says(*[line] * 10)
    received = 0

    def has_all() -> bool:
        nonlocal received
        with suppress(BlockingIOError):
            received += len(peer.recv(1 << 20))
        return received == 10 * (len(line) + 2)

    assert person.outbox
    assert crowd.until(has_all, 20.0)
    assert not person.outbox


def test_a_script_waits_for_lines_and_for_time(server: Server, crowd: Crowd) -> None:
    person = crowd.comes()
    peer = server.accept()
    found: list[bytes] = []

    def script(who: Person) -> Script:
        who.says("begin")
        welcome = yield re.compile(rb"welcome (\w+)")
        found.append(welcome[1])
        yield 0.01
        who.says("end")
        again = yield re.compile(rb"bye")
        found.append(again[0])

    person.follows(script(person))
    assert crowd.busy() == 1
    peer.sendall(b"other\r\nwelcome bob\r\n")
    assert crowd.until(lambda: len(found) == 1, 5.0)
    crowd.wait(0.05)
    assert peer.recv(100) == b"begin\r\nend\r\n"
    # While it waits for time it hears nothing; and once it is over, it leaves.
    peer.sendall(b"bye\r\n")
    assert crowd.until(lambda: not crowd.busy(), 5.0)
    assert found == [b"bob", b"bye"]
    assert peer.recv(100) == b""


def test_who_has_left_does_not_go_on(server: Server, crowd: Crowd) -> None:
    person = crowd.comes()
    server.accept()
    went_on: list[bool] = []

    def script() -> Script:
        yield 0.01
        went_on.append(True)

    person.follows(script())
    person.leaves()
    crowd.wait(0.05)
    assert not went_on
    assert not crowd.busy()


def test_a_lost_connection_is_told_of(server: Server, crowd: Crowd) -> None:
    crowd.comes()
    server.accept().close()
    with pytest.raises(Gone):
        crowd.wait(5.0)


def test_what_does_not_come_true_ends_in_time(crowd: Crowd) -> None:
    assert not crowd.until(lambda: False, 0.02)


def test_who_acknowledges_at_once_reads_the_same(server: Server) -> None:
    with closing(Crowd(server.address, quickack=True)) as quick:
        person = quick.comes()
        heard: list[bytes] = []
        person.hears = heard.append
        server.accept().sendall(b"hello\r\n")
        assert quick.until(lambda: heard == [b"hello\r"], 5.0)


def test_later_is_in_order(crowd: Crowd) -> None:
    done: list[int] = []
    crowd.after(0.02, lambda: done.append(2))
    crowd.after(0.01, lambda: done.append(1))
    assert crowd.until(lambda: len(done) == 2, 5.0)
    assert done == [1, 2]
