"""The database: a store on disk, in one file that SQLite writes.

One connection writes, and never waits: what cannot be written now is `Trouble`, and
the caller comes again.  Everything is open when the constructor is through, since
later there may be no descriptor left.  Commits append to a log and are read back
from it whatever becomes of the process; with *durability* ``power`` each also waits
until the disk has it.

What is deleted is overwritten (``secure_delete``): to be forgotten means to be gone
from the file, not to be unlisted in it.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Final, TypeVar

from chat.domain.extracts import Scope, Seek
from chat.domain.order import START
from chat.domain.ports import Conversation, Extracted, Found, Tally, Trouble
from chat.domain.questions import Page, Point
from chat.domain.records import (
    Audited,
    ForgottenAccount,
    Kept,
    KeptRoom,
    Line,
    Lines,
    Record,
)
from chat.domain.state import Stamp
from chat.store import files, history, retention, rows, schema
from chat.store.checkpoints import Checkpoints, passive
from chat.store.conversations import Conversations
from chat.store.index import Index
from chat.store.places import Places
from chat.store.retention import LAST_PAGES, OLDEST, PAGES, SLICE, SURPLUS, Surplus
from chat.store.rows import Standing

_SYNCHRONOUS: Final = {"process": "NORMAL", "power": "FULL"}
# What is appended to the log, in bytes: by each commit; by each line, besides its text,
# that is added and filed, less if all are said in one room and more if in hundreds; by
# each other row that is changed, less if they lie together and more if they do not; and
# for a page that is given back.
_COMMIT: Final = 16 * 1024
_LINE: Final = 300
_CHANGE: Final = 1024
_PAGE: Final = 4096
_REACH: Final = """
    UPDATE meta SET last_id = max(last_id, ?), last_at = max(last_at, ?)
