"""Arriving: who comes, in which order, and how long it takes."""

import socket
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from chat.bench import arriving
from chat.bench.arriving import Arrival, Arrivals
from chat.bench.crowd import Crowd, Gone
from chat.bench.speech import IRC
from chat.net.address import Address
from tests.bench.people import FakePerson

STEPS = [(["NICK a", "USER a"], b" 001 "), (["JOIN #r0"], b" 366 ")]


@pytest.fixture
def done() -> list[str]:
    return []


def arrival(person: FakePerson, done: list[str]) -> Arrival:
    return Arrival(person, STEPS, lambda: done.append("in"))


def test_one_says_a_step_when_the_last_one_is_answered(done: list[str]) -> None:
    person = FakePerson()
    arrival(person, done)
    assert person.sent == [b"NICK a\r\nUSER a\r\n"]
    person.receives(b":h NOTICE * :wait\r\n:h 00")
    person.receives(b"1 a :welcome\r\n")
    assert person.sent[1:] == [b"JOIN #r0\r\n"]
    person.receives(b":a JOIN #r0\r\n:h 366 a #r0 :end\r\n")
    assert done == ["in"]
    # What comes later is about others.
    person.receives(b":h 001 a :welcome\r\n:h 366 a #r0 :end\r\n")
    assert (done, len(person.sent)) == (["in"], 2)


def test_a_ping_is_answered_once_however_it_comes(done: list[str]) -> None:
    person = FakePerson()
    for part in (b"PING :one\r", b"\nPI", b"NG :two\r\n:h 001", b" a :", b"hi\r\n"):
        if part == b"PING :one\r":
            arrival(person, done)
        person.receives(part)
    assert person.sent[1:] == [b"PONG :one\r\n", b"PONG :two\r\n", b"JOIN #r0\r\n"]


class Server:
    """Somebody who listens, and lets in whom the test says."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.address = Address(*self._socket.getsockname()[:2])
        self.people: list[socket.socket] = []

    def welcome(self) -> None:
        """Answer everybody: who has just come, and who wants to be in a room."""
        for each in self.people:
            each.sendall(b":h 366 a #r0 :end\r\n")
        with suppress(BlockingIOError):
            while True:
                peer, _ = self._socket.accept()
                peer.sendall(b":h 001 a :hi\r\n")
                self.people.append(peer)

    def close(self) -> None:
        for each in (*self.people, self._socket):
            each.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with closing(Server()) as made:
        yield made


@pytest.fixture
def crowd(server: Server) -> Iterator[Crowd]:
    with closing(Crowd(server.address)) as made:
        yield made


def test_so_many_come_at_once(
    server: Server, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals = Arrivals(crowd, IRC)
    under_way: list[int] = []
    turn = crowd.turn

    def watched(most: float) -> None:
        under_way.append(len(arrivals.people) - len(arrivals.took))
        server.welcome()
        turn(most)

    monkeypatch.setattr(crowd, "turn", watched)
    arrivals.arrive([(number, 0) for number in range(7)], at_once=3)
    assert [*arrivals.people] == [*range(7)]
    assert len(arrivals.took) == 7
    assert max(under_way) == 3
    monkeypatch.setattr(crowd, "turn", turn)
    arrivals.settle()


def test_who_is_not_let_in_is_told_of(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "PATIENCE", 0.02)
    with pytest.raises(Gone, match="2 of 2 were not let in"):
        Arrivals(crowd, IRC).arrive([(0, 0), (1, 0)], at_once=2)


def test_where_there_is_no_quiet_is_told(
    server: Server, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals = Arrivals(crowd, IRC)
    turn = crowd.turn

    def noisy(most: float) -> None:
        server.welcome()
        for each in server.people:
            each.sendall(b":h NOTICE a :noise\r\n")
        turn(most)

    monkeypatch.setattr(crowd, "turn", noisy)
    arrivals.arrive([(0, 0)], at_once=1)
    monkeypatch.setattr(arriving, "PATIENCE", 0.05)
    with pytest.raises(Gone, match="no quiet"):
        arrivals.settle()
