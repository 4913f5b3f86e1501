"""What only the store in memory does; what both promise is in test_contract."""

from dataclasses import replace

from chat.domain.records import Act, Audited, Deed, Line
from chat.domain.state import Stamp
from chat.store.memory import MemoryStore

LINE = Line(1, 10, 100, Deed.SAY, "a!b@c", "hi")
DEED = Audited(1, 10, Act.KICKED, "alice")


def test_the_oldest_make_way() -> None:
    store = MemoryStore(most=3)
    store.write([replace(LINE, id=number) for number in range(1, 6)])
    store.write([replace(DEED, id=number) for number in range(1, 6)])
    assert [line.id for line in store.lines()] == [3, 4, 5]
    assert [deed.id for deed in store.audit()] == [3, 4, 5]
    assert store.load().last_id == 5


def test_what_is_old_goes_while_people_talk() -> None:
    store = MemoryStore()
    store.write([replace(LINE, id=number, at=number * 10) for number in range(1, 6)])
    assert len(store.lines()) == 5
    store.keep = 20
    store.write([], Stamp(9, 55))
    assert [line.id for line in store.lines()] == [4, 5]
    store.write([], Stamp(10, 500))
    assert store.lines() == []
