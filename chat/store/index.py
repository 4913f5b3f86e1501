"""The index: where each word was said, in a file of its own beside the database.

It is made from the database and from nothing else.  Whoever deletes it loses some
seconds of a helper's time: it is made again, a slice at a time, and so it is when it
turns out to be damaged, or another database's.  A backup leaves it out.

`entries` are the lines that can be found, each under its `place` in the database,
which no other line ever has.  `words` finds them by whole words, and by single
characters where a script has no spaces, `parts` by three characters that follow one
another; in both each line has a *mark* as well, a word that stands for its room, so
that somebody who may read little looks at little.  Both only propose: what is found
is compared with what was asked, and read in the database, where what was taken back
is not there any more from that moment on.  From the file it goes in a sweep, soon
after.

One thread uses an index, a helper; the loop only says that there is something to do.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from chat.domain.extracts import Seek
from chat.domain.ports import Found
from chat.store import files, retention
from chat.store.finding import Finding
from chat.store.query import signs
from chat.store.retention import LAST_PAGES, PAGES

NAME: Final = "search.db"
# Lines of the database that a slice looks at: some fifty milliseconds of work.
SLICE: Final = 2000
# Slices of the newest that a search takes in: a busy house may be ten seconds behind.
CAUGHT_UP: Final = 5
# Entries that a slice of a sweep looks at.
SWEPT: Final = 10_000
# Pages that are written in one step when what was deleted is pressed out.
PRESSED: Final = 100
# As many deletions as one in so many entries are pressed out without being asked to.
WORTH_IT: Final = 20

# Changes with every change to what is below.
_VERSION: Final = 1
# Hardly any house needs `signs`, which costs more than all the rest.
_SIGNS: Final = """
    CASE WHEN text GLOB '*[' || char(3584) || '-' || char(1114111) || ']*'
    THEN signs(text) ELSE '' END
"""
# As `finding.mark` makes it.
_MARK: Final = """
    char(
        57344 + (abs(room) * 2 + (room < 0)) % 6000,
        57344 + (abs(room) * 2 + (room < 0)) / 6000 % 6000,
        57344 + (abs(room) * 2 + (room < 0)) / 36000000 % 6000
    )
"""
_MADE: Final = f"""
    PRAGMA user_version = {_VERSION};
    CREATE TABLE entries (
        place INTEGER PRIMARY KEY,
        id INTEGER NOT NULL,
        at INTEGER NOT NULL,
        room INTEGER NOT NULL,
        nick TEXT NOT NULL,
        text TEXT NOT NULL
    );
    -- What is in them has to be said again to be deleted: `entries` has it.
    CREATE VIRTUAL TABLE words USING fts5 (
        text, signs, nick, mark, content = '', columnsize = 0,
        tokenize = 'unicode61 remove_diacritics 2'
    );
    CREATE VIRTUAL TABLE parts USING fts5 (
        text, nick, mark, content = '', columnsize = 0, detail = none,
        tokenize = 'trigram'
    );
    -- Of which database, up to which place it has it, how far a sweep has come (with
    -- none, NULL), how many were deleted since all was pressed out, and whether that
    -- is being done (1 to begin, 2 to go on).
    CREATE TABLE made (
        identity BLOB NOT NULL,
        reached INTEGER NOT NULL,
        swept INTEGER,
        deleted INTEGER NOT NULL,
        pressing INTEGER NOT NULL
    );
"""
_NEXT: Final = """
    SELECT max(place), count(*) FROM (
        SELECT place FROM chat.messages WHERE place > ? ORDER BY place LIMIT ?
    )
"""
_ADD: Final = """
    INSERT INTO entries
    SELECT place, id, at, room, substr(source, 1, instr(source || '!', '!') - 1), text
    FROM chat.readable
    WHERE place > ? AND place <= ? AND kind <= 3
"""
_UP_TO: Final = """
    SELECT max(place) FROM (
        SELECT place FROM entries WHERE place > ? ORDER BY place LIMIT ?
    )
"""
_FIND_GONE: Final = """
    INSERT INTO gone
    SELECT place FROM entries WHERE place > ? AND place <= ?
    AND place NOT IN (
        SELECT place FROM chat.readable WHERE place > ? AND place <= ?
    )
"""
_OTHERS: Final = """
    SELECT 1 FROM (SELECT * FROM entries ORDER BY place DESC LIMIT 100) AS last
    JOIN chat.messages AS line ON line.place = last.place
    WHERE (line.id, line.at, line.room) <> (last.id, last.at, last.room)
