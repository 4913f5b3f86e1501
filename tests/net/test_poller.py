"""The pollers: who is ready, asked of real descriptors and without waiting."""

import fcntl
import os
import select
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.net.poller import EpollPoller, Poller, Ready, SelectPoller, named
from tests.net.fakes import all_descriptors, tcp_pair

Pair = tuple[socket.socket, socket.socket]

NOBODY = Ready([], [])


@pytest.fixture(params=["select", "epoll"])
def poller(request: pytest.FixtureRequest) -> Poller:
    return a_poller(request.param)


def a_poller(name: str) -> Poller:
    """That one, if there is one on this system."""
    try:
        return named(name)()
    except ValueError as why:
        pytest.skip(str(why))


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield ours, theirs


def fill(sender: socket.socket) -> None:
    """Send until the kernel takes no more."""
    with suppress(BlockingIOError):
        while sender.send(bytes(65536)):
            pass


def test_nobody_is_ready_where_nobody_is_asked_for(poller: Poller) -> None:
    assert poller.wait(0) == NOBODY


def test_silence_is_not_readable(poller: Poller, pair: Pair) -> None:
    poller.read(pair[0].fileno())
    assert poller.wait(0) == NOBODY


def test_bytes_are_readable_until_they_are_read(poller: Poller, pair: Pair) -> None:
    ours, theirs = pair
    poller.read(ours.fileno())
    theirs.send(b"hi")
    assert poller.wait(0) == Ready([ours.fileno()], [])
    assert poller.wait(0) == Ready([ours.fileno()], [])
    ours.recv(2)
    assert poller.wait(0) == NOBODY


def test_the_end_is_readable(poller: Poller, pair: Pair) -> None:
    ours, theirs = pair
    poller.read(ours.fileno())
    theirs.shutdown(socket.SHUT_WR)
    assert poller.wait(0) == Ready([ours.fileno()], [])


def test_room_in_the_kernel_is_writable(poller: Poller, pair: Pair) -> None:
    ours = pair[0]
    poller.write(ours.fileno())
    assert poller.wait(0) == Ready([], [ours.fileno()])


def test_a_full_kernel_is_not_writable_until_somebody_reads(
    poller: Poller, pair: Pair
) -> None:
    ours, theirs = pair
    fill(ours)
    poller.write(ours.fileno())
    assert poller.wait(0) == NOBODY
    while poller.wait(0) == NOBODY:
        theirs.recv(65536)
    assert poller.wait(0) == Ready([], [ours.fileno()])


def test_one_can_be_both(poller: Poller, pair: Pair) -> None:
    ours, theirs = pair
    theirs.send(b"hi")
    poller.read(ours.fileno())
    poller.write(ours.fileno())
    assert poller.wait(0) == Ready([ours.fileno()], [ours.fileno()])


def test_asking_twice_is_told_once(poller: Poller, pair: Pair) -> None:
    ours = pair[0]
    poller.write(ours.fileno())
    poller.write(ours.fileno())
    assert poller.wait(0) == Ready([], [ours.fileno()])


def interested_in_both(poller: Poller, pair: Pair) -> int:
    """A descriptor that is readable and writable, and asked for both."""
    ours, theirs = pair
    theirs.send(b"hi")
    poller.read(ours.fileno())
    poller.write(ours.fileno())
    poller.wait(0)
    return ours.fileno()


def test_lost_interest_in_reading(poller: Poller, pair: Pair) -> None:
    descriptor = interested_in_both(poller, pair)
    poller.stop_reading(descriptor)
    assert poller.wait(0) == Ready([], [descriptor])


def test_lost_interest_in_writing(poller: Poller, pair: Pair) -> None:
    descriptor = interested_in_both(poller, pair)
    poller.stop_writing(descriptor)
    assert poller.wait(0) == Ready([descriptor], [])


def test_what_is_forgotten_may_be_closed(poller: Poller, pair: Pair) -> None:
    descriptor = interested_in_both(poller, pair)
    poller.forget(descriptor)
    pair[0].close()
    assert poller.wait(0) == NOBODY


