"""What a house needs of something that remembers, on disk and in memory alike."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.domain.extracts import Scope
from chat.domain.ports import Taken
from chat.domain.questions import Page
from chat.domain.records import (
    Act,
    Audited,
    Deed,
    ForgottenAccount,
    ForgottenLink,
    Kept,
    KeptAccount,
    KeptLink,
    KeptRoom,
    Line,
    Lines,
    Record,
    taken_apart,
)
from chat.domain.state import Stamp
from chat.store import places, rows
from chat.store.database import Database
from chat.store.memory import MemoryStore

Stores: TypeAlias = "Callable[[], Database | MemoryStore]"

STATE = {"topic": {"text": "tea, 茶", "at": 5}, "roles": [[7, 3]], "key": None}
OPS = KeptRoom(100, "#Ops", "#ops", STATE)
LOBBY = KeptRoom(0, "#lobby", "#lobby", {})
ALICE = KeptAccount(
    7,
    "Alice",
    "alice",
    since=50,
    credential="scram...",
    seen=60,
    is_suspended=True,
    is_always_on=True,
    code="code...",
    rooms=(0, 100),
)
BOB = KeptAccount(8, "bob", "bob", since=51, credential="scram...")
LINK = KeptLink(30, 100, "abc", "Alice", until=999, uses=-1)
SAID = Line(
    200,
    90,
    100,
    Deed.SAY,
    "alice!a@host",
    "tea? 茶",
    account=7,
    target="bob",
    tags="+x=y",
    reply_to=199,
)
WHISPERED = Line(201, 91, 0, Deed.SAY, "alice!a@host", "psst", account=7, peer=8)
DEED = Audited(300, 95, Act.KICKED, "Alice", "bob #ops", "192.0.2.1")


@pytest.fixture(params=["disk", "memory"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Database | MemoryStore]:
    made = Database(tmp_path) if request.param == "disk" else MemoryStore()
    with closing(made) as opened:
        yield opened


def lines(store: Database | MemoryStore) -> list[tuple[int, str]]:
    """What anybody can still read: ids and texts, oldest first."""
    if isinstance(store, MemoryStore):
        return sorted((line.id, line.text) for line in store.lines())
    with closing(sqlite3.connect(store.path)) as other:
        found = other.execute("SELECT id, text FROM readable")
        return sorted((number, text) for number, text in found)


def audit(store: Database | MemoryStore) -> list[Audited]:
    if isinstance(store, MemoryStore):
        return store.audit()
    with closing(sqlite3.connect(store.path)) as other:
        return [rows.audited(row) for row in other.execute("SELECT * FROM audit")]


def test_a_new_one_knows_nothing(store: Database | MemoryStore) -> None:
    assert store.load() == Kept()
    assert lines(store) == []
    assert audit(store) == []


def test_what_is_written_is_there(store: Database | MemoryStore) -> None:
    store.write([OPS, LOBBY, BOB, ALICE, LINK, SAID, WHISPERED, DEED])
    assert store.load() == Kept(
        last_id=300, rooms=(LOBBY, OPS), accounts=(ALICE, BOB), links=(LINK,)
    )
    assert lines(store) == [(200, "tea? 茶"), (201, "psst")]
    assert audit(store) == [DEED]


def test_writing_nothing_does_nothing(store: Database | MemoryStore) -> None:
    store.write([])
    assert store.load() == Kept()


def test_the_secret_stays(store: Database | MemoryStore) -> None:
    secret = store.secret()
    assert len(secret) == 32
    assert secret == store.secret()
    assert secret != MemoryStore().secret()


def test_what_stands_is_replaced(store: Database | MemoryStore) -> None:
    store.write([OPS, ALICE, LINK])
    later: list[Record] = [
        replace(OPS, state={"topic": None}),
        replace(ALICE, credential="other", rooms=()),
        replace(LINK, uses=2),
    ]
    store.write(later)
    kept = store.load()
    assert [*kept.rooms, *kept.accounts, *kept.links] == later


def test_the_last_of_several_in_one_turn_counts(
    store: Database | MemoryStore,
) -> None:
    store.write([OPS, replace(OPS, state={}), LINK, ForgottenLink(30), ALICE])
    store.write([ForgottenAccount(7), ALICE, BOB, ForgottenAccount(8)])
    assert store.load() == Kept(
        last_id=100, rooms=(replace(OPS, state={}),), accounts=(ALICE,)
    )


def test_writing_twice_does_no_harm(store: Database | MemoryStore) -> None:
    for _ in range(2):
        store.write([SAID, WHISPERED, DEED])
    store.write([replace(DEED, address="elsewhere")])
    assert lines(store) == [(200, "tea? 茶"), (201, "psst")]
    assert audit(store) == [DEED]


@pytest.mark.parametrize(
    "forged",
    [
        replace(SAID, text="forged"),
        replace(WHISPERED, text="forged"),
        replace(SAID, deed=Deed.ACTION),
        replace(SAID, at=1),
        replace(SAID, account=8),
    ],
)
def test_a_line_that_is_there_is_no_other_one(
    store: Database | MemoryStore, forged: Line
) -> None:
    store.write([SAID, WHISPERED])
    with pytest.raises(Taken, match=f"there is a line {forged.id} already"):
        store.write([SAID, forged])
    assert lines(store) == [(200, "tea? 茶"), (201, "psst")]


# What can come next in a turn: somebody says so many things in one breath, or one by
# one, or something else; each in one of three rooms.
TURN = st.lists(
    st.tuples(
        st.sampled_from(["breath", "line", "join", "whisper", "deed", "room"]),
        st.integers(0, 2),
        st.lists(st.sampled_from(["tea?", "茶"]), min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=9,
)


def records_of(
    turn: list[tuple[str, int, list[str]]], order: Iterator[int]
) -> Iterator[Record]:
    for what, room, texts in turn:
        ids = [next(order) for _ in texts]
        line = Line(ids[0], ids[0], room, Deed.SAY, "a!b@c", texts[0], account=7)
        match what:
            case "breath":
                yield Lines(ids, ids, texts, room, line.source, line.account)
            case "line":
                for number, text in zip(ids, texts, strict=True):
                    yield replace(line, id=number, at=number, text=text)
            case "join":
                yield replace(line, deed=Deed.JOIN, text="")
            case "whisper":
                yield replace(line, room=0, peer=8, reply_to=1)
            case "deed":
                yield Audited(line.id, line.at, Act.KICKED, "Alice")
            case _:
                yield replace(OPS, id=100 + room, state={"at": line.at})


def told(store: Database | MemoryStore) -> list[list[Line]]:
    """What was said and happened in each room, and between the two."""
    scopes = [*(Scope("#x", room) for room in range(3)), Scope("8", account=7, peer=8)]
    ever = Page(most=10**6, has_events=True)
    return [[*store.page(scope, ever, 10**6).lines] for scope in scopes]


@pytest.mark.parametrize("kind", [Database, lambda _: MemoryStore()])
@settings(max_examples=40, deadline=None)
@given(turns=st.lists(TURN, max_size=5), again=st.integers(0, 10), part=st.randoms())
def test_what_is_said_in_one_breath_is_as_each_line_of_it(
    tmp_path_factory: pytest.TempPathFactory,
    kind: Callable[[Path], Database | MemoryStore],
    turns: list[list[tuple[str, int, list[str]]]],
    again: int,
    part: Random,
) -> None:
    order = itertools.count(1000)
    with pytest.MonkeyPatch.context() as patched, ExitStack() as opened:
        patched.setattr(places, "FEW", 5)
        breaths, singles = (
            opened.enter_context(closing(kind(tmp_path_factory.mktemp("store"))))
            for _ in range(2)
        )
        written: list[list[Record]] = []
        for turn in turns:
            records = [*records_of(turn, order)]
            single = [*taken_apart(records)]
            singles.write(single)
            # Some of what was said may be there, as after a failure, or all of it.
            said = [each for each in single if isinstance(each, Line)]
            breaths.write([each for each in said if part.random() < 1 / 4])
            breaths.write(records)
            written.append([each for each in records if isinstance(each, Line | Lines)])
            if again < len(written):
                breaths.write([*written[again], *records])
        assert told(breaths) == told(singles)
        assert breaths.load() == singles.load()
        assert audit(breaths) == audit(singles)
        if isinstance(breaths, Database):
            assert not places.faults(breaths._connection)


def test_a_breath_that_is_there_is_no_other_one(store: Database | MemoryStore) -> None:
    breath = Lines([200, 201], [90, 90], ["tea?", "or not"], 100, "alice!a@host", 7)
    for _ in range(2):
        store.write([breath])
    for forged in replace(breath, texts=["tea?", "or"]), replace(breath, account=8):
        with pytest.raises(Taken, match="already"):
            store.write([forged])
    with pytest.raises(Taken, match="there is a line 202 already"):
        store.write([replace(breath, ids=[202, 202])])
    assert lines(store)[:2] == [(200, "tea?"), (201, "or not")]


def test_two_lines_of_one_turn_that_would_be_one_are_not_passed_over(
    store: Database | MemoryStore,
) -> None:
    with pytest.raises(Taken):
        store.write([SAID, replace(SAID, text="and what else")])


def test_one_happening_can_be_a_line_in_several_rooms(
    store: Database | MemoryStore,
) -> None:
    left = replace(SAID, deed=Deed.DEPART, text="bye")
    # The lobby's id is 0, as that of the conversation's is: it has a peer.
    store.write([left, replace(left, room=0), replace(WHISPERED, id=200)])
    assert lines(store) == [(200, "bye"), (200, "bye"), (200, "psst")]


def test_one_command_can_be_several_deeds(store: Database | MemoryStore) -> None:
    deeds = [
        DEED,
        replace(DEED, act=Act.CHANGED_ROOM),
        replace(DEED, about="eve #ops"),
    ]
    store.write(deeds)
    assert sorted(map(repr, audit(store))) == sorted(map(repr, deeds))


def test_the_order_goes_on_after_the_highest_id(store: Database | MemoryStore) -> None:
    store.write([SAID])
    store.write([OPS])
    assert store.load().last_id == SAID.id


def test_how_far_the_order_has_come_is_kept_and_never_goes_back(
    store: Database | MemoryStore,
) -> None:
    store.write([SAID], Stamp(999, 5000))
    store.write([], Stamp(1001, 4000))
    store.write([], Stamp(1000, 4500))
    kept = store.load()
    assert (kept.last_id, kept.last_at) == (1001, 5000)


def test_a_sealed_room_is_not_loaded_and_its_name_is_free(
    store: Database | MemoryStore,
) -> None:
    store.write([OPS, SAID, replace(OPS, is_sealed=True)])
    assert store.load().rooms == ()
    again = replace(OPS, id=400)
    store.write([again])
    assert store.load().rooms == (again,)
    # What was said in the first one is still its own.
    assert lines(store) == [(200, "tea? 茶")]


def test_a_sealed_room_in_which_nothing_happened_may_be_unknown(
    store: Database | MemoryStore,
) -> None:
    sealed = replace(OPS, is_sealed=True)
    store.write([OPS])
    store.write([sealed])
    store.write([replace(sealed, id=101)])
    assert store.load().rooms == ()
    if isinstance(store, Database):
        with closing(sqlite3.connect(store.path)) as other:
            assert other.execute("SELECT * FROM rooms").fetchall() == []


def test_an_account_that_is_gone_leaves_its_words(
    store: Database | MemoryStore,
) -> None:
    store.write([ALICE, BOB, SAID, WHISPERED, ForgottenAccount(7)])
    assert store.load().accounts == (BOB,)
    assert lines(store) == [(200, "tea? 茶"), (201, "psst")]


def test_an_account_that_is_forgotten_takes_its_words_along(
    store: Database | MemoryStore,
) -> None:
    answer = replace(WHISPERED, id=202, account=8, peer=7, text="what?")
    bobs = replace(SAID, id=203, account=8, text="anybody?")
    to_eve = replace(WHISPERED, id=204, account=8, peer=9, text="gone?")
    guests = replace(SAID, id=205, account=0, text="who?")
    store.write([ALICE, BOB, SAID, WHISPERED, answer, bobs, to_eve, guests])
    store.write([ForgottenAccount(7, words=True)])
    assert store.load().accounts == (BOB,)
    assert lines(store) == [(203, "anybody?"), (204, "gone?"), (205, "who?")]


def test_who_is_forgotten_is_named_in_no_trail(store: Database | MemoryStore) -> None:
    store.write(
        [
            ALICE,
            BOB,
            Audited(201, 1, Act.LOGGED_IN, ALICE.name, "", "10.0.0.1"),
            Audited(202, 2, Act.LOGGED_IN, "bob", "", "10.0.0.2"),
            Audited(203, 3, Act.KILLED, "bob", ALICE.name, "10.0.0.2"),
        ]
    )
    store.write([ForgottenAccount(ALICE.id, words=True)])
    assert audit(store) == [
        Audited(201, 1, Act.LOGGED_IN, "", "", ""),
        Audited(202, 2, Act.LOGGED_IN, "bob", "", "10.0.0.2"),
        Audited(203, 3, Act.KILLED, "bob", "", "10.0.0.2"),
    ]


def test_what_was_written_is_nobody_elses_to_change(
    store: Database | MemoryStore,
) -> None:
    state = {"roles": [[7, 3]]}
    store.write([replace(OPS, state=state)])
    state["roles"].clear()
    assert store.load().rooms[0].state == {"roles": [[7, 3]]}
