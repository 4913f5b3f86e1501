"""The throttle: who talks too much has to wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.net.clock import Moment
from chat.sections import LimitsConfig
from chat.server.schedule import Schedule
from chat.server.session import Session
from chat.server.throttle import LINES_A_TURN, READ, SIP, Throttle
from chat.wire.outbox import Outbox
from tests.fakes import StoppedClock
from tests.server.test_session import Afar


class Talker:
    """Somebody who says as much as he may, and a clock that is set by hand."""

    def __init__(self, limits: LimitsConfig) -> None:
        self.schedule = Schedule(StoppedClock(Moment(1000.0, 0)))
        self.session = Session(1, Afar(), Outbox(100, 100))
        self.throttle = Throttle(self.schedule, limits)

    def says(self, lines: int) -> int:
        """Try to say so many *lines*; how many are heard."""
        heard = min(lines, self.throttle.allowance(self.session))
        for _ in range(heard):
            self.throttle.charge_line(self.session, requests=1)
        return heard

    def waits(self, seconds: float) -> None:
        self.schedule.now = Moment(self.schedule.now.monotonic + seconds, 0)


@pytest.mark.parametrize(
    ("waits", "heard"),
    [
        pytest.param([0], [20], id="a burst"),
        pytest.param([0, 0], [20, 0], id="and no more at once"),
        pytest.param([0, 0.19], [20, 0], id="not yet"),
        pytest.param([0, 0.2], [20, 1], id="one each fifth of a second"),
        pytest.param([0, 1, 1], [20, 5, 5], id="five a second"),
        pytest.param([0, 3600], [20, 20], id="the bucket is full at twenty"),
        pytest.param([3600], [20], id="however long one was silent before"),
    ],
)
def test_how_many_lines_are_heard(waits: list[float], heard: list[int]) -> None:
    talker = Talker(LimitsConfig())
    told = []
    for wait in waits:
        talker.waits(wait)
        told.append(talker.says(1000))
    assert told == heard


def test_the_wait_is_until_the_next_line() -> None:
    talker = Talker(LimitsConfig())
    talker.says(1000)
    assert talker.throttle.wait(talker.session) == pytest.approx(0.2)
    talker.waits(0.15)
    assert talker.says(1) == 0
    assert talker.throttle.wait(talker.session) == pytest.approx(0.05)
    talker.waits(0.06)
    assert talker.says(1) == 1


def test_a_turn_has_its_own_bound() -> None:
    talker = Talker(LimitsConfig(burst=5000))
    assert talker.says(5000) == LINES_A_TURN
    assert talker.throttle.wait(talker.session) == 0


def test_without_limits_only_the_turn_has_a_bound() -> None:
    talker = Talker(LimitsConfig(enabled=False))
    assert [talker.says(1000) for _ in range(3)] == [LINES_A_TURN] * 3
    assert talker.throttle.wait(talker.session) == 0


@given(st.lists(st.tuples(st.floats(0, 10), st.integers(0, 50)), max_size=50))
def test_never_more_than_the_burst_and_the_rate(
    story: list[tuple[float, int]],
) -> None:
    talker = Talker(LimitsConfig())
    seconds, heard = 0.0, 0
    for wait, lines in story:
        talker.waits(wait)
        seconds += wait
        heard += talker.says(lines)
        assert heard <= 20 + 5 * seconds + 1e-6


def test_a_line_that_asks_for_much_costs_more() -> None:
    talker = Talker(LimitsConfig())
    talker.says(1)
    for requests, left in [(0, 18), (8, 17), (9, 15), (170, -7)]:
        talker.throttle.charge_line(talker.session, requests)
        assert talker.session.tokens == left
    assert talker.says(10) == 0
    talker.waits(1.6)
    assert talker.says(10) == 1


@pytest.mark.parametrize(
    ("data", "left"),
    [
        pytest.param(b"x" * 8192, 18, id="text without an end"),
        pytest.param(b"x" * 4000 + b"\n", 20, id="lines are paid as lines"),
        pytest.param(b"\xff\xf1" * 128, 19, id="telnet's commands"),
        pytest.param(b"\xff\xfd\x01\xff\xfd\x03" + b"x" * 506, 18, id="keys"),
    ],
)
def test_bytes_of_which_no_line_comes_cost_something(data: bytes, left: int) -> None:
    talker = Talker(LimitsConfig())
    talker.says(0)
    talker.session.pipeline.feed(data)
    talker.throttle.charge_bytes(talker.session, len(data))
    assert talker.session.tokens == left


def test_empty_lines_cost_little() -> None:
    talker = Talker(LimitsConfig())
    talker.says(0)
    for _ in range(64):
        talker.throttle.charge_empty_line(talker.session)
    assert talker.session.tokens == 19


def test_who_has_no_burst_left_is_read_in_sips() -> None:
    talker = Talker(LimitsConfig())
    assert talker.throttle.gulp(talker.session) == READ
    talker.says(11)
    assert talker.throttle.gulp(talker.session) == SIP
    talker = Talker(LimitsConfig(enabled=False))
    talker.says(1000)
    assert talker.throttle.gulp(talker.session) == READ


def test_what_was_said_without_limits_does_not_count_afterwards() -> None:
    talker = Talker(LimitsConfig(enabled=False))
    talker.says(1000)
    talker.throttle.limits = LimitsConfig()
    assert talker.says(1000) == 20


def test_several_lines_cost_what_they_cost_one_by_one() -> None:
    one, other = Talker(LimitsConfig()), Talker(LimitsConfig())
    one.throttle.charge_lines(one.session, 3)
    for _ in range(3):
        other.throttle.charge_line(other.session, 1)
    assert one.session.tokens == other.session.tokens