def test_no_interest_is_easily_lost(poller: Poller, pair: Pair) -> None:
    ours, theirs = pair
    poller.write(ours.fileno())
    poller.stop_reading(theirs.fileno())
    poller.stop_writing(theirs.fileno())
    poller.forget(theirs.fileno())
    assert poller.wait(0) == Ready([], [ours.fileno()])


def test_interest_comes_back(poller: Poller, pair: Pair) -> None:
    descriptor = interested_in_both(poller, pair)
    poller.forget(descriptor)
    poller.wait(0)
    poller.read(descriptor)
    poller.write(descriptor)
    assert poller.wait(0) == Ready([descriptor], [descriptor])


def test_a_wait_has_an_end(poller: Poller, pair: Pair) -> None:
    poller.read(pair[0].fileno())
    assert poller.wait(0.001) == NOBODY


def test_a_signal_does_not_end_the_wait(poller: Poller, pair: Pair) -> None:
    rings: list[int] = []
    poller.read(pair[0].fileno())
    before = signal.signal(signal.SIGALRM, lambda number, _: rings.append(number))
    # Whoever watches over the tests may have set this alarm, too.
    alarm = signal.setitimer(signal.ITIMER_REAL, 0.001)
    try:
        while not rings:
            assert poller.wait(0.01) == NOBODY
    finally:
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *alarm)
    assert rings == [signal.SIGALRM]


def test_a_look_does_not_wait(poller: Poller, pair: Pair) -> None:
    ours, theirs = pair
    poller.read(ours.fileno())
    assert poller.look() == Ready([], [])
    theirs.sendall(b"hi")
    assert poller.look() == Ready([ours.fileno()], [])


def test_all_who_are_ready_are_told_at_once(poller: Poller) -> None:
    # Whoever serves them in turn would not come round if some were left out.
    with ExitStack() as end:
        pairs = [socket.socketpair() for _ in range(50)]
        for each in pairs:
            for side in each:
                end.enter_context(side)
            poller.write(each[0].fileno())
        assert sorted(poller.wait(0).writable) == sorted(a.fileno() for a, _ in pairs)


@pytest.mark.parametrize(
    ("asks", "told"),
    [
        pytest.param(["read"], (True, False), id="who reads"),
        pytest.param(["write"], (False, True), id="who writes"),
        pytest.param(["read", "write"], (True, True), id="who does both"),
        pytest.param(["read", "stop_reading"], (False, False), id="nobody else"),
        pytest.param(["read", "write", "forget"], (False, False), id="nor any more"),
    ],
)
def test_a_loss_is_told_to_who_can_find_out(
    poller: Poller, asks: list[str], told: tuple[bool, bool]
) -> None:
    ours, theirs = tcp_pair()
    descriptor = ours.fileno()
    poller.write(theirs.fileno())
    with ours:
        # To close with something unread, and without lingering, is to reset.
        ours.send(b"unread")
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        poller.forget(theirs.fileno())
        theirs.close()
        for ask in asks:
            getattr(poller, ask)(descriptor)
        ready = poller.wait(5 if any(told) else 0)
        assert (descriptor in ready.readable, descriptor in ready.writable) == told


def test_it_is_told_what_is_of_interest(poller: Poller, pair: Pair) -> None:
    descriptor = interested_in_both(poller, pair)
    poller.read(pair[1].fileno())
    assert poller.statistics() == {"reading": 2, "writing": 1, "waits": 1}
    poller.forget(descriptor)
    poller.look()
    assert poller.statistics() == {"reading": 1, "writing": 0, "waits": 1}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["read", "write", "stop_reading", "stop_writing", "forget", "says"]
            ),
            st.integers(0, 2),
        )
    )
)
def test_epoll_tells_what_select_tells(steps: list[tuple[str, int]]) -> None:
    pollers = [a_poller("select"), a_poller("epoll")]
    with ExitStack() as end:
        pairs = [socket.socketpair() for _ in range(3)]
        for each in chain(*pairs):
            end.enter_context(each)
        for step, number in steps:
            ours, theirs = pairs[number]
            if step == "says":
                theirs.send(b"x")
                continue
            for poller in pollers:
                getattr(poller, step)(ours.fileno())
        told = [poller.look() for poller in pollers]
        for ready in told:
            ready.readable.sort()
            ready.writable.sort()
        assert told[0] == told[1]


