"""Sheets: what a room said in one turn, and how much of it each has read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.server.sheet import Reader, Sheet
from tests.server.readers import Pen, a_session, drained

RED = Pen("red")


def a_sheet(**lines: int) -> Sheet:
    """A sheet on which each line has the place given."""
    sheet = Sheet()
    for text, place in lines.items():
        sheet.write(place, f"{text}\n".encode())
    return sheet


def a_reader(*sheets: Sheet, read: int) -> Reader:
    """Somebody who reads *sheets* and has read up to the place *read*."""
    reader = Reader(a_session(1, RED))
    reader.sheets = dict(enumerate(sheets))
    reader.read = read
    return reader


def test_a_fresh_sheet_is_blank() -> None:
    assert (Sheet().whole(), Sheet().last) == (b"", 0)


def test_the_rest_is_what_is_left_to_read() -> None:
    sheet = a_sheet(a=7, b=8, c=12)
    assert [sheet.rest(place) for place in (0, 6, 7, 11, 12)] == [
        b"a\nb\nc\n",
        b"a\nb\nc\n",
        b"b\nc\n",
        b"c\n",
        b"",
    ]


def test_the_whole_is_all_that_was_written_in_order() -> None:
    assert a_sheet(a=7, b=8, c=12).whole() == b"a\nb\nc\n"


def test_the_last_place_is_that_of_the_last_line_in_whatever_turn() -> None:
    sheet = a_sheet(a=7, b=8)
    assert sheet.last == 8
    sheet.clear()
    assert sheet.last == 8


def test_the_whole_is_the_very_same_object_until_more_is_written() -> None:
    sheet = a_sheet(a=7, b=8)
    whole = sheet.whole()
    assert sheet.whole() is whole
    sheet.write(9, b"c\n")
    assert sheet.whole() == b"a\nb\nc\n"


@pytest.mark.parametrize(
    ("place", "rest"),
    [
        pytest.param(0, [(7, b"a\n"), (8, b"b\n"), (12, b"c\n")], id="nothing read"),
        pytest.param(7, [(8, b"b\n"), (12, b"c\n")], id="read up to a line"),
        pytest.param(10, [(12, b"c\n")], id="read up to a place between two lines"),
        pytest.param(12, [], id="all read"),
        pytest.param(99, [], id="read further than is written here"),
    ],
)
def test_the_rest_is_what_was_written_after_a_place(
    place: int, rest: list[tuple[int, bytes]]
) -> None:
    assert a_sheet(a=7, b=8, c=12).after(place) == rest


def test_a_new_turn_begins_with_a_blank_sheet() -> None:
    sheet = a_sheet(a=7)
    sheet.whole()
    sheet.clear()
    assert not sheet.texts
    assert sheet.whole() == b""


def test_a_new_turn_keeps_the_readers() -> None:
    sheet = a_sheet(a=7)
    reader = a_reader(sheet, read=0)
    sheet.others[1] = reader
    sheet.direct[2] = reader.session.connection
    sheet.clear()
    assert sheet.others == {1: reader}
    assert sheet.direct == {2: reader.session.connection}


@pytest.mark.parametrize(
    ("read", "lines"),
    [
        pytest.param(0, ["a", "x", "b", "y"], id="two rooms, line by line"),
        pytest.param(2, ["b", "y"], id="only what was not read"),
        pytest.param(3, ["y"], id="one room has nothing more"),
        pytest.param(4, [], id="all read"),
    ],
)
def test_several_rooms_are_read_in_the_order_of_what_was_said(
    read: int, lines: list[str]
) -> None:
    reader = a_reader(a_sheet(a=1, b=3), a_sheet(x=2, y=4), read=read)
    reader.catch_up(4)
    assert drained(reader.session) == lines


def test_two_who_catch_up_with_a_whole_sheet_are_given_the_same_object() -> None:
    sheet = a_sheet(a=7, b=8)
    readers = [a_reader(sheet, Sheet(), read=read) for read in (0, 6)]
    for reader in readers:
        reader.catch_up(8)
    (first,), (second,) = (reader.session.outbox._fresh for reader in readers)
    assert first is second


def test_nothing_is_read_twice() -> None:
    reader = a_reader(a_sheet(a=7), read=0)
    reader.catch_up(7)
    reader.catch_up(7)
    assert drained(reader.session) == ["a"]


def test_who_reads_no_sheet_is_given_nothing_and_has_read_up_to_there() -> None:
    reader = a_reader(Sheet(), read=3)
    reader.catch_up(7)
    assert (drained(reader.session), reader.read) == ([], 7)


@given(rooms=st.lists(st.integers(0, 2), max_size=20), read=st.integers(0, 20))
def test_whoever_catches_up_has_read_every_line_once(
    rooms: list[int], read: int
) -> None:
    sheets = [Sheet(), Sheet(), Sheet()]
    for place, room in enumerate(rooms, start=1):
        sheets[room].write(place, f"{place}\n".encode())
    reader = a_reader(*sheets, read=min(read, len(rooms)))
    reader.catch_up(len(rooms))
    assert drained(reader.session) == [
        str(place) for place in range(1, len(rooms) + 1) if place > read
    ]
