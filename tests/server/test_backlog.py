"""The backlog: what waits, in which order, and what is lost when it is too much."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.ports import Trouble
from chat.domain.records import (
    Act,
    Audited,
    Deed,
    Delivered,
    ForgottenAccount,
    ForgottenLink,
    KeptAccount,
    KeptLink,
    KeptRead,
    KeptRoom,
    KeptVisit,
    Line,
    Lines,
    Record,
)
from chat.server import backlog as subject
from chat.server.backlog import Backlog

LOBBY, OPS = 0, 7


def a_line(number: int, room: int = OPS, text: str = "hello", peer: int = 0) -> Line:
    return Line(
        number, 1000 + number, room, Deed.SAY, "a!b@c", text, account=5, peer=peer
    )


def a_breath(*numbers: int) -> Lines:
    """Some of the same, said in one breath."""
    times = [1000 + number for number in numbers]
    return Lines(numbers, times, ["hello"] * len(numbers), OPS, "a!b@c", 5)


def a_room(topic: str, number: int = OPS) -> KeptRoom:
    return KeptRoom(number, "#ops", "#ops", {"topic": topic})


def an_account(credential: str) -> KeptAccount:
    return KeptAccount(5, "bob", "bob", 0, credential)


def a_link(uses: int) -> KeptLink:
    return KeptLink(9, OPS, "digest", "bob", 0, uses)


def an_audit(number: int) -> Audited:
    return Audited(number, 1000, Act.FAILED, "bob", "", "192.0.2.1")


def a_gap(number: int, lines: int, room: int = OPS) -> Line:
    return Line(number, 1000 + number, room, Deed.GAP, "", str(lines))


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for three."""
    monkeypatch.setattr(subject, "RECORDS", 3)


def with_(*records: Record) -> Backlog:
    backlog = Backlog()
    for record in records:
        backlog.add(record)
    return backlog


def emptied(backlog: Backlog, most: int = 1000) -> list[Record]:
    """All that waits, as it is written."""
    written: list[Record] = []
    while backlog:
        backlog.shift(most, written.extend)
    return written


@pytest.mark.parametrize(
    ("added", "written"),
    [
        pytest.param(
            [a_line(1), an_audit(2), a_line(3)],
            [a_line(1), an_audit(2), a_line(3)],
            id="in their order",
        ),
        pytest.param(
            [a_line(1), a_breath(2, 3), a_line(4)],
            [a_line(1), a_line(2), a_line(3), a_line(4)],
            id="a breath is so many lines",
        ),
        pytest.param(
            [a_room("one"), a_line(1), a_room("two"), a_room("else", 8)],
            [a_room("two"), a_line(1), a_room("else", 8)],
            id="a room as it is now",
        ),
        pytest.param(
            [an_account("one"), a_line(1), an_account("two")],
            [an_account("two"), a_line(1)],
            id="an account as it is now",
        ),
        pytest.param(
            [an_account("two"), a_line(1), ForgottenAccount(5, words=True)],
            [an_account("two"), a_line(1), ForgottenAccount(5, words=True)],
            id="an account is forgotten after its words, and by name",
        ),
        pytest.param(
            [an_account("one"), a_line(1), ForgottenAccount(5)],
            [a_line(1), ForgottenAccount(5)],
            id="an account is forgotten",
        ),
        pytest.param(
            [a_room("one"), a_line(1), replace(a_room("one"), is_sealed=True)],
            [a_line(1), replace(a_room("one"), is_sealed=True)],
            id="a room is sealed after its lines",
        ),
        pytest.param(
            [a_link(2), a_line(1), a_link(1)],
            [a_link(1), a_line(1)],
            id="a link as it is now",
        ),
        pytest.param(
            [a_link(1), a_line(1), ForgottenLink(9)],
            [a_line(1), ForgottenLink(9)],
            id="a link is forgotten",
        ),
        pytest.param(
            [ForgottenAccount(5), ForgottenLink(9)],
            [ForgottenAccount(5), ForgottenLink(9)],
            id="what never waited is forgotten all the same",
        ),
    ],
)
def test_what_waits_is_written(added: list[Record], written: list[Record]) -> None:
    assert emptied(with_(*added)) == written


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize(
    ("added", "written", "lost"),
    [
        pytest.param(
            [*map(a_line, range(1, 6))],
            [*map(a_line, range(1, 4)), a_gap(4, 2)],
            2,
            id="a line",
        ),
        pytest.param(
            [*map(an_audit, range(1, 6))],
            [*map(an_audit, range(1, 4))],
            2,
            id="a note for operators",
        ),
        pytest.param(
            [*map(a_line, range(1, 4)), a_room("new"), a_line(4)],
            [*map(a_line, range(1, 4)), a_room("new"), a_gap(4, 1)],
            1,
            id="but not how a room is",
        ),
        pytest.param(
            [*map(a_line, range(1, 4)), an_account("new"), ForgottenAccount(6)],
            [*map(a_line, range(1, 4)), an_account("new"), ForgottenAccount(6)],
            0,
            id="nor an account",
        ),
        pytest.param(
            [*map(a_line, range(1, 4)), a_line(4), a_line(5, LOBBY), a_line(6)],
            [*map(a_line, range(1, 4)), a_gap(4, 2), a_gap(5, 1, LOBBY)],
            3,
            id="each room has its gap",
        ),
    ],
)
def test_what_is_too_much_is_lost(
    added: list[Record], written: list[Record], lost: int
) -> None:
    backlog = with_(*added)
    assert (emptied(backlog), backlog.lost) == (written, lost)


