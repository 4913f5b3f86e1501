"""The drawer: unsent lines on disk, so that they outlive this program.

One file for each server and nick, in the user's state folder, for nobody else's
eyes.  It is a journal: a record for each line that was typed and one for each
that was heard, and when nothing is left in it, it is emptied.  Records are
appended, so a program that is killed leaves at worst half of the last one, which
is not read.  (There is no fsync: it outlives the program, not a power cut.)

Two programs may go by one nick.  The second one must not send what the first
one is about to, so whoever opens the file locks it, and who cannot lock it does
without.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from chat.client.unsent import Line, Unsent


@contextlib.contextmanager
def remembered(folder: Path, *, server: str, nick: str) -> Iterator[Unsent]:
    """What *nick* could not send to *server* the last time, and will now."""
    drawer = FileDrawer.open(folder, server=server, nick=nick)
    if drawer is None:
        yield Unsent()
        return
    with contextlib.closing(drawer):
        yield Unsent(drawer.lines(), drawer)


class FileDrawer:
    """An open journal."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def open(cls, folder: Path, *, server: str, nick: str) -> Self | None:
        """The drawer for *nick* at *server*, or none if it cannot be had."""
        path = folder / _name(server, nick)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, flags, 0o600)
        except OSError:
            return None
        try:
            _lock(descriptor)
            if os.fstat(descriptor).st_ino != path.stat().st_ino:
                # Its last holder has emptied and removed it between the two calls.
                raise FileNotFoundError(path)
        except OSError:
            os.close(descriptor)
            return None
        return cls(path, descriptor)

    def lines(self) -> list[Line]:
        """What an earlier program left in here."""
        left: dict[int, Line] = {}
        data = self._path.read_bytes()
        for text in data.splitlines():
            # What cannot be read is half a record, or none of ours.
            with contextlib.suppress(ValueError, TypeError, KeyError):
                _replay(left, json.loads(text))
        if data and not data.endswith(b"\n"):
            # The next record must not begin in the middle of a line.
            self._write(b"\n")
        return list(left.values())

    def put(self, line: Line) -> None:
        """Keep *line* from now on."""
        record = {"line": line.number, "room": line.room, "text": line.text}
        self._append({**record, "at": line.at})

    def drop(self, line: Line, *, was_last: bool) -> None:
        """Keep it no longer."""
        if was_last:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, 0)
        else:
            self._append({"line": line.number})

    def _append(self, record: dict[str, object]) -> None:
        self._write(json.dumps(record).encode() + b"\n")

    def _write(self, data: bytes) -> None:
        # A full disk must not end the conversation.
        with contextlib.suppress(OSError):
            os.write(self._descriptor, data)

    def close(self) -> None:
        """Leave what is in it for the next time; an empty file is not left."""
        with contextlib.suppress(OSError):
            if not os.fstat(self._descriptor).st_size:
                self._path.unlink()
        os.close(self._descriptor)


def _name(server: str, nick: str) -> str:
    """A name that is one file, whatever the server and the nick are called."""
    readable = "".join(c if c.isalnum() and c.isascii() else "-" for c in server)
    exact = hashlib.sha256(f"{server} {nick}".encode(errors="replace")).hexdigest()
    return f"unsent-{readable[:60]}-{exact[:16]}.jsonl"


def _lock(descriptor: int) -> None:
    with contextlib.suppress(ImportError):  # Windows has no such locks
        import fcntl  # noqa: PLC0415

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _replay(left: dict[int, Line], record: dict[str, Any]) -> None:
    """Do to *left* what *record* tells."""
    number = int(record["line"])
    if "text" not in record:
        left.pop(number, None)
        return
    text, room = str(record["text"]), str(record["room"])
    left[number] = Line(text, room, float(record["at"]), number)
