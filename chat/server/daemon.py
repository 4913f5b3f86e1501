"""The daemon: from a configuration to a server that runs until it is told to stop.

Next: chat/net/address.py
"""

import gc
import signal
import sys
from types import FrameType
from typing import Final

from chat.config import Config
from chat.net.listener import Listener
from chat.server.loop import LEAVE_ON, TELL_ON, Server
from chat.server.machine import this_machine

# Objects that may pile up before the collector looks for cycles among them.
GARBAGE: Final = 20_000


def serve(config: Config, listeners: list[Listener]) -> None:
    """Serve on *listeners* until SIGTERM or SIGINT."""
    server = Server(config, listeners, this_machine())
    # In this order: a signal that has a handler and rings nothing would be lost.
    server.wakeup.hear_signals()
    for number in (*LEAVE_ON, TELL_ON):
        signal.signal(number, _rung)
    # What exists now lives as long as the server.  The collector need not look
    # at it again, nor after every few lines for garbage that hardly ever is.
    gc.freeze()
    gc.set_threshold(GARBAGE)
    try:
        _announce(listeners)
        server.run()
    finally:
        server.close()


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
