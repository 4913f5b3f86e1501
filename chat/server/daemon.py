"""The daemon: from a configuration to a server that runs until it is told to stop.

Next: chat/net/address.py
"""

import gc
import shlex
import signal
import sys
from types import FrameType
from typing import Final

from chat.config import Config
from chat.net.address import Address
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
    addresses = [listener.address for listener in listeners]
    for address in addresses:
        whom = "this machine only" if address.is_loopback else "anyone who can reach it"
        sys.stdout.write(f"Listening on {address}, open to {whom}.\n")
    for_people = [address for address in addresses if address.scheme != "irc"]
    sys.stdout.write(f"Try it: {_how_to_try([*for_people, *addresses][0])}\n")
    sys.stdout.flush()


def _how_to_try(address: Address) -> str:
    """What to type on this machine."""
    match address.scheme:
        case "unix":
            return f"nc -U {shlex.quote(address.to_dial)}"
        case "telnet":
            return f"telnet {address.to_dial} {address.port}"
        case "irc":
            return f"/connect {address.to_dial} {address.port}, in an IRC client"
        case _:
            return f"nc {address.to_dial} {address.port}"
