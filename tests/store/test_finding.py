"""Finding: a search finds the same on disk and in memory."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from chat.domain.extracts import Scope, Seek
from chat.domain.ports import Found
from chat.domain.questions import Search
from chat.domain.records import Deed, ForgottenAccount, KeptAccount, Line
from chat.store import finding
from chat.store.database import Database
from chat.store.finding import mark
from chat.store.memory import MemoryStore

Stores: TypeAlias = Database | MemoryStore

ALICE, BOB, EVE = 7, 8, 9
LOBBY, OPS = Scope("#lobby"), Scope("#Ops", room=100)
EVER = 10**9


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    made = Database(tmp_path) if request.param == "disk" else MemoryStore()
    with closing(made) as opened:
        yield opened


class Talk:
    """Writes lines, whose ids and times go up by ten."""

    def __init__(self, store: Stores) -> None:
        self._store = store
        self._id = 0

    def say(
        self, *texts: str, room: int = 100, nick: str = "alice", **rest: Any
    ) -> int:
        for text in texts:
            self._id += 10
            line = Line(self._id, self._id, room, Deed.SAY, f"{nick}!a@host", text)
            self._store.write([replace(line, **rest)])
        return self._id

    def whisper(self, text: str, account: int, peer: int) -> int:
        return self.say(text, room=0, account=account, peer=peer)


@pytest.fixture
def talk(store: Stores) -> Talk:
    return Talk(store)


def seek(
    store: Stores,
    text: str = "",
    scopes: tuple[Scope, ...] = (OPS,),
    account: int = 0,
    **asked: Any,
) -> Found:
    sought = Seek(scopes, account, Search(text, **asked))
    return store.seek(sought, EVER, lambda: False)()


def texts(store: Stores, text: str = "", *args: Any, **rest: Any) -> list[str]:
    found = seek(store, text, *args, **rest)
    assert not found.is_cut
    return [line.text for _, line in found.found]


def test_what_was_said_is_found_the_oldest_first(store: Stores, talk: Talk) -> None:
    talk.say("green tea", "coffee", "Tea, please")
    talk.say("tea", room=0)
    (first, second), *state = seek(store, "tea")
    assert state == [False, True]
    assert first == (
        "#Ops",
        Line(10, 10, 100, Deed.SAY, "alice!a@host", "green tea"),
    )
    assert second[1].text == "Tea, please"


def test_only_what_was_said_is_found(store: Stores, talk: Talk) -> None:
    for deed in Deed:
        talk.say(f"tea {deed.name}", deed=deed)
    assert texts(store, "tea") == ["tea SAY", "tea ACTION", "tea NOTICE"]


def test_all_words_must_be_there_whatever_their_case_and_marks(
    store: Stores, talk: Talk
) -> None:
    talk.say("Crème brûlée", "creme fraiche", "brulee of CREME", "cremes brulee")
    assert texts(store, "crème brulee") == ["Crème brûlée", "brulee of CREME"]


def test_parts_of_words_are_found_if_no_word_is_so(store: Stores, talk: Talk) -> None:
    talk.say("some teapots", "TEAPOT lids", "an elephant", "the pot")
    assert texts(store, "teapot") == ["TEAPOT lids"]
    assert texts(store, "teap") == ["some teapots", "TEAPOT lids"]
    assert texts(store, "eap pots") == ["some teapots"]
    assert texts(store, "epot of") == []
    assert texts(store, "eapo lids") == ["TEAPOT lids"]
    assert texts(store, "zz") == []
    assert texts(store, "elephants") == []


def test_which_of_the_two_is_searched_the_newest_page_decides(
    store: Stores, talk: Talk
) -> None:
    talk.say("teapots")
    found = talk.say("teapot")
    assert texts(store, "teapot", below=found) == []
    assert texts(store, "eapot", below=found) == ["teapots"]


def test_what_has_no_spaces_is_found_anywhere(store: Stores, talk: Talk) -> None:
    talk.say(
        "緑茶が好きです", "茶館", "館の茶", "ชาเขียวร้อน", "녹차를 마셔요", "plain tea"
    )
    assert texts(store, "茶") == ["緑茶が好きです", "茶館", "館の茶"]
    assert texts(store, "茶館") == ["茶館"]
    assert texts(store, "茶が好き") == ["緑茶が好きです"]
    assert texts(store, "茶 好き") == ["緑茶が好きです"]
    assert texts(store, "เขียว") == ["ชาเขียวร้อน"]
    assert texts(store, "녹차") == ["녹차를 마셔요"]


def test_what_has_no_letters_is_found_as_it_is(store: Stores, talk: Talk) -> None:
    talk.say("well :)", "well :-)", "see --> there", "😀 tea", "^^")
    assert texts(store, ":)") == ["well :)"]
    assert texts(store, "-->") == ["see --> there"]
    assert texts(store, "😀") == ["😀 tea"]
    assert texts(store, "--> there") == ["see --> there"]


@pytest.mark.parametrize(
    "text",
    ['"', "tea AND", "NOT tea", "text : tea", "te*", "(tea", "^tea", "nick:alice", "'"],
)
def test_nothing_that_is_typed_is_a_command(
    store: Stores, talk: Talk, text: str
) -> None:
    talk.say("coffee", f"so {text} it is")
    assert texts(store, text) == [f"so {text} it is"]


def test_by_somebody(store: Stores, talk: Talk) -> None:
    talk.say("tea one", "teas")
    for nick in ("Alice", "alice_2", "_", "ålice", "bob"):
        talk.say(f"tea of {nick}", nick=nick)
    assert texts(store, "tea", speaker="ALICE") == ["tea one", "tea of Alice"]
    assert texts(store, "tea", speaker="_") == ["tea of _"]
    assert texts(store, "tea", speaker="Ålice") == ["tea of ålice"]
    assert texts(store, "", speaker="bob") == ["tea of bob"]
    assert texts(store, "", speaker="alice_2") == ["tea of alice_2"]
    assert texts(store, "tea", speaker="nobody") == []
    talk.say("teapots", nick="bob")
    talk.say("teapots", nick="al")
    assert texts(store, "eapo", speaker="bob") == ["teapots"]
    assert texts(store, "eapo", speaker="al") == ["teapots"]


def test_between_times(store: Stores, talk: Talk) -> None:
    talk.say(*(f"tea {number}" for number in range(1, 6)))
    assert texts(store, "tea", after=20, before=40) == ["tea 2", "tea 3", "tea 4"]
    assert texts(store, "tea", after=21, before=39) == ["tea 3"]
    assert texts(store, "tea", after=60) == []
    assert texts(store, "tea", before=9) == []
    assert texts(store, after=50) == ["tea 5"]


def test_page_by_page(store: Stores, talk: Talk) -> None:
    talk.say(*(f"tea {number}" for number in range(5)))
    pages, below, is_end = [], 0, False
    while not is_end:
        found, _, is_end = seek(store, "tea", most=2, below=below)
        pages.append([line.text for _, line in found])
        below = found[0][1].id
    assert pages == [["tea 3", "tea 4"], ["tea 1", "tea 2"], ["tea 0"]]
    assert seek(store, "tea", most=5).is_end


def test_only_where_one_may_read(store: Stores, talk: Talk) -> None:
    talk.say("tea 1", "tea 2", "tea 3")
    talk.say("tea 4", "tea 5", room=0)
    talk.say("tea 6", room=101)
    both = replace(OPS, floor=20), replace(LOBBY, floor=41)
    found = seek(store, "tea", both)
    assert [(name, line.text) for name, line in found.found] == [
        ("#Ops", "tea 2"),
        ("#Ops", "tea 3"),
        ("#lobby", "tea 5"),
    ]
    assert texts(store, "tea", ()) == []
    assert texts(store, "tea", (replace(OPS, floor=31),)) == []
    many = tuple(Scope(f"#{number}", number) for number in range(101, 500))
    assert texts(store, "tea", many) == ["tea 6"]
    assert texts(store, "", many) == ["tea 6"]
    assert texts(store, "zzea", many) == []


def test_nothing_of_this_turn_or_later(store: Stores, talk: Talk) -> None:
    talk.say("tea 1", "tea 2", "tea 3")
    sought = Seek((OPS,), 0, Search("tea", below=100))
    found, *_ = store.seek(sought, 30, lambda: False)()
    assert [line.id for _, line in found] == [10, 20]


def test_what_was_said_to_one_alone_only_the_two_find(
    store: Stores, talk: Talk
) -> None:
    for number, name in ((ALICE, "Alice"), (BOB, "bob")):
        store.write([KeptAccount(number, name, name.lower(), 0, "scram...")])
    talk.whisper("tea to bob", ALICE, BOB)
    talk.whisper("tea to alice", BOB, ALICE)
    talk.whisper("tea to eve", BOB, EVE)
    talk.whisper("tea to myself", ALICE, ALICE)
    talk.say("tea in the lobby", room=0)

    def found(*scopes: Scope, account: int = 0) -> list[tuple[str, str, int, int]]:
        return [
            (name, line.text, line.room, line.peer)
            for name, line in seek(store, "tea", scopes, account).found
        ]

    mine = [("bob", "tea to bob", 0, BOB), ("bob", "tea to alice", 0, ALICE)]
    assert found(account=ALICE) == [*mine, ("Alice", "tea to myself", 0, ALICE)]
    assert found(account=EVE) == [("bob", "tea to eve", 0, EVE)]
    # Eve has no account any more, and her name may be somebody else's now.
    assert [name for name, *_ in found(account=BOB)] == ["Alice", "Alice"]
    with_bob = Scope("bob", peer=BOB, account=ALICE)
    assert found(with_bob) == mine
    assert found(replace(with_bob, floor=11)) == mine[1:]
    assert found(Scope("eve", peer=EVE, account=ALICE)) == []
    assert found(LOBBY) == [("#lobby", "tea in the lobby", 0, 0)]


def test_what_is_forgotten_is_found_no_more(store: Stores, talk: Talk) -> None:
    store.write([KeptAccount(ALICE, "Alice", "alice", 0, "scram...")])
    talk.say("tea of alice", account=ALICE)
    talk.say("tea of bob", account=BOB)
    talk.whisper("tea to alice", BOB, ALICE)
    assert len(texts(store, "tea", account=BOB)) == 3
    store.write([ForgottenAccount(ALICE, words=True)])
    assert texts(store, "tea", account=BOB) == ["tea of bob"]


def after(count: int) -> Callable[[], bool]:
    """It is late when it was asked so often whether it is."""
    left = iter([False] * count)
    return lambda: next(left, True)


def test_who_is_late_is_told_what_there_is(store: Stores, talk: Talk) -> None:
    talk.say(*(f"tea {number}" for number in range(1000)))
    sought = Seek((OPS,), 0, Search("tea", most=2000))
    often = 2 if isinstance(store, Database) else 500
    found = store.seek(sought, EVER, after(often))()
    assert (found.is_cut, found.is_end) == (True, False)
    assert 0 < len(found.found) < 1000
    assert found.found[-1][1].text == "tea 999"
    assert store.seek(sought, EVER, lambda: True)().is_cut


def test_a_question_that_takes_too_long_is_left(
    store: Stores, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.say("tea")
    monkeypatch.setattr(finding, "_STEPS", 1)
    late = store.seek(Seek((OPS,), 0, Search("tea")), EVER, lambda: True)()
    assert late == Found([], is_cut=True, is_end=False)
    assert texts(store, "tea") == ["tea"]


def test_what_is_taken_as_one_word_stands_for_a_room() -> None:
    rooms = [*range(-100, 100), 5999, 6000, 10**8, -(10**8)]
    marks = {mark(room) for room in rooms}
    assert len(marks) == len(rooms)
    assert {len(each) for each in marks} == {3}
