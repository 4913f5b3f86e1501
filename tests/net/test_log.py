"""The log: whole lines, harmless ones, and never a wait."""

import io
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

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
    assert pipe.read() == "2023-11-14T22:13:20Z bob left\n"


def test_the_second_is_put_into_words_once_for_all_its_lines(pipe: Pipe) -> None:
    log = Log(pipe.writing)
    log.write(1_795_258_379_998, "one")
    log._stamp = "just then"
    log.write(1_795_258_379_999, "two")
    log.write(1_795_258_380_000, "three")
    assert pipe.read() == (
        "2026-11-21T10:52:59Z one\njust then two\n2026-11-21T10:53:00Z three\n"
    )


def test_nobody_forges_a_line_or_rings_the_operators_bell(pipe: Pipe) -> None:
    Log(pipe.writing).write(1000, "nick a\n9 all is well\x07\x1b[2J")
    expected = "1970-01-01T00:00:01Z nick a\u240a9 all is well\u2407\u241b[2J\n"
    assert pipe.read() == expected


@pytest.mark.parametrize(("hostile", "tamed"), CLASSES.values(), ids=CLASSES)
def test_nothing_hostile_is_logged(pipe: Pipe, hostile: str, tamed: str) -> None:
    Log(pipe.writing).write(1000, f"nick {hostile} left")
    assert pipe.read() == f"1970-01-01T00:00:01Z nick {tamed} left\n"


def test_a_long_line_is_cut_and_still_a_line(pipe: Pipe) -> None:
    Log(pipe.writing).write(1000, "x" * 10_000)
    assert pipe.read() == "1970-01-01T00:00:01Z " + "x" * 478 + "\n"


def test_a_full_pipe_costs_a_line_and_no_time(pipe: Pipe) -> None:
    log = Log(pipe.writing)
    for second in range(1000):
        log.write(second * 1000, "x" * 490)
    assert log.dropped > 0
    kept = pipe.read().count("\n")
    assert kept + log.dropped == 1000
    log.write(2_000_000, "there is room again")
    assert pipe.read().endswith("1970-01-01T00:33:20Z there is room again\n")


def test_nobody_fills_the_disk(pipe: Pipe) -> None:
    log = Log(pipe.writing)
    for _ in range(1000):
        log.write(5000, "knock")
    assert len(pipe.read()) <= BUDGET
    log.write(6000, "another second, another budget")
    assert pipe.read() == "1970-01-01T00:00:06Z another second, another budget\n"


# What it cannot be written to.


@pytest.mark.parametrize(
    "descriptor",
    [
        pytest.param(-1, id="none"),
        pytest.param(1024, id="beyond the reach of select"),
    ],
)
def test_a_log_that_is_not_there_costs_its_lines(descriptor: int) -> None:
    log = Log(descriptor)
    log.write(1000, "one")
    log.write(1000, "two")
    assert log.dropped == 2


def test_a_log_that_was_closed_costs_its_lines(pipe: Pipe) -> None:
    descriptor = os.dup(pipe.writing)
    os.close(descriptor)
    log = Log(descriptor)
    log.write(1000, "EBADF")
    assert log.dropped == 1


def test_a_log_that_nobody_reads_any_more_costs_its_lines() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    log = Log(writing)
    log.write(1000, "EPIPE")
    os.close(writing)
    assert log.dropped == 1


def test_a_terminal_that_was_hung_up_costs_its_lines() -> None:
    keyboard, screen = os.openpty()
    os.close(keyboard)
    log = Log(screen)
    log.write(1000, "EIO")
    os.close(screen)
    assert log.dropped == 1


def test_a_full_disk_costs_its_lines() -> None:
    disk = Path("/dev/full")
    if not disk.exists():
        pytest.skip("this system has no full disk to offer")
    with disk.open("wb", buffering=0) as full:
        log = Log(full.fileno())
        log.write(1000, "ENOSPC")
    assert log.dropped == 1


def test_a_disk_that_takes_half_a_line_has_not_taken_it(tmp_path: Path) -> None:
    largest = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with (tmp_path / "log").open("wb", buffering=0) as file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, largest[1]))
        try:
            log = Log(file.fileno())
            log.write(1000, "half of it")
            log.write(1000, "EFBIG")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, largest)
            signal.signal(signal.SIGXFSZ, before)
    assert log.dropped == 2


def test_it_is_written_to_a_stream(pipe: Pipe) -> None:
    with os.fdopen(os.dup(pipe.writing), "w") as stream:
        Log.on(stream).write(1000, "hello")
    assert pipe.read() == "1970-01-01T00:00:01Z hello\n"


def a_closed_stream() -> TextIO:
    stream = os.fdopen(os.dup(0))
    stream.close()
    return stream


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(None, id="none, as under 2>&-"),
        pytest.param(a_closed_stream(), id="closed"),
        pytest.param(io.StringIO(), id="without a descriptor"),
    ],
)
def test_a_stream_that_is_not_there_costs_its_lines(stream: TextIO | None) -> None:
    log = Log.on(stream)
    log.write(1000, "is anybody there?")
    assert log.dropped == 1
