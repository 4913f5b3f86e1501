"""Records as rows, and back; what the two stores promise is in test_contract."""

from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.ports import Taken
from chat.domain.records import Act, Audited, Deed, Line, Lines
from chat.store import rows
from chat.store.database import Database


@pytest.mark.parametrize("deed", Deed)
def test_a_line_comes_back(deed: Deed) -> None:
    line = Line(5, 6, 7, deed, "a!b@c", "hi", 8, 0, "bob", "+x=y", 4)
    row = rows.of_line(line)
    assert rows.line(row) == line
    assert rows.whole(row) == row


@pytest.mark.parametrize(
    ("more", "length"),
    [
        pytest.param({}, 7, id="nothing more"),
        pytest.param({"target": "bob"}, 10, id="a target"),
        pytest.param({"tags": "+x=y"}, 10, id="tags"),
        pytest.param({"reply_to": 4}, 10, id="an answer"),
    ],
)
@pytest.mark.parametrize("deed", Deed)
def test_a_row_is_short_if_no_more_belongs_to_the_line(
    deed: Deed, more: dict[str, Any], length: int
) -> None:
    line = Line(5, 6, 7, deed, "a!b@c", "hi", 8, **more)
    row = rows.of_line(line)
    assert len(row) == length
    assert rows.line(rows.whole(row)) == line


@given(st.lists(st.lists(st.text(max_size=9), min_size=1)))
def test_rows_of_breaths_are_those_of_their_lines(said: list[list[str]]) -> None:
    breaths = [
        Lines(range(5, 5 + len(texts)), [*range(len(texts))], texts, room, "a!b@c", 8)
        for room, texts in enumerate(said)
    ]
    found = rows.of_lines(breaths)
    lines = [line for breath in breaths for line in breath.each()]
    assert found == [rows.of_line(line) for line in lines]
    assert [rows.line(rows.whole(row)) for row in found] == lines


def test_what_two_said_alone_is_filed_under_their_conversation() -> None:
    line = Line(5, 6, 0, Deed.SAY, "a!b@c", "hi", account=8, peer=9)
    assert rows.in_conversation(rows.of_line(line), -3)[0] == -3


@pytest.mark.parametrize("answers", [0, 1, 2, 70])
@pytest.mark.parametrize("count", [0, 1, 2, 31, 32, 33, 63, 64, 65, 127, 200])
def test_however_many_are_added_all_are_there_in_their_order(
    tmp_path: Path, count: int, answers: int
) -> None:
    said = [
        Line(n, 6, 7, Deed.SAY, "a!b@c", f"hi {n}", reply_to=int(n % 90 < answers))
        for n in range(1, count + 1)
    ]
    lines = [rows.of_line(each) for each in said]
    with closing(Database(tmp_path)) as store:
        rows.add_lines(store._connection, lines)
        found = store._connection.execute(
            "SELECT id, text, reply_to FROM messages ORDER BY place"
        )
        assert found.fetchall() == [
            (each.id, each.text, each.reply_to) for each in said
        ]


def test_a_line_is_there_or_not_or_is_another_one(tmp_path: Path) -> None:
    line = Line(5, 6, 7, Deed.SAY, "a!b@c", "hi")
    said, joined = map(rows.of_line, [line, replace(line, deed=Deed.JOIN)])
    answer = rows.of_line(replace(line, reply_to=4))
    with closing(Database(tmp_path)) as store:
        is_there = partial(rows.is_there, store._connection)
        assert not is_there(said)
        store.write([line])
        assert is_there(said)
        # It only happened, so it stands elsewhere.
        assert not is_there(joined)
        with pytest.raises(Taken, match="there is a line 5 already"):
            is_there(answer)


def test_what_comes_twice_is_there_once() -> None:
    line = Line(5, 6, 7, Deed.SAY, "a!b@c", "hi")
    others = [replace(line, room=8), replace(line, id=6), replace(line, deed=Deed.JOIN)]
    lines = [rows.of_line(each) for each in [line, *others]]
    assert rows.once([*lines, rows.of_line(line)]) == lines
    with pytest.raises(Taken, match="there is a line 6 already"):
        rows.once([*lines, rows.of_line(replace(others[1], text="ho"))])


@pytest.mark.parametrize("act", Act)
def test_what_was_audited_comes_back(act: Act) -> None:
    audited = Audited(5, 6, act, "alice", "bob", "192.0.2.1")
    assert rows.audited(rows.of_audited(audited)) == audited


def test_numbers_of_deeds_are_stored_and_stay() -> None:
    numbers = {deed.name: deed.value for deed in Deed}
    assert (
        numbers.items()
        >= {
            "SAY": 1,
            "ACTION": 2,
            "NOTICE": 3,
            "TAGS": 4,
            "JOIN": 5,
            "LEAVE": 6,
            "DEPART": 7,
            "KICK": 8,
            "RENAME": 9,
            "TOPIC": 10,
            "SETTINGS": 11,
        }.items()
    )
