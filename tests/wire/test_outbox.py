"""The outbox, before readers of every appetite."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chat.wire.outbox import OFFER, PAUSE, Outbox


def an_outbox(soft: int = 10, hard: int = 20) -> Outbox:
    return Outbox(soft, hard)


def drained(outbox: Outbox, mouthful: int) -> list[bytes]:
    """What a reader got who takes at most *mouthful* bytes of each offer."""
    got = []
    while outbox:
        got.append(bytes(outbox.peek()[:mouthful]))
        outbox.taken(len(got[-1]))
    return [each for each in got if each]


class Cursor(Iterator[bytes]):
    """An iterator that knows how many bytes have been drawn from it."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = iter(chunks)
        self.drawn = 0

    def __next__(self) -> bytes:
        chunk = next(self._chunks)
        self.drawn += len(chunk)
        return chunk


@pytest.mark.parametrize(
    ("mouthful", "got"),
    [
        pytest.param(99, [b"onetwothree"], id="a fast reader gets it at once"),
        pytest.param(11, [b"onetwothree"], id="exactly all"),
        pytest.param(10, [b"onetwothre", b"e"], id="all but one byte"),
        pytest.param(4, [b"onet", b"woth", b"ree"], id="a slow reader, in order"),
    ],
)
def test_bytes_leave_in_the_order_they_came(mouthful: int, got: list[bytes]) -> None:
    outbox = an_outbox()
    for word in (b"one", b"two", b"three"):
        outbox.append(word)
    assert drained(outbox, mouthful) == got


def test_an_empty_outbox_offers_nothing() -> None:
    assert an_outbox().peek() == b""


def test_what_was_not_taken_is_offered_again() -> None:
    outbox = an_outbox()
    outbox.append(b"hello")
    assert [outbox.peek(), outbox.peek()] == [b"hello", b"hello"]


def test_a_kernel_that_takes_nothing_changes_nothing() -> None:
    outbox = an_outbox()
    outbox.append(b"hello")
    outbox.peek()
    outbox.taken(0)
    assert (outbox.peek(), outbox.size()) == (b"hello", 5)


def test_what_comes_later_waits_behind_a_half_taken_offer() -> None:
    outbox = an_outbox()
    outbox.append(b"hello")
    outbox.peek()
    outbox.taken(2)
    outbox.append(b"world")
    assert drained(outbox, 99) == [b"llo", b"world"]


def test_nothing_is_waiting_in_a_new_outbox() -> None:
    assert not an_outbox()


def test_something_is_waiting_once_it_is_queued() -> None:
    outbox = an_outbox()
    outbox.append(b"x")
    assert outbox


def test_something_is_waiting_while_an_offer_is_half_taken() -> None:
    outbox = an_outbox()
    outbox.append(b"xy")
    outbox.peek()
    outbox.taken(1)
    assert outbox


def test_nothing_is_waiting_once_all_is_taken() -> None:
    outbox = an_outbox()
    outbox.append(b"xy")
    outbox.peek()
    outbox.taken(2)
    assert not outbox


@pytest.mark.parametrize(
    ("waiting", "over_soft", "over_hard"),
    [
        pytest.param(0, False, False, id="nothing"),
        pytest.param(10, False, False, id="at the soft ceiling"),
        pytest.param(11, True, False, id="over the soft ceiling"),
        pytest.param(20, True, False, id="at the hard ceiling"),
        pytest.param(21, True, True, id="over the hard ceiling"),
    ],
)
def test_ceilings(waiting: int, over_soft: bool, over_hard: bool) -> None:
    outbox = an_outbox(soft=10, hard=20)
    outbox.append(b"x" * waiting)
    assert (outbox.is_over_soft(), outbox.is_over_hard()) == (over_soft, over_hard)


def test_a_reader_who_reads_comes_down_from_a_ceiling() -> None:
    outbox = an_outbox(soft=10)
    outbox.append(b"x" * 11)
    outbox.peek()
    outbox.taken(1)
    assert not outbox.is_over_soft()


def test_what_is_appended_is_counted_at_the_next_look() -> None:
    outbox = an_outbox()
    outbox.append(b"one")
    first = outbox.size()
    outbox.append(b"three")
    assert (first, outbox.size()) == (3, 8)


def test_bytes_are_counted_until_they_are_taken() -> None:
    outbox = an_outbox()
    outbox.append(b"hello")
    outbox.peek()
    offered = outbox.size()
    outbox.taken(2)
    assert (offered, outbox.size()) == (5, 3)


def test_a_cursor_yields_in_its_turn() -> None:
    outbox = an_outbox()
    outbox.append(b"before ")
    outbox.draw_from(iter([b"one ", b"two "]))
    outbox.append(b"after")
    assert b"".join(drained(outbox, 3)) == b"before one two after"


def test_two_cursors_yield_one_after_the_other() -> None:
    outbox = an_outbox()
    outbox.draw_from(iter([b"1", b"2"]))
    outbox.draw_from(iter([b"3", b"4"]))
    assert drained(outbox, 99) == [b"1234"]


