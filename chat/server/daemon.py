"""The daemon: from a configuration to a server that runs until it is told to stop.

Next: chat/net/address.py
"""

import resource
import signal
import sys
from types import FrameType
from typing import Final

from chat.config import Config
from chat.net.clock import Clock
from chat.net.listener import Listener
from chat.net.poller import ROOM, SelectPoller
from chat.server.loop import Machine, Server

# Descriptors that people never get: standard streams, listeners, the wakeup,
# and what a store, a log and an operator's connection will need.
RESERVED: Final = 24


def serve(config: Config, listeners: list[Listener]) -> None:
    """Serve on *listeners* until SIGTERM or SIGINT."""
    server = Server(config, listeners, Machine(Clock(), SelectPoller(), seats()))
    # In this order: a signal that has a handler and rings nothing would be lost.
    server.wakeup.hear_signals()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _rung)
    try:
        _announce(listeners)
        server.run()
    finally:
        server.close()


def seats() -> int:
    """How many people fit: select and the machine both count descriptors."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = ROOM if soft == resource.RLIM_INFINITY else min(soft, ROOM)
    return max(1, most - RESERVED)


def _rung(_number: int, _frame: FrameType | None) -> None:
    """Have a handler, so that the interpreter rings the wakeup."""


def _announce(listeners: list[Listener]) -> None:
    """Say where, and to whom: whoever started us reads exactly this."""
    for listener in listeners:
        address = listener.address
        whom = "this machine only" if address.is_loopback else "anyone who can reach it"
        sys.stdout.write(f"Listening on {address}, open to {whom}.\n")
    address = listeners[0].address
    sys.stdout.write(f"Try it: nc {address.to_dial} {address.port}\n")
    sys.stdout.flush()
