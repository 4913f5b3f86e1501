"""The daemon: from a configuration to a server that runs until it is told to stop.

Next: chat/net/address.py
"""

import gc
import os
import shlex
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Final

from chat.config import Config
from chat.net.address import ADMIN, Address
from chat.net.listener import Listener
from chat.net.poller import named
from chat.server.loop import Server
from chat.server.machine import this_machine
from chat.server.steward import Steward, Surroundings

# Objects that may pile up before the collector looks for cycles among them.
GARBAGE: Final = 20_000
# For so long a helper thread may keep the interpreter when the loop wants it, in
# seconds: the loop gives it up at each call of SQLite, a hundred times for one answer.
SWITCH: Final = 0.0001


def serve(
    config: Config,
    listeners: list[Listener],
    around: Surroundings,
    when_ready: Callable[[], None],
) -> None:
    """Serve on *listeners* until SIGTERM or SIGINT."""
    poller = named(config.server.poller)()
    machine = this_machine(around.log, around.store, poller)
    server = Server(config, listeners, machine)
    steward = Steward(server, config, around)
    # In this order: a signal that has a handler and rings nothing would be lost.
    server.wakeup.hear_signals()
    for number in server.on:
        signal.signal(number, _rung)
    # What exists now lives as long as the server.  The collector need not look
    # at it again, nor after every few lines for garbage that hardly ever is.
    gc.freeze()
    gc.set_threshold(GARBAGE)
    sys.setswitchinterval(SWITCH)
    try:
        # Whoever started us need not know of the socket that is for his tools.
        public = [each for each in listeners if each.address.scheme != ADMIN]
        _announce(public)
        when_ready()
        steward.begin(", ".join(str(listener.address) for listener in public))
        server.run()
    finally:
        server.close()


def detach() -> Callable[[], None]:
    """Go on in the background, without a terminal (daemon(7)).

    The process that was started waits meanwhile, and ends as well as this one
    begins: with 0 once the function that is returned has been called, with 1 if
    this one ends before that.
    """
    reading, writing = os.pipe()
    sys.stdout.flush()
    if os.fork():
        os.close(writing)
        os._exit(0 if os.read(reading, 1) else 1)
    os.close(reading)
    # A session without a terminal; and not its leader, who could get one again.
    os.setsid()
    if os.fork():
        os._exit(0)
    os.chdir("/")
    os.umask(0o077)

    def let_go() -> None:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        os.close(nowhere)
        os.write(writing, b"!")
        os.close(writing)

    return let_go


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
