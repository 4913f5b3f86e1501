"""Cutting the power: only what the disk was told to keep is still there.

A server with ``history.durability=power`` runs under strace, which writes down each
write, each fsync and each send.  Afterwards the writes are played again, up to a
moment that chance chooses, to a disk that forgets what no fsync had confirmed; or,
because a real one may have written some of it, forgets a part of it, down to half
a page.  What had been sent to anybody by then must be in the store.
"""

import os
import random
import re
import shutil
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from tests.crash.talk import SETTINGS, Talk, kept_in, missing, said_in
from tests.faults.chatd import Chatd
from tests.faults.people import Crowd

STRACE: Final = shutil.which("strace")
HEAD: Final = (
    "| cut | lines sent | lines kept | writes lost | verdict |\n|---|---|---|---|---|"
)
# Lines that somebody reads while it is watched: enough for some checkpoints.
LINES: Final = 30_000
_SECTOR: Final = 512

_CALLS: Final = (
    "openat,write,writev,pwrite64,pwritev,ftruncate,fallocate,fsync,fdatasync,"
    "rename,renameat,renameat2,unlink,unlinkat,sendto,sendmsg"
)
# A short number is filled up with spaces.
_BEGUN: Final = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED: Final = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_CALL: Final = re.compile(r"^(\d+) +(\w+)\((.*)\) += (\d+)")
_ON_FILE: Final = re.compile(r"(\d+)<([^>]*)>(?:, (.*))?$")
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True, slots=True)
class Cut:
    """What came of one cut."""

    number: int
    sent: int
    kept: int
    lost: int
    wrong: list[str]

    def __str__(self) -> str:
        verdict = "; ".join(self.wrong) or "holds"
        cells = (self.number, self.sent, self.kept, self.lost, verdict)
        return f"| {' | '.join(map(str, cells))} |"


