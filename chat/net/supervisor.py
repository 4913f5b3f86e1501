"""The supervisor: whoever started us may pass us sockets, and wants to be told.

That is systemd, or what speaks as it does: sockets that were bound for us are
descriptors from 3 on (``sd_listen_fds(3)``), and how we are goes in datagrams to
a socket of its own (``sd_notify(3)``).  Both are asked for in the environment, by
variables that are nobody's business after us.

Nothing here waits and nothing here fails: a supervisor that does not listen is
no reason not to serve.
"""

import os
import socket
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Final, TypeAlias

from chat.net.address import SCHEMES, Address
from chat.net.listener import CannotListen, Listener

_FIRST: Final = 3
_FAMILIES: Final = (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX)

Environment: TypeAlias = MutableMapping[str, str]


class Supervisor:
    """Whoever wants to know how we are; nobody, without a *where*.

    It wants a sign of life every `patience` seconds, unless that is 0.
    """

    def __init__(self, where: str = "", patience: float = 0.0) -> None:
        # A name that begins with @ is no file.
        self._where = where.replace("@", "\0", 1) if where.startswith("@") else where
        self.patience = patience

    @classmethod
    def named_in(cls, environment: Environment) -> "Supervisor":
        """The one that *environment* names, and names no longer."""
        where = environment.pop("NOTIFY_SOCKET", "")
        microseconds = _number(environment.pop("WATCHDOG_USEC", ""))
        whose = environment.pop("WATCHDOG_PID", "")
        if whose and whose != str(os.getpid()):
            microseconds = 0
        return cls(where, microseconds / 1_000_000)

    def tell(self, *facts: str) -> None:
        """Tell it *facts*, each ``NAME=VALUE``, if it can listen at once."""
        if not self._where:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as us:
            us.setblocking(False)
            us.sendto("\n".join(facts).encode(), self._where)


class Passed(Listener):
    """A listener that somebody else has opened for us."""

    def __init__(self, descriptor: int, scheme: str) -> None:
        what = f"the socket passed as descriptor {descriptor}"
        try:
            passed = socket.socket(fileno=descriptor)
        except OSError as error:
            raise CannotListen(f"{what} is none: {error.strerror}") from None
        if not _listens(passed):
            passed.close()
            raise CannotListen(f"{what} does not listen on an address")
        passed.setblocking(False)
        passed.set_inheritable(False)
        self._socket = passed
        self._file = None  # whose it is not ours to remove
        self.descriptor = descriptor
        self.address = _address(passed, scheme)


def passed_in(environment: Environment) -> list[Listener]:
    """The listeners that *environment* says were passed to us, and says no longer.

    Raises:
        CannotListen: one of them is of no use, and then none is left open.
    """
    whose = environment.pop("LISTEN_PID", "")
    count = _number(environment.pop("LISTEN_FDS", ""))
    names = environment.pop("LISTEN_FDNAMES", "").split(":")
    if whose != str(os.getpid()):
        return []
    listeners: list[Listener] = []
    for number in range(count):
        name = names[number] if number < len(names) else ""
        try:
            scheme = name if name in SCHEMES else "auto"
            listeners.append(Passed(_FIRST + number, scheme))
        except CannotListen:
            for listener in listeners:
                listener.close()
            raise
    return listeners


def _listens(passed: socket.socket) -> bool:
    if passed.family not in _FAMILIES or passed.type != socket.SOCK_STREAM:
        return False
    return bool(passed.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _address(passed: socket.socket, scheme: str) -> Address:
    name = passed.getsockname()
    if passed.family == socket.AF_UNIX:
        # One that is no file has a name that begins with a NUL.
        path = (
            name if isinstance(name, str) else f"@{name[1:].decode(errors='replace')}"
        )
        return Address("", 0, "unix", path=path)
    host, port, *_ = name
    return Address(host, port, "auto" if scheme == "unix" else scheme)


def _number(digits: str) -> int:
    """*digits* as a number; 0 if they are none."""
    return int(digits) if digits.isascii() and digits.isdecimal() else 0
