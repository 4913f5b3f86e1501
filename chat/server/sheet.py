"""Sheets and readers: what a room says in one turn, and how far each has read.

A *sheet* collects what one room says, during one turn, to one kind of reader.
Everything written on any sheet has a *place*: a number that only grows.  A
*reader* is what fan-out keeps of a session, and knows the place up to which it
has read, so it can be given the rest at any moment, and nothing twice.  Who has but
one sheet, and reads it whole turn after turn, is not asked how far that was.

    place  7   8   9
    sheet  a   b   c         whole: a b c
    read       ^             the rest: c

Next: chat/dialects/reader.py
"""

from bisect import bisect_right

from chat.dialects.dialect import Kind
from chat.net.connection import Connection
from chat.server.session import Session


class Sheet:
    """What one room says, in one turn, to one kind of reader."""

    __slots__ = ("_places", "_whole", "direct", "last", "others", "texts")

    def __init__(self) -> None:
        # Its readers by session: who reads nothing else, and who reads others as well.
        self.direct: dict[int, Connection] = {}
        self.others: dict[int, Reader] = {}
        # The place of what was written last, in whatever turn.
        self.last = 0
        self._places: list[int] = []
        # What has been written in this turn.
        self.texts: list[bytes] = []
        self._whole = b""

    def write(self, place: int, text: bytes) -> None:
        """Write *text* below what is there already."""
        self.last = place
        self._places.append(place)
        self.texts.append(text)
        self._whole = b""

    def whole(self) -> bytes:
        """All of it; the very same object until more is written."""
        if not self._whole:
            self._whole = b"".join(self.texts)
        return self._whole

    def rest(self, place: int) -> bytes:
        """What was written after *place*."""
        start = bisect_right(self._places, place)
        return b"".join(self.texts[start:]) if start else self.whole()

    def after(self, place: int) -> list[tuple[int, bytes]]:
        """The same, each piece with its own place."""
        start = bisect_right(self._places, place)
        return list(zip(self._places[start:], self.texts[start:], strict=True))

    def clear(self) -> None:
        """Begin a new turn."""
        self._places.clear()
        self.texts.clear()
        self._whole = b""


class Reader:
    """One session, as far as fan-out is concerned."""

    __slots__ = ("kind", "read", "session", "sheets")

    def __init__(self, session: Session) -> None:
        self.session = session
        # The kind under which the session is filed, in which rooms, and the
        # place up to which it has read, at least: whole sheets are not counted.
        self.kind: Kind = session.dialect.kind
        self.sheets: dict[int, Sheet] = {}
        self.read = 0

    def catch_up(self, place: int) -> bool:
        """Put what its rooms have said, up to *place*, into the outbox; if anything."""
        read, self.read = self.read, place
        if read == place or not self.sheets:
            return False
        written = [
            sheet for sheet in self.sheets.values() if sheet.texts and sheet.last > read
        ]
        if len(written) == 1:
            self.session.outbox.append(written[0].rest(read))
        elif written:
            # Several rooms at once, in the order in which things were said.
            lines = sorted(line for sheet in written for line in sheet.after(read))
            self.session.outbox.append(b"".join(text for _, text in lines))
        return bool(written)
