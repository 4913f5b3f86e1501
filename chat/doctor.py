"""The doctor: what will go wrong with a house, looked for before it does.

Each check tells what it found in a line, with a grade: ``ok``, ``warn`` for what
deserves a thought, ``FAIL`` for what is wrong already.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Final

from chat.config import WrongConfig
from chat.domain.hub import Hub
from chat.domain.limits import Limits
from chat.domain.order import began
from chat.domain.records import Kept
from chat.domain.state import Stamp
from chat.server.machine import RESERVED
from chat.server.pidfile import Running
from chat.store import files
from chat.store.database import Database
from chat.store.files import Damaged
from chat.store.reader import Reader

_MIB: Final = 1024 * 1024
# With less there is no writing down what people say; and with less than that it is
# time to think: a busy house writes a hundred MiB in a day.
_FULL: Final = 100 * _MIB
_NARROW: Final = 1024 * _MIB
# How far ahead of the clock the last id may be, in milliseconds: clocks are set
# right by some seconds now and then.
_AHEAD: Final = 60_000
# What is for nobody else's eyes, among the data.
_SECRETS: Final = ("chat.db*", "chat.toml", "*.log", "admin.sock")
_FOR_OTHERS: Final = 0o077


class Grade(Enum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check has found."""

    grade: Grade
    text: str

    def __str__(self) -> str:
        return f"{self.grade.value:<4}  {self.text}"


def configuration(check: Callable[[], object]) -> Finding:
    """Whether the configuration can be read, which *check* does."""
    try:
        check()
    except (WrongConfig, ValueError) as wrong:
        return Finding(Grade.FAIL, f"configuration: {wrong}")
    return Finding(Grade.OK, "configuration: in order")


def descriptors(reach: int, seats: int) -> Finding:
    """Whether the machine allows as many people as a poller of that *reach* sees."""
    enough, most = f"descriptors: enough for {seats} people", reach - RESERVED
    if seats >= most:
        return Finding(Grade.OK, enough)
    more = f"and for {most} after `ulimit -n {reach}`"
    return Finding(Grade.WARN, f"{enough}, {more}")


def space(data: Path) -> Finding:
    """Whether there is room on the disk."""
    free = shutil.disk_usage(data).free
    grade = Grade.FAIL if free < _FULL else Grade.WARN if free < _NARROW else Grade.OK
    return Finding(grade, f"disk: {free // _MIB} MiB are free")


def permissions(data: Path) -> Finding:
    """Whether others on this machine can read what is for nobody else's eyes."""
    if not data.stat().st_mode & _FOR_OTHERS:
        # Whatever is inside, nobody else gets there.
        return Finding(Grade.OK, f"permissions: {data} is closed to others")
    exposed = [
        path.name
        for pattern in _SECRETS
        for path in sorted(data.glob(pattern))
        if path.stat().st_mode & _FOR_OTHERS
    ]
    what = f"permissions: {data} is open to others; `chmod 700` closes it"
    if exposed:
        names = ", ".join(exposed)
        return Finding(Grade.FAIL, f"{what}. They can read {names}")
    return Finding(Grade.WARN, what)


def owner(data: Path, user: int) -> Finding:
    """Whether we, the *user*, are who the server is.

    Files that another one makes here are files that the server cannot open.
    """
    theirs = {path.stat().st_uid for path in (data, *data.glob("chat.db*"))}
    if theirs == {user}:
        return Finding(Grade.OK, "owner: all of it belongs to whoever asks")
    who = ", ".join(str(each) for each in sorted(theirs - {user}))
    return Finding(Grade.WARN, f"owner: some of it is user {who}'s; be that user here")


def clock(last_id: int, now: int) -> Finding:
    """Whether the clock, *now* (ms), is behind what has happened already."""
    latest = began(last_id)
    if latest <= now + _AHEAD:
        return Finding(Grade.OK, "clock: nothing that is kept is from the future")
    when = f"{datetime.fromtimestamp(latest // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
    return Finding(Grade.WARN, f"clock: the last that is kept is from {when}")


def of_folder(data: Path) -> Iterator[Finding]:
    """What is found out about the folder by looking at it."""
    if not data.is_dir():
        yield Finding(Grade.FAIL, f"data: there is no folder {data}")
        return
    yield space(data)
    yield permissions(data)
    yield owner(data, os.geteuid())


def server(running: Running | None) -> Finding:
    """Which process serves, if one does."""
    if running is None:
        return Finding(Grade.OK, "server: none runs")
    return Finding(Grade.OK, f"server: runs as process {running.pid}")


def begun_with(kept: Kept, database: Path) -> None:
    """Have a house begin with what was *kept* in the *database*, to see that one can.

    Raises:
        Damaged: it makes no sense.
    """
    with files.reading(database):
        Hub(Limits()).load(kept, Stamp(kept.last_id + 1, 0))


def opened(data: Path, durability: str) -> Database:
    """The store in *data*, with which a house can begin.

    Raises:
        Unusable: it is left as it is.
        Trouble: it cannot be opened now.
    """
    with ExitStack() as failed:
        store = failed.enter_context(closing(Database(data, durability)))
        store.secret()
        begun_with(store.load(), store.path)
        failed.pop_all()
    return store


def memory(data: Path, reader: Reader) -> Finding:
    """Whether a house can begin with what is kept in *data*."""
    try:
        begun_with(reader.kept(), data / files.NAME)
    except Damaged as why:
        return Finding(Grade.FAIL, f"memory: {why}")
    return Finding(Grade.OK, "memory: a server can start with what is kept")


def of_store(data: Path, reader: Reader, now: int) -> Iterator[Finding]:
    """What is found out by reading all that is kept, which may take a while."""
    if faults := reader.integrity():
        yield Finding(Grade.FAIL, f"integrity: {faults[0]}")
        return
    yield Finding(Grade.OK, "integrity: all that is kept is whole")
    there, newest = reader.schema()
    grade = Grade.OK if there == newest else Grade.WARN
    yield Finding(grade, f"schema: version {there} of {newest}")
    if there == newest:
        yield memory(data, reader)
    counts = reader.counts()
    yield clock(counts.last_id, now)
    yield Finding(
        Grade.OK,
        f"store: {counts.lines} lines in {counts.rooms} rooms, {counts.accounts}"
        f" accounts, {counts.bytes // _MIB} MiB",
    )