@dataclass(frozen=True, slots=True)
class Call:
    """A system call that went well, between two places in the trace."""

    begun: int
    done: int
    name: str
    # The rest of its arguments, and what it returned.
    arguments: str
    result: int


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes at an offset; or, with none, the file ends there."""

    place: int
    offset: int
    data: bytes | None


@dataclass(slots=True)
class File:
    """A file on a disk that keeps what it was told to keep."""

    kept: bytearray = field(default_factory=bytearray)
    pending: list[Write] = field(default_factory=list)

    def sync(self, begun: int) -> None:
        """Keep what had been written when this sync began."""
        for write in self.pending:
            if write.place < begun:
                apply(self.kept, write)
        self.pending = [write for write in self.pending if write.place >= begun]

    def after(self, chance: random.Random | None) -> bytes:
        """What is there after a cut; by *chance* some of what it was not told to."""
        content = bytearray(self.kept)
        for write in self.pending if chance else ():
            apply(content, torn(write, chance or random.Random(0)))  # noqa: S311
        return bytes(content)


def apply(content: bytearray, write: Write) -> None:
    """Write it."""
    if write.data is None:
        del content[write.offset :]
    elif write.data:
        content.extend(bytes(max(0, write.offset - len(content))))
        content[write.offset : write.offset + len(write.data)] = write.data


def torn(write: Write, chance: random.Random) -> Write:
    """What may have come of *write*: nothing, all of it, or some sectors."""
    if write.data is None:
        return write
    sectors = chance.choice((0, 0, 1, 2, 1 << 20, 1 << 20))
    return Write(write.place, write.offset, write.data[: sectors * _SECTOR])


@dataclass(slots=True)
class Disk:
    """The files in a folder, and what was sent so far."""

    folder: str
    files: dict[str, File] = field(default_factory=dict)
    sent: dict[str, bytearray] = field(default_factory=dict)

    def take(self, call: Call) -> None:
        """Have *call* happen."""
        match call.name:
            case "sendto" | "sendmsg":
                self._send(call)
            case "rename" | "renameat" | "renameat2":
                old, new = map(text, _TEXT.findall(call.arguments))
                if old in self.files:
                    self.files[new] = self.files.pop(old)
            case "unlink" | "unlinkat":
                self.files.pop(text(_TEXT.findall(call.arguments)[-1]), None)
            case "openat":
                self._open(call)
            case _:
                self._change(call)

    def _open(self, call: Call) -> None:
        path = text(_TEXT.findall(call.arguments)[-1])
        if "O_CREAT" in call.arguments and self._is_ours(path):
            self.files.setdefault(path, File())

    def _change(self, call: Call) -> None:
        found = _ON_FILE.match(call.arguments)
        if found is None:
            return
        path, rest = text(found[2]), found[3] or ""
        if (file := self.files.get(path)) is None:
            assert not self._is_ours(path), f"nobody has opened {path}"
            return
        match call.name:
            case "fsync" | "fdatasync":
                file.sync(call.begun)
            case "ftruncate":
                file.pending.append(Write(call.done, int(rest), None))
            case "pwrite64":
                data = bytes_in(_TEXT.findall(rest)[0])[: call.result]
                offset = int(rest.rpartition(", ")[2])
                file.pending.append(Write(call.done, offset, data))
            case name:
                raise AssertionError(f"{name} on {path} is not understood")

    def _send(self, call: Call) -> None:
        found = _ON_FILE.match(call.arguments)
        if found and (data := _TEXT.findall(found[3])):
            sent = self.sent.setdefault(found[2], bytearray())
            sent += bytes_in(data[0])[: call.result]

    def _is_ours(self, path: str) -> bool:
        name = Path(path).name
        is_ours = path.startswith(f"{self.folder}/") and name.startswith("chat.db")
        return is_ours and not name.endswith(("-shm", ".lock"))


def cuts(
    folder: Path, count: int, chance: random.Random, lines: int = LINES
) -> list[Cut]:
    """Watch a server in *folder*, and cut its power *count* times."""
    served, trace = folder / "served", folder / "trace"
    served.mkdir(mode=0o700)
    watch(served, trace, lines)
    calls = in_order(list(calls_in(trace)))
    first = next(n for n, call in enumerate(calls) if b" said r" in sent_by(call))
    places = sorted(chance.randrange(first, len(calls)) for _ in range(count))
    disk, done, found = Disk(str(served)), 0, []
    for number, place in enumerate(places, start=1):
        for call in calls[done:place]:
            disk.take(call)
        done = place
        found.append(_cut(disk, number, folder / f"cut{number}", chance))
    return found


def watch(served: Path, trace: Path, lines: int) -> None:
    """Have a server talked to, and what it does written down in *trace*."""
    assert STRACE is not None
    prefix = (
        *(STRACE, "-f", "-y", "-xx", "-s", str(1 << 20)),
        *("-e", f"trace={_CALLS}", "-e", "signal=none", "-o", str(trace)),
    )
    settings = (*SETTINGS, "history.durability=power")
    chatd = Chatd(settings, data=served, prefix=prefix)
    try:
        server = int((served / "chatd.pid").read_text())
        with Crowd(chatd.address) as crowd:
            talk = Talk(crowd)
            # The one that is watched, and not the one that watches.
            kill = partial(os.kill, server, signal.SIGKILL)
            talk.go_on(lines, within=60.0, then=kill)
            talk.ends()
    finally:
        with suppress(ProcessLookupError):
            os.kill(server, signal.SIGKILL)
        chatd.end()
        chatd.forget()


def calls_in(trace: Path) -> Iterator[Call]:
    """The calls that went well, in the order in which they were done."""
    begun: dict[str, tuple[int, str]] = {}
    with trace.open() as lines:
        for place, raw in enumerate(lines):
            line = raw.rstrip("\n")
            start = place
            if unfinished := _BEGUN.match(line):
                begun[unfinished[1]] = (place, unfinished[2])
                continue
            if resumed := _RESUMED.match(line):
                start, head = begun.pop(resumed[1])
                line = f"{resumed[1]} {head}{resumed[2]}"
            if call := _CALL.match(line):
                yield Call(start, place, call[2], call[3], int(call[4]))


def in_order(calls: list[Call]) -> list[Call]:
    """What was sent counts from when that began, and all else when it was done."""
    return sorted(
        calls, key=lambda call: call.begun if call.name == "sendto" else call.done
    )


def sent_by(call: Call) -> bytes:
    """What *call* sends, if it does."""
    if call.name != "sendto":
        return b""
    return b"".join(map(bytes_in, _TEXT.findall(call.arguments)))


def text(escaped: str) -> str:
    r"""What strace means by ``\x..\x..``."""
    return bytes_in(escaped).decode()


def bytes_in(escaped: str) -> bytes:
    r"""What strace means by ``\x..\x..``."""
    return bytes.fromhex(escaped.replace("\\x", ""))


def _cut(disk: Disk, number: int, folder: Path, chance: random.Random) -> Cut:
    """Cut the power now, twice: with nothing else on the disk, and with some."""
    read = [said_in(heard) for heard in disk.sent.values()]
    wrong: list[str] = []
    kept = 0
    for survives in (None, chance):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for path, file in disk.files.items():
            (folder / Path(path).name).write_bytes(file.after(survives))
        wrong += _judged(folder, read)
        kept = len(kept_in(folder).lines) if not wrong else 0
    shutil.rmtree(folder)
    lost = sum(len(file.pending) for file in disk.files.values())
    sent = len({line for lines in read for line in lines})
    return Cut(number, sent, kept, lost, wrong)


def _judged(folder: Path, read: Sequence[Sequence[str]]) -> list[str]:
    try:
        # Whoever opens it first reads what is in the log.
        sqlite3.connect(folder / "chat.db").close()
        found = kept_in(folder)
    except sqlite3.Error as error:
        return [f"it cannot be read: {error}"]
    return missing(found.lines, read) + ["it is damaged"] * (not found.is_whole)
