"""Scenes with a kernel that fails: it costs that connection, and nobody else.

Nothing may be raised out of a turn: the table has no log, so that what is raised
ends the scene.
"""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.config import Config
from chat.net.address import Address
from chat.net.listener import Listener
from chat.server.door import FULL, REST
from chat.server.loop import LINGER, Server
from chat.server.machine import Machine
from tests.fakes import IMPATIENT, FakeClock, FakeSocket
from tests.journeys.table import Person, Table

NAMES = {
    name: getattr(errno, name)
    for name in (
        *("ECONNRESET", "EPIPE", "ECONNABORTED", "ENOTCONN", "ESHUTDOWN"),
        *("ETIMEDOUT", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN"),
        *("ENETRESET", "EPROTO", "EMSGSIZE", "EACCES", "EPERM", "EIO", "EBADF"),
        *("ENOBUFS", "ENOMEM", "ECONNREFUSED", "EINVAL", "ENOPROTOOPT"),
    )
}
LOSSES = [pytest.param(number, id=name) for name, number in NAMES.items()]

REASONS = {
    errno.ECONNRESET: "Connection reset",
    errno.EPIPE: "Connection reset",
    errno.ESHUTDOWN: "Connection reset",
    errno.ECONNABORTED: "Connection reset",
    errno.ETIMEDOUT: "Connection timed out",
}


@pytest.fixture(params=IMPATIENT)
def poller(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def reason(number: int) -> str:
    """What others are told: our own words for the usual, the system's for the rest."""
    return REASONS.get(number, os.strerror(number).capitalize())


def go_on_talking(speaker: Person, listener: Person) -> None:
    speaker.types("are you still there?")
    assert listener.sees() == [f"{speaker.name}: are you still there?"]


# A connection is lost.


@pytest.mark.parametrize("number", LOSSES)
def test_who_is_lost_while_speaking_has_left(table: Table, number: int) -> None:
    alice, bob, carol = table.seat("alice", "bob", "carol")
    alice.kernel.fails("recv", number)
    alice.types("hello")
    assert bob.sees() == [f"-- alice left ({reason(number)})."]
    assert carol.sees() == [f"-- alice left ({reason(number)})."]
    assert alice.kernel.fileno() == -1
    assert alice.is_cut_off()
    go_on_talking(bob, carol)


@pytest.mark.parametrize("number", LOSSES)
def test_who_is_lost_while_reading_has_left(table: Table, number: int) -> None:
    alice, bob, carol = table.seat("alice", "bob", "carol")
    alice.kernel.fails("send", number)
    bob.types("hello")
    assert bob.sees() == [f"-- alice left ({reason(number)})."]
    assert carol.sees() == ["bob: hello", f"-- alice left ({reason(number)})."]
    assert alice.kernel.fileno() == -1
    assert alice.is_cut_off()
    go_on_talking(bob, carol)


@pytest.mark.parametrize("number", LOSSES)
def test_who_is_lost_in_the_middle_of_a_line_has_left(
    table: Table, number: int
) -> None:
    alice, bob, carol = table.seat("alice", "bob", "carol")
    alice.kernel.takes(4)
    # The half comes first; the failure waits until there is room again.
    alice.kernel.fails("send", errno.EAGAIN, number)
    bob.types("hello")
    assert bob.sees() == [f"-- alice left ({reason(number)})."]
    assert carol.sees() == ["bob: hello", f"-- alice left ({reason(number)})."]
    alice.ignores_the_rest()
    go_on_talking(bob, carol)


def test_a_room_that_is_lost_at_once_leaves_one_by_one(table: Table) -> None:
    bob, *crowd, carol = table.seat("bob", "ann", "ben", "cid", "carol")
    for person in crowd:
        person.kernel.fails("send", errno.ENETDOWN)
    bob.types("hello")
    left = [f"-- {name} left (Network is down)." for name in ("ann", "ben", "cid")]
    assert bob.sees() == left
    assert carol.sees() == ["bob: hello", *left]
    go_on_talking(bob, carol)


def test_the_news_of_a_loss_may_bring_on_the_next(table: Table) -> None:
    bob, ann, carol = table.seat("bob", "ann", "carol")
    ann.kernel.fails("recv", errno.EIO)
    bob.kernel.fails("send", errno.EHOSTUNREACH)
    ann.types("hello")
    assert carol.sees() == [
        "-- ann left (Input/output error).",
        "-- bob left (No route to host).",
    ]


@pytest.mark.parametrize("call", ["recv", "send"])
def test_nobody_hears_of_who_never_had_a_name(table: Table, call: str) -> None:
    (bob,) = table.seat("bob")
    stranger = table.connect()
    stranger.kernel.fails(call, errno.ETIMEDOUT)
    stranger.types("/help")
    assert stranger.kernel.has_failed_as_told()
    assert stranger.kernel.fileno() == -1
    assert bob.sees() == []


def test_who_is_lost_after_good_bye_has_left_only_once(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.types("/quit")
    alice.ignores_the_rest()
    alice.kernel.fails("recv", errno.EIO)
    alice.types("one more thing")
    assert alice.kernel.fileno() == -1
    assert bob.sees() == ["-- alice left (Quit)."]


def test_who_is_lost_during_good_bye_has_left_only_once(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.kernel.fails("send", errno.EAGAIN, errno.EIO)
    alice.types("/quit")
    assert alice.kernel.fileno() == -1
    assert bob.sees() == ["-- alice left (Quit)."]


@pytest.mark.parametrize("number", [errno.EIO, errno.EINTR])
@pytest.mark.parametrize("how", ["quits", "vanishes"])
def test_a_close_that_fails_has_closed(table: Table, how: str, number: int) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.kernel.fails("close", number)
    if how == "quits":
        alice.types("/quit")
        alice.ignores_the_rest()
        alice.finishes_talking()
    else:
        alice.vanishes()
    assert alice.kernel.has_failed_as_told()
    assert alice.kernel.fileno() == -1
    assert len(bob.sees()) == 1
    bob.types("/who")
    assert bob.sees() == ["-- In #lobby: bob"]


def test_a_farewell_that_cannot_be_said_is_left_unsaid(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.kernel.fails("shutdown", errno.ENOTCONN)
    alice.types("/quit")
    alice.ignores_the_rest()
    table.wait(LINGER)
    assert alice.kernel.has_failed_as_told()
    assert alice.kernel.fileno() == -1
    assert bob.sees() == ["-- alice left (Quit)."]


# Nothing is lost.


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EINTR])
def test_not_now_is_later_when_speaking(table: Table, number: int) -> None:
    alice, bob = table.seat("alice", "bob")
    alice.kernel.fails("recv", *[number] * 3)
    alice.types("hello", "goodbye")
    assert alice.kernel.has_failed_as_told()
    assert bob.sees() == ["alice: hello", "alice: goodbye"]


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EINTR])
def test_not_now_is_later_when_reading(table: Table, number: int) -> None:
    alice, bob = table.seat("alice", "bob")
    bob.kernel.fails("send", *[number] * 3)
    alice.types("hello", "goodbye")
    assert bob.kernel.has_failed_as_told()
    assert bob.sees() == ["alice: hello", "alice: goodbye"]
    go_on_talking(alice, bob)


def all_that_comes(table: Table, readers: list[Person]) -> list[list[str]]:
    """What each reads until nothing more comes, however little at a time."""
    read = [b""] * len(readers)
    while any(new := [reader.reads() for reader in readers]):
        read = [old + more for old, more in zip(read, new, strict=True)]
        table.settle()
    return [data.decode().split("\r\n") for data in read]


def test_a_kernel_that_takes_a_byte_at_a_time_keeps_lines_whole(table: Table) -> None:
    alice, bob, *readers = table.seat("alice", "bob", "ann", "ben", "cid")
    for reader in readers:
        reader.kernel.mouthful = 1
    for number in range(19):
        alice.types(f"{number} from alice")
        bob.types(f"{number} from bob")
    expected = [
        line
        for number in range(19)
        for line in (f"alice: {number} from alice", f"bob: {number} from bob")
    ]
    assert all_that_comes(table, readers) == [[*expected, ""]] * 3
    table.clear()


# What a kernel does to one send after another.
FATES = st.lists(
    st.sampled_from([errno.EAGAIN, errno.EINTR]) | st.integers(-9, -1), max_size=30
)


@given(fates=FATES, lines=st.lists(st.text("abc", min_size=1), max_size=8))
@settings(deadline=None, max_examples=30)
def test_whatever_a_kernel_does_short_of_failing_nothing_is_lost(
    fates: list[int], lines: list[str]
) -> None:
    with closing(Table()) as table:
        alice, bob, carol = table.seat("alice", "bob", "carol")
        for fate in fates:
            if fate < 0:
                bob.kernel.takes(-fate)
            else:
                bob.kernel.fails("send", fate)
                alice.kernel.fails("recv", fate)
        alice.types(*lines)
        assert bob.sees() == carol.sees() == [f"alice: {line}" for line in lines]


# Somebody knocks.


class Door:
    """A server that listens, on a kernel that fails as it is told."""

    def __init__(self, poller: str, seats: int = 1000) -> None:
        self.clock = FakeClock()
        self.poller = IMPATIENT[poller]()
        listener = Listener(Address("127.0.0.1", 0))
        self.kernel = FakeSocket(listener._socket)
        listener._socket = self.kernel
        # As on a system where who is accepted has to be set up by himself.
        listener._hands_on = False
        self.server = Server(
            Config(), [listener], Machine(self.clock, self.poller, seats)
        )
        self.callers: list[socket.socket] = []

    def knock(self, count: int = 1) -> list[socket.socket]:
        """So many connect; they are in the backlog before this returns."""
        address = self.kernel.getsockname()
        callers = [socket.create_connection(address, timeout=5) for _ in range(count)]
        self.callers += callers
        return callers

    def settle(self) -> None:
        """Keep time, and then turn until a turn finds nothing to do."""
        self.server.turn()
        self.server.turn()
        while self.poller.found_something:
            self.server.turn()

    def inside(self) -> int:
        """How many have been let in."""
        return len(self.server._roster)

    def close(self) -> None:
        self.server.close()
        for caller in self.callers:
            caller.close()


@pytest.fixture
def door(poller: str) -> Iterator[Door]:
    with closing(Door(poller)) as door:
        yield door


def speaks(door: Door, caller: socket.socket, nick: str) -> bytes:
    caller.sendall(f"{nick}\n".encode())
    door.settle()
    return caller.recv(1000)


# Linux hands over what happened to the caller as if it had happened to us.
PASSED_ON = [
    pytest.param(getattr(errno, name), id=name)
    for name in (
        *("ECONNABORTED", "EINTR", "EAGAIN", "EPROTO", "ENETDOWN", "ENOPROTOOPT"),
        *("EHOSTDOWN", "EHOSTUNREACH", "EOPNOTSUPP", "ENETUNREACH", "ETIMEDOUT"),
        *("ENONET", "EPERM", "ECONNRESET", "EIO"),
    )
    if hasattr(errno, name)
]


@pytest.mark.parametrize("number", PASSED_ON)
def test_who_left_at_the_door_keeps_nobody_out(door: Door, number: int) -> None:
    door.kernel.fails("accept", number)
    first, second = door.knock(2)
    door.settle()
    assert door.kernel.has_failed_as_told()
    assert door.inside() == 2
    assert b"You are alice" in speaks(door, first, "alice")
    assert b"You are bob" in speaks(door, second, "bob")


def test_a_crowd_that_left_at_the_door_keeps_nobody_out(door: Door) -> None:
    door.kernel.fails("accept", *[errno.ECONNABORTED] * 200)
    (alice,) = door.knock()
    door.settle()
    assert b"You are alice" in speaks(door, alice, "alice")


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(errno.EMFILE, id="EMFILE"),
        pytest.param(errno.ENFILE, id="ENFILE"),
        pytest.param(errno.ENOBUFS, id="ENOBUFS"),
        pytest.param(errno.ENOMEM, id="ENOMEM"),
    ],
)
def test_a_machine_with_nothing_left_opens_the_door_a_second_later(
    door: Door, number: int
) -> None:
    (early,) = door.knock()
    door.settle()
    door.kernel.fails("accept", number)
    late = door.knock(2)
    door.settle()
    assert door.inside() == 1
    # Who is inside notices nothing, and nobody looks at the door too early.
    assert b"You are early" in speaks(door, early, "early")
    door.clock.advance(REST / 2)
    door.settle()
    assert door.inside() == 1
    door.clock.advance(REST / 2)
    door.settle()
    assert door.inside() == 3
    assert b"You are late" in speaks(door, late[1], "late")


