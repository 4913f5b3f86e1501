"""The machine: how many people it has room for, and what it lends."""

import resource
import sys

import pytest

from chat.net.clock import Clock
from chat.net.log import Log
from chat.net.poller import SelectPoller
from chat.server.machine import capacity, this_machine
from chat.store.memory import MemoryStore


@pytest.mark.parametrize(
    ("descriptors", "people"),
    [
        pytest.param(256, 232, id="all but the reserved"),
        pytest.param(1024, 1000, id="as far as select reaches"),
        pytest.param(2048, 1000, id="select reaches no further"),
        pytest.param(24, 1, id="nothing but the reserved: one person all the same"),
    ],
)
def test_people_are_counted_in_descriptors(descriptors: int, people: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and descriptors > hard:
        pytest.skip("this machine lends no program that many descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, hard))
    try:
        assert capacity() == people
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_this_machine_lends_the_real_things() -> None:
    machine = this_machine()
    assert isinstance(machine.clock, Clock)
    assert isinstance(machine.poller, SelectPoller)
    assert machine.log is not None
    assert machine.log._descriptor == sys.stderr.fileno()
    assert isinstance(machine.store, MemoryStore)


def test_what_is_brought_along_is_lent_instead() -> None:
    log, store = Log(-1), MemoryStore()
    machine = this_machine(log, store)
    assert machine.log is log
    assert machine.store is store