@pytest.mark.usefixtures("narrow")
def test_two_who_whisper_have_one_gap_whoever_spoke() -> None:
    there, back = a_line(4, LOBBY, peer=6), a_line(5, LOBBY, peer=5)
    back = Line(5, 1005, 0, Deed.SAY, "d!e@f", "hi", account=6, peer=5)
    backlog = with_(*map(a_line, range(1, 4)), there, back)
    gap = Line(4, 1004, 0, Deed.GAP, "", "2", account=5, peer=6)
    assert emptied(backlog)[3:] == [gap]
    assert backlog.rooms == {OPS: 0}


@pytest.mark.usefixtures("narrow")
def test_a_gap_stands_before_what_was_said_after_it() -> None:
    backlog = with_(*map(a_line, range(1, 5)))
    written: list[Record] = []
    backlog.shift(2, written.extend)
    backlog.add(a_line(5))
    assert written + emptied(backlog) == [
        *map(a_line, range(1, 4)),
        a_gap(4, 1),
        a_line(5),
    ]
    assert backlog.rooms == {OPS: 1}


SEALED = replace(a_room("one"), is_sealed=True)


@pytest.mark.parametrize(
    ("added", "written"),
    [
        pytest.param([a_link(2), a_link(1), ForgottenLink(9)], [], id="a link"),
        pytest.param([an_account("one"), ForgottenAccount(5)], [], id="an account"),
        pytest.param([a_room("one"), SEALED], [], id="a room"),
        pytest.param(
            [a_room("one"), a_line(1), SEALED],
            [a_line(1), SEALED],
            id="but not the name of a room in which something happened",
        ),
        pytest.param(
            [an_account("one"), ForgottenAccount(5, words=True)],
            [an_account("one"), ForgottenAccount(5, words=True)],
            id="nor whose words are to go",
        ),
    ],
)
def test_of_what_came_and_went_meanwhile_nothing_is_written(
    added: list[Record], written: list[Record]
) -> None:
    new, old = Backlog(lambda: 4), Backlog(lambda: 9)
    for record in added:
        new.add(record)
        old.add(record)
    assert emptied(new) == written
    # What the store may have heard of is told to be no more.
    assert emptied(old)[-1] == added[-1]


@pytest.mark.usefixtures("narrow")
def test_the_name_of_a_sealed_room_comes_after_what_is_missing() -> None:
    backlog = with_(*map(a_line, range(1, 5)), a_room("one"), SEALED)
    assert emptied(backlog) == [*map(a_line, range(1, 4)), a_gap(4, 1), SEALED]


def test_things_are_lost_too_when_they_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subject, "THINGS", 2)
    backlog = with_(a_room("one"), an_account("one"), a_link(1), a_room("two"))
    backlog.add(ForgottenAccount(5))
    backlog.add(ForgottenLink(9))
    assert backlog.lost == 2
    assert emptied(backlog) == [a_room("two"), ForgottenAccount(5)]
    # And what has been written takes no room any more.
    for record in a_link(3), a_room("three"), a_room("else", 8):
        backlog.add(record)
    assert (emptied(backlog), backlog.lost) == ([a_link(3), a_room("three")], 3)


@pytest.mark.usefixtures("narrow")
def test_however_many_rooms_lose_lines_only_so_many_are_remembered() -> None:
    backlog = with_(*(a_line(n, room=n) for n in range(1, 20)))
    assert (len(backlog.rooms), backlog.lost) == (3, 16)
    # Beyond the rooms that are known, nobody can say whether something waits.
    backlog = Backlog(lambda: 0)
    for n in range(1, 9):
        backlog.add(a_line(n, room=n))
    backlog.add(a_room("new", 20))
    backlog.add(replace(a_room("new", 20), is_sealed=True))
    written = emptied(backlog)
    assert len(written) == 3 + 3 + 1
    assert replace(a_room("new", 20), is_sealed=True) in written


