"""The machine: how many people it has room for, and what it lends."""

import resource
import select
import subprocess
import sys

import pytest

from chat.net.clock import Clock
from chat.net.log import Log
from chat.net.poller import SelectPoller
from chat.server.machine import RESERVED, capacity, this_machine
from chat.store.memory import MemoryStore

# In a process of its own: nobody can raise a hard limit again.
WITH_A_LIMIT = """
import resource, sys
from chat.net.poller import named
from chat.server.machine import this_machine
soft, hard, name = *map(int, sys.argv[1:3]), sys.argv[3]
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
machine = this_machine(poller=named(name)())
print(machine.capacity, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("soft", "hard", "poller", "people", "taken"),
    [
        pytest.param(256, 256, "select", 232, 256, id="all but the reserved"),
        pytest.param(1024, 1024, "select", 1000, 1024, id="as far as select reaches"),
        pytest.param(2048, 2048, "select", 1000, 2048, id="select reaches no further"),
        pytest.param(256, 2048, "select", 1000, 1024, id="what can be of use is taken"),
        pytest.param(64, 64, "select", 40, 64, id="and nothing that is not allowed"),
        pytest.param(256, 2048, "epoll", 2024, 2048, id="epoll reaches further"),
        pytest.param(12000, 12000, "epoll", 4072, 12000, id="but not to the end"),
    ],
)
def test_people_are_counted_in_descriptors(
    soft: int, hard: int, poller: str, people: int, taken: int
) -> None:
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if allowed != resource.RLIM_INFINITY and hard > allowed:
        pytest.skip("this machine lends no program that many descriptors")
    if poller == "epoll" and not hasattr(select, "epoll"):
        pytest.skip("this system has no epoll")
    numbers = [str(soft), str(hard), poller]
    said = subprocess.check_output(  # noqa: S603 - ourselves
        [sys.executable, "-c", WITH_A_LIMIT, *numbers], text=True
    )
    assert said.split() == [str(people), str(taken)]


def test_there_is_room_for_one_person_at_least() -> None:
    assert capacity(RESERVED) == 1


def test_a_poller_can_be_brought_along() -> None:
    poller = SelectPoller()
    assert this_machine(poller=poller).poller is poller


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
