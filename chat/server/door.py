"""The door: who is let in, and what is said to those who are not.

People are let in until the seats are taken: the poller and the machine both count
descriptors.  So that a few do not take the seats of all others, only so many come
in from one address, which in IPv6 is a network of 64 bits, because that is what one
customer is given.  (Those who take a seat and then never say who they are do not
keep it: see `liveness`.)

Whoever is turned away is told so in a line that both dialects read.

Next: chat/server/loop.py
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache, partial
from ipaddress import IPv6Address, ip_address
from typing import Final

from chat.net.address import ADMIN
from chat.net.connection import Connection, Lost
from chat.net.listener import Exhausted, Listener, Spare
from chat.net.log import Level
from chat.sections import LimitsConfig
from chat.server.logbook import Logbook
from chat.server.machine import Machine
from chat.server.schedule import Schedule
from chat.wire.outbox import Outbox

# Arrivals in one turn: enough for a crowd, few enough to keep the talk going.
ACCEPTS_A_TURN: Final = 64
# And so many are turned away each time that the machine has nothing left.
SENT_HOME_A_REST: Final = 500
# How long accepting rests when the machine has nothing left, in seconds.
REST: Final = 1.0

FULL: Final = "Every seat here is taken. Please try again later."
TOO_MANY_FROM_YOU: Final = "There are too many connections from your address."
_LINE: Final = b"ERROR :%s\r\n"


class Door:
    """The listeners, and the rules for coming in."""

    def __init__(
        self,
        listeners: list[Listener],
        machine: Machine,
        limits: LimitsConfig,
        schedule: Schedule,
        logbook: Logbook,
    ) -> None:
        self._listeners = {listener.descriptor: listener for listener in listeners}
        self._poller = machine.poller
        self._seats = machine.capacity
        self.limits = limits
        self._schedule = schedule
        self._logbook = logbook
        self._spare = Spare()
        self._has_rested = False
        # The last turn in which somebody came and no seat was free.
        self._full_in = -1
        self._inside = 0
        self._from: dict[str, int] = {}
        self.admitted = 0
        self.refused = 0
        for descriptor in self._listeners:
            self._poller.read(descriptor)

    def listener(self, descriptor: int) -> Listener | None:
        """The listener with that descriptor."""
        return self._listeners.get(descriptor)

    def let_in(self, listener: Listener) -> Iterator[Connection]:
        """Whoever has connected and may come in, a crowd at a time."""
        is_full = self._is_full(listener)
        if is_full and self._may_make_room():
            return
        for _ in range(ACCEPTS_A_TURN):
            if self._is_full(listener) is not is_full:
                # The last seat is taken: in the next turn there may be others.
                return
            try:
                connection = listener.accept()
            except Exhausted as exhausted:
                # Whoever waits keeps the listener readable.  Without a rest,
                # the poller would report it at once, again and again.
                self._logbook.note(
                    f"accepting rests for a second: {exhausted}", Level.WARNING
                )
                if self._has_rested:
                    self._send_home(listener)
                self._rest(listener)
                return
            self._has_rested = False
            if connection is None:
                return
            if reason := self._objection(connection, listener.address.scheme):
                self._turn_away(connection, reason)
            else:
                yield connection

    def _is_full(self, listener: Listener) -> bool:
        """Whether no seat is free; those who run the house come in though."""
        return self._inside >= self._seats and listener.address.scheme != ADMIN

    def _may_make_room(self) -> bool:
        """Whether who comes had better wait for a turn, which was not done before.

        Who leaves in it is heard after who comes.  When a whole house comes back, for
        its network has failed, each of them leaves and comes in the same moment.
        """
        before, self._full_in = self._full_in, self._schedule.turn
        return before != self._full_in - 1

    def enter(self, host: str) -> None:
        """Somebody from *host* takes a seat."""
        self.admitted += 1
        self._inside += 1
        source = network(host)
        self._from[source] = self._from.get(source, 0) + 1

    def leave(self, host: str) -> None:
        """Somebody from *host* gives the seat back."""
        self._inside -= 1
        source = network(host)
        self._from[source] -= 1
        if not self._from[source]:
            del self._from[source]

    def shut(self) -> None:
        """Accept nobody any more."""
        for listener in self._listeners.values():
            self._poller.forget(listener.descriptor)
            listener.close()
        self._listeners.clear()
        self._spare.lend()

    def statistics(self) -> dict[str, int]:
        """Who has come and who is there."""
        return {
            "inside": self._inside,
            "seats": self._seats,
            "addresses": len(self._from),
            "admitted": self.admitted,
            "refused": self.refused,
        }

    def _send_home(self, listener: Listener) -> None:
        """Turn away those who wait, with the one descriptor kept for that.

        A rest has not helped.  Without this they would all go on waiting, and
        whoever comes when there is room again would wait behind them.
        """
        for _ in range(SENT_HOME_A_REST):
            self._spare.lend()
            try:
                connection = listener.accept()
                if connection is not None:
                    self._turn_away(connection, FULL)
            except Exhausted:
                connection = None
            finally:
                self._spare.take_back()
            if connection is None:
                return

    def _objection(self, connection: Connection, scheme: str) -> str:
        """Why *connection* cannot come in; nothing if it can."""
        if connection.descriptor >= self._poller.reach:
            return FULL
        if scheme == ADMIN:
            # Those who run the house come in while every seat is taken.
            return ""
        if self._inside >= self._seats:
            return FULL
        if self._is_limited(connection.host):
            neighbours = self._from.get(network(connection.host), 0)
            if neighbours >= self.limits.per_address:
                return TOO_MANY_FROM_YOU
        return ""

    def _is_limited(self, host: str) -> bool:
        return self.limits.enabled and is_counted(
            host, exempts_loopback=self.limits.exempt_loopback
        )

    def _turn_away(self, connection: Connection, reason: str) -> None:
        self.refused += 1
        text = f"turned away {connection.host}: {reason}"
        self._logbook.note_often(reason, text)
        line = _LINE % reason.encode()
        outbox = Outbox(soft=len(line), hard=len(line))
        outbox.append(line)
        with suppress(Lost):
            # Unread bytes would make the close a reset, which overtakes the words.
            connection.receive()
            connection.flush(outbox)
        connection.close()

    def _rest(self, listener: Listener) -> None:
        """Accept nobody for a second: descriptors may come free meanwhile."""
        self._has_rested = True
        self._poller.stop_reading(listener.descriptor)
        self._schedule.later(REST, partial(self._accept_again, listener))

    def _accept_again(self, listener: Listener) -> None:
        # Not if it was closed meanwhile: a poller does not put up with a
        # descriptor that is closed.
        if listener.descriptor in self._listeners:
            self._poller.read(listener.descriptor)


def is_address(host: str) -> bool:
    """Whether *host* is an address, and not the name of something local."""
    return ":" in host or "." in host


# Asked for each who comes, and a thousand may come from one address.
@lru_cache(maxsize=1024)
def is_counted(host: str, *, exempts_loopback: bool) -> bool:
    """Whether it is counted how many come from *host*, or what they do."""
    if not is_address(host):
        return False
    return not (exempts_loopback and ip_address(host).is_loopback)


def network(host: str) -> str:
    """What counts as one address: an IPv6 one with its neighbours of a /64."""
    if ":" not in host:
        return host
    # A link-local address carries its interface behind a per cent sign.
    prefix = int(IPv6Address(host.partition("%")[0])) >> 64
    return f"{prefix:x}::/64"
