"""The crew: several generators, told together."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chat.bench.crew import Crew, Failed
from chat.bench.generator import Job
from chat.bench.rival import Rival
from chat.bench.scenarios import named
from tests.bench.scripts import write_faulty

TALK = named("talk:people=6,a_room=6,speakers=2")


@contextmanager
def crew(folder: Path, fault: str, seconds: float) -> Iterator[Crew]:
    rival = Rival(write_faulty(folder, fault))
    where = rival.address
    jobs = [
        Job(
            TALK,
            where.host,
            where.port,
            str(folder),
            seconds=seconds,
            number=n,
            processes=2,
        )
        for n in range(2)
    ]
    made = Crew(jobs)
    try:
        yield made
    finally:
        made.end()
        rival.end()


@pytest.mark.slow
def test_they_share_a_room(tmp_path: Path) -> None:
    with crew(tmp_path, "nothing", 0.2) as both:
        for _ in range(2):
            assert both.answers() == [{}, {}]
            both.tell()
        said = [pair for each in both.answers() for pair in each["said"]]
        assert [number for number, _ in said] == [0, 1]
        both.tell(said=said)
        delivered = sum(each["delivered"] for each in both.answers())
        # The whole of it took longer than what was measured.
        assert 0 < delivered <= 5 * sum(count for _, count in said)


@pytest.mark.slow
def test_what_one_of_them_finds_fails(tmp_path: Path) -> None:
    with crew(tmp_path, "cuts", 0.5) as both:
        for _ in range(2):
            both.answers()
            both.tell()
        with pytest.raises(Failed, match="not all words"):
            both.answers()


@pytest.mark.slow
def test_one_that_is_gone_is_told_of(tmp_path: Path) -> None:
    with crew(tmp_path, "nothing", 0.2) as both:
        both.answers()
        for pid in both.pids:
            os.kill(pid, signal.SIGKILL)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        both.tell()
        with pytest.raises(Failed, match="without a word"):
            both.answers()
