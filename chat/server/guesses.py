"""Guesses: who has tried too many wrong passwords, and has to wait.

Wrong ones are counted by what was guessed at (an account, an operator) and by the
address they came from, which in IPv6 is a network, as at the door.  Right ones cost
nothing.  So a school behind one address can log in all at once, and nobody gets
further by guessing from many places, or at many names.

Nobody can make us remember without end: there is room for so many, and whoever has
not guessed for longest is forgotten first.
"""

from typing import Final, TypeAlias

from chat.server.door import network

# For how long a wrong password counts, in milliseconds.
MINUTE: Final = 60_000
ROOM: Final = 10_000
# A name is remembered as far as this; two that go on differently count as one.
_LONGEST: Final = 64

# What is guessed at, or from where: a kind, and a name.
Key: TypeAlias = tuple[str, str]


class Guesses:
    """When there were wrong passwords lately, *most* a minute."""

    def __init__(self, most: int) -> None:
        self.most = most
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
        return [at for at in missed if 0 <= now - at < MINUTE]

    def _forget(self, now: int) -> None:
        while len(self._missed) > ROOM or not self._lately(self._oldest(), now):
            del self._missed[self._oldest()]

    def _oldest(self) -> Key:
        return next(iter(self._missed))


def at_account(fold: str) -> Key:
    """What is counted of guesses at an account."""
    return "account", fold[:_LONGEST]


def at_operator(name: str) -> Key:
    """What is counted of guesses at an operator's name."""
    return "operator", name[:_LONGEST]


def from_address(host: str) -> Key:
    """What is counted of guesses from where *host* is."""
    return "address", network(host)
