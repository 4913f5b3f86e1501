"""Group E, the disk: full, read-only, or locked by somebody else, while people talk."""

import os
import re
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Final, TypeAlias

from tests.faults.chatd import UNLIMITED, Chatd, house
from tests.faults.judge import YES, Scenario, Seen, Skipped, at_most, exactly
from tests.faults.people import Crowd
from tests.faults.probe import measuring, pair

# What brings the trouble about in a folder that a server uses, until it is over.
Trouble: TypeAlias = Callable[[Path], AbstractContextManager[None]]

_LONGEST: Final = re.compile(rb"longest_turn_ms=(\d+)")
_WAITING: Final = re.compile(rb"keeper: written=\d+ waiting=(\d+) lost=(\d+)")


def talked_through(data: Path, trouble: Trouble, seconds: float) -> Seen:
    """People talk in a house whose disk is in *trouble* for so long."""
    with house(UNLIMITED, data=data) as (chatd, crowd):
        pat = crowd.comes("pat")
        crowd.all_see([pat], b"#lobby", within=5.0)
        probe = pair(crowd)
        before = len(chatd.log())
        with trouble(data), measuring(crowd, probe) as measured:
            crowd.wait(seconds)
        crowd.wait(2.5)
        told = bytes(pat.inbox)
        facts = statistics(chatd, crowd)
        logged = chatd.log()[before:]
        kept = probes_in(data)
    waiting = _WAITING.search(facts)
    longest = _LONGEST.search(facts)
    return {
        "lines not heard": measured.latency.lost,
        "p99 ms": measured.latency.p99,
        "longest turn ms": int(longest[1]) if longest else 999,
        "the room is told": told.count(b"cannot be kept just now"),
        "and that it is over": told.count(b"nothing is lost"),
        "the log is told": logged.count(b"the store keeps nothing just now"),
        "still waiting": int(waiting[1]) if waiting else 999,
        "lost": int(waiting[2]) if waiting else 999,
        "kept once and in order": kept == list(range(len(probe._sent))),
    }


def statistics(chatd: Chatd, crowd: Crowd) -> bytes:
    """What the server says of itself."""
    before = len(chatd.log())
    os.kill(chatd.pid, signal.SIGUSR1)
    crowd.until(lambda: b"fan-out:" in chatd.log()[before:], within=5.0)
    return chatd.log()[before:]


def probes_in(data: Path) -> list[int]:
    """The numbers of the probes that are in the store, as they are there."""
    uri = f"{(data / 'chat.db').as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as store:
        rows = store.execute(
            "SELECT text FROM messages WHERE text LIKE 'probe %' ORDER BY id"
        )
        return [int(text.removeprefix("probe ")) for (text,) in rows]


# What goes wrong.


def full_disk() -> Seen:
    with tempfile.TemporaryDirectory(prefix="chat-faults-") as folder:
        run("mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", folder)
        try:
            return talked_through(Path(folder), full, seconds=6.0)
        finally:
            run("umount", folder)


@contextmanager
def full(data: Path) -> Iterator[None]:
    """Something else takes all the room that there is."""
    ballast = data / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    yield
    ballast.unlink()


def read_only_file() -> Seen:
    with tempfile.TemporaryDirectory(prefix="chat-faults-") as folder:
        return talked_through(Path(folder), read_only, seconds=6.0)


@contextmanager
def read_only(data: Path) -> Iterator[None]:
    """Nobody may write to the log any more, not even who has it open."""
    log = str(data / "chat.db-wal")
    run("chattr", "+i", log)
    try:
        yield
    finally:
        run("chattr", "-i", log)


def locked() -> Seen:
    with tempfile.TemporaryDirectory(prefix="chat-faults-") as folder:
        return talked_through(Path(folder), lock, seconds=10.0)


@contextmanager
def lock(data: Path) -> Iterator[None]:
    """Another process, which is this one, holds the database."""
    with closing(sqlite3.connect(data / "chat.db", 5, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def run(*command: str) -> None:
    """Do what only root may do, on a machine that knows it."""
    try:
        done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603
    except FileNotFoundError:
        raise Skipped(f"there is no {command[0]}") from None
    if done.returncode:
        raise Skipped(f"{command[0]}: {done.stderr.decode().strip()}")


TALK_GOES_ON: Final = {
    "lines not heard": exactly(0),
    "p99 ms": at_most(50),
    "longest turn ms": at_most(100),
    "the room is told": exactly(1),
    "and that it is over": exactly(1),
    "the log is told": exactly(1),
    "still waiting": exactly(0),
    "lost": exactly(0),
    "kept once and in order": YES,
}

DISKS: Final = (
    Scenario("E4", "a full disk", full_disk, TALK_GOES_ON, is_alone=True),
    Scenario("E5", "a read-only file", read_only_file, TALK_GOES_ON, is_alone=True),
    Scenario("E7", "a lock for 10 s", locked, TALK_GOES_ON, is_alone=True),
)
