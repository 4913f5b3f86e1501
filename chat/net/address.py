"""Addresses: where to listen and what is spoken there.

    auto://127.0.0.1:2428    auto://[::1]:2428    0.0.0.0:2428    2428
    irc://0.0.0.0:6667       telnet://2323        unix:///run/chat.sock

A bare port means loopback, in both families: opening the house to others is
something that one has to write down.  Hosts are literal addresses, because this
server never asks the DNS anything.

The scheme says what is spoken: ``plain`` and ``telnet`` are for people, ``irc``
for IRC clients, and ``auto`` listens first and then decides.  ``unix`` does the
same on a socket that is a file.

Next: chat/net/listener.py
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final

# The socket of those who run the house.  Nobody can ask for another one.
ADMIN: Final = "admin"
SCHEMES: Final = ("auto", "plain", "telnet", "irc", "unix")
_NOT_YET: Final = ("ircs", "ws", "wss")
_LOOPBACK: Final = ("127.0.0.1", "::1")
# What fits into Linux's sockaddr_un, in bytes, with the NUL behind it.
_LONGEST_PATH: Final = 107


@dataclass(frozen=True, slots=True)
class Address:
    """One place to listen, or the place where a peer is.

    A socket that is a file has a `path`, and neither host nor port.  `may_fail`
    marks the IPv6 half of a bare port: many machines have no ::1, and that is no
    error.
    """

    host: str
    port: int
    scheme: str = "auto"
    may_fail: bool = False
    path: str = ""

    @property
    def is_loopback(self) -> bool:
        """Only this machine can reach it."""
        return bool(self.path) or ip_address(self.host).is_loopback

    @property
    def to_dial(self) -> str:
        """What somebody on this machine would call it."""
        if self.path:
            return self.path
        itself = ip_address(self.host)
        here = itself.is_loopback or itself.is_unspecified
        return "localhost" if here else self.host

    @property
    def is_v6(self) -> bool:
        """It is an IPv6 address."""
        return ":" in self.host

    def __str__(self) -> str:
        host = f"[{self.host}]" if self.is_v6 else self.host
        place = self.path or f"{host}:{self.port}"
        return place if self.scheme == "auto" else f"{self.scheme}://{place}"


def admin(data: Path) -> Address:
    """Where those who run the house find it: a socket among its *data*.

    Raises:
        ValueError: the folder's path is too long for a socket.
    """
    path = str(data / "admin.sock")
    return Address("", 0, ADMIN, path=_path(path, path))


def parse(text: str) -> list[Address]:
    """The addresses that *text*, a ``--listen`` flag, stands for.

    Raises:
        ValueError: in words that say what is allowed.
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "auto", text
    if scheme not in SCHEMES:
        raise ValueError(f"{text}: {_no_such(scheme)}")
    if scheme == "unix":
        return [Address("", 0, scheme, path=_path(text, rest))]
    host, _, port_text = rest.rpartition(":")
    port = _port(text, port_text)
    if not host or host == "localhost":
        four, six = _LOOPBACK
        if port == 0:
            # Any free port: two families would get two different ones.
            return [Address(four, 0, scheme)]
        return [Address(four, port, scheme), Address(six, port, scheme, may_fail=True)]
    return [Address(_literal(text, host), port, scheme)]


def _no_such(scheme: str) -> str:
    there_is = ", ".join(f"{each}://" for each in SCHEMES)
    if scheme in _NOT_YET:
        return f"{scheme}:// does not exist yet, only {there_is}"
    return f"{scheme}:// is not spoken here, only {there_is}"


def _path(text: str, path: str) -> str:
    if not path:
        raise ValueError(f"{text}: give a path, such as unix:///run/chat.sock")
    if len(path.encode(errors="surrogateescape")) > _LONGEST_PATH:
        raise ValueError(
            f"{text}: a socket's path is at most {_LONGEST_PATH} bytes long"
        )
    return path


def _port(text: str, digits: str) -> int:
    # `isdecimal` alone would let the digits of other scripts through.
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= 5
    if not (is_number and int(digits) < 65536):
        raise ValueError(f"{text}: a port is a number from 0 to 65535")
    return int(digits)


def _literal(text: str, host: str) -> str:
    if host == "*":
        return "0.0.0.0"  # noqa: S104 - the operator asked for every interface
    try:
        # Without its brackets one cannot tell where an IPv6 address ends.
        if host.startswith("[") and host.endswith("]"):
            return str(IPv6Address(host[1:-1]))
        return str(IPv4Address(host))
    except ValueError:
        raise ValueError(
            f"{text}: give an address such as 127.0.0.1 or [::1], not a name"
        ) from None