# Select.


def test_the_lists_are_made_again_only_after_a_change(
    pair: Pair,
) -> None:
    poller = SelectPoller()
    descriptor = interested_in_both(poller, pair)
    reading, writing = poller._read_list, poller._write_list
    assert (reading, writing) == ([descriptor], [descriptor])

    poller.wait(0)
    assert poller._read_list is reading
    assert poller._write_list is writing

    # Losing what one does not have is no change.
    poller.forget(pair[1].fileno())
    poller.wait(0)
    assert poller._read_list is reading
    assert poller._write_list is writing

    poller.stop_reading(descriptor)
    poller.wait(0)
    assert poller._read_list == []
    assert poller._write_list is writing


def test_a_descriptor_that_was_closed_is_our_fault_and_told_at_once(
    pair: Pair,
) -> None:
    poller = SelectPoller()
    poller.read(pair[0].fileno())
    pair[0].close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        poller.wait(None)


# Epoll.


class Ledger:
    """Stands between a poller and its epoll, and writes down what it is told."""

    def __init__(self, poller: EpollPoller) -> None:
        self.told: list[tuple[str, int]] = []
        self._epoll, poller._epoll = poller._epoll, self  # type: ignore[assignment]

    def register(self, _descriptor: int, events: int) -> None:
        self.told.append(("register", events))

    def modify(self, _descriptor: int, events: int) -> None:
        self.told.append(("modify", events))

    def unregister(self, _descriptor: int) -> None:
        self.told.append(("unregister", 0))


@pytest.fixture
def epoll() -> EpollPoller:
    poller = a_poller("epoll")
    assert isinstance(poller, EpollPoller)
    return poller


def test_the_kernel_is_told_each_change_once_and_nothing_else(
    epoll: EpollPoller, pair: Pair
) -> None:
    ledger, descriptor = Ledger(epoll), pair[0].fileno()
    for ask in (
        *(epoll.stop_reading, epoll.forget),
        *(epoll.read, epoll.read),
        *(epoll.write, epoll.write),
        *(epoll.stop_reading, epoll.stop_reading),
        *(epoll.read, epoll.forget, epoll.forget),
    ):
        ask(descriptor)
    both = select.EPOLLIN | select.EPOLLOUT
    assert ledger.told == [
        ("register", select.EPOLLIN),
        ("modify", both),
        ("modify", select.EPOLLOUT),
        ("modify", both),
        ("unregister", 0),
    ]


def test_a_descriptor_that_was_closed_is_told_with_the_next_change(
    epoll: EpollPoller, pair: Pair
) -> None:
    epoll.read(pair[0].fileno())
    number = pair[0].fileno()
    pair[0].close()
    with pytest.raises(OSError, match=r"Bad file descriptor|No such file"):
        epoll.forget(number)


def test_it_sees_what_select_cannot(epoll: EpollPoller, pair: Pair) -> None:
    with all_descriptors() as most:
        if most <= SelectPoller.reach:
            pytest.skip("this machine lends no program that many descriptors")
        far = fcntl.fcntl(pair[0].fileno(), fcntl.F_DUPFD, SelectPoller.reach)
        try:
            epoll.write(far)
            assert epoll.wait(0) == Ready([], [far])
            epoll.forget(far)
        finally:
            os.close(far)


# Which one.


def test_each_has_a_name() -> None:
    assert named("select") is SelectPoller
    with pytest.raises(ValueError, match="select or epoll"):
        named("kqueue")


def test_a_system_without_epoll_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(select, "epoll", raising=False)
    with pytest.raises(ValueError, match="no epoll"):
        named("epoll")
