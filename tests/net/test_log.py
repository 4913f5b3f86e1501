"""The log: whole lines, harmless ones, and never a wait."""

import os
from collections.abc import Iterator

import pytest

from chat.net.log import BUDGET, Log
from tests.wire.hostile import CLASSES


class Pipe:
    """A pipe whose other end is emptied when the test says so."""

    def __init__(self) -> None:
        self._reading, self.writing = os.pipe()
        os.set_blocking(self._reading, False)

    def read(self) -> str:
        try:
            return os.read(self._reading, 1 << 20).decode()
        except BlockingIOError:
            return ""

    def close(self) -> None:
        os.close(self._reading)
        os.close(self.writing)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    pipe = Pipe()
    yield pipe
    pipe.close()


def test_a_line_is_a_line_with_its_second(pipe: Pipe) -> None:
    Log(pipe.writing).write(1_700_000_000_123, "bob left")
    assert pipe.read() == "1700000000 bob left\n"


def test_nobody_forges_a_line_or_rings_the_operators_bell(pipe: Pipe) -> None:
    Log(pipe.writing).write(1000, "nick a\n9 all is well\x07\x1b[2J")
    assert pipe.read() == "1 nick a\u240a9 all is well\u2407\u241b[2J\n"


@pytest.mark.parametrize(("hostile", "tamed"), CLASSES.values(), ids=CLASSES)
def test_nothing_hostile_is_logged(pipe: Pipe, hostile: str, tamed: str) -> None:
    Log(pipe.writing).write(1000, f"nick {hostile} left")
    assert pipe.read() == f"1 nick {tamed} left\n"


def test_a_long_line_is_cut_and_still_a_line(pipe: Pipe) -> None:
    Log(pipe.writing).write(1000, "x" * 10_000)
    assert pipe.read() == "1 " + "x" * 497 + "\n"


def test_a_full_pipe_costs_a_line_and_no_time(pipe: Pipe) -> None:
    log = Log(pipe.writing)
    for second in range(1000):
        log.write(second * 1000, "x" * 490)
    assert log.dropped > 0
    kept = pipe.read().count("\n")
    assert kept + log.dropped == 1000
    log.write(2_000_000, "there is room again")
    assert pipe.read().endswith("2000 there is room again\n")


def test_nobody_fills_the_disk(pipe: Pipe) -> None:
    log = Log(pipe.writing)
    for _ in range(1000):
        log.write(5000, "knock")
    assert len(pipe.read()) <= BUDGET
    log.write(6000, "another second, another budget")
    assert pipe.read() == "6 another second, another budget\n"
