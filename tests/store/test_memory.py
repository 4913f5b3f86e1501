"""What only the store in memory does; what both promise is in test_contract."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chat.domain.extracts import Scope
from chat.domain.questions import Page, Point, Which
from chat.domain.records import Act, Audited, Deed, Line
from chat.domain.state import Stamp
from chat.store.memory import ROUND, MemoryStore

LINE = Line(1, 10, 100, Deed.SAY, "a!b@c", "hi")
DEED = Audited(1, 10, Act.KICKED, "alice")


def test_the_oldest_make_way() -> None:
    store = MemoryStore(most=3)
    store.write([replace(LINE, id=number) for number in range(1, 6)])
    store.write([replace(DEED, id=number) for number in range(1, 6)])
    assert [line.id for line in store.lines()] == [3, 4, 5]
    assert [deed.id for deed in store.audit()] == [3, 4, 5]
    assert store.load().last_id == 5


def test_lines_that_are_too_many_go_a_quarter_at_a_time() -> None:
    store, scope = MemoryStore(most=8), Scope("#tea", room=100)
    store.write([replace(LINE, id=number) for number in range(1, 9)])
    assert len(store.lines()) == 8
    store.write([replace(LINE, id=9)])
    assert [line.id for line in store.lines()] == [4, 5, 6, 7, 8, 9]
    assert store.page(scope, Page(), 100).lines == store.lines()
    store.write([replace(LINE, id=number) for number in range(10, 50)])
    assert [line.id for line in store.lines()] == [44, 45, 46, 47, 48, 49]
    assert store.page(scope, Page(), 100).lines == store.lines()


def test_what_is_old_goes_while_people_talk() -> None:
    store = MemoryStore()
    store.write([replace(LINE, id=n, at=n * ROUND) for n in range(1, 6)])
    assert len(store.lines()) == 5
    store.keep = 2 * ROUND
    store.write([], Stamp(9, 6 * ROUND))
    assert [line.id for line in store.lines()] == [4, 5]
    # A little later it is not looked again.
    store.write([], Stamp(9, 7 * ROUND - 1))
    assert [line.id for line in store.lines()] == [4, 5]
    store.write([], Stamp(10, 50 * ROUND))
    assert store.lines() == []


def test_what_made_way_is_in_no_answer() -> None:
    store = MemoryStore(most=3)
    alone = replace(LINE, room=0, account=7, peer=8)
    to_oneself = replace(alone, id=2, peer=7)
    store.write([alone, to_oneself, replace(LINE, id=3), replace(LINE, id=4)])
    assert [each.peer for each in store.conversations(7, 100)] == [7]
    assert store.conversations(8, 100) == []
    store.write([replace(LINE, id=number, room=101) for number in (5, 6)])
    assert store.conversations(7, 100) == []
    scope = Scope("#tea", room=100)
    assert [line.id for line in store.page(scope, Page(), 100).lines] == [4]
    store.write([replace(LINE, id=7, room=101)])
    assert store.page(scope, Page(has_events=True), 100) == ([], True)


def test_what_is_written_late_stands_in_its_place() -> None:
    store = MemoryStore(most=3)
    late = replace(LINE, id=2, at=5, deed=Deed.JOIN)
    store.write([LINE, replace(LINE, id=3), late])
    scope = Scope("#tea", room=100)
    page = store.page(scope, Page(has_events=True), 100)
    assert [line.id for line in page.lines] == [1, 2, 3]
    # And goes when its time has come.
    store.write([replace(LINE, id=4), replace(LINE, id=5)])
    page = store.page(scope, Page(has_events=True), 100)
    assert [line.id for line in page.lines] == [3, 4, 5]


# In two rooms and between two accounts, some of it more than once.
WRITTEN = st.lists(
    st.builds(
        lambda number, room, deed: replace(
            LINE,
            id=number,
            at=number,
            room=room,
            deed=deed,
            account=7,
            peer=0 if room else 8,
        ),
        st.integers(1, 30),
        st.sampled_from([0, 100, 101]),
        st.sampled_from([Deed.SAY, Deed.JOIN]),
    ),
    unique_by=lambda line: (line.id, line.room),
)
SCOPES = [Scope("#tea", room=100), Scope("#ops", room=101), Scope("b", 0, 7, 8)]


@given(WRITTEN, st.sets(st.integers(0, 40)))
def test_who_asks_in_between_changes_nothing(
    written: list[Line], asked: set[int]
) -> None:
    store = MemoryStore()
    for number, line in enumerate(written):
        store.write([line, line])
        if number in asked:
            store.conversations(7, 100)
    assert store.lines() == sorted(written, key=lambda line: (line.id, line.room))
    for scope in SCOPES:
        page = store.page(scope, Page(has_events=True), 100)
        there = [each for each in store.lines() if each.room == scope.room]
        assert page.lines == there
        said = [each for each in there if each.deed is Deed.SAY]
        assert store.page(scope, Page(), 100).lines == said


class Id(int):
    """An id that counts how often any is compared."""

    compared = 0

    def __lt__(self, other: int) -> bool:
        Id.compared += 1
        return int(self) < int(other)

    def __ge__(self, other: int) -> bool:
        return not self < other


def test_a_question_looks_at_few_lines() -> None:
    store, scope = MemoryStore(), Scope("#tea", room=100)
    store.write([replace(LINE, id=Id(number), at=number) for number in range(1, 2000)])
    Id.compared = 0
    assert len(store.page(scope, Page(Which.AFTER, (Point(at=5),), 9), 3000).lines) == 9
    assert store.tally(scope, Point(at=1900), 3000, 7, "bob").lines == 99
    assert store.last(scope, 3000) == Point(1999, 1999)
    assert store.conversations(7, 3000) == []
    assert Id.compared < 200
