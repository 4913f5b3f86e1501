"""The stream: what a room's readers read, checked once for all of them.

Reading half a million lines a second one by one is more than Python can do.  But all
readers of a room must read the very same bytes.  So whoever is ahead reads line by
line, which makes *batches*, and the others only compare: one comparison for all that
the server sent at once.  Somebody who speaks does not read what he said himself; what
he must read is a batch without it.

Where bytes differ that is no fault yet: another order of two speakers is none, nor is
a PING in between.  Such a reader reads line by line until he has heard just what the
others had at the end of a batch, and goes on with them from there.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from chat.bench.delays import Delays
from chat.bench.ledger import Ledger, Said, Wrong
from chat.bench.speech import Speech

# Nobody in particular: a reader who does not speak.
SILENT: Final = -1
Answer: TypeAlias = Callable[[bytes], None]


class Batch:
    """Some lines of a room in the order in which they came; open until they have."""

    __slots__ = (
        "_lines",
        "after",
        "at",
        "count",
        "heard",
        "missing",
        "readers",
        "text",
    )

    def __init__(self, readers: int) -> None:
        self.text = b""
        # When one of them was said, in microseconds: it stands for all.
        self.at = 0
        self.count = 0
        # How many lines of each speaker have come, with this batch.
        self.heard: Mapping[int, int] = {}
        self.readers = readers
        # Those of them who have not read it yet.
        self.missing = readers
        self.after: Batch | None = None
        self._lines: list[tuple[int, bytes]] = []

    def fill(
        self, lines: list[tuple[int, bytes]], at: int, heard: Mapping[int, int]
    ) -> "Batch":
        """These *lines* it is, each after its speaker; the open one that follows."""
        self._lines = lines
        self.text = b"".join([line for _, line in lines])
        self.at = at
        self.count = len(lines)
        self.heard = dict(heard)
        self.after = Batch(self.readers)
        return self.after

    def without(self, speaker: int) -> tuple[bytes, int]:
        """What is left of it for a *speaker*, and how many lines."""
        if speaker not in self.heard:
            return self.text, self.count
        lines = [line for who, line in self._lines if who != speaker]
        return b"".join(lines), len(lines)


class Stream:
    """One *room*, as its readers in this process read it."""

    def __init__(
        self, speech: Speech, room: int, delays: Delays, now: Callable[[], float]
    ) -> None:
        self.room = room
        # Lines that readers have read.
        self.delivered = 0
        # How many lines of each speaker have been read by everybody.
        self.heard: Mapping[int, int] = {}
        self._speech = speech
        self._ledger = Ledger(speech, room, {})
        self._delays = delays
        self._now = now
        self._open = Batch(readers=0)
        # Those who do not extend it: they can have read what is in no batch yet.
        self._following: dict[Reader, None] = {}

    def reader(self, answer: Answer, speaks: int = SILENT) -> "Reader":
        """One more who reads from the beginning; *answer* is how he sends bytes."""
        made = Reader(self, self._open, answer, speaks)
        self._open.readers += 1
        self._open.missing += 1
        if speaks != SILENT:
            self._following[made] = None
        return made

    def alone(self, reader: "Reader", heard: Mapping[int, int]) -> Ledger:
        """The ledger of one who reads line by line from now on."""
        self._following[reader] = None
        return Ledger(self._speech, self.room, heard)

    def together(self, reader: "Reader") -> None:
        """A silent one reads with the others again."""
        del self._following[reader]

    def extend(self, data: bytes, answer: Answer) -> int:
        """Close the open batch with the lines in *data*; how many bytes those were.

        Raises:
            Wrong: they are not what must come.
        """
        end = data.rfind(b"\n") + 1
        lines: list[tuple[int, bytes]] = []
        times: list[int] = []
        for line in data[:end].split(b"\n")[:-1]:
            if said := self._ledger.take(line, answer):
                lines.append((said[0], line + b"\n"))
                times.append(said[1])
        if lines:
            # Not always the first of them, nor the last.
            at = times[self.delivered % len(times)]
            self._open = self._open.fill(lines, at, self._ledger.heard)
        return end

    def follow(self) -> None:
        """Let those go on who had read it before it was in a batch."""
        for each in [*self._following]:
            each.go_on()

    def end(self) -> None:
        """All that was said has been read: nobody has more than that.

        Raises:
            Wrong: somebody who speaks was told something twice, or what he said.
        """
        if self._speech.is_echoed:
            # His own lines are what is left.
            return
        for each in self._following:
            each.end(self._ledger)

    def must_be_others(self, said: Said | None, reader: int) -> None:
        """Complain if a *reader* was told what he *said* himself and knows."""
        if said is not None and said[0] == reader and not self._speech.is_echoed:
            raise Wrong(f"c{reader} was told what he said himself")

    def passed(self, batch: Batch, lines: int) -> None:
        """Somebody has read *batch*, so many *lines* for him."""
        self.delivered += lines
        self._delays.add(self._now() - batch.at / 1e6, lines)
        batch.missing -= 1
        if not batch.missing:
            self.heard = batch.heard


class Reader:
    """One who reads a room."""

    def __init__(
        self, stream: Stream, batch: Batch, answer: Answer, speaks: int
    ) -> None:
        self._stream = stream
        self._batch = batch
        self._answer = answer
        self._speaks = speaks
        self._begun = b""
        # The one that was read last.
        self._before = Batch(readers=0)
        self._alone: Ledger | None = None
        # Neither is it alone, nor does it miss lines of its own.
        self._compares = speaks == SILENT

    def receives(self, data: bytes) -> None:
        """Check what has come, which is not nothing.

        Raises:
            Wrong: it is not what must come.
        """
        batch = self._batch
        if data == batch.text and self._compares and not self._begun:
            # The common case: all that the server said in a turn.
            self._pass(batch, batch.count)
        else:
            self._begun += data
            self.go_on()

    def go_on(self) -> None:
        """Check what can be, of what has come."""
        data, start = self._begun, 0
        while (end := self._step(data, start)) is not None:
            start = end
        self._begun = self._begun[start:]

    def end(self, ledger: Ledger) -> None:
        """Look at what is left, by a *ledger* in which all is that was said."""
        for line in self._begun.split(b"\n")[:-1]:
            ledger.take(line, self._answer)

    def _step(self, data: bytes, start: int) -> int | None:
        """Where the next step begins; None if more has to come first."""
        batch = self._batch
        if self._alone is not None:
            return self._read_alone(self._alone, data, start)
        if batch.after is None:
            return self._lead(batch, data, start)
        text, lines = batch.without(self._speaks)
        if data.startswith(text, start):
            self._pass(batch, lines)
            return start + len(text)
        if not text.startswith(data[start:]):
            self._alone = self._stream.alone(self, self._before.heard)
            self._compares = False
            return start
        return None

    def _lead(self, batch: Batch, data: bytes, start: int) -> int | None:
        """Read what nobody has read yet; who speaks waits for somebody who does not."""
        if self._speaks != SILENT:
            return None
        taken = self._stream.extend(data[start:], self._answer)
        if batch.after is not None:
            self._pass(batch, batch.count)
            self._stream.follow()
        return start + taken if taken else None

    def _read_alone(self, ledger: Ledger, data: bytes, start: int) -> int | None:
        """Read a line by oneself, and go on with the others where that is possible."""
        while self._batch.after is not None and self._has_all(ledger.heard):
            batch = self._batch
            self._pass(batch, batch.without(self._speaks)[1])
            if self._others(ledger.heard) == self._others(batch.heard):
                self._alone = None
                if self._speaks == SILENT:
                    self._compares = True
                    self._stream.together(self)
                return start
        end = data.find(b"\n", start)
        if end < 0:
            return None
        said = ledger.take(data[start:end], self._answer)
        self._stream.must_be_others(said, self._speaks)
        return end + 1

    def _has_all(self, heard: Mapping[int, int]) -> bool:
        wanted = self._others(self._batch.heard)
        return all(heard.get(who, 0) >= count for who, count in wanted.items())

    def _others(self, heard: Mapping[int, int]) -> Mapping[int, int]:
        return {who: count for who, count in heard.items() if who != self._speaks}

    def _pass(self, batch: Batch, lines: int) -> None:
        assert batch.after is not None
        self._batch = batch.after
        self._before = batch
        self._stream.passed(batch, lines)
