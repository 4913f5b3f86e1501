"""The pidfile: which process serves, as the kernel knows it."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chat.server.pidfile import Failed, PidFile, Running, look, stop

# Holds the pidfile that it is given, says so, and ends on SIGTERM or never.
HOLDER = """
import signal, sys
from pathlib import Path
from chat.server.pidfile import PidFile
file = PidFile(Path(sys.argv[1]))
file.write()
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
print("held", flush=True)
signal.sigwait([signal.SIGTERM])
file.remove()
sys.stdin.read(0 if sys.argv[2] == "meek" else -1)
"""


@contextmanager
def a_full_disk() -> Iterator[None]:
    """Nothing can be written to a file meanwhile."""
    largest = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, largest[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, largest)
        signal.signal(signal.SIGXFSZ, before)


@contextmanager
def a_holder(path: Path, mood: str = "meek") -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", HOLDER, str(path), mood],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield process
        finally:
            process.kill()


def test_it_says_which_process_it_is(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    file = PidFile(path)
    file.write()
    assert path.read_text() == f"{os.getpid()}\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert look(path) == Running(os.getpid(), path.stat().st_mtime)
    file.remove()
    assert not path.exists()
    assert look(path) is None


def test_one_that_the_disk_does_not_take_is_held_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    file = PidFile(path)
    with a_full_disk(), pytest.raises(Failed) as failed:
        file.write()
    assert str(failed.value) == f"cannot write {path}: File too large"
    with pytest.raises(Failed, match="a server runs already"):
        PidFile(path)
    file.remove()


def test_one_that_is_left_over_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    path.write_text("1234567890\nand more\n")
    assert look(path) is None
    file = PidFile(path)
    file.write()
    assert path.read_text() == f"{os.getpid()}\n"
    file.remove()


def test_one_that_is_held_is_not(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    with a_holder(path) as holder, pytest.raises(Failed) as failed:
        PidFile(path)
    said = f"a server runs already, as process {holder.pid} ({path})"
    assert str(failed.value) == said


def test_one_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "no" / "pid"
    with pytest.raises(Failed) as failed:
        PidFile(path)
    assert str(failed.value) == f"cannot write {path}: No such file or directory"


def test_one_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    with pytest.raises(Failed) as failed:
        look(tmp_path)
    assert str(failed.value) == f"cannot read {tmp_path}: Is a directory"


def test_whoever_holds_it_and_has_not_said_who_it_is_is_nobody(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    file = PidFile(path)
    assert look(path) is None
    file.remove()


def test_a_server_is_stopped_and_has_ended_then(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    with a_holder(path) as holder:
        assert stop(path).pid == holder.pid
        assert holder.wait(timeout=20) == 0
    assert not path.exists()


def test_where_no_server_runs_none_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    with pytest.raises(Failed) as failed:
        stop(path)
    assert str(failed.value) == f"no server runs ({path})"


def test_a_server_that_does_not_end_is_told_of(tmp_path: Path) -> None:
    path, handler = tmp_path / "pid", signal.getsignal(signal.SIGALRM)
    with a_holder(path, "stubborn") as holder, pytest.raises(Failed) as failed:
        stop(path, patience=0.3)
    assert str(failed.value) == f"process {holder.pid} has not ended after 0 seconds"
    assert signal.getsignal(signal.SIGALRM) == handler


def test_a_process_that_cannot_be_ended_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    with a_holder(path):
        # Whoever may write here may lie, and no process has this number.
        path.write_text("1234567890\n")
        with pytest.raises(Failed) as failed:
            stop(path)
    assert str(failed.value) == "cannot end process 1234567890: No such process"
