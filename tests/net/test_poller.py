"""The poller: who is ready, asked of real descriptors and without waiting."""

import signal
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from chat.net.poller import Ready, SelectPoller

Pair = tuple[socket.socket, socket.socket]

NOBODY = Ready([], [])


@pytest.fixture
def poller() -> SelectPoller:
    return SelectPoller()


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


def test_nobody_is_ready_where_nobody_is_asked_for(poller: SelectPoller) -> None:
    assert poller.wait(0) == NOBODY


def test_silence_is_not_readable(poller: SelectPoller, pair: Pair) -> None:
    poller.read(pair[0].fileno())
    assert poller.wait(0) == NOBODY


def test_bytes_are_readable_until_they_are_read(
    poller: SelectPoller, pair: Pair
) -> None:
    ours, theirs = pair
    poller.read(ours.fileno())
    theirs.send(b"hi")
    assert poller.wait(0) == Ready([ours.fileno()], [])
    assert poller.wait(0) == Ready([ours.fileno()], [])
    ours.recv(2)
    assert poller.wait(0) == NOBODY


def test_the_end_is_readable(poller: SelectPoller, pair: Pair) -> None:
    ours, theirs = pair
    poller.read(ours.fileno())
    theirs.shutdown(socket.SHUT_WR)
    assert poller.wait(0) == Ready([ours.fileno()], [])


def test_room_in_the_kernel_is_writable(poller: SelectPoller, pair: Pair) -> None:
    ours = pair[0]
    poller.write(ours.fileno())
    assert poller.wait(0) == Ready([], [ours.fileno()])


def test_a_full_kernel_is_not_writable_until_somebody_reads(
    poller: SelectPoller, pair: Pair
) -> None:
    ours, theirs = pair
    fill(ours)
    poller.write(ours.fileno())
    assert poller.wait(0) == NOBODY
    while poller.wait(0) == NOBODY:
        theirs.recv(65536)
    assert poller.wait(0) == Ready([], [ours.fileno()])


def test_one_can_be_both(poller: SelectPoller, pair: Pair) -> None:
    ours, theirs = pair
    theirs.send(b"hi")
    poller.read(ours.fileno())
    poller.write(ours.fileno())
    assert poller.wait(0) == Ready([ours.fileno()], [ours.fileno()])


def test_asking_twice_is_told_once(poller: SelectPoller, pair: Pair) -> None:
    ours = pair[0]
    poller.write(ours.fileno())
    poller.write(ours.fileno())
    assert poller.wait(0) == Ready([], [ours.fileno()])


def interested_in_both(poller: SelectPoller, pair: Pair) -> int:
    """A descriptor that is readable and writable, and asked for both."""
    ours, theirs = pair
    theirs.send(b"hi")
    poller.read(ours.fileno())
    poller.write(ours.fileno())
    poller.wait(0)
    return ours.fileno()


def test_lost_interest_in_reading(poller: SelectPoller, pair: Pair) -> None:
    descriptor = interested_in_both(poller, pair)
    poller.stop_reading(descriptor)
    assert poller.wait(0) == Ready([], [descriptor])


def test_lost_interest_in_writing(poller: SelectPoller, pair: Pair) -> None:
    descriptor = interested_in_both(poller, pair)
    poller.stop_writing(descriptor)
    assert poller.wait(0) == Ready([descriptor], [])


def test_what_is_forgotten_may_be_closed(poller: SelectPoller, pair: Pair) -> None:
    descriptor = interested_in_both(poller, pair)
    poller.forget(descriptor)
    pair[0].close()
    assert poller.wait(0) == NOBODY


def test_no_interest_is_easily_lost(poller: SelectPoller, pair: Pair) -> None:
    ours, theirs = pair
    poller.write(ours.fileno())
    poller.stop_reading(theirs.fileno())
    poller.stop_writing(theirs.fileno())
    poller.forget(theirs.fileno())
    assert poller.wait(0) == Ready([], [ours.fileno()])


def test_interest_comes_back(poller: SelectPoller, pair: Pair) -> None:
    descriptor = interested_in_both(poller, pair)
    poller.forget(descriptor)
    poller.wait(0)
    poller.read(descriptor)
    poller.write(descriptor)
    assert poller.wait(0) == Ready([descriptor], [descriptor])


def test_the_lists_are_made_again_only_after_a_change(
    poller: SelectPoller, pair: Pair
) -> None:
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


def test_a_wait_has_an_end(poller: SelectPoller, pair: Pair) -> None:
    poller.read(pair[0].fileno())
    assert poller.wait(0.001) == NOBODY


def test_a_signal_does_not_end_the_wait(poller: SelectPoller, pair: Pair) -> None:
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


def test_a_descriptor_that_was_closed_is_our_fault_and_told_at_once(
    poller: SelectPoller, pair: Pair
) -> None:
    poller.read(pair[0].fileno())
    pair[0].close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        poller.wait(None)


def test_a_look_does_not_wait(poller: SelectPoller, pair: Pair) -> None:
    ours, theirs = pair
    poller.read(ours.fileno())
    assert poller.look() == Ready([], [])
    theirs.sendall(b"hi")
    assert poller.look() == Ready([ours.fileno()], [])