def test_a_cursor_may_yield_nothing_now_and_something_later() -> None:
    outbox = an_outbox()
    outbox.draw_from(iter([b"one ", b"", b"two"]))
    assert drained(outbox, 99) == [b"one ", b"two"]


def test_a_cursor_with_nothing_to_say_is_waiting_until_it_is_asked() -> None:
    outbox = an_outbox()
    outbox.draw_from(iter(()))
    before = bool(outbox)
    assert (before, outbox.peek(), bool(outbox)) == (True, b"", False)


def test_a_cursor_is_not_drawn_when_it_is_queued_or_counted() -> None:
    outbox, cursor = an_outbox(), Cursor(b"answer")
    outbox.draw_from(cursor)
    assert (outbox.size(), cursor.drawn) == (0, 0)


def test_what_was_drawn_is_counted() -> None:
    outbox = an_outbox()
    outbox.draw_from(iter([b"answer"]))
    outbox.peek()
    assert outbox.size() == 6


def test_a_cursor_is_not_drawn_while_an_offer_waits_before_it() -> None:
    outbox, cursor = an_outbox(), Cursor(b"answer")
    outbox.append(b"x" * OFFER)
    outbox.draw_from(cursor)
    outbox.peek()
    outbox.taken(OFFER - 1)
    outbox.peek()
    assert cursor.drawn == 0


def test_a_long_answer_is_drawn_an_offer_at_a_time() -> None:
    outbox, cursor = an_outbox(), Cursor(*[b"x" * 1000] * 1000)
    outbox.draw_from(cursor)
    drawn = []
    for _ in range(3):
        outbox.taken(len(outbox.peek()))
        drawn.append(cursor.drawn)
    # 66 chunks of 1000 bytes are the first to reach 65536.
    assert drawn == [66_000, 132_000, 198_000]


def test_a_second_answer_is_not_begun_before_the_first_is_given() -> None:
    outbox, second = an_outbox(), Cursor(b"second")
    outbox.draw_from(iter([b"x" * OFFER]))
    outbox.draw_from(second)
    outbox.peek()
    assert second.drawn == 0


def a_piece(serial: int, length: int) -> bytes:
    """Bytes that cannot be taken for those of another piece."""
    return bytes(islice(cycle(b"%d," % serial), length))


# From one byte to more than is ever offered at once.
LENGTHS = st.sampled_from([1, 7, 20_000, OFFER - 1, OFFER, OFFER + 1])
LONGEST = OFFER + 1


class SlowReader(RuleBasedStateMachine):
    """Everything that can happen to an outbox, beside a model of it.

    The model is what should arrive in the end, and how much has been taken.
    """

    def __init__(self) -> None:
        super().__init__()
        self.outbox = Outbox(soft=100_000, hard=200_000)
        self.queued = bytearray()
        # For each byte of it, whether it comes from a cursor.
        self.answers = bytearray()
        self.appended = 0
        self.arrived = bytearray()
        self.cursors: list[Cursor] = []
        self.serial = 0

    def next_piece(self, length: int, *, answers: bool) -> bytes:
        self.serial += 1
        piece = a_piece(self.serial, length)
        self.queued += piece
        self.answers += bytes([answers]) * length
        return piece

    @rule(length=LENGTHS)
    def append(self, length: int) -> None:
        self.outbox.append(self.next_piece(length, answers=False))
        self.appended += length

    @rule(lengths=st.lists(LENGTHS | st.just(0), max_size=4))
    def answer(self, lengths: list[int]) -> None:
        cursor = Cursor(*[self.next_piece(length, answers=True) for length in lengths])
        self.cursors.append(cursor)
        self.outbox.draw_from(cursor)

    @rule(share=st.sampled_from([0.0, 0.01, 0.5, 1.0]))
    def take(self, share: float) -> None:
        offer = self.outbox.peek()
        count = int(len(offer) * share)
        self.arrived += offer[:count]
        self.outbox.taken(count)

    @rule(share=st.sampled_from([0.0, 0.01, 0.5, 1.0]))
    def offer(self, share: float) -> None:
        def send(data: bytes | memoryview) -> int:
            assert data
            count = int(len(data) * share)
            self.arrived += data[:count]
            return count

        assert self.outbox.offer(send) == (not self.outbox)

    @rule()
    def offer_what_is_not_taken_now(self) -> None:
        def send(_data: bytes | memoryview) -> int:
            raise BlockingIOError

        with suppress(BlockingIOError):
            assert self.outbox.offer(send) == (not self.outbox)

    @rule()
    def take_one_byte(self) -> None:
        offer = self.outbox.peek()[:1]
        self.arrived += offer
        self.outbox.taken(len(offer))

    def drawn(self) -> int:
        return sum(cursor.drawn for cursor in self.cursors)

    @invariant()
    def what_arrived_is_the_beginning_of_what_was_queued(self) -> None:
        assert self.queued.startswith(self.arrived)

    @invariant()
    def the_size_is_what_came_in_and_has_not_gone_out(self) -> None:
        waiting = self.appended + self.drawn() - len(self.arrived)
        assert self.outbox.size() == waiting

    @invariant()
    def the_ceilings_go_by_the_size(self) -> None:
        size = self.appended + self.drawn() - len(self.arrived)
        over = (self.outbox.is_over_soft(), self.outbox.is_over_hard())
        assert over == (size > 100_000, size > 200_000)

    @invariant()
    def no_more_than_an_offer_and_a_chunk_is_drawn_ahead(self) -> None:
        ahead = self.drawn() - self.answers.count(1, 0, len(self.arrived))
        assert ahead < OFFER + LONGEST

    def teardown(self) -> None:
        self.arrived += b"".join(drained(self.outbox, OFFER))
        assert self.arrived == self.queued
        assert not self.outbox


