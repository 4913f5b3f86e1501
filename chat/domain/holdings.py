"""Holdings: what people hold of rooms, visits and invitations."""

from dataclasses import dataclass


@dataclass(slots=True)
class Visit:
    """What somebody remembers of a room: see `records.KeptVisit`.

    With no `since` he has lost what he was once allowed to read.  The room is known
    by its id, and found by its `fold`.
    """

    fold: str
    since: int = 0
    left: int = 0
    back: int = 0
    read: int = 0

    @property
    def is_inside(self) -> bool:
        """Whether he came last, and did not go."""
        return self.has_been and self.back >= self.left

    @property
    def is_away(self) -> bool:
        """Whether he went last, and did not come back."""
        return self.back < self.left

    @property
    def has_been(self) -> bool:
        """Whether he was ever there; one may have read of a room without that."""
        return bool(self.since or self.left)


@dataclass(slots=True, eq=False)
class Link:
    """An invitation into a room (its id); until when (ms), and how often.

    `uses` are those left, -1 for any number.
    """

    id: int
    room: int
    digest: str
    by: str
    until: int
    uses: int
