"""The door: who is let in, and what is said to those who are not."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from struct import pack

import pytest

from chat.server.door import (
    ACCEPTS_A_TURN,
    FULL,
    TOO_MANY_FROM_YOU,
    is_address,
    network,
)
from tests.server.houses import House


@pytest.fixture
def houses() -> Iterator[list[House]]:
    houses: list[House] = []
    yield houses
    for house in houses:
        house.stack.close()


def told(peer: socket.socket) -> str:
    """The one line that somebody reads who is turned away."""
    line = peer.recv(1000)
    assert peer.recv(1000) == b"", "and then the end"
    assert line.startswith(b"ERROR :")
    assert line.endswith(b"\r\n")
    return line.decode()[7:-2]


def test_when_all_seats_are_taken_nobody_is_let_in(houses: list[House]) -> None:
    houses += [house := House(seats=1)]
    house.dial(saying=b"alice\n")
    assert told(house.dial()) == FULL
    assert house.inside() == 1


@pytest.mark.parametrize("is_rude", [True, False], ids=["a reset", "an end"])
@pytest.mark.parametrize("count", [3, 150])
def test_a_full_house_that_comes_back_at_once_finds_its_seats(
    houses: list[House], count: int, *, is_rude: bool
) -> None:
    houses += [house := House("limits.enabled=false", seats=count)]
    address = ("127.0.0.1", house.listener.address.port)
    for peer in [house.dial(saying=b"NICK a\r\n") for _ in range(count)]:
        if is_rude:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, pack("ii", 1, 0))
        peer.close()
    for _ in range(count):
        house.stack.enter_context(socket.create_connection(address))
    for _ in range(20):
        house.server.turn()
    door = house.server.statistics()["door"]
    assert (door["inside"], door["admitted"], door["refused"]) == (count, 2 * count, 0)


def test_those_who_run_the_house_come_in_when_all_seats_are_taken(
    houses: list[House],
) -> None:
    houses += [house := House("limits.per_address=1", seats=1)]
    house.listener.address = replace(house.listener.address, scheme="admin")
    house.dial()
    house.dial(saying=b"help\n").close()
    assert house.inside() == 2


def test_a_crowd_comes_in_over_some_turns(houses: list[House]) -> None:
    houses += [house := House("limits.enabled=false")]
    address = ("127.0.0.1", house.listener.address.port)
    for _ in range(ACCEPTS_A_TURN + 10):
        house.stack.enter_context(socket.create_connection(address))
    for let_in in (ACCEPTS_A_TURN, 10):
        crowd = list(house.server._door.let_in(house.listener))
        assert len(crowd) == let_in
        for connection in crowd:
            connection.close()


def test_from_one_address_come_only_so_many(houses: list[House]) -> None:
    houses += [house := House("limits.per_address=2")]
    first, _second = house.dial(), house.dial()
    assert told(house.dial()) == TOO_MANY_FROM_YOU
    house.dial("127.0.0.2")
    assert house.inside() == 3
    first.close()
    house.server.turn()
    house.dial()
    assert house.inside() == 3


@pytest.mark.parametrize(
    "setting", ["limits.enabled=false", "limits.exempt_loopback=true"]
)
def test_the_limit_of_an_address_can_be_lifted(
    houses: list[House], setting: str
) -> None:
    houses += [house := House("limits.per_address=2", setting)]
    for _ in range(5):
        house.dial()
    assert house.inside() == 5


@pytest.mark.parametrize(
    ("silent", "chance", "stay"),
    [
        pytest.param(4, 0.0, 4, id="up to half of the seats: nobody goes"),
        pytest.param(5, 0.5, 5, id="above half of them: sometimes nobody"),
        pytest.param(5, 0.49, 4, id="and sometimes one"),
        pytest.param(6, 0.99, 5, id="at three quarters: always one"),
    ],
)
def test_the_more_are_without_a_name_the_sooner_one_goes(
    houses: list[House], silent: int, chance: float, stay: int
) -> None:
    houses += [house := House(seats=8, chance=chance)]
    # alice has a name, and so nobody sends her away.
    house.dial(saying=b"alice\n")
    for _ in range(silent - 1):
        house.dial()
    house.clock.advance(1)
    house.server.turn()
    assert house.inside() == silent
    house.dial()
    house.clock.advance(1)
    house.server.turn()
    house.server._sweep()
    still = [s for s in house.server._roster if not s.is_closing]
    assert len(still) == stay + 1


def test_a_crowd_that_gives_its_names_crowds_nobody_out(houses: list[House]) -> None:
    houses += [house := House(seats=8, chance=0.0)]
    crowd = [house.dial() for _ in range(8)]
    for number, peer in enumerate(crowd):
        peer.sendall(b"guest%d\n" % number)
    house.server.turn()
    house.clock.advance(1)
    house.server.turn()
    assert house.server._fanout.statistics()["named"] == 8


def test_who_goes_is_told_why(houses: list[House]) -> None:
    houses += [house := House(seats=1, chance=0.0)]
    peer = house.dial()
    house.clock.advance(1)
    house.server.turn()
    *_, said, end = peer.recv(1000).decode().split("\r\n")
    assert said == "-- Good-bye: Too many are here without a name; please try again."
    assert end == ""


def test_what_was_said_already_does_not_destroy_the_answer(
    houses: list[House],
) -> None:
    houses += [house := House(seats=1)]
    house.dial()
    refused = house.dial(saying=b"NICK bob\r\nUSER bob 0 * :bob\r\n")
    assert told(refused) == FULL


@pytest.mark.parametrize(
    ("host", "counts_as"),
    [
        pytest.param("192.0.2.7", "192.0.2.7", id="IPv4"),
        pytest.param("2001:db8::7", "20010db800000000::/64", id="IPv6"),
        pytest.param("2001:db8::ffff:7", "20010db800000000::/64", id="a neighbour"),
        pytest.param("2001:db8:0:1::7", "20010db800000001::/64", id="the next network"),
        pytest.param("fe80::1%eth0", "fe80000000000000::/64", id="link-local"),
        pytest.param("::1", "0::/64", id="loopback"),
    ],
)
def test_what_counts_as_one_address(host: str, counts_as: str) -> None:
    assert network(host) == counts_as


def test_a_local_socket_has_no_address() -> None:
    assert not is_address("unix")
    assert is_address("::1")
    assert is_address("192.0.2.7")


def test_an_operator_sees_who_came(houses: list[House]) -> None:
    houses += [house := House("limits.per_address=2", seats=100)]
    for _ in range(3):
        house.dial()
    assert house.server.statistics()["door"] == {
        "inside": 2,
        "seats": 100,
        "addresses": 1,
        "admitted": 2,
        "refused": 1,
    }
