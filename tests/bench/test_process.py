"""A process: its time and its memory."""

import os

from chat.bench.process import busy_seconds, cpu_seconds, memory

NOBODY = 1 << 30


def test_of_ourselves() -> None:
    before, everybody = cpu_seconds(os.getpid()), busy_seconds()
    assert 0 < before < everybody
    while cpu_seconds(os.getpid()) - before < 0.02:
        sum(range(10_000))
    assert busy_seconds() > everybody
    assert memory(os.getpid()) > 1_000_000


def test_of_nobody() -> None:
    assert cpu_seconds(NOBODY) == 0
    assert memory(NOBODY) == 0
