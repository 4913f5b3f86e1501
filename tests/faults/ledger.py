"""The ledger: how much of each conversation the kernel holds.

It is asked through netlink (sock_diag(7)) and not read from ``/proc/net/tcp``, which
lists the thousands of sockets in TIME_WAIT that earlier scenarios have left behind.
"""

import socket
import struct
from collections.abc import Iterator
from typing import Final, TypeAlias

from tests.faults.people import Address, Person

# From linux/netlink.h and linux/inet_diag.h.
_SOCK_DIAG, _DUMP, _DONE, _BY_FAMILY = 4, 0x301, 3, 20
_HEADER, _REQUEST = struct.Struct("=IHHII"), struct.Struct("=BBBxI48x")
_ADDRESSES, _QUEUES = struct.Struct(">HH4s12x4s"), struct.Struct("=II")
# All states but TIME_WAIT and LISTEN.
_STATES: Final = 0xFFF & ~(1 << 6) & ~(1 << 10)

# One end of a conversation, seen from there: here, there.
End: TypeAlias = tuple[Address, Address]


class Ledger:
    """What the queues of all sockets hold, at one moment."""

    def __init__(self, server: Address) -> None:
        self._server = server
        self._queues = dict(_ends())

    def to_person(self, person: Person) -> int:
        """Bytes that have left the server and were not read yet."""
        return self._between(self._server, person.address)

    def to_server(self, person: Person) -> int:
        """Bytes that have left *person* and were not read by the server yet."""
        return self._between(person.address, self._server)

    def _between(self, sender: Address, receiver: Address) -> int:
        _, sending = self._queues.get((sender, receiver), (0, 0))
        arrived, _ = self._queues.get((receiver, sender), (0, 0))
        return sending + arrived


def _ends() -> Iterator[tuple[End, tuple[int, int]]]:
    """Each socket's two ends, and its queues: arrived, and yet to be sent."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _SOCK_DIAG) as kernel:
        body = _REQUEST.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, _STATES)
        size = _HEADER.size + len(body)
        kernel.send(_HEADER.pack(size, _BY_FAMILY, _DUMP, 0, 0) + body)
        while True:
            data = kernel.recv(1 << 20)
            while data:
                size, kind, *_ = _HEADER.unpack_from(data)
                if kind == _DONE:
                    return
                yield _end(data[_HEADER.size : size])
                data = data[(size + 3) & ~3 :]


def _end(message: bytes) -> tuple[End, tuple[int, int]]:
    mine, theirs, here, there = _ADDRESSES.unpack_from(message, 4)
    arrived, sending = _QUEUES.unpack_from(message, 56)
    end = (socket.inet_ntoa(here), mine), (socket.inet_ntoa(there), theirs)
    return end, (arrived, sending)
