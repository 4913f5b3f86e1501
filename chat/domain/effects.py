"""Effects: what the shell must do now.

The hub names an audience and never its members: who is in a room, in which
dialect and on which socket, is fan-out's to know.  It knows because the hub
tells it, with the other effects, whenever that changes.  Effects are carried
out in their order, so a `Deliver` before a `Seat` does not reach the newcomer.

Next: chat/domain/records.py
"""

from dataclasses import dataclass
from typing import TypeAlias

from chat.domain.events import Event
from chat.domain.extracts import Extract
from chat.domain.records import Record
from chat.domain.value import value


@value
class ToRoom:
    """Everyone in a room."""

    id: int


@value
class ToNeighbours:
    """Everyone who shares a room with a user, once each, but not the user."""

    id: int


@value
class ToUser:
    """All of a user's sessions."""

    id: int


@value
class ToSession:
    """One session."""

    id: int


Audience: TypeAlias = ToRoom | ToNeighbours | ToUser | ToSession


@value
class Deliver:
    """Put an event before an audience.

    `but` is the session on which it was said: it hears an echo if its dialect
    asks for one, and nothing otherwise.
    """

    event: Event
    to: Audience
    but: int | None = None


@value
class Attach:
    """The session is the user's from now on."""

    session: int
    user: int


@value
class Detach:
    """The session is no longer that of any user."""

    session: int


@value
class Seat:
    """The user, with all sessions, is in the room from now on."""

    user: int
    room: int


@value
class Unseat:
    """The user is no longer in the room."""

    user: int
    room: int


@value
class Close:
    """The session is over: say farewell with this reason, and close."""

    session: int
    reason: str


@value
class Keep:
    """Write it down, before anybody reads what follows from it."""

    record: Record


@dataclass(frozen=True, slots=True)
class Bind:
    """The session is that account's from now on, by its id; with 0 nobody's.

    From these rooms, by their ids, its user is *away*, and since when (ids).
    """

    session: int
    account: int
    away: tuple[tuple[int, int], ...] = ()


@value
class Recall:
    """Read in what is kept, and tell the session: nothing from the id *until* on.

    What happens now, and later, it is told anyway.
    """

    session: int
    extract: Extract
    until: int


Effect: TypeAlias = (
    Deliver | Attach | Detach | Seat | Unseat | Close | Keep | Bind | Recall
)
