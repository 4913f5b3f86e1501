"""The machine: what a server borrows from where it runs.

Tests lend it a clock that stands still and a poller that never waits.
"""

import random
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from chat.domain.ports import Store
from chat.net.clock import Clock
from chat.net.log import Log
from chat.net.poller import Poller, SelectPoller
from chat.server.offload import Offload
from chat.server.schedule import Time
from chat.store.memory import MemoryStore

# Descriptors that people never get: standard streams, listeners, the wakeup,
# and what a store, a log and an operator's connection will need.
RESERVED: Final = 24


@dataclass(frozen=True, slots=True)
class Machine:
    """A clock, a poller, a log, chance, and room for so many people.

    Without a log a fault is not survived, because nobody would learn of it.
    """

    clock: Time
    poller: Poller
    capacity: int
    log: Log | None = None
    # A number from 0 up to 1.
    chance: Callable[[], float] = random.random
    # What does the work that takes long; it rings when some is done.
    offload: Callable[[Callable[[], None]], Offload] = Offload
    store: Store = field(default_factory=MemoryStore)


def this_machine(
    log: Log | None = None, store: Store | None = None, poller: Poller | None = None
) -> Machine:
    """The one that this process runs on; its log is standard error if not *log*."""
    log = log or Log.on(sys.stderr)
    store = store or MemoryStore()
    poller = poller or SelectPoller()
    _take_what_is_allowed(poller.reach)
    return Machine(Clock(), poller, capacity(poller.reach), log, store=store)


def capacity(reach: int) -> int:
    """How many people fit: the poller and the machine both count descriptors."""
    return max(1, _descriptors(reach) - RESERVED)


def _descriptors(reach: int) -> int:
    """How many a server may have, and its poller can watch."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return reach if hard == resource.RLIM_INFINITY else min(hard, reach)


def _take_what_is_allowed(reach: int) -> None:
    """Have as many descriptors as can be of use.

    The soft limit is low for programs that may not know better, and who does may
    raise it; what an operator sets with ``ulimit -n`` is the hard one as well.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _descriptors(reach)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
