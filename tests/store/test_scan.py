"""Scan: what it finds, `test_finding` tells; here, in what it looks."""

from chat.domain.extracts import Scope, Seek
from chat.domain.questions import Search
from chat.domain.records import Deed, Line
from chat.store.memory import MemoryStore

LINE = Line(10, 10, 0, Deed.SAY, "alice!a@host", "tea")


def test_it_finds_what_there_was_when_it_was_asked() -> None:
    store = MemoryStore()
    store.write([LINE])
    search = store.seek(Seek((Scope("#lobby"),), 0, Search("tea")), 100, lambda: False)
    store.write([Line(11, 11, 0, Deed.SAY, "alice!a@host", "more tea")])
    assert search().found == [("#lobby", LINE)]


def test_there_is_nothing_to_prepare() -> None:
    store = MemoryStore()
    store.write([LINE])
    assert (store.is_stale(), store.index()) == (False, False)