"""
# By table: its columns, and what stands there of an entry.
_TABLES: Final = {
    "words": ("text, signs, nick, mark", f"text, {_SIGNS}, nick, {_MARK}"),
    "parts": ("text, nick, mark", f"text, nick, {_MARK}"),
}


class Index:
    """Finds what was said, in ``search.db`` beside the database at *source*."""

    def __init__(self, source: Path) -> None:
        """Nothing is opened before something is asked."""
        self.path: Final = source.with_name(NAME)
        self._source = source
        self._connection: sqlite3.Connection | None = None
        self._is_remade = False
        # Whether there may be something to prepare.  After a start there may be all:
        # nobody knows what the process before could not finish.
        self.is_stale = self._must_sweep = self._must_press = True
        # Whether the sweep that is under way is for something that must be gone.
        self._is_urgent = False

    def forget_some(self, *, at_once: bool = False) -> None:
        """Something was deleted, or taken back; *at_once*, it must be gone soon.

        What is merely old may be told from what is left for some time; but it is
        never found.
        """
        # In this order: the helper may begin in between.
        self._must_press = self._must_press or at_once
        self._must_sweep = True
        self.is_stale = True

    def prepare(self) -> bool:
        """A slice of what there is to do; whether there is more.  For the helper.

        Raises:
            Trouble: it could not be done.
        """
        # Before the look: what comes meanwhile is seen at the next.
        self.is_stale = False
        with self._working() as connection:
            steps = self._take_in, self._sweep, self._press, self._give_back
            return any(step(connection) for step in steps)

    def search(self, seek: Seek, until: int, is_late: Callable[[], bool]) -> Found:
        """What is found; it stops as soon as it *is_late*.  For the helper.

        Raises:
            Trouble: it could not be done.
        """
        with self._working() as connection:
            is_behind = all(self._has_more(connection) for _ in range(CAUGHT_UP))
            found = Finding(connection, seek, until, is_late).found()
            if is_behind:  # What is not in it yet may have the words.
                self.is_stale = True
            return found._replace(is_cut=found.is_cut or is_behind)

    def _has_more(self, connection: sqlite3.Connection) -> bool:
        """Take in the newest; whether there is more, or it could not be done."""
        try:
            return self._take_in(connection)
        except sqlite3.Error as error:
            if files.is_damage(error):
                raise
            _roll_back(connection)
            return True

    def close(self) -> None:
        """Let go of it, when the helper is through."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                retention.give_back(self._connection, LAST_PAGES, spare=0)
            self._connection.close()
            self._connection = None

    # How it is opened, and what is done when it is no good.

    @contextmanager
    def _working(self) -> Iterator[sqlite3.Connection]:
        try:
            if self._connection is None:
                self._connection = self._opened()
            yield self._connection
        except (sqlite3.Error, OSError) as error:
            self.is_stale = True
            self._recover(error)
            raise files.trouble(self.path, error) from error

    def _recover(self, error: sqlite3.Error | OSError) -> None:
        """Begin again from nothing if it is damaged, but do not do so for ever."""
        if isinstance(error, sqlite3.Error):
            if self._connection is not None:
                _roll_back(self._connection)
            if files.is_damage(error) and not self._is_remade:
                self._is_remade = True
                self.close()
                with suppress(OSError):
                    files.remove(self.path)

    def _opened(self) -> sqlite3.Connection:
        """A connection to an index that is good, if need be to a new one."""
        if self.path.exists():
            files.make_private(self.path)
            try:
                connection = self._connected()
                with ExitStack() as failed:
                    failed.callback(connection.close)
                    if _fits(connection):
                        failed.pop_all()
                        return connection
            except sqlite3.Error as error:
                if not _is_senseless(error):
                    raise
        files.remove(self.path)
        files.make(self.path)
        connection = self._connected()
        with ExitStack() as failed:
            failed.callback(connection.close)
            connection.executescript(f"BEGIN IMMEDIATE;{_MADE}")
            made = [_identity(connection)]
            connection.execute("INSERT INTO made VALUES (?, 0, NULL, 0, 0)", made)
            connection.execute("COMMIT")
            failed.pop_all()
        self._must_sweep = self._must_press = False
        return connection

    def _connected(self) -> sqlite3.Connection:
        connection = files.connect(self.path, "rw", threads=True)
        try:
            source = f"{self._source.absolute().as_uri()}?mode=ro"
            connection.execute("ATTACH ? AS chat", [source])
            for pragma in (
                # Only an empty file can be told so.
                "main.auto_vacuum = INCREMENTAL",
                "main.journal_mode = WAL",
                "main.synchronous = NORMAL",
                "main.secure_delete = ON",
                "main.journal_size_limit = 0",
                "temp_store = MEMORY",
            ):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            connection.create_function("signs", 1, signs, deterministic=True)
            connection.execute("CREATE TEMP TABLE gone (place INTEGER PRIMARY KEY)")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    # What is done to it.

    def _take_in(self, connection: sqlite3.Connection) -> bool:
        """Add a slice of what is new; whether there is more."""
        (reached,) = connection.execute("SELECT reached FROM made").fetchone()
        last, count = connection.execute(_NEXT, (reached, SLICE)).fetchone()
        if last is None:
            return False
        with _transaction(connection):
            connection.execute(_ADD, (reached, last))
            for table, (columns, values) in _TABLES.items():
                connection.execute(
                    f"INSERT INTO {table} (rowid, {columns})"  # noqa: S608
                    f" SELECT place, {values} FROM entries WHERE place > ?",
                    [reached],
                )
            connection.execute("UPDATE made SET reached = ?", [last])
        return bool(count == SLICE)

    def _sweep(self, connection: sqlite3.Connection) -> bool:
        """Delete a slice of what is not to be found any more; whether to go on."""
        (swept,) = connection.execute("SELECT swept FROM made").fetchone()
        if swept is None:
            if not self._must_sweep:
                return False
            self._must_sweep, swept = False, 0
            self._is_urgent, self._must_press = self._must_press, False
        (end,) = connection.execute(_UP_TO, (swept, SWEPT)).fetchone()
        with _transaction(connection):
            if end is not None:
                _delete_gone(connection, swept, end)
            connection.execute("UPDATE made SET swept = ?", [end])
            if end is None:
                self._decide_to_press(connection)
        return True

    def _decide_to_press(self, connection: sqlite3.Connection) -> None:
        """At the end of a sweep."""
        deleted, entries = connection.execute(
            "SELECT deleted, (SELECT count(*) FROM entries) FROM made"
        ).fetchone()
        if deleted and (self._is_urgent or deleted * WORTH_IT >= entries):
            connection.execute("UPDATE made SET deleted = 0, pressing = 1")

    def _press(self, connection: sqlite3.Connection) -> bool:
        """Write a few pages again without what was deleted; whether to go on.

        To delete from a search is to add that it is deleted; only when all is written
        again is it gone from the file.
        """
        (pressing,) = connection.execute("SELECT pressing FROM made").fetchone()
        if not pressing:
            return False
        pages = -PRESSED if pressing == 1 else PRESSED
        before = connection.total_changes
        with _transaction(connection):
            for table in _TABLES:
                connection.execute(
                    f"INSERT INTO {table} ({table}, rank)"  # noqa: S608
                    " VALUES ('merge', ?)",
                    [pages],
                )
            # One change is the command itself.
            has_more = connection.total_changes - before > len(_TABLES)
            connection.execute("UPDATE made SET pressing = ?", [2 if has_more else 0])
        if not has_more:
            # What was there is in the log as well.
            connection.execute("PRAGMA main.wal_checkpoint(TRUNCATE)").fetchall()
        return True

    def _give_back(self, connection: sqlite3.Connection) -> bool:
        """Give a few pages back of which nothing is in use; whether to go on."""
        if not retention.give_back(connection, PAGES):
            return False
        # The file is as long as it was until the log has been moved.
        connection.execute("PRAGMA main.wal_checkpoint(TRUNCATE)").fetchall()
        return True


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def _delete_gone(connection: sqlite3.Connection, start: int, end: int) -> None:
    found = connection.execute(_FIND_GONE, (start, end, start, end)).rowcount
    if not found:
        return
    for table, (columns, values) in _TABLES.items():
        connection.execute(
            f"INSERT INTO {table} ({table}, rowid, {columns})"  # noqa: S608
            f" SELECT 'delete', place, {values} FROM entries JOIN gone USING (place)"
        )
    connection.execute("DELETE FROM entries WHERE place IN (SELECT place FROM gone)")
    connection.execute("DELETE FROM gone")
    connection.execute("UPDATE made SET deleted = deleted + ?", [found])


def _identity(connection: sqlite3.Connection) -> bytes:
    """What tells one database from another, and gives nothing away."""
    (secret,) = connection.execute("SELECT secret FROM chat.meta").fetchone()
    return sha256(b"search" + secret).digest()


def _fits(connection: sqlite3.Connection) -> bool:
    """Whether it is an index of ours, of the database as it is now."""
    if connection.execute("PRAGMA main.user_version").fetchone() != (_VERSION,):
        return False
    identity, reached = connection.execute(
        "SELECT identity, reached FROM made"
    ).fetchone()
    if identity != _identity(connection):
        return False
    # An older state of the database, which somebody has put there, has given out
    # fewer places, or gives the same to other lines.
    (given,) = connection.execute(
        "SELECT ifnull(max(seq), 0) FROM chat.sqlite_sequence WHERE name = 'messages'"
    ).fetchone()
    return bool(given >= reached) and not connection.execute(_OTHERS).fetchone()


def _is_senseless(error: sqlite3.Error) -> bool:
    """Whether to begin again may cure it: damage, or a table that is missing."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return files.is_damage(error) or code == sqlite3.SQLITE_ERROR


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; `_recover` rolls back."""
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("COMMIT")
