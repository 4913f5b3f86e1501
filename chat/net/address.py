"""Addresses: where to listen and what is spoken there.

    auto://127.0.0.1:2428    auto://[::1]:2428    0.0.0.0:2428    2428

A bare port means loopback, in both families: opening the house to others is
something that one has to write down.  Hosts are literal addresses, because this
server never asks the DNS anything.

Next: chat/net/listener.py
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

SCHEMES: Final = ("auto",)
_LOOPBACK: Final = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Address:
    """One place to listen, or the place where a peer is.

    `may_fail` marks the IPv6 half of a bare port: many machines have no ::1,
    and that is no error.
    """

    host: str
    port: int
    scheme: str = "auto"
    may_fail: bool = False

    @property
    def is_loopback(self) -> bool:
        """Only this machine can reach it."""
        return ip_address(self.host).is_loopback

    @property
    def to_dial(self) -> str:
        """What somebody on this machine would call it."""
        itself = ip_address(self.host)
        here = itself.is_loopback or itself.is_unspecified
        return "localhost" if here else self.host

    @property
    def is_v6(self) -> bool:
        """It is an IPv6 address."""
        return ":" in self.host

    def __str__(self) -> str:
        host = f"[{self.host}]" if self.is_v6 else self.host
        return f"{host}:{self.port}"


def parse(text: str) -> list[Address]:
    """The addresses that *text*, a ``--listen`` flag, stands for.

    Raises:
        ValueError: in words that say what is allowed.
    """
    scheme, separator, rest = text.rpartition("://")
    scheme = scheme if separator else "auto"
    if scheme not in SCHEMES:
        raise ValueError(f"{text}: only auto:// is spoken here")
    host, _, port_text = rest.rpartition(":")
    port = _port(text, port_text)
    if not host or host == "localhost":
        four, six = _LOOPBACK
        if port == 0:
            # Any free port: two families would get two different ones.
            return [Address(four, 0, scheme)]
        return [Address(four, port, scheme), Address(six, port, scheme, may_fail=True)]
    return [Address(_literal(text, host), port, scheme)]


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
