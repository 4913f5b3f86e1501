"""The roster: everybody who is connected, and what is waited for with each.

The poller is told what is of interest, and that changes for few reasons, which
all stand here.  A session is read from unless

* lines of its are left over, which come first (`pause`);
* it is behind with reading what it asked for (`mute`);
* it waits for the outcome of something that is done aside (`is_waiting`);
* it has finished talking (`has_finished`);

and it is waited for as writable only while the kernel has taken less than it
was offered (`block`).  Interest is changed where it changes and never rebuilt:
with a thousand sessions, nearly all of them want the same as a turn before.

Next: chat/server/hearing.py
"""

from collections import deque
from collections.abc import Iterator
from typing import Final

from chat.net.poller import Poller
from chat.server.session import Session

# Of the doomed one turn closes so many at most, as long as it has not taken so many
# seconds, or it would take too long when a whole house is lost at once.
SWEPT_A_TURN: Final = 100
SWEEPING: Final = 0.02


class Roster:
    """All sessions by descriptor, the unfinished and the doomed among them."""

    def __init__(self, poller: Poller) -> None:
        self._poller = poller
        self._sessions: dict[int, Session] = {}
        # Those whose lines are left over from the turn before.
        self._unfinished: dict[int, Session] = {}
        # Those who are to be closed, in this turn or the next ones.
        self.doomed = deque[Session]()
        # Those to whom no bytes are sent but from their own outbox, by session.
        self.aside: dict[int, None] = {}
        # The session with that descriptor, or None.
        self.find = self._sessions.get

    def __len__(self) -> int:
        return len(self._sessions)

    def __iter__(self) -> Iterator[Session]:
        """Everybody, also while some leave."""
        return iter(list(self._sessions.values()))

    def add(self, session: Session) -> None:
        """Read from *session* from now on."""
        self._sessions[session.connection.descriptor] = session
        self._poller.read(session.connection.descriptor)

    def remove(self, session: Session) -> None:
        """Nothing more is wanted of *session*; its descriptor can be closed."""
        descriptor = session.connection.descriptor
        self._unfinished.pop(descriptor, None)
        self.aside.pop(session.id, None)
        del self._sessions[descriptor]
        self._poller.forget(descriptor)

    # What is waited for.

    def stop_reading(self, session: Session) -> None:
        """Read nothing from *session* until it is among the unfinished again."""
        self._poller.stop_reading(session.connection.descriptor)

    def put_off(self, session: Session) -> None:
        """Go on with *session* in the next turn."""
        if not (session.doom or session.is_muted or session.is_waiting):
            self._unfinished[session.connection.descriptor] = session

    def unfinished(self) -> list[int]:
        """The descriptors of those whose lines are left over."""
        return list(self._unfinished)

    def is_due(self) -> bool:
        """Whether something is left over that the next turn is for."""
        return bool(self._unfinished or self.doomed)

    def resume(self, session: Session) -> bool:
        """Read from *session* again; whether it has lines left over, to do first."""
        if self._unfinished.pop(session.connection.descriptor, None) is None:
            return False
        if not session.has_finished:
            self._poller.read(session.connection.descriptor)
        return True

    def mute(self, session: Session) -> None:
        """Hear nothing more from somebody who is behind with reading.

        Whoever does not read his answers could otherwise ask for them without
        end, and fill our memory with what he will never take.
        """
        session.is_muted = True
        self.stop_reading(session)
        self._unfinished.pop(session.connection.descriptor, None)

    def unmute(self, session: Session) -> None:
        """The next turn reads on, and first does the lines left over."""
        session.is_muted = False
        # It was he who did not read, and not we who did not listen.
        session.held_up_since = None
        self.put_off(session)

    def block(self, session: Session) -> None:
        """The kernel took less than it was offered: wait until it takes more."""
        session.is_blocked = True
        self._sort(session)
        self._poller.write(session.connection.descriptor)

    def unblock(self, session: Session) -> None:
        """Nothing is left to be written."""
        session.is_blocked = False
        self._sort(session)
        self._poller.stop_writing(session.connection.descriptor)

    def edit(self, session: Session, *, on: bool) -> None:
        """What is said to *session* is drawn around the line being typed, or not."""
        if session.is_edited != on:
            session.is_edited = on
            self._sort(session)

    def _sort(self, session: Session) -> None:
        if session.is_blocked or session.is_edited or session.doom:
            self.aside[session.id] = None
        else:
            self.aside.pop(session.id, None)

    # Who is to be closed.

    def doom(self, session: Session, reason: str = "closed") -> None:
        """Mark *session* to be closed by a sweep; others will see *reason*.

        That may take some turns, and until then nothing more is done for it.
        """
        if session.doom:
            return
        session.doom = reason
        self._sort(session)
        self.doomed.append(session)
        session.set_timer(None)
        # A peer that is lost is always ready.
        self._unfinished.pop(session.connection.descriptor, None)
        self._poller.forget(session.connection.descriptor)

    def take_doomed(self) -> Iterator[Session]:
        """One after the other to be closed now, while somebody asks for more."""
        for _ in range(SWEPT_A_TURN):
            if not self.doomed:
                return
            yield self.doomed.popleft()

    def statistics(self) -> dict[str, int]:
        """How many there are of each kind that an operator may ask about."""
        told = ("is_decided", "is_blocked", "is_muted", "is_throttled", "is_closing")
        counts = dict.fromkeys(told, 0)
        for session in self._sessions.values():
            for name in told:
                counts[name] += bool(getattr(session, name))
        return {
            "all": len(self),
            "unfinished": len(self._unfinished),
            **{name.removeprefix("is_"): count for name, count in counts.items()},
        }
