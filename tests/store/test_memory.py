"""What only the store in memory does; what both promise is in test_contract."""

from dataclasses import replace

from chat.domain.records import Act, Audited, Deed, Line
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
