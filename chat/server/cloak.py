"""The cloak: what others see in place of somebody's address.

The same address always gets the same cloak while the server runs, so people can
tell a neighbour from a stranger; without the key nobody can turn it back, not
even by trying all four thousand million IPv4 addresses.
"""

import hashlib
import os
from functools import lru_cache


class Cloak:
    """A keyed, one-way name for an address."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = os.urandom(32) if key is None else key
        # A thousand people may come through one address.
        self._known = lru_cache(maxsize=1024)(self._draw)

    def of(self, host: str) -> str:
        """The cloak of *host*: one word that every dialect can carry."""
        return self._known(host)

    def _draw(self, host: str) -> str:
        digest = hashlib.blake2b(host.encode(), key=self._key, digest_size=6)
        return f"{digest.hexdigest()}.cloak"
