"""Offload: what is done aside, and what follows from it on the loop."""

from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Event, current_thread
from typing import TypeAlias

import pytest

from chat.net.poller import SelectPoller
from chat.net.wakeup import Wakeup
from chat.server.offload import QUEUE, Offload
from chat.server.session import Session
from tests.fakes import FakeOffload
from tests.server.test_session import a_session

Make: TypeAlias = Callable[[Callable[[], None]], Offload]


class Desk:
    """A loop's end of it: it waits until it is rung, and then looks."""

    def __init__(self, make: Make) -> None:
        self.wakeup = Wakeup()
        self.offload = make(self.wakeup.ring)
        self.session = a_session()
        self.said: list[str] = []
        self._poller = SelectPoller()
        self._poller.read(self.wakeup.descriptor)

    def asks(self, work: Callable[[], bool]) -> bool:
        return self.offload.do(
            self.session, work, if_so=self._says("yes"), if_not=self._says("no")
        )

    def waits_for(self, count: int) -> list[str]:
        """Do what follows, until so much has been done."""
        while len(self.said) < count:
            assert self._poller.wait(10).readable, "nothing rings"
            self.wakeup.rung()
            for session, act in self.offload.finished():
                act(session)
        return self.said

    def close(self) -> None:
        self.offload.close()
        self.wakeup.close()

    def _says(self, word: str) -> Callable[[Session], None]:
        return lambda session: self.said.append(f"{word} to {session.id}")


@pytest.fixture(params=[Offload, FakeOffload], ids=["thread", "fake"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    with closing(Desk(request.param)) as desk:
        yield desk


def test_what_follows_depends_on_what_came_of_it(desk: Desk) -> None:
    assert desk.asks(lambda: True)
    assert desk.asks(lambda: False)
    assert desk.waits_for(2) == ["yes to 3", "no to 3"]
    assert desk.offload.finished() == []


def test_there_is_room_again_when_some_is_done(desk: Desk) -> None:
    for _ in range(QUEUE):
        assert desk.asks(lambda: True)
    assert not desk.asks(lambda: True)
    desk.waits_for(QUEUE)
    assert desk.asks(lambda: True)
    desk.waits_for(QUEUE + 1)


def test_nothing_asked_is_no_thread() -> None:
    with closing(Desk(Offload)) as desk:
        assert desk.offload._thread is None


def test_it_is_done_by_somebody_else_while_the_loop_goes_on() -> None:
    workers: list[str] = []
    go_on = Event()

    def work() -> bool:
        workers.append(current_thread().name)
        return go_on.wait(10)

    with closing(Desk(Offload)) as desk:
        desk.asks(work)
        assert desk.offload.statistics() == {"waiting": 1, "room": QUEUE}
        go_on.set()
        assert desk.waits_for(1) == ["yes to 3"]
        assert workers == ["offload"]


def test_what_cannot_be_checked_is_not_right() -> None:
    def work() -> bool:
        raise ZeroDivisionError

    with closing(Desk(Offload)) as desk:
        desk.asks(work)
        assert desk.waits_for(1) == ["no to 3"]


def test_what_nobody_waits_for_is_done_aside(desk: Desk) -> None:
    done: list[str] = []
    desk.offload.aside(lambda: done.append("swept"))
    desk.asks(lambda: True)
    assert desk.waits_for(1) == ["yes to 3"]
    assert done == ["swept"]
    assert desk.offload.statistics()["waiting"] == 0


def test_after_the_end_nothing_is_begun() -> None:
    done: list[str] = []
    with closing(Desk(Offload)) as desk:
        desk.offload.close()
        desk.offload.aside(lambda: done.append("swept"))
        assert not desk.asks(lambda: True)
        assert desk.offload._thread is None
        assert (done, desk.offload._jobs.empty()) == ([], True)
