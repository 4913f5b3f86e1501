"""The pidfile: which process serves, for whoever wants to stop it.

A number in a file proves nothing: its process may be long gone, and the number
another one's by now.  So the server holds a lock on the file for as long as it
lives.  The kernel lets go of it when the process ends, however it ends: a file
that nobody holds is left over, and whoever waits for the lock waits for the end.
"""

import fcntl
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

# A good-bye takes five seconds at most, and then there is the rest to do.
PATIENCE_SECONDS: Final = 15.0
# Whoever looks at the file holds it for a moment, too.
_TRIES: Final = 100


class Failed(Exception):
    """It cannot be done as things are; the message is for the operator."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server's process, and when it began (in seconds since 1970)."""

    pid: int
    since: float


class PidFile:
    """The file of the server that is about to run in this process."""

    def __init__(self, path: Path) -> None:
        """Take hold of the file at *path*.

        Raises:
            Failed: another server holds it, or it cannot be written.
        """
        # The server may have changed its folder when it is time to remove it.
        self._path = path.absolute()
        try:
            self._descriptor = _held(self._path)
        except BlockingIOError:
            found = look(path)
            which = f", as process {found.pid}" if found else ""
            raise Failed(f"a server runs already{which} ({path})") from None
        except OSError as error:
            raise Failed(f"cannot write {path}: {error.strerror}") from None

    def write(self) -> None:
        """Say that it is this process.

        Raises:
            Failed: it cannot be written; the file is held all the same.
        """
        line = f"{os.getpid()}\n".encode()
        try:
            # In this order the first line is good at any moment.
            os.pwrite(self._descriptor, line, 0)
            os.ftruncate(self._descriptor, len(line))
        except OSError as error:
            raise Failed(f"cannot write {self._path}: {error.strerror}") from None

    def remove(self) -> None:
        """Take it away.  The lock stays until the process ends."""
        with suppress(OSError):
            self._path.unlink()


def look(path: Path) -> Running | None:
    """Who holds the file at *path*; nobody, if no server runs.

    Raises:
        Failed: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            if _is_free(file.fileno()):
                return None
            pid = int(file.readline())
            return Running(pid, os.fstat(file.fileno()).st_mtime)
    except (FileNotFoundError, ValueError):
        # ValueError: it holds the file, and has not said yet who it is.
        return None
    except OSError as error:
        raise Failed(f"cannot read {path}: {error.strerror}") from None


def stop(path: Path, patience: float = PATIENCE_SECONDS) -> Running:
    """End the server that holds the file at *path*, and wait until it has ended.

    Raises:
        Failed: there is none, it is not ours, or it does not end in time.
    """
    found = look(path)
    if found is None:
        raise Failed(f"no server runs ({path})")
    try:
        with path.open("rb") as file:
            os.kill(found.pid, signal.SIGTERM)
            _wait(file.fileno(), patience)
    except TimeoutError:
        what = f"process {found.pid} has not ended after {patience:.0f} seconds"
        raise Failed(what) from None
    except OSError as error:
        raise Failed(f"cannot end process {found.pid}: {error.strerror}") from None
    return found


def _held(path: Path) -> int:
    """The descriptor of the file at *path*, if its lock can be ours."""
    for _ in range(_TRIES):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with suppress(BlockingIOError, FileNotFoundError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Its last holder may have removed it between the two calls above.
            if os.fstat(descriptor).st_ino == path.stat().st_ino:
                # It may name a process that is long gone, or by now another's.
                os.ftruncate(descriptor, 0)
                return descriptor
        os.close(descriptor)
    raise BlockingIOError


def _is_free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(descriptor: int, seconds: float) -> None:
    """Wait for the lock, or raise `TimeoutError` after so many *seconds*."""
    handler = signal.signal(signal.SIGALRM, _too_late)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)


def _too_late(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError
