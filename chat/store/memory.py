"""Memory: a store that forgets everything when the process ends (``--no-store``)."""

from collections.abc import Sequence

from chat.domain.records import Kept, Record


class MemoryStore:
    """Keeps the promises of `Store`, for as long as it lives."""

    def load(self) -> Kept:
        """Nothing: it is as young as the house."""
        return Kept()

    def secret(self) -> bytes:
        """The same as long as it lives."""
        return bytes(32)

    def write(self, records: Sequence[Record]) -> None:
        """Keep them in mind."""

    def close(self) -> None:
        """Forget everything."""
