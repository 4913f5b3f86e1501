"""Fan-out: putting one event before many readers.

The hub says *what* happened and names an audience.  Who that is right now, on
which sessions and in what dialect, stands here, in an index that changes only
by the hub's effects (`Attach`, `Seat`, `Unseat`).

Chat is one line in and hundreds out, so the price of a reader is the price of
the server.  Two ideas keep it low:

* a room's readers are filed by *kind*, and an event is drawn once for each kind
  instead of once for each reader;
* what a room says in a turn is written on a *sheet*, one for each kind.  When
  the turn is over, everyone who has to read the whole sheet, and nothing else, is
  offered the very same bytes: the price of a reader is one ``send`` a turn, however
  many lines were said in it, and an outbox is for who does not take them.

Order is what makes the second idea delicate.  A reader may also be told things
on the side (an answer, a whisper), may be in several rooms, and does not read
what he said himself.  So everything written on any sheet gets a *place*, each
session knows the place up to which it has *read*, and before anything else goes
into an outbox its owner is caught up with the sheets.  Whoever was has read *ahead*
of the others, and what he has still to read comes by his outbox.

Next: chat/server/sheet.py
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import chain, islice
from typing import Final, TypeAlias

from chat.dialects.dialect import Kind, Told
from chat.domain.effects import (
    Attach,
    Deliver,
    Detach,
    Seat,
    ToNeighbours,
    ToRoom,
    ToSession,
    ToUser,
    Unseat,
)
from chat.domain.events import Event
from chat.net.connection import Connection
from chat.server.session import Session
from chat.server.sheet import Reader, Sheet
from chat.wire.outbox import Outbox

# An answer of fewer pieces is given at once; a longer one waits as a cursor.
SHORT: Final = 8

Readers: TypeAlias = dict[int, Reader]
# The bytes that a sheet has for many, and to whom they are to be sent.
Shared: TypeAlias = tuple[bytes, list[Connection]]


class Gathering(Outbox):
    """Stands in for an outbox: what is queued is not said, but gathered in a list."""

    def __init__(self, instead_of: Outbox, told: list[Told]) -> None:
        super().__init__(instead_of.soft, instead_of.hard)
        self.instead_of = instead_of
        self._told = told
        self.append = told.append

    def dress(self, _dressed: Callable[[bytes], bytes]) -> None:
        """Nothing: where there are labels nobody edits lines."""

    def draw_from(self, cursor: Iterator[bytes]) -> None:
        """Gather the cursor itself."""
        self._told.append(cursor)


class FanOut:
    """Who reads what, and who has something new to read."""

    def __init__(self) -> None:
        # By session; a session's user; a user's readers, and a user's rooms.
        self._readers: Readers = {}
        self._owners: dict[int, int] = {}
        # (Tuples: they are mostly of one, and a dict of one takes five times as much.)
        self._users: dict[int, tuple[Reader, ...]] = {}
        self._seats: dict[int, tuple[int, ...]] = {}
        # A room's sheets by kind.  A room that nobody reads has no entry.
        self._rooms: dict[int, dict[Kind, Sheet]] = {}
        # In how many rooms each kind reads.
        self._kinds = Counter[Kind]()
        # The place of the last thing written, and on which sheets this turn.
        self._place = 0
        self._written: list[Sheet] = []
        # Who has read ahead, and who of them has something new in his outbox.
        self._ahead: dict[int, None] = {}
        self._dirty: Readers = {}

    def open(self, session: Session) -> None:
        """Take *session* into the index; it reads nothing yet."""
        self._readers[session.id] = Reader(session)

    def session(self, number: int) -> Session:
        """The session with that id."""
        return self._readers[number].session

    def is_named(self, session: Session) -> bool:
        """Whether *session* belongs to somebody with a name."""
        return session.id in self._owners

    def deliver(self, effect: Deliver) -> None:
        """Put an event before its audience."""
        to = effect.to
        match to:
            case ToRoom():
                self._write(to.id, effect.event, self._unless_echoed(effect.but))
            case ToSession():
                self._tell(self._readers[to.id], effect.event)
            case ToUser():
                for reader in self._own(to.id):
                    if reader.session.id != effect.but or reader.kind.echoes:
                        self._tell(reader, effect.event)
            case ToNeighbours():
                self._to_neighbours(to.id, effect.event)

    def carry_out(self, effect: Attach | Detach | Seat | Unseat) -> None:
        """Have somebody read what he did not before, or no more."""
        match effect:
            case Attach():
                self._attach(self._readers[effect.session], effect.user)
            case Detach():
                self._detach(self._readers[effect.session])
            case Seat():
                self._seat(effect.user, effect.room)
            case Unseat():
                self._unseat(effect.user, effect.room)

    def put(self, session: Session, data: bytes) -> None:
        """Say *data* to one session, after all that it has to read before."""
        self._put(self._readers[session.id], data)

    def say(self, session: Session, told: Told) -> None:
        """Say what was *told*, also if *session* is forgotten by now.

        Nobody looks at a cursor before its turn has come.
        """
        reader = self._readers.get(session.id)
        if reader is not None:
            self._catch_up(reader)
            self._dirty[session.id] = reader
        if isinstance(told, bytes):
            session.outbox.append(told)
        else:
            session.draw_from(told)

    def tell(self, session: Session, event: Event) -> None:
        """Put *event* before one session, through its own dialect."""
        self._tell(self._readers[session.id], event)

    def hold_back(self, session: Session, told: list[Told]) -> None:
        """Add what *session* is told to *told*, instead of saying it; see `release`."""
        self._catch_up(self._readers[session.id])
        session.outbox = Gathering(session.outbox, told)

    def release(self, session: Session) -> None:
        """Say to *session* again what it is told; also if it is forgotten by now."""
        reader = self._readers.get(session.id)
        if reader is not None:
            self._catch_up(reader)
        assert isinstance(session.outbox, Gathering)
        session.outbox = session.outbox.instead_of

    def kinds(self) -> int:
        """How many times, at the most, a line has to be drawn, wherever it is said."""
        return len(self._kinds)

    def place_of(self, session: Session) -> int:
        """A number that grows when *session* is told what others do."""
        reader = self._readers.get(session.id)
        if reader is None:
            return -1
        return max(reader.read, *(sheet.last for sheet in reader.sheets.values()), 0)

    def refile(self, session: Session) -> None:
        """The session's kind may have changed: move it within its rooms."""
        reader = self._readers.get(session.id)
        if reader is None:
            return
        kind = session.dialect.kind
        if reader.kind is kind or reader.kind == kind:
            return
        rooms = list(reader.sheets)
        for room in rooms:
            self._unfile(reader, room)
        reader.kind = session.dialect.kind
        for room in rooms:
            self._file(reader, room)

    def close(self, session: Session) -> None:
        """Forget *session*; its user may have others.  Twice does no harm."""
        reader = self._readers.get(session.id)
        if reader is not None:
            self._detach(reader)
            del self._readers[session.id]

    def take_shared(self, aside: Collection[int]) -> list[Shared]:
        """Hand out the sheets: what they say, and who has but that to read.

        Everyone else finds it in his outbox, and so do those *aside*, by session.
        """
        written, self._written = self._written, []
        apart = self._readers.keys() & (self._ahead.keys() | aside) if written else ()
        for key in apart:
            self._catch_up(self._readers[key])
        shared: list[Shared] = []
        for sheet in written:
            direct = sheet.direct.items()
            sent = [connection for key, connection in direct if key not in apart]
            shared.append((sheet.whole(), sent))
            for reader in sheet.others.values():
                self._catch_up(reader)
        for sheet in written:
            sheet.clear()
        self._ahead.clear()
        return shared

    def put_back(self, session: Session, rest: bytes) -> None:
        """*session* has not taken the *rest* of what it was sent."""
        session.outbox.append(rest)
        self._dirty[session.id] = self._readers[session.id]

    def take_dirty(self) -> list[Session]:
        """Name everyone who has something new in his outbox, once all is shared."""
        dirty, self._dirty = self._dirty, {}
        return [reader.session for reader in dirty.values()]

    def statistics(self) -> dict[str, int]:
        """Who reads, and where."""
        return {
            "readers": len(self._readers),
            "named": len(self._owners),
            "rooms": len(self._rooms),
            "sheets": sum(map(len, self._rooms.values())),
            "written": self._place,
        }

    def _seat(self, user: int, room: int) -> None:
        # Who stays while no session is left has a seat and no reader.
        self._seats[user] = (*self._seats.get(user, ()), room)
        for reader in self._own(user):
            self._file(reader, room)

    def _unseat(self, user: int, room: int) -> None:
        seats = self._seats.pop(user)
        if len(seats) > 1:
            self._seats[user] = tuple(each for each in seats if each != room)
        for reader in self._own(user):
            self._unfile(reader, room)

    def _own(self, user: int) -> tuple[Reader, ...]:
        """The sessions of *user*; perhaps none is left."""
        return self._users.get(user, ())

    def _attach(self, reader: Reader, user: int) -> None:
        reader.kind = reader.session.dialect.kind
        self._owners[reader.session.id] = user
        self._users[user] = (*self._own(user), reader)
        for room in self._seats.get(user, ()):
            self._file(reader, room)

    def _detach(self, reader: Reader) -> None:
        """Have *reader* read nothing more of what his user reads, if he has one."""
        number = reader.session.id
        for room in list(reader.sheets):
            self._unfile(reader, room)
        owner = self._owners.pop(number, None)
        if owner is None:
            return
        own = self._users.pop(owner)
        if len(own) > 1:
            self._users[owner] = tuple(each for each in own if each is not reader)

    def _put(self, reader: Reader, data: bytes) -> None:
        self._catch_up(reader)
        reader.session.outbox.append(data)
        self._dirty[reader.session.id] = reader

    def _catch_up(self, reader: Reader) -> None:
        """Give *reader* all that his rooms have said so far."""
        self._ahead[reader.session.id] = None
        if reader.catch_up(self._place):
            self._dirty[reader.session.id] = reader

    def _unless_echoed(self, speaker: int | None) -> Collection[Reader]:
        """The speaker, who does not read what he says; or nobody, if he does."""
        if speaker is None:
            return ()
        reader = self._readers[speaker]
        return () if reader.kind.echoes else (reader,)

    def _write(self, room: int, event: Event, but: Collection[Reader]) -> None:
        """Write *event* on the room's sheets; *but* will not read it."""
        for reader in but:
            self._catch_up(reader)
        place = self._place = self._place + 1
        for kind, sheet in self._rooms.get(room, {}).items():
            if text := kind.render(event):
                if not sheet.texts:
                    self._written.append(sheet)
                sheet.write(place, text)
        for reader in but:
            reader.read = place

    def _to_neighbours(self, user: int, event: Event) -> None:
        rooms, own = self._seats.get(user, ()), self._own(user)
        if len(rooms) == 1:
            self._write(rooms[0], event, but=own)
            return
        neighbours: dict[Kind, Readers] = {}
        for room in rooms:
            for kind, sheet in self._rooms.get(room, {}).items():
                readers = neighbours.setdefault(kind, {})
                readers.update(sheet.others)
                readers.update((key, self._readers[key]) for key in sheet.direct)
        for kind, readers in neighbours.items():
            if not (text := kind.render(event)):
                continue
            for reader in readers.values():
                if reader not in own:
                    self._put(reader, text)

    def _tell(self, reader: Reader, event: Event) -> None:
        """Put *event* before one session, through its own dialect."""
        # It has a place, though it is on no sheet: see `place_of`.
        self._place += 1
        told = reader.session.dialect.tell(event)
        if isinstance(told, bytes):
            self._put(reader, told)
        elif len(begun := list(islice(told, SHORT))) < SHORT:
            self._put(reader, b"".join(begun))
        else:
            self._catch_up(reader)
            self._dirty[reader.session.id] = reader
            reader.session.draw_from(chain(begun, told))
        if reader.kind is not reader.session.dialect.kind:
            self.refile(reader.session)

    def _file(self, reader: Reader, room: int) -> None:
        # Not what was said before: the newcomer has "read" that.
        self._catch_up(reader)
        sheets = self._rooms.setdefault(room, {})
        if reader.kind not in sheets:
            sheets[reader.kind] = Sheet()
            self._kinds[reader.kind] += 1
        reader.sheets[room] = sheets[reader.kind]
        self._sort(reader)

    def _unfile(self, reader: Reader, room: int) -> None:
        # What was said before is still to be read.
        self._catch_up(reader)
        sheet = reader.sheets.pop(room)
        sheet.direct.pop(reader.session.id, None)
        sheet.others.pop(reader.session.id, None)
        self._sort(reader)
        if not (sheet.direct or sheet.others):
            sheets = self._rooms[room]
            del sheets[reader.kind]
            self._kinds -= Counter((reader.kind,))
            if not sheets:
                del self._rooms[room]

    def _sort(self, reader: Reader) -> None:
        """Have each of his sheets know whether *reader* has others as well."""
        session = reader.session
        for sheet in reader.sheets.values():
            if len(reader.sheets) == 1:
                sheet.others.pop(session.id, None)
                sheet.direct[session.id] = session.connection
            else:
                sheet.direct.pop(session.id, None)
                sheet.others[session.id] = reader
