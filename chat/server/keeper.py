"""The keeper: what a turn has to write down, written before anybody reads of it.

Next: chat/server/fanout.py
"""

from chat.domain.ports import Store
from chat.domain.records import Record


class Keeper:
    """Collects records while the turn lasts, and commits them as one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._records: list[Record] = []

    def keep(self, record: Record) -> None:
        """Have *record* written with this turn."""
        self._records.append(record)

    def commit(self) -> None:
        """Write what the turn has to remember, in one transaction."""
        if self._records:
            records, self._records = self._records, []
            self._store.write(records)
