"""Guesses: who has tried too many wrong passwords, and has to wait.

Wrong ones are counted by what was guessed at (an account, an operator) and by the
address they came from, which in IPv6 is a network, as at the door.  Right ones cost
nothing.  So a school behind one address can log in all at once, and nobody gets
further by guessing from many places, or at many names.

Accounts that were made are counted in the same way, for an hour, or one person could
have every name there is.

Nobody can make us remember without end: there is room for so many, and whoever has
not guessed for longest is forgotten first.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from chat.domain.names import fold
from chat.server.door import network

# For how long a wrong password counts, in milliseconds.
MINUTE: Final = 60_000
# And an account that was made.
HOUR: Final = 60 * MINUTE
ROOM: Final = 10_000
# A name is remembered as far as this; two that go on differently count as one.
_LONGEST: Final = 64

# A kind, and which of that kind.
Key: TypeAlias = tuple[str, str]


class Of(Enum):
    """What somebody can guess at; the words are for the audit trail."""

    ACCOUNT = "an account"
    OPERATOR = "the office"
    HOUSE = "the house"
    INVITATION = "an invitation"


@dataclass(frozen=True, slots=True)
class Claimed:
    """Of what it is said to be the password; *name* is as it was typed."""

    of: Of
    name: str = ""

    def keys(self, host: str) -> list[Key]:
        """What a wrong one counts for: where it came from, and what it was for."""
        keys = [origin(host)]
        if self.of is Of.ACCOUNT:
            keys.append((self.of.name, fold(self.name)[:_LONGEST]))
        elif self.of is Of.OPERATOR:
            keys.append((self.of.name, self.name[:_LONGEST]))
        return keys


def origin(host: str) -> Key:
    """The key of where it came from."""
    return "ADDRESS", network(host)


HOUSE: Final = Claimed(Of.HOUSE)
INVITATION: Final = Claimed(Of.INVITATION)


class Guesses:
    """When there were wrong passwords lately, *most* while one *lasts* (ms)."""

    def __init__(self, most: int, lasts: int = MINUTE) -> None:
        self.most = most
        self._lasts = lasts
        # In the order of the latest guess, by wall time: nothing else is at hand,
        # and who sets the clock back only has old guesses forgotten.
        self._missed: dict[Key, list[int]] = {}

    def __len__(self) -> int:
        return len(self._missed)

    def are_over(self, key: Key, now: int) -> bool:
        """Whether there have been as many as there may be."""
        return len(self._lately(key, now)) >= self.most

    def count(self, key: Key, now: int) -> None:
        """There was a wrong one, *now*."""
        missed = [*self._lately(key, now), now][-self.most :]
        self._missed.pop(key, None)
        self._missed[key] = missed
        self._forget(now)

    def _lately(self, key: Key, now: int) -> list[int]:
        missed = self._missed.get(key, ())
        return [at for at in missed if 0 <= now - at < self._lasts]

    def _forget(self, now: int) -> None:
        while len(self._missed) > ROOM or not self._lately(self._oldest(), now):
            del self._missed[self._oldest()]

    def _oldest(self) -> Key:
        return next(iter(self._missed))
