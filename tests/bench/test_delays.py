"""Delays: percentiles of what several processes have seen."""

import json

import pytest

from chat.bench.delays import Delays


def test_of_nothing() -> None:
    assert Delays().percentile(0.5) == 0


@pytest.mark.parametrize(
    ("share", "found"), [(0.0, 1), (0.5, 51), (0.99, 100), (1, 100)]
)
def test_percentiles(share: float, found: int) -> None:
    delays = Delays()
    for number in range(1, 101):
        delays.add(number / 1000)
    assert delays.percentile(share) == pytest.approx(found / 1000, abs=2e-5)


def test_they_add_up() -> None:
    one, other = Delays(), Delays()
    one.add(0.25, times=90)
    other.add(0.5, times=8)
    other.add(0.75, times=2)
    one.merge(json.loads(json.dumps(other.packed())))
    found = [one.percentile(share) for share in (0.5, 0.89, 0.91, 0.99)]
    assert found == [0.25, 0.25, 0.5, 0.75]
    one.clear()
    assert one.packed() == {}
