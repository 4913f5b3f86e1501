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
from chat.net.poller import ROOM, SelectPoller
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
    poller: SelectPoller
    capacity: int
    log: Log | None = None
    # A number from 0 up to 1.
    chance: Callable[[], float] = random.random
    # What does the work that takes long; it rings when some is done.
    offload: Callable[[Callable[[], None]], Offload] = Offload
    store: Store = field(default_factory=MemoryStore)


def this_machine(log: Log | None = None, store: Store | None = None) -> Machine:
    """The one that this process runs on; its log is standard error if not *log*."""
    log = log or Log.on(sys.stderr)
    store = store or MemoryStore()
    return Machine(Clock(), SelectPoller(), capacity(), log, store=store)


def capacity() -> int:
    """How many people fit: select and the machine both count descriptors."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = ROOM if soft == resource.RLIM_INFINITY else min(soft, ROOM)
    return max(1, most - RESERVED)