def test_long_lines_are_lost_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    # A source has five bytes, and each of these letters two.
    monkeypatch.setattr(subject, "TEXT", 200)
    long = "ü" * 90
    backlog = with_(a_line(1, text=long), a_line(2, text=long), a_line(3, text=""))
    assert emptied(backlog) == [
        a_line(1, text=long),
        a_gap(2, 1),
        a_line(3, text=""),
    ]
    # And what has been written takes no room any more.
    backlog.add(a_line(4, text=long))
    assert emptied(backlog) == [a_line(4, text=long)]


def test_what_cannot_be_written_stays_as_it_was() -> None:
    def fails(_records: Sequence[Record]) -> None:
        raise Trouble("the disk is full")

    backlog = with_(a_line(1), a_line(2))
    with pytest.raises(Trouble):
        backlog.shift(1, fails)
    assert len(backlog) == 2
    assert emptied(backlog, most=1) == [a_line(1), a_line(2)]


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("say"), st.integers(0, 3)),
            st.tuples(st.just("write"), st.integers(1, 4)),
        )
    )
)
def test_lines_and_gaps_are_all_that_was_said(steps: list[tuple[str, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subject, "RECORDS", 5)
        backlog, numbers = Backlog(), count(1)
        written: list[Record] = []
        said: dict[int, list[int]] = {}
        for step, number in steps:
            if step == "say":
                line = a_line(next(numbers), number)
                said.setdefault(number, []).append(line.id)
                backlog.add(line)
            else:
                backlog.shift(number, written.extend)
        written += emptied(backlog)
    for room, ids in said.items():
        told = [each for each in written if isinstance(each, Line)]
        told = [each for each in told if each.room == room]
        assert [each.id for each in told] == sorted(each.id for each in told)
        expected = iter(ids)
        for each in told:
            missing = int(each.text) if each.deed is Deed.GAP else 1
            assert next(expected) == each.id
            for _ in range(missing - 1):
                next(expected)
        assert list(expected) == []
    assert len({each.id for each in written if isinstance(each, Line)}) == len(
        [each for each in written if isinstance(each, Line)]
    )


# How far everybody has read.

VISIT = KeptVisit(20, 5, OPS, since=10)
READ = KeptRead(21, 5, "bob", 100)
TOLD = Delivered(22, 5, "phone")


def test_of_how_far_somebody_has_read_the_last_is_written() -> None:
    others: list[Record] = [
        replace(VISIT, room=LOBBY),
        replace(VISIT, account=6),
        replace(READ, peer="eve"),
        replace(TOLD, device=""),
    ]
    later: list[Record] = [
        replace(VISIT, id=30),
        replace(READ, id=31),
        replace(TOLD, id=32),
    ]
    assert emptied(with_(VISIT, READ, TOLD, *others, *later)) == [*later, *others]


def test_an_account_that_is_gone_has_read_nothing() -> None:
    of_another = replace(VISIT, account=6)
    account, gone = an_account("secret"), ForgottenAccount(5)
    backlog = with_(account, VISIT, READ, TOLD, of_another, gone)
    assert emptied(backlog) == [of_another, gone]
    forgotten = ForgottenAccount(5, words=True)
    assert emptied(with_(VISIT, READ, of_another, forgotten)) == [of_another, forgotten]
    backlog = Backlog(lambda: 0)
    for record in (account, VISIT, of_another, gone):
        backlog.add(record)
    assert emptied(backlog) == [of_another]


def test_a_sealed_room_was_visited_by_nobody() -> None:
    elsewhere = replace(VISIT, room=LOBBY)
    sealed = replace(a_room("tea"), is_sealed=True)
    assert emptied(with_(a_link(1), VISIT, elsewhere, sealed)) == [
        a_link(1),
        elsewhere,
        sealed,
    ]
    assert emptied(with_(VISIT, READ, ForgottenLink(9))) == [
        VISIT,
        READ,
        ForgottenLink(9),
    ]


def test_what_was_dropped_takes_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "THINGS", 2)
    backlog = with_(VISIT, READ, TOLD)
    assert backlog.lost == 1
    backlog.add(ForgottenAccount(5))
    backlog.add(replace(VISIT, account=6))
    assert (len(backlog), backlog.lost) == (2, 1)
