"""The wakeup: what ends the wait from outside, signals above all."""

import os
import signal
import socket
from collections.abc import Iterator

import pytest

from chat.net.poller import Ready, SelectPoller
from chat.net.wakeup import Wakeup


@pytest.fixture
def wakeup() -> Iterator[Wakeup]:
    wakeup = Wakeup()
    yield wakeup
    wakeup.close()


@pytest.fixture
def poller(wakeup: Wakeup) -> SelectPoller:
    poller = SelectPoller()
    poller.read(wakeup.descriptor)
    return poller


@pytest.fixture
def usr1() -> Iterator[list[int]]:
    """SIGUSR1 has a handler, which notes that it ran."""
    handled: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _: handled.append(number))
    yield handled
    signal.signal(signal.SIGUSR1, before)


def test_it_is_silent_until_it_is_rung(wakeup: Wakeup, poller: SelectPoller) -> None:
    assert poller.wait(0) == Ready([], [])
    assert wakeup.rung() == b""


def test_ringing_ends_the_wait(wakeup: Wakeup, poller: SelectPoller) -> None:
    wakeup.ring()
    assert poller.wait(None) == Ready([wakeup.descriptor], [])


def test_every_ring_is_told_once_and_in_order(
    wakeup: Wakeup, poller: SelectPoller
) -> None:
    wakeup.ring(15)
    wakeup.ring()
    wakeup.ring(2)
    assert wakeup.rung() == b"\x0f\x00\x02"
    assert wakeup.rung() == b""
    assert poller.wait(0) == Ready([], [])


def test_ringing_more_than_anybody_hears_does_no_harm(wakeup: Wakeup) -> None:
    for _ in range(5000):
        wakeup.ring()
    assert wakeup.rung().startswith(b"\0\0\0")


@pytest.mark.usefixtures("usr1")
def test_a_signal_ends_the_wait(wakeup: Wakeup, poller: SelectPoller) -> None:
    wakeup.hear_signals()
    # It comes before the wait begins, when a mere flag would go unseen.
    os.kill(os.getpid(), signal.SIGUSR1)
    assert poller.wait(None) == Ready([wakeup.descriptor], [])
    assert wakeup.rung() == bytes([signal.SIGUSR1])


def test_the_handler_runs_as_well(wakeup: Wakeup, usr1: list[int]) -> None:
    wakeup.hear_signals()
    os.kill(os.getpid(), signal.SIGUSR1)
    assert usr1 == [signal.SIGUSR1]


@pytest.mark.usefixtures("usr1")
def test_a_signal_is_not_heard_unless_it_is_asked_for(wakeup: Wakeup) -> None:
    os.kill(os.getpid(), signal.SIGUSR1)
    assert wakeup.rung() == b""


def test_closing_gives_the_signals_back() -> None:
    wakeup = Wakeup()
    wakeup.hear_signals()
    wakeup.close()
    assert signal.set_wakeup_fd(-1) == -1


def test_closing_what_never_heard_signals_is_fine() -> None:
    wakeup = Wakeup()
    descriptor = wakeup.descriptor
    wakeup.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_two_who_want_the_signals_are_a_mistake() -> None:
    wakeup = Wakeup()
    wakeup.hear_signals()
    inside, outside = socket.socketpair()
    with inside, outside:
        outside.setblocking(False)
        signal.set_wakeup_fd(outside.fileno())
        with pytest.raises(AssertionError, match="somebody else listens to signals"):
            wakeup.close()
    wakeup.close()
