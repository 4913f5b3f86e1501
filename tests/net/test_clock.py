"""The clock: two times, for two purposes."""

import time

from chat.net.clock import Clock


def test_monotonic_time_is_the_one_that_never_goes_back() -> None:
    before = time.monotonic()
    now = Clock().now()
    assert before <= now.monotonic <= Clock().monotonic() <= time.monotonic()


def test_wall_time_is_in_milliseconds_since_1970() -> None:
    # Somebody may set the clock while this runs, but hardly by a minute.
    assert abs(Clock().now().wall - time.time() * 1000) < 60_000