SlowReader.TestCase.settings = settings(
    max_examples=100, stateful_step_count=30, deadline=None
)
test_nothing_is_lost_repeated_or_out_of_order = SlowReader.TestCase


def test_a_log_sees_how_much_is_waiting_and_how_much_may() -> None:
    outbox = Outbox(soft=10, hard=20)
    outbox.append(b"secret")
    assert outbox.size() == 6
    assert repr(outbox) == "<Outbox 6/20>"


def test_what_was_appended_last_can_be_dressed() -> None:
    outbox = Outbox(soft=10, hard=20)
    outbox.append(b"sent before")
    outbox.taken(len(outbox.peek()) - 3)
    outbox.append(b"new")
    outbox.dress(lambda text: b"<" + text + b">")
    outbox.taken(3)
    assert outbox.peek() == b"<new>"


def test_nothing_dressed_as_nothing_is_nothing() -> None:
    outbox = Outbox(soft=10, hard=20)
    outbox.dress(lambda text: text)
    assert not outbox


def test_a_reader_is_behind_by_size_or_by_a_cursor() -> None:
    outbox = Outbox(soft=400, hard=1000)
    outbox.append(b"x" * 100)
    at_a_quarter = outbox.is_behind()
    outbox.append(b"x")
    above_it = outbox.is_behind()
    outbox.taken(len(outbox.peek()))
    outbox.draw_from(iter([b"answer"]))
    with_a_cursor = outbox.is_behind()
    outbox.taken(len(outbox.peek()))
    assert (at_a_quarter, above_it, with_a_cursor) == (False, True, True)
    assert outbox.peek() == b""
    assert not outbox.is_behind()


def test_a_cursor_that_pauses_goes_on_another_time() -> None:
    outbox = Outbox(soft=100, hard=100)
    outbox.draw_from(iter([PAUSE, b"one", PAUSE, b"two"]))
    offered = []
    while outbox:
        offered.append(bytes(outbox.peek()))
        outbox.taken(len(offered[-1]))
    assert offered == [b"", b"one", b"two"]


class Kernel:
    """Takes so many bytes of each offer, or raises, and knows what it took."""

    def __init__(self, mouthfuls: list[int]) -> None:
        self._mouthfuls = mouthfuls
        self.took = b""

    def send(self, data: bytes | memoryview) -> int:
        assert data
        mouthful = self._mouthfuls.pop(0)
        if not mouthful:
            raise BlockingIOError
        self.took += data[:mouthful]
        return min(mouthful, len(data))


@pytest.mark.parametrize("said", [[], [b""], [b"", b""]])
def test_where_nothing_is_waiting_nothing_is_sent(said: list[bytes]) -> None:
    outbox, kernel = an_outbox(), Kernel([])
    for data in said:
        outbox.append(data)
    assert outbox.offer(kernel.send)
    assert not outbox
    assert outbox.size() == 0


def test_what_stays_is_counted_and_is_not_dressed_again() -> None:
    outbox, kernel = an_outbox(), Kernel([0, 2, 9])
    outbox.append(b"hello")
    with pytest.raises(BlockingIOError):
        outbox.offer(kernel.send)
    assert repr(outbox) == "<Outbox 5/20>"
    outbox.dress(lambda text: b"<" + text + b">" if text else b"")
    assert not outbox.offer(kernel.send)
    assert outbox.size() == 3
    assert outbox.offer(kernel.send)
    assert kernel.took == b"hello"


SAYS = st.lists(st.binary(max_size=9), max_size=3)


@given(st.lists(st.tuples(SAYS, SAYS | st.none(), st.integers(0, 12)), max_size=20))
def test_what_is_offered_is_taken_in_order_and_once(
    turns: list[tuple[list[bytes], list[bytes] | None, int]],
) -> None:
    outbox, kernel, said = an_outbox(), Kernel([]), b""
    for said_now, answer, mouthful in turns:
        for data in said_now:
            outbox.append(data)
            said += data
        if answer is not None:
            outbox.draw_from(iter(answer))
            said += b"".join(answer)
        kernel._mouthfuls = [mouthful]
        try:
            is_empty = outbox.offer(kernel.send)
        except BlockingIOError:
            is_empty = False
        assert is_empty == (not outbox)
        assert said.startswith(kernel.took)
        if not outbox.cursors:
            assert outbox.size() == len(said) - len(kernel.took)
    while outbox:
        kernel._mouthfuls = [12]
        outbox.offer(kernel.send)
    assert kernel.took == said
