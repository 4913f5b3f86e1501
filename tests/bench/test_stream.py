"""The stream: one reads, the others compare, and nothing gets past either."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.bench.delays import Delays
from chat.bench.ledger import Wrong
from chat.bench.speech import IRC, Speech, words
from chat.bench.stream import Reader, Stream

NOW = 2.0
PING = b"PING :x\r\n"


def line(who: int, number: int) -> bytes:
    return b":c%d!u@h PRIVMSG #r0 :%b\r\n" % (who, words(who, number, at=1_500_000))


class Room:
    """Two who only read, and two who speak as well."""

    def __init__(self, speech: Speech = IRC) -> None:
        self.delays = Delays()
        self.answers: list[bytes] = []
        self.stream = Stream(speech, 0, self.delays, lambda: NOW)
        self.ann, self.bob = self.silent(), self.silent()
        self.four, self.five = self.speaker(4), self.speaker(5)

    def silent(self) -> Reader:
        return self.stream.reader(self.answers.append)

    def speaker(self, number: int) -> Reader:
        return self.stream.reader(self.answers.append, number)

    @property
    def everybody(self) -> list[Reader]:
        return [self.ann, self.bob, self.four, self.five]


@pytest.fixture
def room() -> Room:
    return Room()


def test_a_line_is_heard_once_the_last_one_has_it(room: Room) -> None:
    said = line(4, 0) + line(5, 0)
    room.ann.receives(said)
    room.bob.receives(said)
    room.four.receives(line(5, 0))
    assert room.stream.heard == {}
    room.five.receives(line(4, 0))
    assert room.stream.heard == {4: 1, 5: 1}
    assert room.stream.delivered == 6
    assert room.delays.packed() == {"50000": 6}


def test_who_speaks_may_be_first_and_waits_for_who_does_not(room: Room) -> None:
    room.five.receives(line(4, 0))
    assert room.stream.delivered == 0
    room.ann.receives(line(4, 0))
    # It was his own line: there is nothing that he would have to read.
    assert room.stream.delivered == 2
    room.bob.receives(line(4, 0))
    assert room.stream.heard == {4: 1}


def test_anybody_who_only_reads_may_be_ahead(room: Room) -> None:
    room.ann.receives(line(4, 0))
    room.bob.receives(line(4, 0) + line(4, 1))
    room.ann.receives(line(4, 1))
    room.five.receives(line(4, 0) + line(4, 1))
    assert room.stream.heard == {4: 2}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        pytest.param(line(4, 1), "line 0 of c4 is due and 1 came", id="lost"),
        pytest.param(line(4, 0) * 2, "line 1 of c4 is due and 0", id="twice"),
        pytest.param(line(4, 0)[:40] + b"\r\n", "not all words", id="cut"),
        pytest.param(line(5, 0).replace(b"c5!", b"c4!"), "came from c4", id="source"),
    ],
)
@pytest.mark.parametrize("who", ["ann", "bob", "five"])
def test_nobody_overlooks_what_is_wrong(
    room: Room, who: str, wrong: bytes, told: str
) -> None:
    reader: Reader = getattr(room, who)

    def read() -> None:
        reader.receives(wrong)
        for each in room.everybody:
            each.receives(line(4, 0) + line(5, 0))

    if who != "ann":
        room.ann.receives(line(4, 0) + line(5, 0))
    with pytest.raises(Wrong, match=told):
        read()


def test_another_order_of_two_speakers_is_no_fault(room: Room) -> None:
    room.ann.receives(line(4, 0) + line(5, 0))
    room.bob.receives(line(5, 0) + line(4, 0))
    # They are together again.
    both = line(4, 1) + line(5, 1)
    room.bob.receives(both)
    room.ann.receives(both)
    room.four.receives(line(5, 0) + line(5, 1))
    room.five.receives(line(4, 0) + line(4, 1))
    assert room.stream.heard == {4: 2, 5: 2}
    assert room.stream.delivered == 12


def test_one_with_another_order_may_be_ahead_for_a_while(room: Room) -> None:
    room.ann.receives(line(4, 0) + line(5, 0))
    room.bob.receives(line(5, 0) + line(5, 1) + line(4, 0))
    room.bob.receives(line(4, 1))
    room.ann.receives(line(4, 1) + line(5, 1))
    room.four.receives(line(5, 0) + line(5, 1))
    room.five.receives(line(4, 0) + line(4, 1))
    assert room.stream.heard == {4: 2, 5: 2}


@pytest.mark.parametrize("who", ["ann", "bob", "four"])
def test_a_ping_in_between_is_answered(room: Room, who: str) -> None:
    getattr(room, who).receives(PING)
    for number in range(3):
        for each in room.everybody:
            if each is not room.five:
                each.receives(line(5, number))
    assert room.stream.heard == {5: 3}
    assert room.answers == [b"PONG :x\r\n"]


@given(
    lines=st.lists(st.sampled_from([4, 5]), max_size=12),
    cuts=st.lists(st.integers(1, 3000), max_size=30),
    order=st.randoms(use_true_random=False),
    pings=st.sets(st.integers(0, 3)),
)
def test_however_it_is_cut_all_is_heard(
    lines: list[int], cuts: list[int], order: Random, pings: set[int]
) -> None:
    room = Room()
    counts = {4: 0, 5: 0}
    said = []
    for who in lines:
        said.append((who, line(who, counts[who])))
        counts[who] += 1
    left: dict[Reader, bytes] = {}
    for place, own in enumerate((0, 0, 4, 5)):
        parts = [text for who, text in said if who != own]
        if place in pings:
            parts.insert(len(parts) // 2, PING)
        left[room.everybody[place]] = b"".join(parts)
    turns = [(order.choice(room.everybody), cut) for cut in cuts]
    for reader, cut in (*turns, *((each, 10_000) for each in room.everybody)):
        if left[reader]:
            reader.receives(left[reader][:cut])
            left[reader] = left[reader][cut:]
    assert room.stream.heard == {who: count for who, count in counts.items() if count}
    # Three read each line: everybody but its speaker.
    assert room.stream.delivered == 3 * len(lines)


@pytest.mark.parametrize("who", [4, 5])
def test_who_speaks_is_told_nothing_twice_and_not_his_own(room: Room, who: int) -> None:
    for each in (room.ann, room.bob, room.five):
        each.receives(line(4, 0))
    room.stream.end()
    {4: room.four, 5: room.five}[who].receives(line(4, 0))
    with pytest.raises(Wrong, match="repeated"):
        room.stream.end()


def test_who_was_told_his_own_before_others_were_is_noticed(room: Room) -> None:
    room.four.receives(line(4, 0) + line(5, 0))
    with pytest.raises(Wrong, match="c4 was told what he said himself"):
        room.ann.receives(line(4, 0) + line(5, 0))


def test_who_wants_to_be_told_his_own_may_be() -> None:
    room = Room(Speech("echo-message"))
    for each in room.everybody:
        each.receives(line(4, 0) + line(5, 0))
    room.stream.end()
    assert room.stream.heard == {4: 1, 5: 1}
