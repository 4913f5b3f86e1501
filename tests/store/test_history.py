"""What was said, as a store tells it: on disk and in memory alike."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.domain.extracts import Scope
from chat.domain.pages import COUNTED
from chat.domain.ports import Conversation, Extracted, Store, Tally, Trouble
from chat.domain.questions import Page, Point, Which
from chat.domain.records import (
    Deed,
    Delivered,
    ForgottenAccount,
    KeptAccount,
    KeptRead,
    KeptRoom,
    KeptVisit,
    Line,
    Record,
)
from chat.store import history
from chat.store.database import Database
from chat.store.memory import MemoryStore

UNTIL = 10_000
OPS = Scope("#ops", room=100)
LOBBY = Scope("#lobby", room=0)
ALICE, BOB, EVE = (
    KeptAccount(number, name, name.lower(), since=1, credential="scram...")
    for number, name in ((7, "Alice"), (8, "Bob"), (9, "Eve"))
)
WITH_BOB = Scope("Bob", account=ALICE.id, peer=BOB.id)
WITH_ALICE = Scope("Alice", account=BOB.id, peer=ALICE.id)


@pytest.fixture(params=["disk", "memory"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Database | MemoryStore]:
    made = Database(tmp_path) if request.param == "disk" else MemoryStore()
    with closing(made) as opened:
        yield opened


def a_line(number: int, deed: Deed = Deed.SAY, text: str = "", room: int = 100) -> Line:
    return Line(number, number * 10, room, deed, "eve!e@c", text, account=9)


def whisper(number: int, speaker: int, peer: int, text: str = "psst") -> Line:
    source = f"nick{speaker}!u@h"
    return Line(
        number,
        number * 10,
        0,
        Deed.SAY,
        source,
        text,
        account=speaker,
        peer=peer,
        target=f"nick{peer}",
    )


def ids(extracted: Extracted) -> list[int]:
    return [line.id for line in extracted.lines]


# Pages.


def test_a_page_holds_lines_as_they_were_kept(store: Store) -> None:
    line = Line(5, 50, 100, Deed.SAY, "a!b@c", "tea? 茶", 7, 0, "t", "+x=y", 4)
    store.write([line, replace(line, room=0), replace(line, id=6, room=101)])
    assert store.page(OPS, Page(), UNTIL) == ([line], True)
    assert store.page(LOBBY, Page(), UNTIL) == ([replace(line, room=0)], True)


def test_a_page_of_what_was_said_has_nothing_else(store: Store) -> None:
    lines = [a_line(number, deed) for number, deed in enumerate(Deed, start=1)]
    store.write(lines)
    # That some of it is missing is said as well.
    assert store.page(OPS, Page(), UNTIL).lines == [*lines[:3], lines[-1]]
    assert lines[-1].deed is Deed.GAP
    assert store.page(OPS, Page(has_events=True), UNTIL).lines == lines
    few = Page(most=2, has_events=True)
    assert store.page(OPS, few, UNTIL) == (lines[-2:], False)
    first = Page(Which.AFTER, (Point(id=1),), 3, has_events=True)
    assert store.page(OPS, first, UNTIL) == (lines[1:4], False)


def test_a_page_ends_at_the_floor_and_before_the_end(store: Store) -> None:
    store.write([a_line(number) for number in range(1, 10)])
    assert ids(store.page(replace(OPS, floor=3), Page(), until=7)) == [3, 4, 5, 6]
    before = Page(Which.BEFORE, (Point(at=60),), 10)
    assert ids(store.page(replace(OPS, floor=3), before, until=9)) == [3, 4, 5]


def test_where_nothing_was_said_a_page_is_empty(store: Store) -> None:
    assert store.page(OPS, Page(), UNTIL) == ([], True)
    assert store.page(WITH_BOB, Page(), UNTIL) == ([], True)


def test_what_two_say_alone_is_the_same_for_both(store: Store) -> None:
    lines = [whisper(1, 7, 8), whisper(2, 8, 7), whisper(5, 7, 8)]
    others = [whisper(3, 7, 9), whisper(4, 9, 8), a_line(6, room=0)]
    store.write([*lines, *others])
    for scope in (WITH_BOB, WITH_ALICE):
        assert store.page(scope, Page(), UNTIL).lines == lines
    assert store.page(LOBBY, Page(), UNTIL).lines == [a_line(6, room=0)]


def test_what_one_says_to_oneself_is_told(store: Store) -> None:
    store.write([whisper(1, 7, 7), whisper(2, 7, 8)])
    own = Scope("Alice", account=7, peer=7)
    assert store.page(own, Page(), UNTIL).lines == [whisper(1, 7, 7)]
    assert [each.peer for each in store.conversations(7, UNTIL)] == [8, 7]


def test_lines_of_one_time_are_not_divided(store: Store) -> None:
    lines = [replace(a_line(number), at=50) for number in range(3, 8)]
    store.write([a_line(1), *lines, a_line(9)])
    assert ids(store.page(OPS, Page(most=2), UNTIL)) == [3, 4, 5, 6, 7, 9]
    after = Page(Which.AFTER, (Point(id=3),), 1)
    assert ids(store.page(OPS, after, UNTIL)) == [4, 5, 6, 7]


def test_who_is_being_forgotten_is_in_no_page(store: Store) -> None:
    store.write([ALICE, whisper(1, 7, 8), a_line(2), replace(a_line(3), account=7)])
    store.write([ForgottenAccount(7, words=True)])
    assert ids(store.page(OPS, Page(), UNTIL)) == [2]
    assert store.page(WITH_ALICE, Page(), UNTIL).lines == []
    assert store.conversations(8, UNTIL) == []


def test_what_was_taken_back_is_in_no_answer(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as store:
        store.write([a_line(1), a_line(2), a_line(3), whisper(4, 7, 8)])
        store._connection.execute("UPDATE messages SET redacted_by = 5 WHERE id > 2")
        assert ids(store.page(OPS, Page(has_events=True), UNTIL)) == [1, 2]
        assert store.tally(OPS, Point(id=1), UNTIL, 0, "") == (1, 0, 20, False)
        assert store.last(OPS, UNTIL) == Point(2, 20)
        assert store.conversations(7, UNTIL) == []


histories = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 2), st.sampled_from([*Deed])),
    max_size=40,
)
# One may ask for any number, also for those that no id can be.
points = st.one_of(
    st.integers(1, 90), st.integers(100, 150).map(lambda at: -at), st.just(2**70)
).map(lambda number: Point(id=number) if number > 0 else Point(at=-number))
asked = st.builds(
    lambda which, one, two, most, has_events: Page(
        which,
        {Which.LATEST: (), Which.BETWEEN: (one, two)}.get(which, (one,)),
        most,
        has_events,
    ),
    st.sampled_from(Which),
    points,
    points,
    st.integers(1, 9),
    st.booleans(),
)


@settings(max_examples=40)
@given(
    histories,
    st.lists(st.tuples(asked, st.integers(0, 30), st.integers(0, 90)), max_size=20),
)
def test_both_tell_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[int, int, Deed]],
    questions: list[tuple[Page, int, int]],
) -> None:
    number, at, lines = 0, 100, []
    for step, later, deed in steps:
        number, at = number + step, at + later
        lines.append(Line(number, at, 100, deed, "a!b@c", f"{number}", account=9))
    memory = MemoryStore()
    with closing(Database(tmp_path_factory.mktemp("house"))) as disk:
        for store in (disk, memory):
            store.write([*lines, a_line(1, room=101), a_line(2, room=99)])
        for page, floor, until in questions:
            scope = replace(OPS, floor=floor)
            assert disk.page(scope, page, until) == memory.page(scope, page, until)
            assert disk.last(scope, until) == memory.last(scope, until)
            for point in page.points:
                told = disk.tally(scope, point, until, 9, "1")
                assert told == memory.tally(scope, point, until, 9, "1")


# Counting, and who talks with whom.


def test_it_counts_what_others_said(store: Store) -> None:
    store.write(
        [
            a_line(1, text="alice, early"),
            replace(a_line(2), account=7),
            a_line(3, Deed.JOIN),
            a_line(4, text="is Alice there?"),
            a_line(5, Deed.ACTION, "waits"),
            a_line(6, text="alice: too late"),
        ]
    )
    scope = replace(OPS, floor=1)
    assert store.tally(scope, Point(id=1), 6, 7, "alice") == Tally(2, 1, 40, False)
    assert store.tally(scope, Point(at=40), 6, 7, "alice") == Tally(1, 0, 50, False)
    assert store.tally(scope, Point(at=50), 6, 7, "alice") == Tally(0, 0, 0, False)
    later = replace(OPS, floor=5)
    assert store.tally(later, Point(id=1), UNTIL, 7, "") == Tally(2, 0, 50, False)
    assert store.tally(WITH_BOB, Point(id=1), 6, 7, "a") == Tally(0, 0, 0, False)


def test_a_gap_is_new_to_whoever_was_away(store: Store) -> None:
    gap = Line(3, 30, 100, Deed.GAP, "", "25")
    alone = Line(4, 40, 0, Deed.GAP, "", "1", account=7, peer=8)
    store.write([BOB, whisper(1, 7, 8), a_line(2), gap, alone])
    assert store.tally(OPS, Point(id=2), UNTIL, 7, "bob") == Tally(1, 0, 30, False)
    assert store.last(OPS, UNTIL) == Point(3, 30)
    assert store.conversations(7, UNTIL) == [Conversation(8, "Bob", 4, 40)]


def test_counting_has_an_end(store: Store) -> None:
    store.write([a_line(number) for number in range(1, COUNTED + 2)])
    whole = store.tally(OPS, Point(id=1), UNTIL, 7, "")
    assert whole == Tally(COUNTED, 0, 20, is_least=False)
    assert store.tally(OPS, Point(at=1), UNTIL, 7, "") == Tally(COUNTED, 0, 10, True)


def test_what_was_said_last_is_known(store: Store) -> None:
    store.write([a_line(1), a_line(2), a_line(3, Deed.JOIN), whisper(4, 7, 8)])
    assert store.last(OPS, UNTIL) == Point(2, 20)
    assert store.last(OPS, until=2) == Point(1, 10)
    assert store.last(replace(OPS, floor=2), until=2) is None
    assert store.last(WITH_ALICE, UNTIL) == Point(4, 40)
    assert store.last(Scope("Eve", account=7, peer=9), UNTIL) is None


def test_conversations_come_latest_first(store: Store) -> None:
    store.write([ALICE, BOB, EVE])
    store.write([whisper(1, 7, 8), whisper(2, 9, 7), whisper(3, 8, 7)])
    store.write([whisper(4, 8, 9), whisper(5, 7, 9)])
    found = [Conversation(9, "Eve", 5, 50), Conversation(8, "Bob", 3, 30)]
    assert store.conversations(7, UNTIL) == found
    earlier = [Conversation(9, "Eve", 2, 20), Conversation(8, "Bob", 1, 10)]
    assert store.conversations(7, until=3) == earlier
    assert store.conversations(7, until=1) == []


def test_a_sign_is_no_conversation(store: Store) -> None:
    store.write([BOB, whisper(1, 7, 8), replace(whisper(2, 7, 8), deed=Deed.TAGS)])
    assert store.conversations(7, UNTIL) == [Conversation(8, "Bob", 1, 10)]


def test_whoever_has_no_account_any_more_is_called_as_then(store: Store) -> None:
    store.write([whisper(1, 7, 8), whisper(2, 9, 7)])
    found = [
        Conversation(9, "nick9", 2, 20, is_gone=True),
        Conversation(8, "nick8", 1, 10, is_gone=True),
    ]
    assert store.conversations(7, UNTIL) == found


def test_conversations_have_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "CONVERSATIONS", 3)
    with closing(Database(tmp_path)) as store:
        store.write([whisper(number, 7, 100 + number) for number in range(1, 6)])
        found = [each.peer for each in store.conversations(7, UNTIL)]
        assert found == [105, 104, 103]
        # Whoever speaks is among them, however long ago it was begun.
        reaction = replace(whisper(9, 102, 7), deed=Deed.TAGS)
        store.write([whisper(6, 101, 7), whisper(8, 1, 7), reaction])
        found = [each.peer for each in store.conversations(7, UNTIL)]
        assert found == [1, 101, 105]
        found = [each.peer for each in store.conversations(7, until=8)]
    assert found == [101, 105]


# How far everybody has come.


def test_how_far_somebody_has_read_is_kept(store: Store) -> None:
    visit = KeptVisit(20, 7, 100, since=10, left=15, back=18, read=900)
    visits: list[KeptVisit] = [
        visit,
        replace(visit, room=101),
        replace(visit, account=8, room=0),
    ]
    reads = [KeptRead(21, 7, "bob", 400), KeptRead(22, 8, "bob", 500)]
    store.write([ALICE, BOB, *visits, *reads])
    kept = store.load()
    assert (kept.visits, kept.reads) == (tuple(visits), tuple(reads))
    later: list[Record] = [
        replace(visit, id=30, left=25, back=0),
        KeptRead(31, 7, "bob", 600),
    ]
    store.write(later)
    kept = store.load()
    assert [*kept.visits, *kept.reads] == [later[0], *visits[1:], later[1], reads[1]]
    assert kept.last_id == 31


def test_what_says_nothing_is_forgotten(store: Store) -> None:
    visit, read = KeptVisit(20, 7, 100, 0, left=15), KeptRead(21, 7, "bob", 400)
    others: list[Record] = [replace(visit, room=0), replace(read, peer="eve")]
    store.write([ALICE, visit, read, *others])
    store.write([KeptVisit(30, 7, 100, 0), KeptRead(31, 7, "bob", 0)])
    kept = store.load()
    assert [*kept.visits, *kept.reads] == others
    # Nor is what was never known.
    store.write([KeptVisit(32, 7, 101, 0), KeptRead(33, 7, "zoe", 0)])
    assert store.load() == replace(kept, last_id=33)


def test_what_was_delivered_never_goes_back(store: Store) -> None:
    store.write([ALICE, BOB, Delivered(20, 7), Delivered(10, 7, "phone")])
    store.write([Delivered(15, 7), Delivered(12, 7, "phone"), Delivered(9, 8)])
    assert store.delivered(7, "") == 20
    assert store.delivered(7, "phone") == 12
    assert store.delivered(7, "tablet") is None
    assert store.delivered(8, "") == 9
    assert store.delivered(9, "") is None


@pytest.mark.parametrize("words", [True, False])
def test_an_account_takes_along_how_far_it_has_read(store: Store, words: bool) -> None:
    visit, read = KeptVisit(20, 7, 100, since=10), KeptRead(21, 7, "bob", 400)
    of_bob: list[Record] = [replace(visit, account=8), KeptRead(22, 8, "eve", 1)]
    store.write([ALICE, BOB, visit, read, *of_bob])
    store.write([KeptRead(23, 8, "alice", 1)])
    store.write([Delivered(24, 7), Delivered(24, 8)])
    store.write([ForgottenAccount(7, words=words)])
    # It was connected to the end.
    store.write([Delivered(25, 7)])
    kept = store.load()
    assert [*kept.visits, *kept.reads] == of_bob
    assert (store.delivered(7, ""), store.delivered(8, "")) == (None, 24)


def test_a_sealed_room_takes_its_visits_along(store: Store) -> None:
    visit = KeptVisit(20, 7, 100, since=10)
    store.write([ALICE, visit, replace(visit, room=0)])
    store.write([KeptRoom(100, "#ops", "#ops", {}, is_sealed=True)])
    assert store.load().visits == (replace(visit, room=0),)


# What can go wrong, and how long it takes.


def test_what_cannot_be_read_is_trouble(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as store:
        store.write([a_line(1), whisper(2, 7, 8)])
        with closing(sqlite3.connect(store.path)) as other:
            other.execute("UPDATE messages SET kind = 99 WHERE id = 1")
            other.execute("UPDATE messages SET kind = 2, id = 'x' WHERE id = 2")
            other.commit()
        with pytest.raises(Trouble, match="a row of it makes no sense"):
            store.page(OPS, Page(has_events=True), UNTIL)
        store._connection.execute("DROP TABLE delivered")
        with pytest.raises(Trouble, match="no such table: delivered"):
            store.delivered(7, "")


def test_every_answer_goes_by_an_index(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as store:
        store.write([a_line(1), whisper(2, 7, 8)])
        asked: list[str] = []
        store._connection.set_trace_callback(asked.append)
        for scope in (OPS, WITH_BOB):
            for has_events in (False, True):
                page = Page(Which.BETWEEN, (Point(at=1), Point(id=9)), 9, has_events)
                store.page(scope, page, UNTIL)
                store.page(scope, Page(has_events=has_events), UNTIL)
            store.tally(scope, Point(at=1), UNTIL, 7, "bob")
            store.last(scope, UNTIL)
        store.conversations(7, UNTIL)
        store.delivered(7, "")
        store._connection.set_trace_callback(None)
        plans = [
            (each, str(row[3]))
            for each in asked
            for row in store._connection.execute(f"EXPLAIN QUERY PLAN {each}")
        ]
    assert len(plans) > 40
    # What is gone through are the few that are being forgotten, and what was found.
    scans = {plan for _, plan in plans if plan.startswith("SCAN")}
    assert {plan.split()[1].rstrip("s-0123456789)") for plan in scans} <= {
        "forgetting",
        "mine",
        "(subquery",
    }
