"""The throttle: who talks too much has to wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.config import LimitsConfig
from chat.net.clock import Moment
from chat.server.schedule import Schedule
from chat.server.session import Session
from chat.server.throttle import LINES_A_TURN, Throttle
from chat.wire.outbox import Outbox
from tests.server.test_session import Afar


class Talker:
    """Somebody who says as much as he may, and a clock that is set by hand."""

    def __init__(self, limits: LimitsConfig) -> None:
        self.schedule = Schedule(Moment(1000.0, 0))
        self.session = Session(1, Afar(), Outbox(100, 100))
        self.throttle = Throttle(self.schedule, limits)

    def says(self, lines: int) -> int:
        """Try to say so many *lines*; how many are heard."""
        heard = min(lines, self.throttle.allowance(self.session))
        self.throttle.spend(self.session, heard)
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


def test_what_was_said_without_limits_does_not_count_afterwards() -> None:
    talker = Talker(LimitsConfig(enabled=False))
    talker.says(1000)
    talker.throttle.limits = LimitsConfig()
    assert talker.says(1000) == 20