def test_nothing_left_for_a_while_is_a_rest_each_second(door: Door) -> None:
    # From the second time on the spare descriptor is tried as well, in vain.
    door.kernel.fails("accept", *[errno.EMFILE] * 5)
    door.knock()
    inside = []
    for _ in range(4):
        door.settle()
        inside.append(door.inside())
        door.clock.advance(REST)
    assert inside == [0, 0, 0, 1]


def test_who_waits_too_long_for_a_descriptor_is_told_so(door: Door) -> None:
    door.kernel.fails("accept", errno.EMFILE, errno.EMFILE)
    crowd = door.knock(3)
    door.settle()
    assert door.inside() == 0
    door.clock.advance(REST)
    door.settle()
    # The spare one served to tell them, one after the other.
    assert [peer.recv(1000) for peer in crowd] == [f"ERROR :{FULL}\r\n".encode()] * 3
    door.knock()
    door.clock.advance(REST)
    door.settle()
    assert door.inside() == 1


def accepting(door: Door, call: str, number: int) -> None:
    """Let every socket that is accepted fail once, at *call*."""
    accept = door.kernel.accept

    def fake() -> tuple[socket.socket, object]:
        accepted, peer = accept()
        kernel = FakeSocket(accepted)
        kernel.fails(call, number)
        return kernel, peer

    door.kernel.accept = fake  # type: ignore[method-assign]


def test_options_that_are_refused_keep_nobody_out(door: Door) -> None:
    accepting(door, "setsockopt", errno.EINVAL)
    (alice,) = door.knock()
    door.settle()
    assert b"You are alice" in speaks(door, alice, "alice")


def test_who_cannot_even_be_turned_away_is_no_loss(poller: str) -> None:
    with closing(Door(poller, seats=1)) as door:
        (alice,) = door.knock()
        door.settle()
        accepting(door, "send", errno.EPIPE)
        (bob,) = door.knock()
        door.settle()
        assert bob.recv(100) == b""
        assert b"You are alice" in speaks(door, alice, "alice")


def test_a_door_that_will_not_close_is_closed(poller: str) -> None:
    door = Door(poller)
    door.kernel.fails("close", errno.EIO)
    door.close()
    assert door.kernel.has_failed_as_told()
    assert door.kernel.fileno() == -1
