"""The wakeup: a way to end the poller's wait from outside.

A signal arrives at any time, also just before ``select`` begins to wait, and a
flag set by its handler would then go unseen.  So the byte that the interpreter
writes for each signal goes into a socketpair whose other end is among the
readable: what comes early is not lost, and what comes late ends the wait.
(The self-pipe trick, D. J. Bernstein.)
"""

import signal
import socket
from contextlib import suppress


class Wakeup:
    """A pair of sockets: signals ring one end, the loop reads the other."""

    def __init__(self) -> None:
        self._inside, self._outside = socket.socketpair()
        self._inside.setblocking(False)
        self._outside.setblocking(False)
        self.descriptor = self._inside.fileno()

    def hear_signals(self) -> None:
        """Let the interpreter ring for each signal that has a handler."""
        signal.set_wakeup_fd(self._outside.fileno(), warn_on_full_buffer=False)

    def ring(self, number: int = 0) -> None:
        """End the wait; *number* is what `rung` will tell."""
        # With no room for another byte, there is enough to end the wait.
        with suppress(BlockingIOError):
            self._outside.send(bytes([number]))

    def rung(self) -> bytes:
        """The numbers that were rung since the last look, one byte each."""
        try:
            return self._inside.recv(4096)
        except BlockingIOError:
            return b""

    def close(self) -> None:
        """Give both ends back; signals ring no more."""
        if signal.set_wakeup_fd(-1) not in (-1, self._outside.fileno()):
            raise AssertionError("somebody else listens to signals")
        self._inside.close()
        self._outside.close()
