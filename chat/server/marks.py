"""Marks: what the bookmarks know of each session, and what one can be owed."""

from dataclasses import dataclass, field

from chat.domain.extracts import ReadMissed, ReadPrivate
from chat.server.session import Session


@dataclass(frozen=True, slots=True)
class Debt:
    """What somebody is to be told by itself: all before `until` that he has missed.

    What there is up to the id `after` he was told.
    """

    extract: ReadMissed | ReadPrivate
    until: int
    after: int = 0

    @property
    def about(self) -> str:
        """What is called so, if it is one room."""
        extract = self.extract
        return extract.scope.name if isinstance(extract, ReadMissed) else ""

    @property
    def place(self) -> tuple[int, int]:
        """In which room, and since when he was away from there."""
        if isinstance(self.extract, ReadPrivate):
            return -1, 0
        return self.extract.scope.room, self.extract.scope.left


@dataclass(slots=True, eq=False)
class Mark:
    """What is known of one session."""

    session: Session
    # Whose it is, on which device, and what that one had when it began: None if it
    # never was here, or the store could not be asked yet.
    account: int = 0
    device: str = ""
    began: int | None = None
    is_known: bool = True
    # From which rooms its user was away then, and since when.
    away: tuple[tuple[int, int], ...] = ()
    # From which id on it has been told what its user is told, and up to which.
    since: int = 0
    until: int | None = None
    # What it has for sure; what it had in the last round, and how many there were since
    # it is this account's.  And it was lost.
    sure: int | None = None
    had: int | None = None
    rounds: int = 0
    is_lost: bool = False
    # It was, or is, told what a user is told; and what it could not be told, by place.
    has_come: bool = False
    owed: dict[tuple[int, int], Debt] = field(default_factory=dict)
    # What was written down last.  The place that fan-out had for it in the last round,
    # and the id by which it was told what it was told by then.
    saved: int | None = None
    place: int = -1
    told: int = 0
    # By room and peer: from which id on, and before which, it was shown all.
    shown: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