"""
_LAST_ID: Final = "SELECT last_id FROM meta"
_ID: Final = attrgetter("id")
_ROW_ID: Final = itemgetter(1)
_ROW_TEXT: Final = itemgetter(6)

# What is wrong with us and not with the disk, and would be again at each try.
_FAULTS: Final = (
    sqlite3.IntegrityError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    sqlite3.DataError,
)

_T = TypeVar("_T")


class Database:
    """Keeps the promises of `Store`, in ``chat.db`` of a folder that is there."""

    def __init__(
        self,
        folder: Path,
        durability: str = "process",
        steps: Sequence[str] | None = None,
    ) -> None:
        """Open it, or make it if there is none.

        *steps* are the schema's files; others than ours are for tests.

        Raises:
            Unusable: another process holds it, it is damaged, or too new.
            Trouble: the disk does not let us.
        """
        self.path: Final = folder / files.NAME
        # Bytes that were appended to the log since it was opened, roughly.
        self.committed = 0
        self._surplus = Surplus()
        with ExitStack() as opened:
            try:
                opened.callback(os.close, files.lock(self.path))
                schema.prepare(self.path, schema.scripts() if steps is None else steps)
                self._connection = files.connect(self.path, "rw")
                opened.callback(self._connection.close)
                self._places: Final = Places(self._connection)
                self._conversations: Final = Conversations(self._connection)
                self._begin(_SYNCHRONOUS[durability])
                self.checkpoints: Final = Checkpoints(self.path)
                opened.callback(self.checkpoints.close)
                self._index: Final = Index(self.path)
                opened.callback(self._index.close)
            except (sqlite3.Error, OSError) as error:
                raise files.trouble(self.path, error) from error
            self._opened = opened.pop_all()

    def load(self) -> Kept:
        """What a house begins with."""
        with files.reading(self.path):
            return rows.kept(self._connection)

    def secret(self) -> bytes:
        """32 bytes that were drawn when the database was made."""
        with files.reading(self.path):
            found = self._connection.execute("SELECT secret FROM meta").fetchone()
            return bytes(found[0])

    def write(self, records: Sequence[Record], reached: Stamp = START) -> None:
        """Write all of *records*, and how far the order has come, as one."""
        if not records and reached == START:
            return
        breaths: list[Lines] = []
        lines: list[Line] = []
        others: list[Audited | Standing] = []
        for record in records:
            if isinstance(record, Lines):
                breaths.append(record)
            elif isinstance(record, Line):
                lines.append(record)
            else:
                others.append(record)
        last_id = max(map(_ID, records), default=0)
        with self._transaction():
            if breaths or lines:
                self._add_lines(breaths, lines)
            # After the lines: who is forgotten has said his last.
            self._put(others)
            self._connection.execute(_REACH, (max(last_id, reached.id), reached.at))
        self._index.is_stale = True
        if any(isinstance(each, ForgottenAccount) and each.words for each in others):
            self._index.forget_some(at_once=True)

    def log_bytes(self) -> int:
        """How long the log is, or was before it began again, on the disk."""
        with suppress(OSError):
            return files.beside(self.path)[0].stat().st_size
        return 0

    def finish(self) -> tuple[int, int]:
        """Move the last few frames of the log, when a checkpoint has left some.

        The next commit then begins the log again (see `Checkpoints`).
        """
        return self._doing(lambda: passive(self._connection))

    def reuse_log(self) -> None:
        """When the log begins again it stays as long as it is, to be overwritten."""
        self._doing(partial(self._set, "journal_size_limit = -1"))

    def cut_log(self) -> None:
        """When it begins again it is cut off."""
        self._doing(partial(self._set, "journal_size_limit = 0"))

    def forgetting(self) -> list[int]:
        """The accounts whose words are being deleted, which nobody sees any more."""
        return self._doing(lambda: retention.forgetting(self._connection))

    def trim_audit(self, before: int, most: int = SLICE) -> int:
        """Delete what was audited before *before* (ms): how many; *most*: go on."""
        with self._transaction():
            return retention.trim_audit(self._connection, before, most)

    def trim_history(self, room: int, before: int, most: int = SLICE) -> int:
        """Delete a room's messages before the id *before*: how many; *most*: go on."""
        with self._trimming():
            return retention.trim_history(self._connection, room, before, most)

    def trim_oldest(self, before: int, most: int = OLDEST) -> int:
        """Delete what happened before *before* (ms): how many; *most*: go on."""
        with self._trimming():
            return retention.trim_oldest(self._connection, before, most)

    def trim_surplus(self, lines: int, most: int = SURPLUS) -> tuple[int, bool]:
        """Delete what is more than *lines* in a room: how many, and whether to go on.

        A slice that finds none is not the last: counting takes its time.
        """
        with self._trimming():
            return self._surplus.trim(self._connection, lines, most)

    def used_bytes(self) -> int:
        """How much of the database is in use."""
        return self._doing(lambda: retention.used_bytes(self._connection))

    def give_back(self, most: int = PAGES) -> bool:
        """Give pages back that are free, but for some: whether to go on.

        The file is shorter after the next checkpoint.
        """
        has_given = self._doing(lambda: retention.give_back(self._connection, most))
        self.committed += has_given * most * _PAGE
        return has_given

    def trim_words(self, account: int, most: int = SLICE) -> int:
        """Delete what an account said: go on while it is among those in `forgetting`.

        A slice that finds few, or none, is not the last.
        """
        with self._trimming():
            return retention.trim_words(self._connection, account, most)

    # What can be read of what was said.

    def page(self, scope: Scope, page: Page, until: int) -> Extracted:
        """A page of what was said, or happened."""
        with self._recalling():
            return history.page(self._connection, scope, page, until)

    def tally(
        self, scope: Scope, after: Point, until: int, own: int, nick: str
    ) -> Tally:
        """How much others said after a point; so many lines are looked at, no more."""
        with self._recalling():
            return history.tally(self._connection, scope, after, until, own, nick)

    def last(self, scope: Scope, until: int) -> Point | None:
        """What was said last."""
        with self._recalling():
            return history.last(self._connection, scope, until)

    def conversations(self, account: int, until: int) -> list[Conversation]:
        """Those of an account."""
        with self._recalling():
            return history.conversations(self._connection, account, until)

    def delivered(self, account: int, device: str) -> int | None:
        """Up to which id that device has been told all."""
        with self._recalling(is_filed=False):
            return history.delivered(self._connection, account, device)

    def seek(
        self, seek: Seek, until: int, is_late: Callable[[], bool]
    ) -> Callable[[], Found]:
        """What searches, in a file of its own."""
        return partial(self._index.search, seek, until, is_late)

    def is_stale(self) -> bool:
        """Whether there may be something to prepare for searching."""
        return self._index.is_stale

    def index(self) -> bool:
        """Prepare a little of what is new for searching."""
        return self._index.prepare()

    def close(self) -> None:
        """Move what is in the log, and let go of it."""
        self.checkpoints.close()
        with suppress(sqlite3.Error, Trouble):
            self._file()
        with suppress(sqlite3.Error):
            retention.give_back(self._connection, LAST_PAGES, spare=0)
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._opened.close()

    def _begin(self, synchronous: str) -> None:
        for pragma in (
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "temp_store = MEMORY",
            "secure_delete = ON",
            # Those are done elsewhere.
            "wal_autocheckpoint = 0",
            "journal_size_limit = 0",
        ):
            self._set(pragma)
        # Opens the log, and shows that it can be written.
        with self._transaction():
            self._connection.execute("UPDATE meta SET last_id = last_id")
            self._places.file()

    def _set(self, pragma: str) -> None:
        self._connection.execute(f"PRAGMA {pragma}").fetchall()

    def _add_lines(self, breaths: Sequence[Lines], lines: Sequence[Line]) -> None:
        found = rows.of_lines(breaths)
        if lines:
            found += map(self._row, lines)
            # Places grow with the ids.
            found.sort(key=_ROW_ID)
        new = self._new(found)
        rows.add_lines(self._connection, new)
        self._places.added(len(new))
        self.committed += sum(map(len, map(_ROW_TEXT, new))) + len(new) * _LINE
        self._conversations.write()

    def _row(self, line: Line) -> rows.Row:
        row, talks = rows.of_line(line), self._conversations
        return rows.in_conversation(row, talks.of(line)) if line.peer else row

    def _new(self, lines: list[rows.Row]) -> list[rows.Row]:
        """*lines*, each once, without those that are there.

        Nothing is there with an id beyond the last one.  Others are looked up: those of
        a turn that is tried again, or of the backlog.

        Raises:
            Taken: another one is in the place of one of them.
        """
        ids = {*map(_ROW_ID, lines)}
        if len(ids) < len(lines):
            lines = rows.once(lines)
        (last_id,) = self._connection.execute(_LAST_ID).fetchone()
        if min(ids) > last_id:
            return lines
        self._places.file()
        is_there = partial(rows.is_there, self._connection)
        return [each for each in lines if _ROW_ID(each) > last_id or not is_there(each)]

    def _put(self, records: Sequence[Audited | Standing]) -> None:
        """Add what was audited, and have the others replace what was there."""
        audited = [rows.of_audited(each) for each in records if type(each) is Audited]
        if audited:
            self._connection.executemany(rows.ADD_AUDITED, audited)
        for record in records:
            if isinstance(record, KeptRoom) and record.is_sealed:
                self._places.file()  # It is kept if anything was said in it.
            if not isinstance(record, Audited):
                rows.put(self._connection, record)

    @contextmanager
    def _recalling(self, *, is_filed: bool = True) -> Iterator[None]:
        """Tell somebody of what is kept: what makes no sense is trouble to him.

        What was said has to be filed for that; what else there is need not wait for it.
        """
        try:
            with files.reading(self.path):
                if is_filed:
                    self._file()
                yield
        except files.Damaged as damage:
            raise Trouble(str(damage)) from damage

    def _file(self) -> None:
        """Have everything where it is looked for; nearly always it is."""
        if self._places.waiting():
            with self._transaction():
                self._places.file()

    def _doing(self, act: Callable[[], _T]) -> _T:
        try:
            return act()
        except sqlite3.Error as error:
            raise files.trouble(self.path, error) from error

    @contextmanager
    def _trimming(self) -> Iterator[None]:
        """A transaction in which lines are deleted, and conversations may end."""
        before = self._changes()
        with self._transaction():
            self._conversations.forget()
            self._places.file()
            yield
        if self._changes() > before:
            self._index.forget_some()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of it or nothing, and the connection is as good as before."""
        connection = self._connection
        try:
            before = self._changes()
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("COMMIT")
            self.committed += _COMMIT + (self._changes() - before) * _CHANGE
        except sqlite3.Error as error:
            self._roll_back()
            if isinstance(error, _FAULTS):
                raise
            raise files.trouble(self.path, error) from error
        except BaseException:
            self._roll_back()
            raise

    def _changes(self) -> int:
        """Rows that were changed, but for lines that were added, and filed."""
        places = self._places
        return self._connection.total_changes - places.lines - places.filed

    def _roll_back(self) -> None:
        # It may have made conversations that are not there now, and filed lines.
        self._conversations.forget()
        self._places.lost_count()
        # There is none, if SQLite has done so itself.
        with suppress(sqlite3.Error):
            self._connection.execute("ROLLBACK")
